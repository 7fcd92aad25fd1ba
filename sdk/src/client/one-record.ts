/**
 * @module client/one-record
 * Sharing one record: a scope of its own, whose tag and key are made for this consent, and the one wrap that fits it
 * (docs/decisions/0074). Its epoch is the generation of the patient's keys, since it is never rotated.
 */
import { toHex, type Hex } from "../bytes.ts";
import { ONE_RECORD_LABEL, describeScopes, recordOfScope, recordScopeName, scopeLabel } from "../consent/index.ts";
import { SdkError } from "../errors.ts";
import type { BundleScope, BundleWrap, ScopeKey } from "../records/index.ts";
import type { OwnConsent } from "./consents.ts";
import { randomBytes } from "./context.ts";
import { openOwnManifest, wrapRowAt, type OwnChart } from "./own-chart.ts";
import { scopeKeyOf, tagOf } from "./own-keys.ts";
import type { Carekey, GrantRequest, Person } from "./types.ts";

/** Refuses what one record cannot be shared with. @throws SdkError INVALID_ARGUMENT */
export function assertRecordRequest({ scopes, rights, fromNow }: GrantRequest): void {
  if (scopes.length > 0 || rights.length !== 1 || rights[0] !== "read" || fromNow === true) {
    throw new SdkError("INVALID_ARGUMENT", "record: one record is shared alone, to read, as it is");
  }
}

/** The names of the scopes that a request to read covers, and the words for them, which never name the record. */
export function describeShared({ record, scopes }: GrantRequest): { scopes: readonly string[]; words: string } {
  if (record === undefined) return { scopes, words: describeScopes(scopes) };
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(record.recordedAt * 1000);
  const name = recordScopeName(record.pointer, toHex(randomBytes(16)));
  return { scopes: [name], words: `${ONE_RECORD_LABEL}, kept since ${day}` };
}

/**
 * What the grantee of one record gets; null when the scope is a part of the chart.
 * @throws SdkError NOT_FOUND when the chart holds no such approved record
 */
export async function sealOneRecord(
  carekey: Carekey,
  person: Person,
  chart: OwnChart,
  scope: string,
): Promise<{ scopes: BundleScope[]; wrap: BundleWrap } | null> {
  const pointer = recordOfScope(scope);
  if (pointer === null) return null;
  const epoch = person.generation;
  const { dek } = await openOwnManifest(carekey, person, chart, approvedEntry(chart, pointer));
  const { wrap } = await wrapRowAt(carekey, person, epoch, { scope, pointer, dek });
  const keys = [{ epoch, key: scopeKeyOf(person, scope, epoch) }];
  return {
    scopes: [{ label: scopeLabel(scope), tag: tagOf(person, scope), keys }],
    wrap: { recordId: pointer, epoch, wrap },
  };
}

/** A record that is shared alone now, and the scope made for that. */
export type SharedAlone = { scope: string; pointer: Hex };

/** The records that consents share alone now. */
export function sharedAlone(consents: readonly Pick<OwnConsent, "labels" | "endedAt">[]): SharedAlone[] {
  return consents.flatMap(({ labels, endedAt }) => {
    const scope = labels[0]?.label ?? "";
    const pointer = recordOfScope(scope);
    return pointer === null || endedAt !== null ? [] : [{ scope, pointer }];
  });
}

/** The keys of these scopes under the present generation, for the readers who have the earlier ones. */
export function keysOfAlone(person: Person, alone: readonly SharedAlone[]): ScopeKey[] {
  const epoch = person.generation;
  return alone.map(({ scope }) => ({ tag: tagOf(person, scope), epoch, key: scopeKeyOf(person, scope, epoch) }));
}

function approvedEntry({ replayed }: OwnChart, pointer: Hex) {
  const entry = replayed.entries.find((each) => each.pointer.toLowerCase() === pointer && each.status === "approved");
  if (entry === undefined) throw new SdkError("NOT_FOUND", "this record is not part of the chart");
  return entry;
}
