/**
 * @module client/blocks
 * Raw blocks by digest, fetched once per Carekey: they are named by their hash, so a cached one is never stale.
 */
import type { Hex } from "../bytes.ts";
import { decodeCbor } from "../cbor.ts";
import { isSdkError } from "../errors.ts";
import { keptFor } from "./kept.ts";
import type { Carekey } from "./types.ts";

/** Ciphertext kept in memory per Carekey, bytes. */
const CACHE_BYTES = 32 * 1024 * 1024;

type Cache = { blocks: Map<Hex, Uint8Array>; bytes: number };
const cacheOf = keptFor<Carekey, Cache>(() => ({ blocks: new Map(), bytes: 0 }));

/** A raw block by its sha-256. @throws SdkError NOT_FOUND, CID_MISMATCH, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function readBlock(carekey: Carekey, digest: Hex): Promise<Uint8Array> {
  const cache = cacheOf(carekey);
  const cached = cache.blocks.get(digest);
  if (cached !== undefined) return cached;
  const bytes = await carekey.ipfs.getRaw(digest);
  cache.blocks.set(digest, bytes);
  cache.bytes += bytes.length;
  for (const [oldest, block] of cache.blocks) {
    if (cache.bytes <= CACHE_BYTES) break;
    cache.blocks.delete(oldest);
    cache.bytes -= block.length;
  }
  return bytes;
}

/** A raw block, or null when it is gone or no such block was ever served. Other failures are thrown. */
export async function readBlockOrNull(carekey: Carekey, digest: Hex): Promise<Uint8Array | null> {
  try {
    return await readBlock(carekey, digest);
  } catch (error) {
    if (isSdkError(error, "NOT_FOUND") || isSdkError(error, "CID_MISMATCH")) return null;
    throw error;
  }
}

/** The type that a block claims, such as "wraps" or "vault"; null for anything else than a Carekey block. */
export function blockTypeOf(bytes: Uint8Array): string | null {
  try {
    const value = decodeCbor(bytes);
    return Array.isArray(value) && typeof value[1] === "string" ? value[1] : null;
  } catch {
    return null;
  }
}
