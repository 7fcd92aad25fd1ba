/**
 * @module test/sdk/client/view-limits
 * A limit of views on the real stack: held, counted once per opening, and neither lost nor doubled by races, retries and keepers that are down.
 */
import { expect } from "chai";
import { listViews, openViewSession, viewsLeftUnder, type SharedItem } from "../../../sdk/src/client/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
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

describe("a limit of views", function () {
  this.timeout(120_000);
  let clinic: ClientClinic;
  let patient: Actor;
  let doctor: Actor;
  before(async () => {
    clinic = await sharedClientClinic();
    ({ doctor } = clinic);
    patient = await clinic.join(1, "Signe Holm");
    for (const name of ["One", "Two", "Three"]) await addText(patient, name, "general", `${name} says`);
  });

  /** The same three records under a new consent with its own limit. */
  async function limited(maxViews: number): Promise<{ items: SharedItem[]; id: SharedItem["grant"]["id"] }> {
    const reader = await clinic.join(1, "A reader");
    const [id] = await share(patient, reader, { maxViews });
    const items = await itemsUnder(reader, patient, id!);
    expect(items).to.have.length(3);
    doctor = reader;
    return { items, id: id! };
  }

  it("lets through as many openings as the patient allowed, and says how many are left", async () => {
    const { items, id } = await limited(2);
    const [one, two, three] = items as [SharedItem, SharedItem, SharedItem];
    const session = await openViewSession(doctor.carekey);
    expect(await viewsLeftUnder(doctor.carekey, one.grant, session)).to.equal(2);
    const opened = await openOn(doctor.carekey, doctor.person, one, session);
    expect(await textOf(opened)).to.match(/says$/);
    expect(opened.viewsLeft).to.equal(1);
    expect((await openOn(doctor.carekey, doctor.person, two, session)).viewsLeft).to.equal(0);
    await expectRefusal(openOn(doctor.carekey, doctor.person, three, session), "VIEW_LIMIT_REACHED", "no-number-left");
    expect(await viewsLeftUnder(doctor.carekey, one.grant, session)).to.equal(0);
    const own = await openViewSession(patient.carekey);
    expect(await viewsLeftUnder(patient.carekey, one.grant, own)).to.equal(0);
    const { views } = await listViews(patient.carekey, patient.person, own);
    const counted = views.filter(({ consentId }) => consentId === id).map(({ viewNo }) => viewNo);
    expect(new Set(counted)).to.deep.equal(new Set([1, 2]));
  });

  it("counts the same record once, on another device and after a lost answer too", async () => {
    const { items } = await limited(1);
    const [one, two] = items as [SharedItem, SharedItem];
    const lossy = await clinic.device(doctor, {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        // The keepers have written the view down; the reader never hears of it.
        if (String(input).endsWith("/v1/views")) throw new TypeError("the connection broke");
        return response;
      },
    });
    await expectRefusal(openOn(lossy, doctor.person, one), "TOO_FEW_KEEPERS");
    expect((await openOn(doctor.carekey, doctor.person, one)).viewsLeft).to.equal(0);
    expect((await openOn(await clinic.device(doctor), doctor.person, one)).viewsLeft).to.equal(0);
    await expectRefusal(openOn(doctor.carekey, doctor.person, two), "VIEW_LIMIT_REACHED");
  });

  it("is neither wasted nor exceeded by tabs that open different records at once", async () => {
    const { items } = await limited(3);
    const tabs = await Promise.all([0, 1, 2].map(() => clinic.device(doctor)));
    const opened = await Promise.all(tabs.map((tab, index) => openOn(tab, doctor.person, items[index]!)));
    expect(await Promise.all(opened.map(textOf))).to.have.length(3);
    const session = await openViewSession(doctor.carekey);
    expect(await viewsLeftUnder(doctor.carekey, items[0]!.grant, session)).to.equal(0);
  });

  it("of one lets one of many tabs through", async () => {
    const { items } = await limited(1);
    const tabs = await Promise.all(Array.from({ length: 6 }, () => clinic.device(doctor)));
    const outcomes = await Promise.allSettled(tabs.map((tab, index) => openOn(tab, doctor.person, items[index % 3]!)));
    const records = outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" ? [outcome.value.entry.pointer] : [],
    );
    expect(new Set(records).size).to.equal(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") await expectRefusal(Promise.reject(outcome.reason), "VIEW_LIMIT_REACHED");
    }
  });

  it("holds while a keeper is down in the middle, whichever it is", async () => {
    const { items } = await limited(2);
    const [one, two, three] = items as [SharedItem, SharedItem, SharedItem];
    const without = (down: number) =>
      clinic.device(doctor, {
        fetch: (input, init) =>
          String(input).startsWith(clinic.deployment.keepers[down]!.url)
            ? Promise.reject(new TypeError("the keeper is down"))
            : fetch(input, init),
      });
    expect((await openOn(await without(0), doctor.person, one)).viewsLeft).to.equal(1);
    expect((await openOn(await without(2), doctor.person, two)).keepers).to.have.length(2);
    for (const down of [0, 1, 2])
      await expectRefusal(openOn(await without(down), doctor.person, three), "VIEW_LIMIT_REACHED");
  });
});
