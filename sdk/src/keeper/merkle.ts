/**
 * @module keeper/merkle
 * An append-only Merkle log in the shape of RFC 6962, with keccak256: leaf = keccak(0x00 ‖ data), node = keccak(0x01 ‖ left ‖ right).
 * Only complete subtrees are stored, by (level, index); everything else is computed from them.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { assertBytes, concatBytes, equalBytes } from "../bytes.ts";
import { SdkError } from "../errors.ts";

/** Root of a log without leaves: keccak256 of nothing. */
export const EMPTY_ROOT: Uint8Array = keccak_256(new Uint8Array(0));

/** Gives the hash of the complete subtree over the leaves [index·2^level, (index+1)·2^level). */
export type SubtreeReader = (level: number, index: number) => Uint8Array;

/** A complete subtree to store. */
export type Subtree = { level: number; index: number; hash: Uint8Array };

/** keccak256(0x00 ‖ data). */
export function hashLeaf(data: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(new Uint8Array([0]), data));
}

/** keccak256(0x01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(new Uint8Array([1]), left, right));
}

/**
 * The subtrees that one more leaf completes, the leaf itself first.
 * @param size - number of leaves before it.
 */
export function appendLeaf(size: number, leaf: Uint8Array, read: SubtreeReader): Subtree[] {
  assertSize(size, "size");
  assertBytes(leaf, 32, "leaf");
  const completed: Subtree[] = [{ level: 0, index: size, hash: leaf }];
  let { index, hash } = completed[0]!;
  for (let level = 0; index % 2 === 1; level++) {
    hash = hashNode(read(level, index - 1), hash);
    index = (index - 1) / 2;
    completed.push({ level: level + 1, index, hash });
  }
  return completed;
}

/** The root over the first `size` leaves. */
export function rootOf(size: number, read: SubtreeReader): Uint8Array {
  assertSize(size, "size");
  return size === 0 ? EMPTY_ROOT : hashRange(0, size, read);
}

/** A reader over leaf hashes in memory. */
export function readerOf(leaves: readonly Uint8Array[]): SubtreeReader {
  const read: SubtreeReader = (level, index) => {
    if (level > 0) return hashNode(read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
    const leaf = leaves[index];
    if (leaf === undefined) throw new SdkError("NOT_FOUND", "no such leaf");
    return leaf;
  };
  return read;
}

/**
 * The hashes beside the path from leaf `index` to the root over `size` leaves, lowest first.
 * @throws SdkError INVALID_ARGUMENT when the log has no such leaf.
 */
export function proveInclusion(index: number, size: number, read: SubtreeReader): Uint8Array[] {
  assertSize(size, "size");
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new SdkError("INVALID_ARGUMENT", `index: ${index} is not below ${size}`);
  }
  return pathTo(index, 0, size, read);
}

/** Whether `leaf` (its hash) is the leaf `index` of the log of `size` leaves with this root. */
export function verifyInclusion(input: {
  leaf: Uint8Array;
  index: number;
  size: number;
  root: Uint8Array;
  proof: readonly Uint8Array[];
}): boolean {
  const { leaf, index, size, root, proof } = input;
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let hash = leaf;
  let position = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = hashNode(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, root);
}

/**
 * The hashes which show that the log of `newSize` leaves begins with the log of `oldSize` leaves.
 * @throws SdkError INVALID_ARGUMENT unless `oldSize <= newSize`.
 */
export function proveConsistency(oldSize: number, newSize: number, read: SubtreeReader): Uint8Array[] {
  assertSize(oldSize, "old size");
  assertSize(newSize, "new size");
  if (oldSize > newSize) throw new SdkError("INVALID_ARGUMENT", "the old size is above the new one");
  if (oldSize === 0 || oldSize === newSize) return [];
  return consistencyPath(oldSize, 0, newSize, true, read);
}

/** Whether the log (newSize, newRoot) is the log (oldSize, oldRoot) with leaves appended only. */
export function verifyConsistency(input: {
  oldSize: number;
  oldRoot: Uint8Array;
  newSize: number;
  newRoot: Uint8Array;
  proof: readonly Uint8Array[];
}): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = input;
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (!areHashes([oldRoot, newRoot, ...proof])) return false;
  if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0 && equalBytes(oldRoot, EMPTY_ROOT);
  let position = oldSize - 1;
  let last = newSize - 1;
  while (position % 2 === 1) {
    position = half(position);
    last = half(last);
  }
  // A complete old tree is itself the first hash of the path.
  const path = position === 0 ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let oldHash = first;
  let newHash = first;
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      oldHash = hashNode(sibling, oldHash);
      newHash = hashNode(sibling, newHash);
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      newHash = hashNode(newHash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot);
}

function hashRange(start: number, end: number, read: SubtreeReader): Uint8Array {
  const size = end - start;
  const level = Math.log2(size);
  if (Number.isInteger(level)) return read(level, start / size);
  const middle = start + splitPoint(size);
  return hashNode(hashRange(start, middle, read), hashRange(middle, end, read));
}

function pathTo(index: number, start: number, end: number, read: SubtreeReader): Uint8Array[] {
  if (end - start === 1) return [];
  const middle = start + splitPoint(end - start);
  return index < middle
    ? [...pathTo(index, start, middle, read), hashRange(middle, end, read)]
    : [...pathTo(index, middle, end, read), hashRange(start, middle, read)];
}

function consistencyPath(
  oldEnd: number,
  start: number,
  end: number,
  whole: boolean,
  read: SubtreeReader,
): Uint8Array[] {
  if (oldEnd === end) return whole ? [] : [hashRange(start, end, read)];
  const middle = start + splitPoint(end - start);
  return oldEnd <= middle
    ? [...consistencyPath(oldEnd, start, middle, whole, read), hashRange(middle, end, read)]
    : [...consistencyPath(oldEnd, middle, end, false, read), hashRange(start, middle, read)];
}

/** The largest power of two below `size`, which is at least 2. */
function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.length <= 130 && values.every((value) => value instanceof Uint8Array && value.length === 32);
}

function assertSize(value: number, title: string): void {
  if (!isSize(value)) throw new SdkError("INVALID_ARGUMENT", `${title}: ${value} is not a number of leaves`);
}
