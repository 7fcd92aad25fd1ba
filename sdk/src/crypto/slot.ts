/**
 * @module crypto/slot
 * The passphrase slot: the seed sealed under a passphrase, so that a second device needs no recovery code. JSON, version 1:
 * XChaCha20-Poly1305(KEK = scrypt(passphrase), seed; AAD = label, chain, address, generation, kind and every KDF parameter).
 */
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { z } from "zod";
import { assertBytes, fromHex, toHex, utf8, type Address, type Hex } from "../bytes.ts";
import { encodeCbor } from "../cbor.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { openXChaCha, sealXChaCha } from "./aead.ts";
import { normalisePassphrase, passphraseStrength } from "./passphrase.ts";
import { secureRandom, type Random } from "./random.ts";

/** Least cost that is accepted when a slot is opened: a server must not be able to hand out a cheap one. */
export const MIN_SCRYPT = { n: 2 ** 17, r: 8, p: 1 } as const;
const MAX_SCRYPT = { n: 2 ** 20, r: 16, p: 4 } as const;

/** Schema of bytes as 0x-hex: so many, or from so many to so many. */
export const hexOf = (least: number, most = least) =>
  z
    .string()
    .regex(new RegExp(`^0x([0-9a-f]{2}){${least},${most}}$`))
    .transform((value) => value as Hex);

/** Schema of a slot as it travels through the gateway. Parameters below the minimum parse, so that opening can say why not. */
export const slotSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal("passphrase"),
  generation: z.int().min(0).max(0xffffffff),
  kdf: z.strictObject({
    name: z.literal("scrypt"),
    n: z.int().positive(),
    r: z.int().positive(),
    p: z.int().positive(),
    salt: hexOf(16),
  }),
  nonce: hexOf(24),
  /** seed 32 ‖ tag 16 */
  sealed: hexOf(48),
});

/** A seed sealed under a passphrase. */
export type Slot = z.output<typeof slotSchema>;

/** Whom a slot belongs to; bound into it. */
export type SlotOwner = { chainId: number; address: Address };

/**
 * Seals a seed under a passphrase. Takes about a second; the page stays alive.
 * @param input - `onProgress`: receives 0 to 1.
 * @throws SdkError WEAK_PASSPHRASE with `details.problems` and `details.reasons`.
 */
export async function sealSlot(input: {
  seed: Uint8Array;
  generation: number;
  owner: SlotOwner;
  passphrase: string;
  random?: Random;
  onProgress?: (progress: number) => void;
}): Promise<Slot> {
  assertBytes(input.seed, 32, "seed");
  const { ok, problems, reasons } = passphraseStrength(input.passphrase);
  if (!ok) {
    throw new SdkError("WEAK_PASSPHRASE", "the passphrase is too easy to guess", { details: { problems, reasons } });
  }
  const random = input.random ?? secureRandom;
  const kdf = { name: "scrypt" as const, ...MIN_SCRYPT, salt: toHex(random(16)) };
  const nonce = toHex(random(24));
  const header = { version: 1 as const, kind: "passphrase" as const, generation: input.generation, kdf, nonce };
  const kek = await deriveKek(input.passphrase, kdf, input.onProgress);
  return { ...header, sealed: toHex(sealXChaCha(kek, fromHex(nonce), input.seed, slotAad(header, input.owner))) };
}

/**
 * The seed in a slot.
 * @throws SdkError WRONG_SECRET when the passphrase does not open it, or the slot was altered or is another person's.
 * @throws SdkError MALFORMED when it is no slot, or its KDF parameters are below the minimum or absurdly high.
 */
export async function openSlot(input: {
  slot: unknown;
  owner: SlotOwner;
  passphrase: string;
  onProgress?: (progress: number) => void;
}): Promise<{ seed: Uint8Array; generation: number }> {
  const parsed = slotSchema.safeParse(input.slot);
  if (!parsed.success) throw new SdkError("MALFORMED", "unlock slot: not one", { cause: parsed.error });
  const slot = parsed.data;
  const { n, r, p } = slot.kdf;
  const strong = n >= MIN_SCRYPT.n && r >= MIN_SCRYPT.r && p >= MIN_SCRYPT.p;
  const bounded = n <= MAX_SCRYPT.n && r <= MAX_SCRYPT.r && p <= MAX_SCRYPT.p && Number.isInteger(Math.log2(n));
  if (!strong || !bounded) {
    throw new SdkError("MALFORMED", "unlock slot: its key derivation parameters are out of bounds", {
      details: { n, r, p },
    });
  }
  const kek = await deriveKek(input.passphrase, slot.kdf, input.onProgress);
  try {
    const seed = openXChaCha(kek, fromHex(slot.nonce), fromHex(slot.sealed), slotAad(slot, input.owner));
    return { seed, generation: slot.generation };
  } catch (error) {
    if (!isSdkError(error, "DECRYPTION_FAILED")) throw error;
    throw new SdkError("WRONG_SECRET", "the passphrase does not open this slot");
  }
}

function deriveKek(passphrase: string, kdf: Slot["kdf"], onProgress?: (progress: number) => void): Promise<Uint8Array> {
  return scryptAsync(utf8(normalisePassphrase(passphrase)), fromHex(kdf.salt), {
    N: kdf.n,
    r: kdf.r,
    p: kdf.p,
    dkLen: 32,
    maxmem: 2 ** 31,
    ...(onProgress ? { onProgress } : {}),
  });
}

function slotAad(slot: Omit<Slot, "sealed">, owner: SlotOwner): Uint8Array {
  const { name, n, r, p, salt } = slot.kdf;
  return encodeCbor([
    "carekey/slot/v1",
    owner.chainId,
    fromHex(owner.address, 20, "address"),
    slot.generation,
    slot.kind,
    [name, n, r, p, fromHex(salt)],
  ]);
}
