/**
 * @module services/gateway/adapters/store
 * The {@link Store} over SQL, but for the block ledger, sessions and codes: secrets, slots, inbox, directory.
 */
import { createHash } from "node:crypto";
import { and, asc, desc, eq, gt, isNotNull, like, lt, ne, sql } from "drizzle-orm";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import {
  inboxes,
  keyDocuments,
  messages,
  notifications,
  outbox,
  people,
  secrets,
  sessions,
  slots,
} from "../database/schema.ts";
import type { Directory, Inbox, Secrets, Slots, Store } from "../ports.ts";
import { createCodeTries, createFactors } from "./codes.ts";
import type { Database } from "./database.ts";
import { createLedger } from "./ledger.ts";
import { createNotifications, saveWakeUp } from "./notifications.ts";
import { createSessions } from "./sessions.ts";

const TOMBSTONE_SECONDS = 30 * 86_400;
const OUTBOX_SECONDS = 86_400;
const NOTIFICATION_SECONDS = 180 * 86_400;

/** Runs `work` in a transaction that excludes others about the same person, also of another gateway process. */
export async function alone<T>(
  database: Database,
  person: Address,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return database.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(hashtext(${person}))`);
    return work(transaction);
  });
}

/** The store of an open database. */
export function createStore(database: Database): Store {
  return {
    secrets: createSecrets(database),
    sessions: createSessions(database),
    factors: createFactors(database),
    codeTries: createCodeTries(database),
    slots: createSlots(database),
    inbox: createInbox(database),
    directory: createDirectory(database),
    ledger: createLedger(database),
    notifications: createNotifications(database),
    async purge(now) {
      await database.delete(secrets).where(lt(secrets.expiresAt, now));
      await database.delete(sessions).where(lt(sessions.expiresAt, now));
      await database.delete(messages).where(lt(messages.acknowledgedAt, now - TOMBSTONE_SECONDS));
      await database.delete(outbox).where(lt(outbox.sentAt, now - OUTBOX_SECONDS));
      await database.delete(notifications).where(lt(notifications.at, now - NOTIFICATION_SECONDS));
    },
    async isUp() {
      return database.execute(sql`select 1`).then(
        () => true,
        () => false,
      );
    },
  };
}

function createSecrets(database: Database): Secrets {
  const ofSubject = (subject: Address, purpose: string) =>
    and(eq(secrets.subject, subject), eq(secrets.purpose, purpose));
  return {
    async save(secret) {
      await database.insert(secrets).values(secret);
    },
    async consume({ hash, purpose, now }) {
      const taken = await database
        .delete(secrets)
        .where(and(eq(secrets.hash, hash), eq(secrets.purpose, purpose)))
        .returning({ expiresAt: secrets.expiresAt });
      return taken.length === 1 && now < taken[0]!.expiresAt;
    },
    async forget(subject, purpose) {
      await database.delete(secrets).where(ofSubject(subject, purpose));
    },
    count: (subject, purpose, now) =>
      database.$count(secrets, and(ofSubject(subject, purpose), gt(secrets.expiresAt, now))),
  };
}

function createSlots(database: Database): Slots {
  return {
    async save({ person, id, kind, data, now, max }) {
      await alone(database, person, async (transaction) => {
        const others = await transaction.$count(slots, and(eq(slots.address, person), ne(slots.id, id)));
        if (others >= max) throw new SdkError("CONFLICT", `no more than ${max} unlock slots`);
        const row = { kind, data, updatedAt: now };
        await transaction
          .insert(slots)
          .values({ address: person, id, ...row })
          .onConflictDoUpdate({ target: [slots.address, slots.id], set: row });
      });
    },
    list: (person) =>
      database
        .select({ id: slots.id, kind: slots.kind, data: slots.data, updatedAt: slots.updatedAt })
        .from(slots)
        .where(eq(slots.address, person))
        .orderBy(asc(slots.id)),
    async remove(person, id) {
      await database.delete(slots).where(and(eq(slots.address, person), eq(slots.id, id)));
    },
  };
}

function createInbox(database: Database): Inbox {
  return {
    async add({ to, id, sealed, now, maxBytes, isQuiet = false }) {
      const digest = createHash("sha256").update(sealed).digest("hex");
      await alone(database, to, async (transaction) => {
        const [known] = await transaction
          .select({ digest: messages.digest })
          .from(messages)
          .where(and(eq(messages.recipient, to), eq(messages.id, id)));
        if (known?.digest === digest) return;
        if (known !== undefined) throw new SdkError("CONFLICT", "another message has this id");
        const [waiting] = await transaction
          .select({ bytes: sql<string>`coalesce(sum(octet_length(${messages.sealed})), 0)` })
          .from(messages)
          .where(eq(messages.recipient, to));
        if (Number(waiting!.bytes) + sealed.length > maxBytes)
          throw new SdkError("QUOTA_EXCEEDED", "this inbox is full");
        const [inbox] = await transaction
          .insert(inboxes)
          .values({ address: to, lastCursor: 1 })
          .onConflictDoUpdate({ target: inboxes.address, set: { lastCursor: sql`${inboxes.lastCursor} + 1` } })
          .returning({ cursor: inboxes.lastCursor });
        await transaction
          .insert(messages)
          .values({ recipient: to, id, cursor: inbox!.cursor, digest, sealed, receivedAt: now });
        if (isQuiet) return;
        const source = `message:${id}`;
        await saveWakeUp(transaction, { recipient: to, kind: "message", source, at: now, messageId: id, chain: null });
      });
    },
    async list(person, after, limit) {
      const rows = await database
        .select({ cursor: messages.cursor, id: messages.id, sealed: messages.sealed, receivedAt: messages.receivedAt })
        .from(messages)
        .where(and(eq(messages.recipient, person), gt(messages.cursor, after), isNotNull(messages.sealed)))
        .orderBy(asc(messages.cursor))
        .limit(limit);
      return rows.map((row) => ({ ...row, id: row.id as Hex, sealed: row.sealed! }));
    },
    async acknowledge(person, id, now) {
      await database
        .update(messages)
        .set({ sealed: null, acknowledgedAt: now })
        .where(and(eq(messages.recipient, person), eq(messages.id, id), isNotNull(messages.sealed)));
    },
  };
}

function createDirectory(database: Database): Directory {
  return {
    async publish({ address, digest, sequence, bytes }) {
      await database.insert(keyDocuments).values({ address, sequence, digest, document: bytes }).onConflictDoNothing();
    },
    async listPerson({ address, role, display, keyDocument }) {
      const row = { role, display, search: Object.values(display).join("\n").toLowerCase(), keyDocument };
      await database
        .insert(people)
        .values({ address, ...row })
        .onConflictDoUpdate({ target: people.address, set: row });
    },
    async documentsOf(address) {
      const rows = await database
        .select({ document: keyDocuments.document })
        .from(keyDocuments)
        .where(eq(keyDocuments.address, address))
        .orderBy(asc(keyDocuments.sequence));
      return rows.map((row) => row.document);
    },
    async search({ query, role, limit }) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const rows = await database
        .select()
        .from(people)
        .where(and(role === undefined ? undefined : eq(people.role, role), ...words.map(matches)))
        .orderBy(desc(like(people.search, `${escapeLike(words[0] ?? "")}%`)), asc(people.search), asc(people.address))
        .limit(limit);
      return rows.map(({ address, role, display, keyDocument }) => ({
        address: address as Address,
        role,
        display,
        keyDocument: keyDocument as Hex,
      }));
    },
  };
}

/** A word found in the display fields, or an address in full. */
function matches(word: string) {
  return /^0x[0-9a-f]{40}$/.test(word)
    ? eq(sql`lower(${people.address})`, word)
    : like(people.search, `%${escapeLike(word)}%`);
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
