/**
 * @module client/unlock
 * From a seed to the person: which generation of keys it belongs to is told by the key documents on chain, never by where it came from.
 */
import { equalBytes, type Address, type Hex } from "../bytes.ts";
import { derivePersonKeys, type PersonKeys } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { decodeKeyDocument, keyHashOf, type KeyDocument } from "../identity/index.ts";
import { digestOf } from "../records/index.ts";
import { addressOf } from "./context.ts";
import { sameAddress } from "./people.ts";
import { earlierSeeds, type EarlierSeeds } from "./seed-vault.ts";
import type { Carekey, HeldKeys, Person } from "./types.ts";

/** One generation of an account: the newest key document with its keys. */
type PublishedKeys = { document: KeyDocument; digest: Hex };

/**
 * The person of a seed, once its keys are found to be those on chain. A seed that was saved for new keys which are not on chain yet opens
 * the present keys too, so that the change can go on.
 * @throws SdkError NOT_REGISTERED; KEY_MISMATCH when it is not this account's, or a false key document is served; KEYS_REPLACED for an
 * earlier generation's seed; NOT_FOUND when the block with the earlier seeds is gone.
 */
export async function unlockSeed(carekey: Carekey, seed: Uint8Array): Promise<Person> {
  const generations = await publishedGenerations(carekey, addressOf(carekey));
  const newest = generations.length - 1;
  const matching = generations.findLastIndex(({ document }) => isOf(derivePersonKeys(seed, 0), document));
  if (matching === newest) return personOfSeed(carekey, seed, generations);
  if (matching >= 0) throw new SdkError("KEYS_REPLACED", "these keys were replaced by newer ones");
  return personWithNext(carekey, seed, generations);
}

/**
 * The person of another account whose seeds are at hand, oldest first: an earlier account of the same person.
 * @throws SdkError KEY_MISMATCH when these are not the seeds of the keys on chain, NOT_REGISTERED
 */
export async function personOfAccount(
  carekey: Carekey,
  address: Address,
  seeds: readonly Uint8Array[],
): Promise<Person> {
  const generations = await publishedGenerations(carekey, address);
  if (seeds.length !== generations.length) {
    throw new SdkError("KEY_MISMATCH", "these seeds are not all of this account's generations");
  }
  return assemble(address, seeds, generations, null);
}

async function personOfSeed(
  carekey: Carekey,
  seed: Uint8Array,
  generations: readonly PublishedKeys[],
): Promise<Person> {
  const generation = generations.length - 1;
  const earlier = generation === 0 ? [] : await earlierSeeds(carekey, seed, generation);
  if (earlier === null) throw new SdkError("NOT_FOUND", "the block with the earlier keys is gone or damaged");
  return assemble(addressOf(carekey), [...earlier, seed], generations, null);
}

/** The present person, when `seed` belongs to keys that were begun. @throws SdkError KEY_MISMATCH */
async function personWithNext(
  carekey: Carekey,
  seed: Uint8Array,
  generations: readonly PublishedKeys[],
): Promise<Person> {
  const seeds = await earlierSeeds(carekey, seed, generations.length);
  if (seeds === null) {
    throw new SdkError("KEY_MISMATCH", "these keys are not the ones registered for this account", {
      details: { reason: "other-account" },
    });
  }
  return assemble(addressOf(carekey), seeds, generations, derivePersonKeys(seed, generations.length));
}

function assemble(
  address: Address,
  seeds: EarlierSeeds,
  generations: readonly PublishedKeys[],
  next: PersonKeys | null,
): Person {
  const held = generations.map(({ document, digest }, generation): HeldKeys => {
    const keys = derivePersonKeys(seeds[generation]!, generation);
    if (!isOf(keys, document)) throw new SdkError("KEY_MISMATCH", "the saved keys are not the ones registered");
    return { keys, keyDocumentDigest: digest };
  });
  const present = held.at(-1)!;
  return { address, generation: held.length - 1, ...present, earlier: held.slice(0, -1), next };
}

function isOf(keys: PersonKeys, document: KeyDocument): boolean {
  return equalBytes(document.xwingPublicKey, keys.xwingPublicKey);
}

/** The generations of an account, the first one first. A document with the same keys as the one before (another name) is no new one. */
async function publishedGenerations(carekey: Carekey, address: Address): Promise<PublishedKeys[]> {
  const [identity, digests] = await Promise.all([
    carekey.chain.identityOf(address),
    carekey.chain.keyDocumentDigestsOf(address),
  ]);
  if (identity.role === 0) {
    throw new SdkError("NOT_REGISTERED", "the keys are saved, but this account has not registered on the chain");
  }
  const newest = digests.at(-1);
  if (newest === undefined || keyHashOf(newest) !== identity.keyHash.toLowerCase()) {
    throw new SdkError("KEY_MISMATCH", "the node's events and state name different keys for this account");
  }
  const generations: PublishedKeys[] = [];
  for (const [digest, block] of await keyDocumentsOf(carekey, address, digests)) {
    const document = decodeKeyDocument(block);
    const last = generations.at(-1);
    if (last !== undefined && equalBytes(last.document.xwingPublicKey, document.xwingPublicKey)) generations.pop();
    generations.push({ document, digest });
  }
  return generations;
}

/**
 * The key documents of an account by digest, in the order of the chain. An own one that the gateway lacks (a registration or change that
 * broke off after its transaction) is published again.
 */
async function keyDocumentsOf(
  carekey: Carekey,
  address: Address,
  digests: readonly Hex[],
): Promise<Map<Hex, Uint8Array>> {
  const served = await carekey.gateway.getKeyDocuments(address).catch((error: unknown) => {
    if (isSdkError(error, "NOT_FOUND")) return [];
    throw error;
  });
  const known = new Map(served.map((bytes) => [digestOf(bytes), bytes] as const));
  if ([...known.keys()].some((digest) => !digests.includes(digest))) {
    throw new SdkError("KEY_MISMATCH", "the key document served for this account is not the one on the chain");
  }
  const documents = new Map<Hex, Uint8Array>();
  for (const digest of digests) documents.set(digest, known.get(digest) ?? (await carekey.ipfs.getRaw(digest)));
  const newest = digests.at(-1)!;
  if (!known.has(newest) && sameAddress(address, addressOf(carekey)))
    await carekey.gateway.publishKeyDocument(documents.get(newest)!);
  return documents;
}
