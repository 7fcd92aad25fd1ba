/**
 * @module bench/block-server
 * Kubo's block/put and nothing else: hashes each block, writes it to the folder given, prints its port on start.
 */
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { z } from "zod";

const RAW = 0x55;
const folder = z.string().parse(process.argv[2]);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    void store(Buffer.concat(chunks), request.headers["content-type"] ?? "").then((answer) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
});

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
