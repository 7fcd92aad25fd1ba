/**
 * @module test/sdk/client/changed-keys
 * Keys that change on the real stack: one that follows from the key met before stays quiet, one that does not is shown and refused
 * until the person confirms it.
 */
import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainOf } from "../../../sdk/src/chain/index.ts";
import {
  answerRequest,
  applyAsClinician,
  createCarekey,
  decideApplication,
  findPeople,
  grantConsent,
  listApplications,
  listConsents,
  listNotices,
  listRequests,
  openSharedRecord,
  openViewSession,
  personOf,
  pinKey,
  pinnedKeys,
  prepareGrant,
  readSharedChart,
  registerPerson,
  requestAccess,
  uploadContent,
  addRecord,
  type Carekey,
  type KeyStatus,
  type Person,
} from "../../../sdk/src/client/index.ts";
import { sendAct } from "../../../sdk/src/client/context.ts";
import { derivePersonKeys, newSeed } from "../../../sdk/src/crypto/index.ts";
import { decodeKeyDocument, encodeKeyDocument, makeKeyDocument } from "../../../sdk/src/identity/index.ts";
import { demoPrivateKey } from "../../../scripts/common/people.ts";
import { expectRefusal as refusal } from "../../support/refusal.ts";
import { startStack, type Stack } from "../../support/stack.ts";

const PASSPHRASE = "winter heron climbs the ninth lantern";
/** Funded accounts of the local chain. */
const ACCOUNTS = { registrar: 0, patient: 6, doctor: 7 };

/** A person at a device. */
type Actor = { carekey: Carekey; person: Person };

