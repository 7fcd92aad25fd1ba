/**
 * @module services/gateway/ports
 * What the gateway stands on: small interfaces that the routes know and the adapters implement.
 */
import type { CID } from "multiformats/cid";
import type { ChainClient } from "@carekey/sdk/chain";
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { Deployment } from "@carekey/sdk/deployment";
import type { Log } from "../common/log.ts";
import type { SignatureCheck } from "../common/signatures.ts";

/** Where blocks lie: an embedded Helia or a Kubo node. Holds bytes only; who may keep them is the {@link Ledger}'s matter. */
export type Blocks = {
  /** Stores a block under its address. Throws SdkError STORAGE_FULL, IPFS_UNAVAILABLE. */
  put(cid: CID, bytes: Uint8Array): Promise<void>;
  /** The block, or null when it is not here. Never asks strangers. Throws SdkError IPFS_UNAVAILABLE. */
  get(cid: CID): Promise<Uint8Array | null>;
  /** Removes a block; one that is not here is no error. */
  remove(cid: CID): Promise<void>;
  /** Whether blocks can be stored and read now. */
  isUp(): Promise<boolean>;
};

/** One pin of one person. */
export type Pin = { cid: string; name: string; pinnedAt: number };
/** A block and its size in bytes. */
export type BlockSize = { cid: string; bytes: number };

/** Who keeps which block. A block stays while somebody pins it, or for a day after somebody put it. */
export type Ledger = {
  /** Counts a put against the person's quota. Throws SdkError QUOTA_EXCEEDED. */
  claimUpload(input: { person: Address; cid: string; bytes: number; quotaBytes: number; now: number }): Promise<void>;
  /** Notes that the bytes are stored. */
  confirmBlock(block: BlockSize): Promise<void>;
  /** Forgets a block and everybody's uploads of it; pins stay. */
  forgetBlock(cid: string): Promise<void>;
  /** The sizes of those blocks that are stored. */
  sizesOf(cids: readonly string[]): Promise<Map<string, number>>;
  /** Saves a pin with all blocks it reaches. Throws SdkError QUOTA_EXCEEDED. */
  pin(input: {
    person: Address;
    cid: string;
    name: string;
    blocks: readonly BlockSize[];
    quotaBytes: number;
    now: number;
  }): Promise<void>;
  /** Drops the person's pin; false when there was none. */
  unpin(person: Address, cid: string): Promise<boolean>;
  /** Drops the person's pins of one name; the blocks that they reached. */
  unpinNamed(person: Address, name: string): Promise<{ pins: number; cids: string[] }>;
  /** The person's pins, newest first. */
  pinsOf(person: Address, filter: { cid?: string; limit: number }): Promise<Pin[]>;
  usageOf(person: Address): Promise<{ usedBytes: number; blocks: number; pins: number }>;
  /** Forgets uploads from before `before` and gives the blocks that nobody keeps any more. */
  unkept(before: number, limit: number): Promise<string[]>;
  /** Whether anybody pins the block, or put it at `since` or later. */
  isKept(cid: string, since: number): Promise<boolean>;
  recordDiscard(discard: { patient: Address; entryId: Hex; now: number }): Promise<void>;
  discardsOf(patient: Address): Promise<{ entryId: Hex; discardedAt: number }[]>;
};

/** Single-use secrets (sign-in nonces): stored hashed, bound to a purpose, short-lived. */
export type Secrets = {
  save(secret: { hash: string; purpose: string; expiresAt: number }): Promise<void>;
  /** Takes the secret away; true for exactly one caller, and only before it expires. */
  consume(secret: { hash: string; purpose: string; now: number }): Promise<boolean>;
};

/** Sessions, known by the hash of their token. */
export type Sessions = {
  save(session: { hash: string; address: Address; expiresAt: number }): Promise<void>;
  find(hash: string, now: number): Promise<{ address: Address; expiresAt: number } | null>;
  end(hash: string): Promise<void>;
};

/** Unlock slots: ciphertext that only its owner may list. */
export type Slots = {
  /** Saves or replaces. Throws SdkError CONFLICT when the person has `max` others already. */
  save(slot: { person: Address; id: string; kind: string; data: Uint8Array; now: number; max: number }): Promise<void>;
  list(person: Address): Promise<{ id: string; kind: string; data: Uint8Array; updatedAt: number }[]>;
  remove(person: Address, id: string): Promise<void>;
};

