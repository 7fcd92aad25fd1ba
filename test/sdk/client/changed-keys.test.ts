/**
 * @module test/sdk/client/changed-keys
 * Keys that change on the real stack: one that follows from the key met before stays quiet, one that does not is shown and refused
 * until the person confirms it.
 */
import { expect } from "chai";
import {
  answerRequest,
  applyAsClinician,
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
  requestAccess,
  uploadContent,
  addRecord,
  type Application,
  type KeyStatus,
} from "../../../sdk/src/client/index.ts";
import { sendAct } from "../../../sdk/src/client/context.ts";
import { derivePersonKeys, newSeed } from "../../../sdk/src/crypto/index.ts";
import { decodeKeyDocument, encodeKeyDocument, makeKeyDocument } from "../../../sdk/src/identity/index.ts";
import { expectRefusal as refusal } from "../../support/refusal.ts";
import { sharedClientClinic, type Actor } from "./support/clinic.ts";

/** The only one of that name in the directory. */
const DOCTOR = "Dr Imre Kovacs";

describe("changed keys", function () {
  this.timeout(240_000);

  let registrar: Actor;
  let patient: Actor;
  let doctor: Actor;

  /** New keys on chain, signed by the old ones if `isChained`: without, what the thief of a wallet could do. */
  async function makeNewKeys(actor: Actor, isChained: boolean): Promise<Actor> {
    const { carekey, person } = actor;
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
    return { ...actor, person: { ...person, keys, keyDocumentDigest: block.digest } };
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
      name: DOCTOR,
      speciality: "Cardiology",
      licenceNumber: "MC-1182",
      scan: null,
    });

  /** The doctor's newest application as the registrar finds it. */
  async function application(): Promise<Application> {
    const applications = await listApplications(registrar.carekey, registrar.person);
    return applications.find(({ from }) => from === doctor.person.address)!;
  }

  async function share(): Promise<void> {
    const prepared = await prepareGrant(patient.carekey, patient.person, {
      grantee: doctor.person.address,
      granteeName: DOCTOR,
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
      findPeople(carekey, { query: "Kovacs" }, await pinnedKeys(carekey, person)),
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
    const clinic = await sharedClientClinic();
    ({ registrar } = clinic);
    patient = await clinic.join(1, "Nora Falk");
    doctor = await clinic.join(2, DOCTOR, { speciality: "Cardiology" });
    await clinic.licence(doctor);
    await ask("First visit");
    await share();
  });

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
      expect((await application()).fromProfile.keyStatus).to.equal("changed");
    });

    it("get nothing: no grant, no answer, no licence", async () => {
      await refusal(share(), "KEY_CHANGED");
      const [request] = (await listRequests(patient.carekey, patient.person)).received;
      const no = { request: request!, verdict: "refused", reason: "Who are you?" } as const;
      await refusal(answerRequest(patient.carekey, patient.person, no), "KEY_CHANGED");
      const received = await application();
      const until = registrar.carekey.now() + 10 * 86_400;
      const before = received.fromProfile.identity.verifiedUntil;
      await refusal(
        decideApplication(registrar.carekey, registrar.person, {
          application: received,
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
      expect((await application()).fromProfile.keyStatus).to.equal("same");
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
