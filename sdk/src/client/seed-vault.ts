/**
 * @module client/seed-vault
 * The earlier seeds of a person, sealed under the newest one in a vault block that the chain names: whoever has the newest recovery code
 * has all of them, and needs neither the gateway nor another device for it.
 */
import type { Address, Hex } from "../bytes.ts";
import { derivePersonKeys, type PersonKeys } from "../crypto/index.ts";
import { isSdkError } from "../errors.ts";
import { emptyVault, generationOfVault, openVault, sealVault, type VaultContext } from "../records/index.ts";
import { blockTypeOf, readBlock, readBlockOrNull } from "./blocks.ts";
import { loadChart } from "./charts.ts";
import { addressOf, sendAct } from "./context.ts";
import { heldKeys } from "./own-keys.ts";
import type { ActOptions, Carekey, Person } from "./types.ts";

/** Seeds by generation, from 0 without a gap. */
export type EarlierSeeds = readonly Uint8Array[];

function vaultContext(carekey: Carekey, generation: number, patient = addressOf(carekey)): VaultContext {
  const { chainId, carekey: contract } = carekey.deployment;
  return { chainId, contract, patient, generation };
}

/**
 * Seals all of a person's seeds under the next keys and announces the block: one transaction.
 * @throws SdkError SIGNATURE_REFUSED, IPFS_UNAVAILABLE, …
 */
export async function announceSeeds(
  carekey: Carekey,
  person: Person,
  next: PersonKeys,
  options: ActOptions,
): Promise<void> {
  const digest = await putSeeds(carekey, person, next, addressOf(carekey));
  await sendAct(carekey, "note", [digest], "Keep your earlier keys, sealed under the new ones", options);
}

/**
 * Ties the own chart to an earlier account's: a block with that account's seeds, which opens only as that account's, sealed under the own
 * keys. One transaction.
 * @throws SdkError SIGNATURE_REFUSED, IPFS_UNAVAILABLE, …
 */
export async function announceLink(carekey: Carekey, person: Person, old: Person, options: ActOptions): Promise<void> {
  const digest = await putSeeds(carekey, old, person.keys, old.address);
  await sendAct(carekey, "note", [digest], "Tie your records to those of your earlier account", options);
}

/** The seeds of an earlier account that this chart is tied to; null when it is not. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE */
export async function linkedSeeds(
  carekey: Carekey,
  person: Person,
  predecessor: Address,
): Promise<EarlierSeeds | null> {
  const { replayed } = await loadChart(carekey, person.address);
  for (const { digest } of replayed.notes) {
    const bytes = await readBlockOrNull(carekey, digest);
    if (bytes === null || blockTypeOf(bytes) !== "vault") continue;
    for (const { keys } of heldKeys(person)) {
      const seeds = await openSeeds(carekey, bytes, keys.vaultKey, keys.generation, predecessor);
      if (seeds !== null && seeds.length > 0) return seeds;
    }
  }
  return null;
}

/** Stores all seeds of `owner`, sealed under `keys` as belonging to `account`. @returns the block's digest. */
async function putSeeds(carekey: Carekey, owner: Person, keys: PersonKeys, account: Address): Promise<Hex> {
  const updatedAt = carekey.now();
  const seeds = heldKeys(owner).map(
    (held) => [String(held.keys.generation), { updatedAt, seed: held.keys.seed }] as const,
  );
  const vault = sealVault({
    state: { ...emptyVault(), seeds: Object.fromEntries(seeds) },
    vaultKey: keys.vaultKey,
    context: vaultContext(carekey, keys.generation, account),
  });
  for (const { bytes } of vault.blocks) await carekey.ipfs.putRaw(bytes, { pinName: vault.digest });
  return vault.digest;
}

/**
 * The seeds of all generations before `generation`, as sealed under `seed`; null when the chain names no such block that it opens.
 * @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function earlierSeeds(
  carekey: Carekey,
  seed: Uint8Array,
  generation: number,
): Promise<EarlierSeeds | null> {
  const { vaultKey } = derivePersonKeys(seed, generation);
  const { replayed } = await loadChart(carekey, addressOf(carekey));
  for (const { digest } of replayed.notes.toReversed()) {
    const bytes = await readBlockOrNull(carekey, digest);
    if (bytes === null || blockTypeOf(bytes) !== "vault") continue;
    const seeds = await openSeeds(carekey, bytes, vaultKey, generation, addressOf(carekey));
    if (seeds !== null && seeds.length === generation) return seeds;
  }
  return null;
}

/** The seeds in a vault block of an account; null when it is of another one, another generation, or a seed that was tried and dropped. */
async function openSeeds(
  carekey: Carekey,
  bytes: Uint8Array,
  vaultKey: Uint8Array,
  generation: number,
  account: Address,
): Promise<EarlierSeeds | null> {
  try {
    if (generationOfVault(bytes) !== generation) return null;
    const { seeds } = await openVault({
      bytes,
      vaultKey,
      context: vaultContext(carekey, generation, account),
      getBlock: (digest) => readBlock(carekey, digest),
    });
    const ordered = Array.from({ length: Object.keys(seeds).length }, (_, index) => seeds[index]?.seed);
    return ordered.every((earlier) => earlier !== undefined) ? ordered : null;
  } catch (error) {
    if (isSdkError(error, "DECRYPTION_FAILED") || isSdkError(error, "MALFORMED")) return null;
    throw error;
  }
}
