/**
 * @module services/gateway/database/schema
 * The gateway's tables: ciphertext, digests and counters. `npm run migration` turns changes into `migrations/`.
 */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Address } from "@carekey/sdk/bytes";
import type { NotificationKind, NotificationPreferences } from "@carekey/sdk/gateway";
import type { RelayAttempt } from "../relay/types.ts";

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => "bytea",
  fromDriver: (value) => new Uint8Array(value),
});
/** Whole seconds. */
const seconds = (name: string) => bigint(name, { mode: "number" });

/** Sign-in nonces, codes by mail and backup codes that are not used yet, hashed. `subject`: whose; empty for nonces. */
export const secrets = pgTable(
  "secrets",
  {
    hash: text().primaryKey(),
    purpose: text().notNull(),
    subject: text().notNull().default(""),
    expiresAt: seconds("expires_at").notNull(),
  },
  (table) => [index("secrets_by_subject").on(table.subject, table.purpose)],
);

/** Open sessions, by the hash of their token. `passes`: until when a session may go on for a purpose whose code was entered. */
export const sessions = pgTable(
  "sessions",
  {
    hash: text().primaryKey(),
    address: text().notNull(),
    expiresAt: seconds("expires_at").notNull(),
    createdAt: seconds("created_at").notNull().default(0),
    lastUsedAt: seconds("last_used_at").notNull().default(0),
    device: text().notNull().default(""),
    needsCode: boolean("needs_code").notNull().default(false),
    passes: jsonb()
      .$type<Record<string, number>>()
      .notNull()
      .default(sql`'{}'::jsonb`),
  },
  (table) => [index("sessions_by_address").on(table.address)],
);

/** Ways to get one-time codes: the app's secret or the mail address, encrypted with the gateway's code key. */
export const factors = pgTable(
  "factors",
  {
    address: text().notNull(),
    way: text().notNull(),
    sealed: bytes().notNull(),
    /** Null until the first code came. */
    confirmedAt: seconds("confirmed_at"),
    /** The last 30-second step whose code was accepted. */
    lastStep: seconds("last_step").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.address, table.way] })],
);

/** Codes tried in a row, by person and way; a way is locked until `lockedUntil`. */
export const codeTries = pgTable(
  "code_tries",
  {
    address: text().notNull(),
    way: text().notNull(),
    tries: integer().notNull(),
    lockedUntil: seconds("locked_until").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.address, table.way] })],
);

/** Unlock slots. */
export const slots = pgTable(
  "slots",
  {
    address: text().notNull(),
    id: text().notNull(),
    kind: text().notNull(),
    data: bytes().notNull(),
    updatedAt: seconds("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.address, table.id] })],
);

/** The last cursor given out in each inbox. Not a sequence: sequences jump after a crash, and cursors must never repeat. */
export const inboxes = pgTable("inboxes", {
  address: text().primaryKey(),
  lastCursor: integer("last_cursor").notNull(),
});

/** Sealed messages; `sealed` is null once acknowledged, `digest` tells a repeat from another message under the same id. */
export const messages = pgTable(
  "messages",
  {
    recipient: text().notNull(),
    id: text().notNull(),
    cursor: integer().notNull(),
    digest: text().notNull(),
    sealed: bytes(),
    receivedAt: seconds("received_at").notNull(),
    acknowledgedAt: seconds("acknowledged_at"),
  },
  (table) => [
    primaryKey({ columns: [table.recipient, table.id] }),
    index("messages_by_cursor").on(table.recipient, table.cursor),
  ],
);

/** Every key document that an address published; `sequence` is its place in the chain's events. */
export const keyDocuments = pgTable(
  "key_documents",
  {
    address: text().notNull(),
    sequence: integer().notNull(),
    digest: text().notNull(),
    document: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.address, table.sequence] })],
);

/** Clinicians and organisations, under their newest key document. `search` = display fields in lower case. */
export const people = pgTable("people", {
  address: text().primaryKey(),
  role: integer().notNull(),
  display: jsonb().$type<Record<string, string>>().notNull(),
  search: text().notNull(),
  keyDocument: text("key_document").notNull(),
});

