/**
 * @module crypto/random
 * The one source of randomness. Functions take it as an argument so that vectors can be made with a fixed one.
 */

/** Returns `length` unpredictable bytes. */
export type Random = (length: number) => Uint8Array;

/** Randomness of the platform (Web Crypto), at most 65,536 bytes a call. */
export const secureRandom: Random = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length));
