/**
 * @module crypto/shared-box
 * Bytes that open only when several people agree: sealed under a random scalar that is split by Shamir with Feldman commitments, as the
 * keepers' deals are. Whoever gets a share can tell whether it belongs to the box.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { assertBytes, concatBytes, lengthPrefixed, utf8 } from "../bytes.ts";
import { decryptionFailed, openXChaCha, sealXChaCha } from "./aead.ts";
import { deriveDealScalar, joinShares, splitSecret, verifyShare } from "./group.ts";
import { secureRandom, type Random } from "./random.ts";

const LABEL = utf8("carekey/shared-box/v1");

/** A sealed box: nonce 24 ‖ XChaCha20-Poly1305(plaintext), and the commitments that its shares are checked against. */
export type SharedBox = { sealed: Uint8Array; commitments: readonly Uint8Array[] };

/** One person's share; `index` from 1. */
export type BoxShare = { index: number; share: Uint8Array };

/**
 * Seals bytes for `count` people, any `threshold` of whom open them; fewer learn nothing.
 * `input.binding`: what the box belongs to; it opens for nothing else.
 * @throws SdkError INVALID_ARGUMENT unless `1 < threshold <= count <= 32`.
 */
export function sealSharedBox(input: {
  plaintext: Uint8Array;
  binding: Uint8Array;
  threshold: number;
  count: number;
  random?: Random;
}): { box: SharedBox; shares: BoxShare[] } {
  const { plaintext, binding, threshold, count, random = secureRandom } = input;
  const secret = deriveDealScalar(random(32), 0);
  const { commitments, shares } = splitSecret({ secret, threshold, count });
  const nonce = random(24);
  const sealed = concatBytes(nonce, sealXChaCha(boxKey(secret), nonce, plaintext, bound(binding, commitments)));
  return { box: { sealed, commitments }, shares: shares.map((share, index) => ({ index: index + 1, share })) };
}

/** Whether a share belongs to a box. */
export function fitsBox({ commitments }: Pick<SharedBox, "commitments">, { index, share }: BoxShare): boolean {
  return verifyShare({ commitments, index, share });
}

/**
 * Opens a box. Shares that do not belong to it are left out.
 * @throws SdkError DECRYPTION_FAILED for too few good shares, another binding or an altered box: one error for all of them.
 */
export function openSharedBox(input: { box: SharedBox; binding: Uint8Array; shares: readonly BoxShare[] }): Uint8Array {
  const { box, binding } = input;
  const threshold = box.commitments.length;
  const good = new Map(input.shares.filter((share) => fitsBox(box, share)).map((share) => [share.index, share]));
  if (good.size < threshold || threshold < 2 || box.sealed.length < 24) throw decryptionFailed();
  const secret = joinShares([...good.values()], threshold);
  const nonce = box.sealed.subarray(0, 24);
  return openXChaCha(boxKey(secret), nonce, box.sealed.subarray(24), bound(binding, box.commitments));
}

function boxKey(secret: Uint8Array): Uint8Array {
  assertBytes(secret, 32, "secret");
  return hkdf(sha256, secret, undefined, LABEL, 32);
}

function bound(binding: Uint8Array, commitments: readonly Uint8Array[]): Uint8Array {
  return concatBytes(lengthPrefixed(LABEL, binding), ...commitments);
}
