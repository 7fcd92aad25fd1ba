/**
 * @module test/frontend/care/care-model
 * What grants and shared items mean to a clinician.
 */
import { expect } from "chai";
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { ReceivedGrant, SharedItem } from "@carekey/sdk/client";
import { READ, WRITE } from "@carekey/sdk/consent";
import {
  DAY,
  NO_ITEM_FILTERS,
  endingSoon,
  filterItems,
  patientOf,
  patientsOf,
  searchPatients,
} from "../../../frontend/src/features/care/care-model.ts";

const NOW = 1_795_255_200;
const rosa: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const henrik: Address = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc";
const doctor: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const hex32 = (digit: string): Hex => `0x${digit.repeat(64)}`;

function grant(change: Partial<ReceivedGrant> & { rights?: 1 | 2; expiresAt?: number; label?: string }): ReceivedGrant {
  const { rights = READ, expiresAt = NOW + 90 * DAY, label = "Lab results", ...rest } = change;
  return {
    id: hex32("1"),
    patient: rosa,
    patientName: "Rosa Lindqvist",
    terms: {
      patient: rosa,
      grantee: doctor,
      organisation: "0x0000000000000000000000000000000000000000",
      scopes: [],
      fromEpoch: 0,
      rights,
      notBefore: NOW - DAY,
      expiresAt,
      maxViews: 0,
      flags: 0,
      about: { scopes: label, purpose: "Follow-up", salt: hex32("2") },
    },
    status: "active",
    grantedAt: NOW - DAY,
    revokedAt: null,
    scopes: rights === READ ? [{ label, tag: hex32("3"), keys: [] }] : [],
    record: null,
    receivedAt: NOW - DAY,
    ...rest,
  };
}

function item(change: { author?: Address; scopeLabel?: string; recordedAt?: number; entryId?: Hex }): SharedItem {
  const { author = rosa, scopeLabel = "Lab results", recordedAt = NOW, entryId = hex32("4") } = change;
  return {
    entry: {
      entryId,
      index: 0,
      kind: "add",
      author,
      pointer: hex32("5"),
      supersedes: null,
      supersededBy: null,
      status: "approved",
      blockNumber: 1n,
      blockHash: hex32("6"),
      txHash: hex32("7"),
    },
    recordedAt,
    scopeLabel,
    tag: hex32("3"),
    epoch: 0,
    wraps: [{ generation: 0, epoch: 0, wrap: new Uint8Array(48) }],
    grant: grant({}),
  };
}

describe("patientOf", () => {
  it("joins active grants: parts once, the latest end, and the terms to write under", () => {
    const write = grant({ rights: WRITE, expiresAt: NOW + 10 * DAY });
    const grants = [grant({}), grant({ expiresAt: NOW + 5 * DAY }), grant({ label: "Images" }), write];
    const patient = patientOf(rosa, grants);
    expect(patient.scopeLabels).to.deep.equal(["Lab results", "Images"]);
    expect(patient.readUntil).to.equal(NOW + 90 * DAY);
    expect(patient.writeUntil).to.equal(NOW + 10 * DAY);
    expect(patient.writeGrant).to.equal(write);
  });

  for (const status of ["revoked", "expired", "unknown"] as const) {
    it(`counts nothing that is ${status}`, () => {
      const patient = patientOf(rosa, [grant({ status }), grant({ status, rights: WRITE })]);
      expect(patient).to.include({ readUntil: null, writeUntil: null, writeGrant: null, isCurrent: false });
      expect(patient.scopeLabels).to.deep.equal([]);
    });
  }

  it("finds a patient whatever the capitals of the address", () => {
    expect(patientOf(rosa.toLowerCase() as Address, [grant({})]).name).to.equal("Rosa Lindqvist");
  });
});

describe("patientsOf", () => {
  it("lists each patient once, those who share now first", () => {
    const grants = [
      grant({ patient: henrik, patientName: "Henrik Dahl", status: "revoked" }),
      grant({}),
      grant({ rights: WRITE }),
    ];
    expect(patientsOf(grants).map(({ name }) => name)).to.deep.equal(["Rosa Lindqvist", "Henrik Dahl"]);
  });

  it("is searched by words of the name, without accents, and by address", () => {
    const patients = patientsOf([
      grant({ patientName: "Rosa Lindqvïst" }),
      grant({ patient: henrik, patientName: "Henrik Dahl" }),
    ]);
    const names = (query: string) => searchPatients(patients, query).map(({ name }) => name);
    expect(names("lindqvist rosa")).to.deep.equal(["Rosa Lindqvïst"]);
    expect(names(henrik.slice(0, 10).toLowerCase())).to.deep.equal(["Henrik Dahl"]);
    expect(names("rosa dahl")).to.deep.equal([]);
    expect(names("")).to.have.length(2);
  });
});

describe("endingSoon", () => {
  it("takes active consents within a week, soonest first", () => {
    const ends = [NOW + 6 * DAY, NOW + 7 * DAY, NOW + DAY];
    const grants = [
      ...ends.map((expiresAt) => grant({ expiresAt })),
      grant({ expiresAt: NOW + DAY, status: "revoked" }),
    ];
    expect(endingSoon(grants, NOW).map(({ terms }) => terms.expiresAt)).to.deep.equal([NOW + DAY, NOW + 6 * DAY]);
  });
});

describe("filterItems", () => {
  const lab = item({ entryId: hex32("a") });
  const image = item({ entryId: hex32("b"), scopeLabel: "Images", author: doctor, recordedAt: NOW - 10 * DAY });
  const titles = (entryId: Hex) => (entryId === hex32("b") ? "Röntgen of the knee" : "");
  const kept = (change: Partial<typeof NO_ITEM_FILTERS>) =>
    filterItems([lab, image], { ...NO_ITEM_FILTERS, ...change }, titles);

  it("keeps all without filters", () => expect(kept({})).to.deep.equal([lab, image]));
  it("narrows by part", () => expect(kept({ scope: "Images" })).to.deep.equal([image]));
  it("narrows by author, whatever the capitals", () =>
    expect(kept({ author: doctor.toLowerCase() })).to.deep.equal([image]));
  it("takes the first second of a range and not its end", () => {
    expect(kept({ from: NOW })).to.deep.equal([lab]);
    expect(kept({ until: NOW })).to.deep.equal([image]);
  });
  it("searches titles of what is open", () => expect(kept({ search: "KNEE rontgen" })).to.deep.equal([image]));
});
