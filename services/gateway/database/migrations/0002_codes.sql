CREATE TABLE "code_tries" (
	"address" text NOT NULL,
	"way" text NOT NULL,
	"tries" integer NOT NULL,
	"locked_until" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "code_tries_address_way_pk" PRIMARY KEY("address","way")
);
--> statement-breakpoint
CREATE TABLE "factors" (
	"address" text NOT NULL,
	"way" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"confirmed_at" bigint,
	"last_step" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "factors_address_way_pk" PRIMARY KEY("address","way")
);
--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "subject" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "created_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_used_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "device" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "needs_code" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "passes" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "secrets_by_subject" ON "secrets" USING btree ("subject","purpose");--> statement-breakpoint
CREATE INDEX "sessions_by_address" ON "sessions" USING btree ("address");