/**
 * @module test/sdk/keeper/merkle
 * The Merkle log: every leaf is provable, every growth is provable, and nothing else is.
 */
import { expect } from "chai";
import fc from "fast-check";
import { keccak256 } from "viem/utils";
import { concatBytes, fromHex, toHex, utf8 } from "../../../sdk/src/bytes.ts";
import { isSdkError } from "../../../sdk/src/errors.ts";
import {
  appendLeaf,
  EMPTY_ROOT,
  hashLeaf,
  hashNode,
  proveConsistency,
  proveInclusion,
  readerOf,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "../../../sdk/src/keeper/index.ts";

const LARGEST = 20;
const leaves = Array.from({ length: LARGEST }, (_, index) => hashLeaf(utf8(`leaf ${index}`)));
const read = readerOf(leaves);
const root = (size: number) => rootOf(size, read);
const flip = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 7 ? byte ^ 1 : byte));

/** RFC 6962 section 2.1, word for word. */
function definition(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 1) return items[0]!;
  let split = 1;
  while (split * 2 < items.length) split *= 2;
  return hashNode(definition(items.slice(0, split)), definition(items.slice(split)));
}

describe("keeper/merkle", function () {
  this.timeout(120_000);

  it("hashes leaves and nodes under different prefixes", () => {
    expect(toHex(hashLeaf(utf8("a")))).to.equal(keccak256(concatBytes(new Uint8Array([0]), utf8("a"))));
    expect(toHex(hashNode(leaves[0]!, leaves[1]!))).to.equal(
      keccak256(concatBytes(new Uint8Array([1]), leaves[0]!, leaves[1]!)),
    );
    expect(toHex(EMPTY_ROOT)).to.equal(keccak256("0x"));
  });

  it("gives the root of the definition for every size", () => {
    for (let size = 1; size <= LARGEST; size++) {
      expect(toHex(root(size)), String(size)).to.equal(toHex(definition(leaves.slice(0, size))));
    }
    expect(root(0)).to.deep.equal(EMPTY_ROOT);
  });

  it("stores complete subtrees only, each once, and needs nothing else", () => {
    const stored = new Map<string, Uint8Array>();
    const reader = (level: number, index: number) => stored.get(`${level}/${index}`)!;
    for (const [size, leaf] of leaves.entries()) {
      for (const { level, index, hash } of appendLeaf(size, leaf, reader)) {
        expect(stored.has(`${level}/${index}`)).to.equal(false);
        stored.set(`${level}/${index}`, hash);
      }
      expect(rootOf(size + 1, reader)).to.deep.equal(root(size + 1));
    }
    expect(stored.size).to.equal(20 + 10 + 5 + 2 + 1);
  });

  it("proves every leaf of every size, and that leaf only", () => {
    for (let size = 1; size <= LARGEST; size++) {
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(index, size, read);
        const good = { leaf: leaves[index]!, index, size, root: root(size), proof };
        expect(verifyInclusion(good), `${index} of ${size}`).to.equal(true);
        expect(verifyInclusion({ ...good, leaf: leaves[(index + 1) % LARGEST]! })).to.equal(false);
        expect(verifyInclusion({ ...good, root: flip(good.root) })).to.equal(false);
        if (index + 1 < size) expect(verifyInclusion({ ...good, index: index + 1 })).to.equal(false);
        expect(verifyInclusion({ ...good, proof: [...proof, leaves[0]!] })).to.equal(false);
        if (proof.length > 0) {
          expect(verifyInclusion({ ...good, proof: proof.slice(1) })).to.equal(false);
          expect(verifyInclusion({ ...good, proof: proof.with(0, flip(proof[0]!)) })).to.equal(false);
        }
      }
    }
  });

  it("proves every growth, and no rewriting", () => {
    const rewritten = readerOf(leaves.with(2, hashLeaf(utf8("another"))));
    for (let newSize = 1; newSize <= LARGEST; newSize++) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = proveConsistency(oldSize, newSize, read);
        const good = { oldSize, oldRoot: root(oldSize), newSize, newRoot: root(newSize), proof };
        expect(verifyConsistency(good), `${oldSize} to ${newSize}`).to.equal(true);
        expect(verifyConsistency({ ...good, oldRoot: flip(good.oldRoot) })).to.equal(false);
        if (oldSize > 0) expect(verifyConsistency({ ...good, newRoot: flip(good.newRoot) })).to.equal(false);
        if (oldSize > 2 && newSize > oldSize) {
          const forged = proveConsistency(oldSize, newSize, rewritten);
          expect(verifyConsistency({ ...good, newRoot: rootOf(newSize, rewritten), proof: forged })).to.equal(false);
        }
        if (proof.length > 0) {
          expect(verifyConsistency({ ...good, proof: proof.slice(0, -1) })).to.equal(false);
          expect(verifyConsistency({ ...good, proof: [...proof, leaves[0]!] })).to.equal(false);
        }
      }
    }
  });

  it("takes random nonsense for no proof", () => {
    const hash = fc.uint8Array({ minLength: 30, maxLength: 33 });
    fc.assert(
      fc.property(
        fc.integer({ min: -2, max: 30 }),
        fc.integer({ min: -2, max: 30 }),
        fc.array(hash, { maxLength: 6 }),
        hash,
        (a, b, proof, other) => {
          expect(verifyInclusion({ leaf: other, index: a, size: b, root: root(7), proof })).to.equal(false);
          expect(verifyConsistency({ oldSize: a, oldRoot: other, newSize: b, newRoot: root(7), proof })).to.equal(
            false,
          );
        },
      ),
    );
  });

  it("refuses sizes and indices that are none", () => {
    const refused = [
      () => proveInclusion(3, 3, read),
      () => proveInclusion(-1, 3, read),
      () => proveInclusion(0.5, 3, read),
      () => proveConsistency(4, 3, read),
      () => proveConsistency(NaN, 3, read),
      () => appendLeaf(0, fromHex("0x00"), read),
    ];
    for (const act of refused)
      expect(act)
        .to.throw()
        .that.satisfies((error: unknown) => isSdkError(error, "INVALID_ARGUMENT"));
  });
});
