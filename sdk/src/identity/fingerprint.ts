/**
 * @module identity/fingerprint
 * A key document as digits that two people can read to each other: 6 groups of 5, about 99 bits.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, fromHex, utf8 } from "../bytes.ts";
import { encodeKeyDocument, type KeyDocument } from "./key-document.ts";

const GROUPS = 6;

/** The fingerprint of a key document: "12345 67890 …", from SHA-256("carekey/fingerprint/v1" ‖ digest), 5 bytes mod 100,000 a group. */
export function fingerprint(document: KeyDocument): string {
  const hash = sha256(concatBytes(utf8("carekey/fingerprint/v1"), fromHex(encodeKeyDocument(document).digest)));
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const value = hash.subarray(group * 5, group * 5 + 5).reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, "0");
  });
  return groups.join(" ");
}
