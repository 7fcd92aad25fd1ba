/**
 * @module services/gateway/relay/types
 * What the relay stands on and what it offers: small interfaces, as in `ports.ts`, of which only {@link Relay} is a port of the routes.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { Relayed, RelayOffer } from "@carekey/sdk/gateway";

/** One signed transaction. Its hash is known before it is sent; a `filler` does nothing but use up the nonce. Fees in wei. */
export type RelayAttempt = { hash: Hex; raw: Hex; maxFee: string; tip: string; kind: "act" | "filler" };

/** A signed act of a person on its way to the chain, saved before it is sent. */
export type RelayTransaction = {
  /** `relayIdOf` the call: one call is taken once. */
  id: string;
  relayer: Address;
  nonce: number;
  person: Address;
  target: Address;
  data: Hex;
  /** Gas limit. */
  gas: number;
  state: Relayed["state"];
  /** Newest last; all of them have the same nonce, so at most one is ever mined. */
  attempts: RelayAttempt[];
  createdAt: number;
  /** When the newest attempt was made. */
  sentAt: number;
  /** Wei: at most while open, exactly once it is mined. */
  cost: bigint;
};

/** The relay's memory. What `add` and `update` resolve with is on disk. */
export type RelayStore = {
  /** Throws SdkError CONFLICT when the call was taken already, or this relayer has another open transaction with the nonce. */
  add(transaction: RelayTransaction): Promise<void>;
  update(id: string, change: Partial<Pick<RelayTransaction, "state" | "attempts" | "sentAt" | "cost">>): Promise<void>;
  /** The open transactions of a relayer, by nonce. */
  open(relayer: Address): Promise<RelayTransaction[]>;
  /** The open transactions of a person, oldest first. */
  openOf(person: Address): Promise<RelayTransaction[]>;
  find(id: string): Promise<RelayTransaction | null>;
  /** Forgets a transaction that no node ever took. */
  forget(id: string): Promise<void>;
  /** How many acts were taken for a person since then. */
  countOf(person: Address, since: number): Promise<number>;
  /** Wei spent, or set aside for what is open, since then. */
  costSince(since: number): Promise<bigint>;
  /** Forgets what ended before `before`. */
  purge(before: number): Promise<void>;
};

/** Fees per gas of a transaction, in wei. */
export type Fees = { maxFee: bigint; tip: bigint };

/** What became of a transaction. */
export type Receipt = { blockNumber: bigint; succeeded: boolean; cost: bigint };

/** The relay's side of one chain, for one account. All reject with SdkError CHAIN_UNAVAILABLE when the node fails. */
export type RelayChain = {
  relayer: Address;
  /** Gas of the call, sent by the relayer now. Throws SdkError CONTRACT_REVERTED with the contract's error. */
  simulate(call: { to: Address; data: Hex }): Promise<bigint>;
  /** The relayer's next nonce: by mined blocks, or also by what waits in the node's pool. */
  nonce(of: "latest" | "pending"): Promise<number>;
  balance(): Promise<bigint>;
  fees(): Promise<Fees>;
  blockNumber(): Promise<bigint>;
  /** Signs without sending. */
  sign(transaction: { nonce: number; to: Address; data: Hex; gas: number } & Fees): Promise<{ hash: Hex; raw: Hex }>;
  /** Hands a signed transaction to the node; one that it knows or has mined already is no error. */
  broadcast(raw: Hex): Promise<void>;
  /** Whether the node knows the transaction, waiting or mined. */
  knows(hash: Hex): Promise<boolean>;
  receipt(hash: Hex): Promise<Receipt | null>;
};

/** The relay's limits; {@link defaultRelayLimits} unless a test or an operator needs others. */
export type RelayLimits = {
  /** Acts that are paid for one person in 24 hours. */
  actsPerDay: number;
  /** Most gas of one act. */
  maxGas: number;
  /** Wei that may be spent in 24 hours, for everybody together. */
  budgetPerDay: bigint;
  /** Seconds without being mined after which a transaction is sent again with a higher fee. */
  bumpAfterSeconds: number;
  /** How often the fee is raised, by an eighth each time. */
  maxBumps: number;
};

/** What an ordinary deployment pays for. */
export const defaultRelayLimits: RelayLimits = {
  actsPerDay: 200,
  maxGas: 800_000,
  budgetPerDay: 500_000_000_000_000_000n,
  bumpAfterSeconds: 30,
  maxBumps: 12,
};

/** Numbers for operators; nothing in them tells who. */
export type RelayFigures = { sent: number; done: number; failed: number; bumped: number; filled: number };

/** Carries signed acts to the chain and pays for them. */
export type Relay = {
  /** Whether an act of this person would be paid for now. Never rejects. */
  offer(person: Address): Promise<RelayOffer>;
  /**
   * Sends a call that was found to be an act of `person`; one that was taken before is answered with how it stands.
   * @throws SdkError CONTRACT_REVERTED, RELAY_UNAVAILABLE (`details.reason`), CHAIN_UNAVAILABLE
   */
  send(person: Address, call: { to: Address; data: Hex }): Promise<Relayed>;
  /** Where a call of this person stands. @throws SdkError NOT_FOUND */
  status(person: Address, id: string): Promise<Relayed>;
  /** Looks after everything that is open: receipts, what the node forgot, what is stuck. To be called every second or so. */
  tend(): Promise<void>;
  figures(): Promise<{ acts: RelayFigures & { open: number }; balanceEther: number }>;
};
