/**
 * @module bench/ipfs
 * Encrypting while uploading, against uploading alone: to a server of its own that checks and stores each block as Kubo does.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlockClient } from "@carekey/sdk/ipfs";
import { encryptContent, newFileKeys } from "@carekey/sdk/records";
import { atLeastTimes, leastMilliseconds, type BenchPart } from "./result.ts";

const SIZE = 32 * 1024 * 1024;

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
      const leaves: Uint8Array[] = [];
      for await (const { bytes } of encryptContent({ source: blob, size: SIZE, ...newFileKeys() })) leaves.push(bytes);
      const times = await leastMilliseconds(
        {
          alone: async () => {
            for (const leaf of leaves) await client.putRaw(leaf);
          },
          both: async () => {
            const content = encryptContent({ source: blob, size: SIZE, ...newFileKeys() });
            for await (const { bytes } of content) await client.putRaw(bytes);
          },
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
