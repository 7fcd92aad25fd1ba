/**
 * @module crypto/sign
 * Ed25519 (RFC 8032) with strict verification: canonical encodings only, no small-order keys.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { assertBytes } from "../bytes.ts";

/** Ed25519 signature (64 bytes). @param secret - 32 bytes. */
export function signBytes(secret: Uint8Array, bytes: Uint8Array): Uint8Array {
  assertBytes(secret, 32, "signing secret");
  return ed25519.sign(bytes, secret);
}

/** Whether `signature` over `bytes` is of the holder of `publicKey`. Never throws on malformed keys or signatures: they are false. */
export function verifyBytes(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, bytes, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
