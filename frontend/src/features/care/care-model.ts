/**
 * @module features/care/care-model
 * What grants and shared items mean to a clinician: patients, windows, filters. Pure functions.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { OpenedRecord, ReceivedGrant, SharedItem } from "@carekey/sdk/client";
import { READ, WRITE } from "@carekey/sdk/consent";
import { summarise } from "@carekey/sdk/fhir";
import { endWords } from "../../lib/consent-end.ts";
import { isIn, type Period } from "../../lib/days.ts";

/** A day in seconds. */
export const DAY = 86_400;
/** Consents that end within this time are "ending soon". */
export const SOON = 7 * DAY;

/** A patient who shares, or shared, with this clinician. Times in seconds, null = nothing active. */
export type PatientOfMine = {
  address: Address;
  name: string;
  /** Plain names of what may be read now. */
  scopeLabels: readonly string[];
  readUntil: number | null;
  writeUntil: number | null;
  /** The newest active consent to write, whose terms an entry needs. */
  writeGrant: ReceivedGrant | null;
  grants: readonly ReceivedGrant[];
  /** Whether anything is active, or begins later. */
  isCurrent: boolean;
};

/** Whether two addresses are one, whatever their capitals. */
export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The latest end among active grants of one right. */
function untilOf(grants: readonly ReceivedGrant[], rights: number): number | null {
  const ends = grants
    .filter(({ status, terms }) => status === "active" && terms.rights === rights)
    .map(({ terms }) => terms.expiresAt);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** One patient's grants as one card; `grants` newest first. */
export function patientOf(address: Address, grants: readonly ReceivedGrant[]): PatientOfMine {
  const own = grants.filter(({ patient }) => isSame(patient, address));
  const active = own.filter(({ status }) => status === "active");
  const labels = active.filter(({ terms }) => terms.rights === READ).flatMap(({ scopes }) => scopes);
  return {
    address,
    name: own[0]?.patientName ?? "",
    scopeLabels: [...new Set(labels.map(({ label }) => label))],
    readUntil: untilOf(own, READ),
    writeUntil: untilOf(own, WRITE),
    writeGrant: active.find(({ terms }) => terms.rights === WRITE) ?? null,
    grants: own,
    isCurrent: own.some(({ status }) => status === "active" || status === "not-yet"),
  };
}

/** Everybody who shares or shared, current ones first, each group by name. */
export function patientsOf(grants: readonly ReceivedGrant[]): PatientOfMine[] {
  const addresses = new Map(grants.map(({ patient }) => [patient.toLowerCase(), patient]));
  return [...addresses.values()]
    .map((address) => patientOf(address, grants))
    .sort((left, right) => Number(right.isCurrent) - Number(left.isCurrent) || left.name.localeCompare(right.name));
}

/** Patients whose name or address holds every word of the query. */
export function searchPatients(patients: readonly PatientOfMine[], query: string): PatientOfMine[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return patients.filter(({ name, address }) => words.every((word) => plain(`${name} ${address}`).includes(word)));
}

/** Active consents that end within a week, soonest first. */
export function endingSoon(grants: readonly ReceivedGrant[], now: number): ReceivedGrant[] {
  return grants
    .filter(({ status, terms }) => status === "active" && terms.expiresAt - now < SOON)
    .sort((left, right) => left.terms.expiresAt - right.terms.expiresAt);
}

/** What the list of a chart is narrowed to. Empty values narrow nothing; times in seconds. */
export type ItemFilters = Period & { scope: string; author: string; search: string };

/** No narrowing. */
export const NO_ITEM_FILTERS: ItemFilters = { scope: "", author: "", from: null, until: null, search: "" };

/** How many filters narrow the list, the search not counted. */
export function countOf({ scope, author, from, until }: ItemFilters): number {
  return [scope !== "", author !== "", from !== null, until !== null].filter(Boolean).length;
}

/** Whether the filters or the search narrow anything. */
export function isNarrowed(filters: ItemFilters): boolean {
  return filters.search.trim() !== "" || countOf(filters) > 0;
}

/** The items that pass. The search sees titles of what was opened in this visit only: the rest is still sealed. */
export function filterItems(
  items: readonly SharedItem[],
  filters: ItemFilters,
  titleOfEntry: (entryId: Hex) => string,
): SharedItem[] {
  const words = plain(filters.search).split(/\s+/).filter(Boolean);
  return items.filter(({ entry, scopeLabel, recordedAt }) => {
    if (filters.scope !== "" && scopeLabel !== filters.scope) return false;
    if (filters.author !== "" && !isSame(entry.author, filters.author)) return false;
    if (!isIn(filters, recordedAt)) return false;
    const text = plain(`${titleOfEntry(entry.entryId)} ${scopeLabel}`);
    return words.every((word) => text.includes(word));
  });
}

/** The title of an opened record. */
export function titleOf({ manifest }: Pick<OpenedRecord, "manifest">): string {
  const { fhir, name } = manifest.core;
  return fhir === null ? name : summarise(fhir).title;
}

/** What opening one more takes from a limit of views; `left` is null before the keepers were asked. */
export function viewsLeftOf(left: number | null, maxViews: number): string {
  if (left !== null) return `${left} of ${maxViews} views left`;
  return maxViews === 1 ? "May be opened once" : `Uses one of ${maxViews} views`;
}

/** Until when, as "until" goes on: a date, or the patient's word. */
export function untilWords(until: number, now = Math.floor(Date.now() / 1000)): string {
  return endWords({ notBefore: now, expiresAt: until }, "the patient");
}

/** What is left of a limit of views, to whoever looks. */
export function viewsLeftWords(left: number): string {
  if (left === 0) return "This was the last view that the patient allowed.";
  return left === 1 ? "One more view is allowed." : `${left} more views are allowed.`;
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
}
