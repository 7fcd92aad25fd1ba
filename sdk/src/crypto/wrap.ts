/**
 * @module crypto/wrap
 * How a record's DEK is reached: K = HKDF(A ‖ enc(b·P)) and wrap = AES-256-GCM(K, nonce 0, DEK, AAD = tuple). The zero nonce is safe
 * since K is unique per (tag, epoch, pointer) and a pointer has one DEK.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { assertBytes, concatBytes, fromHex, u32be, utf8, type Hex } from "../bytes.ts";
import { decryptionFailed, importAesKey, openAes, sealAes } from "./aead.ts";
import { encodeTuple, type RecordTuple } from "./tuple.ts";

const ZERO_NONCE = new Uint8Array(12);
/** Bytes of a wrap: DEK 32 ‖ tag 16. */
export const WRAP_BYTES = 48;

/**
 * The record key K, 32 bytes.
 * @param input - `scopeKey`: A[scope, epoch], 32 bytes; `point`: enc(b·P(tuple)), 32 bytes: combined from keepers'
 * answers, or computed by the owner.
 */
export function deriveRecordKey(input: { scopeKey: Uint8Array; point: Uint8Array; tuple: RecordTuple }): Uint8Array {
  assertBytes(input.scopeKey, 32, "scope key");
  assertBytes(input.point, 32, "point");
  const info = concatBytes(utf8("carekey/wrap/v1"), encodeTuple(input.tuple));
  return hkdf(sha256, concatBytes(input.scopeKey, input.point), undefined, info, 32);
}

/** Wraps a DEK (32 bytes) under a record key: 48 bytes. */
export async function sealWrap(input: {
  recordKey: Uint8Array;
  dek: Uint8Array;
  tuple: RecordTuple;
}): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes(input.dek, 32, "DEK");
  return sealAes(await importAesKey(input.recordKey), ZERO_NONCE, new Uint8Array(input.dek), encodeTuple(input.tuple));
}

/** The DEK (32 bytes) in a wrap. @throws SdkError DECRYPTION_FAILED */
export async function openWrap(input: {
  recordKey: Uint8Array;
  wrap: Uint8Array;
  tuple: RecordTuple;
}): Promise<Uint8Array<ArrayBuffer>> {
  const key = await importAesKey(input.recordKey);
  if (input.wrap.length !== WRAP_BYTES) throw decryptionFailed();
  return openAes(key, ZERO_NONCE, new Uint8Array(input.wrap), encodeTuple(input.tuple));
}

/** How a reader who knows the tag finds its row: the first 16 bytes of HMAC-SHA-256(tag, recordId ‖ epoch u32be). */
export function rowTag(tag: Hex, recordId: Hex, epoch: number): Uint8Array {
  const message = concatBytes(fromHex(recordId, 32, "record id"), u32be(epoch));
  return hmac(sha256, fromHex(tag, 32, "tag"), message).slice(0, 16);
}
