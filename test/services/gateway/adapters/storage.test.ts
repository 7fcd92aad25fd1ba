/**
 * @module test/services/gateway/adapters/storage
 * The lock of a data folder, the gate, and what storage says when it is full, away or wrong.
 */
import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FsBlockstore } from "blockstore-fs";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { isSdkError } from "@carekey/sdk/errors";
import { lockFolder } from "../../../../services/gateway/adapters/folder-lock.ts";
import { openHeliaBlocks } from "../../../../services/gateway/adapters/helia-blocks.ts";
import { createKuboBlocks } from "../../../../services/gateway/adapters/kubo-blocks.ts";
import { createGate } from "../../../../services/gateway/gate.ts";
import type { Blocks } from "../../../../services/gateway/ports.ts";
import { codeOf } from "../codes.ts";
import { temporaryFolder } from "../fixture.ts";

const bytes = new Uint8Array(randomBytes(100));
const cid = CID.createV1(0x55, Digest.create(0x12, createHash("sha256").update(bytes).digest()));

describe("lockFolder", function () {
  this.timeout(120_000);
  it("lets one holder in, names it to others, and lets the next in after it", async () => {
    const folder = await temporaryFolder();
    const lock = lockFolder(folder.path);
    try {
      lockFolder(folder.path);
      expect.fail("two hold the lock");
    } catch (error) {
      expect(isSdkError(error, "CONFLICT")).to.equal(true);
      expect(error).to.deep.include({ details: { pid: process.pid, folder: folder.path } });
    }
    lock.release();
    lockFolder(folder.path).release();
    await folder.release();
  });
});

describe("createGate", () => {
  it("lets many share, and one alone with nobody else inside", async () => {
    const gate = createGate();
    let inside = 0;
    let most = 0;
    const share = () =>
      gate.shared(async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside--;
      });
    const alone = () =>
      gate.alone(async () => {
        expect(inside).to.equal(0);
        inside += 100;
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(inside).to.equal(100);
        inside -= 100;
      });
    await Promise.all([share(), share(), alone(), share(), alone(), share(), share()]);
    expect(most).to.equal(2);
    expect(inside).to.equal(0);
  });

  it("stays open after work that failed", async () => {
    const gate = createGate();
    const fail = () => Promise.reject(new Error("no"));
    await Promise.allSettled([gate.shared(fail), gate.alone(fail)]);
    expect(await gate.shared(() => Promise.resolve(1))).to.equal(1);
    expect(await gate.alone(() => Promise.resolve(2))).to.equal(2);
  });
});

describe("helia blocks", function () {
  this.timeout(120_000);
  it("say STORAGE_FULL when the disk is, and IPFS_UNAVAILABLE when it fails otherwise", async () => {
    for (const [text, code] of [
      ["ENOSPC: no space left on device, write", "STORAGE_FULL"],
      ["EIO: i/o error, write", "IPFS_UNAVAILABLE"],
    ] as const) {
      const folder = await temporaryFolder();
      const blocks = await openHeliaBlocks(folder.path, (blockstore) =>
        Object.assign(Object.create(blockstore) as FsBlockstore, { put: () => Promise.reject(new Error(text)) }),
      );
      expect(await codeOf(blocks.put(cid, bytes))).to.equal(code);
      expect(await blocks.get(cid)).to.equal(null);
      await blocks.close();
      await folder.release();
    }
  });

  it("are down when their folder is gone", async () => {
    const folder = await temporaryFolder();
    const blocks = await openHeliaBlocks(folder.path);
    expect(await blocks.isUp()).to.equal(true);
    await rm(join(folder.path, "ipfs", "blocks"), { recursive: true });
    expect(await blocks.isUp()).to.equal(false);
    await blocks.close();
    await folder.release();
  });
});

describe("kubo blocks", () => {
  /** Block storage over a node that answers with `listener`, and what it was asked. */
  async function against<T>(
    listener: RequestListener,
    work: (blocks: Blocks, asked: string[]) => Promise<T>,
  ): Promise<T> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      request.resume().once("end", () => listener(request, response));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      return await work(createKuboBlocks(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const refusing =
    (text: string): RequestListener =>
    (_, response) => {
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ Message: text, Code: 0, Type: "error" }));
    };

  it("ask only this node for a block, and read its answer that it has none", async () => {
    const answer = refusing("block was not found locally (offline): ipld: could not find bafk");
    await against(answer, async (blocks, asked) => {
      expect(await blocks.get(cid)).to.equal(null);
      expect(asked).to.deep.equal([`/api/v0/block/get?arg=${cid.toString()}&offline=true`]);
    });
  });

  it("are pinned in the node as they are put", async () => {
    const storing: RequestListener = (_, response) => response.end(JSON.stringify({ Key: cid.toString(), Size: 100 }));
    await against(storing, async (blocks, asked) => {
      await blocks.put(cid, bytes);
      expect(asked).to.deep.equal(["/api/v0/block/put?cid-codec=raw&mhtype=sha2-256&pin=true"]);
    });
  });

  it("say STORAGE_FULL when the node's disk is, IPFS_UNAVAILABLE for all else", async () => {
    const full = refusing("write /data/blocks/XY: no space left on device");
    expect(await against(full, (blocks) => codeOf(blocks.put(cid, bytes)))).to.equal("STORAGE_FULL");
    expect(await against(refusing("internal"), (blocks) => codeOf(blocks.put(cid, bytes)))).to.equal(
      "IPFS_UNAVAILABLE",
    );
    expect(await against(refusing("internal"), (blocks) => codeOf(blocks.get(cid)))).to.equal("IPFS_UNAVAILABLE");
    const elsewhere: RequestListener = (_, response) => response.end(JSON.stringify({ Key: "other", Size: 100 }));
    expect(await against(elsewhere, (blocks) => codeOf(blocks.put(cid, bytes)))).to.equal("IPFS_UNAVAILABLE");
  });

  it("are down when nobody answers", async () => {
    const blocks = createKuboBlocks("http://127.0.0.1:1");
    expect(await blocks.isUp()).to.equal(false);
    expect(await codeOf(blocks.get(cid))).to.equal("IPFS_UNAVAILABLE");
    expect(await codeOf(blocks.remove(cid))).to.equal("IPFS_UNAVAILABLE");
  });
});
