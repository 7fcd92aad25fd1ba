/**
 * @module test/frontend/features/governance/act-log
 * Filters, words and export of the registrar's log.
 */
import { expect } from "chai";
import type { AdministrativeAct } from "@carekey/sdk/client";
import {
  NO_ACT_FILTERS,
  actDetail,
  actsToCsv,
  countOf,
  filterActs,
} from "../../../../frontend/src/features/governance/act-log.ts";
import { cardiologist, generalist, id } from "../records/fixtures.ts";

function act(at: number, wish: Partial<AdministrativeAct> = {}): AdministrativeAct {
  return {
    id: String(at),
    kind: "verified",
    account: cardiologist,
    name: "Dr Okafor",
    by: generalist,
    byName: "Medical council",
    at,
    validUntil: 1_000,
    reason: null,
    chain: { txHash: id(at), blockNumber: 5n },
    ...wish,
  };
}

describe("act log", () => {
  const rejected = act(20, { kind: "rejected", validUntil: null, reason: "=No scan", chain: null, name: "Dr Brandt" });
  const acts = [act(30, { kind: "suspended", validUntil: null }), rejected, act(10)];
  const at = (filters: Partial<typeof NO_ACT_FILTERS>) =>
    filterActs(acts, { ...NO_ACT_FILTERS, ...filters }).map((found) => found.at);

  it("narrows by words, kind and time", () => {
    expect(at({})).to.deep.equal([30, 20, 10]);
    expect(at({ search: "brandt scan" })).to.deep.equal([20]);
    expect(at({ search: "confirmed" })).to.deep.equal([10]);
    expect(at({ search: cardiologist.slice(0, 10) })).to.deep.equal([30, 20, 10]);
    expect(at({ kind: "suspended" })).to.deep.equal([30]);
    expect(at({ from: 20, until: 30 })).to.deep.equal([20]);
    expect(countOf({ ...NO_ACT_FILTERS, kind: "rejected", from: 1 })).to.equal(2);
  });

  it("adds until when, or the reason", () => {
    expect(actDetail(act(1))).to.match(/^Until /);
    expect(actDetail(rejected)).to.equal("“=No scan”");
    expect(actDetail(act(1, { validUntil: null }))).to.equal(null);
  });

  it("exports every act with its transaction, and defuses words", () => {
    const lines = actsToCsv(acts).trimEnd().split("\r\n");
    expect(lines).to.have.length(4);
    expect(lines[1]).to.include(id(30));
    expect(lines[2]).to.include(",'=No scan,");
  });
});
