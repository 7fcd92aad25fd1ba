/**
 * @module identity/key-document
 * A person's public keys and display fields, chained so that whoever pinned a key can follow it through its successors.
 * ```
 * [1, "key", address 20, suite, X-Wing public key 1,216, Ed25519 public key 32, issuedAt, {display}, previous digest 32 | null,
 *  signature 64 | null]
 * ```
 * The signature is by the previous document's Ed25519 key over DAG-CBOR of `["carekey/key/v1", all fields but the signature]`.
 */
import { assertBytes, fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import { encodeCbor, type CborValue } from "../cbor.ts";
import { SUITE, signBytes, verifyBytes, type PersonKeys } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import {
  asArgument,
  decodeBlock,
  encodeBlock,
  readAddress,
  readBytes,
  readHex,
  readMap,
  readNullable,
  readText,
  readUint,
  type EncodedBlock,
} from "../block.ts";

/** Public fields that a person shows: name, speciality, organisation … At most 32, keys of 64 and texts of 512 characters. */
export type DisplayFields = Record<string, string>;

/** A key document. */
export type KeyDocument = {
  address: Address;
  /** The suite of envelopes to this person; 1 in this build. */
  suite: number;
  /** 1,216 bytes. */
  xwingPublicKey: Uint8Array;
  /** 32 bytes. */
  ed25519PublicKey: Uint8Array;
  issuedAt: number;
  display: DisplayFields;
  /** Digest of the document that this one replaces. */
  previous: Hex | null;
  /** By the previous document's Ed25519 key, 64 bytes. */
  signature: Uint8Array | null;
};

const MAX_DISPLAY_FIELDS = 32;

/**
 * Makes the key document of `keys`, chained to the previous one if there is one.
 * @param input - `issuedAt`: seconds; `previous`: the document it replaces and that document's Ed25519 secret.
 * @throws SdkError INVALID_ARGUMENT when the previous document is another person's or later, or the secret is not its.
 */
export function makeKeyDocument(input: {
  keys: PersonKeys;
  address: Address;
  issuedAt: number;
  display: DisplayFields;
  previous?: { document: KeyDocument; signSecret: Uint8Array };
}): KeyDocument {
  const { keys, previous } = input;
  const document: KeyDocument = {
    address: asArgument("key document", () => readAddress(fromHex(input.address, 20, "address"), "address")),
    suite: SUITE,
    xwingPublicKey: keys.xwingPublicKey.slice(),
    ed25519PublicKey: keys.signPublicKey.slice(),
    issuedAt: input.issuedAt,
    display: { ...input.display },
    previous: previous === undefined ? null : encodeKeyDocument(previous.document).digest,
    signature: null,
  };
  if (previous !== undefined) {
    document.signature = signBytes(previous.signSecret, signedBytes(document));
    if (!isChained(previous.document, [document])) {
      throw new SdkError("INVALID_ARGUMENT", "previous key document: not this person's, later, or of another secret");
    }
  }
  encodeKeyDocument(document);
  return document;
}

/**
 * The block of a key document and its digest, which goes on chain.
 * @throws SdkError INVALID_ARGUMENT when a field has the wrong length or range.
 */
export function encodeKeyDocument(document: KeyDocument): EncodedBlock {
  assertBytes(document.xwingPublicKey, 1216, "X-Wing public key");
  assertBytes(document.ed25519PublicKey, 32, "Ed25519 public key");
  if (document.signature !== null) assertBytes(document.signature, 64, "signature");
  return asArgument("key document", () => {
    const block = encodeBlock("key", [...fieldsOf(document), document.signature]);
    decodeKeyDocument(block.bytes);
    return block;
  });
}

/**
 * Reads a key document. Says nothing about whether it is the one on chain: compare its digest.
 * @throws SdkError MALFORMED | UNSUPPORTED_VERSION (other block version, type or suite)
 */
export function decodeKeyDocument(bytes: Uint8Array): KeyDocument {
  const [address, suite, xwing, ed25519, issuedAt, display, previous, signature] = decodeBlock(bytes, "key", 8);
  if (readUint(suite, "suite") !== SUITE) {
    throw new SdkError("UNSUPPORTED_VERSION", "key document: a suite that this build does not know");
  }
  const document: KeyDocument = {
    address: readAddress(address, "address"),
    suite: SUITE,
    xwingPublicKey: readBytes(xwing, "X-Wing public key", 1216),
    ed25519PublicKey: readBytes(ed25519, "Ed25519 public key", 32),
    issuedAt: readUint(issuedAt, "issuedAt"),
    display: readDisplay(display),
    previous: readNullable(previous, (value) => readHex(value, "previous digest")),
    signature: readNullable(signature, (value) => readBytes(value, "signature", 64)),
  };
  if ((document.previous === null) !== (document.signature === null)) {
    throw new SdkError("MALFORMED", "key document: previous digest and signature come together");
  }
  return document;
}

/** The first 20 bytes of a key document's digest: what the chain keeps per account. */
export function keyHashOf(digest: Hex): Hex {
  return toHex(fromHex(digest, 32, "digest").subarray(0, 20));
}

/**
 * Whether the last of `next` follows from `pinned`: same address, each names the digest of the one before, is signed by its
 * Ed25519 key and is not older. True for no successors.
 */
export function isChained(pinned: KeyDocument, next: readonly KeyDocument[]): boolean {
  let last = pinned;
  for (const document of next) {
    const follows =
      document.address.toLowerCase() === last.address.toLowerCase() &&
      document.issuedAt >= last.issuedAt &&
      document.previous === encodeKeyDocument(last).digest &&
      document.signature !== null &&
      verifyBytes(last.ed25519PublicKey, signedBytes(document), document.signature);
    if (!follows) return false;
    last = document;
  }
  return true;
}

function fieldsOf(document: KeyDocument): CborValue[] {
  return [
    fromHex(document.address, 20, "address"),
    document.suite,
    document.xwingPublicKey,
    document.ed25519PublicKey,
    document.issuedAt,
    document.display,
    document.previous === null ? null : fromHex(document.previous, 32, "previous digest"),
  ];
}

function signedBytes(document: KeyDocument): Uint8Array {
  return encodeCbor(["carekey/key/v1", ...fieldsOf(document)]);
}

function readDisplay(value: CborValue | undefined): DisplayFields {
  const entries = Object.entries(readMap(value, "display"));
  if (entries.length > MAX_DISPLAY_FIELDS) throw new SdkError("MALFORMED", "display: too many fields");
  return Object.fromEntries(
    entries.map(([key, text]) => [readText(key, "display key", 64), readText(text, `display ${key}`, 512)]),
  );
}
