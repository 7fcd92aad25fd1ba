/**
 * @module test/sdk/client/succession
 * A new account for the same person, by both wallets or by guardians, and what stops everybody else.
 */
import { expect } from "chai";
import type { Hex } from "viem";
import {
  askGuardian,
  askToFollow,
  completeSuccession,
  handOverShare,
  listFollowRequests,
  listOwnRecords,
  listWards,
  nameSuccessor,
  objectToSuccession,
  openClaims,
  openOwnRecord,
  ownGuardians,
  readSharedChart,
  rememberPredecessor,
  removeGuardians,
  setGuardians,
  successionState,
  submitEntry,
  decideEntries,
  listGrants,
  takeOver,
  vouchFor,
  type Ward,
} from "../../../sdk/src/client/index.ts";
import { bodyFields, readInbox, sendSealed } from "../../../sdk/src/client/inbox.ts";
import { NO_PINS, recipientOf } from "../../../sdk/src/client/people.ts";
import { WRITE } from "../../../sdk/src/consent/index.ts";
import { newSeed } from "../../../sdk/src/crypto/index.ts";
import { expectRefusal as refusal } from "../../support/refusal.ts";
import { breakingAfter } from "./support/breaking.ts";
import {
  addText,
  itemOf,
  openOn,
  share,
  sharedClientClinic,
  textOf,
  type Actor,
  type ClientClinic,
} from "./support/clinic.ts";

