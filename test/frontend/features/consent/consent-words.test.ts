/**
 * @module test/frontend/features/consent/consent-words
 * Consents in words, who can open a record, and what had been opened.
 */
import { expect } from "chai";
import type { Consent, PersonProfile, View } from "@carekey/sdk/client";
import { OPEN_ENDED_SECONDS } from "@carekey/sdk/consent";
import {
  closedCount,
  closedWords,
  endOf,
  endWords,
  groupByPerson,
  openedUnder,
  rightsWords,
  viewsLeftWords,
  windowWords,
} from "../../../../frontend/src/features/consent/consent-words.ts";
import { lastViewBy, readersOf } from "../../../../frontend/src/features/records/record-readers.ts";
import { cardiologist, generalist, id, patient, record } from "../records/fixtures.ts";

const NOW = 1_790_000_000;

function consent(
  wish: Partial<Omit<Consent, "terms">> & { number: number; terms?: Partial<Consent["terms"]> },
): Consent {
  const grantee = wish.terms?.grantee ?? cardiologist;
  const profile: PersonProfile = {
    address: grantee,
    name: "Dr Okafor",
    speciality: null,
    identity: { address: grantee, keyHash: "0x00", role: 2, verifiedUntil: NOW, suspended: false, verifiedSince: 0 },
    verified: true,
    keyStatus: "same",
    fingerprint: "",
    keyDocumentDigest: null,
  };
  return {
    id: id(wish.number),
    status: "active",
    grantedAt: NOW + wish.number,
    revokedAt: null,
    grantee: profile,
    scopeLabels: ["Lab results"],
    scopes: ["labs"],
    record: null,
    organisation: null,
    ...wish,
    terms: {
      patient,
      grantee,
      organisation: "0x0000000000000000000000000000000000000000",
      scopes: [id(50)],
      fromEpoch: 0,
      rights: 1,
      notBefore: NOW,
      expiresAt: NOW + 1_000_000,
      maxViews: 0,
      flags: 0,
      about: { scopes: "Lab results", purpose: "", salt: id(7) },
      ...wish.terms,
    },
  };
}

function view(wish: Partial<View> & { at: number }): View {
  return {
    kind: "view",
    bodyHash: id(wish.at),
    reader: cardiologist,
    readerName: "Dr Okafor",
    recordId: id(1001),
    entryId: id(1),
    title: "Blood",
    reason: "Visit",
    consentId: id(1),
    viewNo: 0,
    consent: null,
    alarm: null,
    receipts: [],
    ...wish,
  };
}

describe("the meter of a past consent", () => {
  it("counts what stays closed: approved records of the shared parts that were not opened in time", () => {
    const records = [record({ index: 1 }), record({ index: 2 }), record({ index: 3, status: "pending" })].map(
      (each) => ({
        ...each,
        scope: "labs",
      }),
    );
    const elsewhere = { ...record({ index: 4 }), scope: "imaging" };
    const opened = [{ recordId: records[0]!.entry.pointer }];
    expect(closedCount({ scopes: ["labs"] }, [...records, elsewhere], opened)).to.equal(1);
    expect(closedCount({ scopes: ["labs"] }, [], opened)).to.equal(0);
  });

  it("says since when: the revoke, or the end if that came first", () => {
    expect(endOf(consent({ number: 1, revokedAt: NOW + 5 }))).to.equal(NOW + 5);
    expect(endOf(consent({ number: 1 }))).to.equal(NOW + 1_000_000);
    expect(endOf(consent({ number: 1, revokedAt: NOW + 2_000_000 }))).to.equal(NOW + 1_000_000);
    expect(closedWords(2, "3 May", "Dr Okafor")).to.equal(
      "Closed for Dr Okafor since 3 May: 2 records, and whatever comes.",
    );
    expect(closedWords(1, "3 May", "Dr Okafor")).to.include("one record,");
    expect(closedWords(null, "3 May", "Dr Okafor")).to.include("everything not opened before");
  });
});

