/**
 * @module records/content-reader
 * Decrypts a content leaf by leaf, whole or a range of bytes. Nothing leaves it that was not authenticated; a whole read also
 * proves that nothing is missing or added and that the file has the hash its author stands for.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, type Hex } from "../bytes.ts";
import { decryptionFailed, importAesKey, openAes } from "../crypto/aead.ts";
import { SdkError } from "../errors.ts";
import { sha256Of } from "./content.ts";
import { CHUNK_AAD, chunkNonce, expandFileKeys } from "./file-keys.ts";
import { CHUNK_BYTES, leafCount, leafSize } from "./padding.ts";
import { mapInOrder } from "./pipeline.ts";

/**
 * Decrypts a content, or the bytes from `start` to `end` (exclusive) of it, fetching only the leaves it needs, four in flight.
 * The last piece of a whole read comes only after the hash was checked, so a reader that gets to the end may trust all of it;
 * pieces before that are authentic but may be shown before the whole is proven.
 * @param input - `leaves`: fetches leaf `index`; `size`: true size in bytes, `sha256` and `leafDigests` as in the
 * manifest.
 * @throws SdkError DECRYPTION_FAILED for a wrong key, and for any leaf that was altered, cut, swapped, left out or added.
 * @throws SdkError INVALID_ARGUMENT when the range is outside the file.
 */
export async function* decryptContent(input: {
  leaves: (index: number) => Promise<Uint8Array>;
  dek: Uint8Array;
  salt: Uint8Array;
  size: number;
  sha256: Hex;
  leafDigests: readonly Hex[];
  start?: number;
  end?: number;
}): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { size, leafDigests, start = 0, end = size } = input;
  const count = leafCount(size);
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > size) {
    throw new SdkError("INVALID_ARGUMENT", `range: expected 0 <= start <= end <= ${size}`);
  }
  if (leafDigests.length !== count) throw decryptionFailed();
  const { payloadKey, baseNonce } = expandFileKeys(input);
  const key = await importAesKey(payloadKey);

  const open = async (index: number): Promise<Chunk> => {
    const leaf = new Uint8Array(await input.leaves(index));
    if (leaf.length !== leafSize(size, index)) throw decryptionFailed();
    if ((await sha256Of(leaf)) !== leafDigests[index]!.toLowerCase()) throw decryptionFailed();
    const nonce = chunkNonce(baseNonce, index, index === count - 1);
    return { from: index * CHUNK_BYTES, bytes: await openAes(key, nonce, leaf, CHUNK_AAD) };
  };

  const isWhole = start === 0 && end === size;
  const first = isWhole ? 0 : Math.floor(start / CHUNK_BYTES);
  const afterLast = isWhole ? count : Math.ceil(end / CHUNK_BYTES);
  const indexes = Array.from({ length: Math.max(0, afterLast - first) }, (_, offset) => first + offset);
  if (!isWhole) {
    if (start === end) return;
    for await (const chunk of mapInOrder(indexes, open)) yield cut(chunk, start, end);
    return;
  }

  const hash = sha256.create();
  let held: Uint8Array<ArrayBuffer> | undefined;
  for await (const chunk of mapInOrder(indexes, open)) {
    const data = cut(chunk, 0, size);
    if (chunk.bytes.subarray(data.length).some((byte) => byte !== 0)) throw decryptionFailed();
    hash.update(data);
    if (data.length === 0) continue;
    if (held !== undefined) yield held;
    held = data;
  }
  if (toHex(hash.digest()) !== input.sha256.toLowerCase()) throw decryptionFailed();
  if (held !== undefined) yield held;
}

type Chunk = { from: number; bytes: Uint8Array<ArrayBuffer> };

function cut({ from, bytes }: Chunk, start: number, end: number): Uint8Array<ArrayBuffer> {
  return bytes.subarray(Math.max(0, start - from), Math.max(0, Math.min(bytes.length, end - from)));
}
