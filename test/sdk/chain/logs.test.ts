/**
 * @module test/sdk/chain/logs
 * Log reading against nodes that cap the range of a query.
 */
import { expect } from "chai";
import fc from "fast-check";
import { readLogsInRanges } from "../../../sdk/src/chain/logs.ts";
import { SdkError } from "../../../sdk/src/errors.ts";

/** A node with one log per block that refuses ranges above `cap` blocks. */
function cappedNode(cap: bigint) {
  const asked: [bigint, bigint][] = [];
  const read = (from: bigint, to: bigint): Promise<bigint[]> => {
    asked.push([from, to]);
    if (to - from + 1n > cap) return Promise.reject(new Error("query returned more than allowed"));
    return Promise.resolve(Array.from({ length: Number(to - from + 1n) }, (_, index) => from + BigInt(index)));
  };
  return { read, asked };
}

describe("readLogsInRanges", () => {
  it("gives every log once and in order, whatever range the node allows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(1n, 40n), fc.bigInt(0n, 50n), fc.bigInt(0n, 120n), async (cap, from, length) => {
        const { read } = cappedNode(cap);
        const logs = await readLogsInRanges(read, from, from + length);
        expect(logs).to.deep.equal(Array.from({ length: Number(length) + 1 }, (_, index) => from + BigInt(index)));
      }),
      { numRuns: 200 },
    );
  });

  it("asks once when the node allows the whole range", async () => {
    const { read, asked } = cappedNode(10_000n);
    await readLogsInRanges(read, 5n, 900n);
    expect(asked).to.deep.equal([[5n, 900n]]);
  });

  it("asks nothing for an empty range", async () => {
    const { read, asked } = cappedNode(1n);
    expect(await readLogsInRanges(read, 9n, 8n)).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it("gives up with CHAIN_UNAVAILABLE when a single block is refused", async () => {
    const failure = await readLogsInRanges(() => Promise.reject(new Error("down")), 1n, 64n).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(SdkError).with.property("code", "CHAIN_UNAVAILABLE");
  });
});