describe("consent words", () => {
  it("groups by person, newest consent first", () => {
    const groups = groupByPerson([
      consent({ number: 1 }),
      consent({ number: 2, terms: { grantee: generalist } }),
      consent({ number: 3 }),
    ]);
    expect(groups.map(({ consents }) => consents.map(({ id: each }) => each))).to.deep.equal([[id(3), id(1)], [id(2)]]);
  });

  it("tells reading, reading from now on, and writing apart", () => {
    const words = [
      consent({ number: 1 }),
      consent({ number: 1, terms: { fromEpoch: 2 } }),
      consent({ number: 1, terms: { rights: 2 } }),
    ].map(rightsWords);
    expect(new Set(words).size).to.equal(3);
    expect(words[0]).to.include("Lab results");
    expect(words[2]).to.not.include("Lab results");
  });

  it("tells how sharing ended", () => {
    expect(endWords(consent({ number: 1, status: "revoked", revokedAt: NOW }))).to.match(/^You stopped it/);
    expect(endWords(consent({ number: 1, status: "expired" }))).to.match(/^It ended by itself/);
  });

  it("counts each record once, with its last view, and only of this consent", () => {
    const opened = openedUnder(consent({ number: 1 }), [
      view({ at: 10 }),
      view({ at: 30 }),
      view({ at: 20, recordId: id(1002) }),
      view({ at: 40, consentId: id(2) }),
    ]);
    expect(opened.map(({ at }) => at)).to.deep.equal([30, 20]);
  });

  it("says how many views are left, and the limit before the keepers were asked", () => {
    expect(viewsLeftWords(3, 5)).to.equal("3 of 5 views left");
    expect(viewsLeftWords(0, 1)).to.equal("0 of 1 views left");
    expect(viewsLeftWords(null, 5)).to.equal("At most 5 views");
  });

  it("names no date where only the patient ends it", () => {
    const open = consent({ number: 1, terms: { expiresAt: NOW + OPEN_ENDED_SECONDS } });
    expect(windowWords(open)).to.match(/until you stop it$/);
    const long = consent({ number: 1, terms: { expiresAt: NOW + OPEN_ENDED_SECONDS - 1 } });
    expect(windowWords(long)).to.match(/until .* 20\d\d$/);
  });
});

describe("record readers", () => {
  const labs = { scope: "labs", epoch: 2, entry: { pointer: id(70) } };

  it("are the people with an active reading consent for the scope and epoch", () => {
    expect(readersOf(labs, [consent({ number: 1 })])).to.have.length(1);
    expect(readersOf(labs, [consent({ number: 1, terms: { fromEpoch: 2 } })])).to.have.length(1);
  });

  const outside: [why: string, wish: Parameters<typeof consent>[0]][] = [
    ["of another scope", { number: 1, scopes: ["imaging"] }],
    ["from a later epoch", { number: 1, terms: { fromEpoch: 3 } }],
    ["to write", { number: 1, terms: { rights: 2 } }],
    ["that ended", { number: 1, status: "expired" }],
    ["that was stopped", { number: 1, status: "revoked" }],
    ["that has not begun", { number: 1, status: "not-yet" }],
  ];
  for (const [why, wish] of outside) {
    it(`are not those with a consent ${why}`, () => {
      expect(readersOf(labs, [consent(wish)])).to.deep.equal([]);
    });
  }

  it("are nobody for a record that is filed nowhere yet", () => {
    expect(readersOf({ ...labs, scope: null, epoch: null }, [consent({ number: 1 })])).to.deep.equal([]);
  });

  it("are those with whom the record alone is shared", () => {
    const alone = { scopes: ["record:…"], scopeLabels: ["One record"] };
    expect(readersOf(labs, [consent({ number: 1, ...alone, record: id(70) })])).to.have.length(1);
    expect(readersOf(labs, [consent({ number: 1, ...alone, record: id(71) })])).to.deep.equal([]);
  });

  it("are named once, by the consent that lasts longest", () => {
    const longer = consent({ number: 2, terms: { expiresAt: NOW + 2_000_000 } });
    expect(readersOf(labs, [consent({ number: 1 }), longer])).to.deep.equal([longer]);
  });

  it("have a last view of the record", () => {
    const views = [
      view({ at: 10 }),
      view({ at: 30 }),
      view({ at: 50, entryId: id(2) }),
      view({ at: 60, reader: generalist }),
    ];
    expect(lastViewBy(views, cardiologist, id(1))?.at).to.equal(30);
    expect(lastViewBy([], cardiologist, id(1))).to.equal(null);
  });
});
