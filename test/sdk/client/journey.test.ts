/**
 * @module test/sdk/client/journey
 * The main job on the real stack – chain, IPFS, keepers, gateway – without a browser, and with a hostile client beside every door.
 */
import { expect } from "chai";
import { custom, encodeEventTopics, http, type EIP1193RequestFn, type Hex } from "viem";
import { chainOf } from "../../../sdk/src/chain/index.ts";
import {
  addRecord,
  answerRequest,
  applyAsClinician,
  decideApplication,
  decideEntries,
  grantConsent,
  listApplications,
  listConsents,
  listGrants,
  listNotices,
  listOwnRecords,
  listRequests,
  listViews,
  openOwnRecord,
  openSharedRecord,
  openViewSession,
  personOf,
  prepareGrant,
  readChart,
  readSharedChart,
  requestAccess,
  restorePerson,
  revokeConsent,
  setPassphrase,
  submitEntry,
  suspendPerson,
  unlockWithPassphrase,
  unlockWithRecoveryCode,
  uploadContent,
  type Application,
  type Carekey,
  type GrantRequest,
  type SharedItem,
} from "../../../sdk/src/client/index.ts";
import { carekeyAbi } from "../../../sdk/src/contracts/index.ts";
import { WRITE } from "../../../sdk/src/consent/index.ts";
import { encodeRecoveryCode } from "../../../sdk/src/crypto/index.ts";
import type { Deployment } from "../../../sdk/src/deployment.ts";
import { openDevice } from "../../support/actors.ts";
import { expectRefusal as refusal } from "../../support/refusal.ts";
import { PASSPHRASE, sharedClientClinic, type Actor } from "./support/clinic.ts";

const text = (words: string) => new Blob([words]);

