/**
 * @module bytes
 * Small helpers on byte arrays and 0x-hex strings that every other module shares.
 */
import { bytesToHex as viemBytesToHex, hexToBytes as viemHexToBytes } from "viem/utils";
import { SdkError } from "./errors.ts";

/** A 0x-prefixed hex string, as viem writes it. */
export type Hex = `0x${string}`;
/** A 0x-prefixed address of 20 bytes. */
export type Address = `0x${string}`;

/**
 * Asserts that `bytes` is a byte array of exactly `length` bytes.
 * @throws SdkError INVALID_ARGUMENT, naming the argument by `title`.
 */
export function assertBytes(bytes: unknown, length: number | undefined, title: string): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array) || (length !== undefined && bytes.length !== length)) {
    const wanted = length === undefined ? "a byte array" : `${length} bytes`;
    const found = bytes instanceof Uint8Array ? `${bytes.length} bytes` : typeof bytes;
    throw new SdkError("INVALID_ARGUMENT", `${title}: expected ${wanted}, got ${found}`);
  }
}

/** Joins byte arrays into a new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two byte arrays are equal, in a time that depends on their length only. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left[index]! ^ right[index]!;
  return difference === 0;
}

/** Bytes as 0x-prefixed lower-case hex. */
export function toHex(bytes: Uint8Array): Hex {
  return viemBytesToHex(bytes);
}

/**
 * Hex as bytes.
 * @throws SdkError MALFORMED when it is not hex, or not `length` bytes long.
 */
export function fromHex(hex: string, length?: number, title = "hex"): Uint8Array<ArrayBuffer> {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex)) throw new SdkError("MALFORMED", `${title}: not a 0x-prefixed hex string`);
  const bytes = viemHexToBytes(hex as Hex);
  if (length !== undefined && bytes.length !== length) {
    throw new SdkError("MALFORMED", `${title}: expected ${length} bytes, got ${bytes.length}`);
  }
  return bytes as Uint8Array<ArrayBuffer>;
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** An unsigned 32-bit integer, big-endian (4 bytes). */
export function u32be(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new SdkError("INVALID_ARGUMENT", `u32be: ${value} is not an unsigned 32-bit integer`);
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Parts joined, each preceded by its length as u16 big-endian: unambiguous whatever the parts hold. */
export function lengthPrefixed(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(
    ...parts.flatMap((part) => {
      if (part.length > 0xffff)
        throw new SdkError("INVALID_ARGUMENT", "lengthPrefixed: a part is longer than 65,535 bytes");
      return [new Uint8Array([part.length >> 8, part.length & 0xff]), part];
    }),
  );
}