describe("changed keys", function () {
  this.timeout(240_000);

  let stack: Stack;
  let registrar: Actor;
  let patient: Actor;
  let doctor: Actor;

  async function join(role: 1 | 2 | 3, display: Record<string, string>, account: number): Promise<Actor> {
    const deployment = { ...stack.deployment, gatewayUrl: stack.appUrl };
    const wallet = createWalletClient({
      account: privateKeyToAccount(demoPrivateKey(account)),
      chain: chainOf(deployment),
      transport: http(deployment.rpcUrl),
    });
    const carekey = createCarekey({ deployment, wallet });
    const person = await registerPerson(carekey, { seed: newSeed(), role, display, passphrase: PASSPHRASE });
    return { carekey, person };
  }

  /** New keys on chain, signed by the old ones if `isChained`: without, what the thief of a wallet could do. */
  async function makeNewKeys({ carekey, person }: Actor, isChained: boolean): Promise<Actor> {
    const keys = derivePersonKeys(newSeed(), 0);
    const [newest] = (await carekey.gateway.getKeyDocuments(person.address)).slice(-1);
    const previous = { document: decodeKeyDocument(newest!), signSecret: person.keys.signSecret };
    const block = encodeKeyDocument(
      makeKeyDocument({
        keys,
        address: person.address,
        issuedAt: carekey.now(),
        display: previous.document.display,
        ...(isChained ? { previous } : {}),
      }),
    );
    await carekey.ipfs.putRaw(block.bytes, { pinName: block.digest });
    await sendAct(carekey, "rotateKey", [block.digest], "New keys", {});
    await carekey.gateway.publishKeyDocument(block.bytes);
    return { carekey, person: { ...person, keys, keyDocumentDigest: block.digest } };
  }

  const ask = (purpose: string) =>
    requestAccess(doctor.carekey, doctor.person, {
      patient: patient.person.address,
      scopes: ["general"],
      rights: ["read"],
      expiresAt: doctor.carekey.now() + 86_400,
      purpose,
      message: "",
    });

  const apply = () =>
    applyAsClinician(doctor.carekey, doctor.person, {
      name: "Dr Ada Nwosu",
      speciality: "Cardiology",
      licenceNumber: "MC-1182",
      scan: null,
    });

  async function share(): Promise<void> {
    const prepared = await prepareGrant(patient.carekey, patient.person, {
      grantee: doctor.person.address,
      granteeName: "Dr Ada Nwosu",
      scopes: ["general"],
      rights: ["read"],
      expiresAt: patient.carekey.now() + 86_400,
      purpose: "Second opinion",
    });
    await grantConsent(patient.carekey, patient.person, prepared);
  }

  /** The doctor's key as the patient's screens show it: under Sharing, in a request, in the directory. */
  async function seenByPatient(): Promise<KeyStatus[]> {
    const { carekey, person } = patient;
    const [consents, requests, found] = await Promise.all([
      listConsents(carekey, person),
      listRequests(carekey, person),
      findPeople(carekey, { query: "Nwosu" }, await pinnedKeys(carekey, person)),
    ]);
    return [consents[0]!.grantee, requests.received[0]!.fromProfile!, found[0]!].map(({ keyStatus }) => keyStatus);
  }

  /** A person's key as another one's screens show it. */
  const seenBy = async ({ carekey, person }: Actor, other: Actor): Promise<KeyStatus> =>
    (await personOf(carekey, other.person.address, await pinnedKeys(carekey, person))).keyStatus;

  async function confirm(viewer: Actor, other: Actor): Promise<void> {
    const { carekey, person } = viewer;
    const profile = await personOf(carekey, other.person.address, await pinnedKeys(carekey, person));
    await pinKey(carekey, person, profile.address, profile.keyDocumentDigest!);
  }

  before(async () => {
    stack = await startStack();
    registrar = await join(3, { name: "Medical council" }, ACCOUNTS.registrar);
    patient = await join(1, {}, ACCOUNTS.patient);
    doctor = await join(2, { name: "Dr Ada Nwosu", speciality: "Cardiology" }, ACCOUNTS.doctor);
    await apply();
    const [application] = await listApplications(registrar.carekey, registrar.person);
    const validUntil = registrar.carekey.now() + 86_400;
    await decideApplication(registrar.carekey, registrar.person, {
      application: application!,
      verdict: "verified",
      validUntil,
    });
    await ask("First visit");
    await share();
  });

  after(() => stack?.stop());

  it("show a key as met after the first meeting, to the patient, the registrar and the doctor", async () => {
    expect(await seenByPatient()).to.deep.equal(["same", "same", "same"]);
    expect(await seenBy(registrar, doctor)).to.equal("same");
    expect(await seenBy(doctor, patient)).to.equal("same");
    expect(await seenBy(doctor, registrar)).to.equal("same");
  });

  it("stay quiet when the new key is signed by the one met before", async () => {
    doctor = await makeNewKeys(doctor, true);
    await ask("After new keys");
    expect(await seenByPatient()).to.deep.equal(["same", "same", "same"]);
    await share();
  });

  describe("that are not signed by the one met before", () => {
    before(async () => {
      doctor = await makeNewKeys(doctor, false);
      await ask("From a stolen wallet");
      await apply();
    });

    it("are shown wherever the person is shown", async () => {
      expect(await seenByPatient()).to.deep.equal(["changed", "changed", "changed"]);
      const [application] = await listApplications(registrar.carekey, registrar.person);
      expect(application!.fromProfile.keyStatus).to.equal("changed");
    });

    it("get nothing: no grant, no answer, no licence", async () => {
      await refusal(share(), "KEY_CHANGED");
      const [request] = (await listRequests(patient.carekey, patient.person)).received;
      const no = { request: request!, verdict: "refused", reason: "Who are you?" } as const;
      await refusal(answerRequest(patient.carekey, patient.person, no), "KEY_CHANGED");
      const [application] = await listApplications(registrar.carekey, registrar.person);
      const until = registrar.carekey.now() + 10 * 86_400;
      const before = application!.fromProfile.identity.verifiedUntil;
      await refusal(
        decideApplication(registrar.carekey, registrar.person, {
          application: application!,
          verdict: "verified",
          validUntil: until,
        }),
        "KEY_CHANGED",
      );
      expect((await personOf(registrar.carekey, doctor.person.address)).identity.verifiedUntil).to.equal(before);
    });

    it("are as good as the old one once confirmed, for the one who confirmed", async () => {
      await confirm(patient, doctor);
      expect(await seenByPatient()).to.deep.equal(["same", "same", "same"]);
      await share();
      expect(await seenBy(registrar, doctor)).to.equal("changed");
      await confirm(registrar, doctor);
      const [application] = await listApplications(registrar.carekey, registrar.person);
      expect(application!.fromProfile.keyStatus).to.equal("same");
    });
  });

  describe("of a patient", () => {
    it("are shown to the doctor, and no reason for a view is sealed to them", async () => {
      const content = await uploadContent(patient.carekey, { source: new Blob(["Well on Friday."]) });
      const letter = { name: "Letter", type: "text/plain", fhir: null, content, scope: "general" };
      await addRecord(patient.carekey, patient.person, letter);
      const chart = await readSharedChart(doctor.carekey, doctor.person, patient.person.address);
      const session = await openViewSession(doctor.carekey);
      const view = { item: chart.items[0]!, reason: "Visit", session };
      await openSharedRecord(doctor.carekey, doctor.person, view);
      patient = await makeNewKeys(patient, false);
      expect(await seenBy(doctor, patient)).to.equal("changed");
      await refusal(openSharedRecord(doctor.carekey, doctor.person, view), "KEY_CHANGED");
      const notices = await listNotices(doctor.carekey, doctor.person);
      expect(notices.find(({ kind }) => kind === "grant")!.fromProfile!.keyStatus).to.equal("changed");
    });
  });
});
