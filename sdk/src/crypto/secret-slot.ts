/**
 * @module crypto/secret-slot
 * Unlock slots under a secret that nobody can guess: the PRF output of a passkey, or a wallet's signature. JSON, version 1:
 * XChaCha20-Poly1305(KEK = HKDF-SHA-256(secret, salt, "carekey/slot/" ‖ kind), seed; AAD = label, chain, address and every other field).
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { assertBytes, fromHex, toHex, utf8, type Hex } from "../bytes.ts";
import { encodeCbor, type CborValue } from "../cbor.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { openXChaCha, sealXChaCha } from "./aead.ts";
import { secureRandom, type Random } from "./random.ts";
import { hexOf, type SlotOwner } from "./slot.ts";

/** Bytes of a slot's salt: a PRF's input, and what a wallet is shown. */
export const SLOT_SALT_BYTES = 32;
/** Bytes that a passkey's PRF gives (WebAuthn level 3, section 10.1.4). */
export const PRF_BYTES = 32;
/** Bytes of a wallet's signature, r ‖ s ‖ v. */
const SIGNATURE_BYTES = 65;
/** Most characters of a slot's label. */
const MAX_LABEL = 64;

const common = {
  version: z.literal(1),
  generation: z.int().min(0).max(0xffffffff),
  /** What the person calls it, such as "Chrome on Android". The gateway can read it. */
  label: z.string().min(1).max(MAX_LABEL),
  /** Seconds. */
  createdAt: z.int().nonnegative(),
  nonce: hexOf(24),
  /** seed 32 ‖ tag 16 */
  sealed: hexOf(48),
};

/** Schema of a slot that a passkey opens. `credential`: the credential id that WebAuthn asks for. */
export const passkeySlotSchema = z.strictObject({
  ...common,
  kind: z.literal("passkey"),
  kdf: z.strictObject({ name: z.literal("webauthn-prf"), salt: hexOf(SLOT_SALT_BYTES), credential: hexOf(16, 1023) }),
});

/** Schema of a slot that a wallet's signature over the slot's salt opens. */
export const walletSlotSchema = z.strictObject({
  ...common,
  kind: z.literal("wallet"),
  kdf: z.strictObject({ name: z.literal("eip712-signature"), salt: hexOf(SLOT_SALT_BYTES) }),
});

const secretSlotSchema = z.discriminatedUnion("kind", [passkeySlotSchema, walletSlotSchema]);

/** A seed sealed under a passkey's PRF output. */
export type PasskeySlot = z.output<typeof passkeySlotSchema>;
/** A seed sealed under a wallet's signature. */
export type WalletSlot = z.output<typeof walletSlotSchema>;
/** A seed sealed under a secret that nobody can guess. */
export type SecretSlot = PasskeySlot | WalletSlot;

/** How a secret comes about: by which kind, from which salt. */
export type SecretSource = Pick<PasskeySlot, "kind" | "kdf"> | Pick<WalletSlot, "kind" | "kdf">;

/** A fresh salt, for a PRF or a wallet. */
export function newSlotSalt(random: Random = secureRandom): Hex {
  return toHex(random(SLOT_SALT_BYTES));
}

/**
 * Seals a seed under a secret.
 * @param input - `secret`: the PRF output (32 bytes) or the signature (65 bytes) that `source` leads to.
 * @throws SdkError INVALID_ARGUMENT for a secret, salt, credential or label of the wrong length.
 */
export function sealSecretSlot(input: {
  source: SecretSource;
  seed: Uint8Array;
  generation: number;
  owner: SlotOwner;
  secret: Uint8Array;
  label: string;
  createdAt: number;
  random?: Random;
}): SecretSlot {
  assertBytes(input.seed, 32, "seed");
  const { source, generation, label, createdAt } = input;
  const nonce = (input.random ?? secureRandom)(24);
  const header = { version: 1, ...source, generation, label, createdAt, nonce: toHex(nonce) };
  const parsed = secretSlotSchema.safeParse({ ...header, sealed: toHex(new Uint8Array(48)) });
  if (!parsed.success) {
    throw new SdkError("INVALID_ARGUMENT", "unlock slot: a field is out of range", { cause: parsed.error });
  }
  const slot = parsed.data;
  const sealed = sealXChaCha(deriveKek(slot, input.secret), nonce, input.seed, aadOf(slot, input.owner));
  return { ...slot, sealed: toHex(sealed) };
}

/**
 * The seed in a slot.
 * @throws SdkError WRONG_SECRET when the secret does not open it, or the slot was altered or is another person's.
 * @throws SdkError MALFORMED when it is no such slot; INVALID_ARGUMENT for a secret of the wrong length.
 */
export function openSecretSlot(input: { slot: unknown; owner: SlotOwner; secret: Uint8Array }): {
  seed: Uint8Array;
  generation: number;
} {
  const parsed = secretSlotSchema.safeParse(input.slot);
  if (!parsed.success) throw new SdkError("MALFORMED", "unlock slot: not one", { cause: parsed.error });
  const slot = parsed.data;
  try {
    const kek = deriveKek(slot, input.secret);
    const seed = openXChaCha(kek, fromHex(slot.nonce), fromHex(slot.sealed), aadOf(slot, input.owner));
    return { seed, generation: slot.generation };
  } catch (error) {
    if (!isSdkError(error, "DECRYPTION_FAILED")) throw error;
    throw new SdkError("WRONG_SECRET", "this does not open the slot");
  }
}

function deriveKek({ kind, kdf }: SecretSlot, secret: Uint8Array): Uint8Array {
  assertBytes(secret, kind === "passkey" ? PRF_BYTES : SIGNATURE_BYTES, "secret of the slot");
  return hkdf(sha256, secret, fromHex(kdf.salt), utf8(`carekey/slot/${kind}/v1`), 32);
}

function aadOf(slot: SecretSlot, owner: SlotOwner): Uint8Array {
  const { kind, kdf } = slot;
  const parameters: CborValue[] = [kdf.name, fromHex(kdf.salt)];
  if (kind === "passkey") parameters.push(fromHex(slot.kdf.credential));
  return encodeCbor([
    "carekey/slot/v1",
    owner.chainId,
    fromHex(owner.address, 20, "address"),
    slot.generation,
    kind,
    parameters,
    slot.label,
    slot.createdAt,
  ]);
}
