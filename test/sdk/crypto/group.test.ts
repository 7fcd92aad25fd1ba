/**
 * @module test/sdk/crypto/group
 * The shared scalar: any t of n shares give what the owner computes, fewer or wrong ones do not.
 */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { fromHex, toHex, type Hex } from "../../../sdk/src/bytes.ts";
import {
  combineEvaluations,
  deriveDealScalar,
  evaluateShare,
  joinShares,
  multiplyPoint,
  publicShareOf,
  recordPoint,
  splitSecret,
  verifyEvaluation,
  verifyShare,
} from "../../../sdk/src/crypto/group.ts";
import type { RecordTuple } from "../../../sdk/src/crypto/tuple.ts";
import { isSdkError } from "../../../sdk/src/errors.ts";

type Vector = { seed: Hex; generation: number; scalar: Hex; tuple: RecordTuple; point: Hex; product: Hex };
type SplitVector = { shares: { index: number; share: Hex }[]; commitments: Hex[]; threshold: number; secret: Hex };
const vectors = JSON.parse(readFileSync(new URL("../../vectors/group.json", import.meta.url), "utf8")) as {
  records: Vector[];
  split: SplitVector;
};

const runs = process.env.SLOW === "1" ? 300 : 12;
const hex32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
const tuples: fc.Arbitrary<RecordTuple> = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 40 }),
  contract: address,
  patient: address,
  tag: hex32,
  epoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  recordId: hex32,
});
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const sizes = fc
  .integer({ min: 2, max: 6 })
  .chain((threshold) =>
    fc.record({ threshold: fc.constant(threshold), count: fc.integer({ min: threshold, max: 7 }) }),
  );

function fixture() {
  const vector = vectors.records[0]!;
  const secret = fromHex(vector.scalar);
  const split = splitSecret({ secret, threshold: 2, count: 3 });
  const evaluations = split.shares.map((share, position) => ({
    index: position + 1,
    ...evaluateShare({ share, tuple: vector.tuple }),
  }));
  return { tuple: vector.tuple, secret, ...split, evaluations };
}

function expectCode(act: () => unknown, code: string) {
  expect(act)
    .to.throw()
    .that.satisfies((error: unknown) => isSdkError(error) && error.code === code);
}

