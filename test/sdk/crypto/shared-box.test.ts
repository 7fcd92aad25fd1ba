/**
 * @module test/sdk/crypto/shared-box
 * A box that opens only when enough people agree.
 */
import { expect } from "chai";
import { utf8 } from "../../../sdk/src/bytes.ts";
import { fitsBox, openSharedBox, sealSharedBox, type BoxShare } from "../../../sdk/src/crypto/index.ts";
import { expectRefusal } from "../../support/refusal.ts";

const plaintext = utf8("all seeds of a person");
const binding = utf8("this account");

/** Asserts that opening fails with the one error of all failed openings. */
const refused = (input: Parameters<typeof openSharedBox>[0]) =>
  expectRefusal(new Promise((resolve) => resolve(openSharedBox(input))), "DECRYPTION_FAILED");

describe("sealSharedBox, openSharedBox", () => {
  for (const [threshold, count] of [
    [2, 3],
    [3, 5],
    [2, 2],
  ] as const) {
    it(`opens with any ${threshold} of ${count} shares, in any order, and with all`, () => {
      const { box, shares } = sealSharedBox({ plaintext, binding, threshold, count });
      expect(shares.map(({ index }) => index)).to.deep.equal(Array.from({ length: count }, (_, index) => index + 1));
      for (let from = 0; from < count; from++) {
        const chosen = [...shares.slice(from), ...shares.slice(0, from)].slice(0, threshold);
        expect(openSharedBox({ box, binding, shares: chosen.toReversed() })).to.deep.equal(plaintext);
      }
      expect(openSharedBox({ box, binding, shares })).to.deep.equal(plaintext);
    });
  }

  it("stays shut with too few shares, and with one share several times", async () => {
    const { box, shares } = sealSharedBox({ plaintext, binding, threshold: 2, count: 3 });
    const [first] = shares as [BoxShare];
    for (const few of [[], [first], [first, first, first]]) await refused({ box, binding, shares: few });
  });

  it("stays shut for another account, with shares of another box, and when a byte of it changed", async () => {
    const { box, shares } = sealSharedBox({ plaintext, binding, threshold: 2, count: 3 });
    const other = sealSharedBox({ plaintext, binding, threshold: 2, count: 3 });
    await refused({ box, binding: utf8("another account"), shares });
    await refused({ box, binding, shares: other.shares });
    await refused({ box: { ...box, commitments: other.box.commitments }, binding, shares: other.shares });
    for (const at of [0, 23, 24, box.sealed.length - 1]) {
      const sealed = box.sealed.slice();
      sealed[at]! ^= 1;
      await refused({ box: { ...box, sealed }, binding, shares });
    }
    await refused({ box: { ...box, sealed: box.sealed.slice(0, 20) }, binding, shares });
  });

  it("leaves a false share out when enough good ones remain", () => {
    const { box, shares } = sealSharedBox({ plaintext, binding, threshold: 2, count: 3 });
    const [first, second, third] = shares as [BoxShare, BoxShare, BoxShare];
    const lie = { index: 1, share: third.share };
    expect(fitsBox(box, first)).to.equal(true);
    expect(fitsBox(box, lie)).to.equal(false);
    expect(openSharedBox({ box, binding, shares: [lie, second, third] })).to.deep.equal(plaintext);
  });

  it("is made for more than one person, and not for more than 32", async () => {
    for (const [threshold, count] of [
      [1, 3],
      [4, 3],
      [2, 33],
    ] as const) {
      await expectRefusal(
        new Promise((resolve) => resolve(sealSharedBox({ plaintext, binding, threshold, count }))),
        "INVALID_ARGUMENT",
      );
    }
  });
});
