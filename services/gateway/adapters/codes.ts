/**
 * @module services/gateway/adapters/codes
 * Ways to get one-time codes and the tries of them, over SQL. Each promise of "exactly one" is one statement.
 */
import { and, eq, gt, isNull, lt, lte, sql } from "drizzle-orm";
import type { Address } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { CODE_LOCK_SECONDS, CODE_TRIES, type CodeWay } from "@carekey/sdk/gateway";
import { codeTries, factors } from "../database/schema.ts";
import type { CodeTries, FactorWay, Factors } from "../ports.ts";
import type { Database } from "./database.ts";

const MAX_LOCK_SECONDS = 86_400;

/** The factors of an open database. */
export function createFactors(database: Database): Factors {
  const one = (person: Address, way: FactorWay) => and(eq(factors.address, person), eq(factors.way, way));
  return {
    async of(person) {
      const rows = await database.select().from(factors).where(eq(factors.address, person));
      return rows.map(({ way, sealed, confirmedAt }) => ({
        way: way as FactorWay,
        sealed,
        isConfirmed: confirmedAt !== null,
      }));
    },
    async begin(person, way, sealed) {
      const saved = await database
        .insert(factors)
        .values({ address: person, way, sealed })
        .onConflictDoUpdate({
          target: [factors.address, factors.way],
          set: { sealed, lastStep: 0 },
          setWhere: isNull(factors.confirmedAt),
        })
        .returning({ way: factors.way });
      if (saved.length === 0) throw new SdkError("CONFLICT", "this way is on already");
    },
    async confirm(person, way, now) {
      await database.update(factors).set({ confirmedAt: now }).where(one(person, way));
    },
    async remove(person, way) {
      await database.delete(factors).where(one(person, way));
    },
    async takeStep(person, step) {
      const taken = await database
        .update(factors)
        .set({ lastStep: step })
        .where(and(one(person, "app"), lt(factors.lastStep, step)))
        .returning({ way: factors.way });
      return taken.length === 1;
    },
  };
}

/** The tries of an open database. */
export function createCodeTries(database: Database): CodeTries {
  return {
    async claim(person, way, now) {
      const tries = sql`${codeTries.tries} + 1`;
      const seconds = sql`least(${MAX_LOCK_SECONDS}::bigint, ${CODE_LOCK_SECONDS}::bigint * (2 ^ least((${tries}) / ${CODE_TRIES}::int - 1, 16))::bigint)`;
      const isLast = sql`(${tries}) % ${CODE_TRIES}::int = 0`;
      const [claimed] = await database
        .insert(codeTries)
        .values({ address: person, way, tries: 1 })
        .onConflictDoUpdate({
          target: [codeTries.address, codeTries.way],
          set: {
            tries,
            lockedUntil: sql`case when ${isLast} then ${now}::bigint + ${seconds} else ${codeTries.lockedUntil} end`,
          },
          setWhere: lte(codeTries.lockedUntil, now),
        })
        .returning({ tries: codeTries.tries });
      if (claimed !== undefined) return { triesLeft: (CODE_TRIES - (claimed.tries % CODE_TRIES)) % CODE_TRIES };
      const locks = await this.locksOf(person, now);
      return { lockedUntil: locks.find((lock) => lock.way === way)?.until ?? now };
    },
    async clear(person) {
      await database.delete(codeTries).where(eq(codeTries.address, person));
    },
    async locksOf(person, now) {
      const rows = await database
        .select({ way: codeTries.way, until: codeTries.lockedUntil })
        .from(codeTries)
        .where(and(eq(codeTries.address, person), gt(codeTries.lockedUntil, now)));
      return rows.map(({ way, until }) => ({ way: way as CodeWay, until }));
    },
  };
}
