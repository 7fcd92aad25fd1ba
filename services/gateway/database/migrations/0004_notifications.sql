CREATE TABLE "notifications" (
	"recipient" text NOT NULL,
	"source" text NOT NULL,
	"cursor" integer NOT NULL,
	"kind" text NOT NULL,
	"at" bigint NOT NULL,
	"message_id" text,
	"tx_hash" text,
	"block_number" integer,
	"read_at" bigint,
	"withdrawn_at" bigint,
	"mailed_at" bigint,
	CONSTRAINT "notifications_recipient_source_pk" PRIMARY KEY("recipient","source")
);
--> statement-breakpoint
CREATE TABLE "notified" (
	"address" text PRIMARY KEY NOT NULL,
	"last_cursor" integer DEFAULT 0 NOT NULL,
	"preferences" jsonb,
	"mailed_at" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watched_blocks" (
	"number" integer PRIMARY KEY NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_by_cursor" ON "notifications" USING btree ("recipient","cursor");--> statement-breakpoint
CREATE INDEX "notifications_by_block" ON "notifications" USING btree ("block_number");