/**
 * @module services/gateway/adapters/relay-store
 * The relay's transactions over SQL.
 */
import { and, asc, eq, gte, lt, ne, sum } from "drizzle-orm";
import { SdkError } from "@carekey/sdk/errors";
import { relayTransactions } from "../database/schema.ts";
import type { RelayStore, RelayTransaction } from "../relay/types.ts";
import type { Database } from "./database.ts";

/** The relay's memory in an open database. */
export function createRelayStore(database: Database): RelayStore {
  const table = relayTransactions;
  return {
    async add(transaction) {
      const added = await database.insert(table).values(transaction).onConflictDoNothing().returning({ id: table.id });
      if (added.length === 0) throw new SdkError("CONFLICT", "this call or its nonce is taken");
    },
    async update(id, change) {
      await database.update(table).set(change).where(eq(table.id, id));
    },
    open: async (relayer) =>
      (await database
        .select()
        .from(table)
        .where(and(eq(table.relayer, relayer), eq(table.state, "sent")))
        .orderBy(asc(table.nonce))) as RelayTransaction[],
    openOf: async (person) =>
      (await database
        .select()
        .from(table)
        .where(and(eq(table.person, person), eq(table.state, "sent")))
        .orderBy(asc(table.createdAt), asc(table.nonce))) as RelayTransaction[],
    async forget(id) {
      await database.delete(table).where(eq(table.id, id));
    },
    async find(id) {
      const [found] = await database.select().from(table).where(eq(table.id, id));
      return (found as RelayTransaction | undefined) ?? null;
    },
    countOf: (person, since) => database.$count(table, and(eq(table.person, person), gte(table.createdAt, since))),
    async costSince(since) {
      const [total] = await database
        .select({ wei: sum(table.cost) })
        .from(table)
        .where(gte(table.createdAt, since));
      return BigInt(total?.wei ?? 0);
    },
    async purge(before) {
      await database.delete(table).where(and(ne(table.state, "sent"), lt(table.sentAt, before)));
    },
  };
}
