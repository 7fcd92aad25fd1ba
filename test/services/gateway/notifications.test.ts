/**
 * @module test/services/gateway/notifications
 * Wake-ups from a real chain: none lost and none told twice, over restarts and reorganisations; no content; the live stream.
 */
import { expect } from "chai";
import { eq } from "drizzle-orm";
import { encodeFunctionData, type Abi, type HDAccount } from "viem";
import type { Hex } from "@carekey/sdk/bytes";
import { carekeyAbi, emergencyAccessAbi, successionAbi } from "@carekey/sdk/contracts";
import type { GatewayClient, Notification } from "@carekey/sdk/gateway";
import { guardianCommitment } from "@carekey/sdk/identity";
import { viewNoticeDigest, type NoticedView } from "@carekey/sdk/keeper";
import { createWatchedChain } from "../../../services/gateway/adapters/watched-chain.ts";
import { createStore } from "../../../services/gateway/adapters/store.ts";
import { openEmbedded } from "../../../services/gateway/adapters/database.ts";
import { factors, outbox } from "../../../services/gateway/database/schema.ts";
import { sealContext } from "../../../services/gateway/codes/spend.ts";
import { MAIL_PAUSE_SECONDS, sendDueMails } from "../../../services/gateway/notifications/mails.ts";
import { createWatcher } from "../../../services/gateway/notifications/watcher.ts";
import { expectRefusal } from "../../support/refusal.ts";
import {
  ORIGIN,
  openGateway,
  people,
  refusal,
  signedIn,
  startChain,
  temporaryFolder,
  type FreshGateway,
  type TestChain,
  type TestGateway,
} from "./fixture.ts";

const YEAR = 365 * 86_400;
const abis: Record<"emergencyAccess" | "succession", Abi> = {
  emergencyAccess: emergencyAccessAbi,
  succession: successionAbi,
};
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;

