/**
 * @module bench/crypto
 * The encryption stream against a bare WebCrypto loop, which no stream can beat, and against the fastest portable cipher.
 */
import { randomBytes } from "node:crypto";
import { encryptContent, newFileKeys } from "@carekey/sdk/records";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { atLeastTimes, leastMilliseconds, type BenchPart } from "./result.ts";

const MEBIBYTE = 1024 * 1024;
const STREAM_BYTES = 64 * MEBIBYTE;
const PORTABLE_BYTES = 4 * MEBIBYTE;
const IN_FLIGHT = 4;
const ROUNDS = 5;

/** AES-256-GCM of 1 MiB pieces with four in flight, and nothing else; or each piece hashed, too, as an IPFS leaf must be. */
async function bareLoop(bytes: Uint8Array<ArrayBuffer>, key: CryptoKey, isHashed: boolean): Promise<void> {
  const seal = async (iv: Uint8Array<ArrayBuffer>, piece: Uint8Array<ArrayBuffer>): Promise<void> => {
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, piece);
    if (isHashed) await crypto.subtle.digest("SHA-256", sealed);
  };
  const pending: Promise<void>[] = [];
  for (let offset = 0; offset < bytes.length; offset += MEBIBYTE) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, offset / MEBIBYTE);
    pending.push(seal(iv, bytes.subarray(offset, offset + MEBIBYTE)));
    if (pending.length === IN_FLIGHT) await pending.shift();
  }
  await Promise.all(pending);
}

/** Encryption speeds. */
export const crypto_: BenchPart = {
  name: "crypto",
  run: async () => {
    const bytes = new Uint8Array(randomBytes(STREAM_BYTES));
    const blob = new Blob([bytes]);
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const portableKey = randomBytes(32);
    const times = await leastMilliseconds(
      {
        stream: async () => {
          for await (const leaf of encryptContent({ source: blob, size: STREAM_BYTES, ...newFileKeys() })) void leaf;
        },
        bare: () => bareLoop(bytes, key, false),
        hashed: () => bareLoop(bytes, key, true),
        portable: () => {
          for (let offset = 0; offset < PORTABLE_BYTES; offset += MEBIBYTE) {
            xchacha20poly1305(portableKey, randomBytes(24)).encrypt(bytes.subarray(offset, offset + MEBIBYTE));
          }
        },
      },
      ROUNDS,
    );
    const speed = (size: number, milliseconds: number): number => size / 1000 / milliseconds;
    const value = speed(STREAM_BYTES, times.stream);
    const bare = { value, reference: speed(STREAM_BYTES, times.bare), unit: "MB/s" };
    const hashed = { value, reference: speed(STREAM_BYTES, times.hashed), unit: "MB/s" };
    const portable = { value, reference: speed(PORTABLE_BYTES, times.portable), unit: "MB/s" };
    return [
      atLeastTimes("encrypt a file, against bare AES-GCM", bare, 0.9),
      atLeastTimes("encrypt a file, against bare AES-GCM and SHA-256", hashed, 0.9),
      atLeastTimes("encrypt a file, against XChaCha20 in JavaScript", portable, 6),
    ];
  },
};
