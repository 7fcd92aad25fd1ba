/**
 * @module services/gateway/adapters/notifications
 * Wake-ups over SQL. A person's row in `notified` is locked while a cursor is given out, so cursors become visible in their order.
 */
import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  notInArray,
  or,
  sql,
  type SQL,
} from "drizzle-orm";
import type { Address, Hex } from "@carekey/sdk/bytes";
import {
  DEFAULT_NOTIFICATION_PREFERENCES,
  type Notification,
  type NotificationKind,
  type NotificationPreferences,
} from "@carekey/sdk/gateway";
import { notifications, notified, watchedBlocks } from "../database/schema.ts";
import type { DueMail, NotificationStore, WakeUp } from "../notifications/types.ts";
import type { Database } from "./database.ts";

/** What cannot wait for the next mail. */
const URGENT: ReadonlySet<string> = new Set(["emergency", "account"]);
/** Blocks whose hash is kept; older ones count as final. */
const CHECKPOINTS = 256;

/** Saves one wake-up within a transaction; true when it is news. One that was withdrawn comes back with a new cursor. */
export async function saveWakeUp(transaction: Database, wakeUp: WakeUp): Promise<boolean> {
  const { recipient, source, kind, at, readAt, messageId, chain } = wakeUp;
  const [given] = await transaction
    .insert(notified)
    .values({ address: recipient, lastCursor: 1 })
    .onConflictDoUpdate({ target: notified.address, set: { lastCursor: sql`${notified.lastCursor} + 1` } })
    .returning({ cursor: notified.lastCursor });
  const place = { cursor: given!.cursor, txHash: chain?.txHash ?? null, blockNumber: chain?.blockNumber ?? null, at };
  const saved = await transaction
    .insert(notifications)
    .values({ recipient, source, kind, messageId, readAt: readAt ?? null, ...place })
    .onConflictDoUpdate({
      target: [notifications.recipient, notifications.source],
      set: { ...place, withdrawnAt: null },
      setWhere: isNotNull(notifications.withdrawnAt),
    })
    .returning({ cursor: notifications.cursor });
  return saved.length === 1;
}

