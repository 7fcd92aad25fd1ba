/**
 * @module client/consents
 * The consents that a patient gave, rebuilt from the chain and the patient's part of each bundle.
 */
import type { Hex } from "../bytes.ts";
import type { ConsentState, GrantedEvent } from "../chain/index.ts";
import {
  READ,
  consentStatus,
  hashTerms,
  termsFromArray,
  type ConsentStatus,
  type ConsentTerms,
} from "../consent/index.ts";
import { isSdkError } from "../errors.ts";
import { openBundleAsPatient, type PatientPart } from "../records/index.ts";
import { readBlockOrNull } from "./blocks.ts";
import type { KeyHolder } from "./epochs.ts";
import { chainContext } from "./inbox.ts";
import { keptFor } from "./kept.ts";
import { openAsPerson } from "./own-keys.ts";
import type { PinnedKeys } from "./people.ts";
import type { Carekey, Person } from "./types.ts";

/** A consent of this patient. `endedAt` in seconds, null while it stands (or has not begun). */
export type OwnConsent = {
  id: Hex;
  terms: ConsentTerms;
  labels: PatientPart["labels"];
  granteeKeyDocument: Hex;
  grantedAt: number;
  state: ConsentState;
  status: ConsentStatus;
  endedAt: number | null;
};

/** All consents of a patient; `unreadable` are those whose bundle is gone or damaged, which can still be revoked by id. */
export type OwnConsents = { consents: OwnConsent[]; unreadable: { id: Hex; grantedAt: number; state: ConsentState }[] };

const partsOpenedBy = keptFor<Person, Map<Hex, PatientPart | null>>(() => new Map());

async function patientPart(carekey: Carekey, person: Person, event: GrantedEvent): Promise<PatientPart | null> {
  const known = partsOpenedBy(person);
  const cached = known.get(event.consentId);
  if (cached !== undefined) return cached;
  const bytes = await readBlockOrNull(carekey, event.bundle);
  if (bytes === null) return null;
  const part = await openPart(carekey, person, event, bytes);
  known.set(event.consentId, part);
  return part;
}

async function openPart(
  carekey: Carekey,
  person: Person,
  event: GrantedEvent,
  bytes: Uint8Array,
): Promise<PatientPart | null> {
  try {
    const { consentId } = event;
    const chain = chainContext(carekey);
    return (await openAsPerson(person, (patient) => openBundleAsPatient({ bytes, chain, consentId, patient }))).opened;
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}

/** When a consent ended, seconds; null when it has not. */
export function endOf(terms: ConsentTerms, state: ConsentState, now: number): number | null {
  const ends = [
    ...(state.revokedAt > 0 ? [state.revokedAt] : []),
    ...(state.grantedAt > 0 && state.grantedAt <= state.revokedBefore ? [state.revokedBefore] : []),
    ...(now >= terms.expiresAt ? [terms.expiresAt] : []),
  ];
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Every consent this patient ever gave, newest first. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function ownConsents(carekey: Carekey, person: Person): Promise<OwnConsents> {
  const events = await carekey.chain.grantsOf(person.address);
  const now = carekey.now();
  const found = await Promise.all(
    events.map(async (event) => {
      const [state, part] = await Promise.all([
        carekey.chain.consentState(person.address, event.consentId),
        patientPart(carekey, person, event),
      ]);
      return { event, state, part };
    }),
  );
  const result: OwnConsents = { consents: [], unreadable: [] };
  for (const { event, state, part } of found.reverse()) {
    const terms = part === null ? null : termsOf(part, event.consentId);
    if (part === null || terms === null) {
      result.unreadable.push({ id: event.consentId, grantedAt: event.grantedAt, state });
      continue;
    }
    result.consents.push({
      id: event.consentId,
      terms,
      labels: part.labels,
      granteeKeyDocument: part.granteeKeyDocument,
      grantedAt: event.grantedAt,
      state,
      status: consentStatus(terms, state, now),
      endedAt: endOf(terms, state, now),
    });
  }
  return result;
}

/** The terms in a part of a bundle, if they are those of the consent. */
function termsOf(part: PatientPart, consentId: Hex): ConsentTerms | null {
  try {
    const terms = termsFromArray(part.terms);
    return hashTerms(terms) === consentId ? terms : null;
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}

/** The grantees whose keys this patient pinned by granting; the newest grant counts. */
export function pinsFromConsents(consents: readonly OwnConsent[]): PinnedKeys {
  return new Map(
    [...consents].reverse().map(({ terms, granteeKeyDocument }) => [terms.grantee.toLowerCase(), granteeKeyDocument]),
  );
}

/** Who holds or held scope keys, for rotation. An unreadable bundle counts as a holder of nothing: its scopes are unknown. */
export function keyHolders(consents: readonly OwnConsent[]): KeyHolder[] {
  return consents
    .filter(({ terms }) => terms.rights === READ)
    .map(({ terms, endedAt }) => ({ tags: terms.scopes, endedAt }));
}
