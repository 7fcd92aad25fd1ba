/**
 * @module records/file-keys
 * The keys of one version of one record: prk = HKDF-Extract(salt, DEK); each key = Expand(prk, "carekey/file/v1/" ‖ name ‖ suite),
 * name and suite as u16be length ‖ bytes.
 */
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { assertBytes, concatBytes, lengthPrefixed, utf8 } from "../bytes.ts";
import { SUITE, secureRandom, type Random } from "../crypto/index.ts";
import type { FileKeys } from "./types.ts";

/** What a DEK and salt expand to. */
export type ExpandedKeys = {
  /** AES-256-GCM key of the content's chunks, 32 bytes. */
  payloadKey: Uint8Array;
  /** 12 bytes; chunk nonces differ from it by index and last flag. */
  baseNonce: Uint8Array<ArrayBuffer>;
  /** XChaCha20-Poly1305 key of the manifest, 32 bytes. */
  manifestKey: Uint8Array;
  /** In clear in the record block: no block opens under two DEKs. 32 bytes. */
  commitment: Uint8Array;
};

/** Fresh secrets for one version of one record: never used for a second content. */
export function newFileKeys(random: Random = secureRandom): FileKeys {
  return { dek: new Uint8Array(random(32)), salt: new Uint8Array(random(16)) };
}

/** Expands a DEK (32 bytes) with its salt (16 bytes). @throws SdkError INVALID_ARGUMENT */
export function expandFileKeys(keys: { dek: Uint8Array; salt: Uint8Array }): ExpandedKeys {
  assertBytes(keys.dek, 32, "DEK");
  assertBytes(keys.salt, 16, "salt");
  const prk = extract(sha256, keys.dek, keys.salt);
  const derive = (name: string, length: number) =>
    expand(
      sha256,
      prk,
      concatBytes(utf8("carekey/file/v1/"), lengthPrefixed(utf8(name), new Uint8Array([SUITE]))),
      length,
    );
  return {
    payloadKey: derive("payload", 32),
    baseNonce: new Uint8Array(derive("nonce", 12)),
    manifestKey: derive("manifest", 32),
    commitment: derive("commitment", 32),
  };
}

/** Nonce of chunk `index`: baseNonce XOR (0^7 ‖ u32be(index) ‖ u8(is last)). */
export function chunkNonce(baseNonce: Uint8Array, index: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(baseNonce);
  const view = new DataView(nonce.buffer);
  view.setUint32(7, view.getUint32(7) ^ index);
  nonce[11]! ^= isLast ? 1 : 0;
  return nonce;
}

/** Additional data of every chunk. */
export const CHUNK_AAD = utf8("carekey/chunk/v1");
