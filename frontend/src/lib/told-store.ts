/**
 * @module lib/told-store
 * Remembers on this device which of its own news a person has read, sealed under the person's keys.
 */
import type { CborValue } from "@carekey/sdk/cbor";
import type { Carekey, Person } from "@carekey/sdk/client";
import { deriveDeviceKey, openOnDevice, sealOnDevice } from "./device-seal.ts";
import type { Told } from "./device-news.ts";

const LABEL = "carekey/told/v1";

/** What was told; on a device that knows nothing yet, everything up to now counts as told. */
export async function loadTold(carekey: Carekey, person: Person): Promise<Told> {
  const place = placeOf(carekey, person);
  const sealed = await carekey.store.get(place);
  const known = sealed === null ? null : toldFrom(await openOnDevice(await keyOf(person), place, sealed));
  if (known !== null) return known;
  const begun = { since: carekey.now(), ids: [] };
  await saveTold(carekey, person, begun);
  return begun;
}

/** Remembers what was told. */
export async function saveTold(carekey: Carekey, person: Person, told: Told): Promise<void> {
  const place = placeOf(carekey, person);
  await carekey.store.put(place, await sealOnDevice(await keyOf(person), place, [told.since, [...told.ids]]));
}

function keyOf({ keys }: Person): Promise<CryptoKey> {
  return deriveDeviceKey(keys.vaultKey, LABEL);
}

function placeOf({ deployment: { chainId, carekey } }: Carekey, { address }: Person): string {
  return `told/${chainId}/${carekey}/${address}`.toLowerCase();
}

function toldFrom(value: CborValue): Told | null {
  if (!Array.isArray(value)) return null;
  const [since, ids] = value;
  if (typeof since !== "number" || !Array.isArray(ids)) return null;
  return { since, ids: ids.filter((id) => typeof id === "string") };
}
