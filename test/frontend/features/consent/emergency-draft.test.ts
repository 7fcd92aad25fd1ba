/**
 * @module test/frontend/features/consent/emergency-draft
 * The form of emergency access: sensible first values, and nothing sent that the person did not mean.
 */
import { expect } from "chai";
import type { OwnEmergency } from "@carekey/sdk/client";
import {
  draftOf,
  problemOf,
  takesOut,
  wishOf,
  type EmergencyDraft,
} from "../../../../frontend/src/features/consent/emergency-draft.ts";
import { cardiologist, id } from "../records/fixtures.ts";

const off: OwnEmergency = {
  enabled: false,
  delaySeconds: 0,
  round: 0,
  contacts: [],
  unknownContacts: 0,
  records: [],
  card: null,
};
const draft: EmergencyDraft = {
  records: [id(1)],
  delay: "600",
  acceptsNoDelay: false,
  contacts: [],
  name: " Maja Berg ",
  facts: " Allergic to penicillin ",
};

describe("the form of emergency access", () => {
  it("begins with ten minutes for somebody new, and with what holds for others", () => {
    expect(draftOf(off, [])).to.deep.include({ delay: "600", acceptsNoDelay: false, records: [] });
    const on = { ...off, enabled: true, delaySeconds: 0, records: [id(2)] };
    expect(draftOf(on, [])).to.deep.include({ delay: "0", acceptsNoDelay: true, records: [id(2)] });
  });

  it("asks for a name, a record, and a second thought before there is no delay", () => {
    expect(problemOf(draft)).to.equal(null);
    expect(problemOf({ ...draft, name: " " })).to.match(/your name/);
    expect(problemOf({ ...draft, records: [] })).to.match(/at least one record/);
    expect(problemOf({ ...draft, delay: "0" })).to.match(/nobody can stop it/);
    expect(problemOf({ ...draft, delay: "0", acceptsNoDelay: true })).to.equal(null);
  });

  it("takes whole contacts only, each once, five at most", () => {
    const contact = { name: "Lena", address: cardiologist };
    expect(problemOf({ ...draft, contacts: [contact] })).to.equal(null);
    expect(problemOf({ ...draft, contacts: [{ ...contact, name: "" }] })).to.match(/needs a name/);
    expect(problemOf({ ...draft, contacts: [{ ...contact, address: "0x12" }] })).to.match(/needs a name/);
    expect(problemOf({ ...draft, contacts: [contact, { ...contact, name: "Again" }] })).to.match(/twice/);
    expect(problemOf({ ...draft, contacts: Array.from({ length: 6 }, () => contact) })).to.match(/At most 5/);
  });

  it("sends trimmed words, and the name for card and contacts", () => {
    expect(wishOf(draft)).to.deep.include({
      delaySeconds: 600,
      card: { name: "Maja Berg", facts: "Allergic to penicillin" },
      patientName: "Maja Berg",
    });
  });

  it("knows when a record is taken out", () => {
    const on = { ...off, enabled: true, records: [id(1), id(2)] };
    expect(takesOut(draft, on)).to.equal(true);
    expect(takesOut({ ...draft, records: [id(1), id(2), id(3)] }, on)).to.equal(false);
    expect(takesOut(draft, off)).to.equal(false);
  });
});