describe("the main job, without a browser", function () {
  this.timeout(240_000);

  let deployment: Deployment;
  let registrar: Actor;
  let patient: Actor;
  let doctor: Actor;
  let stranger: Actor;
  let letter: Hex;

  const device = (key: Hex): Carekey => openDevice(deployment, key);
  /** A device that reads the chain at a node of its own. */
  const deviceAt = (key: Hex, request: EIP1193RequestFn): Carekey =>
    openDevice(deployment, key, { transport: custom({ request }) });

  async function share(request: Partial<GrantRequest> = {}): Promise<Hex[]> {
    const prepared = await prepareGrant(patient.carekey, patient.person, {
      grantee: doctor.person.address,
      granteeName: "Dr Ada Nwosu",
      scopes: ["general"],
      rights: ["read"],
      expiresAt: patient.carekey.now() + 3600,
      purpose: "Second opinion",
      ...request,
    });
    return grantConsent(patient.carekey, patient.person, prepared);
  }

  async function add(name: string, scope: string, words: string): Promise<Hex> {
    const content = await uploadContent(patient.carekey, { source: text(words) });
    const record = { name, type: "text/plain", fhir: null, content, scope };
    return (await addRecord(patient.carekey, patient.person, record)).pointer;
  }

  /** The doctor's application as the registrar finds it. */
  async function applicationOfDoctor(): Promise<Application> {
    const applications = await listApplications(registrar.carekey, registrar.person);
    return applications.find(({ from }) => from === doctor.person.address)!;
  }

  async function itemOf(reader: Actor, pointer: Hex): Promise<SharedItem | undefined> {
    const { items } = await readSharedChart(reader.carekey, reader.person, patient.person.address);
    return items.find(({ entry }) => entry.pointer === pointer);
  }

  async function readAs(reader: Actor, item: SharedItem): Promise<string> {
    const session = await openViewSession(reader.carekey);
    const opened = await openSharedRecord(reader.carekey, reader.person, { item, reason: "Visit today", session });
    return new Response(opened.content()).text();
  }

  before(async () => {
    const clinic = await sharedClientClinic();
    ({ deployment, registrar } = clinic);
    patient = await clinic.join(1, "Nora Falk");
    doctor = await clinic.join(2, "Dr Ada Nwosu", { speciality: "Cardiology" });
    stranger = await clinic.join(2, "Dr No Body", { speciality: "None" });
  });

  describe("keys", () => {
    it("open on a second device with the passphrase or the recovery code, and give the same keys", async () => {
      const byPassphrase = await unlockWithPassphrase(device(patient.key), PASSPHRASE);
      const byCode = await unlockWithRecoveryCode(device(patient.key), encodeRecoveryCode(patient.seed));
      expect(byPassphrase.keys).to.deep.equal(patient.person.keys);
      expect(byCode.keys).to.deep.equal(patient.person.keys);
    });

    it("do not open with another passphrase or another person's code", async () => {
      await refusal(unlockWithPassphrase(device(patient.key), "winter heron climbs the tenth lantern"), "WRONG_SECRET");
      await refusal(unlockWithRecoveryCode(device(patient.key), encodeRecoveryCode(doctor.seed)), "KEY_MISMATCH");
    });

    it("move to a new passphrase", async () => {
      const other = "seven quiet otters borrow a violin";
      await setPassphrase(stranger.carekey, stranger.person, other);
      await refusal(unlockWithPassphrase(device(stranger.key), PASSPHRASE), "WRONG_SECRET");
      expect((await unlockWithPassphrase(device(stranger.key), other)).address).to.equal(stranger.person.address);
    });
  });

  describe("licences", () => {
    it("show the registrar what the clinician sealed, scan included", async () => {
      const scan = new File(["licence of Ada Nwosu"], "licence.txt", { type: "text/plain" });
      const form = { name: "Dr Ada Nwosu", speciality: "Cardiology", licenceNumber: "MC-1182", scan };
      await applyAsClinician(doctor.carekey, doctor.person, form);
      const application = await applicationOfDoctor();
      expect(application).to.include({ name: form.name, licenceNumber: form.licenceNumber, status: "waiting" });
      const opened = await application.openScan();
      expect(new TextDecoder().decode(opened!.bytes)).to.equal("licence of Ada Nwosu");
    });

    it("are asked for before a patient can share", async () => {
      await refusal(share(), "NOT_VERIFIED");
    });

    it("are given with a date, and the clinician is told", async () => {
      const application = await applicationOfDoctor();
      const validUntil = registrar.carekey.now() + 86_400;
      await decideApplication(registrar.carekey, registrar.person, {
        application,
        verdict: "verified",
        validUntil,
      });
      expect((await personOf(patient.carekey, doctor.person.address)).verified).to.equal(true);
      const [notice] = await listNotices(doctor.carekey, doctor.person);
      expect(notice).to.include({ kind: "application-decision" });
    });
  });

  describe("sharing and viewing", () => {
    before(async () => {
      letter = await add("Discharge letter", "general", "Admitted on Monday, well on Friday.");
      await add("Therapy notes", "mental-health", "Private.");
    });

    it("lets the owner read without any keeper", async () => {
      const { records } = await listOwnRecords(patient.carekey, patient.person);
      expect(records.map(({ manifest }) => manifest?.core.name)).to.deep.equal(["Therapy notes", "Discharge letter"]);
      const opened = await openOwnRecord(patient.carekey, patient.person, records[1]!.entry);
      expect(await new Response(opened.content()).text()).to.equal("Admitted on Monday, well on Friday.");
    });

    it("opens to the grantee what is in scope, and leaves a receipt at two keepers", async () => {
      const [consentId] = await share();
      const item = await itemOf(doctor, letter);
      expect(await readAs(doctor, item!)).to.equal("Admitted on Monday, well on Friday.");
      const session = await openViewSession(patient.carekey);
      const { views, problems } = await listViews(patient.carekey, patient.person, session);
      expect(problems).to.deep.equal([]);
      expect(views).to.have.length(1);
      expect(views[0]).to.include({
        reader: doctor.person.address,
        title: "Discharge letter",
        reason: "Visit today",
        consentId,
        kind: "view",
        alarm: null,
      });
      expect(views[0]!.consent).to.include({ scopes: "General health", purpose: "Second opinion" });
      expect(views[0]!.receipts.length).to.be.at.least(2);
    });

    it("hides what is outside the scopes, and says that something is there", async () => {
      const { items, hiddenCount } = await readSharedChart(doctor.carekey, doctor.person, patient.person.address);
      expect(items.map(({ entry }) => entry.pointer)).to.deep.equal([letter]);
      expect(hiddenCount).to.equal(1);
    });

    it("verifies the history with the node and the keepers", async () => {
      const chart = await readChart(doctor.carekey, patient.person.address);
      expect(chart).to.include({ verdict: "verified", problem: null, headSources: 4 });
    });

    it("verifies it without a keeper that is stuck", async () => {
      const [stuck, ...others] = doctor.carekey.keepers;
      const keepers = [{ ...stuck!, chartHead: () => new Promise<never>(() => undefined) }, ...others];
      const chart = await readChart({ ...doctor.carekey, keepers }, patient.person.address);
      expect(chart).to.include({ verdict: "verified", problem: null, headSources: 3 });
    });

    it("gives a stranger nothing, even with the grantee's terms and keys", async () => {
      const stolen = await itemOf(doctor, letter);
      await refusal(readAs(stranger, stolen!), "SIGNATURE_INVALID");
      const { items } = await readSharedChart(stranger.carekey, stranger.person, patient.person.address);
      expect(items).to.deep.equal([]);
    });

    it("opens with one keeper down, and says how many answer when too few do", async () => {
      const item = (await itemOf(doctor, letter))!;
      const away = (count: number) => ({
        ...doctor.carekey,
        keepers: doctor.carekey.keepers.map((keeper, index) =>
          index >= count ? keeper : { ...keeper, view: () => Promise.reject(new Error("down")) },
        ),
      });
      const session = await openViewSession(doctor.carekey);
      const view = { item, reason: "Visit today", session };
      const opened = await openSharedRecord(away(1), doctor.person, view);
      expect(opened.keepers).to.have.length(2);
      const tooFew = await refusal(openSharedRecord(away(2), doctor.person, view), "TOO_FEW_KEEPERS");
      expect(tooFew.details).to.include({ answered: 1, needed: 2, total: 3 });
    });
  });

  describe("entries", () => {
    const submit = async (name: string) => {
      const grants = await listGrants(doctor.carekey, doctor.person);
      const { terms } = grants.find((grant) => grant.terms.rights === WRITE && grant.status === "active")!;
      const content = await uploadContent(doctor.carekey, { source: text(`${name}: details`) });
      return submitEntry(doctor.carekey, doctor.person, {
        terms,
        name,
        type: "text/plain",
        fhir: { resourceType: "Condition", code: { text: name } },
        content,
        proposedScope: "general",
      });
    };

    before(() => share({ rights: ["write"], scopes: [] }));

    it("wait for the patient, who sees what they say", async () => {
      const { pointer } = await submit("Hypertension");
      const { records } = await listOwnRecords(patient.carekey, patient.person);
      expect(records[0]).to.deep.include({ problem: null, scope: "general" });
      expect(records[0]!.entry).to.include({ pointer, status: "pending", author: doctor.person.address });
      expect(records[0]!.manifest!.core.name).to.equal("Hypertension");
      expect(await itemOf(doctor, pointer)).to.equal(undefined);
    });

    it("appear once approved; denied ones are told, listed and never opened", async () => {
      const { pointer: unwanted } = await submit("Somebody else's diagnosis");
      const { records } = await listOwnRecords(patient.carekey, patient.person);
      const [denied, approved] = records.map(({ entry }) => entry);
      await decideEntries(patient.carekey, patient.person, {
        approve: [{ entryId: approved!.entryId, scope: "general" }],
        deny: [denied!.entryId],
        reason: "Not my diagnosis",
      });
      await doctor.carekey.ipfs.unpin(approved!.pointer);
      const item = await itemOf(doctor, approved!.pointer);
      expect(await readAs(doctor, item!)).to.equal("Hypertension: details");
      expect(await itemOf(doctor, unwanted)).to.equal(undefined);
      const after = await listOwnRecords(patient.carekey, patient.person);
      const refused = after.records.find(({ entry }) => entry.pointer === unwanted)!;
      expect(refused.entry.status).to.equal("denied");
      expect(refused.decision).to.deep.equal({ title: "Somebody else's diagnosis", reason: "Not my diagnosis" });
      const notices = await listNotices(doctor.carekey, doctor.person);
      expect(notices.find(({ entryId }) => entryId === denied!.entryId)).to.include({ reason: "Not my diagnosis" });
      expect(await patient.carekey.ipfs.has(unwanted)).to.equal(false);
    });

    it("are amended by a new version; the old one stays in the history", async () => {
      const { records } = await listOwnRecords(patient.carekey, patient.person);
      const old = records.find(({ entry }) => entry.pointer === letter)!.entry;
      const content = await uploadContent(patient.carekey, { source: text("Admitted on Tuesday, well on Friday.") });
      await addRecord(patient.carekey, patient.person, {
        name: "Discharge letter",
        type: "text/plain",
        fhir: null,
        content,
        scope: "general",
        supersedes: old.entryId,
      });
      const { entries } = await readChart(patient.carekey, patient.person.address);
      expect(entries.at(-1)).to.include({ supersedes: old.entryId, status: "approved" });
      expect(entries.find(({ entryId }) => entryId === old.entryId)!.supersededBy).to.equal(entries.at(-1)!.entryId);
    });

    it("cannot be written by a suspended clinician, whatever the client does", async () => {
      await suspendPerson(registrar.carekey, doctor.person.address);
      const failure = await refusal(submit("Written while suspended"), "CONTRACT_REVERTED");
      expect(failure.details).to.include({ errorName: "RecordAuthorNotVerified" });
      await restorePerson(registrar.carekey, doctor.person.address);
      await submit("Written after");
    });
  });

  describe("requests", () => {
    it("reach the patient; a refusal with its reason is kept on both sides", async () => {
      await requestAccess(doctor.carekey, doctor.person, {
        patient: patient.person.address,
        scopes: ["labs"],
        rights: ["read"],
        expiresAt: doctor.carekey.now() + 86_400,
        purpose: "Check-up",
        message: "May I see your results?",
      });
      const [request] = (await listRequests(patient.carekey, patient.person)).received;
      expect(request).to.include({
        status: "waiting",
        from: doctor.person.address,
        message: "May I see your results?",
      });
      await answerRequest(patient.carekey, patient.person, {
        request: request!,
        verdict: "refused",
        reason: "Not now",
      });
      const kept = (await listRequests(patient.carekey, patient.person)).received[0];
      const told = (await listRequests(doctor.carekey, doctor.person)).sent[0];
      expect(kept).to.include({ status: "refused", reason: "Not now" });
      expect(told).to.include({ status: "refused", reason: "Not now" });
    });
  });

  describe("taking back", () => {
    it("closes at once what was not opened, to a client that kept every key", async () => {
      const unopened = await add("New letter", "general", "Not opened yet.");
      const item = (await itemOf(doctor, unopened))!;
      const session = await openViewSession(doctor.carekey);
      const consents = await listConsents(patient.carekey, patient.person);
      const reading = consents.filter(({ status, terms }) => status === "active" && terms.rights !== WRITE);
      for (const { id } of reading)
        expect(await revokeConsent(patient.carekey, patient.person, id)).to.include({ keepersTold: 3 });
      const view = openSharedRecord(doctor.carekey, doctor.person, { item, reason: "One more look", session });
      await refusal(view, "CONSENT_REVOKED");
    });

    it("that the wallet signs but does not send holds at the keepers, says so, and can be finished", async () => {
      const [id] = await share();
      const item = (await itemOf(doctor, letter))!;
      const session = await openViewSession(doctor.carekey);
      const { relayer: _, ...unpaid } = deployment;
      const reluctant: Carekey = {
        ...patient.carekey,
        deployment: unpaid,
        wallet: {
          ...patient.carekey.wallet,
          writeContract: () => Promise.reject(Object.assign(new Error("no"), { code: 4001 })),
        },
      };
      const { details } = await refusal(revokeConsent(reluctant, patient.person, id!), "STOPPED_AT_KEEPERS");
      expect(details).to.include({ keepersTold: 3, total: 3, reason: "SIGNATURE_REFUSED" });
      await refusal(
        openSharedRecord(doctor.carekey, doctor.person, { item, reason: "One more look", session }),
        "CONSENT_REVOKED",
      );
      const statusNow = async () =>
        (await listConsents(patient.carekey, patient.person)).find((consent) => consent.id === id)!.status;
      expect(await statusNow()).to.equal("active");
      await revokeConsent(patient.carekey, patient.person, id!);
      expect(await statusNow()).to.equal("revoked");
    });

    it("changes the scope's key before the next record, so that old keys do not even find it", async () => {
      const later = await add("After the revoke", "general", "New secret.");
      const { chart } = await listOwnRecords(patient.carekey, patient.person);
      expect(chart.epochs.chartEpoch).to.equal(1);
      expect(await itemOf(doctor, later)).to.equal(undefined);
    });

    it("needs no transaction when a consent expires", async () => {
      const expiresAt = patient.carekey.now() + 8;
      await share({ expiresAt });
      const item = (await itemOf(doctor, letter))!;
      const session = await openViewSession(doctor.carekey);
      const view = { item, reason: "In time", session };
      await openSharedRecord(doctor.carekey, doctor.person, view);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, expiresAt * 1000 - Date.now()) + 200));
      await refusal(openSharedRecord(doctor.carekey, doctor.person, view), "CONSENT_EXPIRED");
    });

    it("shares from now on only what comes after", async () => {
      await share({ scopes: ["labs"], fromNow: true });
      const before = (await readSharedChart(doctor.carekey, doctor.person, patient.person.address)).items.length;
      const fresh = await add("New results", "labs", "All normal.");
      const { items } = await readSharedChart(doctor.carekey, doctor.person, patient.person.address);
      expect(items).to.have.length(before + 1);
      expect(
        await readAs(
          doctor,
          items.find(({ entry }) => entry.pointer === fresh)!,
        ),
      ).to.equal("All normal.");
    });
  });

  describe("a node that lies", () => {
    /** A node that answers truthfully but for what `change` does to the logs of a chart. */
    const lyingNode = (change: (logs: { topics: Hex[]; data: Hex }[]) => unknown[]): EIP1193RequestFn => {
      const honest = http(deployment.rpcUrl)({ chain: chainOf(deployment) });
      return (async (call: { method: string; params?: unknown }) => {
        const answer: unknown = await honest.request(call as never);
        return call.method === "eth_getLogs" ? change(answer as { topics: Hex[]; data: Hex }[]) : answer;
      }) as EIP1193RequestFn;
    };
    const chartSeenBy = (rpc: EIP1193RequestFn) => readChart(deviceAt(doctor.key, rpc), patient.person.address);

    it("is caught hiding an entry, and the place is named", async () => {
      const chart = await chartSeenBy(lyingNode((logs) => logs.toSpliced(1, 1)));
      expect(chart.verdict).to.equal("mismatch");
      expect(chart.problem!.entryId).to.match(/^0x[0-9a-f]{64}$/);
    });

    it("is caught changing an entry, and the entry is named", async () => {
      const honest = await readChart(doctor.carekey, patient.person.address);
      const flipped = (data: Hex): Hex => `0x${data.slice(2, 3) === "0" ? "1" : "0"}${data.slice(3)}`;
      const chart = await chartSeenBy(
        lyingNode((logs) => logs.map((log, index) => (index === 0 ? { ...log, data: flipped(log.data) } : log))),
      );
      expect(chart.verdict).to.equal("mismatch");
      expect(chart.problem!.entryId).to.equal(honest.entries[0]!.entryId);
    });

    it("is caught leaving out the newest act, by the head it cannot explain", async () => {
      const chart = await chartSeenBy(lyingNode((logs) => logs.slice(0, -1)));
      expect(chart.verdict).to.equal("mismatch");
    });

    it("is caught by the keepers when it forges the head as well", async () => {
      const honest = http(deployment.rpcUrl)({ chain: chainOf(deployment) });
      let frozen: { head: Hex; block: unknown; logs: unknown } | null = null;
      const rpc = (async (call: { method: string; params?: readonly unknown[] }) => {
        const answer: unknown = await honest.request(call as never);
        if (frozen === null) return answer;
        if (call.method === "eth_getLogs") return frozen.logs;
        const isHeadCall =
          call.method === "eth_call" &&
          JSON.stringify(call.params).includes(patient.person.address.slice(2).toLowerCase());
        return isHeadCall ? frozen.head : answer;
      }) as EIP1193RequestFn;
      const before = deviceAt(doctor.key, rpc);
      const old = await readChart(before, patient.person.address);
      const acts = await honest.request({
        method: "eth_getLogs",
        params: [
          {
            address: deployment.carekey,
            fromBlock: "0x0",
            toBlock: "latest",
            topics: [null, `0x${"0".repeat(24)}${patient.person.address.slice(2).toLowerCase()}`],
          },
        ],
      } as never);
      const chartTopics = new Set(
        (["Submitted", "Added", "Decided", "BatchDecided", "Noted"] as const).map(
          (eventName) => encodeEventTopics({ abi: carekeyAbi, eventName })[0],
        ),
      );
      frozen = {
        head: old.head,
        block: old.block,
        logs: (acts as { topics: Hex[] }[]).filter(({ topics }) => chartTopics.has(topics[0] as Hex)),
      };
      await add("Hidden from the doctor's node", "general", "Hidden.");
      const chart = await readChart(before, patient.person.address);
      expect(chart.verdict).to.equal("mismatch");
    });
  });
});
