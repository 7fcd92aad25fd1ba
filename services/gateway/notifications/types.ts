/**
 * @module services/gateway/notifications/types
 * What notifications are made of: wake-ups, where they are kept, the chain that is watched, and who waits for news.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { NoticedView } from "@carekey/sdk/keeper";
import type { Notification, NotificationKind, NotificationPreferences } from "@carekey/sdk/gateway";

/** Something to tell one person. `source` names the cause: the same person hears of one source once. */
export type WakeUp = {
  recipient: Address;
  kind: NotificationKind;
  source: string;
  /** Seconds. */
  at: number;
  /** When it counts as read from the start, seconds: what is long past when it is first found. */
  readAt?: number;
  messageId: Hex | null;
  chain: { txHash: Hex; blockNumber: number } | null;
};

/** A block up to which the chain was read. */
export type Checkpoint = { number: number; hash: Hex };

/** A person to whom mail is due, and the wake-ups that it is about. */
export type DueMail = { recipient: Address; cursors: number[]; isUrgent: boolean };

/** Wake-ups and what is kept about them. */
export type NotificationStore = {
  /** Saves wake-ups and how far the chain was read, both or neither. Gives those who have something new. */
  advance(checkpoint: Checkpoint, wakeUps: readonly WakeUp[]): Promise<Address[]>;
  /** Saves wake-ups about views, as each patient wants to hear of them. Gives those who have something new. */
  addViews(views: readonly NoticedView[], now: number): Promise<Address[]>;
  /** Newest first. */
  checkpoints(): Promise<Checkpoint[]>;
  /** Forgets checkpoints above a block and withdraws what came from there and is unread. Gives those whom it concerns. */
  withdrawAbove(blockNumber: number, now: number): Promise<Address[]>;
  list(person: Address, page: { before?: number; limit: number }): Promise<Notification[]>;
  /** Oldest first. */
  after(person: Address, cursor: number, limit: number): Promise<Notification[]>;
  unread(person: Address): Promise<number>;
  markRead(person: Address, read: { upTo: number } | { cursors: number[] }, now: number): Promise<void>;
  preferencesOf(person: Address): Promise<NotificationPreferences>;
  setPreferences(person: Address, preferences: NotificationPreferences): Promise<void>;
  /** Names who is woken up with a patient in emergencies, in place of those before. */
  setContacts(patient: Address, contacts: readonly Address[]): Promise<void>;
  /** Who is woken up with these patients in emergencies, by patient. */
  contactsOf(patients: readonly Address[]): Promise<Map<Address, Address[]>>;
  /** Unread and not mailed yet, of people who want mail; only what the chain holds at `lastBlock` or below. */
  mailsDue(lastBlock: number): Promise<DueMail[]>;
  /** When the person was mailed last, seconds; 0 for never. */
  lastMailedAt(person: Address): Promise<number>;
  noteMailed(mail: DueMail, now: number): Promise<void>;
};

/** One event of the law, as far as it wakes somebody up. */
export type WatchedEvent = {
  name: string;
  args: Readonly<Record<string, unknown>>;
  /** Digest of contract, topics and data: stays the same when a reorganisation moves the transaction. */
  digest: Hex;
  txHash: Hex;
  blockNumber: number;
  blockHash: Hex;
};

/** The chain as the watcher reads it. All reject with SdkError CHAIN_UNAVAILABLE. */
export type WatchedChain = {
  /** The newest block, or the one of this number; null when there is none. */
  block(number?: number): Promise<(Checkpoint & { timestamp: number }) | null>;
  events(fromBlock: number, toBlock: number): Promise<WatchedEvent[]>;
  /** Who submitted these entries, by entry id. */
  authorsOf(entryIds: readonly Hex[]): Promise<Map<Hex, Address>>;
  /** Who asked in these emergencies, and who gave the second word, by request. */
  cliniciansOf(requestIds: readonly Hex[]): Promise<Map<Hex, Address[]>>;
};

/** Tells open streams that somebody has news. */
export type Wakes = {
  publish(people: readonly Address[]): void;
  /** Calls `listener` at each news of a person; gives the way to stop. */
  subscribe(person: Address, listener: () => void): () => void;
};
