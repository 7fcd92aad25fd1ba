/**
 * @module records/content
 * Encrypts a file of any size as a stream of leaves: zero-filled to its padded size, cut into chunks of 1,048,560 bytes, each
 * AES-256-GCM under a nonce that carries its index and whether it is the last. Needs about 10 MiB whatever the file's size.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, type Hex } from "../bytes.ts";
import { importAesKey, sealAes } from "../crypto/aead.ts";
import { SdkError } from "../errors.ts";
import { CHUNK_AAD, chunkNonce, expandFileKeys } from "./file-keys.ts";
import { CHUNK_BYTES, leafCount, leafSize } from "./padding.ts";
import { mapInOrder } from "./pipeline.ts";
import type { ContentSource, EncryptedLeaf } from "./types.ts";

/** Slices of a Blob that are read at the same time. */
const READ_AHEAD = 2;

type Chunk = { index: number; bytes: Uint8Array<ArrayBuffer> };

/**
 * Size and SHA-256 of a file, read as a stream. An upload queue binds the file's keys to these two.
 * @param options - `onProgress`: receives the bytes read so far; `signal`: aborts with CANCELLED.
 */
export async function hashContent(
  source: ContentSource,
  options: { onProgress?: (bytesRead: number) => void; signal?: AbortSignal } = {},
): Promise<{ size: number; sha256: Hex }> {
  const hash = sha256.create();
  let size = 0;
  for await (const piece of piecesOf(source)) {
    if (options.signal?.aborted) throw new SdkError("CANCELLED", "the work was cancelled");
    hash.update(piece);
    size += piece.length;
    options.onProgress?.(size);
  }
  return { size, sha256: toHex(hash.digest()) };
}

/**
 * Encrypts a content leaf by leaf, in order, four in flight.
 * @param input - `size`: the file's true size in bytes; `dek`: 32 bytes. With `salt` used for this very content only:
 * see `newFileKeys`; `salt`: 16 bytes; `sha256`: if given, the last leaf is held back until the file proves to have
 * this hash; `fromLeaf`: go on from this leaf. Needs a Blob and `sha256`, and reads the whole file first: changed
 * bytes must never meet the same nonce.
 * @throws SdkError FILE_CHANGED when the source has not the size or hash it was announced with.
 * @throws SdkError INVALID_ARGUMENT | TOO_LARGE
 */
export async function* encryptContent(input: {
  source: ContentSource;
  size: number;
  dek: Uint8Array;
  salt: Uint8Array;
  sha256?: Hex;
  fromLeaf?: number;
}): AsyncGenerator<EncryptedLeaf, void, undefined> {
  const { source, size, fromLeaf = 0 } = input;
  const count = leafCount(size);
  if (!Number.isInteger(fromLeaf) || fromLeaf < 0 || fromLeaf > count) {
    throw new SdkError("INVALID_ARGUMENT", `fromLeaf: expected 0 to ${count}`);
  }
  const { payloadKey, baseNonce } = expandFileKeys(input);
  if (fromLeaf > 0) await assertUnchanged(source, size, input.sha256);
  const key = await importAesKey(payloadKey);
  const verified = fromLeaf > 0 ? undefined : input.sha256;
  yield* mapInOrder(chunksOf(source, size, fromLeaf, verified), async ({ index, bytes }) => {
    const sealed = await sealAes(key, chunkNonce(baseNonce, index, index === count - 1), bytes, CHUNK_AAD);
    return { index, bytes: sealed, digest: await sha256Of(sealed) };
  });
}

/** SHA-256 by Web Crypto: off the main thread, and several times faster than JavaScript. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<Hex> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

async function assertUnchanged(source: ContentSource, size: number, expected: Hex | undefined): Promise<void> {
  if (!(source instanceof Blob) || expected === undefined) {
    throw new SdkError("INVALID_ARGUMENT", "to go on, the file must be a Blob and its sha256 given");
  }
  const found = await hashContent(source);
  if (found.size !== size || found.sha256 !== expected.toLowerCase()) throw fileChanged();
}

function fileChanged(): SdkError {
  return new SdkError("FILE_CHANGED", "the file is not the one that was announced");
}

/** A Blob in slices, so that a slow reader never makes it pile up in memory; another stream as it comes. */
async function* piecesOf(source: ContentSource, from = 0): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(source instanceof Blob)) return yield* source;
  yield* mapInOrder(slicesOf(source, from), async (slice) => new Uint8Array(await slice.arrayBuffer()), READ_AHEAD);
}

function* slicesOf(blob: Blob, from: number): Generator<Blob, void, undefined> {
  for (let start = from; start < blob.size; start += CHUNK_BYTES) yield blob.slice(start, start + CHUNK_BYTES);
}

/** The padded file in chunks from `fromLeaf` on. Throws FILE_CHANGED before it gives the last data away. */
async function* chunksOf(
  source: ContentSource,
  size: number,
  fromLeaf: number,
  expectedSha256: Hex | undefined,
): AsyncGenerator<Chunk, void, undefined> {
  const count = leafCount(size);
  const hash = expectedSha256 === undefined ? undefined : sha256.create();
  const lengthOf = (index: number): number => leafSize(size, Math.min(index, count - 1)) - 16;
  let read = Math.min(fromLeaf * CHUNK_BYTES, size);
  let index = fromLeaf;
  let filled = 0;
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  // A full chunk is given away only when more data follows it: the one with the last byte waits for the checks.
  for await (const piece of piecesOf(source, read)) {
    hash?.update(piece);
    read += piece.length;
    if (read > size) throw fileChanged();
    for (let offset = 0; offset < piece.length;) {
      if (bytes !== null && filled === bytes.length) {
        yield { index: index++, bytes };
        bytes = null;
        filled = 0;
      }
      if (bytes === null && source instanceof Blob && piece.length === lengthOf(index)) {
        // A slice begins where a chunk does, and is nobody else's: a whole one need not be copied.
        bytes = piece as Uint8Array<ArrayBuffer>;
        filled = bytes.length;
        break;
      }
      bytes ??= new Uint8Array(lengthOf(index));
      const taken = Math.min(piece.length - offset, bytes.length - filled);
      bytes.set(piece.subarray(offset, offset + taken), filled);
      offset += taken;
      filled += taken;
    }
  }
  if (read !== size) throw fileChanged();
  if (hash !== undefined && toHex(hash.digest()) !== expectedSha256?.toLowerCase()) throw fileChanged();
  for (; index < count; index++) {
    yield { index, bytes: bytes ?? new Uint8Array(lengthOf(index)) };
    bytes = null;
  }
}
