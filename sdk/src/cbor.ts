/**
 * @module cbor
 * Deterministic DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/): the only encoding of Carekey's blocks, requests and messages.
 */
import * as dagCbor from "@ipld/dag-cbor";
import { equalBytes } from "./bytes.ts";
import { SdkError } from "./errors.ts";

/** The values that Carekey's formats are made of. */
export type CborValue =
  null | boolean | number | bigint | string | Uint8Array | CborValue[] | { [key: string]: CborValue };

/** The deterministic encoding of `value`. */
export function encodeCbor(value: CborValue): Uint8Array<ArrayBuffer> {
  return new Uint8Array(dagCbor.encode(value));
}

/**
 * Decodes bytes that must be the deterministic encoding of one value: trailing bytes and other spellings are refused.
 * @throws SdkError MALFORMED
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  let value: CborValue;
  let again: Uint8Array;
  try {
    value = dagCbor.decode<CborValue>(bytes);
    // Nesting that is too deep to write back overflows the stack here: it is refused like any other garbage.
    again = dagCbor.encode(value);
  } catch (cause) {
    throw new SdkError("MALFORMED", "not DAG-CBOR", { cause });
  }
  if (!equalBytes(again, bytes)) throw new SdkError("MALFORMED", "not the deterministic encoding");
  return value;
}
