/**
 * @module test/frontend/features/records/record-model
 * Kinds, titles, filters, months and versions of the timeline.
 */
import { expect } from "chai";
import {
  NO_FILTERS,
  authorsOf,
  filterRecords,
  groupByMonth,
  isNarrowed,
  kindOf,
  standingOf,
  titleOf,
  versionsOf,
} from "../../../../frontend/src/features/records/record-model.ts";
import { cardiologist, day, generalist, id, patient, record } from "./fixtures.ts";

const glucose = { resourceType: "Observation", code: { text: "Glucose" }, effectiveDateTime: "2026-02-03" };

describe("record model", () => {
  describe("kindOf", () => {
    it("reads the kind from the FHIR resource before the file", () => {
      expect(
        kindOf(record({ index: 1, name: "a.json", type: "application/fhir+json", fhir: glucose }).manifest),
      ).to.equal("measurement");
    });

    const files: [name: string, type: string, kind: string][] = [
      ["letter.pdf", "application/pdf", "document"],
      ["knee.jpg", "image/jpeg", "photo"],
      ["knee.dcm", "application/dicom", "imaging"],
      ["brain.nii.gz", "application/gzip", "imaging"],
      ["genome.vcf.gz", "application/gzip", "file"],
    ];
    for (const [name, type, kind] of files) {
      it(`takes ${name} for ${kind}`, () => {
        expect(kindOf(record({ index: 1, name, type }).manifest)).to.equal(kind);
      });
    }

    it("takes what could not be opened for other", () => {
      expect(kindOf(record({ index: 1, unreadable: true }).manifest)).to.equal("other");
    });
  });

  describe("titleOf", () => {
    it("prefers the words of a FHIR file to its file name", () => {
      expect(titleOf(record({ index: 1, name: "export-17.json", fhir: glucose }))).to.equal("Glucose");
    });

    it("says when a record could not be opened, and when it was refused", () => {
      expect(titleOf(record({ index: 1, unreadable: true }))).to.equal("A record that could not be opened");
      expect(titleOf(record({ index: 1, unreadable: true, status: "denied" }))).to.equal("An entry you refused");
    });
  });

  describe("filterRecords", () => {
    const all = [
      record({ index: 0, name: "Café letter.pdf", at: day("2026-01-10") }),
      record({ index: 1, name: "knee.jpg", type: "image/jpeg", at: day("2026-03-10"), author: generalist }),
      record({ index: 2, name: "waiting.pdf", at: day("2026-04-01"), author: cardiologist, status: "pending" }),
      record({ index: 3, name: "refused.pdf", at: day("2026-04-02"), author: cardiologist, status: "denied" }),
      record({ index: 4, name: "old.pdf", at: day("2025-04-02"), supersededBy: id(0) }),
      record({ index: 5, name: "sugar.json", fhir: glucose, at: day("2026-05-01"), author: cardiologist }),
    ];
    const found = (filters: Partial<typeof NO_FILTERS>) =>
      filterRecords(all, { ...NO_FILTERS, ...filters }, (address) => (address === cardiologist ? "Dr Okafor" : "")).map(
        ({ entry }) => entry.index,
      );

    it("shows what stands, newest first by the date of what it describes", () => {
      expect(found({})).to.deep.equal([1, 5, 0]);
    });

    it("shows what waits, what was refused and older versions when asked", () => {
      expect(found({ standing: "waiting" })).to.deep.equal([2]);
      expect(found({ standing: "denied" })).to.deep.equal([3]);
      expect(found({ standing: "replaced" })).to.deep.equal([4]);
      expect(found({ standing: "all" })).to.have.length(all.length);
    });

    it("finds by title without accents or capitals, by kind and by author's name", () => {
      expect(found({ search: "CAFE" })).to.deep.equal([0]);
      expect(found({ search: "photo" })).to.deep.equal([1]);
      expect(found({ search: "okafor glucose" })).to.deep.equal([5]);
      expect(found({ search: "okafor knee" })).to.deep.equal([]);
    });

    it("narrows by kind, author and time, the end excluded", () => {
      expect(found({ kinds: ["photo"] })).to.deep.equal([1]);
      expect(found({ authors: [cardiologist] })).to.deep.equal([5]);
      expect(found({ from: day("2026-02-03"), until: day("2026-03-10") })).to.deep.equal([5]);
      expect(found({ from: day("2026-03-10") })).to.deep.equal([1]);
    });

    it("knows whether anything is narrowed", () => {
      expect(isNarrowed(NO_FILTERS)).to.equal(false);
      expect(isNarrowed({ ...NO_FILTERS, search: "  " })).to.equal(false);
      expect(isNarrowed({ ...NO_FILTERS, standing: "all" })).to.equal(true);
    });
  });

  it("groups neighbours of one month", () => {
    const groups = groupByMonth(
      [
        record({ index: 3, at: day("2026-03-02") }),
        record({ index: 2, at: day("2026-03-01") }),
        record({ index: 1, at: day("2026-01-01") }),
      ],
      (seconds) => new Date(seconds * 1000).toISOString().slice(0, 7),
    );
    expect(groups.map(({ month, records }) => [month, records.length])).to.deep.equal([
      ["2026-03", 2],
      ["2026-01", 1],
    ]);
  });

  describe("versionsOf", () => {
    const chain = [
      record({ index: 0, supersededBy: id(1) }),
      record({ index: 1, supersedes: id(0), supersededBy: id(2) }),
      record({ index: 2, supersedes: id(1) }),
      record({ index: 3 }),
    ];

    for (const shown of [0, 1, 2]) {
      it(`lists all versions, newest first, seen from version ${shown + 1}`, () => {
        expect(versionsOf(chain, id(shown)).map(({ entry }) => entry.index)).to.deep.equal([2, 1, 0]);
      });
    }

    it("ends on a loop and on an entry that is missing", () => {
      const loop = [record({ index: 0, supersedes: id(1) }), record({ index: 1, supersedes: id(0) })];
      expect(versionsOf(loop, id(0))).to.have.length(2);
      expect(versionsOf([record({ index: 0, supersedes: id(9) })], id(0))).to.have.length(1);
      expect(versionsOf(chain, id(77))).to.deep.equal([]);
    });
  });

  it("names the standing of an entry", () => {
    expect(standingOf(record({ index: 0, status: "pending" }))).to.equal("waiting");
    expect(standingOf(record({ index: 0, status: "denied" }))).to.equal("denied");
    expect(standingOf(record({ index: 0, supersededBy: id(1) }))).to.equal("replaced");
    expect(standingOf(record({ index: 0 }))).to.equal("current");
  });

  it("lists each author once", () => {
    const records = [record({ index: 0 }), record({ index: 1, author: cardiologist }), record({ index: 2 })];
    expect(authorsOf(records)).to.deep.equal([patient, cardiologist]);
  });
});
