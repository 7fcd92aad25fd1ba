/**
 * @module crypto/group
 * The patient's second key factor b in ristretto255 (RFC 9496): split by Shamir with Feldman commitments, evaluated
 * share by share with a DLEQ proof (RFC 9497), combined by Lagrange. Scalars and points are 32 bytes, little-endian.
 */
import { ristretto255, ristretto255_FROST, ristretto255_hasher, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { assertBytes, u32be } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import { deriveFromSeed } from "./keys.ts";
import { encodeTuple, type RecordTuple } from "./tuple.ts";

const { Point } = ristretto255;
const { Fn } = Point;
type Point = InstanceType<typeof Point>;

const DST = "CAREKEY-V1-ristretto255_XMD:SHA-512_R255MAP_RO_";
/** Most keepers one secret can be split over. */
export const MAX_SHARES = 32;

/** A secret split for keepers 1..n: `commitments[0]` commits to the secret itself. */
export type SplitSecret = {
  /** t Feldman commitments, 32 bytes each. */
  commitments: Uint8Array[];
  /** n shares, 32 bytes each; `shares[i]` belongs to the keeper with index i + 1. */
  shares: Uint8Array[];
};

/** A keeper's part of enc(b·P), with the proof that it used its own share. */
export type ShareEvaluation = {
  /** share·P, 32 bytes. */
  evaluation: Uint8Array;
  /** DLEQ proof, 64 bytes. */
  proof: Uint8Array;
  /** share·G, 32 bytes. */
  publicShare: Uint8Array;
};

/**
 * The scalar b of one generation of a patient's keys, never 0.
 * @param seed - 32 bytes.
 * @param generation - u32.
 * @returns 32 bytes, little-endian.
 */
export function deriveDealScalar(seed: Uint8Array, generation: number): Uint8Array {
  const scalar = Fn.create(bytesToBigInt(deriveFromSeed(seed, "b/v1", [u32be(generation)], 64)));
  if (scalar === 0n) throw new SdkError("INTERNAL", "the derived scalar is 0"); // chance 2^-252
  return Fn.toBytes(scalar);
}

/** P: the tuple hashed to the group (RFC 9380, random oracle), 32 bytes. */
export function recordPoint(tuple: RecordTuple): Uint8Array {
  return hashTuple(tuple).toBytes();
}

/**
 * enc(b·P): what the owner computes alone, and t keepers together.
 * @param scalar - b, 32 bytes.
 * @throws SdkError INVALID_ARGUMENT
 */
export function multiplyPoint(scalar: Uint8Array, tuple: RecordTuple): Uint8Array {
  return hashTuple(tuple).multiply(parseScalar(scalar, "scalar")).toBytes();
}

/**
 * Splits a secret with a fresh random polynomial: any `threshold` shares give it back, fewer say nothing about it.
 * `input.secret`: scalar, 32 bytes, not 0.
 * @throws SdkError INVALID_ARGUMENT unless `1 < threshold <= count <= 32`.
 */
export function splitSecret(input: { secret: Uint8Array; threshold: number; count: number }): SplitSecret {
  const { secret, threshold, count } = input;
  parseScalar(secret, "secret");
  assertThreshold(threshold);
  if (!Number.isInteger(count) || count < threshold || count > MAX_SHARES) {
    throw new SdkError("INVALID_ARGUMENT", `count: ${count} is not between ${threshold} and ${MAX_SHARES}`);
  }
  const identifiers = Array.from({ length: count }, (_, index) => ristretto255_FROST.Identifier.fromNumber(index + 1));
  const dealt = ristretto255_FROST.trustedDealer({ min: threshold, max: count }, identifiers, secret);
  return {
    commitments: dealt.public.commitments,
    shares: identifiers.map((identifier) => dealt.secretShares[identifier]!.signingShare),
  };
}

/**
 * The secret back from shares. Only tests and recovery tools need it: keepers never pool shares.
 * @throws SdkError INVALID_ARGUMENT for too few, repeated or malformed shares.
 */
export function joinShares(shares: readonly { index: number; share: Uint8Array }[], threshold: number): Uint8Array {
  const chosen = chooseDistinct(shares, threshold);
  const indices = chosen.map(({ index }) => index);
  return Fn.toBytes(
    chosen.reduce(
      (sum, { index, share }) => Fn.add(sum, Fn.mul(lagrange(indices, index), parseScalar(share, "share"))),
      0n,
    ),
  );
}

/**
 * share_i·G as the commitments say it: the sum of C_k·i^k.
 * @param index - keeper index, from 1.
 * @throws SdkError INVALID_ARGUMENT for an index or commitments outside their range.
 */
export function publicShareOf(commitments: readonly Uint8Array[], index: number): Uint8Array {
  return evaluateCommitments(commitments, index).toBytes();
}

/** Whether `share` is what the commitments promise to the keeper with this index. */
export function verifyShare(input: { commitments: readonly Uint8Array[]; index: number; share: Uint8Array }): boolean {
  try {
    const share = parseScalar(input.share, "share");
    return Point.BASE.multiply(share).equals(evaluateCommitments(input.commitments, input.index));
  } catch {
    return false;
  }
}

/**
 * A keeper's evaluation for one record. The point comes from the tuple: no caller can choose it.
 * @throws SdkError INVALID_ARGUMENT when the share is no scalar.
 */
export function evaluateShare(input: { share: Uint8Array; tuple: RecordTuple }): ShareEvaluation {
  const publicShare = Point.BASE.multiply(parseScalar(input.share, "share")).toBytes();
  const { evaluated, proof } = ristretto255_oprf.voprf.blindEvaluate(
    input.share,
    publicShare,
    recordPoint(input.tuple),
  );
  return { evaluation: evaluated, proof, publicShare };
}

/** Whether an evaluation is share_index·P for the very share that the commitments promise. */
export function verifyEvaluation(input: {
  commitments: readonly Uint8Array[];
  index: number;
  tuple: RecordTuple;
  evaluation: Uint8Array;
  proof: Uint8Array;
}): boolean {
  try {
    const publicShare = publicShareOf(input.commitments, input.index);
    // `finalize` checks the DLEQ proof and throws when it is wrong; its output hash is of no use here.
    ristretto255_oprf.voprf.finalize(
      new Uint8Array(0),
      Fn.toBytes(1n),
      input.evaluation,
      recordPoint(input.tuple),
      publicShare,
      input.proof,
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * enc(b·P) from evaluations of distinct keepers of one deal. Verify each one first: a wrong one gives a wrong point.
 * @throws SdkError INVALID_ARGUMENT for fewer than `threshold` distinct, well-formed evaluations.
 */
export function combineEvaluations(
  evaluations: readonly { index: number; evaluation: Uint8Array }[],
  threshold: number,
): Uint8Array {
  const chosen = chooseDistinct(evaluations, threshold);
  const indices = chosen.map(({ index }) => index);
  return chosen
    .reduce(
      (sum, { index, evaluation }) => sum.add(parsePoint(evaluation, "evaluation").multiply(lagrange(indices, index))),
      Point.ZERO,
    )
    .toBytes();
}

function hashTuple(tuple: RecordTuple): Point {
  return ristretto255_hasher.hashToCurve(encodeTuple(tuple), { DST });
}

/** Lagrange coefficient of `index` at 0; never 0 for distinct indices above 0. */
function lagrange(indices: readonly number[], index: number): bigint {
  let numerator = 1n;
  let denominator = 1n;
  for (const other of indices) {
    if (other === index) continue;
    numerator = Fn.mul(numerator, BigInt(other));
    denominator = Fn.mul(denominator, Fn.create(BigInt(other - index)));
  }
  return Fn.mul(numerator, Fn.inv(denominator));
}

function evaluateCommitments(commitments: readonly Uint8Array[], index: number): Point {
  assertIndex(index);
  assertThreshold(commitments.length);
  // Horner: C_0 + i·(C_1 + i·(C_2 + …)); indices are small, public numbers.
  return commitments.reduceRight(
    (sum, commitment) => sum.multiplyUnsafe(BigInt(index)).add(parsePoint(commitment, "commitment")),
    Point.ZERO,
  );
}

function chooseDistinct<Item extends { index: number }>(items: readonly Item[], threshold: number): Item[] {
  assertThreshold(threshold);
  for (const { index } of items) assertIndex(index);
  if (new Set(items.map(({ index }) => index)).size !== items.length) {
    throw new SdkError("INVALID_ARGUMENT", "the same keeper index appears twice");
  }
  if (items.length < threshold) {
    throw new SdkError("INVALID_ARGUMENT", `${threshold} needed, ${items.length} given`);
  }
  return items.slice(0, threshold);
}

function assertIndex(index: number): void {
  if (!Number.isInteger(index) || index < 1 || index > MAX_SHARES) {
    throw new SdkError("INVALID_ARGUMENT", `index: ${index} is not between 1 and ${MAX_SHARES}`);
  }
}

function assertThreshold(threshold: number): void {
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > MAX_SHARES) {
    throw new SdkError("INVALID_ARGUMENT", `threshold: ${threshold} is not between 2 and ${MAX_SHARES}`);
  }
}

function parseScalar(bytes: Uint8Array, title: string): bigint {
  assertBytes(bytes, 32, title);
  let scalar: bigint;
  try {
    scalar = Fn.fromBytes(bytes);
  } catch (cause) {
    throw new SdkError("INVALID_ARGUMENT", `${title}: not a canonical scalar`, { cause });
  }
  if (scalar === 0n) throw new SdkError("INVALID_ARGUMENT", `${title}: is 0`);
  return scalar;
}

function parsePoint(bytes: Uint8Array, title: string): Point {
  assertBytes(bytes, 32, title);
  let point: Point;
  try {
    point = Point.fromBytes(bytes);
  } catch (cause) {
    throw new SdkError("INVALID_ARGUMENT", `${title}: not a ristretto255 point`, { cause });
  }
  if (point.is0()) throw new SdkError("INVALID_ARGUMENT", `${title}: is the identity`);
  return point;
}

function bytesToBigInt(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
