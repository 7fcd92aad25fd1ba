/**
 * @module test/frontend/lib/emergency-words
 * What a request has come to, in words: never "open" when it is not, and never silent about what was.
 */
import { expect } from "chai";
import {
  delayWords,
  hasOpened,
  openingWords,
  phaseSentence,
  stopperWords,
} from "../../../frontend/src/lib/emergency-words.ts";

const AT = Date.UTC(2026, 10, 21, 12, 0) / 1000;
const found = { coSignBefore: AT + 900, opensAt: null, closesAt: null, stoppedAt: null };
const times = { opensAt: AT + 600, closesAt: AT + 600 + 10_800 };
const words = { now: AT, locale: "en-GB", timeZone: "UTC" };

describe("words for emergencies", () => {
  it("say until when the second word can come", () => {
    expect(phaseSentence({ ...found, phase: "asked" }, words)).to.match(/Nothing is open\..*before .*12:15/);
  });

  it("say when it opens and when it ends", () => {
    expect(phaseSentence({ ...found, ...times, phase: "waiting" }, words)).to.match(/Nothing is open yet\..*12:10/);
    expect(phaseSentence({ ...found, ...times, phase: "open" }, words)).to.match(/until .*15:10/);
    expect(phaseSentence({ ...found, ...times, phase: "closed" }, words)).to.match(/12:10 to .*15:10/);
  });

  it("say of a stop whether it came in time", () => {
    const stopped = { ...found, ...times, phase: "stopped" } as const;
    expect(phaseSentence({ ...stopped, stoppedAt: times.opensAt - 1 }, words)).to.include("It was never open.");
    expect(phaseSentence({ ...stopped, stoppedAt: times.opensAt }, words)).to.include("It was open before.");
    expect(phaseSentence({ ...found, phase: "stopped" }, words)).to.equal("The patient turned emergency access off.");
    expect(hasOpened({ ...found, phase: "lapsed" })).to.equal(false);
  });

  it("name delays as people do", () => {
    expect([0, 60, 300, 3600, 86_400].map((seconds) => delayWords(seconds, { locale: "en" }))).to.deep.equal([
      "no waiting",
      "1 minute",
      "5 minutes",
      "1 hour",
      "1 day",
    ]);
  });

  it("name everybody who can end a request, the clinicians too", () => {
    expect(stopperWords([])).to.match(/^You can stop.*clinicians can take their word back\. Nobody else/);
    expect(stopperWords(["Sven", "Ulla"])).to.match(/^You and Sven and Ulla can stop.*clinicians can take/);
  });

  it("say when the records open, and do not wait for nothing", () => {
    expect([0, 600].map(openingWords)).to.deep.equal(["at once", "after 10 minutes"]);
  });
});
