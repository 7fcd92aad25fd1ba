/**
 * @module test/sdk/records/memory-probe
 * `node --expose-gc memory-probe.ts <bytes>`: hashes, encrypts and decrypts a generated file and prints as JSON by how much live memory
 * (after garbage collection) and resident memory grew at their peaks. No leaf is kept.
 */
import {
  CHUNK_BYTES,
  decryptContent,
  encryptContent,
  hashContent,
  newFileKeys,
  type EncryptedLeaf,
} from "../../../sdk/src/records/index.ts";

async function* generated(size: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < size; sent += 65_536) yield new Uint8Array(Math.min(65_536, size - sent)).fill(sent >>> 16);
}

async function main(): Promise<void> {
  const size = Number(process.argv[2] ?? 32e6);
  await pass(4 * CHUNK_BYTES); // loads and compiles what is used below
  const before = measure();
  const peak = await pass(size);
  const report = {
    sizeBytes: size,
    liveGrowth: peak.live - before.live,
    residentGrowth: peak.resident - before.resident,
  };
  console.log(JSON.stringify(report));
}

type Memory = { live: number; resident: number };

function measure(): Memory {
  if (globalThis.gc === undefined) throw new Error("run me with --expose-gc");
  const resident = process.memoryUsage.rss();
  // Buffers are freed in another thread, which the second collection waits for.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { live: heapUsed + arrayBuffers, resident };
}

/** Hashes, encrypts and decrypts; returns the highest memory seen, measured at every fourth leaf. */
async function pass(size: number): Promise<Memory> {
  const keys = newFileKeys();
  const { sha256 } = await hashContent(generated(size));
  const leafDigests: EncryptedLeaf["digest"][] = [];
  let peak = measure();
  let seen = 0;
  const sample = () => {
    if (seen++ % 4 > 0) return;
    const now = measure();
    peak = { live: Math.max(peak.live, now.live), resident: Math.max(peak.resident, now.resident) };
  };
  for await (const leaf of encryptContent({ source: generated(size), size, ...keys, sha256 })) {
    leafDigests.push(leaf.digest);
    sample();
  }
  // Leaves are made again on demand, in the order in which the reader asks for them: nothing is stored.
  const again = encryptContent({ source: generated(size), size, ...keys });
  const leaves = async () => {
    const { value } = await again.next();
    if (!value) throw new Error("no leaf left");
    return value.bytes;
  };
  let read = 0;
  for await (const piece of decryptContent({ leaves, ...keys, size, sha256, leafDigests })) {
    read += piece.length;
    sample();
  }
  if (read !== size) throw new Error(`read ${read} of ${size} bytes`);
  return peak;
}

if (import.meta.main) await main();
