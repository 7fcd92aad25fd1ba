/**
 * @module test/frontend/features/audit/view-filters
 * Narrowing the access log.
 */
import { expect } from "chai";
import {
  NO_VIEW_FILTERS,
  consentsOf,
  countOf,
  filterViews,
  readersOf,
} from "../../../../frontend/src/features/audit/view-filters.ts";
import { cardiologist, generalist, id } from "../records/fixtures.ts";
import { keeper, view } from "./views.ts";

describe("view filters", () => {
  const views = [
    view(10),
    view(30, { reader: generalist, readerName: "Dr Brandt", reason: null, alarm: "unknown-consent", consent: null }),
    view(20, { title: "X-ray", consentId: id(2), receipts: [] }),
    view(40, { kind: "emergency", consent: null, consentId: id(3) }),
  ];
  const at = (filters: Partial<typeof NO_VIEW_FILTERS>) =>
    filterViews(views, { ...NO_VIEW_FILTERS, ...filters }).map((found) => found.at);

  it("shows views newest first and narrows by words, person and time", () => {
    expect(at({})).to.deep.equal([40, 30, 20, 10]);
    expect(at({ search: "BLOOD follow second" })).to.deep.equal([10]);
    expect(at({ search: "brandt" })).to.deep.equal([30]);
    expect(at({ reader: cardiologist.toUpperCase().replace("0X", "0x") as `0x${string}` })).to.deep.equal([40, 20, 10]);
    expect(at({ from: 20, until: 30 })).to.deep.equal([20]);
  });

  it("narrows by keeper, consent, emergencies and alarms", () => {
    expect(at({ keeper })).to.deep.equal([40, 30, 10]);
    expect(at({ consentId: id(2) })).to.deep.equal([20]);
    expect(at({ show: "emergencies" })).to.deep.equal([40]);
    expect(at({ show: "alarms" })).to.deep.equal([30]);
  });

  it("counts the filters in use, not the search", () => {
    expect(countOf({ ...NO_VIEW_FILTERS, search: "x" })).to.equal(0);
    expect(countOf({ ...NO_VIEW_FILTERS, show: "alarms", from: 0 })).to.equal(2);
  });

  it("lists each reader once, by name, and each consent once", () => {
    expect(readersOf(views).map(({ name }) => name)).to.deep.equal(["Dr Brandt", "Dr Okafor"]);
    expect(consentsOf(views).map((each) => each.id)).to.have.members([id(1), id(2)]);
  });
});
