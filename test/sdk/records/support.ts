/**
 * @module test/sdk/records/support
 * People, fixed randomness and damage that the tests of formats share.
 */
import { expect } from "chai";
import fc from "fast-check";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes, toHex, u32be, utf8 } from "../../../sdk/src/bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../../../sdk/src/cbor.ts";
import type { Random } from "../../../sdk/src/crypto/index.ts";
import { SdkError, type SdkErrorCode } from "../../../sdk/src/errors.ts";

export { CHAIN, collect, doctor, patient, personCalled, stranger, type TestPerson } from "./parties.ts";

/** Runs of a property: few by default, many with SLOW=1. */
export const RUNS = process.env.SLOW === "1" ? 1500 : 110;

/** A stream of bytes that follows from a label: SHA-256 in counter mode. */
export function fixedRandom(label: string): Random {
  let counter = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      sha256(concatBytes(utf8(label), u32be(counter++))),
    );
    return concatBytes(...blocks).slice(0, length);
  };
}

/** Asserts that `run` fails with an SdkError of one of `codes`. */
export async function expectCode(run: () => unknown, ...codes: SdkErrorCode[]): Promise<SdkError> {
  let outcome: unknown;
  try {
    outcome = await run();
  } catch (error) {
    expect(error).to.be.instanceOf(SdkError);
    const failure = error as SdkError;
    expect(codes, failure.message).to.include(failure.code);
    return failure;
  }
  expect.fail(`expected ${codes.join(" or ")}, got ${String(outcome)}`);
}

/** `bytes` with one bit of one byte turned. */
export function flipped(bytes: Uint8Array, index: number, bit = 0): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy[index]! ^= 1 << bit;
  return copy;
}

/** Ways to damage a ciphertext: a turned bit, a cut, an extension. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.oneof(
    fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)).map(([index, bit]) => flipped(bytes, index, bit)),
    fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((tail) => concatBytes(bytes, tail)),
  );
}

const cborLeaf: fc.Arbitrary<CborValue> = fc.oneof<fc.Arbitrary<CborValue>[]>(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.uint8Array({ maxLength: 80 }),
  fc.constant([]),
  fc.constant({}),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 64n - 1n }),
);

/** Malformed variants of a block: damage, noise, and other structure: fields replaced, added, left out, other versions and types. */
export function malformed(block: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const value = decodeCbor(block);
  const fields = Array.isArray(value) ? value : [value];
  const structural = fc.oneof(
    fc.tuple(fc.nat(fields.length - 1), cborLeaf).map(([index, leaf]) => fields.with(index, leaf)),
    cborLeaf.map((leaf) => [...fields, leaf]),
    fc.nat(fields.length - 1).map((index) => fields.toSpliced(index, 1)),
    fc.integer({ min: 2, max: 1000 }).map((version) => fields.with(0, version)),
    fc.string().map((type) => fields.with(1, type)),
    cborLeaf,
  );
  return fc
    .oneof(
      damaged(block),
      fc.uint8Array({ maxLength: 200 }).map((noise) => new Uint8Array(noise)),
      structural.map(encodeCbor),
    )
    .filter((candidate) => !equalBytes(candidate, block));
}

/** Any value with its byte arrays as 0x-hex, as vectors hold it. */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  }
  return value;
}
