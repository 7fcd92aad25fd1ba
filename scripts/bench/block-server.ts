/**
 * @module bench/block-server
 * Kubo's block/put and nothing else: hashes each block, writes it to the folder given, prints its port on start. With a
 * second argument, bytes per second, it stands behind a link of that speed.
 */
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { z } from "zod";

const RAW = 0x55;
const [folder, speed] = z
  .tuple([z.string(), z.coerce.number().positive().default(Infinity)])
  .parse(process.argv.slice(2));
/** When the link has carried what it was given so far, in milliseconds of performance.now(). */
let carriedAt = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    void Promise.all([store(body, request.headers["content-type"] ?? ""), carry(body.length)]).then(([answer]) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
});

/** Waits until a link of `speed` would have carried `bytes` after all before them. */
async function carry(bytes: number): Promise<void> {
  const now = performance.now();
  carriedAt = Math.max(now, carriedAt) + (bytes / speed) * 1000;
  await delay(carriedAt - now);
}

/** Stores the one part of a multipart body. */
async function store(body: Buffer, contentType: string): Promise<{ Key: string; Size: number }> {
  const boundary = /boundary=([^;]+)/.exec(contentType)?.[1] ?? "";
  const from = body.indexOf("\r\n\r\n") + 4;
  const bytes = body.subarray(from, body.lastIndexOf(`\r\n--${boundary}`));
  const cid = CID.createV1(RAW, await sha256.digest(bytes));
  await writeFile(join(folder, cid.toString()), bytes);
  return { Key: cid.toString(), Size: bytes.length };
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address !== "string") process.stdout.write(`${address.port}\n`);
});
process.stdin.resume().once("end", () => process.exit(0));
