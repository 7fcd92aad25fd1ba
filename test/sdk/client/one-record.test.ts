/**
 * @module test/sdk/client/one-record
 * Sharing one record: it opens, and nothing else does, whatever the reader tries; it ends like any other consent.
 */
import { expect } from "chai";
import {
  addRecord,
  beginNewKeys,
  finishNewKeys,
  listConsents,
  listViews,
  newKeysState,
  openViewSession,
  prepareGrant,
  readSharedChart,
  revokeConsent,
  uploadContent,
  type SharedItem,
} from "../../../sdk/src/client/index.ts";
import { ONE_RECORD_LABEL, recordOfScope, recordScopeName } from "../../../sdk/src/consent/index.ts";
import { newSeed } from "../../../sdk/src/crypto/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import type { Hex } from "../../../sdk/src/bytes.ts";
import {
  addText,
  itemsUnder,
  openOn,
  share,
  sharedClientClinic,
  textOf,
  type Actor,
  type ClientClinic,
} from "./support/clinic.ts";

describe("one record that is shared", function () {
  this.timeout(120_000);
  let clinic: ClientClinic;
  let patient: Actor;
  let reader: Actor;
  let shown: Hex;
  let hidden: Hex;
  before(async () => {
    clinic = await sharedClientClinic();
    patient = await clinic.join(1, "Ingrid Falk");
    reader = await clinic.join(1, "Her sister");
    shown = await addText(patient, "Tetanus", "general", "vaccinated in May");
    hidden = await addText(patient, "Depression", "general", "a hard winter");
  });

  const one = (pointer: Hex) => ({ scopes: [], record: { pointer, recordedAt: patient.carekey.now() } });

  /** Shares the one record. @returns its item and the consent. */
  async function sharedOne(request: Parameters<typeof share>[2] = {}): Promise<{ item: SharedItem; id: Hex }> {
    const [id] = await share(patient, reader, { ...one(shown), ...request });
    const items = await itemsUnder(reader, patient, id!);
    expect(items.map(({ entry }) => entry.pointer)).to.deep.equal([shown]);
    return { item: items[0]!, id: id! };
  }

  it("opens, and is the only one in sight", async () => {
    const { item } = await sharedOne();
    expect(item.scopeLabel).to.equal(ONE_RECORD_LABEL);
    expect(await textOf(await openOn(reader.carekey, reader.person, item))).to.equal("vaccinated in May");
    const chart = await readSharedChart(reader.carekey, reader.person, patient.person.address);
    expect(chart.hiddenCount).to.equal(1);
  });

  it("is named to nobody who sees the terms, and to the patient by its pointer", async () => {
    const { id } = await sharedOne();
    const consent = (await listConsents(patient.carekey, patient.person)).find((each) => each.id === id)!;
    expect(JSON.stringify(consent.terms))
      .to.not.match(/tetanus/i)
      .and.not.include(shown.slice(2));
    expect(consent.record).to.equal(shown);
    expect(consent.scopeLabels).to.deep.equal([ONE_RECORD_LABEL]);
  });

  it("does not help to open another one, whichever tag the reader asks under, and the patient sees the attempt", async () => {
    const [whole] = await share(patient, reader);
    const before = (await itemsUnder(reader, patient, whole!)).find(({ entry }) => entry.pointer === hidden)!;
    await revokeConsent(patient.carekey, patient.person, whole!);
    const { item, id } = await sharedOne();
    // A former reader, who kept tag, key and wrap of the whole part, now tries with the consent for one record.
    await expectRefusal(openOn(reader.carekey, reader.person, { ...before, grant: item.grant }), "NOT_IN_SCOPE");
    // Keepers cannot know which records a tag holds: they answer, but what they answer opens no wrap that exists.
    const disguised = { ...item, entry: before.entry, wraps: before.wraps };
    await expectRefusal(openOn(reader.carekey, reader.person, disguised), "DECRYPTION_FAILED");
    const own = await openViewSession(patient.carekey);
    const { views } = await listViews(patient.carekey, patient.person, own);
    const attempts = views.filter(({ consentId, recordId }) => consentId === id && recordId === hidden);
    expect(attempts.map(({ alarm }) => alarm)).to.deep.equal(["another-part"]);
  });

  it("stays the version that was shared: a newer one is closed", async () => {
    const { item, id } = await sharedOne();
    const content = await uploadContent(patient.carekey, { source: new Blob(["vaccinated in June"]) });
    const newer = { name: "Tetanus", type: "text/plain", fhir: null, content, scope: "general" };
    const { pointer } = await addRecord(patient.carekey, patient.person, { ...newer, supersedes: item.entry.entryId });
    const items = await itemsUnder(reader, patient, id);
    expect(items.map(({ entry }) => entry.pointer)).to.deep.equal([shown]);
    expect(items[0]!.entry.supersededBy).to.not.equal(null);
    const { items: all } = await readSharedChart(reader.carekey, reader.person, patient.person.address);
    expect(all.map(({ entry }) => entry.pointer)).to.not.include(pointer);
  });

  it("closes when it is taken back, and when its time is over", async () => {
    const { item, id } = await sharedOne();
    await revokeConsent(patient.carekey, patient.person, id);
    await expectRefusal(openOn(reader.carekey, reader.person, item), "CONSENT_REVOKED");
    const expiresAt = patient.carekey.now() + 10;
    const { item: short } = await sharedOne({ expiresAt });
    while (patient.carekey.now() < expiresAt) await new Promise((resolve) => setTimeout(resolve, 200));
    await expectRefusal(openOn(reader.carekey, reader.person, short), "CONSENT_EXPIRED");
  });

  it("may be shared for a single view", async () => {
    reader = await clinic.join(1, "Her brother");
    const { item } = await sharedOne({ maxViews: 1 });
    expect((await openOn(reader.carekey, reader.person, item)).viewsLeft).to.equal(0);
  });

  it("goes on opening after the patient made new keys", async () => {
    const owner = await clinic.join(1, "Ebba Dahl");
    const pointer = await addText(owner, "Allergy", "general", "penicillin");
    const [id] = await share(owner, reader, { scopes: [], record: { pointer, recordedAt: owner.carekey.now() } });
    const newKeys = { seed: newSeed(), passphrase: "eleven quiet lakes under the northern snow" };
    owner.person = await beginNewKeys(owner.carekey, owner.person, newKeys);
    await finishNewKeys(owner.carekey, owner.person);
    expect((await newKeysState(owner.carekey, owner.person)).complete).to.equal(true);
    const [item] = await itemsUnder(reader, owner, id!);
    const opened = await openOn(await clinic.device(reader), reader.person, item!);
    expect(await textOf(opened)).to.equal("penicillin");
  });

  it("is shared alone, to read, and only once it is part of the chart", async () => {
    const ask = (request: object) =>
      prepareGrant(patient.carekey, patient.person, {
        grantee: reader.person.address,
        granteeName: reader.name,
        scopes: [],
        rights: ["read"],
        expiresAt: patient.carekey.now() + 3600,
        purpose: "Travel",
        record: one(shown).record,
        ...request,
      });
    await expectRefusal(ask({ scopes: ["general"] }), "INVALID_ARGUMENT");
    await expectRefusal(ask({ rights: ["read", "write"] }), "INVALID_ARGUMENT");
    await expectRefusal(ask({ fromNow: true }), "INVALID_ARGUMENT");
    await expectRefusal(share(patient, reader, one(`0x${"5".repeat(64)}`)), "NOT_FOUND");
  });

  it("has a scope whose name tells the pointer, and no other name does", () => {
    const name = recordScopeName(shown, `0x${"a".repeat(32)}`);
    expect(recordOfScope(name)).to.equal(shown);
    for (const other of ["general", "record:", name.slice(0, -1), `${name}0`, ` ${name}`])
      expect(recordOfScope(other)).to.equal(null);
  });
});
