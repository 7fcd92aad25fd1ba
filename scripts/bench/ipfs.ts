/**
 * @module bench/ipfs
 * Encrypting while uploading, against uploading alone: to a server of its own that checks and stores each block as Kubo does,
 * on this machine and behind a link.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlockClient, type BlockClient } from "@carekey/sdk/ipfs";
import { encryptContent, mapInOrder, newFileKeys, type EncryptedLeaf } from "@carekey/sdk/records";
import { atLeastTimes, compared, leastMilliseconds, type BenchPart } from "./result.ts";

const SIZE = 32 * 1024 * 1024;
/** Bytes per second: 400 Mbit/s, more than nearly anyone uploads with, and so fast that encrypting first and uploading then would miss the goal. */
const LINK = 50_000_000;

/** Stores leaves as the client does: a few under way at once. */
async function putAll(
  client: BlockClient,
  leaves: Iterable<EncryptedLeaf> | AsyncIterable<EncryptedLeaf>,
): Promise<void> {
  for await (const stored of mapInOrder(leaves, ({ bytes, digest }) => client.putRaw(bytes, { digest }))) void stored;
}

/** Both speeds, to a server behind a link of `link` bytes per second. */
async function measure(link?: number): Promise<{ value: number; reference: number; unit: string }> {
  const folder = mkdtempSync(join(tmpdir(), "carekey-bench-"));
  const args = [join(import.meta.dirname, "block-server.ts"), folder, ...(link === undefined ? [] : [String(link)])];
  const server = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      server.once("error", reject);
      server.once("exit", () => reject(new Error("the block server did not start")));
      server.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const client = createBlockClient({ url: `http://127.0.0.1:${port}` });
    const blob = new Blob([new Uint8Array(randomBytes(SIZE))]);
    const leaves: EncryptedLeaf[] = [];
    for await (const leaf of encryptContent({ source: blob, size: SIZE, ...newFileKeys() })) leaves.push(leaf);
    const times = await leastMilliseconds(
      {
        alone: () => putAll(client, leaves),
        both: () => putAll(client, encryptContent({ source: blob, size: SIZE, ...newFileKeys() })),
      },
      4,
    );
    const speed = (milliseconds: number): number => SIZE / 1000 / milliseconds;
    return { value: speed(times.both), reference: speed(times.alone), unit: "MB/s" };
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Speed of encrypting and uploading at once. */
export const ipfs: BenchPart = {
  name: "ipfs",
  run: async () => [
    compared("encrypt and upload on this machine, against upload alone", await measure()),
    atLeastTimes("encrypt and upload at 400 Mbit/s, against upload alone", await measure(LINK), 0.95),
  ],
};