describe("crypto/group", function () {
  this.timeout(process.env.SLOW === "1" ? 300_000 : 20_000);

  describe("vectors", () => {
    it("derives the scalar, the point and their product", () => {
      for (const { seed, generation, scalar, tuple, point, product } of vectors.records) {
        expect(toHex(deriveDealScalar(fromHex(seed), generation))).to.equal(scalar);
        expect(toHex(recordPoint(tuple))).to.equal(point);
        expect(toHex(multiplyPoint(fromHex(scalar), tuple))).to.equal(product);
      }
    });

    it("accepts a recorded split and joins it again", () => {
      const commitments = vectors.split.commitments.map((commitment) => fromHex(commitment));
      const shares = vectors.split.shares.map(({ index, share }) => ({ index, share: fromHex(share) }));
      for (const share of shares) expect(verifyShare({ commitments, ...share })).to.equal(true);
      expect(toHex(joinShares(shares.slice(1), vectors.split.threshold))).to.equal(vectors.split.secret);
    });
  });

  describe("deriveDealScalar", () => {
    it("gives another scalar for another generation", () => {
      const seed = fromHex(vectors.records[0]!.seed);
      expect(deriveDealScalar(seed, 1)).to.not.deep.equal(deriveDealScalar(seed, 2));
    });

    it("refuses a seed of another length", () =>
      expectCode(() => deriveDealScalar(new Uint8Array(31), 1), "INVALID_ARGUMENT"));
  });

  describe("recordPoint", () => {
    it("changes with every field of the tuple", () => {
      const { tuple } = fixture();
      const other = "0x1111111111111111111111111111111111111111";
      const variants: RecordTuple[] = [
        { ...tuple, chainId: tuple.chainId + 1 },
        { ...tuple, contract: other },
        { ...tuple, patient: other },
        { ...tuple, tag: `0x${"12".repeat(32)}` },
        { ...tuple, epoch: tuple.epoch + 1 },
        { ...tuple, recordId: `0x${"34".repeat(32)}` },
      ];
      const points = [tuple, ...variants].map((variant) => toHex(recordPoint(variant)));
      expect(new Set(points).size).to.equal(points.length);
    });
  });

  describe("any t of n shares", () => {
    it("give the owner's own product", () => {
      fc.assert(
        fc.property(seeds, tuples, sizes, fc.infiniteStream(fc.nat()), (seed, tuple, { threshold, count }, stream) => {
          const secret = deriveDealScalar(seed, 1);
          const { commitments, shares } = splitSecret({ secret, threshold, count });
          const chosen = pick(count, threshold, stream).map((index) => {
            const { evaluation, proof } = evaluateShare({ share: shares[index - 1]!, tuple });
            expect(verifyEvaluation({ commitments, index, tuple, evaluation, proof })).to.equal(true);
            return { index, evaluation };
          });
          expect(toHex(combineEvaluations(chosen, threshold))).to.equal(toHex(multiplyPoint(secret, tuple)));
        }),
        { numRuns: runs },
      );
    });

    it("do not with one evaluation too few, whatever threshold is claimed", () => {
      fc.assert(
        fc.property(seeds, tuples, fc.integer({ min: 3, max: 6 }), (seed, tuple, threshold) => {
          const secret = deriveDealScalar(seed, 1);
          const { shares } = splitSecret({ secret, threshold, count: threshold });
          const few = shares.slice(1).map((share, position) => ({
            index: position + 2,
            evaluation: evaluateShare({ share, tuple }).evaluation,
          }));
          expectCode(() => combineEvaluations(few, threshold), "INVALID_ARGUMENT");
          expect(combineEvaluations(few, threshold - 1)).to.not.deep.equal(multiplyPoint(secret, tuple));
        }),
        { numRuns: runs },
      );
    });
  });

  describe("splitSecret", () => {
    it("uses a fresh polynomial each time, so that shares of two deals do not combine", () => {
      const first = fixture();
      const second = splitSecret({ secret: first.secret, threshold: 2, count: 3 });
      expect(second.commitments[0]).to.deep.equal(first.commitments[0]);
      expect(second.commitments[1]).to.not.deep.equal(first.commitments[1]);
      const mixed = [first.shares[0]!, second.shares[1]!].map((share, position) => ({ index: position + 1, share }));
      expect(joinShares(mixed, 2)).to.not.deep.equal(first.secret);
    });

    for (const [threshold, count] of [
      [1, 3],
      [0, 3],
      [4, 3],
      [2, 33],
      [2.5, 3],
    ] as const) {
      it(`refuses ${threshold} of ${count}`, () =>
        expectCode(() => splitSecret({ secret: fixture().secret, threshold, count }), "INVALID_ARGUMENT"));
    }

    it("refuses 0 and a scalar that is not canonical", () => {
      for (const secret of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
        expectCode(() => splitSecret({ secret, threshold: 2, count: 3 }), "INVALID_ARGUMENT");
      }
    });
  });

  describe("verifyShare", () => {
    it("accepts each keeper's own share only", () => {
      const { commitments, shares } = fixture();
      for (const [position, share] of shares.entries()) {
        for (const index of [1, 2, 3]) {
          expect(verifyShare({ commitments, index, share })).to.equal(index === position + 1);
        }
      }
    });

    it("refuses any changed bit of the share or a commitment", () => {
      const { commitments, shares } = fixture();
      fc.assert(
        fc.property(fc.nat(31), fc.integer({ min: 1, max: 255 }), (position, mask) => {
          expect(verifyShare({ commitments, index: 1, share: flip(shares[0]!, position, mask) })).to.equal(false);
          const altered = [commitments[0]!, flip(commitments[1]!, position, mask)];
          expect(verifyShare({ commitments: altered, index: 1, share: shares[0]! })).to.equal(false);
        }),
        { numRuns: runs },
      );
    });

    it("refuses an index outside 1..32 and a single commitment", () => {
      const { commitments, shares } = fixture();
      for (const index of [0, -1, 33, 1.5]) {
        expect(verifyShare({ commitments, index, share: shares[0]! })).to.equal(false);
        expectCode(() => publicShareOf(commitments, index), "INVALID_ARGUMENT");
      }
      expectCode(() => publicShareOf(commitments.slice(0, 1), 1), "INVALID_ARGUMENT");
    });
  });

  describe("verifyEvaluation", () => {
    it("agrees with the public share of the commitments", () => {
      const { commitments, evaluations } = fixture();
      for (const { index, publicShare } of evaluations) {
        expect(publicShareOf(commitments, index)).to.deep.equal(publicShare);
      }
    });

    it("refuses another keeper's evaluation, another tuple and another deal", () => {
      const { commitments, evaluations, tuple, secret } = fixture();
      const { index, evaluation, proof } = evaluations[0]!;
      expect(verifyEvaluation({ commitments, index, tuple, evaluation, proof })).to.equal(true);
      expect(verifyEvaluation({ commitments, index: 2, tuple, evaluation, proof })).to.equal(false);
      const otherTuple = { ...tuple, epoch: tuple.epoch + 1 };
      expect(verifyEvaluation({ commitments, index, tuple: otherTuple, evaluation, proof })).to.equal(false);
      const otherDeal = splitSecret({ secret, threshold: 2, count: 3 }).commitments;
      expect(verifyEvaluation({ commitments: otherDeal, index, tuple, evaluation, proof })).to.equal(false);
    });

    it("refuses any changed bit of evaluation or proof", () => {
      const { commitments, evaluations, tuple } = fixture();
      const { index, evaluation, proof } = evaluations[0]!;
      fc.assert(
        fc.property(fc.nat(63), fc.integer({ min: 1, max: 255 }), (position, mask) => {
          const wrongProof = flip(proof, position, mask);
          expect(verifyEvaluation({ commitments, index, tuple, evaluation, proof: wrongProof })).to.equal(false);
          const wrongPoint = flip(evaluation, position % 32, mask);
          expect(verifyEvaluation({ commitments, index, tuple, evaluation: wrongPoint, proof })).to.equal(false);
        }),
        { numRuns: runs },
      );
    });

    it("refuses the identity and truncated values", () => {
      const { commitments, evaluations, tuple } = fixture();
      const { index, evaluation, proof } = evaluations[0]!;
      for (const wrong of [new Uint8Array(32), evaluation.slice(1), new Uint8Array(0)]) {
        expect(verifyEvaluation({ commitments, index, tuple, evaluation: wrong, proof })).to.equal(false);
      }
      expect(verifyEvaluation({ commitments, index, tuple, evaluation, proof: proof.slice(1) })).to.equal(false);
    });
  });

  describe("combineEvaluations", () => {
    it("refuses a repeated index, too few, and points that are none", () => {
      const { evaluations } = fixture();
      expectCode(() => combineEvaluations([evaluations[0]!, evaluations[0]!], 2), "INVALID_ARGUMENT");
      expectCode(() => combineEvaluations([evaluations[0]!], 2), "INVALID_ARGUMENT");
      expectCode(
        () => combineEvaluations([evaluations[0]!, { index: 2, evaluation: new Uint8Array(32) }], 2),
        "INVALID_ARGUMENT",
      );
      expectCode(
        () => combineEvaluations([evaluations[0]!, { index: 2, evaluation: new Uint8Array(32).fill(255) }], 2),
        "INVALID_ARGUMENT",
      );
    });

    it("gives another point when one evaluation is another keeper's", () => {
      const { evaluations, secret, tuple } = fixture();
      const wrong = [evaluations[0]!, { index: 2, evaluation: evaluations[2]!.evaluation }];
      expect(combineEvaluations(wrong, 2)).to.not.deep.equal(multiplyPoint(secret, tuple));
    });
  });
});

function pick(count: number, wanted: number, stream: Stream): number[] {
  const indices = Array.from({ length: count }, (_, index) => index + 1);
  return Array.from({ length: wanted }, () => indices.splice((stream.next().value as number) % indices.length, 1)[0]!);
}

type Stream = { next(): IteratorResult<number> };

function flip(bytes: Uint8Array, position: number, mask: number): Uint8Array {
  return bytes.map((byte, index) => (index === position ? byte ^ mask : byte));
}
