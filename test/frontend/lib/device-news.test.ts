/**
 * @module test/frontend/lib/device-news
 * News of the device: ends are told a week and a day ahead, views as chosen, and nothing is told twice.
 */
import { expect } from "chai";
import type { Consent, View } from "@carekey/sdk/client";
import { endNews, isUntold, toldAfter, viewNews, type Told } from "../../../frontend/src/lib/device-news.ts";

const NOW = Date.UTC(2026, 10, 21, 12, 0) / 1000;
const DAY = 86_400;
const dayOf = (seconds: number) => seconds - (seconds % DAY);
const NOTHING: Told = { since: 0, ids: [] };

function consent(id: string, grantedAt: number, expiresAt: number, status = "active"): Consent {
  const grantee = { address: "0x02", name: "Dr Vik" };
  return { id, status, grantedAt, terms: { expiresAt }, grantee } as unknown as Consent;
}

function view(bodyHash: string, at: number, rest: Partial<View> = {}): View {
  return { bodyHash, at, kind: "view", alarm: null, reader: "0x02", readerName: "Dr Vik", ...rest } as View;
}

describe("news of this device", () => {
  describe("ends", () => {
    const given = (expiresAt: number, grantedAt = NOW - 30 * DAY) =>
      endNews([consent("0x1", grantedAt, expiresAt)], [], NOW);

    it("are told within a week, and anew within a day", () => {
      expect(given(NOW + 8 * DAY)).to.deep.equal([]);
      const [week] = given(NOW + 3 * DAY);
      const [day] = given(NOW + DAY / 2);
      expect(week).to.include({ what: "given-ends", name: "Dr Vik", at: NOW - 4 * DAY });
      expect(isUntold(day!, toldAfter(NOTHING, [week!], [week!]))).to.equal(true);
    });

    it("are not told of what was given for a shorter time, ended, or was stopped", () => {
      expect(given(NOW + 3 * DAY, NOW - DAY)).to.deep.equal([]);
      expect(given(NOW - 1)).to.deep.equal([]);
      expect(endNews([consent("0x1", 0, NOW + DAY, "revoked")], [], NOW)).to.deep.equal([]);
    });

    it("of consents given together are one line", () => {
      const both = ["0x1", "0x2"].map((id) => consent(id, NOW - 30 * DAY, NOW + 3 * DAY));
      expect(endNews(both, [], NOW)).to.have.length(1);
    });

    it("are told on a new device, too", () => {
      expect(isUntold(given(NOW + 3 * DAY)[0]!, { since: NOW, ids: [] })).to.equal(true);
    });
  });

  describe("views", () => {
    const views = [view("0xa", NOW - 60), view("0xb", NOW - 120), view("0xc", NOW - DAY)];

    it("are told at once, a line for each reader and day", () => {
      const news = viewNews(views, "immediate", NOW, dayOf);
      expect(news.map((each) => "count" in each && each.count)).to.deep.equal([2, 1]);
    });

    it("are told once a day when that is wanted: today’s wait", () => {
      expect(viewNews(views, "daily", NOW, dayOf).flatMap(({ ids }) => ids)).to.deep.equal(["0xc"]);
    });

    it("are not told when they are off, but emergencies and what nothing explains are", () => {
      const grave = [view("0xd", NOW, { kind: "emergency" }), view("0xe", NOW, { alarm: "unknown-consent" })];
      const told = viewNews([...views, ...grave], "off", NOW, dayOf).map(({ what }) => what);
      expect(told).to.have.members(["emergency-views", "unexplained-views"]);
    });

    it("that were read stay read, and one more in the same line is news again", () => {
      const news = viewNews(views, "immediate", NOW, dayOf);
      const told = toldAfter(NOTHING, news, news);
      expect(news.some((each) => isUntold(each, told))).to.equal(false);
      const more = viewNews([...views, view("0xf", NOW - 10)], "immediate", NOW, dayOf);
      expect(more.filter((each) => isUntold(each, told))).to.have.length(1);
    });

    it("from before this device knew the person are no news", () => {
      const [latest] = viewNews(views, "immediate", NOW, dayOf);
      expect(isUntold(latest!, { since: NOW, ids: [] })).to.equal(false);
    });

    it("are forgotten when they are older than a month", () => {
      const old = viewNews([view("0xa", NOW - 31 * DAY)], "immediate", NOW, dayOf);
      expect(old).to.deep.equal([]);
      expect(toldAfter({ since: 0, ids: ["0xa"] }, old, []).ids).to.deep.equal([]);
    });
  });
});
