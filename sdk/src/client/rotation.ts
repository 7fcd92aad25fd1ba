/**
 * @module client/rotation
 * New keys for the parts of a chart whose keys a former reader holds. What is due follows from the chain and the own blocks, so a
 * rotation that was interrupted goes on from any device. Until then keepers already refuse the former reader everything.
 */
import { READ, SCOPES } from "../consent/index.ts";
import { isSdkError } from "../errors.ts";
import { encodeScopes, type ScopesGrant } from "../records/index.ts";
import { keyHolders, ownConsents, type OwnConsent } from "./consents.ts";
import { assertNotCancelled, sendAct } from "./context.ts";
import { chainContext, selfRecipient } from "./inbox.ts";
import { keysOfAlone, sharedAlone } from "./one-record.ts";
import { loadOwnChart, type OwnChart } from "./own-chart.ts";
import { scopeKeyOf, tagOf } from "./own-keys.ts";
import { recipientOf, type PinnedKeys } from "./people.ts";
import { pinnedKeys } from "./pins.ts";
import type { ActOptions, Carekey, Person } from "./types.ts";

const EVERY_SCOPE: readonly string[] = SCOPES.map(({ name }) => name);

/** Names of the scopes that need a new key. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function rotationsDue(carekey: Carekey, person: Person): Promise<string[]> {
  return dueAmong(EVERY_SCOPE, carekey, person, await loadOwnChart(carekey, person));
}

async function dueAmong(
  scopes: readonly string[],
  carekey: Carekey,
  person: Person,
  { epochs }: OwnChart,
): Promise<string[]> {
  const holders = keyHolders((await ownConsents(carekey, person)).consents);
  return [...new Set(scopes)].filter((scope) => epochs.mustRotate(tagOf(person, scope), holders));
}

/**
 * Gives each scope that needs it a new key, sealed to those who go on reading. One transaction; none when nothing is due.
 * @returns the scopes that were rotated.
 * @throws SdkError SIGNATURE_REFUSED (nothing changed; it stays due), CANCELLED, CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE
 */
