/**
 * @module client/types
 * What the flows of the client layer take and give. A flow is a function `(carekey, person, input, options)`;
 * it talks to the chain, the keepers, the gateway and IPFS through the ports in {@link Carekey}.
 */
import type { Account, Chain, Transport, WalletClient } from "viem";
import type { Address, Hex } from "../bytes.ts";
import type { ChainClient, Identity } from "../chain/index.ts";
import type { ChartEntry } from "../chart/index.ts";
import type { ConsentStatus, ConsentTerms } from "../consent/index.ts";
import type { PersonKeys } from "../crypto/index.ts";
import type { Deployment } from "../deployment.ts";
import type { GatewayClient, RelayReason } from "../gateway/index.ts";
import type { BlockClient } from "../ipfs/index.ts";
import type { KeeperClient, Session } from "../keeper/index.ts";
import type { BundleWrap, OpenedManifest } from "../records/index.ts";

/** A wallet with an account: MetaMask through EIP-1193, or a local account in Node. */
export type Wallet = WalletClient<Transport, Chain, Account>;

/** Where a device keeps its private state. It only ever sees ciphertext. */
export type PrivateStore = {
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, value: Uint8Array): Promise<void>;
};

/** The ports that every flow uses. Holds no keys. */
export type Carekey = {
  deployment: Deployment;
  chain: ChainClient;
  wallet: Wallet;
  gateway: GatewayClient;
  ipfs: BlockClient;
  keepers: readonly KeeperClient[];
  store: PrivateStore;
  /** Wall clock, whole seconds. */
  now(): number;
};

/** The keys of one generation and the key document that published them. */
export type HeldKeys = {
  keys: PersonKeys;
  /** sha-256 of the key document on chain. */
  keyDocumentDigest: Hex;
};

/** A person whose keys are unlocked. Lives in memory only. */
export type Person = HeldKeys & {
  address: Address;
  generation: number;
  /** Earlier generations, the first one first. They open what was sealed before; nothing new is made with them. */
  earlier: readonly HeldKeys[];
  /** New keys that were begun and saved, but are not on the chain yet. */
  next: PersonKeys | null;
};

/** One step of a flow, reported while it runs. `sign` and `send` wait for the wallet. */
export type Step = {
  kind: "sign" | "send" | "wait" | "work";
  /** A short plain sentence. */
  label: string;
  txHash?: Hex;
  /** 0 to 1, when known. */
  progress?: number;
};

/** Why the gateway does not pay for an act; "unreachable" and "signed-out" when it cannot be asked. */
export type NotPaidReason = RelayReason | "unreachable" | "signed-out";

/** What an act costs when the own wallet pays, and why it has to. */
export type OwnCost = {
  /** About so much, in wei of the currency. */
  wei: bigint;
  /** The network's own, such as "ETH". */
  currency: string;
  /** Whether the wallet holds that much. */
  isAffordable: boolean;
  reason: NotPaidReason;
};

/** Options of every flow that acts. */
export type ActOptions = {
  onStep?: (step: Step) => void;
  signal?: AbortSignal;
  /** Asks the person before the own wallet pays for what the gateway usually pays for. Without it the wallet is asked at once. */
  confirmCost?: (cost: OwnCost) => Promise<boolean>;
};

/** How a key document served for a person compares with the chain and with what this person met before. */
export type KeyStatus =
  | "same" // equal to the pinned one, or chained to it
  | "new" // equal to the chain, never met before
  | "changed" // equal to the chain, but not chained to the pinned one: ask the person to compare fingerprints
  | "mismatch" // not what the chain says: seal nothing
  | "missing"; // no key document is served

/** A person as others see them. */
export type PersonProfile = {
  address: Address;
  /** Public display name, or the short address when there is none. */
  name: string;
  speciality: string | null;
  identity: Identity;
  /** Licensed now, by the chain. */
  verified: boolean;
  keyStatus: KeyStatus;
  /** Digits in groups, to compare aloud; empty when missing. */
  fingerprint: string;
  keyDocumentDigest: Hex | null;
};

/** Where an account stands on its way to being usable. */
export type AccountState = {
  address: Address;
  registered: boolean;
  identity: Identity;
  isRegistrar: boolean;
  signedIn: boolean;
  /** Signed in half: a one-time code is still to be entered, and nothing opens before. */
  needsCode: boolean;
  /** Known only when signed in, with the code if one is needed. */
  hasPassphraseSlot: boolean | null;
  /** Kinds of the saved ways to unlock, such as "passkey"; known as far as `hasPassphraseSlot`. */
  slotKinds: readonly string[] | null;
};

