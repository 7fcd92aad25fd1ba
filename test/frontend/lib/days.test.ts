/**
 * @module test/frontend/lib/days
 * Days of date fields where the person is: also in the hours in which it is still yesterday, or already tomorrow, in Greenwich.
 */
import { expect } from "chai";
import { dayFromNow, dayOf, endOfDay, isAhead, startOfDay } from "../../../frontend/src/lib/days.ts";

describe("days", () => {
  const zone = process.env["TZ"];
  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  it("a day becomes the second at which it starts here, or the last one, and nonsense becomes null", () => {
    expect(startOfDay("2026-11-21")).to.equal(new Date(2026, 10, 21).getTime() / 1000);
    expect(startOfDay("2026-11-30", 1)).to.equal(new Date(2026, 11, 1).getTime() / 1000);
    expect(endOfDay("2026-11-21")).to.equal(new Date(2026, 10, 22).getTime() / 1000 - 1);
    for (const nonsense of ["", "soon", "0002-01-01", "2026-11"]) {
      expect(startOfDay(nonsense), nonsense).to.equal(null);
      expect(endOfDay(nonsense), nonsense).to.equal(null);
    }
  });

  it("counts days from now in the person's own time zone", () => {
    const noon = new Date(2026, 10, 29, 12).getTime();
    expect(dayFromNow(0, noon)).to.equal("2026-11-29");
    expect(dayFromNow(3, noon)).to.equal("2026-12-02");
  });

  for (const [where, now, today, tomorrow] of [
    ["Europe/Stockholm", "2026-11-21T23:20:00Z", "2026-11-22", "2026-11-23"],
    ["Pacific/Auckland", "2026-11-21T11:20:00Z", "2026-11-22", "2026-11-23"],
    ["America/Los_Angeles", "2026-11-22T04:00:00Z", "2026-11-21", "2026-11-22"],
  ] as const) {
    it(`today is not ahead in ${where}, tomorrow is`, () => {
      process.env["TZ"] = where;
      const at = Date.parse(now);
      expect(dayOf(at / 1000)).to.equal(today);
      expect(isAhead(today, at)).to.equal(false);
      expect(isAhead(tomorrow, at)).to.equal(true);
      expect(isAhead("", at)).to.equal(false);
    });
  }
});
