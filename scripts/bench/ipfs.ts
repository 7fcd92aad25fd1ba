/**
 * @module bench/ipfs
 * Encrypting while uploading, against uploading alone: to a server of its own that checks and stores each block as Kubo does.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlockClient, type BlockClient } from "@carekey/sdk/ipfs";
import { encryptContent, mapInOrder, newFileKeys, type EncryptedLeaf } from "@carekey/sdk/records";
import { atLeastTimes, leastMilliseconds, type BenchPart } from "./result.ts";

const SIZE = 32 * 1024 * 1024;

/** Stores leaves as the client does: a few under way at once. */
async function putAll(
  client: BlockClient,
  leaves: Iterable<EncryptedLeaf> | AsyncIterable<EncryptedLeaf>,
): Promise<void> {
  for await (const stored of mapInOrder(leaves, ({ bytes, digest }) => client.putRaw(bytes, { digest }))) void stored;
}

/** Speed of encrypting and uploading at once. */
export const ipfs: BenchPart = {
  name: "ipfs",
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "carekey-bench-"));
    const server = spawn(process.execPath, [join(import.meta.dirname, "block-server.ts"), folder], {
      stdio: ["pipe", "pipe", "inherit"],
    });
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
      const speeds = { value: speed(times.both), reference: speed(times.alone), unit: "MB/s" };
      return [atLeastTimes("encrypt and upload, against upload alone", speeds, 0.85)];
    } finally {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
