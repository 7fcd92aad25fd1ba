/**
 * @module services/gateway/adapters/ledger
 * Who keeps which block, over SQL. A person's usage counts each block once, however often she put or pinned it.
 */
import { and, count, desc, eq, gte, inArray, lt, notExists, sql } from "drizzle-orm";
import { union } from "drizzle-orm/pg-core";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { blocks, discards, pinnedBlocks, pins, uploads } from "../database/schema.ts";
import type { Ledger } from "../ports.ts";
import type { Database } from "./database.ts";
import { alone } from "./store.ts";

const ROWS_PER_INSERT = 2_000;

/** The ledger of an open database. */
export function createLedger(database: Database): Ledger {
  return {
    async claimUpload({ person, cid, bytes, quotaBytes, now }) {
      await alone(database, person, async (transaction) => {
        await transaction
          .insert(uploads)
          .values({ address: person, cid, bytes, uploadedAt: now })
          .onConflictDoUpdate({ target: [uploads.address, uploads.cid], set: { uploadedAt: now } });
        await assertWithin(transaction, person, quotaBytes);
      });
    },
    async confirmBlock(block) {
      await database.insert(blocks).values(block).onConflictDoNothing();
    },
    async forgetBlock(cid) {
      await database.transaction(async (transaction) => {
        await transaction.delete(blocks).where(eq(blocks.cid, cid));
        await transaction.delete(uploads).where(eq(uploads.cid, cid));
      });
    },
    async sizesOf(cids) {
      if (cids.length === 0) return new Map();
      const rows = await database
        .select()
        .from(blocks)
        .where(inArray(blocks.cid, [...cids]));
      return new Map(rows.map((row) => [row.cid, row.bytes]));
    },
    async pin({ person, cid, name, blocks: reached, quotaBytes, now }) {
      await alone(database, person, async (transaction) => {
        const row = { name, pinnedAt: now };
        await transaction
          .insert(pins)
          .values({ address: person, cid, ...row })
          .onConflictDoUpdate({ target: [pins.address, pins.cid], set: row });
        for (let start = 0; start < reached.length; start += ROWS_PER_INSERT) {
          const rows = reached
            .slice(start, start + ROWS_PER_INSERT)
            .map((block) => ({ address: person, root: cid, ...block }));
          await transaction.insert(pinnedBlocks).values(rows).onConflictDoNothing();
        }
        await assertWithin(transaction, person, quotaBytes);
      });
    },
    async unpin(person, cid) {
      return alone(database, person, async (transaction) => (await dropPins(transaction, person, [cid])).pins > 0);
    },
    async unpinNamed(person, name) {
      return alone(database, person, async (transaction) => {
        const named = await transaction
          .select({ cid: pins.cid })
          .from(pins)
          .where(and(eq(pins.address, person), eq(pins.name, name)));
        return dropPins(
          transaction,
          person,
          named.map((pin) => pin.cid),
        );
      });
    },
    pinsOf: (person, { cid, limit }) =>
      database
        .select({ cid: pins.cid, name: pins.name, pinnedAt: pins.pinnedAt })
        .from(pins)
        .where(and(eq(pins.address, person), cid === undefined ? undefined : eq(pins.cid, cid)))
        .orderBy(desc(pins.pinnedAt), desc(pins.cid))
        .limit(limit),
    async usageOf(person) {
      const { usedBytes, blocks } = await usage(database, person);
      return { usedBytes, blocks, pins: await database.$count(pins, eq(pins.address, person)) };
    },
    async unkept(before, limit) {
      const expired = await database
        .delete(uploads)
        .where(
          sql`(${uploads.address}, ${uploads.cid}) in (${database
            .select({ address: uploads.address, cid: uploads.cid })
            .from(uploads)
            .where(lt(uploads.uploadedAt, before))
            .limit(limit)})`,
        )
        .returning({ cid: uploads.cid });
      const stored = await database
        .select({ cid: blocks.cid })
        .from(blocks)
        .where(
          and(
            notExists(
              database
                .select({ one: sql`1` })
                .from(uploads)
                .where(eq(uploads.cid, blocks.cid)),
            ),
            notExists(
              database
                .select({ one: sql`1` })
                .from(pinnedBlocks)
                .where(eq(pinnedBlocks.cid, blocks.cid)),
            ),
          ),
        )
        .limit(limit);
      return [...new Set([...expired, ...stored].map((row) => row.cid))];
    },
    async isKept(cid, since) {
      const pinned = await database.$count(pinnedBlocks, eq(pinnedBlocks.cid, cid));
      return (
        pinned > 0 || (await database.$count(uploads, and(eq(uploads.cid, cid), gte(uploads.uploadedAt, since)))) > 0
      );
    },
    async recordDiscard({ patient, entryId, now }) {
      await database.insert(discards).values({ entryId, patient, discardedAt: now }).onConflictDoNothing();
    },
    async discardsOf(patient) {
      const rows = await database
        .select()
        .from(discards)
        .where(eq(discards.patient, patient))
        .orderBy(discards.discardedAt);
      return rows.map((row) => ({ entryId: row.entryId as Hex, discardedAt: row.discardedAt }));
    },
  };
}

async function usage(database: Database, person: Address): Promise<{ usedBytes: number; blocks: number }> {
  const kept = union(
    database.select({ cid: uploads.cid, bytes: uploads.bytes }).from(uploads).where(eq(uploads.address, person)),
    database
      .select({ cid: pinnedBlocks.cid, bytes: pinnedBlocks.bytes })
      .from(pinnedBlocks)
      .where(eq(pinnedBlocks.address, person)),
  ).as("kept");
  const [total] = await database
    .select({ bytes: sql<string>`coalesce(sum(${kept.bytes}), 0)`, blocks: count() })
    .from(kept);
  return { usedBytes: Number(total!.bytes), blocks: total!.blocks };
}

async function assertWithin(database: Database, person: Address, quotaBytes: number): Promise<void> {
  const { usedBytes } = await usage(database, person);
  if (usedBytes > quotaBytes) {
    throw new SdkError("QUOTA_EXCEEDED", "your storage is full", { details: { quotaBytes } });
  }
}

/** Drops pins and, with them, this person's uploads of what they reached: a dropped file stops counting at once. */
async function dropPins(
  database: Database,
  person: Address,
  roots: string[],
): Promise<{ pins: number; cids: string[] }> {
  if (roots.length === 0) return { pins: 0, cids: [] };
  const dropped = await database
    .delete(pins)
    .where(and(eq(pins.address, person), inArray(pins.cid, roots)))
    .returning({ cid: pins.cid });
  const reached = await database
    .delete(pinnedBlocks)
    .where(and(eq(pinnedBlocks.address, person), inArray(pinnedBlocks.root, roots)))
    .returning({ cid: pinnedBlocks.cid });
  const cids = [...new Set(reached.map((row) => row.cid))];
  if (cids.length > 0)
    await database.delete(uploads).where(and(eq(uploads.address, person), inArray(uploads.cid, cids)));
  return { pins: dropped.length, cids };
}
