/**
 * @module crypto/aead
 * Authenticated encryption with one failure: whatever is wrong with a ciphertext, opening it throws DECRYPTION_FAILED.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { assertBytes } from "../bytes.ts";
import { SdkError } from "../errors.ts";

/** The one error of a failed decryption. Same code and same message whatever the cause. */
export function decryptionFailed(): SdkError {
  return new SdkError("DECRYPTION_FAILED", "could not be decrypted: wrong key, or the data was altered");
}

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). @param key - 32 bytes. @param nonce - 24 bytes, never used twice with a key. */
export function sealXChaCha(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  assertBytes(key, 32, "key");
  assertBytes(nonce, 24, "nonce");
  return xchacha20poly1305(key, nonce, aad).encrypt(plaintext);
}

/** Opens {@link sealXChaCha}. @throws SdkError DECRYPTION_FAILED */
export function openXChaCha(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, aad: Uint8Array): Uint8Array {
  assertBytes(key, 32, "key");
  assertBytes(nonce, 24, "nonce");
  try {
    return xchacha20poly1305(key, nonce, aad).decrypt(ciphertext);
  } catch {
    throw decryptionFailed();
  }
}

/** A 32-byte key as a Web Crypto AES-256-GCM key that cannot be exported. */
export async function importAesKey(key: Uint8Array): Promise<CryptoKey> {
  assertBytes(key, 32, "key");
  return crypto.subtle.importKey("raw", new Uint8Array(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** AES-256-GCM with a 16-byte tag. @param nonce - 12 bytes, never used twice with a key. */
export async function sealAes(
  key: CryptoKey,
  nonce: Uint8Array<ArrayBuffer>,
  plaintext: Uint8Array<ArrayBuffer>,
  aad: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: aad }, key, plaintext),
  );
}

/** Opens {@link sealAes}. @throws SdkError DECRYPTION_FAILED */
export async function openAes(
  key: CryptoKey,
  nonce: Uint8Array<ArrayBuffer>,
  ciphertext: Uint8Array<ArrayBuffer>,
  aad: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: aad }, key, ciphertext),
    );
  } catch {
    throw decryptionFailed();
  }
}
