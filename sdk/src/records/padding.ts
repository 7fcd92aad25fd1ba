/**
 * @module records/padding
 * What sizes may be seen: contents grow to Padmé sizes (https://petsymposium.org/popets/2019/popets-2019-0056.php, at most 12 % more),
 * small sealed parts to a multiple of 1 KiB as u32be length ‖ bytes ‖ zeros.
 */
import { concatBytes, u32be } from "../bytes.ts";
import { SdkError } from "../errors.ts";

/** Plaintext bytes in one content leaf: a leaf with its 16-byte tag is exactly 1 MiB. */
export const CHUNK_BYTES = 1_048_560;
/** Largest content: what one record block can list leaves of, about 27 GiB (bytes). */
export const MAX_CONTENT_BYTES = 28_000 * CHUNK_BYTES;
const LEAST_PADDED_SIZE = 4096;

/**
 * The padded size of a content: 4,096 up to 4,096 bytes, else Padmé.
 * @param size - True size in bytes.
 * @throws SdkError INVALID_ARGUMENT when it is no size, TOO_LARGE above {@link MAX_CONTENT_BYTES}.
 */
export function paddedSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new SdkError("INVALID_ARGUMENT", `size: ${size} is not a whole number of bytes`);
  }
  if (size > MAX_CONTENT_BYTES) throw new SdkError("TOO_LARGE", `content: more than ${MAX_CONTENT_BYTES} bytes`);
  if (size <= LEAST_PADDED_SIZE) return LEAST_PADDED_SIZE;
  const exponent = bitLength(size) - 1;
  const granularity = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(size / granularity) * granularity;
}

/** How many leaves a content of `size` bytes has, at least 1. @throws as {@link paddedSize} */
export function leafCount(size: number): number {
  return Math.ceil(paddedSize(size) / CHUNK_BYTES);
}

/** Bytes of leaf `index` of a content of `size` bytes, its tag included. */
export function leafSize(size: number, index: number): number {
  return Math.min(CHUNK_BYTES, paddedSize(size) - index * CHUNK_BYTES) + 16;
}

function bitLength(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}

/** u32be length ‖ bytes ‖ zeros up to a multiple of 1 KiB, or up to `least` bytes if that is more. */
export function padBlock(bytes: Uint8Array, least = 0): Uint8Array<ArrayBuffer> {
  const wanted = Math.max(4 + bytes.length, least);
  const padded = new Uint8Array(Math.ceil(wanted / 1024) * 1024);
  padded.set(concatBytes(u32be(bytes.length), bytes));
  return padded;
}

/** The bytes in {@link padBlock}. @throws SdkError MALFORMED when length or zeros are wrong. */
export function unpadBlock(padded: Uint8Array): Uint8Array {
  if (padded.length < 1024 || padded.length % 1024 !== 0) throw new SdkError("MALFORMED", "padding: wrong size");
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - 4) throw new SdkError("MALFORMED", "padding: wrong length");
  if (padded.subarray(4 + length).some((byte) => byte !== 0)) throw new SdkError("MALFORMED", "padding: not zero");
  return padded.subarray(4, 4 + length);
}
