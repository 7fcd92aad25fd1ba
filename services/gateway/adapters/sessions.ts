/**
 * @module services/gateway/adapters/sessions
 * Sessions over SQL.
 */
import { and, desc, eq, gt, ne, sql } from "drizzle-orm";
import type { Address } from "@carekey/sdk/bytes";
import { sessions } from "../database/schema.ts";
import type { Session, Sessions } from "../ports.ts";
import type { Database } from "./database.ts";

/** The sessions of an open database. */
export function createSessions(database: Database): Sessions {
  const select = (condition: ReturnType<typeof and>) =>
    database.select().from(sessions).where(condition).orderBy(desc(sessions.createdAt), desc(sessions.hash));
  return {
    async save(session) {
      await database.insert(sessions).values(session);
    },
    async find(hash, now) {
      const [row] = await select(and(eq(sessions.hash, hash), gt(sessions.expiresAt, now)));
      return row === undefined ? null : sessionOf(row);
    },
    list: async (person, now) =>
      (await select(and(eq(sessions.address, person), gt(sessions.expiresAt, now)))).map(sessionOf),
    async touch(hash, now) {
      await database.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.hash, hash));
    },
    async open(hash, expiresAt) {
      await database.update(sessions).set({ needsCode: false, expiresAt }).where(eq(sessions.hash, hash));
    },
    async pass(hash, purpose, until) {
      const passes = sql`${sessions.passes} || ${JSON.stringify({ [purpose]: until })}::jsonb`;
      await database.update(sessions).set({ passes }).where(eq(sessions.hash, hash));
    },
    async end(hash) {
      await database.delete(sessions).where(eq(sessions.hash, hash));
    },
    async endOthers(person, hash) {
      await database.delete(sessions).where(and(eq(sessions.address, person), ne(sessions.hash, hash)));
    },
  };
}

function sessionOf(row: typeof sessions.$inferSelect): Session {
  return { ...row, address: row.address as Address };
}
