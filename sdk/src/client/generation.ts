/**
 * @module client/generation
 * New keys after a leak (spec section 4): everything from now on is made with a new seed, and all that was kept or shared goes on. Each
 * step looks at the chain, IPFS and the keepers for what is done, so it can break off anywhere and go on on any device.
 */
import { equalBytes, type Hex } from "../bytes.ts";
import { derivePersonKeys, type PersonKeys } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { decodeKeyDocument, encodeKeyDocument, makeKeyDocument } from "../identity/index.ts";
import { MAX_WRAP_ROWS, findWrap } from "../records/index.ts";
import { readBlock } from "./blocks.ts";
import { ownConsents } from "./consents.ts";
import { sendAct } from "./context.ts";
import { sharedAlone } from "./one-record.ts";
import { wrapEmergencyAnew } from "./emergency-settings.ts";
import {
  findOwnWrap,
  loadOwnChart,
  openOwnWrap,
  putWraps,
  wrapRowAt,
  type FiledWrap,
  type OwnChart,
} from "./own-chart.ts";
import { tagOf } from "./own-keys.ts";
import { announceSeeds, earlierSeeds } from "./seed-vault.ts";
import { handOverScopes, isHandedOver } from "./rotation.ts";
import { dealState, putDealInForce, storeDeal } from "./sharing.ts";
import { removeLostWays, savePassphraseSlot } from "./slots.ts";
import { unlockSeed } from "./unlock.ts";
import type { ActOptions, Carekey, Person } from "./types.ts";

/** How far a change of keys got. */
export type NewKeysState = {
  /** True when nothing is left to do: also for somebody who never changed keys. */
  complete: boolean;
  /** The new keys are saved, but not on the chain yet. */
  begun: boolean;
  /** Records that open with the new keys, of all that opened with earlier ones. */
  records: { done: number; total: number };
  /** The remaining readers have what they need. */
  readersDone: boolean;
  /** The keepers answer with the new keys, or were never asked to. */
  keepersDone: boolean;
};

/** The new keys: a fresh seed, whose recovery code is on paper, and a passphrase for it. */
export type NewKeys = { seed: Uint8Array; passphrase: string };

/** How far the last change of keys got. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, TOO_FEW_KEEPERS */
export async function newKeysState(carekey: Carekey, person: Person): Promise<NewKeysState> {
  const begun = person.next !== null;
  const none = { complete: !begun, begun, records: { done: 0, total: 0 }, readersDone: true, keepersDone: true };
  if (person.generation === 0 || begun) return none;
  const [chart, { isEarlier }] = await Promise.all([loadOwnChart(carekey, person), dealState(carekey, person)]);
  const { total, left } = await wrapsToMake(carekey, person, chart);
  const readersDone = isEveryoneServed(person, chart);
  const keepersDone = !isEarlier;
  const complete = left.length === 0 && readersDone && keepersDone;
  return { complete, begun, records: { done: total - left.length, total }, readersDone, keepersDone };
}

/**
 * Begins: keeps the earlier seeds sealed under the new one, saves the new one under its passphrase, and puts the new key document,
 * signed by the old key, on the chain. Two transactions. With `newKeys` null it goes on with those that were begun before.
 * @returns the person with the new keys; {@link finishNewKeys} does the rest.
 * @throws SdkError INVALID_ARGUMENT when there is nothing to go on with, WEAK_PASSPHRASE, SIGNATURE_REFUSED
 */
export async function beginNewKeys(
  carekey: Carekey,
  person: Person,
  newKeys: NewKeys | null,
  options: ActOptions = {},
): Promise<Person> {
  const seed = newKeys?.seed ?? person.next?.seed;
  if (seed === undefined) throw new SdkError("INVALID_ARGUMENT", "no new keys were begun");
  const next = derivePersonKeys(seed, person.generation + 1);
  options.onStep?.({ kind: "work", label: "Looking at what is done already" });
  // First of all: from here on the new code alone leads to everything.
  if ((await earlierSeeds(carekey, next.seed, next.generation)) === null) {
    await announceSeeds(carekey, person, next, options);
  }
  if (newKeys !== null) await savePassphraseSlot(carekey, next, newKeys.passphrase, options);
  await publishKeys(carekey, person, next, options);
  return unlockSeed(carekey, next.seed);
}

/** Puts the next key document on the chain, chained to the one before, unless that is done. */
async function publishKeys(carekey: Carekey, person: Person, next: PersonKeys, options: ActOptions): Promise<void> {
  const newest = (await carekey.chain.keyDocumentDigestsOf(person.address)).at(-1);
  if (newest !== person.keyDocumentDigest) return assertPublished(carekey, newest, next);
  const document = decodeKeyDocument(await readBlock(carekey, person.keyDocumentDigest));
  const block = encodeKeyDocument(
    makeKeyDocument({
      keys: next,
      address: person.address,
      issuedAt: Math.max(carekey.now(), document.issuedAt),
      display: document.display,
      previous: { document, signSecret: person.keys.signSecret },
    }),
  );
  await carekey.ipfs.putRaw(block.bytes, { pinName: block.digest });
  await sendAct(carekey, "rotateKey", [block.digest], "Replace your public key", options);
  await carekey.gateway.publishKeyDocument(block.bytes);
}

