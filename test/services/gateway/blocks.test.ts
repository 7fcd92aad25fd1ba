/**
 * @module test/services/gateway/blocks
 * Kubo's RPC at the gateway: storing, reading, pinning, quota, discards and the collection of what nobody keeps.
 */
import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import * as dagPb from "@ipld/dag-pb";
import { base32upper } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { hashTerms, toContractTerms, WRITE, type ConsentTerms } from "@carekey/sdk/consent";
import { replay } from "@carekey/sdk/chart";
import { toHex, type Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import type { GatewayClient } from "@carekey/sdk/gateway";
import type { Blocks } from "../../../services/gateway/ports.ts";
import { codeOf } from "./codes.ts";
import {
  fileBody,
  kubo,
  openGateway,
  people,
  refusal,
  signedIn,
  startChain,
  temporaryFolder,
  type TestChain,
  type TestGateway,
} from "./fixture.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const bytesOf = (size: number) => new Uint8Array(randomBytes(size));
const cidOf = (bytes: Uint8Array, codec = 0x55) =>
  CID.createV1(codec, Digest.create(0x12, createHash("sha256").update(bytes).digest()));

describe("the gateway's blocks", function () {
  this.timeout(240_000);
  let chain: TestChain;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: TestGateway;
  let patient: GatewayClient;
  let doctor: GatewayClient;
  let stranger: GatewayClient;

  before(async () => {
    chain = await startChain();
    folder = await temporaryFolder();
    gateway = await openGateway(chain, folder.path, {
      limits: { sessionSeconds: 30 * 86_400, idleSeconds: 30 * 86_400 },
    });
    patient = await signedIn(gateway, people.patient);
    doctor = await signedIn(gateway, people.doctor);
    stranger = await signedIn(gateway, people.stranger);
  });
  after(async () => {
    await gateway.close();
    await chain.close();
    await folder.release();
  });

  const call = (client: GatewayClient | null, path: string, body?: BodyInit) => kubo(gateway.app, client, path, body);
  const codeOfCall = async (client: GatewayClient | null, path: string, body?: BodyInit) =>
    (await refusal(await call(client, path, body))).code;
  async function put(client: GatewayClient, bytes: Uint8Array, codec = "raw"): Promise<CID> {
    const response = await call(client, `block/put?cid-codec=${codec}`, fileBody(bytes));
    expect(response.status).to.equal(200);
    return CID.parse(((await response.json()) as { Key: string }).Key);
  }
  async function pin(client: GatewayClient, cid: CID, name = ""): Promise<void> {
    expect((await call(client, `pin/add?arg=${cid.toString()}&name=${name}`)).status).to.equal(200);
  }
  const isThere = async (cid: CID) => (await call(patient, `block/get?arg=${cid.toString()}`)).status === 200;
  const isCounted = async (cid: CID) => (await call(patient, `block/stat?arg=${cid.toString()}`)).status === 200;

  /** A file of two leaves: its root and leaves, stored by `client`. */
  async function putFile(client: GatewayClient): Promise<{ root: CID; leaves: CID[] }> {
    const leaves = [await put(client, bytesOf(100)), await put(client, bytesOf(200))];
    const node = dagPb.prepare({
      Data: Uint8Array.of(8, 2),
      Links: leaves.map((cid) => ({ Name: "", Tsize: 100, Hash: cid })),
    });
    return { root: await put(client, dagPb.encode(node), "dag-pb"), leaves };
  }

  it("needs a session for every call, reads included", async () => {
    const cid = await put(patient, bytesOf(10));
    for (const path of [
      "block/put",
      "block/get",
      "block/stat",
      "pin/add",
      "pin/rm",
      "pin/ls",
      "add",
      "cat",
      "id",
      "version",
    ]) {
      expect(await refusal(await call(null, `${path}?arg=${cid.toString()}`))).to.deep.equal({
        status: 401,
        code: "NOT_SIGNED_IN",
      });
    }
  });

  it("stores a block under its sha-256 and gives it back", async () => {
    const bytes = bytesOf(1000);
    const cid = await put(patient, bytes);
    expect(cid.toString()).to.equal(cidOf(bytes).toString());
    const response = await call(stranger, `block/get?arg=${cid.toString()}`);
    expect(new Uint8Array(await response.arrayBuffer())).to.deep.equal(bytes);
    expect(await (await call(stranger, `block/stat?arg=${cid.toString()}`)).json()).to.deep.equal({
      Key: cid.toString(),
      Size: 1000,
    });
  });

  for (const [what, text] of [
    ["HTML", "<script>alert(1)</script>"],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ] as const) {
    it(`serves ${what} as bytes that no browser runs`, async () => {
      const cid = await put(patient, new TextEncoder().encode(text));
      for (const path of [`block/get?arg=${cid.toString()}`, `cat?arg=${cid.toString()}`]) {
        const { headers, status } = await call(stranger, path);
        expect(status).to.equal(200);
        expect(headers.get("content-type")).to.equal("application/octet-stream");
        expect(headers.get("content-disposition")).to.equal("attachment");
        expect(headers.get("x-content-type-options")).to.equal("nosniff");
        expect(headers.get("content-security-policy")).to.equal("sandbox; default-src 'none'");
        expect(headers.get("cache-control")).to.equal("no-store");
      }
    });
  }

  it("has a limit of 1 MiB a block and 2 MiB a body", async () => {
    await put(patient, bytesOf(MIB));
    for (const size of [MIB + 1, 2 * MIB + KIB, 8 * MIB]) {
      expect(await refusal(await call(patient, "block/put", fileBody(bytesOf(size))))).to.deep.equal({
        status: 413,
        code: "TOO_LARGE",
      });
    }
  });

  it("refuses a truncated multipart body, one without a file and no body at all, and counts nothing", async () => {
    const before = await patient.usage();
    const whole = new Request("http://localhost", { method: "POST", body: fileBody(bytesOf(500)) });
    const type = whole.headers.get("content-type")!;
    const cut = new Uint8Array(await whole.arrayBuffer()).slice(0, 300);
    const truncated = await kubo(gateway.app, patient, "block/put", cut, { "content-type": type });
    expect(await refusal(truncated)).to.deep.equal({ status: 400, code: "MALFORMED" });
    const noFile = new FormData();
    noFile.set("file", "text");
    expect(await codeOfCall(patient, "block/put", noFile)).to.equal("MALFORMED");
    expect(await codeOfCall(patient, "block/put")).to.equal("MALFORMED");
    expect(await patient.usage()).to.deep.equal(before);
  });

  it("refuses other hashes, codecs and names than its own", async () => {
    const body = () => fileBody(bytesOf(10));
    expect(await codeOfCall(patient, "block/put?mhtype=sha3-256", body())).to.equal("UNSUPPORTED_VERSION");
    expect(await codeOfCall(patient, "block/put?cid-codec=dag-cbor", body())).to.equal("UNSUPPORTED_VERSION");
    expect(await codeOfCall(patient, "block/put?cid-codec=dag-pb", body())).to.equal("MALFORMED");
    expect(await codeOfCall(patient, "block/get?arg=nonsense")).to.equal("MALFORMED");
    expect(await codeOfCall(patient, "block/get")).to.equal("MALFORMED");
    const v0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
    expect(await codeOfCall(patient, `block/get?arg=${v0}`)).to.equal("UNSUPPORTED_VERSION");
    const name = "n".repeat(129);
    expect(await codeOfCall(patient, `pin/add?arg=${cidOf(bytesOf(1)).toString()}&name=${name}`)).to.equal("TOO_LARGE");
  });

  it("does not find what is not there, and asks nobody for it", async () => {
    const cid = cidOf(bytesOf(10)).toString();
    for (const path of ["block/get", "block/stat", "pin/add", "pin/rm", "pin/ls", "cat"]) {
      expect(await refusal(await call(patient, `${path}?arg=${cid}`))).to.deep.equal({
        status: 404,
        code: "NOT_FOUND",
      });
    }
  });

  it("does not serve a block that was cut short on disk, and stores it again", async () => {
    const bytes = bytesOf(5000);
    const cid = await put(patient, bytes);
    const blocks = join(folder.path, "ipfs", "blocks");
    const names = await readdir(blocks, { recursive: true });
    const name = names.find((each) => each.endsWith(`${base32upper.encode(cid.multihash.bytes)}.data`));
    await truncate(join(blocks, name!), 100);
    expect(await isThere(cid)).to.equal(false);
    await put(patient, bytes);
    expect(await isThere(cid)).to.equal(true);
  });

  it("adds a file in leaves of 1 MiB and reads any range of it", async () => {
    const bytes = bytesOf(2 * MIB + 777);
    const response = await call(patient, "add?pin=true", fileBody(bytes));
    const { Hash, Size } = JSON.parse(await response.text()) as { Hash: string; Size: string };
    expect(Size).to.equal(String(bytes.length));
    const read = async (range: string) =>
      new Uint8Array(await (await call(stranger, `cat?arg=${Hash}${range}`)).arrayBuffer());
    expect(Buffer.compare(await read(""), bytes)).to.equal(0);
    expect(await read(`&offset=${MIB - 5}&length=10`)).to.deep.equal(bytes.slice(MIB - 5, MIB + 5));
    expect(await read(`&offset=${2 * MIB}`)).to.deep.equal(bytes.slice(2 * MIB));
    expect(await codeOfCall(stranger, `cat?arg=${Hash}&offset=-1`)).to.equal("MALFORMED");
  });

  it("names itself in a form that clients parse", async () => {
    const id = (await (await call(patient, "id")).json()) as { ID: string };
    expect(id.ID).to.match(/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/);
    expect(await (await call(patient, "version")).json()).to.include({ Version: "0.0.0-test" });
  });

  describe("pins", () => {
    it("reach the whole file, and carry a name", async () => {
      const { root } = await putFile(doctor);
      await pin(doctor, root, "0xabc");
      const { Keys } = (await (await call(doctor, `pin/ls?arg=${root.toString()}`)).json()) as {
        Keys: Record<string, unknown>;
      };
      expect(Keys).to.deep.equal({ [root.toString()]: { Type: "recursive", Name: "0xabc" } });
    });

    it("are refused while a leaf is missing", async () => {
      const leaf = cidOf(bytesOf(10));
      const node = dagPb.prepare({ Data: Uint8Array.of(8, 2), Links: [{ Name: "", Tsize: 10, Hash: leaf }] });
      const root = await put(doctor, dagPb.encode(node), "dag-pb");
      expect(await codeOfCall(doctor, `pin/add?arg=${root.toString()}`)).to.equal("NOT_FOUND");
    });

    it("are their maker's alone to drop and to see", async () => {
      const cid = await put(doctor, bytesOf(50));
      await pin(doctor, cid);
      expect(await codeOfCall(stranger, `pin/rm?arg=${cid.toString()}`)).to.equal("NOT_FOUND");
      expect(await codeOfCall(stranger, `pin/ls?arg=${cid.toString()}`)).to.equal("NOT_FOUND");
      expect((await call(doctor, `pin/rm?arg=${cid.toString()}`)).status).to.equal(200);
      expect(await codeOfCall(doctor, `pin/ls?arg=${cid.toString()}`)).to.equal("NOT_FOUND");
    });
  });

  describe("quota", () => {
    it("counts each block once, whoever else has it, and frees what is unpinned", async () => {
      const start = await stranger.usage();
      const bytes = bytesOf(1000);
      const cid = await put(stranger, bytes);
      await put(stranger, bytes);
      await put(patient, bytes);
      await pin(stranger, cid, "a");
      expect(await stranger.usage()).to.include({
        usedBytes: start.usedBytes + 1000,
        blocks: start.blocks + 1,
        pins: start.pins + 1,
      });
      await call(stranger, `pin/rm?arg=${cid.toString()}`);
      expect(await stranger.usage()).to.deep.equal(start);
    });

    it("stops the put that goes above it, and nobody else's", async () => {
      const { usedBytes } = await stranger.usage();
      const app = await gateway.variant({ limits: { quotaBytes: usedBytes + 1500 } });
      const client = await signedIn({ app, clock: gateway.clock }, people.stranger);
      const putIt = async (bytes: Uint8Array) => kubo(app, client, "block/put", fileBody(bytes));
      const kept = bytesOf(1000);
      expect((await putIt(kept)).status).to.equal(200);
      const refused = bytesOf(501);
      expect(await refusal(await putIt(refused))).to.deep.equal({ status: 507, code: "QUOTA_EXCEEDED" });
      expect(await isCounted(cidOf(refused))).to.equal(false);
      expect((await client.usage()).usedBytes).to.equal(usedBytes + 1000);
      expect((await putIt(kept)).status).to.equal(200);
      expect((await putIt(bytesOf(500))).status).to.equal(200);
    });

    it("holds when many puts race", async () => {
      const { usedBytes } = await stranger.usage();
      const app = await gateway.variant({ limits: { quotaBytes: usedBytes + 5 * 100 } });
      const client = await signedIn({ app, clock: gateway.clock }, people.stranger);
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async () => (await kubo(app, client, "block/put", fileBody(bytesOf(100)))).status),
      );
      expect(statuses.filter((status) => status === 200)).to.have.length(5);
    });

    it("counts what is pinned too", async () => {
      const cid = await put(patient, bytesOf(2000));
      const { usedBytes } = await stranger.usage();
      const app = await gateway.variant({ limits: { quotaBytes: usedBytes + 1999 } });
      const client = await signedIn({ app, clock: gateway.clock }, people.stranger);
      expect((await refusal(await kubo(app, client, `pin/add?arg=${cid.toString()}`))).code).to.equal("QUOTA_EXCEEDED");
      expect((await client.usage()).usedBytes).to.equal(usedBytes);
    });
  });

  describe("failing storage", () => {
    const failing = (error: SdkError): Blocks => ({
      put: () => Promise.reject(error),
      get: () => Promise.reject(error),
      remove: () => Promise.reject(error),
      isUp: () => Promise.resolve(false),
    });

    it("that is full is said to be full, and nothing counts as stored", async () => {
      const app = await gateway.variant({ blocks: failing(new SdkError("STORAGE_FULL", "full")) });
      const bytes = bytesOf(10);
      expect(await refusal(await kubo(app, patient, "block/put", fileBody(bytes)))).to.deep.equal({
        status: 507,
        code: "STORAGE_FULL",
      });
      expect(await isCounted(cidOf(bytes))).to.equal(false);
    });

    it("that is down is said to be down", async () => {
      const app = await gateway.variant({ blocks: failing(new SdkError("IPFS_UNAVAILABLE", "down")) });
      expect(await refusal(await kubo(app, patient, "block/put", fileBody(bytesOf(10))))).to.deep.equal({
        status: 503,
        code: "IPFS_UNAVAILABLE",
      });
      const cid = cidOf(bytesOf(10)).toString();
      expect(await refusal(await kubo(app, patient, `block/get?arg=${cid}`))).to.deep.equal({
        status: 503,
        code: "IPFS_UNAVAILABLE",
      });
      const health = await app.request("/health");
      expect(health.status).to.equal(503);
      expect(await health.json()).to.deep.include({ status: "degraded", ipfs: { ok: false } });
    });
  });

  describe("collection", () => {
    it("removes a block that nobody pinned a day after it was put, not before", async () => {
      const cid = await put(patient, bytesOf(300));
      gateway.clock.seconds += 86_399;
      await gateway.door.collect();
      expect(await isThere(cid)).to.equal(true);
      gateway.clock.seconds += 2;
      await gateway.door.collect();
      expect(await isThere(cid)).to.equal(false);
      expect(await isCounted(cid)).to.equal(false);
    });

    it("leaves what anybody pins, with all its leaves, and what was just put again", async () => {
      const file = await putFile(doctor);
      await pin(patient, file.root, "0x01");
      const bytes = bytesOf(300);
      const again = await put(doctor, bytes);
      gateway.clock.seconds += 86_401;
      await put(patient, bytes);
      await gateway.door.collect();
      for (const cid of [file.root, ...file.leaves, again]) expect(await isThere(cid)).to.equal(true);
      await call(patient, `pin/rm?arg=${file.root.toString()}`);
      await gateway.door.collect();
      for (const cid of [file.root, ...file.leaves]) expect(await isThere(cid)).to.equal(false);
    });

    it("never takes a block from under a put of the same bytes", async () => {
      const bytes = bytesOf(300);
      await put(doctor, bytes);
      gateway.clock.seconds += 86_401;
      const [cid] = await Promise.all([
        put(patient, bytes),
        gateway.door.collect(),
        put(doctor, bytes),
        gateway.door.collect(),
      ]);
      expect(await isThere(cid)).to.equal(true);
      expect(await isCounted(cid)).to.equal(true);
    });

    it("keeps the bytes that two addresses share until both are unkept", async () => {
      const { root } = await putFile(doctor);
      await pin(doctor, root);
      const bytes = new Uint8Array(await (await call(doctor, `block/get?arg=${root.toString()}`)).arrayBuffer());
      const twin = await put(stranger, bytes, "raw");
      expect(twin.toString()).not.to.equal(root.toString());
      gateway.clock.seconds += 86_401;
      await gateway.door.collect();
      expect(await isCounted(twin)).to.equal(false);
      expect(await isThere(root)).to.equal(true);
      await call(doctor, `pin/rm?arg=${root.toString()}`);
      await gateway.door.collect();
      expect(await isThere(root)).to.equal(false);
    });

    it("forgets a put that was counted but never stored", async () => {
      const cid = cidOf(bytesOf(10)).toString();
      const { ledger } = gateway.ports.store;
      const now = gateway.clock.seconds;
      await ledger.claimUpload({ person: people.nurse.address, cid, bytes: 10, quotaBytes: 100, now });
      gateway.clock.seconds += 86_401;
      await gateway.door.collect();
      expect(await ledger.usageOf(people.nurse.address)).to.deep.equal({ usedBytes: 0, blocks: 0, pins: 0 });
    });
  });

  describe("discard", () => {
    let pointer: Hex;
    let record: CID;
    let file: { root: CID; leaves: CID[] };
    let entryId: Hex;

    before(async () => {
      await chain.register([people.patient, 1], [people.doctor, 2], [people.stranger, 1]);
      const now = await chain.now();
      await chain.write(people.registrar, "verify", [people.doctor.address, now + 864_000, toHex(bytesOf(32))]);
    });

    beforeEach(async () => {
      const bytes = bytesOf(400);
      record = await put(doctor, bytes);
      pointer = toHex(record.multihash.digest);
      file = await putFile(doctor);
      await pin(doctor, record, pointer);
      await pin(doctor, file.root, pointer);
      entryId = await submit(pointer);
    });

    async function submit(to: Hex): Promise<Hex> {
      const now = await chain.now();
      const terms: ConsentTerms = {
        patient: people.patient.address,
        grantee: people.doctor.address,
        organisation: "0x0000000000000000000000000000000000000000",
        scopes: [],
        fromEpoch: 0,
        rights: WRITE,
        notBefore: now - 10,
        expiresAt: now + 86_400,
        maxViews: 0,
        flags: 0,
        about: { scopes: "", purpose: "", salt: toHex(bytesOf(32)) },
      };
      await chain.write(people.patient, "grant", [hashTerms(terms), toHex(bytesOf(32))]);
      await chain.write(people.doctor, "submit", [toContractTerms(terms), to, `0x${"00".repeat(32)}`]);
      const { number } = await chain.client.block();
      const owner = { chainId: 31337, carekey: chain.deployment.carekey, patient: people.patient.address };
      const acts = await chain.client.chartActs(people.patient.address, number);
      return replay({ ...owner, acts }).entries.at(-1)!.entryId;
    }
    const decide = (verdict: 1 | 2, id = entryId) =>
      chain.write(people.patient, "decide", [id, verdict, `0x${"00".repeat(32)}`]);

    it("drops at once every block of an entry that its patient denied", async () => {
      await decide(2);
      expect(await patient.discard(entryId)).to.deep.equal({ pins: 2, blocks: 4 });
      for (const cid of [record, file.root, ...file.leaves]) expect(await isThere(cid)).to.equal(false);
      expect((await patient.listDiscarded()).map((each) => each.entryId)).to.include(entryId);
      expect(await patient.discard(entryId)).to.deep.equal({ pins: 0, blocks: 0 });
    });

    it("is refused while the entry is pending, and when it was approved", async () => {
      expect(await codeOf(patient.discard(entryId))).to.equal("FORBIDDEN");
      await decide(1);
      expect(await codeOf(patient.discard(entryId))).to.equal("FORBIDDEN");
      expect(await isThere(record)).to.equal(true);
      expect((await patient.listDiscarded()).map((each) => each.entryId)).not.to.include(entryId);
    });

    it("is the patient's alone: not the author's, not a stranger's", async () => {
      await decide(2);
      expect(await codeOf(doctor.discard(entryId))).to.equal("NOT_FOUND");
      expect(await codeOf(stranger.discard(entryId))).to.equal("NOT_FOUND");
      expect(await isThere(record)).to.equal(true);
    });

    it("leaves what somebody else pinned under the same name", async () => {
      await pin(stranger, record, pointer);
      await decide(2);
      await patient.discard(entryId);
      expect(await isThere(record)).to.equal(true);
      for (const cid of [file.root, ...file.leaves]) expect(await isThere(cid)).to.equal(false);
    });

    it("is refused while the same record stands in another entry", async () => {
      const second = await submit(pointer);
      await decide(2);
      expect(await codeOf(patient.discard(entryId))).to.equal("FORBIDDEN");
      await decide(2, second);
      expect((await patient.discard(entryId)).pins).to.equal(2);
    });

    it("of an entry that is none is not found", async () => {
      expect(await codeOf(patient.discard(toHex(bytesOf(32))))).to.equal("NOT_FOUND");
      expect(await codeOf(patient.discard("0x12"))).to.equal("MALFORMED");
    });
  });
});
