/**
 * @module bench/crypto
 * The encryption stream against a bare WebCrypto loop that does the same work, which no stream can beat, and against the fastest
 * portable cipher. Why these goals: docs/decisions/0054.
 */
import { randomBytes } from "node:crypto";
import { encryptContent, newFileKeys } from "@carekey/sdk/records";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { atLeastTimes, compared, leastMilliseconds, type BenchPart } from "./result.ts";

const MEBIBYTE = 1024 * 1024;
const STREAM_BYTES = 64 * MEBIBYTE;
const PORTABLE_BYTES = 4 * MEBIBYTE;
const IN_FLIGHT = 4;
const ROUNDS = 8;

/**
 * The same file in pieces of 1 MiB through AES-256-GCM, four in flight, and nothing else; or each piece hashed, too, as an
 * IPFS leaf must be.
 */
async function bareLoop(file: Blob, key: CryptoKey, isHashed: boolean): Promise<void> {
  const seal = async (offset: number): Promise<void> => {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, offset / MEBIBYTE);
    const piece = await file.slice(offset, offset + MEBIBYTE).arrayBuffer();
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, piece);
    if (isHashed) await crypto.subtle.digest("SHA-256", sealed);
  };
  const pending: Promise<void>[] = [];
  for (let offset = 0; offset < file.size; offset += MEBIBYTE) {
    pending.push(seal(offset));
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
        bare: () => bareLoop(blob, key, false),
        hashed: () => bareLoop(blob, key, true),
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
      compared("encrypt a file, against bare AES-GCM", bare),
      atLeastTimes("encrypt a file, against bare AES-GCM and SHA-256", hashed, 0.75),
      atLeastTimes("encrypt a file, against XChaCha20 in JavaScript", portable, 1.5),
    ];
  },
};