/** Sealed messages, by recipient. Nothing about the sender is stored. */
export type Inbox = {
  /** Adds a message; the same one again is a no-op. Throws SdkError CONFLICT (other bytes under this id), QUOTA_EXCEEDED. */
  add(message: { to: Address; id: Hex; sealed: Uint8Array; now: number; maxBytes: number }): Promise<void>;
  list(
    person: Address,
    after: number,
    limit: number,
  ): Promise<{ cursor: number; id: Hex; sealed: Uint8Array; receivedAt: number }[]>;
  /** Erases the content for good; keeps the id, so that a late repeat is not delivered again. */
  acknowledge(person: Address, id: Hex, now: number): Promise<void>;
};

/** A person of the directory as her key document shows her. */
export type ListedPerson = { address: Address; role: number; display: Record<string, string>; keyDocument: Hex };

/** Published key documents. */
export type Directory = {
  publish(document: { address: Address; digest: Hex; sequence: number; bytes: Uint8Array }): Promise<void>;
  /** Lists the person, under the newest document. */
  listPerson(person: ListedPerson): Promise<void>;
  /** Oldest first. */
  documentsOf(address: Address): Promise<Uint8Array[]>;
  search(input: { query: string; role?: number; limit: number }): Promise<ListedPerson[]>;
};

/**
 * One mail, in plain text. Mail is read by strangers on its way: it carries no medical word and no name of a record or of
 * another person, only that something waits in the app.
 */
export type Mail = { to: string; subject: string; text: string };

/** Sends mail. Throws SdkError MAIL_UNAVAILABLE when it cannot be handed over. */
export type Mailer = { send(mail: Mail): Promise<void> };

/** A mail of the {@link Outbox}. `sentAt` in seconds. */
export type OutboxMail = Mail & { sentAt: number };

/** A mailer that keeps mail on this machine instead of sending it, for gateways without a mail server. */
export type Outbox = Mailer & {
  /** Newest first. */
  list(limit: number): Promise<OutboxMail[]>;
};

/** Everything that must survive a restart, apart from blocks. */
export type Store = {
  secrets: Secrets;
  sessions: Sessions;
  slots: Slots;
  inbox: Inbox;
  directory: Directory;
  ledger: Ledger;
  /** Removes what expired: secrets, sessions, ids of acknowledged messages older than 30 days, mails kept for a day. */
  purge(now: number): Promise<void>;
  isUp(): Promise<boolean>;
};

/** The facts that the gateway takes from the chain. */
export type ChainFacts = Pick<ChainClient, "block" | "identityOf" | "headOf" | "chartActs" | "keyDocumentDigestsOf">;

/** The gateway's limits; {@link defaultLimits} unless a test needs smaller ones. */
export type Limits = {
  /** Bytes that one person may keep. */
  quotaBytes: number;
  /** Bytes that may wait in one inbox. */
  inboxBytes: number;
  /** Seconds that an unpinned block stays. */
  unpinnedSeconds: number;
  sessionSeconds: number;
  /** Requests per minute and network address, before sign-in. */
  visitorsPerMinute: number;
  /** Requests per minute and person. */
  requestsPerMinute: number;
  /** Block calls per minute and person. */
  blockCallsPerMinute: number;
  /** Messages per hour and sender; a quarter of it to one recipient. */
  messagesPerHour: number;
};

/** What an ordinary deployment allows. */
export const defaultLimits: Limits = {
  quotaBytes: 10 * 1024 ** 3,
  inboxBytes: 64 * 1024 ** 2,
  unpinnedSeconds: 86_400,
  sessionSeconds: 12 * 3_600,
  visitorsPerMinute: 600,
  requestsPerMinute: 1_200,
  blockCallsPerMinute: 12_000,
  messagesPerHour: 240,
};

/** What `createApp` is given. */
export type Ports = {
  deployment: Deployment;
  chain: ChainFacts;
  isSignedBy: SignatureCheck;
  store: Store;
  blocks: Blocks;
  mailer: Mailer;
  /** Shown at `/outbox`, to this machine only; null when mail is really sent. */
  outbox: Outbox | null;
  /** Clock in whole seconds. */
  now: () => number;
  /** Cryptographically random bytes. */
  random: (length: number) => Uint8Array;
  /** Web origins whose pages may sign in and change things; the first one is the app's. */
  origins: readonly string[];
  limits: Limits;
  log: Log;
  version: string;
  /** Folder of the built frontend; null when another server has it. */
  appDirectory: string | null;
};
