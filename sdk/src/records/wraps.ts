/**
 * @module records/wraps
 * The wraps block: `[1, "wraps", generation, [[recordId 32, row tag 16, wrap 48]…]]`. Only who knows a scope's tag finds its rows.
 */
import {
  asArgument,
  decodeBlock,
  encodeBlock,
  readArray,
  readBytes,
  readHex,
  readUint,
  type EncodedBlock,
} from "../block.ts";
import { assertBytes, equalBytes, fromHex, type Hex } from "../bytes.ts";
import { WRAP_BYTES, rowTag } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import type { WrapRow, Wraps } from "./types.ts";

/** Most rows of one block; more go into further blocks, each announced by its own act. */
export const MAX_WRAP_ROWS = 8500;

/**
 * Encodes a wraps block.
 * @throws SdkError TOO_LARGE above {@link MAX_WRAP_ROWS} rows; INVALID_ARGUMENT for a field of wrong length or range.
 */
export function encodeWraps(wraps: Wraps): EncodedBlock {
  if (wraps.rows.length > MAX_WRAP_ROWS) {
    throw new SdkError("TOO_LARGE", `wraps: ${wraps.rows.length} rows, the limit is ${MAX_WRAP_ROWS}`);
  }
  return asArgument("wraps", () => {
    const rows = wraps.rows.map((row) => {
      assertBytes(row.rowTag, 16, "row tag");
      assertBytes(row.wrap, WRAP_BYTES, "wrap");
      return [fromHex(row.recordId, 32, "record id"), row.rowTag, row.wrap];
    });
    return encodeBlock("wraps", [readUint(wraps.generation, "generation", 0xffffffff), rows]);
  });
}

/** Reads a wraps block. @throws SdkError MALFORMED | UNSUPPORTED_VERSION */
export function decodeWraps(bytes: Uint8Array): Wraps {
  const [generation, rows] = decodeBlock(bytes, "wraps", 2);
  return {
    generation: readUint(generation, "generation", 0xffffffff),
    rows: readArray(rows, "rows").map((value): WrapRow => {
      const [recordId, tag, wrap] = readArray(value, "row", 3);
      return {
        recordId: readHex(recordId, "record id"),
        rowTag: readBytes(tag, "row tag", 16),
        wrap: readBytes(wrap, "wrap", WRAP_BYTES),
      };
    }),
  };
}

/** The wrap of a record under a tag, trying the epochs a reader holds; null when there is none. */
export function findWrap(
  wraps: Wraps,
  wanted: { tag: Hex; recordId: Hex; epochs: readonly number[] },
): { epoch: number; wrap: Uint8Array } | null {
  const rows = wraps.rows.filter((row) => row.recordId === wanted.recordId.toLowerCase());
  for (const epoch of rows.length === 0 ? [] : wanted.epochs) {
    const tag = rowTag(wanted.tag, wanted.recordId, epoch);
    const row = rows.find((candidate) => equalBytes(candidate.rowTag, tag));
    if (row !== undefined) return { epoch, wrap: row.wrap };
  }
  return null;
}
