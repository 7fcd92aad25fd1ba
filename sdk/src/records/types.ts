/**
 * @module records/types
 * The types of records, content and blocks. Times in whole seconds; chain-facing ids 0x-hex; secrets and ciphertext bytes.
 */
import type { Address, Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";

/** JSON as a FHIR resource is made of. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** What the author stands for with a signature: survives re-encryption. */
export type Core = {
  /** File name or title, at most 1,024 characters. */
  name: string;
  /** MIME type. */
  type: string;
  /** True size of the content in bytes; 0 without content. */
  size: number;
  /** SHA-256 of the content; of the empty string without content ({@link EMPTY_SHA256}). */
  sha256: Hex;
  /** A FHIR R4 resource, or null for a bare file. */
  fhir: JsonValue;
  author: Address;
};

/** SHA-256 of no bytes: the core's `sha256` of a record without content. */
export const EMPTY_SHA256: Hex = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Where the content is and what its ciphertext leaves hash to, in order. */
export type ContentRef = { cid: string; leafDigests: Hex[] };

/** The encrypted inside of a record block. */
export type Manifest = {
  core: Core;
  /** Null when everything is in `core.fhir`. */
  content: ContentRef | null;
  signedAt: number;
  /** Wallet signature over the core; null for what the patient adds to the own chart. */
  signature: Hex | null;
  /** The scope the author proposes; the patient decides. */
  proposedScope: string | null;
};

/** The secrets of one version of one record: a fresh DEK (32 bytes) and salt (16 bytes), shared by content and record block. */
export type FileKeys = { dek: Uint8Array<ArrayBuffer>; salt: Uint8Array<ArrayBuffer> };

/** A decoded, still encrypted record block. */
export type RecordBlock = {
  salt: Uint8Array<ArrayBuffer>;
  commitment: Uint8Array<ArrayBuffer>;
  /** The DEK sealed to the patient; null when the patient is the author. */
  sealedDek: Uint8Array<ArrayBuffer> | null;
  nonce: Uint8Array<ArrayBuffer>;
  sealedManifest: Uint8Array<ArrayBuffer>;
};

/** What {@link openRecordBlock} gives: the manifest, and the salt that opening its content needs. */
export type OpenedManifest = Manifest & { salt: Uint8Array<ArrayBuffer> };

/** A file to encrypt: a Blob (a File too), or any stream of byte arrays. */
export type ContentSource = Blob | AsyncIterable<Uint8Array>;

/** One encrypted leaf of a content: at most 1 MiB. */
export type EncryptedLeaf = { index: number; bytes: Uint8Array<ArrayBuffer>; digest: Hex };

/** One dag-pb node of a content's UnixFS tree. */
export type DagNode = { cid: string; bytes: Uint8Array<ArrayBuffer> };

/** A content's CID, and the dag-pb nodes above its leaves, children first, the root last; no nodes when one raw leaf is all. */
export type ContentDag = { cid: string; nodes: DagNode[] };

/** One row of a wraps block. */
export type WrapRow = {
  recordId: Hex;
  /** 16 bytes, see `rowTag`. */
  rowTag: Uint8Array;
  /** 48 bytes, see `sealWrap`. */
  wrap: Uint8Array;
};

/** A decoded wraps block. */
export type Wraps = { generation: number; rows: WrapRow[] };

/** A scope key: A of one scope and epoch, 32 bytes. */
export type EpochKey = { epoch: number; key: Uint8Array };

/** One shared scope as the grantee gets it. */
export type BundleScope = { label: string; tag: Hex; keys: EpochKey[] };

/** The wrap of a grant for one record. */
export type BundleWrap = { recordId: Hex; epoch: number; wrap: Uint8Array };

/** What a bundle holds for the grantee. */
export type GranteePart = {
  /** The consent's terms as consent's `termsToArray` writes them. */
  terms: CborValue[];
  scopes: BundleScope[];
  /** The one wrap of a grant for one record, else null. */
  wrap: BundleWrap | null;
};

/** What a bundle holds for the patient, from which another device of the patient learns of the consent. */
export type PatientPart = {
  terms: CborValue[];
  labels: { tag: Hex; label: string }[];
  /** SHA-256 of the grantee's key document at the time of the grant: pins the contact. */
  granteeKeyDocument: Hex;
};

/** A scope key that a rotation hands out. */
export type ScopeKey = { tag: Hex; epoch: number; key: Uint8Array };

/** A person to seal to: address, X-Wing public key and key hash from the verified key document. */
export type Recipient = { address: Address; publicKey: Uint8Array; keyHash: Hex };

/** A person who opens: address, X-Wing secret and own key hash. */
export type Opener = { address: Address; secret: Uint8Array; keyHash: Hex };

/** The contract on its chain to which sealed parts are bound. */
export type ChainContext = { chainId: number; contract: Address };

/** Anything kept in the vault says when it was written; of two writers of one key the later wins. */
export type Stamped = { updatedAt: number };

/** A scope of the chart. Keyed by scope name. */
export type VaultScope = Stamped & { label: string; tag: Hex; generation: number };
/** A rotation that was announced. Keyed by the digest of its scopes block. */
export type VaultRotation = Stamped & { epoch: number; scopes: string[] };
/** A consent given or received. Keyed by consent id. */
export type VaultConsent = Stamped & { terms: CborValue[]; bundle: Hex | null; granteeKeyDocument: Hex | null };
/** A contact whose key is pinned. Keyed by address in lower case. */
export type VaultContact = Stamped & { keyDocument: Hex; name: string; confirmed: boolean };
/** The patient's own notes on an entry. Keyed by entry id. */
export type VaultEntry = Stamped & { scope: string | null; reason: string | null };
/** A chart checkpoint. Keyed by chart owner in lower case and index: `0x…/1024`. */
export type VaultCheckpoint = Stamped & { index: number; head: Hex; blockNumber: number; blockHash: Hex };
/** An answered or refused request. Keyed by the message's id (0x-hex). */
export type VaultRequest = Stamped & { verdict: "granted" | "refused"; grantee: Address; reason: string | null };
/** An earlier generation's seed. Keyed by the generation in decimal. */
export type VaultSeed = Stamped & { seed: Uint8Array };

/** A person's private state. Maps that merge key by key, so that two devices never lose each other's writes. */
export type VaultState = {
  scopes: Record<string, VaultScope>;
  rotations: Record<string, VaultRotation>;
  consents: Record<string, VaultConsent>;
  contacts: Record<string, VaultContact>;
  entries: Record<string, VaultEntry>;
  checkpoints: Record<string, VaultCheckpoint>;
  requests: Record<string, VaultRequest>;
  seeds: Record<string, VaultSeed>;
};

/** To whom a vault belongs; bound into it. */
export type VaultContext = ChainContext & { patient: Address; generation: number };

/** What a message is about. */
export type MessageKind =
  "grant" | "request" | "refusal" | "application" | "application-answer" | "note" | "succession";

/** An opened message whose signature was checked. */
export type Message = { kind: MessageKind; body: CborValue; sender: Address; keyDocument: Hex; sentAt: number };
