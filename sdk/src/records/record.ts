/**
 * @module records/record
 * The record block; its sha-256 is the record's pointer.
 * ```
 * [1, "record", suite, salt 16, commitment 32, sealed DEK | null, nonce 24, XChaCha20-Poly1305(manifest; AAD = all fields before the nonce)]
 * manifest = u32be length ‖ [core, content CID | null, leaf digests joined, signedAt, signature | null, proposed scope | null] ‖ zeros to
 *  a multiple of 1 KiB
 * ```
 */
import {
  asArgument,
  BLOCK_VERSION,
  decodeBlock,
  encodeBlock,
  readArray,
  readBytes,
  readNullable,
  readText,
  readUint,
} from "../block.ts";
import { concatBytes, equalBytes, fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../cbor.ts";
import { decryptionFailed, openXChaCha, sealXChaCha } from "../crypto/aead.ts";
import { SUITE, openEnvelope, sealEnvelope, secureRandom, type EnvelopeContext, type Random } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { contentCid } from "./content-dag.ts";
import { coreFromArray, coreToArray, hashCore, isEmptyCore } from "./core.ts";
import { expandFileKeys, newFileKeys } from "./file-keys.ts";
import { leafCount, padBlock, unpadBlock } from "./padding.ts";
import type {
  ChainContext,
  ContentRef,
  Core,
  FileKeys,
  Manifest,
  OpenedManifest,
  Opener,
  Recipient,
  RecordBlock,
} from "./types.ts";

const MAX_SIGNATURE_BYTES = 8192;

/** A sealed record: the block, its pointer and the secrets of its content. */
export type SealedRecord = FileKeys & { bytes: Uint8Array<ArrayBuffer>; pointer: Hex };

/**
 * Seals a record block.
 * @param input - `keys`: the keys with which the content was encrypted; needed with content, else fresh ones are
 * made; `sealTo`: the patient, when the author is somebody else: the DEK is sealed to the patient's key; `signature`:
 * the author's wallet signature over {@link authoredTypedData}; null for the patient's own records; `signedAt`:
 * seconds.
 * @throws SdkError INVALID_ARGUMENT when a field is out of range, or content and core do not belong together.
 * @throws SdkError TOO_LARGE when the block would be above 1 MiB.
 */
export async function sealRecord(input: {
  core: Core;
  content?: ContentRef | null;
  keys?: FileKeys;
  sealTo?: { chain: ChainContext; patient: Recipient };
  signature: Hex | null;
  signedAt: number;
  proposedScope: string | null;
  random?: Random;
}): Promise<SealedRecord> {
  const random = input.random ?? secureRandom;
  const content = input.content ?? null;
  if (content !== null && input.keys === undefined) {
    throw new SdkError("INVALID_ARGUMENT", "keys: a record with content takes the keys of its content");
  }
  const { dek, salt } = input.keys ?? newFileKeys(random);
  const { manifestKey, commitment } = expandFileKeys({ dek, salt });
  const manifest = encodeManifest({ ...input, content });
  const sealedDek =
    input.sealTo === undefined
      ? null
      : await sealDek({ ...input.sealTo, author: input.core.author, dek, salt, commitment, random: input.random });
  const header = [SUITE, new Uint8Array(salt), commitment, sealedDek];
  const nonce = random(24);
  const sealed = sealXChaCha(manifestKey, nonce, manifest, headerAad(header));
  const block = encodeBlock("record", [...header, nonce, sealed]);
  return { bytes: block.bytes, pointer: block.digest, dek: new Uint8Array(dek), salt: new Uint8Array(salt) };
}

/** Reads a record block without opening it. @throws SdkError MALFORMED | UNSUPPORTED_VERSION */
export function decodeRecordBlock(bytes: Uint8Array): RecordBlock {
  const [suite, salt, commitment, sealedDek, nonce, sealed] = decodeBlock(bytes, "record", 6);
  if (readUint(suite, "suite") !== SUITE) {
    throw new SdkError("UNSUPPORTED_VERSION", "record: a suite that this build does not know");
  }
  return {
    salt: readBytes(salt, "salt", 16),
    commitment: readBytes(commitment, "commitment", 32),
    sealedDek: readNullable(sealedDek, (value) => readBytes(value, "sealed DEK")),
    nonce: readBytes(nonce, "nonce", 24),
    sealedManifest: readBytes(sealed, "manifest"),
  };
}

/**
 * Opens a record block with its DEK. The author's signature is the caller's to check: it may need the chain (ERC-1271).
 * @throws SdkError DECRYPTION_FAILED for another DEK or altered bytes; MALFORMED | UNSUPPORTED_VERSION for other framing.
 */
export function openRecordBlock(input: { bytes: Uint8Array; dek: Uint8Array }): OpenedManifest {
  const block = decodeRecordBlock(input.bytes);
  const { manifestKey, commitment } = expandFileKeys({ dek: input.dek, salt: block.salt });
  if (!equalBytes(commitment, block.commitment)) throw decryptionFailed();
  const aad = headerAad([SUITE, block.salt, block.commitment, block.sealedDek]);
  const manifest = decodeManifest(openXChaCha(manifestKey, block.nonce, block.sealedManifest, aad));
  return { ...manifest, salt: block.salt };
}

/**
 * The DEK (32 bytes) that an author sealed to the patient.
 * @param input - `author`: the account that submitted the entry on chain.
 * @throws SdkError DECRYPTION_FAILED, also when it belongs to another block; NOT_FOUND when the block has none.
 */
export async function openSealedDek(input: {
  bytes: Uint8Array;
  chain: ChainContext;
  author: Address;
  patient: Opener;
}): Promise<Uint8Array<ArrayBuffer>> {
  const block = decodeRecordBlock(input.bytes);
  if (block.sealedDek === null) throw new SdkError("NOT_FOUND", "record: no DEK is sealed in it");
  const context = dekContext(input.chain, input.author, input.patient, block.salt, block.commitment);
  const dek = await openEnvelope({ recipientSecret: input.patient.secret, context }, block.sealedDek);
  if (dek.length !== 32) throw decryptionFailed();
  const { commitment } = expandFileKeys({ dek, salt: block.salt });
  if (!equalBytes(commitment, block.commitment)) throw decryptionFailed();
  return dek;
}

function sealDek(input: {
  chain: ChainContext;
  patient: Recipient;
  author: Address;
  dek: Uint8Array;
  salt: Uint8Array;
  commitment: Uint8Array;
  random: Random | undefined;
}): Promise<Uint8Array> {
  const { chain, patient, author, salt, commitment, random } = input;
  const context = dekContext(chain, author, patient, salt, commitment);
  return sealEnvelope({ recipientPublicKey: patient.publicKey, context, ...(random && { random }) }, input.dek);
}

function dekContext(
  chain: ChainContext,
  sender: Address,
  recipient: { address: Address; keyHash: Hex },
  salt: Uint8Array,
  commitment: Uint8Array,
): EnvelopeContext {
  return {
    chainId: chain.chainId,
    contract: chain.contract,
    purpose: "submit",
    sender,
    recipient: recipient.address,
    recipientKeyHash: recipient.keyHash,
    id: concatBytes(salt, commitment),
  };
}

function headerAad(header: CborValue[]): Uint8Array {
  return encodeCbor([BLOCK_VERSION, "record", ...header]);
}

function encodeManifest(manifest: Manifest): Uint8Array {
  const { core, content, signedAt, signature, proposedScope } = manifest;
  hashCore(core); // refuses what is out of range, and FHIR too deep to encode
  return asArgument("record", () => {
    const encoded = encodeCbor([
      coreToArray(core),
      content === null ? null : content.cid,
      concatBytes(...(content?.leafDigests ?? []).map((digest) => fromHex(digest, 32, "leaf digest"))),
      signedAt,
      signature === null ? null : fromHex(signature),
      proposedScope,
    ]);
    const padded = padBlock(encoded);
    decodeManifest(padded);
    return padded;
  });
}

function decodeManifest(padded: Uint8Array): Manifest {
  const fields = readArray(decodeCbor(unpadBlock(padded)), "manifest", 6);
  const [coreValue, cid, digests, signedAt, signature, proposedScope] = fields;
  const core = coreFromArray(coreValue);
  return {
    core,
    content: readContent(core, cid, digests),
    signedAt: readUint(signedAt, "signedAt"),
    signature: readNullable(signature, readSignature),
    proposedScope: readNullable(proposedScope, (value) => readText(value, "proposed scope", 256)),
  };
}

function readContent(core: Core, cidValue: CborValue | undefined, digestsValue: CborValue | undefined) {
  const cid = readNullable(cidValue, (value) => readText(value, "content CID", 128));
  const joined = readBytes(digestsValue, "leaf digests");
  if (cid === null) {
    if (joined.length > 0 || !isEmptyCore(core)) throw new SdkError("MALFORMED", "manifest: content is missing");
    return null;
  }
  if (joined.length !== leafCount(core.size) * 32) throw new SdkError("MALFORMED", "manifest: wrong number of leaves");
  const leafDigests = Array.from({ length: joined.length / 32 }, (_, leaf) =>
    toHex(joined.subarray(leaf * 32, leaf * 32 + 32)),
  );
  if (contentCid(leafDigests, core.size).cid !== cid) {
    throw new SdkError("MALFORMED", "manifest: the CID is not that of the leaves");
  }
  return { cid, leafDigests };
}

function readSignature(value: CborValue): Hex {
  const bytes = readBytes(value, "signature");
  if (bytes.length > MAX_SIGNATURE_BYTES) throw new SdkError("MALFORMED", "manifest: signature too long");
  return toHex(bytes);
}
