/**
 * @module client/rotation
 * New keys for the parts of a chart whose keys a former reader holds. What is due follows from the chain and the own blocks, so a
 * rotation that was interrupted goes on from any device. Until then keepers already refuse the former reader everything.
 */
import { SCOPES } from "../consent/index.ts";
import { keyHolders, ownConsents } from "./consents.ts";
import { loadOwnChart, type OwnChart } from "./own-chart.ts";
import { tagOf } from "./own-keys.ts";
import { rotateScopes } from "./sharing.ts";
import type { ActOptions, Carekey, Person } from "./types.ts";

/** Names of the scopes that need a new key. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function rotationsDue(carekey: Carekey, person: Person): Promise<string[]> {
  return dueIn(carekey, person, await loadOwnChart(carekey, person));
}

async function dueIn(carekey: Carekey, person: Person, chart: OwnChart): Promise<string[]> {
  const holders = keyHolders((await ownConsents(carekey, person)).consents);
  return SCOPES.map(({ name }) => name).filter((scope) => chart.epochs.mustRotate(tagOf(person, scope), holders));
}

/**
 * Gives each scope that needs it a new key, sealed to those who go on reading. One transaction; none when nothing is due.
 * @returns the scopes that were rotated.
 * @throws SdkError SIGNATURE_REFUSED (nothing changed; it stays due), CANCELLED, CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE
 */
export async function rotateDue(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<string[]> {
  const chart = await loadOwnChart(carekey, person);
  const due = await dueIn(carekey, person, chart);
  if (due.length > 0) await rotateScopes(carekey, person, chart, due, options);
  return due;
}
