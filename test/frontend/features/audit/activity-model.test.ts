/**
 * @module test/frontend/features/audit/activity-model
 * The history of what a person did and decided.
 */
import { expect } from "chai";
import { historyOf } from "../../../../frontend/src/features/audit/activity-model.ts";
import { cardiologist, day, id, record } from "../records/fixtures.ts";

describe("activity model", () => {
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