describe("a new account for the same person", function () {
  this.timeout(300_000);

  let clinic: ClientClinic;
  let doctor: Actor;
  let old: Actor;
  let next: Actor;
  let letter: Hex;
  let finding: Hex;

  const stateOf = ({ carekey, person }: Actor) => successionState(carekey, person);
  const ownPointers = async ({ carekey, person }: Actor) =>
    (await listOwnRecords(carekey, person)).records.map(({ entry }) => entry.pointer);

  /** A patient with one own record, and one that the doctor wrote and the patient approved. */
  async function patientWithRecords(name: string): Promise<Actor> {
    const patient = await clinic.join(1, name);
    letter = await addText(patient, "Letter", "general", "Sleeps well.");
    await share(patient, doctor, { scopes: ["general"], rights: ["read", "write"] });
    const grants = await listGrants(doctor.carekey, doctor.person);
    const { terms } = grants.find((grant) => grant.patient === patient.person.address && grant.terms.rights === WRITE)!;
    const entry = { name: "Finding", type: "text/plain", fhir: null, content: null, proposedScope: "labs" };
    const input = { patient: patient.person.address, terms, ...entry };
    finding = (await submitEntry(doctor.carekey, doctor.person, input)).pointer;
    const { records } = await listOwnRecords(patient.carekey, patient.person);
    const { entryId } = records.find(({ entry: { pointer } }) => pointer === finding)!.entry;
    await decideEntries(patient.carekey, patient.person, { approve: [{ entryId, scope: "labs" }], deny: [] });
    return patient;
  }

  before(async () => {
    clinic = await sharedClientClinic();
    ({ doctor } = clinic);
  });

  describe("by both wallets", () => {
    before(async () => {
      old = await patientWithRecords("Edith Sund");
      next = await clinic.join(1, "Edith Sund, new phone");
    });

    it("is nothing for somebody who follows nobody", async () => {
      expect(await stateOf(next)).to.deep.include({ predecessor: null, isTied: false, complete: true });
      await refusal(takeOver(next.carekey, next.person), "NOT_FOUND");
    });

    it("begins with the new account's word, sealed to the old one", async () => {
      const words = "It is me, from the new phone";
      await refusal(
        askToFollow(next.carekey, next.person, { predecessor: next.person.address, words }),
        "INVALID_ARGUMENT",
      );
      await askToFollow(next.carekey, next.person, { predecessor: old.person.address, words });
      const requests = await listFollowRequests(old.carekey, old.person);
      expect(requests).to.have.length(1);
      expect(requests[0]).to.deep.include({ successor: next.person.address, words });
      expect(await stateOf(next)).to.deep.include({ predecessor: old.person.address, isTied: false, complete: false });
    });

    it("takes nobody's word but the new account's own", async () => {
      const [request] = await listFollowRequests(old.carekey, old.person);
      const forged = { ...request!, successor: doctor.person.address };
      await refusal(nameSuccessor(old.carekey, old.person, forged), "CONTRACT_REVERTED");
      await refusal(nameSuccessor(breakingAfter(old.carekey, 0), old.person, request!), "CANCELLED");
      expect(await stateOf(next)).to.deep.include({ isTied: false, hasOldKeys: false });
    });

    it("ties both for ever and hands over the keys", async () => {
      const [request] = await listFollowRequests(old.carekey, old.person);
      await nameSuccessor(old.carekey, old.person, request!);
      expect(await stateOf(next)).to.deep.include({
        isTied: true,
        hasOldKeys: true,
        isLinked: false,
        records: { done: 0, total: 2 },
      });
      expect(await listFollowRequests(old.carekey, old.person)).to.deep.equal([]);
      await refusal(
        nameSuccessor(old.carekey, old.person, { ...request!, successor: doctor.person.address }),
        "CONFLICT",
      );
    });

    it("can break off before and after the link, and goes on", async () => {
      await refusal(takeOver(breakingAfter(next.carekey, 0), next.person), "CANCELLED");
      expect(await stateOf(next)).to.deep.include({ isLinked: false });
      await refusal(takeOver(breakingAfter(next.carekey, 1), next.person), "CANCELLED");
      expect(await stateOf(next)).to.deep.include({ isLinked: true, records: { done: 0, total: 2 }, complete: false });
      await takeOver(next.carekey, next.person);
      expect(await stateOf(next)).to.deep.include({ records: { done: 2, total: 2 }, complete: true });
      await takeOver(breakingAfter(next.carekey, 0), next.person);
    });

    it("begins the new chart with a note that names the old one", async () => {
      const { chart } = await listOwnRecords(next.carekey, next.person);
      expect(chart.replayed.notes).to.have.length(2);
      expect(chart.carried.map(({ account }) => account)).to.deep.equal([old.person.address, old.person.address]);
    });

    it("opens every record with the new keys alone", async () => {
      expect(await ownPointers(next)).to.have.members([letter, finding]);
      const { records } = await listOwnRecords(next.carekey, next.person);
      expect(records.map(({ problem }) => problem)).to.deep.equal([null, null]);
      const { entry } = records.find((record) => record.entry.pointer === letter)!;
      expect(await textOf(await openOwnRecord(next.carekey, next.person, entry))).to.equal("Sleeps well.");
    });

    it("lets a doctor read the old records under a new consent, and see that both charts are one person's", async () => {
      expect(await itemOf(doctor, next, letter)).to.equal(undefined);
      await share(next, doctor, { scopes: ["general", "labs"] });
      for (const pointer of [letter, finding]) {
        const item = (await itemOf(doctor, next, pointer))!;
        expect((await openOn(doctor.carekey, doctor.person, item)).manifest.core.name).to.be.oneOf([
          "Letter",
          "Finding",
        ]);
      }
      const after = await readSharedChart(doctor.carekey, doctor.person, next.person.address);
      expect(after).to.deep.include({ earlierAccounts: [old.person.address], successor: null });
      const before = await readSharedChart(doctor.carekey, doctor.person, old.person.address);
      expect(before).to.deep.include({ earlierAccounts: [], successor: next.person.address });
    });

    it("takes a record that the doctor wrote on with its author's signature, and nobody else's", async () => {
      const { records } = await listOwnRecords(next.carekey, next.person);
      const carried = records.find(({ entry }) => entry.pointer === finding)!;
      expect(carried.manifest!.core.author).to.equal(doctor.person.address);
      expect(carried.carriedFrom).to.equal(old.person.address);
    });
  });

  describe("by guardians", () => {
    let guardians: Actor[];
    let thief: Actor;

    const wardOf = async (guardian: Actor): Promise<Ward> => {
      const wards = await listWards(guardian.carekey, guardian.person);
      return wards.find(({ patient }) => patient === old.person.address)!;
    };
    const vouch = async (guardian: Actor, successor: Actor) =>
      vouchFor(guardian.carekey, await wardOf(guardian), successor.person.address);
    const handOver = async (guardian: Actor, successor: Actor) =>
      handOverShare(guardian.carekey, guardian.person, await wardOf(guardian), successor.person.address);
    /** Lets the contract's waiting time pass, in which nothing happens on the chain. */
    const waitOver = async () => {
      const delay = await clinic.registrar.carekey.chain.succession.leastDelay();
      await new Promise((resolve) => setTimeout(resolve, (delay + 2) * 1000));
    };

    before(async () => {
      old = await patientWithRecords("Olof Ek");
      next = await clinic.join(1, "Olof Ek again");
      thief = await clinic.join(1, "A thief");
      guardians = [];
      for (const name of ["Anna", "Bo", "Cia"]) guardians.push(await clinic.join(1, name));
    });

    const named = () => guardians.map(({ person, name }) => ({ address: person.address, name }));

    it("are three different people at least, and not oneself", async () => {
      const [first, second] = named();
      const self = { address: old.person.address, name: "Me" };
      for (const list of [named().slice(1), [first!, second!, first!], [first!, second!, self]]) {
        const input = { guardians: list, delay: 0, ownName: "Olof" };
        await refusal(setGuardians(old.carekey, old.person, input), "INVALID_ARGUMENT");
      }
    });

    it("are named, and each holds a share", async () => {
      await setGuardians(old.carekey, old.person, { guardians: named(), delay: 0, ownName: "Olof Ek" });
      const own = await ownGuardians(old.carekey, old.person);
      expect(own).to.deep.include({ count: 3, threshold: 2, isCurrent: true, claims: [] });
      expect(own.guardians!.map(({ name }) => name)).to.deep.equal(["Anna", "Bo", "Cia"]);
      for (const guardian of guardians) expect((await wardOf(guardian)).name).to.equal("Olof Ek");
    });

    it("are nobody whom the chain does not know, whatever message comes", async () => {
      const ward = await wardOf(guardians[0]!);
      const sent = await readInbox(guardians[0]!.carekey, guardians[0]!.person);
      const body = bodyFields(sent.find(({ kind }) => kind === "succession")!.body);
      const recipient = await recipientOf(old.carekey, thief.person.address, NO_PINS);
      await sendSealed(old.carekey, old.person, recipient, { kind: "succession", body });
      expect(await listWards(thief.carekey, thief.person)).to.deep.equal([]);
      await refusal(vouchFor(thief.carekey, ward, thief.person.address), "CONTRACT_REVERTED");
    });

    it("hear from the new account", async () => {
      await rememberPredecessor(next.carekey, next.person, old.person.address);
      for (const { person, name } of guardians) {
        const words = "I lost my phone. Call me.";
        await askGuardian(next.carekey, next.person, {
          guardian: person.address,
          name,
          predecessor: old.person.address,
          words,
        });
      }
      const { requests } = await wardOf(guardians[0]!);
      expect(requests).to.have.length(1);
      expect(requests[0]).to.deep.include({ successor: next.person.address, hasVouched: false, isTied: false });
      const { asked, guardianship } = await stateOf(next);
      expect(asked.map(({ name, hasVouched }) => [name, hasVouched])).to.deep.equal([
        ["Anna", false],
        ["Bo", false],
        ["Cia", false],
      ]);
      expect(guardianship).to.deep.include({ count: 3, threshold: 2 });
    });

    it("one alone brings nothing about, also when he speaks twice", async () => {
      await vouch(guardians[0]!, thief);
      await refusal(vouch(guardians[0]!, thief), "CONTRACT_REVERTED");
      await waitOver();
      await refusal(completeSuccession(thief.carekey, old.person.address), "CONTRACT_REVERTED");
      await refusal(handOver(guardians[0]!, thief), "FORBIDDEN");
    });

    it("two are stopped by the old account's objection, and hand over nothing", async () => {
      await vouch(guardians[1]!, thief);
      const { claims } = await ownGuardians(old.carekey, old.person);
      expect(claims.map(({ successor, vouchers }) => [successor, vouchers])).to.deep.equal([[thief.person.address, 2]]);
      expect((await openClaims(old.carekey, old.person.address)).map(({ vouchers }) => vouchers)).to.deep.equal([2]);
      await objectToSuccession(old.carekey);
      expect(await openClaims(old.carekey, old.person.address)).to.deep.equal([]);
      expect((await ownGuardians(old.carekey, old.person)).claims).to.deep.equal([]);
      await waitOver();
      await refusal(completeSuccession(thief.carekey, old.person.address), "CONTRACT_REVERTED");
      for (const guardian of guardians.slice(0, 2)) await refusal(handOver(guardian, thief), "FORBIDDEN");
      expect(await stateOf(thief)).to.deep.include({ predecessor: null });
    });

    it("two and the waiting time tie the new account; before, it is too early", async () => {
      await vouch(guardians[1]!, next);
      await vouch(guardians[2]!, next);
      const { asked, claim } = await stateOf(next);
      expect(claim).to.deep.include({ vouchers: 2 });
      expect(asked.filter(({ hasVouched }) => hasVouched).map(({ name }) => name)).to.deep.equal(["Bo", "Cia"]);
      await refusal(completeSuccession(next.carekey, old.person.address), "CONTRACT_REVERTED");
      await refusal(handOver(guardians[1]!, next), "FORBIDDEN");
      await waitOver();
      await completeSuccession(next.carekey, old.person.address);
      expect(await stateOf(next)).to.deep.include({ isTied: true, hasOldKeys: false, parts: 0, complete: false });
      await refusal(takeOver(next.carekey, next.person), "NOT_FOUND");
    });

    it("one share opens nothing, nor the same one twice, nor a false one", async () => {
      await handOver(guardians[1]!, next);
      await handOver(guardians[1]!, next);
      const ward = await wardOf(guardians[1]!);
      const { box, share: own } = ward.part;
      const lies = [
        { box, share: { index: 3, share: own.share } },
        { box: { ...box, sealed: newSeed() }, share: own },
      ];
      for (const part of lies) {
        await handOverShare(guardians[1]!.carekey, guardians[1]!.person, { ...ward, part }, next.person.address);
      }
      expect(await stateOf(next)).to.deep.include({ hasOldKeys: false });
      await refusal(takeOver(next.carekey, next.person), "NOT_FOUND");
    });

    it("two shares open the old keys, and everything goes on", async () => {
      await handOver(guardians[2]!, next);
      expect(await stateOf(next)).to.deep.include({ hasOldKeys: true, records: { done: 0, total: 2 } });
      expect((await wardOf(guardians[2]!)).requests[0]).to.deep.include({ isTied: true, hasHandedOver: true });
      await takeOver(next.carekey, next.person);
      expect(await stateOf(next)).to.deep.include({ complete: true });
      expect(await ownPointers(next)).to.have.members([letter, finding]);
    });

    it("can be removed", async () => {
      await removeGuardians(old.carekey);
      expect(await ownGuardians(old.carekey, old.person)).to.deep.include({ count: 0, isCurrent: true });
      expect(await listWards(guardians[0]!.carekey, guardians[0]!.person)).to.deep.equal([]);
    });
  });
});
