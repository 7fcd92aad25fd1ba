CREATE TABLE "relay_transactions" (
	"id" text PRIMARY KEY NOT NULL,
	"relayer" text NOT NULL,
	"nonce" integer NOT NULL,
	"person" text NOT NULL,
	"target" text NOT NULL,
	"data" text NOT NULL,
	"gas" integer NOT NULL,
	"state" text NOT NULL,
	"attempts" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"sent_at" bigint NOT NULL,
	"cost" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "relay_open_nonce" ON "relay_transactions" USING btree ("relayer","nonce") WHERE "relay_transactions"."state" = 'sent';--> statement-breakpoint
CREATE INDEX "relay_by_person" ON "relay_transactions" USING btree ("person","created_at");--> statement-breakpoint
CREATE INDEX "relay_by_time" ON "relay_transactions" USING btree ("created_at");