/** A saved way to unlock. `savedAt` in seconds. */
export type WayToUnlock = {
  id: string;
  /** "unknown": damaged, or made by a newer build. */
  kind: "passphrase" | "passkey" | "wallet" | "unknown";
  /** What the person called it; null for a passphrase. */
  label: string | null;
  savedAt: number;
  /** False when it holds an earlier generation's seed, or cannot be read. */
  works: boolean;
};

/** A chart and how far it can be trusted. */
export type VerifiedChart = {
  patient: Address;
  entries: readonly ChartEntry[];
  head: Hex;
  block: { number: bigint; hash: Hex; timestamp: number };
  /** How many independent sources (node and keepers) named this head. */
  headSources: number;
  verdict: "verified" | "unconfirmed" | "mismatch";
  /** For a mismatch: what is wrong, and the entry concerned when it can be named. */
  problem: { entryId: Hex | null; index: number | null; message: string } | null;
};

/** Content already encrypted and uploaded: what turns a file into a record. */
export type UploadedContent = {
  dek: Uint8Array;
  salt: Uint8Array;
  cid: string;
  leafDigests: Hex[];
  /** True size in bytes, before padding. */
  size: number;
  /** sha-256 of the plaintext. */
  sha256: Hex;
};

/** A record as its owner sees it in the timeline. */
export type OwnRecord = {
  entry: ChartEntry;
  /** Seconds, from the block. */
  recordedAt: number;
  manifest: OpenedManifest | null;
  /** Why the manifest is null. */
  problem: string | null;
  /** Scope the record is filed under; the author's proposal while pending. */
  scope: string | null;
  epoch: number | null;
  /** The person's earlier account in whose chart the entry is; null for this account's own. */
  carriedFrom: Address | null;
  /** What the patient noted when deciding: the title as it was then, and the reason given. Null when nothing was noted. */
  decision: { title: string | null; reason: string | null } | null;
};

/** An opened record. `content` streams verified plaintext, or gives null when the FHIR resource is all there is. */
export type OpenedRecord = {
  entry: ChartEntry;
  manifest: OpenedManifest;
  scope: string | null;
  /** Streams the plaintext; reports bytes done. */
  content(options?: {
    onProgress?: (doneBytes: number) => void;
    signal?: AbortSignal;
  }): ReadableStream<Uint8Array> | null;
  /** The keepers whose receipts this view left; empty for the owner's own reading. */
  keepers: readonly Address[];
  /** Views left under the consent's limit after this one; null without a limit. */
  viewsLeft: number | null;
};

/** What a person asks to share, before it is turned into terms. */
export type GrantRequest = {
  grantee: Address;
  granteeName: string;
  /** Names of {@link SCOPES}. Ignored for a consent to write only. */
  scopes: readonly string[];
  rights: readonly ("read" | "write")[];
  /** Seconds; default now. */
  notBefore?: number;
  expiresAt: number;
  purpose: string;
  /** Only records from now on. */
  fromNow?: boolean;
  /** How many times something may be opened; at most {@link MAX_COUNTED_VIEWS}, default no limit. */
  maxViews?: number;
  /** Whether the reader enters a one-time code for what they open. */
  asksForCode?: boolean;
  /** One record, to read, in place of `scopes`: this version of it and nothing that comes after. */
  record?: { pointer: Hex; recordedAt: number };
  /** The grantee may use the consent only as a current member of this verified organisation. */
  organisation?: Address;
};

/** Terms ready to sign, with the words that the person reads first. */
export type PreparedGrant = {
  request: GrantRequest;
  grantee: PersonProfile;
  /** Names of the scopes that reading covers: parts of the chart, or the one record's own. */
  scopes: readonly string[];
  terms: readonly ConsentTerms[];
  paragraph: string;
};

/** A consent as its patient sees it. */
export type Consent = {
  id: Hex;
  terms: ConsentTerms;
  status: ConsentStatus;
  grantedAt: number;
  /** When it ended by revocation; null when it did not. */
  revokedAt: number | null;
  grantee: PersonProfile;
  /** Labels of the scopes, in plain words. */
  scopeLabels: readonly string[];
  /** Names of the scopes. */
  scopes: readonly string[];
  /** The pointer of the one record that is shared; null where parts of the chart are. */
  record: Hex | null;
  /** Whose member the grantee must be; null when that does not matter. */
  organisation: PersonProfile | null;
};

