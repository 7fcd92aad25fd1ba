/**
 * @module test/sdk/crypto/recovery-code
 * The recovery code is the seed, however carelessly it is copied.
 */
import { expect } from "chai";
import fc from "fast-check";
import { decodeRecoveryCode, encodeRecoveryCode } from "../../../sdk/src/crypto/index.ts";
import { RUNS, expectCode } from "../records/support.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("recovery code", () => {
  it("has 56 characters in 14 groups of 4", () => {
    expect(encodeRecoveryCode(new Uint8Array(32).fill(7))).to.match(
      /^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/,
    );
  });

  it("decodes to the seed it spells", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(decodeRecoveryCode(encodeRecoveryCode(seed))).to.deep.equal(new Uint8Array(seed));
      }),
      { numRuns: RUNS },
    );
  });

  it("reads small letters, spaces, dashes, line breaks, O for 0, I and L for 1", () => {
    const sloppy = fc.array(fc.constantFrom("", " ", "-", "\n", "\u2013"), { minLength: 56, maxLength: 56 });
    fc.assert(
      fc.property(seeds, sloppy, fc.boolean(), (seed, gaps, small) => {
        const characters = [...encodeRecoveryCode(seed).replaceAll("-", "")];
        const copied = characters.map((character, index) => {
          const written = character === "0" ? "O" : character === "1" ? (index % 2 ? "I" : "L") : character;
          return gaps[index] + written;
        });
        const text = copied.join("");
        expect(decodeRecoveryCode(small ? text.toLowerCase() : text)).to.deep.equal(new Uint8Array(seed));
      }),
      { numRuns: RUNS },
    );
  });

  it("notices one wrong character", async () => {
    const place = fc.tuple(seeds, fc.nat(55), fc.nat(31));
    await fc.assert(
      fc.asyncProperty(place, async ([seed, index, value]) => {
        const code = encodeRecoveryCode(seed).replaceAll("-", "");
        fc.pre(code[index] !== ALPHABET[value]);
        const wrong = code.slice(0, index) + ALPHABET[value] + code.slice(index + 1);
        const error = await expectCode(() => decodeRecoveryCode(wrong), "MALFORMED");
        expect(error.details.reason).to.equal("checksum");
      }),
      { numRuns: RUNS },
    );
  });

  it("notices two neighbours that changed places", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.nat(54), async (seed, index) => {
        const code = encodeRecoveryCode(seed).replaceAll("-", "");
        fc.pre(code[index] !== code[index + 1]);
        const wrong = code.slice(0, index) + code[index + 1] + code[index] + code.slice(index + 2);
        await expectCode(() => decodeRecoveryCode(wrong), "MALFORMED");
      }),
      { numRuns: RUNS },
    );
  });

  it("says how many characters it found when they are too few or too many", async () => {
    const code = encodeRecoveryCode(new Uint8Array(32));
    for (const [wrong, found] of [
      ["", 0],
      [code.slice(0, -1), 55],
      [`${code}0`, 57],
      [code.repeat(3), 168],
    ] as const) {
      const error = await expectCode(() => decodeRecoveryCode(wrong), "MALFORMED");
      expect(error.details).to.deep.equal({ reason: "length", found });
    }
  });

  it("says which character no code has", async () => {
    const code = encodeRecoveryCode(new Uint8Array(32));
    for (const character of ["U", "!", "\u00e9", "\u{1f600}", "."]) {
      const error = await expectCode(() => decodeRecoveryCode(code.replace("0000-", `00${character}0-`)), "MALFORMED");
      expect(error.details).to.deep.equal({ reason: "character", position: 3 });
    }
  });

  it("refuses anything else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), async (text) => {
        await expectCode(() => decodeRecoveryCode(text), "MALFORMED");
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses to spell a seed of another length", async () => {
    await expectCode(() => encodeRecoveryCode(new Uint8Array(31)), "INVALID_ARGUMENT");
  });
});
