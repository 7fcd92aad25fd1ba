/**
 * @module test/sdk/client/epochs
 * When a scope rotates, and which epoch its wraps use.
 */
import { expect } from "chai";
import { epochsFrom } from "../../../sdk/src/client/epochs.ts";
import type { Hex } from "../../../sdk/src/bytes.ts";

const labs: Hex = `0x${"aa".repeat(32)}`;
const imaging: Hex = `0x${"bb".repeat(32)}`;
const digest = (byte: string): Hex => `0x${byte.repeat(32)}`;

describe("epochsFrom", () => {
  it("starts every scope at epoch 0 and needs no rotation while no consent ended", () => {
    const epochs = epochsFrom([]);
    expect(epochs.chartEpoch).to.equal(0);
    expect(epochs.currentOf(labs)).to.equal(0);
    expect(epochs.mustRotate(labs, [{ tags: [labs], endedAt: null }])).to.equal(false);
  });

  it("asks for a rotation after a consent in the scope ended, and in that scope only", () => {
    const epochs = epochsFrom([]);
    const ended = [{ tags: [labs], endedAt: 1_000 }];
    expect(epochs.mustRotate(labs, ended)).to.equal(true);
    expect(epochs.mustRotate(imaging, ended)).to.equal(false);
  });

  it("is satisfied by a rotation announced after the end, not by an earlier one nor by one in the same second", () => {
    const rotation = { digest: digest("01"), epoch: 1, tags: [labs] };
    const ended = [{ tags: [labs], endedAt: 1_000 }];
    expect(epochsFrom([{ ...rotation, announcedAt: 999 }]).mustRotate(labs, ended)).to.equal(true);
    expect(epochsFrom([{ ...rotation, announcedAt: 1_000 }]).mustRotate(labs, ended)).to.equal(true);
    expect(epochsFrom([{ ...rotation, announcedAt: 1_001 }]).mustRotate(labs, ended)).to.equal(false);
  });

  it("keeps epochs chart-wide: each rotation takes the next number, a scope keeps that of its last rotation", () => {
    const epochs = epochsFrom([
      { digest: digest("02"), epoch: 2, tags: [imaging], announcedAt: 20 },
      { digest: digest("01"), epoch: 1, tags: [labs], announcedAt: 10 },
    ]);
    expect(epochs.chartEpoch).to.equal(2);
    expect(epochs.currentOf(labs)).to.equal(1);
    expect(epochs.currentOf(imaging)).to.equal(2);
    expect(epochs.epochsOf(imaging)).to.deep.equal([0, 2]);
  });

  it("never uses an epoch that two blocks announced: it asks to rotate again", () => {
    const twice = [
      { digest: digest("01"), epoch: 1, tags: [labs], announcedAt: 10 },
      { digest: digest("02"), epoch: 1, tags: [imaging], announcedAt: 11 },
    ];
    expect(epochsFrom(twice).mustRotate(labs, [])).to.equal(true);
    const repaired = [...twice, { digest: digest("03"), epoch: 2, tags: [labs], announcedAt: 12 }];
    expect(epochsFrom(repaired).mustRotate(labs, [])).to.equal(false);
    expect(epochsFrom(repaired).mustRotate(imaging, [])).to.equal(true);
  });
});
