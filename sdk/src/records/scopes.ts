/**
 * @module records/scopes
 * The block of one rotation: `[1, "scopes", epoch, [sealed…]]`. Each part is sealed to one person and holds `[[tag, epoch, A]…]`, padded so
 * that all parts are of one size. The patient is one of the recipients; dummies fill up to a multiple of 8; the order is random. So the
 * block tells neither who reads nor what.
 */
import {
  asArgument,
  decodeBlock,
  encodeBlock,
  readArray,
  readBytes,
  readHex,
  readUint,
  type EncodedBlock,
} from "../block.ts";
import { assertBytes, fromHex, toHex, u32be, type Address, type Hex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../cbor.ts";
import { decryptionFailed } from "../crypto/aead.ts";
import {
  newEnvelopeKeys,
  openEnvelope,
  sealEnvelope,
  secureRandom,
  type EnvelopeContext,
  type Random,
} from "../crypto/index.ts";
import { isSdkError } from "../errors.ts";
import { padBlock, unpadBlock } from "./padding.ts";
import type { ChainContext, Opener, Recipient, ScopeKey } from "./types.ts";

const MAX_EPOCH = 0xffffffff;
const PARTS_MULTIPLE = 8;

/** A recipient of a rotation and the keys this person may go on with. */
export type ScopesGrant = { recipient: Recipient; keys: ScopeKey[] };

/**
 * Seals the keys of a rotation.
 * @param input - `epoch`: the new chart-wide epoch; `patient`: who rotates; gets `patientKeys`, so that another
 * device learns of it.
 * @throws SdkError TOO_LARGE above 1 MiB (some 400 recipients); INVALID_ARGUMENT for fields of wrong length or range.
 */
export async function encodeScopes(input: {
  chain: ChainContext;
  epoch: number;
  patient: Recipient;
  patientKeys: ScopeKey[];
  grants: readonly ScopesGrant[];
  random?: Random;
}): Promise<EncodedBlock> {
  const random = input.random ?? secureRandom;
  const { chain, epoch, patient } = input;
  const real: ScopesGrant[] = [{ recipient: patient, keys: input.patientKeys }, ...input.grants];
  const count = Math.ceil(real.length / PARTS_MULTIPLE) * PARTS_MULTIPLE;
  const dummies = Array.from({ length: count - real.length }, () => ({ recipient: dummy(random), keys: [] }));
  const all = asArgument("scopes", () => {
    readUint(epoch, "epoch", MAX_EPOCH);
    return [...real, ...dummies].map(({ recipient, keys }) => ({ recipient, plaintext: encodeKeys(keys) }));
  });
  const least = Math.max(...all.map(({ plaintext }) => 4 + plaintext.length));
  const parts: Uint8Array[] = [];
  for (const { recipient, plaintext } of shuffled(all, random)) {
    const context = contextOf(chain, epoch, patient.address, recipient);
    const options = { recipientPublicKey: recipient.publicKey, context, ...(input.random && { random }) };
    parts.push(await sealEnvelope(options, padBlock(plaintext, least)));
  }
  return encodeBlock("scopes", [epoch, parts]);
}

/** The epoch of a scopes block, without opening it. @throws SdkError MALFORMED | UNSUPPORTED_VERSION */
export function epochOfScopes(bytes: Uint8Array): number {
  return readUint(decodeBlock(bytes, "scopes", 2)[0], "epoch", MAX_EPOCH);
}

/**
 * Finds and opens one's own part.
 * @param input - `patient`: who rotated.
 * @throws SdkError DECRYPTION_FAILED when no part is for this person; MALFORMED | UNSUPPORTED_VERSION
 */
export async function openScopes(input: {
  bytes: Uint8Array;
  chain: ChainContext;
  patient: Address;
  opener: Opener;
}): Promise<{ epoch: number; keys: ScopeKey[] }> {
  const [epochValue, parts] = decodeBlock(input.bytes, "scopes", 2);
  const epoch = readUint(epochValue, "epoch", MAX_EPOCH);
  const context = contextOf(input.chain, epoch, input.patient, input.opener);
  for (const part of readArray(parts, "parts").map((value) => readBytes(value, "part"))) {
    let plaintext: Uint8Array;
    try {
      plaintext = await openEnvelope({ recipientSecret: input.opener.secret, context }, part);
    } catch (error) {
      if (isSdkError(error, "DECRYPTION_FAILED")) continue;
      throw error;
    }
    return { epoch, keys: decodeKeys(plaintext) };
  }
  throw decryptionFailed();
}

function encodeKeys(keys: readonly ScopeKey[]): Uint8Array {
  return encodeCbor(
    keys.map(({ tag, epoch, key }): CborValue => {
      assertBytes(key, 32, "scope key");
      return [fromHex(tag, 32, "tag"), readUint(epoch, "epoch", MAX_EPOCH), key];
    }),
  );
}

function decodeKeys(plaintext: Uint8Array): ScopeKey[] {
  return readArray(decodeCbor(unpadBlock(plaintext)), "scope keys").map((value) => {
    const [tag, epoch, key] = readArray(value, "scope key", 3);
    return {
      tag: readHex(tag, "tag"),
      epoch: readUint(epoch, "epoch", MAX_EPOCH),
      key: readBytes(key, "scope key", 32),
    };
  });
}

function contextOf(
  chain: ChainContext,
  epoch: number,
  patient: Address,
  recipient: { address: Address; keyHash: Hex },
): EnvelopeContext {
  return {
    chainId: chain.chainId,
    contract: chain.contract,
    purpose: "rotate",
    sender: patient,
    recipient: recipient.address,
    recipientKeyHash: recipient.keyHash,
    id: u32be(epoch),
  };
}

function dummy(random: Random): Recipient {
  const { publicKey } = newEnvelopeKeys(random);
  return { address: toHex(random(20)), publicKey, keyHash: toHex(random(20)) };
}

/** Fisher-Yates; the bias of 48 random bits over a few hundred places is negligible. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const draw = random(6).reduce((sum, byte) => sum * 256 + byte, 0) % (last + 1);
    [copy[last], copy[draw]] = [copy[draw]!, copy[last]!];
  }
  return copy;
}
