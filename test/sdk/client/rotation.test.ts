/**
 * @module test/sdk/client/rotation
 * New keys after a revoke: due until done, from any device, unnoticed by those who go on reading, and closed to who kept the old ones.
 */
import { expect } from "chai";
import {
  openViewSession,
  readSharedChart,
  revokeConsent,
  rotateDue,
  rotationsDue,
} from "../../../sdk/src/client/index.ts";
import { loadOwnChart } from "../../../sdk/src/client/own-chart.ts";
import { expectRefusal as refusal } from "../../support/refusal.ts";
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

describe("rotation", function () {
  this.timeout(240_000);
  let clinic: ClientClinic;
  let [patient, former, remaining]: Actor[] = [];

  before(async () => {
    clinic = await sharedClientClinic();
    patient = await clinic.join(1, "Mara Lindholm");
    former = await clinic.join(2, "Dr Former Reader");
    remaining = clinic.doctor;
    await clinic.licence(former);
  });

  it("is not due while nobody lost access", async () => {
    await addText(patient!, "Early note", "general", "Before.");
    await share(patient!, remaining!);
    expect(await rotationsDue(patient!.carekey, patient!.person)).to.deep.equal([]);
    expect(await rotateDue(patient!.carekey, patient!.person)).to.deep.equal([]);
  });

  it("is due after a revoke, stays due when refused, and goes on from another device", async () => {
    const [consentId] = await share(patient!, former!);
    const kept = (await itemsUnder(former!, patient!, consentId!))[0]!;
    await revokeConsent(patient!.carekey, patient!.person, consentId!);
    expect(await rotationsDue(patient!.carekey, patient!.person)).to.deep.equal(["general"]);
    const stopped = rotateDue(patient!.carekey, patient!.person, { signal: AbortSignal.abort() });
    await refusal(stopped, "CANCELLED");

    const other = await clinic.device(patient!);
    expect(await rotationsDue(other, patient!.person)).to.deep.equal(["general"]);
    expect(await rotateDue(other, patient!.person)).to.deep.equal(["general"]);
    expect(await rotationsDue(patient!.carekey, patient!.person)).to.deep.equal([]);

    const later = await addText(patient!, "Late note", "general", "After.");
    // The former reader kept the bundle, the scope key of before and a session, and runs a client of their own.
    const session = await openViewSession(former!.carekey);
    await refusal(openOn(former!.carekey, former!.person, kept, session), "CONSENT_REVOKED");
    const { items } = await readSharedChart(former!.carekey, former!.person, patient!.person.address);
    expect(items.map(({ entry }) => entry.pointer)).to.not.include(later);
    const [own] = (await readSharedChart(remaining!.carekey, remaining!.person, patient!.person.address)).items.filter(
      ({ entry }) => entry.pointer === later,
    );
    const forged = { ...own!, grant: kept.grant };
    await refusal(openOn(former!.carekey, former!.person, forged, session), "CONSENT_REVOKED");
    expect(own!.epoch).to.be.greaterThan(kept.epoch);
    expect(kept.grant.scopes.flatMap(({ keys }) => keys.map(({ epoch }) => epoch))).to.not.include(own!.epoch);
  });

  it("is made once, also when a record is added while it is under way", async () => {
    const { carekey, person } = patient!;
    const [consentId] = await share(patient!, former!);
    await revokeConsent(carekey, person, consentId!);
    const before = (await loadOwnChart(carekey, person)).rotations.length;
    const steps: string[] = [];
    const [rotated] = await Promise.all([
      rotateDue(carekey, person),
      addText(patient!, "Meanwhile", "general", "Between.", { onStep: ({ label }) => steps.push(label) }),
      refusal(rotateDue(carekey, person, { signal: AbortSignal.timeout(1) }), "CANCELLED"),
    ]);
    expect(rotated).to.deep.equal(["general"]);
    expect((await loadOwnChart(carekey, person)).rotations.length).to.equal(before + 1);
    expect(steps).to.include("Waiting for the new key that your wallet asks about");
    expect(await rotationsDue(carekey, person)).to.deep.equal([]);
  });

  it("goes unnoticed by those who still read, old entries and new ones", async () => {
    const { items } = await readSharedChart(remaining!.carekey, remaining!.person, patient!.person.address);
    const session = await openViewSession(remaining!.carekey);
    const texts: string[] = [];
    for (const item of items)
      texts.push(await textOf(await openOn(remaining!.carekey, remaining!.person, item, session)));
    expect(texts).to.have.members(["Before.", "After.", "Between."]);
  });
});
