/**
 * @module test/frontend/features/identity/account
 * Every state of an account leads to one screen, and a recovery code is read as people type it.
 */
import { expect } from "chai";
import fc from "fast-check";
import { decodeRecoveryCode } from "@carekey/sdk/crypto";
import { accountViewOf } from "../../../../frontend/src/features/identity/account-view.ts";
import {
  codeFile,
  codeGroups,
  matchesGroup,
  pickPositions,
} from "../../../../frontend/src/features/identity/recovery-code.ts";

describe("accountViewOf", () => {
  const table = [
    [{ signedIn: false, needsCode: false, registered: false, hasPassphraseSlot: null }, "sign-in"],
    [{ signedIn: false, needsCode: false, registered: true, hasPassphraseSlot: null }, "sign-in"],
    [{ signedIn: true, needsCode: true, registered: true, hasPassphraseSlot: null }, "enter-code"],
    [{ signedIn: true, needsCode: false, registered: false, hasPassphraseSlot: false }, "register"],
    [{ signedIn: true, needsCode: false, registered: false, hasPassphraseSlot: true }, "resume"],
    [{ signedIn: true, needsCode: false, registered: true, hasPassphraseSlot: true }, "unlock"],
    [{ signedIn: true, needsCode: false, registered: true, hasPassphraseSlot: false }, "unlock-with-code"],
  ] as const;
  for (const [state, view] of table) {
    it(`${JSON.stringify(state)} leads to ${view}`, () => expect(accountViewOf(state)).to.equal(view));
  }
});

describe("recovery code on paper", () => {
  const seed = new Uint8Array(32).map((_, index) => index * 7 + 1);

  it("has 14 groups that spell the seed again", () => {
    const groups = codeGroups(seed);
    expect(groups).to.have.length(14);
    expect(decodeRecoveryCode(groups.join(" "))).to.deep.equal(seed);
  });

  it("is in the file, group by group", () => {
    const file = codeFile(codeGroups(seed), "0xabc", "today");
    for (const group of codeGroups(seed)) expect(file).to.contain(group);
  });

  it("accepts a group in any spelling of the same characters, and no other group", () => {
    expect(matchesGroup(" 1o-il ", "1011")).to.equal(true);
    expect(matchesGroup("1012", "1011")).to.equal(false);
    expect(matchesGroup("", "1011")).to.equal(false);
  });
});

describe("pickPositions", () => {
  it("gives that many different positions in ascending order, whatever the random numbers", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (randoms) => {
          const left = [...randoms];
          const positions = pickPositions(14, 3, () => left.shift()!);
          expect(new Set(positions).size).to.equal(3);
          expect(positions).to.deep.equal(positions.toSorted((a, b) => a - b));
          for (const position of positions) expect(position).to.be.within(0, 13);
        },
      ),
    );
  });
});
