/**
 * @module test/services/gateway/people
 * What people leave at the gateway for themselves and for each other: unlock slots, sealed messages, key documents.
 */
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import type { Hex } from "@carekey/sdk/bytes";
import { toHex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { MAX_MESSAGE_BYTES, MAX_SLOTS, MAX_SLOT_BYTES, type GatewayClient } from "@carekey/sdk/gateway";
import { codeOf } from "./codes.ts";
import {
  ORIGIN,
  clientOf,
  keyDocumentOf,
  openGateway,
  people,
  refusal,
  signedIn,
  startChain,
  temporaryFolder,
  type TestChain,
  type TestGateway,
} from "./fixture.ts";

const newId = (): Hex => toHex(randomBytes(16));

describe("the gateway's routes for people", function () {
  this.timeout(240_000);
  let chain: TestChain;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: TestGateway;
  let patient: GatewayClient;
  let doctor: GatewayClient;
  let stranger: GatewayClient;
  const doctorKey = keyDocumentOf(people.doctor.address, { name: "Dr Amara Okafor", speciality: "Cardiology" });
  const nurseKey = keyDocumentOf(people.nurse.address, { name: "Lena 100%_Fischer", speciality: "Care" });
  const patientKey = keyDocumentOf(people.patient.address);

  before(async () => {
    chain = await startChain();
    folder = await temporaryFolder();
    gateway = await openGateway(chain, folder.path);
    patient = await signedIn(gateway, people.patient);
    doctor = await signedIn(gateway, people.doctor);
    stranger = await signedIn(gateway, people.stranger);
    await chain.write(people.patient, "register", [1, patientKey.digest]);
    await chain.write(people.doctor, "register", [2, doctorKey.digest]);
    await chain.write(people.nurse, "register", [2, nurseKey.digest]);
    const validUntil = (await chain.now()) + 86_400;
    await chain.write(people.registrar, "verify", [people.doctor.address, validUntil, toHex(randomBytes(32))]);
  });
  after(async () => {
    await gateway.close();
    await chain.close();
    await folder.release();
  });

  describe("behind sign-in", () => {
    const paths: [string, string][] = [
      ["GET", "/api/v1/slots"],
      ["PUT", "/api/v1/slots/main"],
      ["DELETE", "/api/v1/slots/main"],
      ["GET", "/api/v1/messages"],
      ["POST", "/api/v1/messages"],
      ["DELETE", "/api/v1/messages/0x00000000000000000000000000000000"],
      ["POST", "/api/v1/key-documents"],
      ["GET", `/api/v1/key-documents/${people.doctor.address}`],
      ["GET", "/api/v1/directory"],
      ["GET", "/api/v1/entries/discarded"],
      ["POST", `/api/v1/entries/0x${"00".repeat(32)}/discard`],
      ["GET", "/api/v1/usage"],
    ];
    for (const [method, path] of paths) {
      it(`${method} ${path.replace(/0x\w+/, "…")} refuses a visitor`, async () => {
        const response = await gateway.app.request(path, { method, headers: { origin: ORIGIN } });
        expect(await refusal(response)).to.deep.equal({ status: 401, code: "NOT_SIGNED_IN" });
      });
    }
  });

  describe("slots", () => {
    it("keep what was put, replace it under the same id, and go when removed", async () => {
      await patient.putSlot("laptop", { kind: "passphrase", data: Uint8Array.of(1, 2, 3) });
      await patient.putSlot("laptop", { kind: "passphrase", data: Uint8Array.of(4) });
      await patient.putSlot("phone", { kind: "passkey", data: Uint8Array.of(5) });
      const slots = await patient.listSlots();
      expect(slots.map(({ id, kind, data }) => [id, kind, [...data]])).to.deep.equal([
        ["laptop", "passphrase", [4]],
        ["phone", "passkey", [5]],
      ]);
      await patient.removeSlot("laptop");
      await patient.removeSlot("laptop");
      expect((await patient.listSlots()).map(({ id }) => id)).to.deep.equal(["phone"]);
    });

    it("are nobody else's to see, replace or remove", async () => {
      await patient.putSlot("phone", { kind: "passkey", data: Uint8Array.of(5) });
      expect(await stranger.listSlots()).to.deep.equal([]);
      await stranger.putSlot("phone", { kind: "passkey", data: Uint8Array.of(6) });
      await stranger.removeSlot("phone");
      expect((await patient.listSlots()).map(({ data }) => [...data])).to.deep.equal([[5]]);
    });

    it("are limited in size, number and name", async () => {
      const slot = (bytes: number) => ({ kind: "passphrase", data: new Uint8Array(bytes) });
      await doctor.putSlot("largest", slot(MAX_SLOT_BYTES));
      expect(await codeOf(doctor.putSlot("larger", slot(MAX_SLOT_BYTES + 1)))).to.equal("TOO_LARGE");
      expect(await codeOf(doctor.putSlot("No_Slot", slot(1)))).to.equal("MALFORMED");
      for (let index = 1; index < MAX_SLOTS; index++) await doctor.putSlot(`slot-${index}`, slot(1));
      expect(await codeOf(doctor.putSlot("one-more", slot(1)))).to.equal("CONFLICT");
      await doctor.putSlot("largest", slot(2));
      expect(await doctor.listSlots()).to.have.length(MAX_SLOTS);
    });
  });

  describe("messages", () => {
    it("wait in the inbox in the order of their arrival until they are acknowledged", async () => {
      const ids = [newId(), newId(), newId()];
      for (const [index, id] of ids.entries()) {
        await doctor.sendMessage({ to: people.patient.address, id, sealed: Uint8Array.of(index) });
      }
      const first = await patient.listMessages(0, 2);
      expect(first.messages.map(({ id, sealed }) => [id, [...sealed]])).to.deep.equal([
        [ids[0], [0]],
        [ids[1], [1]],
      ]);
      expect(first.more).to.equal(true);
      const rest = await patient.listMessages(first.messages[1]!.cursor);
      expect(rest.messages.map(({ id }) => id)).to.deep.equal([ids[2]]);
      expect(rest.more).to.equal(false);

      await patient.acknowledgeMessage(ids[1]!);
      expect((await patient.listMessages()).messages.map(({ id }) => id)).to.deep.equal([ids[0], ids[2]]);
      for (const id of ids) await patient.acknowledgeMessage(id);
    });

    it("never reuse a cursor, also after all were acknowledged", async () => {
      const [one, two] = [newId(), newId()];
      await doctor.sendMessage({ to: people.patient.address, id: one, sealed: Uint8Array.of(1) });
      const [before] = (await patient.listMessages()).messages;
      await patient.acknowledgeMessage(one);
      await doctor.sendMessage({ to: people.patient.address, id: two, sealed: Uint8Array.of(2) });
      const [after] = (await patient.listMessages(before!.cursor)).messages;
      expect(after!.id).to.equal(two);
      await patient.acknowledgeMessage(two);
    });

    it("may be sent again, also after they were acknowledged, and arrive once", async () => {
      const message = { to: people.patient.address, id: newId(), sealed: Uint8Array.of(9) };
      await doctor.sendMessage(message);
      await doctor.sendMessage(message);
      expect((await patient.listMessages()).messages).to.have.length(1);
      await patient.acknowledgeMessage(message.id);
      await doctor.sendMessage(message);
      expect((await patient.listMessages()).messages).to.have.length(0);
    });

    it("keep their first bytes", async () => {
      const id = newId();
      await doctor.sendMessage({ to: people.patient.address, id, sealed: Uint8Array.of(1) });
      expect(await codeOf(stranger.sendMessage({ to: people.patient.address, id, sealed: Uint8Array.of(2) }))).to.equal(
        "CONFLICT",
      );
      const { messages } = await patient.listMessages();
      expect(messages.map(({ sealed }) => [...sealed])).to.deep.equal([[1]]);
      await patient.acknowledgeMessage(id);
    });

    it("are nobody else's to read or acknowledge", async () => {
      const id = newId();
      await doctor.sendMessage({ to: people.patient.address, id, sealed: Uint8Array.of(1) });
      expect((await stranger.listMessages()).messages).to.have.length(0);
      await stranger.acknowledgeMessage(id);
      expect((await patient.listMessages()).messages).to.have.length(1);
      await patient.acknowledgeMessage(id);
    });

    it("say nothing about who sent them, neither to the recipient nor in the database", async () => {
      const id = newId();
      await doctor.sendMessage({ to: people.patient.address, id, sealed: Uint8Array.of(1) });
      const [message] = (await patient.listMessages()).messages;
      expect(Object.keys(message!).sort()).to.deep.equal(["cursor", "id", "receivedAt", "sealed"]);
      const rows = await gateway.ports.store.inbox.list(people.patient.address, 0, 10);
      expect(JSON.stringify(rows).toLowerCase()).not.to.contain(people.doctor.address.slice(2).toLowerCase());
      await patient.acknowledgeMessage(id);
    });

    it("go to registered people only", async () => {
      const message = { to: people.stranger.address, id: newId(), sealed: Uint8Array.of(1) };
      expect(await codeOf(doctor.sendMessage(message))).to.equal("NOT_REGISTERED");
      expect((await stranger.listMessages()).messages).to.have.length(0);
    });

    it("are at most 256 KiB", async () => {
      const to = people.patient.address;
      const largest = { to, id: newId(), sealed: new Uint8Array(MAX_MESSAGE_BYTES) };
      await doctor.sendMessage(largest);
      const larger = { to, id: newId(), sealed: new Uint8Array(MAX_MESSAGE_BYTES + 1) };
      expect(await codeOf(doctor.sendMessage(larger))).to.equal("TOO_LARGE");
      const { messages } = await patient.listMessages();
      expect(messages.map(({ sealed }) => sealed.length)).to.deep.equal([MAX_MESSAGE_BYTES]);
      await patient.acknowledgeMessage(largest.id);
    });

    it("stop when the inbox is full, and go on when it is emptied", async () => {
      const app = await gateway.variant({ limits: { inboxBytes: 10 } });
      const sender = await signedIn({ app, clock: gateway.clock }, people.doctor);
      const send = (bytes: number, id = newId()) =>
        sender.sendMessage({ to: people.patient.address, id, sealed: new Uint8Array(bytes) });
      const id = newId();
      await send(10, id);
      expect(await codeOf(send(1))).to.equal("QUOTA_EXCEEDED");
      await patient.acknowledgeMessage(id);
      const next = newId();
      await send(1, next);
      await patient.acknowledgeMessage(next);
    });

    it("are limited per sender, and sooner to one recipient", async () => {
      const app = await gateway.variant({ limits: { messagesPerHour: 8 } });
      const sender = await signedIn({ app, clock: gateway.clock }, people.stranger);
      const other = await signedIn({ app, clock: gateway.clock }, people.nurse);
      const message = (to: Hex) => ({ to, id: newId(), sealed: Uint8Array.of(1) });
      await sender.sendMessage(message(people.nurse.address));
      await sender.sendMessage(message(people.nurse.address));
      expect(await codeOf(sender.sendMessage(message(people.nurse.address)))).to.equal("RATE_LIMITED");
      await sender.sendMessage(message(people.doctor.address));
      await other.sendMessage(message(people.nurse.address));
      expect((await other.listMessages()).messages).to.have.length(3);
    });
  });

  describe("key documents", () => {
    it("are published when their digest is the chain's", async () => {
      await doctor.publishKeyDocument(doctorKey.bytes);
      await doctor.publishKeyDocument(doctorKey.bytes);
      expect(await patient.getKeyDocuments(people.doctor.address)).to.deep.equal([new Uint8Array(doctorKey.bytes)]);
    });

    it("are refused when the chain holds another digest", async () => {
      const other = keyDocumentOf(people.doctor.address, { name: "Dr Mallory" });
      expect(await codeOf(doctor.publishKeyDocument(other.bytes))).to.equal("KEY_MISMATCH");
      expect(await patient.getKeyDocuments(people.doctor.address)).to.have.length(1);
    });

    it("are refused from anybody but the person, and before registering", async () => {
      expect(await codeOf(stranger.publishKeyDocument(doctorKey.bytes))).to.equal("FORBIDDEN");
      const own = keyDocumentOf(people.stranger.address);
      expect(await codeOf(stranger.publishKeyDocument(own.bytes))).to.equal("NOT_REGISTERED");
    });

    it("are refused when they are none", async () => {
      expect(await codeOf(doctor.publishKeyDocument(Uint8Array.of(1, 2, 3)))).to.equal("MALFORMED");
      expect(await codeOf(doctor.publishKeyDocument(new Uint8Array(65_537)))).to.equal("TOO_LARGE");
    });

    it("are served as the whole chain of keys, oldest first, in whatever order they came", async () => {
      const nurse = await signedIn(gateway, people.nurse);
      const second = keyDocumentOf(people.nurse.address, { name: "Lena Fischer-Berg" }, nurseKey);
      await chain.write(people.nurse, "rotateKey", [second.digest]);
      await nurse.publishKeyDocument(second.bytes);
      await nurse.publishKeyDocument(nurseKey.bytes);
      expect(await patient.getKeyDocuments(people.nurse.address)).to.deep.equal(
        [nurseKey.bytes, second.bytes].map((bytes) => new Uint8Array(bytes)),
      );
      expect(await patient.getKeyDocument(people.nurse.address)).to.deep.equal(new Uint8Array(second.bytes));
      const [listed] = await patient.searchDirectory("fischer");
      expect(listed!.display["name"]).to.equal("Lena Fischer-Berg");
    });

    it("of nobody are not found", async () => {
      expect(await codeOf(patient.getKeyDocuments(people.registrar.address))).to.equal("NOT_FOUND");
    });
  });

  describe("directory", () => {
    before(async () => {
      await doctor.publishKeyDocument(doctorKey.bytes);
      await patient.publishKeyDocument(patientKey.bytes);
    });
    const names = async (query: string, options = {}) =>
      (await patient.searchDirectory(query, options)).map((person) => person.display["name"]);

    it("finds by part of a name, by speciality and by address, whatever the case", async () => {
      for (const query of ["amara", "OKAFOR", "dr cardio", people.doctor.address.toLowerCase()]) {
        expect(await names(query)).to.deep.equal(["Dr Amara Okafor"]);
      }
    });

    it("reads wildcards as letters", async () => {
      expect(await names("%")).to.deep.equal([]);
      expect(await names("o_afor")).to.deep.equal([]);
    });

    it("says who is verified, as the chain does now", async () => {
      const [found] = await patient.searchDirectory("okafor");
      expect(found).to.include({ role: 2, suspended: false, keyDocument: doctorKey.digest });
      expect(found!.verifiedUntil).to.be.greaterThan(await chain.now());
      expect(await names("", { verifiedOnly: true })).to.deep.equal(["Dr Amara Okafor"]);
      await chain.write(people.registrar, "suspend", [people.doctor.address]);
      expect(await names("", { verifiedOnly: true })).to.deep.equal([]);
      expect((await patient.searchDirectory("okafor"))[0]!.suspended).to.equal(true);
      await chain.write(people.registrar, "restore", [people.doctor.address]);
      expect(await names("", { verifiedOnly: true })).to.deep.equal(["Dr Amara Okafor"]);
    });

    it("lists no patients, and only the role that was asked for", async () => {
      expect(await patient.searchDirectory(people.patient.address)).to.deep.equal([]);
      expect(await names("", { role: 3 })).to.deep.equal([]);
      expect(await names("okafor", { role: 2 })).to.have.length(1);
    });

    it("refuses a search that is too long", async () => {
      expect(await codeOf(patient.searchDirectory("a".repeat(101)))).to.equal("TOO_LARGE");
    });
  });

  it("says that the chain is unavailable when it is, and keeps what needs no chain", async () => {
    const down = () => Promise.reject(new SdkError("CHAIN_UNAVAILABLE", "no node"));
    const chainPort = { block: down, identityOf: down, headOf: down, chartActs: down, keyDocumentDigestsOf: down };
    const app = await gateway.variant({ chain: chainPort });
    const client = await signedIn({ app, clock: gateway.clock }, people.doctor);
    const message = { to: people.patient.address, id: newId(), sealed: Uint8Array.of(1) };
    expect(await codeOf(client.sendMessage(message))).to.equal("CHAIN_UNAVAILABLE");
    await client.putSlot("main", { kind: "passphrase", data: Uint8Array.of(1) });
    expect(await client.listSlots()).to.have.length(1);
    await client.removeSlot("main");
    expect((await clientOf(app).health()).chain).to.deep.equal({ ok: false, block: null });
  });
});