/** Blocks that are stored. */
export const blocks = pgTable("blocks", { cid: text().primaryKey(), bytes: integer().notNull() });

/** Who put which block when. */
export const uploads = pgTable(
  "uploads",
  {
    address: text().notNull(),
    cid: text().notNull(),
    bytes: integer().notNull(),
    uploadedAt: seconds("uploaded_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.address, table.cid] }), index("uploads_by_cid").on(table.cid)],
);

/** Pins: a root that a person keeps, under a name (a record pointer). */
export const pins = pgTable(
  "pins",
  {
    address: text().notNull(),
    cid: text().notNull(),
    name: text().notNull(),
    pinnedAt: seconds("pinned_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.address, table.cid] }), index("pins_by_name").on(table.address, table.name)],
);

/** The blocks that a pin reaches, its root included. */
export const pinnedBlocks = pgTable(
  "pinned_blocks",
  {
    address: text().notNull(),
    root: text().notNull(),
    cid: text().notNull(),
    bytes: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.address, table.root, table.cid] }),
    index("pinned_blocks_by_cid").on(table.cid),
  ],
);

/** Entries whose content their patient had dropped. */
export const discards = pgTable("discards", {
  entryId: text("entry_id").primaryKey(),
  patient: text().notNull(),
  discardedAt: seconds("discarded_at").notNull(),
});

/** Mails that were kept instead of sent. */
export const outbox = pgTable("outbox", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  recipient: text().notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  sentAt: seconds("sent_at").notNull(),
});
/** What the relay sends, saved before it is sent. At most one open transaction per nonce of a relayer. */
export const relayTransactions = pgTable(
  "relay_transactions",
  {
    id: text().primaryKey(),
    relayer: text().notNull(),
    nonce: integer().notNull(),
    person: text().notNull(),
    target: text().notNull(),
    data: text().notNull(),
    gas: integer().notNull(),
    /** "sent" while open, then "done" or "failed". */
    state: text().$type<"sent" | "done" | "failed">().notNull(),
    /** Newest last. */
    attempts: jsonb().$type<RelayAttempt[]>().notNull(),
    createdAt: seconds("created_at").notNull(),
    /** When the newest attempt was made. */
    sentAt: seconds("sent_at").notNull(),
    /** Wei: at most while open, exactly afterwards. */
    cost: bigint({ mode: "bigint" }).notNull(),
  },
  (table) => [
    uniqueIndex("relay_open_nonce")
      .on(table.relayer, table.nonce)
      .where(sql`${table.state} = 'sent'`),
    index("relay_by_person").on(table.person, table.createdAt),
    index("relay_by_time").on(table.createdAt),
  ],
);

/** What a person wants to hear about, who hears of emergencies with them, and the last cursor given out to them; cursors never repeat. */
export const notified = pgTable("notified", {
  address: text().primaryKey(),
  lastCursor: integer("last_cursor").notNull().default(0),
  preferences: jsonb().$type<NotificationPreferences>(),
  /** Who is woken up with this person in emergencies. */
  contacts: jsonb().$type<Address[]>(),
  mailedAt: seconds("mailed_at").notNull().default(0),
});

/** Wake-ups, without content. `source` names the cause: one wake-up for a person and a cause, whatever happens. */
export const notifications = pgTable(
  "notifications",
  {
    recipient: text().notNull(),
    source: text().notNull(),
    cursor: integer().notNull(),
    kind: text().$type<NotificationKind>().notNull(),
    at: seconds("at").notNull(),
    messageId: text("message_id"),
    txHash: text("tx_hash"),
    blockNumber: integer("block_number"),
    readAt: seconds("read_at"),
    /** The block that held the cause is gone; null again once another block holds it. */
    withdrawnAt: seconds("withdrawn_at"),
    mailedAt: seconds("mailed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.recipient, table.source] }),
    uniqueIndex("notifications_by_cursor").on(table.recipient, table.cursor),
    index("notifications_by_block").on(table.blockNumber),
  ],
);

/** Blocks up to which the chain was read, with their hashes. */
export const watchedBlocks = pgTable("watched_blocks", {
  number: integer().primaryKey(),
  hash: text().notNull(),
});
