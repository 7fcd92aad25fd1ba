/**
 * @module client/own-keys
 * A person's keys across generations. New things are made with the present keys only; what was sealed or wrapped before a leak opens
 * with the earlier ones. Tags stay those of the first seed for ever, because consents name them.
 */
import type { Hex } from "../bytes.ts";
import { deriveDealScalar, deriveRecordKey, deriveScopeKey, deriveTag, multiplyPoint } from "../crypto/index.ts";
import type { RecordTuple } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { keyHashOf } from "../identity/index.ts";
import type { Opener } from "../records/index.ts";
import type { HeldKeys, Person } from "./types.ts";

/** All keys of a person, the present ones first. */
export function heldKeys(person: Person): HeldKeys[] {
  return [{ keys: person.keys, keyDocumentDigest: person.keyDocumentDigest }, ...person.earlier.toReversed()];
}

/** The seed of one generation. @throws SdkError KEYS_REPLACED when this tab's keys are older than that */
export function seedOf(person: Person, generation: number): Uint8Array {
  const held = heldKeys(person).find(({ keys }) => keys.generation === generation);
  if (held === undefined) throw new SdkError("KEYS_REPLACED", "made with newer keys than those in memory");
  return held.keys.seed;
}

/** The opaque tag of one of this person's scopes. The same in every generation. */
export function tagOf(person: Person, scope: string): Hex {
  return deriveTag(seedOf(person, 0), scope);
}

/** The key A of a scope and epoch under the present seed. */
export function scopeKeyOf(person: Person, scope: string, epoch: number): Uint8Array {
  return deriveScopeKey(person.keys.seed, scope, epoch);
}

/** The record key of an own record under the keys of one generation: the owner multiplies by b and needs no keeper. */
export function ownRecordKey(person: Person, generation: number, scope: string, tuple: RecordTuple): Uint8Array {
  const seed = seedOf(person, generation);
  return deriveRecordKey({
    scopeKey: deriveScopeKey(seed, scope, tuple.epoch),
    point: multiplyPoint(deriveDealScalar(seed, generation), tuple),
    tuple,
  });
}

/** Whom these keys make an opener of envelopes. */
export function openerWith(person: Pick<Person, "address">, { keys, keyDocumentDigest }: HeldKeys): Opener {
  return { address: person.address, secret: keys.xwingSecret, keyHash: keyHashOf(keyDocumentDigest) };
}

/**
 * Opens something sealed to this person, whichever keys it was sealed to: the present ones first.
 * @returns what `open` gave, and the generation that opened it.
 * @throws SdkError DECRYPTION_FAILED when none opens it, and whatever else `open` throws
 */
export async function openAsPerson<Opened>(
  person: Person,
  open: (opener: Opener) => Promise<Opened>,
): Promise<{ opened: Opened; generation: number }> {
  let failure: unknown;
  for (const held of heldKeys(person)) {
    try {
      return { opened: await open(openerWith(person, held)), generation: held.keys.generation };
    } catch (error) {
      if (!isSdkError(error, "DECRYPTION_FAILED")) throw error;
      failure = error;
    }
  }
  throw failure;
}
