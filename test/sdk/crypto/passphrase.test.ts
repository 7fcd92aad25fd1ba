/**
 * @module test/sdk/crypto/passphrase
 * Which passphrases may guard a seed, and what a person is told about the others.
 */
import { expect } from "chai";
import fc from "fast-check";
import { passphraseStrength, type PassphraseProblem } from "../../../sdk/src/crypto/index.ts";
import { RUNS } from "../records/support.ts";

describe("passphraseStrength", () => {
  for (const accepted of [
    "correct horse battery staple harbour",
    "kJ8#mQ2$xP9!wL",
    "x7f9q2k5m8n3",
    "ein kleiner hund lief langsam heim",
    "我的病历密码是一个很长的句子啊",
  ]) {
    it(`accepts ${accepted}`, () => {
      const strength = passphraseStrength(accepted);
      expect(strength).to.include({ ok: true });
      expect(strength.score).to.be.greaterThan(2);
      expect(strength.reasons).to.deep.equal([]);
    });
  }

  const refused: [string, PassphraseProblem][] = [
    ["", "too-short"],
    ["Tr0ub4dor&3", "too-short"],
    ["x".repeat(300), "too-long"],
    ["password1234", "common"],
    ["P a s s w o r d 2 0 2 6", "common"],
    ["aaaaaaaaaaaaaaaa", "repeated"],
    ["Summer2024Summer2024", "repeated"],
    ["hello hello hello hello hello", "repeated"],
    ["abcdefghijklmnop", "sequence"],
    ["0987654321098765", "sequence"],
    ["qwertzasdfghjkl1", "sequence"],
    ["correct horse battery staple", "too-few-words"],
    ["rosalindqvist", "too-guessable"],
  ];
  for (const [passphrase, problem] of refused) {
    it(`refuses ${passphrase.slice(0, 24) || "nothing"}: ${problem}`, () => {
      const strength = passphraseStrength(passphrase);
      expect(strength.ok).to.equal(false);
      expect(strength.problems).to.include(problem);
      expect(strength.reasons).to.have.length(strength.problems.length);
      expect(strength.score).to.be.lessThan(3);
    });
  }

  it("judges a text and its other Unicode spellings alike", () => {
    const composed = passphraseStrength("\u00e9t\u00e9 soleil jardin montagne rivi\u00e8re");
    expect(passphraseStrength("e\u0301te\u0301 soleil  jardin montagne rivie\u0300re ")).to.deep.equal(composed);
  });

  it("gives next to nothing for writing the same twice", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 30, unit: fc.constantFrom(..."abcmnxyz0379#é") }), (text) => {
        const once = passphraseStrength(text);
        expect(once.ok).to.equal(once.problems.length === 0);
        const twice = passphraseStrength(`${text}${text}`);
        expect(twice.bits).to.be.at.most(once.bits + 12);
      }),
      { numRuns: RUNS },
    );
  });

  it("is not slowed down by a hostile text", () => {
    const started = performance.now();
    for (const text of ["ab".repeat(500_000), "a ".repeat(500_000), "abcabd".repeat(100_000)]) passphraseStrength(text);
    expect(performance.now() - started).to.be.lessThan(200);
  });
});