/** The wake-ups of an open database. */
export function createNotifications(database: Database): NotificationStore {
  /** What a person is shown: not withdrawn, and of no kind that they turned off. */
  async function shownTo(person: Address, ...conditions: (SQL | undefined)[]): Promise<SQL | undefined> {
    const unwanted = unwantedOf(await preferencesOf(person));
    const isWanted = unwanted.length === 0 ? undefined : notInArray(notifications.kind, unwanted);
    return and(eq(notifications.recipient, person), isNull(notifications.withdrawnAt), isWanted, ...conditions);
  }
  async function preferencesOf(person: Address) {
    const [row] = await database
      .select({ preferences: notified.preferences })
      .from(notified)
      .where(eq(notified.address, person));
    return row?.preferences ?? DEFAULT_NOTIFICATION_PREFERENCES;
  }
  const select = (condition: SQL | undefined) => database.select().from(notifications).where(condition);

  return {
    preferencesOf,
    async advance({ number, hash }, wakeUps) {
      return database.transaction(async (transaction) => {
        const news = await saveAll(transaction, wakeUps);
        await transaction
          .insert(watchedBlocks)
          .values({ number, hash })
          .onConflictDoUpdate({ target: watchedBlocks.number, set: { hash } });
        const kept = transaction
          .select({ number: watchedBlocks.number })
          .from(watchedBlocks)
          .orderBy(desc(watchedBlocks.number))
          .limit(CHECKPOINTS);
        await transaction.delete(watchedBlocks).where(notInArray(watchedBlocks.number, kept));
        return news;
      });
    },
    async addViews(views, now) {
      const wakeUps: WakeUp[] = [];
      for (const { patient, id, at } of views) {
        const { views: choice } = await preferencesOf(patient);
        if (choice === "off") continue;
        const seen = Math.min(at, now);
        const source = choice === "daily" ? `views:${new Date(seen * 1000).toISOString().slice(0, 10)}` : `view:${id}`;
        wakeUps.push({ recipient: patient, kind: "view", source, at: seen, messageId: null, chain: null });
      }
      return database.transaction((transaction) => saveAll(transaction, wakeUps));
    },
    async checkpoints() {
      const rows = await database.select().from(watchedBlocks).orderBy(desc(watchedBlocks.number));
      return rows.map(({ number, hash }) => ({ number, hash: hash as Hex }));
    },
    async withdrawAbove(blockNumber, now) {
      return database.transaction(async (transaction) => {
        await transaction.delete(watchedBlocks).where(gt(watchedBlocks.number, blockNumber));
        const withdrawn = await transaction
          .update(notifications)
          .set({ withdrawnAt: now })
          .where(
            and(
              gt(notifications.blockNumber, blockNumber),
              isNull(notifications.readAt),
              isNull(notifications.withdrawnAt),
            ),
          )
          .returning({ recipient: notifications.recipient });
        return [...new Set(withdrawn.map(({ recipient }) => recipient as Address))];
      });
    },
    async list(person, { before, limit }) {
      const condition = await shownTo(person, before === undefined ? undefined : lt(notifications.cursor, before));
      return (await select(condition).orderBy(desc(notifications.cursor)).limit(limit)).map(notificationOf);
    },
    async after(person, cursor, limit) {
      const condition = await shownTo(person, gt(notifications.cursor, cursor));
      return (await select(condition).orderBy(asc(notifications.cursor)).limit(limit)).map(notificationOf);
    },
    unread: async (person) => database.$count(notifications, await shownTo(person, isNull(notifications.readAt))),
    async markRead(person, read, now) {
      const which =
        "upTo" in read ? lte(notifications.cursor, read.upTo) : inArray(notifications.cursor, [...read.cursors]);
      await database
        .update(notifications)
        .set({ readAt: now })
        .where(and(eq(notifications.recipient, person), isNull(notifications.readAt), which));
    },
    async setPreferences(person, preferences) {
      await database
        .insert(notified)
        .values({ address: person, preferences })
        .onConflictDoUpdate({ target: notified.address, set: { preferences } });
    },
    async setContacts(patient, contacts) {
      const set = { contacts: [...contacts] };
      await database
        .insert(notified)
        .values({ address: patient, ...set })
        .onConflictDoUpdate({ target: notified.address, set });
    },
    async contactsOf(patients) {
      const rows = await database
        .select({ patient: notified.address, contacts: notified.contacts })
        .from(notified)
        .where(inArray(notified.address, [...patients]));
      return new Map(rows.map(({ patient, contacts }) => [patient as Address, contacts ?? []]));
    },
    async mailsDue(lastBlock) {
      const rows = await database
        .select({ ...columns, preferences: notified.preferences })
        .from(notifications)
        .innerJoin(notified, eq(notified.address, notifications.recipient))
        .where(
          and(
            sql`${notified.preferences}->>'mail' = 'true'`,
            isNull(notifications.mailedAt),
            isNull(notifications.readAt),
            isNull(notifications.withdrawnAt),
            or(isNull(notifications.blockNumber), lte(notifications.blockNumber, lastBlock)),
          ),
        )
        .orderBy(asc(notifications.recipient), asc(notifications.cursor))
        .limit(1_000);
      const due = new Map<string, DueMail>();
      for (const { recipient, cursor, kind, preferences } of rows) {
        if (preferences !== null && unwantedOf(preferences).includes(kind)) continue;
        const mail = due.get(recipient) ?? { recipient: recipient as Address, cursors: [], isUrgent: false };
        mail.cursors.push(cursor);
        due.set(recipient, { ...mail, isUrgent: mail.isUrgent || URGENT.has(kind) });
      }
      return [...due.values()];
    },
    async lastMailedAt(person) {
      const [row] = await database.select({ at: notified.mailedAt }).from(notified).where(eq(notified.address, person));
      return row?.at ?? 0;
    },
    async noteMailed({ recipient, cursors }, now) {
      await database.transaction(async (transaction) => {
        await transaction.update(notified).set({ mailedAt: now }).where(eq(notified.address, recipient));
        await transaction
          .update(notifications)
          .set({ mailedAt: now })
          .where(and(eq(notifications.recipient, recipient), inArray(notifications.cursor, cursors)));
      });
    },
  };
}

const columns = { recipient: notifications.recipient, cursor: notifications.cursor, kind: notifications.kind };

/** Kinds that a person does not want to hear of. */
function unwantedOf({ off, views }: NotificationPreferences): NotificationKind[] {
  return views === "off" ? [...off, "view"] : off;
}

/** Saves wake-ups within a transaction. Gives those who have something new. */
async function saveAll(transaction: Database, wakeUps: readonly WakeUp[]): Promise<Address[]> {
  const news = new Set<Address>();
  for (const wakeUp of [...wakeUps].sort(byRecipient)) {
    if (await saveWakeUp(transaction, wakeUp)) news.add(wakeUp.recipient);
  }
  return [...news];
}

/** One order for all, so that two transactions never wait for each other. */
function byRecipient(left: WakeUp, right: WakeUp): number {
  return left.recipient < right.recipient ? -1 : left.recipient > right.recipient ? 1 : 0;
}

function notificationOf(row: typeof notifications.$inferSelect): Notification {
  const { cursor, kind, at, readAt, txHash, messageId } = row;
  return { cursor, kind, at, readAt, txHash: txHash as Hex | null, messageId: messageId as Hex | null };
}
