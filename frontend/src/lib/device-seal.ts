/**
 * @module lib/device-seal
 * Seals what this device remembers for a person: without the person's keys it is noise, and it opens in its own place only.
 * Sealed: version byte 1 ‖ nonce 12 ‖ AES-256-GCM(HKDF-SHA-256(vault key, label), DAG-CBOR of the value, AAD = place).
 */
import { concatBytes, utf8 } from "@carekey/sdk/bytes";
import { decodeCbor, encodeCbor, type CborValue } from "@carekey/sdk/cbor";

const VERSION = 1;
const NONCE_BYTES = 12;

/**
 * A key of this device for one use, not extractable.
 * @param vaultKey - 32 bytes.
 * @param label - names the use: keys of different labels have nothing in common.
 */
export async function deriveDeviceKey(vaultKey: Uint8Array, label: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", vaultKey.slice(), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(label) },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** Seals a value for a place, such as the id of its row. */
export async function sealOnDevice(key: CryptoKey, place: string, value: CborValue): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(parametersOf(nonce, place), key, encodeCbor(value));
  return concatBytes(new Uint8Array([VERSION]), nonce, new Uint8Array(sealed));
}

/** The value, or null when another key sealed it, it was altered, or it was moved from another place. */
export async function openOnDevice(key: CryptoKey, place: string, sealed: Uint8Array): Promise<CborValue> {
  if (sealed[0] !== VERSION) return null;
  const nonce = sealed.slice(1, 1 + NONCE_BYTES);
  try {
    const plain = await crypto.subtle.decrypt(parametersOf(nonce, place), key, sealed.slice(1 + NONCE_BYTES));
    return decodeCbor(new Uint8Array(plain));
  } catch {
    return null;
  }
}

function parametersOf(iv: Uint8Array<ArrayBuffer>, place: string) {
  return { name: "AES-GCM", iv, additionalData: utf8(place) };
}