async function assertPublished(carekey: Carekey, newest: Hex | undefined, next: PersonKeys): Promise<void> {
  const document = newest === undefined ? null : decodeKeyDocument(await readBlock(carekey, newest));
  if (document !== null && equalBytes(document.xwingPublicKey, next.xwingPublicKey)) return;
  throw new SdkError("KEYS_REPLACED", "another device replaced these keys in the meantime");
}

/**
 * Finishes: the keepers store their shares, every record is wrapped anew, the remaining readers get their keys, and only then do the
 * keepers answer with the new ones. Does again only what is missing.
 * @throws SdkError SIGNATURE_REFUSED, TOO_FEW_KEEPERS (go on later), IPFS_UNAVAILABLE, …
 */
export async function finishNewKeys(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<void> {
  if (person.generation === 0) return;
  // Somebody who never shared has no deal, and needs none before the first grant.
  const { isEarlier } = await dealState(carekey, person);
  const deal = isEarlier ? await storeDeal(carekey, person, options) : null;
  await wrapAnew(carekey, person, await loadOwnChart(carekey, person), options);
  await wrapEmergencyAnew(carekey, person, options);
  const chart = await loadOwnChart(carekey, person);
  if (!isEveryoneServed(person, chart)) await handOverScopes(carekey, person, options);
  if (deal !== null) {
    options.onStep?.({ kind: "work", label: "Telling the keepers that all is ready" });
    await putDealInForce(carekey, deal);
  }
  await removeLostWays(carekey, person);
}

/** Wraps under the present keys for every record that has only earlier ones: one transaction for each 8,500 records. */
async function wrapAnew(carekey: Carekey, person: Person, chart: OwnChart, options: ActOptions): Promise<void> {
  const { left } = await wrapsToMake(carekey, person, chart);
  for (let from = 0; from < left.length; from += MAX_WRAP_ROWS) {
    const part = left.slice(from, from + MAX_WRAP_ROWS);
    const rows = [];
    for (const [index, { pointer, filed, scope, epoch }] of part.entries()) {
      const label = `Locking record ${from + index + 1} of ${left.length} with your new keys`;
      options.onStep?.({ kind: "work", label, progress: (from + index) / left.length });
      const dek = await openOwnWrap(carekey, person, filed, pointer);
      rows.push(await wrapRowAt(carekey, person, epoch, { scope, pointer, dek }));
    }
    const block = await putWraps(carekey, person, rows);
    await sendAct(carekey, "note", [block.digest], "Announce the new locks of your records", options);
  }
}

/** A wrap to make: for which record, out of which wrap, under which scope and epoch. */
type WrapToMake = { pointer: Hex; filed: FiledWrap; scope: string; epoch: number };

/**
 * The records that open with earlier keys only, and those shared alone whose readers have a wrap under earlier keys only. `total`: all
 * that were ever wrapped under earlier keys, and all that are shared alone.
 */
async function wrapsToMake(
  carekey: Carekey,
  person: Person,
  chart: OwnChart,
): Promise<{ total: number; left: WrapToMake[] }> {
  const pointers = new Set(chart.replayed.entries.map(({ pointer }) => pointer));
  const earlier = { ...chart, wraps: chart.wraps.filter(({ generation }) => generation < person.generation) };
  const present = chart.wraps.filter(({ generation }) => generation === person.generation);
  const wrapped = [...pointers].flatMap((pointer) => {
    const filed = findOwnWrap(person, earlier, pointer);
    return filed === null ? [] : [{ pointer, filed, scope: filed.scope, epoch: filed.epoch }];
  });
  const alone = sharedAlone((await ownConsents(carekey, person)).consents).flatMap(({ scope, pointer }) => {
    const filed = findOwnWrap(person, chart, pointer);
    return filed === null ? [] : [{ pointer, filed, scope, epoch: person.generation }];
  });
  const left = [...wrapped, ...alone].filter(({ pointer, scope, epoch }) => {
    const wanted = { tag: tagOf(person, scope), recordId: pointer, epochs: [epoch] };
    return !present.some((wraps) => findWrap(wraps, wanted) !== null);
  });
  return { total: wrapped.length + alone.length, left };
}

/** Whether readers have all keys; trivially so in a chart that never held a record. */
function isEveryoneServed(person: Person, chart: OwnChart): boolean {
  return chart.wraps.length === 0 || isHandedOver(person, chart);
}
