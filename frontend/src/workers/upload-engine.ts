/**
 * @module workers/upload-engine
 * The two passes over a file: sha-256, then encryption with each encrypted leaf stored as it is made, a few at a time.
 * Knows blocks and bytes only; runs in the worker and, with another block store, in tests.
 */
import type { Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import type { BlockClient } from "@carekey/sdk/ipfs";
import { CHUNK_BYTES, contentCid, encryptContent, hashContent } from "@carekey/sdk/records";

/** Encrypted leaves under way at once. */
export const LEAVES_IN_FLIGHT = 4;
/** Options of both passes. */
export type PassOptions = { signal: AbortSignal; onProgress?: (doneBytes: number) => void };

/**
 * The sha-256 of a file, read in steps.
 * @throws SdkError CANCELLED, FILE_CHANGED when the file can no longer be read.
 */
export async function hashFile(file: Blob, { signal, onProgress }: PassOptions): Promise<Hex> {
  try {
    return (await hashContent(file, { signal, onProgress })).sha256;
  } catch (error) {
    throw readFailure(error);
  }
}

/** Input of {@link uploadFile}. */
export type UploadInput = {
  file: Blob;
  /** 32 and 16 bytes, made for this file's (size, sha256) only. */
  dek: Uint8Array;
  salt: Uint8Array;
  sha256: Hex;
  /** Digests of the leaves that an earlier run stored, from the first on. */
  done: readonly Hex[];
};

/** Options of {@link uploadFile}. */
export type UploadOptions = PassOptions & {
  blocks: Pick<BlockClient, "putRaw" | "putDagPb" | "has">;
  /** Called when the unbroken run of stored leaves grows, with all digests so far. */
  onStored?: (leafDigests: readonly Hex[]) => void;
};

/**
 * Encrypts a file and stores its leaves and root. Leaves of an earlier run are skipped if the server still has them.
 * @returns the address of the ciphertext and the digest of each leaf.
 * @throws SdkError CANCELLED, FILE_CHANGED, IPFS_UNAVAILABLE, NOT_SIGNED_IN, QUOTA_EXCEEDED, STORAGE_FULL, RATE_LIMITED
 */
export async function uploadFile(
  { file, dek, salt, sha256, done }: UploadInput,
  { blocks, signal, onProgress, onStored }: UploadOptions,
): Promise<{ cid: string; leafDigests: Hex[] }> {
  const kept = (await areStored(blocks, done)) ? done : [];
  const run = createRun(kept, file.size, { onProgress, onStored });
  const underway = new Set<Promise<void>>();
  const failures: SdkError[] = [];

  try {
    const leaves = encryptContent({ source: file, size: file.size, dek, salt, sha256, fromLeaf: kept.length });
    for await (const leaf of leaves) {
      assertGoesOn(signal);
      const stored = blocks
        .putRaw(leaf.bytes, { digest: leaf.digest, signal })
        .then(() => run.store(leaf.index, leaf.digest))
        .catch((error: unknown) => void failures.push(storeFailure(error)))
        .finally(() => underway.delete(stored));
      underway.add(stored);
      if (underway.size >= LEAVES_IN_FLIGHT) await Promise.race(underway);
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.push(readFailure(error));
  }
  await Promise.all(underway);
  assertGoesOn(signal);
  if (failures[0] !== undefined) throw failures[0];

  const leafDigests = run.digests();
  const { cid, nodes } = contentCid(leafDigests, file.size);
  for (const node of nodes) await blocks.putDagPb(node.bytes, { signal });
  return { cid, leafDigests };
}

/** Keeps the unbroken run of stored leaves while they arrive in any order. */
function createRun(
  kept: readonly Hex[],
  size: number,
  { onProgress, onStored }: Pick<UploadOptions, "onProgress" | "onStored">,
) {
  const inOrder = [...kept];
  const early = new Map<number, Hex>();
  let doneBytes = Math.min(size, kept.length * CHUNK_BYTES);
  onProgress?.(doneBytes);
  return {
    store(index: number, digest: Hex) {
      early.set(index, digest);
      doneBytes = Math.min(size, doneBytes + CHUNK_BYTES);
      const before = inOrder.length;
      for (let next = early.get(inOrder.length); next !== undefined; next = early.get(inOrder.length)) {
        early.delete(inOrder.length);
        inOrder.push(next);
      }
      onProgress?.(doneBytes);
      if (inOrder.length > before) onStored?.(inOrder);
    },
    digests: () => inOrder,
  };
}

/** Whether the first and the last leaf of an earlier run are still there: unpinned blocks are dropped after a day. */
async function areStored(blocks: Pick<BlockClient, "has">, done: readonly Hex[]): Promise<boolean> {
  const [first, last] = [done[0], done.at(-1)];
  if (first === undefined || last === undefined) return true;
  return (await blocks.has(last)) && (await blocks.has(first));
}

/** A browser reports a file that was changed or moved since it was chosen as one that cannot be read. */
function readFailure(error: unknown): SdkError {
  if (error instanceof SdkError) return error;
  return new SdkError("FILE_CHANGED", "the file can no longer be read as it was chosen", { cause: error });
}

function storeFailure(error: unknown): SdkError {
  return error instanceof SdkError ? error : new SdkError("INTERNAL", "a leaf could not be stored", { cause: error });
}

function assertGoesOn(signal: AbortSignal): void {
  if (signal.aborted) throw new SdkError("CANCELLED", "the upload was stopped");
}
