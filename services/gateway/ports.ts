/**
 * @module services/gateway/ports
 * What the gateway stands on: small interfaces that the routes know and the adapters implement.
 */
import type { CID } from "multiformats/cid";
import type { ChainClient } from "@carekey/sdk/chain";
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { Deployment } from "@carekey/sdk/deployment";
import type { CodePurpose, CodeWay } from "@carekey/sdk/gateway";
import type { Log } from "../common/log.ts";
import type { SignatureCheck } from "../common/signatures.ts";
import type { NotificationStore, Wakes } from "./notifications/types.ts";
import type { Relay } from "./relay/types.ts";

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

/** Single-use secrets (sign-in nonces, codes by mail, backup codes): stored hashed, bound to a purpose, used up by one caller. */
export type Secrets = {
  /** `subject`: whose it is, for those that are found again by person; the hash binds it, too. */
  save(secret: { hash: string; purpose: string; expiresAt: number; subject?: Address }): Promise<void>;
  /** Takes the secret away; true for exactly one caller, and only before it expires. */
  consume(secret: { hash: string; purpose: string; now: number }): Promise<boolean>;
  /** Forgets a person's secrets of one purpose. */
  forget(subject: Address, purpose: string): Promise<void>;
  count(subject: Address, purpose: string, now: number): Promise<number>;
};

/** An open session, known by the hash of its token. Times in seconds. */
export type Session = {
  hash: string;
  address: Address;
  createdAt: number;
  lastUsedAt: number;
  expiresAt: number;
  /** Coarse label of the browser. */
  device: string;
  /** Nothing behind sign-in answers before a one-time code was entered. */
  needsCode: boolean;
  /** Until when the session may go on for a purpose whose code was entered. */
  passes: Partial<Record<CodePurpose, number>>;
};

/** Sessions. */
export type Sessions = {
  save(session: Session): Promise<void>;
  find(hash: string, now: number): Promise<Session | null>;
  /** Newest first. */
  list(person: Address, now: number): Promise<Session[]>;
  /** Notes that the session was used. */
  touch(hash: string, now: number): Promise<void>;
  /** Ends the wait for a code. */
  open(hash: string, expiresAt: number): Promise<void>;
  /** Notes that a code was entered for a purpose. */
  pass(hash: string, purpose: CodePurpose, until: number): Promise<void>;
  end(hash: string): Promise<void>;
  endOthers(person: Address, hash: string): Promise<void>;
};

/** One way of a person to get one-time codes. */
export type Factor = {
  way: FactorWay;
  /** The secret of the app or the mail address, encrypted by {@link CodeKey}. */
  sealed: Uint8Array;
  isConfirmed: boolean;
};
/** Ways that are turned on; backup codes come with them. */
export type FactorWay = Exclude<CodeWay, "backup">;

/** Who gets one-time codes how. */
export type Factors = {
  of(person: Address): Promise<Factor[]>;
  /** Saves a way that is not confirmed yet, in place of an earlier one. Throws SdkError CONFLICT when it is on already. */
  begin(person: Address, way: FactorWay, sealed: Uint8Array): Promise<void>;
  confirm(person: Address, way: FactorWay, now: number): Promise<void>;
  remove(person: Address, way: FactorWay): Promise<void>;
  /** Marks the step's code as used; true for exactly one caller, and never again for this step or an earlier one. */
  takeStep(person: Address, step: number): Promise<boolean>;
};

/** Codes that were tried in a row. */
export type CodeTries = {
  /**
   * Counts a try before the code is looked at, so that parallel guesses count, too.
   * Gives the tries left, or until when the way is locked.
   */
  claim(person: Address, way: CodeWay, now: number): Promise<{ triesLeft: number } | { lockedUntil: number }>;
  /** Forgets all tries: a right code was entered. */
  clear(person: Address): Promise<void>;
  locksOf(person: Address, now: number): Promise<{ way: CodeWay; until: number }[]>;
};

/** The gateway's own key for one-time codes, which lies in a file and not in the database. */
export type CodeKey = {
  /** Encrypts a secret; `context` must be the same when it is opened. */
  seal(plaintext: string, context: string): Uint8Array;
  /** Throws SdkError DECRYPTION_FAILED. */
  open(sealed: Uint8Array, context: string): string;
  /** Keyed hash of a short code: without the key, a stolen database does not give it away. */
  mac(...parts: readonly string[]): string;
};

/** The key that signs view tickets. */
export type Signer = { sign(input: { hash: Hex }): Promise<Hex> };

/** Unlock slots: ciphertext that only its owner may list. */
export type Slots = {
  /** Saves or replaces. Throws SdkError CONFLICT when the person has `max` others already. */
  save(slot: { person: Address; id: string; kind: string; data: Uint8Array; now: number; max: number }): Promise<void>;
  list(person: Address): Promise<{ id: string; kind: string; data: Uint8Array; updatedAt: number }[]>;
  remove(person: Address, id: string): Promise<void>;
};

/** Sealed messages, by recipient. Nothing about the sender is stored. */
export type Inbox = {
  /**
   * Adds a message; the same one again is a no-op. Its recipient is woken up, unless it is a note of their own or the chain tells them (`isQuiet`).
   * Throws SdkError CONFLICT (other bytes under this id), QUOTA_EXCEEDED.
   */
  add(message: {
    to: Address;
    id: Hex;
    sealed: Uint8Array;
    now: number;
    maxBytes: number;
    isQuiet?: boolean;
  }): Promise<void>;
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
  factors: Factors;
  codeTries: CodeTries;
  slots: Slots;
  inbox: Inbox;
  directory: Directory;
  ledger: Ledger;
  notifications: NotificationStore;
  /** Removes what expired: secrets, sessions, ids of acknowledged messages older than 30 days, mails kept for a day, notifications after half a year. */
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
  /** Seconds after which a session that nobody used is over. */
  idleSeconds: number;
  /** Requests per minute and network address, before sign-in. */
  visitorsPerMinute: number;
  /** Requests per minute and person. */
  requestsPerMinute: number;
  /** Block calls per minute and person. */
  blockCallsPerMinute: number;
  /** One-time codes tried per hour and person; five times as many per network address. */
  codesPerHour: number;
  /** Codes sent by mail per hour and person, and per mail address. */
  mailCodesPerHour: number;
  /** Messages per hour and sender; a quarter of it to one recipient. */
  messagesPerHour: number;
};

/** What an ordinary deployment allows. */
export const defaultLimits: Limits = {
  quotaBytes: 10 * 1024 ** 3,
  inboxBytes: 64 * 1024 ** 2,
  unpinnedSeconds: 86_400,
  sessionSeconds: 12 * 3_600,
  idleSeconds: 3_600,
  visitorsPerMinute: 600,
  requestsPerMinute: 1_200,
  blockCallsPerMinute: 12_000,
  codesPerHour: 60,
  mailCodesPerHour: 6,
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
  codeKey: CodeKey;
  /** Signs as the deployment's `gateway`. */
  signer: Signer;
  /** Pays for signed acts; null where nobody does. */
  relay: Relay | null;
  /** Wakes the streams of people who have news. */
  wakes: Wakes;
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
