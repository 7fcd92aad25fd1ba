/**
 * @module block
 * Framing of Carekey's IPFS blocks: deterministic DAG-CBOR of `[version, type, fields…]`, at most 1 MiB, nothing unknown, nothing extra;
 * and the small readers with which every format checks its fields.
 */
import { getAddress } from "viem/utils";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, type Address, type Hex } from "./bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "./cbor.ts";
import { SdkError, isSdkError } from "./errors.ts";

/** The version of every block format of this build. */
export const BLOCK_VERSION = 1;
/** No block is larger: what every IPFS peer accepts (bytes). */
export const MAX_BLOCK_BYTES = 1_048_576;

/** An encoded block and the sha-256 by which chain and IPFS name it. */
export type EncodedBlock = { bytes: Uint8Array<ArrayBuffer>; digest: Hex };

/** SHA-256 of `bytes` as 0x-hex: how the chain and every block name another block. */
export function digestOf(bytes: Uint8Array): Hex {
  return toHex(sha256(bytes));
}

/**
 * Encodes one block.
 * @throws SdkError TOO_LARGE when it would be above 1 MiB.
 */
export function encodeBlock(type: string, fields: readonly CborValue[]): EncodedBlock {
  const bytes = encodeCbor([BLOCK_VERSION, type, ...fields]);
  if (bytes.length > MAX_BLOCK_BYTES) {
    throw new SdkError("TOO_LARGE", `${type} block: ${bytes.length} bytes, the limit is ${MAX_BLOCK_BYTES}`);
  }
  return { bytes, digest: digestOf(bytes) };
}

/**
 * Decodes a block of one type into its fields.
 * @param type - The type it must have.
 * @param count - The number of fields it must have.
 * @throws SdkError MALFORMED when it is no block, is too large, or has missing or extra fields.
 * @throws SdkError UNSUPPORTED_VERSION when its version or type is another one.
 */
export function decodeBlock(bytes: Uint8Array, type: string, count: number): CborValue[] {
  if (bytes.length > MAX_BLOCK_BYTES) throw new SdkError("MALFORMED", `${type} block: larger than 1 MiB`);
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length < 2) throw new SdkError("MALFORMED", `${type} block: not a block`);
  const [version, found, ...fields] = value;
  if (version !== BLOCK_VERSION || found !== type) {
    throw new SdkError("UNSUPPORTED_VERSION", `not a ${type} block of version ${BLOCK_VERSION}`);
  }
  if (fields.length !== count) {
    throw new SdkError("MALFORMED", `${type} block: expected ${count} fields, got ${fields.length}`);
  }
  return fields;
}

/**
 * Runs a check that reads back what is about to be written: what a reader would refuse is the caller's mistake.
 * @throws SdkError INVALID_ARGUMENT where `check` throws MALFORMED.
 */
export function asArgument<T>(title: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!isSdkError(cause, "MALFORMED")) throw cause;
    throw new SdkError("INVALID_ARGUMENT", `${title}: a field is out of range`, { cause });
  }
}

function malformed(title: string, wanted: string): SdkError {
  return new SdkError("MALFORMED", `${title}: expected ${wanted}`);
}

/** A byte string, of exactly `length` bytes if given. @throws SdkError MALFORMED */
export function readBytes(value: CborValue | undefined, title: string, length?: number): Uint8Array<ArrayBuffer> {
  if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length)) {
    throw malformed(title, length === undefined ? "bytes" : `${length} bytes`);
  }
  return new Uint8Array(value);
}

/** A byte string of `length` bytes as 0x-hex. @throws SdkError MALFORMED */
export function readHex(value: CborValue | undefined, title: string, length = 32): Hex {
  return toHex(readBytes(value, title, length));
}

/** A 20-byte address in checksum spelling. @throws SdkError MALFORMED */
export function readAddress(value: CborValue | undefined, title: string): Address {
  return getAddress(readHex(value, title, 20));
}

/** An integer from 0 to `max` (by default the largest exact one). @throws SdkError MALFORMED */
export function readUint(value: CborValue | undefined, title: string, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max) {
    throw malformed(title, `an integer from 0 to ${max}`);
  }
  return value;
}

/** A text of at most `max` UTF-16 units. @throws SdkError MALFORMED */
export function readText(value: CborValue | undefined, title: string, max = 4096): string {
  if (typeof value !== "string" || value.length > max) throw malformed(title, `a text of at most ${max} characters`);
  return value;
}

/** An array, of exactly `length` items if given. @throws SdkError MALFORMED */
export function readArray(value: CborValue | undefined, title: string, length?: number): CborValue[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw malformed(title, length === undefined ? "an array" : `an array of ${length}`);
  }
  return value;
}

/** A map with text keys. @throws SdkError MALFORMED */
export function readMap(value: CborValue | undefined, title: string): { [key: string]: CborValue } {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw malformed(title, "a map");
  }
  return value;
}

/** What `read` makes of a value, or null for null. @throws SdkError MALFORMED */
export function readNullable<T>(value: CborValue | undefined, read: (value: CborValue) => T): T | null {
  if (value === undefined) throw new SdkError("MALFORMED", "a field is missing");
  return value === null ? null : read(value);
}