/** A consent as its grantee received it. */
export type ReceivedGrant = {
  id: Hex;
  patient: Address;
  /** The name that the patient chose to tell this person. */
  patientName: string;
  terms: ConsentTerms;
  status: ConsentStatus;
  grantedAt: number;
  revokedAt: number | null;
  scopes: readonly { label: string; tag: Hex; keys: readonly { epoch: number; scopeKey: Uint8Array }[] }[];
  /** The wrap that came with a consent for one record; null where parts of the chart are shared. */
  record: BundleWrap | null;
  receivedAt: number;
};

/** A wrap under the keys of one generation of the patient, and the epoch that it is under. */
export type SharedWrap = { generation: number; epoch: number; wrap: Uint8Array };

/** One record of a shared chart that the reader may ask the keepers for. */
export type SharedItem = {
  entry: ChartEntry;
  recordedAt: number;
  scopeLabel: string;
  tag: Hex;
  epoch: number;
  /** Its wraps, the newest generation of the patient's keys first: the keepers' deal says which one counts. */
  wraps: readonly SharedWrap[];
  grant: ReceivedGrant;
};

/** A patient's chart as a grantee sees it. */
export type SharedChart = {
  chart: VerifiedChart;
  items: readonly SharedItem[];
  /** This reader's own submissions, whatever their state. */
  ownEntries: readonly { entry: ChartEntry; recordedAt: number }[];
  /** Approved entries outside what is shared with this reader. */
  hiddenCount: number;
  /** The person's earlier accounts, the latest first: their charts belong to this one. */
  earlierAccounts: readonly Address[];
  /** The account that follows this one; null when there is none. */
  successor: Address | null;
};

/** A request for access, sent or received. */
export type AccessRequest = {
  id: Hex;
  from: Address;
  fromProfile: PersonProfile | null;
  patient: Address;
  scopes: readonly string[];
  rights: readonly ("read" | "write")[];
  expiresAt: number;
  purpose: string;
  message: string;
  sentAt: number;
  status: "waiting" | "approved" | "refused";
  reason: string | null;
  answeredAt: number | null;
};

/** A clinician's application to the registrar. */
export type Application = {
  id: Hex;
  from: Address;
  name: string;
  speciality: string;
  licenceNumber: string;
  sentAt: number;
  hasScan: boolean;
  /** Opens the scan that came with it. */
  openScan(): Promise<{ name: string; type: string; bytes: Uint8Array } | null>;
  /** Licence and key of the applicant, by the chain. The name above is the one applied under. */
  fromProfile: PersonProfile;
  /** What the registrar decided last, from the chain and the registrar's own messages. */
  status: "waiting" | "verified" | "rejected" | "suspended";
  reason: string | null;
  /** When this registrar decided last, seconds; null while nobody did. */
  decidedAt: number | null;
};

/** A notice about what happened to something this person sent. */
export type Notice = {
  id: Hex;
  from: Address;
  fromProfile: PersonProfile | null;
  at: number;
  kind: "decision" | "refusal" | "grant" | "revoke" | "application-decision";
  /** Plain words. */
  text: string;
  reason: string | null;
  entryId: Hex | null;
  patient: Address | null;
};

/** One view in the access log of a patient. */
export type View = {
  /** Under a consent, or in an emergency. */
  kind: "view" | "emergency";
  bodyHash: Hex;
  reader: Address;
  readerName: string;
  recordId: Hex;
  entryId: Hex | null;
  title: string | null;
  at: number;
  reason: string | null;
  /** In an emergency: the id of the request. */
  consentId: Hex;
  /** Which view under the consent's limit; 0 without a limit. One number may have been asked for again within ten minutes. */
  viewNo: number;
  /** The consent that the keepers name; null when this patient never gave it, and for emergencies. */
  consent: ViewConsent | null;
  /** Why no consent and no emergency request of this patient explains it; null when one does. */
  alarm: ViewAlarm | null;
  receipts: readonly { keeper: Address; sequence: number; leaf: Hex; verified: boolean; blockNumber: bigint }[];
};

/** What a view's consent says. Times in seconds; `scopes` and `purpose` are the words that were signed. */
export type ViewConsent = { grantedAt: number; expiresAt: number; scopes: string; purpose: string };

/** Why a view is not explained. */
export type ViewAlarm =
  | "unknown-consent" // this patient never gave the consent that it names
  | "another-person" // the consent is for somebody else
  | "another-part" // the consent does not reach this part of the chart
  | "outside-time" // before the consent began, or after it ended
  | "over-limit" // more often than the consent allows
  | "unknown-emergency" // no emergency request by this person about this patient
  | "emergency-closed"; // the emergency request was not open at that time

/** A view session: the tab's key, authorised by one wallet signature. */
export type ViewSession = Session;
