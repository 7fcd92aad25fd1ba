/**
 * @module crypto/recovery-code
 * The seed as 56 characters of Crockford's base32 (https://www.crockford.com/base32.html): seed 32 ‖ first 3 bytes of
 * SHA-256("carekey/code/v1" ‖ seed), in 14 groups of 4. Spaces, hyphens and case do not matter; O reads as 0, I and L as 1.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { assertBytes, concatBytes, equalBytes, utf8 } from "../bytes.ts";
import { SdkError } from "../errors.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 56;

function checksumOf(seed: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8("carekey/code/v1"), seed)).subarray(0, 3);
}

/** The recovery code of a seed (32 bytes): 56 characters in 14 groups, joined by hyphens. */
export function encodeRecoveryCode(seed: Uint8Array): string {
  assertBytes(seed, 32, "seed");
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of concatBytes(seed, checksumOf(seed))) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return text.match(/.{4}/g)!.join("-");
}

/**
 * The seed (32 bytes) that a recovery code spells.
 * @throws SdkError MALFORMED with `details.reason` "length" (and `details.found`), "character" (and `details.position`, from 1) or "checksum".
 */
export function decodeRecoveryCode(code: string): Uint8Array {
  const text = code.replace(/[\s\-\u2010-\u2015]/g, "").toUpperCase();
  const bytes = new Uint8Array(35);
  let length = 0;
  let buffer = 0;
  let bits = 0;
  for (const [index, character] of [...text].entries()) {
    const value = ALPHABET.indexOf(character.replace("O", "0").replace(/[IL]/, "1"));
    if (value < 0) {
      throw new SdkError("MALFORMED", "recovery code: a character that no code has", {
        details: { reason: "character", position: index + 1 },
      });
    }
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = buffer >> bits;
      buffer &= (1 << bits) - 1;
    }
  }
  if (text.length !== CODE_LENGTH) {
    throw new SdkError("MALFORMED", `recovery code: expected ${CODE_LENGTH} characters`, {
      details: { reason: "length", found: text.length },
    });
  }
  const seed = bytes.slice(0, 32);
  if (!equalBytes(bytes.subarray(32), checksumOf(seed))) {
    throw new SdkError("MALFORMED", "recovery code: a character is wrong", { details: { reason: "checksum" } });
  }
  return seed;
}
