/**
 * @module test/frontend/features/audit/activity-model
 * Filters and export of the access log, and the history.
 */
import { expect } from "chai";
import type { View } from "@carekey/sdk/client";
import {
  NO_VIEW_FILTERS,
  filterViews,
  historyOf,
  readersOf,
  viewsToCsv,
} from "../../../../frontend/src/features/audit/activity-model.ts";
import { cardiologist, day, generalist, id, record } from "../records/fixtures.ts";

function view(at: number, wish: Partial<View> = {}): View {
  return {
    kind: "view",
    bodyHash: id(at),
    reader: cardiologist,
    readerName: "Dr Okafor",
    recordId: id(1001),
    entryId: id(1),
    title: "Blood lipids",
    at,
    reason: "Follow-up",
    consentId: id(1),
    viewNo: 0,
    explained: true,
    receipts: [{ keeper: generalist, sequence: 4, leaf: id(9), verified: true, blockNumber: 12n }],
    ...wish,
  };
}

describe("activity model", () => {
  const views = [
    view(10),
    view(30, { reader: generalist, readerName: "Dr Brandt", reason: null }),
    view(20, { title: "X-ray" }),
  ];
  const at = (filters: Partial<typeof NO_VIEW_FILTERS>) =>
    filterViews(views, { ...NO_VIEW_FILTERS, ...filters }).map((found) => found.at);

  it("shows views newest first and narrows by words, person and time", () => {
    expect(at({})).to.deep.equal([30, 20, 10]);
    expect(at({ search: "BLOOD follow" })).to.deep.equal([10]);
    expect(at({ search: "brandt" })).to.deep.equal([30]);
    expect(at({ reader: cardiologist })).to.deep.equal([20, 10]);
    expect(at({ from: 20, until: 30 })).to.deep.equal([20]);
  });

  it("lists each reader once, by name", () => {
    expect(readersOf(views).map(({ name }) => name)).to.deep.equal(["Dr Brandt", "Dr Okafor"]);
  });

  describe("viewsToCsv", () => {
    it("quotes what needs quotes", () => {
      const csv = viewsToCsv([view(0, { reason: 'said "yes", then\nno' })]);
      expect(csv).to.include('"said ""yes"", then\nno"');
      expect(csv.split("\r\n")).to.have.length(3);
    });

    it("defuses a cell that a spreadsheet would run", () => {
      for (const start of ["=", "+", "-", "@"]) {
        expect(viewsToCsv([view(0, { reason: `${start}cmd|' /C calc'!A0` })])).to.include(`'${start}cmd`);
      }
    });
  });

  describe("historyOf", () => {
    const nothing = { consents: [], requests: [], blockTimes: new Map<bigint, number>(), now: day("2026-12-01") };

    it("dates a decision by its own block and keeps the submission beside it", () => {
      const denied = record({ index: 1, author: cardiologist, status: "denied", at: day("2026-05-01") });
      const records = [{ ...denied, entry: { ...denied.entry, decidedAtBlock: 9n } }];
      const blockTimes = new Map([[9n, day("2026-05-03")]]);
      expect(historyOf({ ...nothing, records, blockTimes }).map(({ kind, at: when }) => [kind, when])).to.deep.equal([
        ["denied", day("2026-05-03")],
        ["submitted", day("2026-05-01")],
      ]);
    });

    it("says that an entry waits", () => {
      const records = [record({ index: 1, author: cardiologist, status: "pending" })];
      expect(historyOf({ ...nothing, records }).map(({ kind }) => kind)).to.deep.equal(["waiting"]);
    });

    it("keeps a refused entry whose content is gone", () => {
      const records = [record({ index: 1, author: cardiologist, status: "denied", unreadable: true })];
      expect(historyOf({ ...nothing, records }).map(({ kind, title }) => [kind, title])).to.deep.include([
        "denied",
        "An entry",
      ]);
    });

    it("says what is a newer version", () => {
      const records = [record({ index: 1, supersedes: id(0) })];
      expect(historyOf({ ...nothing, records })[0]?.detail).to.be.a("string");
    });
  });
});
