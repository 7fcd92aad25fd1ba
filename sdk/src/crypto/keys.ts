/**
 * @module crypto/keys
 * Everything a person holds, derived from one seed by HKDF-SHA-256 (RFC 5869) with labels: info = "carekey/" ‖ label parts, each
 * part as u16be length ‖ bytes. One seed is one generation.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { assertBytes, concatBytes, lengthPrefixed, toHex, u32be, utf8, type Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import { secureRandom, type Random } from "./random.ts";

/** Secrets of one person and generation, in memory only. */
export type PersonKeys = {
  generation: number;
  /** 32 bytes; the recovery code spells these. */
  seed: Uint8Array;
  /** 32 bytes: opens envelopes. */
  xwingSecret: Uint8Array;
  /** 1,216 bytes: others seal envelopes to it. */
  xwingPublicKey: Uint8Array;
  /** 32 bytes: Ed25519 secret of key documents and messages. */
  signSecret: Uint8Array;
  /** 32 bytes. */
  signPublicKey: Uint8Array;
  /** 32 bytes: seals the vault. */
  vaultKey: Uint8Array;
};

/** An X-Wing key pair: secret 32 bytes, public key 1,216 bytes. */
export type EnvelopeKeyPair = { secret: Uint8Array; publicKey: Uint8Array };

/** A new seed: 32 random bytes. */
export function newSeed(random: Random = secureRandom): Uint8Array {
  return random(32);
}

/**
 * HKDF-SHA-256 of a seed under a label: info = "carekey/" ‖ the parts, each as u16be length ‖ bytes.
 * @param seed - 32 bytes.
 * @param length - Bytes wanted, 32 by default.
 */
export function deriveFromSeed(
  seed: Uint8Array,
  label: string,
  parts: readonly Uint8Array[] = [],
  length = 32,
): Uint8Array {
  assertBytes(seed, 32, "seed");
  return hkdf(sha256, seed, undefined, concatBytes(utf8("carekey/"), lengthPrefixed(utf8(label), ...parts)), length);
}

/** The X-Wing public key (1,216 bytes) of a raw 32-byte secret (draft-connolly-cfrg-xwing-kem). */
export function envelopePublicKeyOf(secret: Uint8Array): Uint8Array {
  assertBytes(secret, 32, "X-Wing secret");
  return ml_kem768_x25519.getPublicKey(secret);
}

/** A fresh X-Wing key pair, for replies and dummies. */
export function newEnvelopeKeys(random: Random = secureRandom): EnvelopeKeyPair {
  const secret = random(32);
  return { secret, publicKey: envelopePublicKeyOf(secret) };
}

/**
 * All keys of a person that do not depend on a scope.
 * @param generation - 0 for the first seed, one more with each replacement.
 * @throws SdkError INVALID_ARGUMENT when the seed is not 32 bytes or the generation no u32.
 */
export function derivePersonKeys(seed: Uint8Array, generation: number): PersonKeys {
  assertBytes(seed, 32, "seed");
  u32be(generation);
  const xwingSecret = deriveFromSeed(seed, "xwing/v1");
  const signSecret = deriveFromSeed(seed, "sign/v1");
  return {
    generation,
    seed: seed.slice(),
    xwingSecret,
    xwingPublicKey: envelopePublicKeyOf(xwingSecret),
    signSecret,
    signPublicKey: ed25519.getPublicKey(signSecret),
    vaultKey: deriveFromSeed(seed, "vault/v1"),
  };
}

/**
 * The scope key A[scope, epoch], 32 bytes.
 * @param scope - The scope's name, for example "labs".
 * @param epoch - Epoch of the scope's last rotation, u32.
 */
export function deriveScopeKey(seed: Uint8Array, scope: string, epoch: number): Uint8Array {
  return deriveFromSeed(seed, "A/v1", [scopeName(scope), u32be(epoch)]);
}

/**
 * The scope key of the emergency scope, 32 bytes. Public: what keeps these records shut is the keepers' half alone, and that is what
 * a patient accepts by turning emergency access on.
 */
export const EMERGENCY_SCOPE_KEY: Uint8Array = sha256(utf8("carekey/emergency/v1"));

/** The opaque tag of a scope: HMAC-SHA-256 under a key of the seed. Kept in the vault, since it outlives the generation. */
export function deriveTag(seed: Uint8Array, scope: string): Hex {
  return toHex(hmac(sha256, deriveFromSeed(seed, "tag/v1"), scopeName(scope)));
}

function scopeName(scope: string): Uint8Array {
  const name = utf8(scope);
  if (name.length === 0 || name.length > 256) {
    throw new SdkError("INVALID_ARGUMENT", "scope: expected a name of 1 to 256 bytes");
  }
  return name;
}
