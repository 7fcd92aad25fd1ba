/**
 * @module test/sdk/client/new-keys
 * New keys after a leak, on the real stack: broken off at every step, finished on another device, with a doctor who goes on reading and
 * a thief who has the old seed.
 */
import { expect } from "chai";
import type { Hex } from "viem";
import {
  beginNewKeys,
  decideEntries,
  finishNewKeys,
  listConsents,
  listGrants,
  listOwnRecords,
  listViews,
  listWays,
  newKeysState,
  openOwnRecord,
  openViewSession,
  personOf,
  pinnedKeys,
  revokeConsent,
  submitEntry,
  setPassphrase,
  unlockWithPassphrase,
  unlockWithRecoveryCode,
  type Person,
  type SharedItem,
} from "../../../sdk/src/client/index.ts";
import { blockTypeOf, readBlock } from "../../../sdk/src/client/blocks.ts";
import { loadOwnChart } from "../../../sdk/src/client/own-chart.ts";
import { openerWith, ownRecordKey, tagOf } from "../../../sdk/src/client/own-keys.ts";
import { dealKeys, storeDeal } from "../../../sdk/src/client/sharing.ts";
import { WRITE } from "../../../sdk/src/consent/index.ts";
import { encodeRecoveryCode, newSeed, openWrap } from "../../../sdk/src/crypto/index.ts";
import { openScopes, openSealedDek, findWrap } from "../../../sdk/src/records/index.ts";
import { expectRefusal as refusal } from "../../support/refusal.ts";
import { breakingAfter } from "./support/breaking.ts";
import {
  PASSPHRASE,
  addText,
  itemOf,
  openOn,
  share,
  sharedClientClinic,
  textOf,
  type Actor,
  type ClientClinic,
} from "./support/clinic.ts";

const NEW_PASSPHRASE = "seven quiet otters borrow a violin";