describe("notifications", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let opened: TestGateway;
  let gateway: FreshGateway;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let patient: GatewayClient;
  let doctor: GatewayClient;

  before(async () => {
    chain = await startChain();
    await chain.register([people.patient, 1], [people.doctor, 2]);
  });
  before(async () => {
    folder = await temporaryFolder();
    opened = await openGateway(chain, folder.path);
  });
  beforeEach(async () => {
    gateway = await opened.anew();
    patient = await signedIn(gateway, people.patient);
    doctor = await signedIn(gateway, people.doctor);
    await poll();
  });
  after(async () => {
    await opened.close();
    await folder.release();
  });
  after(() => chain.close());

  function watcherOf(store = gateway.ports.store, now = gateway.ports.now) {
    return createWatcher({
      chain: createWatchedChain(chain.publicClient, chain.deployment),
      store: store.notifications,
      wakes: gateway.ports.wakes,
      chainId: 31337,
      deployBlock: 0,
      registrar: people.registrar.address,
      now,
    });
  }
  const poll = () => watcherOf().poll();
  const verify = async () =>
    chain.write(people.registrar, "verify", [people.doctor.address, (await chain.now()) + YEAR, word("01")]);
  /** One call of another contract of the deployment. */
  async function act(contract: keyof typeof abis, sender: HDAccount, functionName: string, args: readonly unknown[]) {
    const call = { address: chain.deployment[contract], abi: abis[contract], functionName, args };
    const hash = await chain.wallet.writeContract({ ...call, account: sender });
    await chain.publicClient.waitForTransactionReceipt({ hash });
  }
  const kinds = async (client: GatewayClient) =>
    (await client.notifications.list()).notifications.map(({ kind }) => kind);
  const note = (list: readonly Notification[]) => list.map(({ cursor, txHash }) => [cursor, txHash]);

  it("tells the person concerned, once, however often the chain is read", async () => {
    const before = (await doctor.notifications.list()).unread;
    await verify();
    await poll();
    await poll();
    const { notifications, unread } = await doctor.notifications.list();
    expect(unread).to.equal(before + 1);
    expect(notifications[0]).to.include({ kind: "licence", readAt: null, messageId: null });
    expect(notifications[0]!.txHash).to.match(/^0x[0-9a-f]{64}$/);
    expect(await kinds(patient)).to.deep.equal([]);
  });

  it("tells the patient of consents given and taken back under their name, and knows not for whom", async () => {
    await chain.write(people.patient, "grant", [word("a1"), word("b1")]);
    await chain.write(people.patient, "revoke", [word("a1")]);
    await poll();
    expect(await kinds(patient)).to.deep.equal(["sharing", "sharing"]);
    const { notifications } = await patient.notifications.list();
    expect(Object.keys(notifications[0]!)).to.have.members(["cursor", "kind", "at", "readAt", "txHash", "messageId"]);
  });

  it("tells both wallets of a move what guardians say and do, and cannot be told to keep silent", async () => {
    const { nurse: owner, stranger: successor } = people;
    const guardians = [people.patient, people.doctor, people.registrar];
    const commitments = guardians.map(({ address }) => guardianCommitment(owner.address, address, word("5a")));
    await act("succession", owner, "setGuardians", [commitments, 2, 0]);
    await act("succession", people.patient, "vouch", [owner.address, successor.address, word("5a"), commitments]);
    await act("succession", owner, "veto", []);
    await poll();
    const ofOwner = await signedIn(gateway, owner);
    expect(await kinds(ofOwner)).to.deep.equal(["account", "account", "account"]);
    expect(await kinds(await signedIn(gateway, successor))).to.deep.equal(["account"]);
    const silent = { off: ["account" as never], mail: false, views: "off" as const };
    await expectRefusal(ofOwner.notifications.setPreferences(silent), "MALFORMED");
  });

  it("tells the clinician and the contacts that a patient named of each step of an emergency, and them of nothing else", async () => {
    const snapshot = await chain.request("evm_snapshot");
    const { patient: owner, doctor: clinician, nurse, stranger } = people;
    await patient.notifications.setContacts([nurse.address, stranger.address]);
    await patient.notifications.setContacts([nurse.address]);
    const emergencies = async (person: HDAccount) =>
      (await kinds(await signedIn(gateway, person))).filter((kind) => kind === "emergency").length;
    await verify();
    await act("emergencyAccess", owner, "configure", [0, []]);
    await act("emergencyAccess", clinician, "request", [owner.address, word("5b")]);
    const id = await chain.client.emergency.latestOf(clinician.address);
    await act("emergencyAccess", owner, "stop", [id, word("00")]);
    await chain.write(owner, "grant", [word("a9"), word("b9")]);
    await poll();
    expect(await Promise.all([nurse, stranger, owner, clinician].map(emergencies))).to.deep.equal([2, 0, 2, 2]);
    expect(await kinds(await signedIn(gateway, nurse))).to.not.include("sharing");
    const six = Array.from({ length: 6 }, (_, index): Hex => `0x${String(index).repeat(40)}`);
    await expectRefusal(patient.notifications.setContacts(six), "MALFORMED");
    // Other tests read the same chain from its first block.
    await chain.request("evm_revert", [snapshot]);
  });

  it("tells of a sealed message in the same step as it is kept, and of a repeat only once", async () => {
    const id: Hex = `0x${"0c".repeat(16)}`;
    const message = { to: people.patient.address, id, sealed: new Uint8Array([1, 2]) };
    const before = (await patient.notifications.list()).unread;
    await doctor.sendMessage(message);
    await doctor.sendMessage(message);
    const { notifications, unread } = await patient.notifications.list();
    expect(unread).to.equal(before + 1);
    await patient.sendMessage({ ...message, id: `0x${"1c".repeat(16)}` }); // a note to oneself is no news
    expect((await patient.notifications.list()).unread).to.equal(before + 1);
    expect(notifications[0]).to.include({ kind: "message", messageId: message.id, txHash: null });
  });

  it("leaves a message quietly when the chain tells the same thing", async () => {
    const before = (await patient.notifications.list()).unread;
    const id: Hex = `0x${"2c".repeat(16)}`;
    await doctor.sendMessage({ to: people.patient.address, id, sealed: new Uint8Array([3]), quiet: true });
    expect((await patient.notifications.list()).unread).to.equal(before);
    expect((await patient.listMessages()).messages.map((message) => message.id)).to.include(id);
  });

  it("goes on after a restart where it stopped: same rows, nothing lost that happened meanwhile", async () => {
    await verify();
    await poll();
    const before = (await doctor.notifications.list()).notifications;
    await opened.close();
    await verify();
    gateway = opened = await openGateway(chain, folder.path);
    doctor = await signedIn(gateway, people.doctor);
    await poll();
    const after = (await doctor.notifications.list()).notifications;
    expect(note(after.slice(1))).to.deep.equal(note(before));
  });

  it("saves neither when it dies between the wake-ups and the block it had read", async () => {
    await verify();
    const { notifications: store } = gateway.ports.store;
    const failing = {
      ...gateway.ports.store,
      notifications: { ...store, advance: () => Promise.reject(new Error("dies")) },
    };
    await watcherOf(failing)
      .poll()
      .catch(() => undefined);
    const unread = (await doctor.notifications.list()).unread;
    await poll();
    expect((await doctor.notifications.list()).unread).to.equal(unread + 1);
  });

  it("lists as read what was long past when a chain is read for the first time, and rings for what follows", async () => {
    await verify();
    gateway = await opened.anew();
    doctor = await signedIn(gateway, people.doctor);
    const later = (await chain.now()) + 2 * 86_400;
    await watcherOf(gateway.ports.store, () => later).poll();
    const first = await doctor.notifications.list();
    expect(first.notifications).to.not.deep.equal([]);
    expect(first.unread).to.equal(0);
    await verify();
    await watcherOf(gateway.ports.store, () => later).poll();
    expect((await doctor.notifications.list()).unread).to.equal(1);
  });

  describe("views that keepers tell of", () => {
    // The deployment of these tests gives their seats to these people.
    const [first, second] = [people.doctor, people.stranger];
    const viewOf = (id: string, at = gateway.clock.seconds) => ({ patient: people.patient.address, id: word(id), at });
    const wanting = (views: "immediate" | "daily" | "off") =>
      patient.notifications.setPreferences({ off: [], mail: false, views });
    async function tell(keeper: HDAccount, views: readonly NoticedView[], change: Record<string, unknown> = {}) {
      const signature = await keeper.sign({ hash: viewNoticeDigest(chain.deployment, keeper.address, views) });
      return gateway.app.request("/api/v1/views", {
        method: "POST",
        headers: { "Content-Type": "application/json", origin: ORIGIN },
        body: JSON.stringify({ keeper: keeper.address, views, signature, ...change }),
      });
    }

    const told = async (client: GatewayClient) => (await kinds(client)).filter((kind) => kind === "view");

    it("reach the patient once, whoever tells of them and how often, without reader and record", async () => {
      for (const keeper of [first, second, first]) expect((await tell(keeper, [viewOf("01")])).status).to.equal(204);
      await tell(second, [viewOf("01"), viewOf("02")]);
      const { notifications } = await patient.notifications.list();
      expect(await told(patient)).to.deep.equal(["view", "view"]);
      expect(notifications[0]).to.include({ readAt: null, txHash: null, messageId: null });
      expect(await told(doctor)).to.deep.equal([]);
    });

    it("are told once a day, or not at all, when the patient wants it so", async () => {
      const today = gateway.clock.seconds;
      await wanting("daily");
      await tell(first, [viewOf("01", today - 2 * 86_400), viewOf("02", today), viewOf("03", today)]);
      await tell(second, [viewOf("04", today)]);
      expect(await told(patient)).to.deep.equal(["view", "view"]);
      await wanting("off");
      await tell(first, [viewOf("05")]);
      expect(await told(patient)).to.deep.equal([]);
      await wanting("immediate");
      expect(await told(patient)).to.deep.equal(["view", "view"]);
    });

    it("never lie ahead, however a keeper's clock goes", async () => {
      await tell(first, [viewOf("01", gateway.clock.seconds + 86_400)]);
      expect((await patient.notifications.list()).notifications[0]!.at).to.equal(gateway.clock.seconds);
    });

    it("are believed of keepers of this deployment alone, and as they signed them", async () => {
      expect(await refusal(await tell(people.nurse, [viewOf("01")]))).to.include({ status: 403, code: "FORBIDDEN" });
      const altered = { views: [viewOf("02")] };
      for (const change of [altered, { keeper: second.address }, { signature: `0x${"11".repeat(65)}` }]) {
        const reply = await tell(first, [viewOf("01")], change);
        expect((await refusal(reply)).code, JSON.stringify(change)).to.equal("SIGNATURE_INVALID");
      }
      expect((await refusal(await tell(first, []))).code).to.equal("MALFORMED");
      expect(await told(patient)).to.deep.equal([]);
    });
  });

  describe("a reorganisation", () => {
    it("withdraws what is gone and unread, and keeps what was read", async () => {
      const unread = (await doctor.notifications.list()).unread;
      const snapshot = await chain.request("evm_snapshot");
      await verify();
      await poll();
      await verify();
      await poll();
      const [second, first] = (await doctor.notifications.list()).notifications;
      await doctor.notifications.markRead({ cursors: [first!.cursor] });
      await chain.request("evm_revert", [snapshot]);
      await chain.request("evm_mine");
      await poll();
      const left = await doctor.notifications.list();
      expect(left.unread).to.equal(unread);
      const cursors = left.notifications.map(({ cursor }) => cursor);
      expect(cursors).to.include(first!.cursor).and.not.include(second!.cursor);
    });

    it("tells an event once that comes again at another place, and leaves a read one read", async () => {
      const snapshot = await chain.request("evm_snapshot");
      const validUntil = (await chain.now()) + YEAR;
      const send = async (licence: Hex, nonce: number) =>
        chain.wallet.signTransaction(
          await chain.wallet.prepareTransactionRequest({
            account: people.registrar,
            to: chain.deployment.carekey,
            data: verifyData(validUntil, licence),
            nonce,
            gas: 200_000n,
          }),
        );
      const nonce = await chain.publicClient.getTransactionCount({ address: people.registrar.address });
      const [one, two] = [await send(word("11"), nonce), await send(word("12"), nonce + 1)];
      for (const raw of [one, two]) await chain.request("eth_sendRawTransaction", [raw]);
      await poll();
      const before = (await doctor.notifications.list()).notifications;
      await doctor.notifications.markRead({ cursors: [before[1]!.cursor] });
      await chain.request("evm_revert", [snapshot]);
      await chain.request("evm_mine");
      await poll();
      for (const raw of [one, two]) await chain.request("eth_sendRawTransaction", [raw]);
      await poll();
      const after = (await doctor.notifications.list()).notifications;
      expect(after.map(({ txHash }) => txHash)).to.have.members(before.map(({ txHash }) => txHash));
      expect(after).to.have.length(before.length);
      const readOnes = after.filter(({ readAt }) => readAt !== null).map(({ txHash }) => txHash);
      expect(readOnes).to.deep.equal([before[1]!.txHash]);
    });

    it("deeper than all it remembers is read again from the start, and tells nothing twice", async () => {
      await verify();
      await poll();
      const before = note((await doctor.notifications.list()).notifications);
      const other = await startChain();
      const elsewhere = createWatcher({
        chain: createWatchedChain(other.publicClient, other.deployment),
        store: gateway.ports.store.notifications,
        wakes: gateway.ports.wakes,
        chainId: 31337,
        deployBlock: 0,
        registrar: people.registrar.address,
        now: gateway.ports.now,
      });
      await elsewhere.poll();
      expect((await doctor.notifications.list()).notifications).to.deep.equal([]);
      await other.close();
      await poll();
      const after = note((await doctor.notifications.list()).notifications);
      expect(after.map(([, txHash]) => txHash)).to.deep.equal(before.map(([, txHash]) => txHash));
    });
  });

  function verifyData(validUntil: number, licence: Hex): Hex {
    return encodeFunctionData({
      abi: carekeyAbi,
      functionName: "verify",
      args: [people.doctor.address, validUntil, licence],
    });
  }

  describe("reading and preferences", () => {
    it("marks as read up to one, for the reader only", async () => {
      await verify();
      await chain.write(people.patient, "grant", [word("a2"), word("b2")]);
      await poll();
      const [newest] = (await doctor.notifications.list()).notifications;
      await doctor.notifications.markRead({ upTo: newest!.cursor });
      expect((await doctor.notifications.list()).unread).to.equal(0);
      expect((await patient.notifications.list()).unread).to.be.greaterThan(0);
    });

    it("hides kinds that a person turned off; emergencies cannot be turned off", async () => {
      await chain.write(people.patient, "grant", [word("a3"), word("b3")]);
      await poll();
      await patient.notifications.setPreferences({ off: ["sharing"], mail: false, views: "daily" });
      expect(await kinds(patient)).to.deep.equal([]);
      expect((await patient.notifications.list()).unread).to.equal(0);
      expect((await patient.notifications.preferences()).preferences.views).to.equal("daily");
      await patient.notifications.setPreferences({ off: [], mail: false, views: "off" });
      expect(await kinds(patient)).to.include("sharing");
      const response = await gateway.app.request("/api/v1/notifications/preferences", {
        method: "PUT",
        headers: { origin: ORIGIN, "content-type": "application/json", ...patient.headers() },
        body: JSON.stringify({ off: ["emergency"], mail: false, views: "off" }),
      });
      expect(await refusal(response)).to.deep.equal({ status: 400, code: "MALFORMED" });
    });

    it("are nobody else's, and need a session", async () => {
      for (const path of ["", "/stream", "/preferences"]) {
        const response = await gateway.app.request(`/api/v1/notifications${path}`);
        expect(await refusal(response)).to.deep.equal({ status: 401, code: "NOT_SIGNED_IN" });
      }
    });
  });

  describe("mail", () => {
    const mailPorts = () => ({
      ...gateway.ports,
      store: gateway.ports.store.notifications,
      factors: gateway.ports.store.factors,
      appUrl: ORIGIN,
    });
    const mails = () => gateway.database.select().from(outbox);
    const withAddress = async () => {
      const { address } = people.patient;
      const sealed = gateway.ports.codeKey.seal("rosa@example.org", sealContext(address, "mail"));
      await gateway.ports.store.factors.begin(address, "mail", sealed);
      await gateway.ports.store.factors.confirm(address, "mail", 1);
      await patient.notifications.setPreferences({ off: [], mail: true, views: "off" });
    };

    it("cannot be turned on without a confirmed address", async () => {
      await expectRefusal(patient.notifications.setPreferences({ off: [], mail: true, views: "off" }), "CONFLICT");
      expect((await patient.notifications.preferences()).canMail).to.equal(false);
    });

    it("says that something waits, and no word about what, once", async () => {
      await withAddress();
      await doctor.sendMessage({ to: people.patient.address, id: `0x${"0d".repeat(16)}`, sealed: new Uint8Array([9]) });
      await sendDueMails(mailPorts(), 0);
      await sendDueMails(mailPorts(), 0);
      const sent = await mails();
      expect(sent).to.have.length(1);
      expect(sent[0]!.recipient).to.equal("rosa@example.org");
      expect(sent[0]!.subject + sent[0]!.body).to.not.match(
        /record|doctor|patient|health|medic|lab|result|emergenc|consent|share|request|Rosa|Nwosu|0x/i,
      );
    });

    it("pauses between two mails, and waits until a block is deep enough", async () => {
      await withAddress();
      await doctor.sendMessage({ to: people.patient.address, id: `0x${"0e".repeat(16)}`, sealed: new Uint8Array([9]) });
      await sendDueMails(mailPorts(), 0);
      await chain.write(people.patient, "grant", [word("a4"), word("b4")]);
      await poll();
      const newest = Number(await chain.publicClient.getBlockNumber());
      await sendDueMails(mailPorts(), newest);
      expect(await mails()).to.have.length(1);
      gateway.clock.seconds += MAIL_PAUSE_SECONDS;
      const held = await gateway.ports.store.notifications.mailsDue(0);
      expect(held).to.deep.equal([]);
      await sendDueMails(mailPorts(), newest);
      expect(await mails()).to.have.length(2);
    });

    it("stays due when it cannot be sent, and is not sent to who turned codes by mail off", async () => {
      await withAddress();
      await doctor.sendMessage({ to: people.patient.address, id: `0x${"0f".repeat(16)}`, sealed: new Uint8Array([9]) });
      const mailer = { send: () => Promise.reject(new Error("down")) };
      await sendDueMails({ ...mailPorts(), mailer }, 0).catch(() => undefined);
      expect(await gateway.ports.store.notifications.mailsDue(0)).to.have.length(1);
      await gateway.database.delete(factors).where(eq(factors.address, people.patient.address));
      await sendDueMails(mailPorts(), 0);
      expect(await mails()).to.have.length(0);
    });
  });

  describe("the live stream", () => {
    async function listen(lastEventId?: number) {
      const ending = new AbortController();
      const response = await gateway.app.request("/api/v1/notifications/stream", {
        headers: {
          ...patient.headers(),
          ...(lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) }),
        },
        signal: ending.signal,
      });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      /** Waits for an event with news; gives all cursors told so far. */
      async function cursors(count: number): Promise<number[]> {
        for (;;) {
          const told = [...text.matchAll(/data: (\{.*\})/g)].map(
            ([, json]) => JSON.parse(json!) as { cursor: number; kind: string | null },
          );
          const news = told.filter(({ kind }) => kind !== null).map(({ cursor }) => cursor);
          if (news.length >= count) return news;
          const { value, done } = await reader.read();
          if (done) return news;
          text += value;
        }
      }
      return { response, cursors, text: () => text, stop: () => reader.cancel() };
    }
    const send = (byte: string) =>
      doctor.sendMessage({ to: people.patient.address, id: `0x${byte.repeat(16)}`, sealed: new Uint8Array([1]) });

    it("tells news at once, without content", async () => {
      const stream = await listen();
      expect(stream.response.headers.get("content-type")).to.include("text/event-stream");
      await send("21");
      const [cursor] = await stream.cursors(1);
      expect(cursor).to.equal((await patient.notifications.list()).notifications[0]!.cursor);
      expect(stream.text()).to.not.include(people.patient.address).and.not.include("0x");
      await stream.stop();
    });

    it("is read by the client: at once, then each change, and ends without a failure when it is left", async () => {
      const leaving = new AbortController();
      const events = patient.notifications.listen({ signal: leaving.signal });
      expect((await events.next()).value).to.include({ kind: null });
      await send("22");
      const newest = (await patient.notifications.list()).notifications[0]!.cursor;
      expect((await events.next()).value).to.deep.equal({ cursor: newest, kind: "message" });
      const last = events.next();
      leaving.abort();
      expect((await last).done).to.equal(true);
    });

    it("refuses the client with the gateway's own code", async () => {
      await patient.signOut();
      const events = patient.notifications.listen({ signal: AbortSignal.timeout(5_000) });
      await expectRefusal(events.next(), "NOT_SIGNED_IN");
    });

    it("ends when the session was not used for too long", async () => {
      const stream = await listen();
      await stream.cursors(0);
      gateway.clock.seconds += 2 * 3_600;
      gateway.ports.wakes.publish([people.patient.address]);
      expect(await stream.cursors(1)).to.deep.equal([]);
    });

    it("resumes after the last event that the client had, without loss or repeat", async () => {
      await send("31");
      const first = (await patient.notifications.list()).notifications[0]!.cursor;
      await send("32");
      await send("33");
      const stream = await listen(first);
      const told = await stream.cursors(2);
      const { notifications } = await patient.notifications.list();
      expect(told).to.deep.equal(
        notifications
          .map(({ cursor }) => cursor)
          .filter((cursor) => cursor > first)
          .reverse(),
      );
      await stream.stop();
    });

    it("ends with the session, and is limited for each person", async () => {
      const streams = [];
      for (let index = 0; index < 8; index++) streams.push(await listen());
      const ninth = await gateway.app.request("/api/v1/notifications/stream", { headers: patient.headers() });
      expect(await refusal(ninth)).to.deep.equal({ status: 429, code: "RATE_LIMITED" });
      await gateway.ports.store.sessions.endOthers(people.patient.address, "none");
      await send("41");
      for (const stream of streams) expect(await stream.cursors(1)).to.deep.equal([]);
    });
  });

  it("keeps the rows in the database file", async () => {
    await verify();
    await poll();
    const before = note((await doctor.notifications.list()).notifications);
    await opened.close();
    const file = await openEmbedded(folder.path);
    const rows = await createStore(file.database).notifications.list(people.doctor.address, { limit: 50 });
    expect(note(rows)).to.deep.equal(before);
    await file.close();
    opened = await openGateway(chain, folder.path);
  });
});
