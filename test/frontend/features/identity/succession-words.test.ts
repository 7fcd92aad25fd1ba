/**
 * @module test/frontend/features/identity/succession-words
 * What guardians said in words, the waiting times to choose from, and the digits that a guardian types.
 */
import { expect } from "chai";
import {
  claimSentence,
  delayChoices,
  isForMe,
  isRead,
} from "../../../../frontend/src/features/identity/succession/words.ts";
import { formatSpan } from "../../../../frontend/src/lib/format.ts";

const DAY = 86_400;
const NOW = Date.UTC(2026, 10, 21, 12) / 1000;
const OPTIONS = { now: NOW, locale: "en-GB", timeZone: "UTC" };

describe("a move by guardians, in words", () => {
  it("counts who spoke, names the end of the waiting time, and says when it is over: not a second early", () => {
    const sentence = (claim: Parameters<typeof claimSentence>[0], now = NOW) =>
      claimSentence(claim, 2, { ...OPTIONS, now });
    const waiting = { vouchers: 2, readyFrom: NOW + 7 * DAY };
    expect(sentence(null)).to.equal("None of the 2 guardians who are needed has confirmed it yet.");
    expect(sentence({ vouchers: 1, readyFrom: 0 })).to.equal("1 of 2 guardians have confirmed it.");
    expect(sentence(waiting)).to.match(/The waiting time ends 28 November 2026.*12:00/);
    expect(sentence(waiting, waiting.readyFrom - 1)).to.match(/waiting time ends/);
    expect(sentence(waiting, waiting.readyFrom)).to.match(/waiting time is over/);
  });

  it("offers no waiting time below the contract's, and none twice", () => {
    expect(delayChoices(10)).to.deep.equal([10, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY]);
    expect(delayChoices(7 * DAY)).to.deep.equal([7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY]);
    expect(delayChoices(20 * DAY)).to.deep.equal([20 * DAY, 30 * DAY, 90 * DAY]);
  });

  it("says a length of time in the largest unit that fits", () => {
    const words = [10, 90, 120, 5_400, 3_600, 7 * DAY].map((seconds) => formatSpan(seconds, { locale: "en" }));
    expect(words).to.deep.equal(["10 seconds", "90 seconds", "2 minutes", "90 minutes", "1 hour", "7 days"]);
  });
});

describe("the digits that a guardian types", () => {
  const fingerprint = "00943 13619 06877 15231 26704 71250";

  it("are right when every group is, however they are spaced", () => {
    expect(isRead(fingerprint, ["00943", "13619", "06877"])).to.equal(true);
    expect(isRead(fingerprint, [" 009 43", "13619 ", "06877"])).to.equal(true);
  });

  it("are wrong in any group, in another order, or without a leading nought", () => {
    for (const typed of [
      ["00944", "13619", "06877"],
      ["00943", "13619", "06870"],
      ["13619", "00943", "06877"],
      ["00943", "13619", "068770"],
      ["15231", "26704", "71250"],
    ]) {
      expect(isRead(fingerprint, typed), typed.join(" ")).to.equal(false);
    }
  });

  it("are missing while a group is short, and never right for a key that was not found", () => {
    expect(isRead(fingerprint, ["943", "13619", "06877"])).to.equal(null);
    expect(isRead(fingerprint, ["", "", ""])).to.equal(null);
    expect(isRead(fingerprint, [])).to.equal(null);
    expect(isRead("", ["00000", "00000", "00000"])).to.equal(false);
  });
});

describe("what is left to do for a guardian", () => {
  const request = { hasVouched: false, isTied: false, hasHandedOver: false } as Parameters<typeof isForMe>[0];

  it("is to find out who asks, then nothing, then to hand over, then nothing", () => {
    expect(isForMe(request)).to.equal(true);
    expect(isForMe({ ...request, hasVouched: true })).to.equal(false);
    expect(isForMe({ ...request, hasVouched: true, isTied: true })).to.equal(true);
    expect(isForMe({ ...request, isTied: true }), "the third guardian may hand over, too").to.equal(true);
    expect(isForMe({ ...request, isTied: true, hasHandedOver: true })).to.equal(false);
  });
});
