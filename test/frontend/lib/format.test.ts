/**
 * @module test/frontend/lib/format
 * Dates, sizes and lists, with a fixed clock, locale and time zone.
 */
import { expect } from "chai";
import {
  formatAddress,
  formatDate,
  formatDateTime,
  formatIsoDate,
  formatList,
  formatMonth,
  formatRelative,
  formatSize,
} from "../../../frontend/src/lib/format.ts";

const NOON = Date.UTC(2026, 10, 21, 12) / 1000; // Saturday
const DAY = 86_400;
const options = { now: NOON, locale: "en-GB", timeZone: "UTC" };

describe("formatDate", () => {
  it("adds the weekday within six days, on both sides", () => {
    expect(formatDate(NOON + 2 * DAY, options)).to.match(/^Mon,? 23 Nov 2026$/);
    expect(formatDate(NOON - 2 * DAY, options)).to.match(/^Thu,? 19 Nov 2026$/);
  });

  it("leaves it out from the sixth day on", () => {
    expect(formatDate(NOON + 6 * DAY, options)).to.equal("27 November 2026");
    expect(formatDate(NOON + 6 * DAY - 1, options)).to.match(/^Fri,? 27 Nov/);
  });

  it("follows the person's format and time zone", () => {
    expect(
      formatDate(Date.UTC(2027, 5, 30, 23) / 1000, { ...options, locale: "de", timeZone: "Europe/Berlin" }),
    ).to.equal("1. Juli 2027");
  });
});

describe("formatDateTime", () => {
  it("adds hours and minutes", () => {
    expect(formatDateTime(NOON + 100 * DAY, options)).to.match(/^1 March 2027.*12:00$/);
  });
});

describe("formatRelative", () => {
  const cases: [offset: number, text: string][] = [
    [0, "just now"],
    [-44, "just now"],
    [-45, "1 minute ago"],
    [-120, "2 minutes ago"],
    [-3_569, "59 minutes ago"],
    [-3_570, "1 hour ago"],
    [3 * 3_600, "in 3 hours"],
    [-DAY, "yesterday"],
    [3 * DAY, "in 3 days"],
    [-30 * DAY, "22 October 2026"],
  ];
  for (const [offset, text] of cases) {
    it(`says "${text}" for ${offset} seconds`, () => {
      expect(formatRelative(NOON + offset, options)).to.equal(text);
    });
  }
});

describe("formatSize", () => {
  const cases: [bytes: number, text: RegExp][] = [
    [0, /^0 bytes?$/],
    [999, /^999 bytes$/],
    [1_000, /^1 kB$/],
    [3_400_000, /^3\.4 MB$/],
    [999_600, /^1 MB$/],
    [12_345_678_901, /^12 GB$/],
    [5_000_000_000_000, /^5,000 GB$/],
  ];
  for (const [bytes, text] of cases) {
    it(`writes ${bytes} bytes`, () => {
      expect(formatSize(bytes, options).replace(/\u00a0/g, " ")).to.match(text);
    });
  }
});

describe("the small formatters", () => {
  it("write a month, an ISO date, a short address and a list", () => {
    expect(formatMonth(NOON, options)).to.equal("November 2026");
    expect(formatIsoDate(NOON)).to.equal("2026-11-21");
    expect(formatAddress("0x1234567890abcdef1234567890abcdef12345678")).to.equal("0x1234…5678");
    expect(formatList(["labs", "imaging", "medication"], options)).to.equal("labs, imaging and medication");
  });
});