describe("new keys after a leak", function () {
  this.timeout(300_000);

  let clinic: ClientClinic;
  let patient: Actor;
  let doctor: Actor;
  let letter: Hex;
  let labs: Hex;
  let pending: Hex;
  /** What the thief has: everything in memory before the change. */
  let leaked: Person;
  const newKeys = { seed: newSeed(), passphrase: NEW_PASSPHRASE };

  const chain = () => ({ chainId: clinic.deployment.chainId, contract: clinic.deployment.carekey });
  const otherDevice = () => clinic.device(patient);

  const readAs = async (reader: Actor, item: SharedItem): Promise<string> =>
    textOf(await openOn(reader.carekey, reader.person, item));

  const submit = async (name: string): Promise<Hex> => {
    const grants = await listGrants(doctor.carekey, doctor.person);
    const { terms } = grants.find((grant) => grant.terms.rights === WRITE && grant.status === "active")!;
    const fhir = { resourceType: "Condition", code: { text: name } };
    const entry = { terms, name, type: "application/fhir+json", fhir, content: null, proposedScope: "general" };
    return (await submitEntry(doctor.carekey, doctor.person, entry)).pointer;
  };

  before(async () => {
    clinic = await sharedClientClinic();
    patient = await clinic.join(1, "Signe Holm");
    doctor = clinic.doctor;
    letter = await addText(patient, "Discharge letter", "general", "Well on Friday.");
    labs = await addText(patient, "Results", "labs", "All normal.");
    await share(patient, doctor);
    await share(patient, doctor, { scopes: ["labs"], fromNow: true });
    await share(patient, doctor, { rights: ["write"], scopes: [] });
    pending = await submit("Hypertension");
    expect(await readAs(doctor, (await itemOf(doctor, patient, letter))!)).to.equal("Well on Friday.");
    leaked = structuredClone(patient.person);
  });

  it("change nothing for somebody who never made any", async () => {
    expect(await newKeysState(patient.carekey, patient.person)).to.deep.include({ complete: true, begun: false });
  });

  it("can break off before anything is saved: the old passphrase works on", async () => {
    await refusal(beginNewKeys(breakingAfter(patient.carekey, 0), patient.person, newKeys), "CANCELLED");
    const again = await unlockWithPassphrase(await otherDevice(), PASSPHRASE);
    expect(again).to.deep.include({ generation: 0, next: null });
  });

  it("can break off once they are saved: the new passphrase and the new code open the present keys and go on", async () => {
    await refusal(beginNewKeys(breakingAfter(patient.carekey, 1), patient.person, newKeys), "CANCELLED");
    await refusal(unlockWithPassphrase(await otherDevice(), PASSPHRASE), "WRONG_SECRET");
    const device = await otherDevice();
    const byPassphrase = await unlockWithPassphrase(device, NEW_PASSPHRASE);
    const byCode = await unlockWithRecoveryCode(device, encodeRecoveryCode(newKeys.seed));
    for (const person of [byPassphrase, byCode]) {
      expect(person.generation).to.equal(0);
      expect(person.next!.seed).to.deep.equal(newKeys.seed);
    }
    expect(await newKeysState(device, byCode)).to.deep.include({ complete: false, begun: true });
    await setPassphrase(device, byCode, NEW_PASSPHRASE);
    expect((await unlockWithPassphrase(device, NEW_PASSPHRASE)).next!.seed).to.deep.equal(newKeys.seed);
    expect((await listWays(device, byCode)).map(({ works }) => works)).to.deep.equal([true]);
    patient = { ...patient, carekey: device, person: byCode };
  });

  it("go onto the chain as a document that the old key signed: who met the old one sees no change", async () => {
    const person = await beginNewKeys(patient.carekey, patient.person, null);
    expect(person).to.deep.include({ generation: 1, next: null });
    expect(person.earlier).to.have.length(1);
    patient = { ...patient, person };
    const pins = await pinnedKeys(doctor.carekey, doctor.person);
    expect((await personOf(doctor.carekey, person.address, pins)).keyStatus).to.equal("same");
  });

  it("tell a code of the earlier keys from a wrong one", async () => {
    const device = await otherDevice();
    await refusal(unlockWithRecoveryCode(device, encodeRecoveryCode(leaked.keys.seed)), "KEYS_REPLACED");
    await refusal(unlockWithRecoveryCode(device, encodeRecoveryCode(newSeed())), "KEY_MISMATCH");
  });

  it("read everything from before, with nothing finished yet", async () => {
    const { records } = await listOwnRecords(patient.carekey, patient.person);
    expect(records.map(({ problem }) => problem)).to.deep.equal([null, null, null]);
    const own = records.find(({ entry }) => entry.pointer === letter)!;
    const opened = await openOwnRecord(patient.carekey, patient.person, own.entry);
    expect(await new Response(opened.content()).text()).to.equal("Well on Friday.");
    expect(await listConsents(patient.carekey, patient.person)).to.have.length(3);
  });

  it("give nobody anything new before they are finished", async () => {
    await refusal(share(patient, doctor, { scopes: ["imaging"] }), "KEYS_CHANGING");
  });

  // Prompts: 1 deal, 2 wraps, 3 scopes. After each break the doctor reads as before.
  for (const [prompts, done] of [
    [0, "before the keepers are asked"],
    [1, "before the records are wrapped"],
    [2, "before the readers get their keys"],
  ] as const) {
    it(`can break off ${done}, and readers notice nothing`, async () => {
      await refusal(finishNewKeys(breakingAfter(patient.carekey, prompts), patient.person), "CANCELLED");
      const device = await otherDevice();
      const person = await unlockWithPassphrase(device, NEW_PASSPHRASE);
      patient = { ...patient, carekey: device, person };
      const state = await newKeysState(device, person);
      expect(state).to.deep.include({ complete: false, keepersDone: false, readersDone: false });
      expect(state.records).to.deep.equal({ done: prompts === 2 ? 2 : 0, total: 2 });
      expect(await readAs(doctor, (await itemOf(doctor, patient, letter))!)).to.equal("Well on Friday.");
    });
  }

  it("can break off before the keepers answer with them, and go on with one signature", async () => {
    const silent = patient.carekey.keepers.map((keeper) => ({
      ...keeper,
      activateDeal: () => Promise.reject(new Error("the tab was closed")),
    }));
    await refusal(finishNewKeys({ ...patient.carekey, keepers: silent }, patient.person), "TOO_FEW_KEEPERS");
    expect(await newKeysState(patient.carekey, patient.person)).to.deep.include({
      complete: false,
      keepersDone: false,
      readersDone: true,
    });
    expect(await readAs(doctor, (await itemOf(doctor, patient, letter))!)).to.equal("Well on Friday.");
    await finishNewKeys(breakingAfter(patient.carekey, 1), patient.person);
    const state = await newKeysState(patient.carekey, patient.person);
    expect(state).to.deep.include({ complete: true, records: { done: 2, total: 2 } });
  });

  it("change nothing when finished again, and ask for nothing", async () => {
    await finishNewKeys(breakingAfter(patient.carekey, 0), patient.person);
  });

  it("leave readers what they had, a tab that is open and one that is new, and no more", async () => {
    const stale = (await itemOf(doctor, patient, letter))!;
    const fresh: Actor = { ...doctor, carekey: await clinic.device(doctor) };
    fresh.person = await unlockWithPassphrase(fresh.carekey, PASSPHRASE);
    const item = (await itemOf(fresh, patient, letter))!;
    expect(item.wraps.map(({ generation }) => generation)).to.deep.equal([1, 0]);
    expect(await readAs(fresh, item)).to.equal("Well on Friday.");
    expect(await readAs(doctor, stale)).to.equal("Well on Friday.");
    expect(await itemOf(fresh, patient, labs), "shared from now on, after it").to.equal(undefined);
  });

  it("carry the chart on: new records, decisions on old entries, new grants, the log of views", async () => {
    const later = await addText(patient, "After", "general", "Written with the new keys.");
    expect(await readAs(doctor, (await itemOf(doctor, patient, later))!)).to.equal("Written with the new keys.");
    const { records } = await listOwnRecords(patient.carekey, patient.person);
    const { entryId } = records.find(({ entry }) => entry.pointer === pending)!.entry;
    await decideEntries(patient.carekey, patient.person, { approve: [{ entryId, scope: "general" }], deny: [] });
    expect(await itemOf(doctor, patient, pending)).to.not.equal(undefined);
    const [id] = await share(patient, doctor, { scopes: ["labs"] });
    expect(await readAs(doctor, (await itemOf(doctor, patient, labs))!)).to.equal("All normal.");
    await revokeConsent(patient.carekey, patient.person, id!);
    const session = await openViewSession(patient.carekey);
    const { views, problems } = await listViews(patient.carekey, patient.person, session);
    expect(problems).to.deep.equal([]);
    expect(new Set(views.map(({ reason }) => reason))).to.deep.equal(new Set(["Visit today"]));
    expect(views.map(({ alarm }) => alarm)).to.deep.equal(views.map(() => null));
  });

  it("leave only ways to unlock that work", async () => {
    const ways = await listWays(patient.carekey, patient.person);
    expect(ways.map(({ kind, works }) => ({ kind, works }))).to.deep.equal([{ kind: "passphrase", works: true }]);
  });

  describe("a thief with the old seed", () => {
    it("opens no record made since, with any of the old keys", async () => {
      const later = await addText(patient, "Secret", "general", "Not for the thief.");
      const chart = await loadOwnChart(patient.carekey, patient.person);
      const tag = tagOf(leaked, "general");
      const epochs = chart.epochs.epochsOf(tag);
      const found = chart.wraps.flatMap((wraps) => findWrap(wraps, { tag, recordId: later, epochs }) ?? []);
      expect(found, "the thief knows the tag, and so finds the row").to.have.length(1);
      for (const epoch of [...epochs, chart.epochs.chartEpoch + 1]) {
        const tuple = { ...chain(), patient: patient.person.address, tag, epoch, recordId: later };
        const recordKey = ownRecordKey(leaked, 0, "general", tuple);
        await refusal(openWrap({ recordKey, wrap: found[0]!.wrap, tuple }), "DECRYPTION_FAILED");
      }
    });

    it("opens neither the keys that readers were given nor an entry that waits", async () => {
      const waiting = await submit("Asthma");
      const chart = await loadOwnChart(patient.carekey, patient.person);
      const opener = openerWith(leaked, leaked);
      const own = patient.person.address;
      const bytes = await readBlock(patient.carekey, waiting);
      const sealed = openSealedDek({ bytes, chain: chain(), author: doctor.person.address, patient: opener });
      await refusal(sealed, "DECRYPTION_FAILED");
      const announced = await Promise.all(chart.replayed.notes.map(({ digest }) => readBlock(patient.carekey, digest)));
      const scopes = announced.filter((block) => blockTypeOf(block) === "scopes");
      const opened = await Promise.allSettled(
        scopes.map((block) => openScopes({ bytes: block, chain: chain(), patient: own, opener })),
      );
      const byNewKeys = chart.rotations.filter(({ generation }) => generation === 1).length;
      expect(byNewKeys).to.be.at.least(1);
      expect(opened.filter(({ status }) => status === "rejected")).to.have.length(byNewKeys);
    });

    it("brings the keepers back to the old key by no deal, even with the wallet in hand", async () => {
      const thief = await otherDevice();
      await refusal(dealKeys(thief, leaked), "TOO_FEW_KEEPERS");
      const disguised = { ...leaked, generation: 1, keys: { ...leaked.keys, generation: 1 } };
      await refusal(storeDeal(thief, disguised), "TOO_FEW_KEEPERS");
      const item = (await itemOf(doctor, patient, letter))!;
      expect(await readAs(doctor, item)).to.equal("Well on Friday.");
    });

    it("does not unlock the account", async () => {
      const code = encodeRecoveryCode(leaked.keys.seed);
      await refusal(unlockWithRecoveryCode(await otherDevice(), code), "KEYS_REPLACED");
    });
  });
});
