/**
 * @module services/gateway/mail/outbox
 * Mail of a gateway without a mail server: kept in its database for a day, and read at `/outbox` on the same machine.
 */
import { desc } from "drizzle-orm";
import type { Database } from "../adapters/database.ts";
import { outbox } from "../database/schema.ts";
import type { Outbox } from "../ports.ts";

/** The outbox of an open database. `now`: clock in whole seconds. */
export function createOutbox(database: Database, now: () => number): Outbox {
  return {
    async send({ to, subject, text }) {
      await database.insert(outbox).values({ recipient: to, subject, body: text, sentAt: now() });
    },
    list: (limit) =>
      database
        .select({ to: outbox.recipient, subject: outbox.subject, text: outbox.body, sentAt: outbox.sentAt })
        .from(outbox)
        .orderBy(desc(outbox.id))
        .limit(limit),
  };
}