export async function rotateDue(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<string[]> {
  return (await rotateDueAmong(EVERY_SCOPE, carekey, person, options)).due;
}

/**
 * Rotates those of the given scopes whose keys somebody holds whose consent has ended. To be called before new wraps.
 * @returns the chart to make wraps for.
 */
export async function rotateWhereDue(
  carekey: Carekey,
  person: Person,
  scopes: readonly string[],
  options: ActOptions = {},
): Promise<OwnChart> {
  return (await rotateDueAmong(scopes, carekey, person, options)).chart;
}

function rotateDueAmong(
  scopes: readonly string[],
  carekey: Carekey,
  person: Person,
  options: ActOptions,
): Promise<{ due: string[]; chart: OwnChart }> {
  return inTurn(person, options, async () => {
    const chart = await loadOwnChart(carekey, person);
    const due = await dueAmong(scopes, carekey, person, chart);
    if (due.length === 0) return { due, chart };
    await rotate(carekey, person, chart, due, options);
    return { due, chart: await loadOwnChart(carekey, person) };
  });
}

/**
 * Rotates scopes: a new epoch key for each, sealed to whoever still has an active consent that covers it. One act.
 * A reader whose key is not the pinned one any more gets nothing until the patient confirms it.
 * @returns the chart as it is then.
 * @throws SdkError SIGNATURE_REFUSED, CHAIN_UNAVAILABLE, …
 */
export function rotateScopes(
  carekey: Carekey,
  person: Person,
  scopes: readonly string[],
  options: ActOptions = {},
): Promise<OwnChart> {
  return inTurn(person, options, async () => {
    await rotate(carekey, person, await loadOwnChart(carekey, person), scopes, options);
    return loadOwnChart(carekey, person);
  });
}

const running = new WeakMap<Person, Promise<unknown>>();

/** Does `work` once the rotations are over that this tab began before: two at a time would make the wallet ask twice for the same. */
function inTurn<Result>(person: Person, options: ActOptions, work: () => Promise<Result>): Promise<Result> {
  const before = running.get(person);
  const mine = before === undefined ? work() : waitFor(before, options).then(work);
  const over = Promise.allSettled([before, mine]);
  running.set(person, over);
  void over.then(() => {
    if (running.get(person) === over) running.delete(person);
  });
  return mine;
}

/** Waits for what was begun before, however it ends. @throws SdkError CANCELLED when the person stops waiting */
async function waitFor(before: Promise<unknown>, options: ActOptions): Promise<void> {
  options.onStep?.({ kind: "work", label: "Waiting for the new key that your wallet asks about" });
  const stopped = new Promise<void>((resolve) => {
    options.signal?.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([before, stopped]);
  assertNotCancelled(options);
}

function rotate(
  carekey: Carekey,
  person: Person,
  chart: OwnChart,
  scopes: readonly string[],
  options: ActOptions,
): Promise<void> {
  return announceRotation(carekey, person, chart, { scopes, epochsOf: () => [], withAlone: false }, options);
}

/**
 * Hands the present generation's keys of every epoch to whoever may read: what remaining readers need once the keepers answer with the
 * present keys. It rotates every scope too. Nothing happens when that was done.
 */
export function handOverScopes(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<void> {
  return inTurn(person, options, async () => {
    const chart = await loadOwnChart(carekey, person);
    if (isHandedOver(person, chart)) return;
    const epochsOf = (scope: string) => chart.epochs.epochsOf(tagOf(person, scope));
    await announceRotation(carekey, person, chart, { scopes: EVERY_SCOPE, epochsOf, withAlone: true }, options);
  });
}

/** Whether the present generation's keys of every scope and epoch were handed to the readers. */
export function isHandedOver(person: Person, { epochs, rotations }: OwnChart): boolean {
  const covered = new Set(
    rotations
      .filter(({ generation }) => generation === person.generation)
      .flatMap(({ covers }) => covers.map(({ tag, epoch }) => `${tag}/${epoch}`)),
  );
  return SCOPES.every(({ name }) => {
    const tag = tagOf(person, name);
    return epochs.epochsOf(tag).every((epoch) => covered.has(`${tag}/${epoch}`));
  });
}

/** What a rotation announces: the next epoch's keys of the scopes, those of the epochs named, and those of records shared alone. */
type Announcement = {
  scopes: readonly string[];
  epochsOf: (scope: string) => readonly number[];
  withAlone: boolean;
};

async function announceRotation(
  carekey: Carekey,
  person: Person,
  chart: OwnChart,
  { scopes, epochsOf, withAlone }: Announcement,
  options: ActOptions,
): Promise<void> {
  const { consents } = await ownConsents(carekey, person);
  await outliveEnds(carekey, consents);
  const pins = await pinnedKeys(carekey, person, { consents });
  const epoch = chart.epochs.chartEpoch + 1;
  const patientKeys = scopes.flatMap((scope) =>
    [...epochsOf(scope), epoch].map((each) => ({
      tag: tagOf(person, scope),
      epoch: each,
      key: scopeKeyOf(person, scope, each),
    })),
  );
  const alone = withAlone ? keysOfAlone(person, sharedAlone(consents)) : [];
  const grants = await remainingReaders(carekey, consents, pins, [...patientKeys, ...alone]);
  const block = await encodeScopes({
    chain: chainContext(carekey),
    epoch,
    patient: selfRecipient(person),
    patientKeys,
    grants,
  });
  await carekey.ipfs.putRaw(block.bytes, { pinName: block.digest });
  await sendAct(carekey, "note", [block.digest], "Change the keys of what you share", options);
}

/**
 * Waits out the second in which a consent ended: a rotation within it counts as too early, and the wallet would be asked again. A block
 * may be a second ahead of this clock.
 */
async function outliveEnds({ now }: Carekey, consents: readonly OwnConsent[]): Promise<void> {
  const second = now();
  if (consents.some(({ endedAt }) => endedAt !== null && endedAt >= second)) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Who goes on reading which of the rotated scopes and epochs, one part per person. */
async function remainingReaders(
  carekey: Carekey,
  consents: readonly OwnConsent[],
  pins: PinnedKeys,
  keys: ScopesGrant["keys"],
): Promise<ScopesGrant[]> {
  const termsByReader = Map.groupBy(
    consents.filter(({ terms, endedAt }) => terms.rights === READ && endedAt === null).map(({ terms }) => terms),
    ({ grantee }) => grantee,
  );
  const grants: ScopesGrant[] = [];
  for (const [reader, allTerms] of termsByReader) {
    const mayHave = ({ tag, epoch }: ScopesGrant["keys"][number]) =>
      allTerms.some(({ scopes, fromEpoch }) => scopes.includes(tag) && epoch >= fromEpoch);
    const shared = keys.filter(mayHave);
    if (shared.length === 0) continue;
    try {
      grants.push({ recipient: await recipientOf(carekey, reader, pins), keys: shared });
    } catch (error) {
      if (!isSdkError(error, "KEY_CHANGED") && !isSdkError(error, "KEY_MISMATCH")) throw error;
    }
  }
  return grants;
}
