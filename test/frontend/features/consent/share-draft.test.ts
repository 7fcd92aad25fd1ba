/**
 * @module test/frontend/features/consent/share-draft
 * What the four steps of sharing ask for, and what they make of it.
 */
import { expect } from "chai";
import type { PersonProfile } from "@carekey/sdk/client";
import { isOpenEnded } from "@carekey/sdk/consent";
import {
  EMPTY_DRAFT,
  draftFromRequest,
  endOf,
  grantRequestOf,
  missingIn,
  type ShareDraft,
} from "../../../../frontend/src/features/consent/share-draft.ts";
import { dayOf } from "../../../../frontend/src/lib/days.ts";
import { cardiologist, id, patient } from "../records/fixtures.ts";

const NOW = 1_790_000_000;
const DAY = 86_400;

const doctor: PersonProfile = {
  address: cardiologist,
  name: "Dr Amara Okafor",
  speciality: "Cardiology",
  identity: {
    address: cardiologist,
    keyHash: "0x00",
    role: 2,
    verifiedUntil: NOW + DAY,
    suspended: false,
    verifiedSince: 0,
  },
  verified: true,
  keyStatus: "new",
  fingerprint: "12345 67890",
  keyDocumentDigest: id(1),
};
const complete: ShareDraft = { ...EMPTY_DRAFT, grantee: doctor, scopes: ["labs"], purpose: " Check-up " };

describe("share draft", () => {
  describe("missingIn", () => {
    it("wants a person", () => {
      expect(missingIn("who", EMPTY_DRAFT, NOW)).to.be.a("string");
      expect(missingIn("who", complete, NOW)).to.equal(null);
    });

    for (const keyStatus of ["changed", "mismatch", "missing"] as const) {
      it(`refuses a person whose key is ${keyStatus}`, () => {
        expect(missingIn("who", { ...complete, grantee: { ...doctor, keyStatus } }, NOW)).to.be.a("string");
      });
    }

    it("wants a right, and a part of the records for reading only", () => {
      expect(missingIn("what", { ...complete, canRead: false }, NOW)).to.be.a("string");
      expect(missingIn("what", { ...complete, scopes: [] }, NOW)).to.be.a("string");
      expect(missingIn("what", { ...complete, scopes: [], canRead: false, canWrite: true }, NOW)).to.equal(null);
    });

    it("wants an end that is not past, and a purpose", () => {
      expect(missingIn("how", { ...complete, duration: "date", lastDay: "" }, NOW)).to.be.a("string");
      expect(missingIn("how", { ...complete, duration: "date", lastDay: "2020-01-01" }, NOW)).to.be.a("string");
      expect(missingIn("how", { ...complete, purpose: "  " }, NOW)).to.be.a("string");
      expect(missingIn("how", complete, NOW)).to.equal(null);
    });
  });

  describe("endOf", () => {
    it("counts a preset from now", () => {
      expect(endOf({ duration: "week", lastDay: "" }, NOW)).to.equal(NOW + 7 * DAY);
    });

    it("is far enough away to be nobody's but the patient's, until they stop it", () => {
      expect(isOpenEnded({ notBefore: NOW, expiresAt: endOf({ duration: "open", lastDay: "" }, NOW)! })).to.equal(true);
    });

    it("counts a chosen day to its end", () => {
      const end = endOf({ duration: "date", lastDay: "2027-06-30" }, NOW)!;
      expect(dayOf(end - 1)).to.equal("2027-06-30");
      expect(dayOf(end)).to.equal("2027-07-01");
    });

    it("has no end without a day", () => {
      expect(endOf({ duration: "date", lastDay: "soon" }, NOW)).to.equal(null);
    });
  });

  describe("grantRequestOf", () => {
    it("is null while something is missing", () => {
      expect(grantRequestOf(EMPTY_DRAFT, NOW)).to.equal(null);
      expect(grantRequestOf({ ...complete, purpose: "" }, NOW)).to.equal(null);
    });

    it("asks for reading the chosen parts", () => {
      expect(grantRequestOf(complete, NOW)).to.deep.equal({
        grantee: cardiologist,
        granteeName: "Dr Amara Okafor",
        scopes: ["labs"],
        rights: ["read"],
        expiresAt: NOW + 30 * DAY,
        purpose: "Check-up",
        fromNow: false,
      });
    });

    it("gives no parts, no limit and no history to a consent to write only", () => {
      const request = grantRequestOf({ ...complete, canRead: false, canWrite: true, fromNow: true, maxViews: 3 }, NOW);
      expect(request).to.deep.include({ scopes: [], rights: ["write"], fromNow: false });
      expect(request).to.not.have.property("maxViews");
    });

    it("asks for one record alone, to read", () => {
      const record = { pointer: id(9), recordedAt: NOW, title: "Letter" };
      const request = grantRequestOf({ ...complete, record, canWrite: true, fromNow: true, maxViews: 1 }, NOW);
      expect(request).to.deep.include({ scopes: [], rights: ["read"], maxViews: 1 });
      expect(request).to.have.deep.property("record", { pointer: id(9), recordedAt: NOW });
      expect(request).to.not.have.property("fromNow");
    });

    it("names the organisation, and a relative as the patient does", () => {
      const organisation = { ...doctor, address: patient };
      expect(grantRequestOf({ ...complete, organisation }, NOW)).to.have.property("organisation", patient);
      const relative = { ...doctor, verified: false, identity: { ...doctor.identity, role: 1 } };
      expect(missingIn("who", { ...complete, grantee: relative }, NOW)).to.be.a("string");
      const named = { ...complete, grantee: relative, granteeName: " My son " };
      expect(grantRequestOf(named, NOW)).to.have.property("granteeName", "My son");
    });

    it("carries the limit of views", () => {
      expect(grantRequestOf({ ...complete, maxViews: 3 }, NOW)).to.have.property("maxViews", 3);
      expect(grantRequestOf({ ...complete, asksForCode: true }, NOW)).to.have.property("asksForCode", true);
      const writing = { ...complete, canRead: false, canWrite: true, asksForCode: true };
      expect(grantRequestOf(writing, NOW)).to.not.have.property("asksForCode");
    });
  });

  it("begins with what a request asks for", () => {
    const draft = draftFromRequest({
      id: id(1),
      from: cardiologist,
      fromProfile: doctor,
      patient,
      scopes: ["labs", "imaging"],
      rights: ["read", "write"],
      expiresAt: NOW + 30 * DAY,
      purpose: "Operation",
      message: "",
      sentAt: NOW,
      status: "waiting",
      reason: null,
      answeredAt: null,
    });
    expect(draft).to.deep.include({
      grantee: doctor,
      scopes: ["labs", "imaging"],
      canRead: true,
      canWrite: true,
      purpose: "Operation",
    });
    expect(draft.lastDay).to.equal(dayOf(NOW + 30 * DAY));
  });
});
