/**
 * @module test/sdk/ipfs/block-client
 * The block client against a real, listening gateway, and against servers that lie or fail.
 */
import { serve, type ServerType } from "@hono/node-server";
import * as dagPb from "@ipld/dag-pb";
import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { CID } from "multiformats/cid";
import { toHex, type Hex } from "@carekey/sdk/bytes";
import { createGatewayClient, type GatewayClient } from "@carekey/sdk/gateway";
import { MAX_BLOCK_BYTES, createBlockClient, type BlockClient } from "@carekey/sdk/ipfs";
import { codeOf } from "../../services/gateway/codes.ts";
import {
  openGateway,
  people,
  startChain,
  temporaryFolder,
  type TestChain,
  type TestGateway,
} from "../../services/gateway/fixture.ts";
import { freePort } from "../../support/ports.ts";

const bytesOf = (size: number) => new Uint8Array(randomBytes(size));
const sha256 = (bytes: Uint8Array): Hex => toHex(createHash("sha256").update(bytes).digest());

describe("block client", function () {
  this.timeout(240_000);
  let chain: TestChain;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: TestGateway;
  let server: ServerType;
  let session: GatewayClient;
  let blocks: BlockClient;
  let url: string;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    chain = await startChain();
    folder = await temporaryFolder();
    gateway = await openGateway(chain, folder.path, { origins: [url], limits: { quotaBytes: 8 * MAX_BLOCK_BYTES } });
    server = serve({ fetch: gateway.app.fetch, hostname: "127.0.0.1", port });
    session = createGatewayClient({ baseUrl: url, chainId: 31337 });
    const { address } = people.patient;
    await session.signIn({ address, signMessage: (message) => people.patient.signMessage({ message }) });
    blocks = createBlockClient({ url, headers: session.headers });
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    await gateway.close();
    await chain.close();
    await folder.release();
  });

  describe("at a gateway", () => {
    it("puts raw blocks of 0 to 1 MiB and gets them back", async () => {
      for (const size of [0, 1, 4096, MAX_BLOCK_BYTES]) {
        const bytes = bytesOf(size);
        const digest = await blocks.putRaw(bytes);
        expect(digest).to.equal(sha256(bytes));
        expect(Buffer.compare(await blocks.getRaw(digest), bytes)).to.equal(0);
      }
    });

    it("takes a digest that is known already, and refuses a wrong one", async () => {
      const bytes = bytesOf(4096);
      expect(await blocks.putRaw(bytes, { digest: sha256(bytes) })).to.equal(sha256(bytes));
      expect(await codeOf(blocks.putRaw(bytes, { digest: sha256(bytesOf(1)) }))).to.equal("CID_MISMATCH");
    });

    it("refuses a larger one before it is sent", async () => {
      expect(await codeOf(blocks.putRaw(new Uint8Array(MAX_BLOCK_BYTES + 1)))).to.equal("TOO_LARGE");
    });

    it("puts the root of a file, pins the whole file under a name, and drops it", async () => {
      const leaf = bytesOf(2000);
      const digest = await blocks.putRaw(leaf);
      const link = CID.createV1(0x55, {
        code: 0x12,
        size: 32,
        digest: createHash("sha256").update(leaf).digest(),
        bytes: Buffer.concat([Uint8Array.of(0x12, 32), createHash("sha256").update(leaf).digest()]),
      });
      const root = dagPb.encode(
        dagPb.prepare({ Data: Uint8Array.of(8, 2), Links: [{ Name: "", Tsize: 2000, Hash: link }] }),
      );
      const before = await session.usage();
      const cid = await blocks.putDagPb(root, { pinName: digest });
      expect(CID.parse(cid).code).to.equal(dagPb.code);
      expect(await blocks.getRaw(cid)).to.deep.equal(new Uint8Array(root));
      expect((await session.usage()).pins).to.equal(before.pins + 1);
      await blocks.unpin(cid);
      await blocks.unpin(cid);
      expect((await session.usage()).pins).to.equal(before.pins);
    });

    it("tells what is there from what is not", async () => {
      const digest = await blocks.putRaw(bytesOf(10));
      expect(await blocks.has(digest)).to.equal(true);
      const missing = sha256(bytesOf(10));
      expect(await blocks.has(missing)).to.equal(false);
      expect(await codeOf(blocks.getRaw(missing))).to.equal("NOT_FOUND");
      expect(await codeOf(blocks.pin(missing, { name: "x" }))).to.equal("NOT_FOUND");
    });

    it("says NOT_SIGNED_IN to a visitor", async () => {
      const visitor = createBlockClient({ url, headers: () => ({ origin: url }) });
      expect(await codeOf(visitor.putRaw(bytesOf(10)))).to.equal("NOT_SIGNED_IN");
      expect(await codeOf(visitor.getRaw(sha256(bytesOf(10))))).to.equal("NOT_SIGNED_IN");
    });

    it("says QUOTA_EXCEEDED when the person's storage is full", async () => {
      const fill = async () => {
        for (let count = 0; count < 9; count++) await blocks.putRaw(bytesOf(MAX_BLOCK_BYTES));
      };
      expect(await codeOf(fill())).to.equal("QUOTA_EXCEEDED");
    });

    it("stops when it is cancelled", async () => {
      const controller = new AbortController();
      controller.abort();
      expect(await codeOf(blocks.putRaw(bytesOf(10), { signal: controller.signal }))).to.equal("CANCELLED");
    });

    it("refuses names that are no address of its kind", async () => {
      expect(await codeOf(blocks.getRaw("nonsense"))).to.equal("MALFORMED");
      expect(await codeOf(blocks.getRaw("0x1234"))).to.equal("MALFORMED");
      expect(await codeOf(blocks.getRaw("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"))).to.equal(
        "UNSUPPORTED_VERSION",
      );
    });
  });

  describe("at a server that lies or fails", () => {
    async function against<T>(listener: RequestListener, work: (client: BlockClient) => Promise<T>): Promise<T> {
      const other = createServer(listener).listen(0, "127.0.0.1");
      await new Promise((resolve) => other.once("listening", resolve));
      const { port } = other.address() as AddressInfo;
      try {
        return await work(createBlockClient({ url: `http://127.0.0.1:${port}`, retry: { attempts: 3, delayMs: 1 } }));
      } finally {
        other.closeAllConnections();
        await new Promise((resolve) => other.close(resolve));
      }
    }

    it("says CID_MISMATCH for other bytes than those asked for", async () => {
      const wrong: RequestListener = (_, response) => response.end(bytesOf(10));
      expect(await against(wrong, (client) => codeOf(client.getRaw(sha256(bytesOf(10)))))).to.equal("CID_MISMATCH");
    });

    it("says CID_MISMATCH when the block is stored under another address", async () => {
      const wrong: RequestListener = (request, response) => {
        request.resume().once("end", () => {
          response.setHeader("content-type", "application/json");
          response.end(
            JSON.stringify({ Key: "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", Size: 10 }),
          );
        });
      };
      expect(await against(wrong, (client) => codeOf(client.putRaw(bytesOf(10))))).to.equal("CID_MISMATCH");
    });

    it("tries again after a failure, and gives up with IPFS_UNAVAILABLE", async () => {
      const bytes = bytesOf(10);
      let calls = 0;
      const failing =
        (failures: number): RequestListener =>
        (_, response) => {
          calls++;
          if (calls <= failures) response.writeHead(502).end();
          else response.end(bytes);
        };
      expect(await against(failing(2), (client) => client.getRaw(sha256(bytes)))).to.deep.equal(bytes);
      expect(calls).to.equal(3);
      calls = 0;
      expect(await against(failing(9), (client) => codeOf(client.getRaw(sha256(bytes))))).to.equal("IPFS_UNAVAILABLE");
      expect(calls).to.equal(3);
    });

    it("says IPFS_UNAVAILABLE when nobody listens", async () => {
      const client = createBlockClient({
        url: `http://127.0.0.1:${await freePort()}`,
        retry: { attempts: 2, delayMs: 1 },
      });
      expect(await codeOf(client.putRaw(bytesOf(10)))).to.equal("IPFS_UNAVAILABLE");
    });

    it("reads the words of a bare Kubo", async () => {
      const kubo: RequestListener = (_, response) => {
        response.writeHead(500, { "content-type": "application/json" });
        response.end(
          JSON.stringify({
            Message: "block was not found locally (offline): ipld: could not find bafk",
            Code: 0,
            Type: "error",
          }),
        );
      };
      expect(await against(kubo, (client) => codeOf(client.getRaw(sha256(bytesOf(1)))))).to.equal("NOT_FOUND");
    });
  });
});
