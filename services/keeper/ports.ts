/**
 * @module services/keeper/ports
 * What a keeper needs from the world: a chain node, its own durable store, a clock, randomness, its keys. Routes know only these.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { EmergencyRequestState } from "@carekey/sdk/consent";
import type { Deployment } from "@carekey/sdk/deployment";
import type { DealBody, Head, LoggedReceipt, NoticedView, Opening, Receipt, SessionTerms } from "@carekey/sdk/keeper";
import type { Log } from "../common/log.ts";
import type { SignatureCheck } from "../common/signatures.ts";

/** One account as the registry has it. */
export type AccountState = {
  keyHash: Hex;
  role: number;
  verifiedUntil: number;
  suspended: boolean;
  verifiedSince: number;
};

/** What every view reads at one block. Times in seconds. */
export type ChainSnapshot = {
  block: { number: number; hash: Hex; timestamp: number };
  /** Head of the patient's chart. */
  head: Hex;
};

/** What a view under a consent asks of the chain. */
export type ConsentSnapshot = ChainSnapshot & {
  grantedAt: number;
  revokedAt: number;
  revokedBefore: number;
  /** Whether the grant has as many confirmations as the deployment asks for. */
  isConfirmed: boolean;
  grantee: AccountState;
  /** null when the terms name no organisation. */
  organisation: { account: AccountState; membershipUntil: number } | null;
};

/** What a view in an emergency asks of the chain. */
export type EmergencySnapshot = ChainSnapshot & {
  /** The reader's newest request, about whomever; null when there never was one. */
  request: (EmergencyRequestState & { id: Hex }) | null;
  /** The patient's settings. */
  isEnabled: boolean;
  round: number;
  /** Whether the co-signature has as many confirmations as the deployment asks for. */
  isConfirmed: boolean;
  requester: AccountState;
  /** null while nobody co-signed. */
  coSigner: AccountState | null;
  /** How long both licences must have stood, seconds. */
  seniority: number;
};

/** This keeper's own chain node. All methods reject with SdkError CHAIN_UNAVAILABLE when it does not answer. */
export type Chain = {
  latestBlock(): Promise<{ number: number; hash: Hex; timestamp: number }>;
  accountOf(address: Address): Promise<AccountState>;
  /** Head of a patient's chart at the latest block. */
  chartHead(patient: Address): Promise<{ head: Hex; blockNumber: number; blockHash: Hex }>;
  readConsent(query: {
    patient: Address;
    consentId: Hex;
    grantee: Address;
    organisation: Address | null;
  }): Promise<ConsentSnapshot>;
  readEmergency(query: { patient: Address; reader: Address }): Promise<EmergencySnapshot>;
  isSignedBy: SignatureCheck;
};

/** The deals of one patient, as stored. */
export type StoredDeals = {
  active: DealBody | null;
  previous: { body: DealBody; replacedAt: number } | null;
  pending: { body: DealBody; storedAt: number } | null;
};

/** What the store must know to log one release. */
export type ReleaseDraft = {
  receipt: Omit<Receipt, "seq" | "previousLeaf" | "logGeneration">;
  /** 0 = unlimited. */
  maxViews: number;
  nonce: Hex;
  sealedReason: Uint8Array;
};

/** What a release became. `isRepeated`: the same body was answered before, with this receipt. */
export type ReleaseOutcome =
  | { kind: "logged"; receipt: Receipt; leaf: Hex; isRepeated: boolean }
  | { kind: "view-number-used" }
  /** The number opened this very record, but too long ago for this to be the same opening. */
  | { kind: "opening-over" }
  | { kind: "nonce-used" };

/** The keeper's durable state. Every write is on disk when its method returns. */
export type Store = {
  dealsOf(patient: Address): StoredDeals;
  /** Highest version of any deal of this patient ever stored; 0 when none. */
  newestVersion(patient: Address): number;
  /** C_0 of a generation, once a deal of it was stored. */
  commitmentOf(patient: Address, generation: number): Hex | null;
  /** Stores a deal as pending, in place of an earlier pending one. */
  savePending(body: DealBody, storedAt: number): void;
  /** Makes the pending deal active and the active one previous. */
  activatePending(patient: Address, version: number, now: number): void;
  isRevoked(patient: Address, consentId: Hex): boolean;
  /** Refuses a consent for ever. */
  markRevoked(patient: Address, consentId: Hex, seenAt: number): void;
  /** Grants up to this second are revoked by a handed-over revoke of all; 0 = none. */
  revokedBefore(patient: Address): number;
  raiseRevokedBefore(patient: Address, signedAt: number): void;
  isSessionEnded(session: SessionTerms): boolean;
  endSession(key: Hex, notAfter: number): void;
  /** Ends all sessions of this one's owner that end no later than it does, but for itself. */
  endOtherSessions(session: SessionTerms): void;
  /** One transaction: view number, nonce, receipt with the next sequence number, its place in the Merkle log. */
  logRelease(draft: ReleaseDraft, hash: (receipt: Receipt) => Hex): ReleaseOutcome;
  /** The used numbers of a consent with a view limit, in order. */
  openingsOf(patient: Address, consentId: Hex): Opening[];
  /** Receipts about a patient after a sequence number, in order, proved under the log of `size` leaves. */
  receiptsOf(
    patient: Address,
    after: number,
    limit: number,
  ): { receipts: Omit<LoggedReceipt, "signature">[]; more: boolean };
  /** Views that the gateway has not been told of, oldest first, and the sequence number of the last one. */
  untold(limit: number): { views: NoticedView[]; upTo: number };
  /** The gateway was told of the views up to a sequence number. */
  markTold(upTo: number): void;
  /** The log's head, unsigned. */
  logHead(): Pick<Head, "logGeneration" | "size" | "root">;
  consistency(oldSize: number, newSize: number): Uint8Array[];
  close(): void;
};

/** Seconds since the epoch. */
export type Clock = { now(): number };
/** Secure random bytes. */
export type Random = (length: number) => Uint8Array;

/** The keeper's own keys. */
export type KeeperIdentity = {
  address: Address;
  /** secp256k1 signature of a digest. */
  sign(digest: Hex): Promise<Hex>;
  /** X-Wing secret, 32 bytes: opens sealed shares. */
  xwingSecret: Uint8Array;
  /** The encoded key document and its digest; the chain keeps the digest's first 20 bytes. */
  keyDocument: { bytes: Uint8Array; digest: Hex };
  keyHash: Hex;
};

/** How strict a keeper is about time and load. */
export type KeeperSettings = {
  /** Refuse when the node's latest block is old or ahead. Off on a local chain, which only mines on demand. */
  requireFreshHead: boolean;
  /** Web origins that may call. */
  origins: readonly string[];
  /** Requests per minute and network address. */
  requestsPerMinute: number;
  /** Views per minute and reader. */
  viewsPerMinute: number;
};

/** All ports of {@link createApp}. */
export type KeeperPorts = {
  deployment: Deployment;
  identity: KeeperIdentity;
  chain: Chain;
  store: Store;
  clock: Clock;
  random: Random;
  log: Log;
  settings: KeeperSettings;
};
