CREATE TABLE "blocks" (
	"cid" text PRIMARY KEY NOT NULL,
	"bytes" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "discards" (
	"entry_id" text PRIMARY KEY NOT NULL,
	"patient" text NOT NULL,
	"discarded_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inboxes" (
	"address" text PRIMARY KEY NOT NULL,
	"last_cursor" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_documents" (
	"address" text NOT NULL,
	"sequence" integer NOT NULL,
	"digest" text NOT NULL,
	"document" "bytea" NOT NULL,
	CONSTRAINT "key_documents_address_sequence_pk" PRIMARY KEY("address","sequence")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"recipient" text NOT NULL,
	"id" text NOT NULL,
	"cursor" integer NOT NULL,
	"digest" text NOT NULL,
	"sealed" "bytea",
	"received_at" bigint NOT NULL,
	"acknowledged_at" bigint,
	CONSTRAINT "messages_recipient_id_pk" PRIMARY KEY("recipient","id")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"address" text PRIMARY KEY NOT NULL,
	"role" integer NOT NULL,
	"display" jsonb NOT NULL,
	"search" text NOT NULL,
	"key_document" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pinned_blocks" (
	"address" text NOT NULL,
	"root" text NOT NULL,
	"cid" text NOT NULL,
	"bytes" integer NOT NULL,
	CONSTRAINT "pinned_blocks_address_root_cid_pk" PRIMARY KEY("address","root","cid")
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"address" text NOT NULL,
	"cid" text NOT NULL,
	"name" text NOT NULL,
	"pinned_at" bigint NOT NULL,
	CONSTRAINT "pins_address_cid_pk" PRIMARY KEY("address","cid")
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" text PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slots" (
	"address" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"data" "bytea" NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "slots_address_id_pk" PRIMARY KEY("address","id")
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"address" text NOT NULL,
	"cid" text NOT NULL,
	"bytes" integer NOT NULL,
	"uploaded_at" bigint NOT NULL,
	CONSTRAINT "uploads_address_cid_pk" PRIMARY KEY("address","cid")
);
--> statement-breakpoint
CREATE INDEX "messages_by_cursor" ON "messages" USING btree ("recipient","cursor");--> statement-breakpoint
CREATE INDEX "pinned_blocks_by_cid" ON "pinned_blocks" USING btree ("cid");--> statement-breakpoint
CREATE INDEX "pins_by_name" ON "pins" USING btree ("address","name");--> statement-breakpoint
CREATE INDEX "uploads_by_cid" ON "uploads" USING btree ("cid");