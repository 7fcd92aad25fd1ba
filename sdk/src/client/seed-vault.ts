/**
 * @module client/seed-vault
 * The earlier seeds of a person, sealed under the newest one in a vault block that the chain names: whoever has the newest recovery code
 * has all of them, and needs neither the gateway nor another device for it.
 */
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

function vaultContext(carekey: Carekey, generation: number): VaultContext {
  const { chainId, carekey: contract } = carekey.deployment;
  return { chainId, contract, patient: addressOf(carekey), generation };
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
  const updatedAt = carekey.now();
  const seeds = heldKeys(person).map(({ keys }) => [String(keys.generation), { updatedAt, seed: keys.seed }] as const);
  const vault = sealVault({
    state: { ...emptyVault(), seeds: Object.fromEntries(seeds) },
    vaultKey: next.vaultKey,
    context: vaultContext(carekey, next.generation),
  });
  for (const { bytes } of vault.blocks) await carekey.ipfs.putRaw(bytes, { pinName: vault.digest });
  await sendAct(carekey, "note", [vault.digest], "Keep your earlier keys, sealed under the new ones", options);
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
    const seeds = await openSeeds(carekey, bytes, vaultKey, generation);
    if (seeds !== null) return seeds;
  }
  return null;
}

/** The seeds in a vault block; null when it is of another generation, or of another seed that was tried and dropped. */
async function openSeeds(
  carekey: Carekey,
  bytes: Uint8Array,
  vaultKey: Uint8Array,
  generation: number,
): Promise<EarlierSeeds | null> {
  try {
    if (generationOfVault(bytes) !== generation) return null;
    const { seeds } = await openVault({
      bytes,
      vaultKey,
      context: vaultContext(carekey, generation),
      getBlock: (digest) => readBlock(carekey, digest),
    });
    const ordered = Array.from({ length: generation }, (_, index) => seeds[index]?.seed);
    return ordered.every((earlier) => earlier !== undefined) ? ordered : null;
  } catch (error) {
    if (isSdkError(error, "DECRYPTION_FAILED") || isSdkError(error, "MALFORMED")) return null;
    throw error;
  }
}
