/**
 * @module features/audit/view-filters
 * What the access log is narrowed to. Pure functions.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { View } from "@carekey/sdk/client";
import { isIn, type Period } from "../../lib/days.ts";

/** What the access log is narrowed to; empty values narrow nothing. Addresses compare whatever their spelling. */
export type ViewFilters = Period & {
  search: string;
  reader: Address | null;
  keeper: Address | null;
  consentId: Hex | null;
  show: "all" | "emergencies" | "alarms";
};

/** No narrowing. */
export const NO_VIEW_FILTERS: ViewFilters = {
  search: "",
  reader: null,
  keeper: null,
  consentId: null,
  show: "all",
  from: null,
  until: null,
};

/** How many filters besides the search are in use. */
export function countOf({ reader, keeper, consentId, show, from, until }: ViewFilters): number {
  return [reader, keeper, consentId, from, until].filter((value) => value !== null).length + (show === "all" ? 0 : 1);
}

/** Views that pass, newest first. Every word of the search has to be in the title, the reader's name, the reason or the consent's words. */
export function filterViews(views: readonly View[], filters: ViewFilters): View[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  return views.filter((view) => passes(view, filters, words)).sort((left, right) => right.at - left.at);
}

function passes(view: View, filters: ViewFilters, words: readonly string[]): boolean {
  const { reader, keeper, consentId, show } = filters;
  if (reader !== null && !isSame(view.reader, reader)) return false;
  if (keeper !== null && !view.receipts.some((receipt) => isSame(receipt.keeper, keeper))) return false;
  if (consentId !== null && view.consentId !== consentId) return false;
  if (show === "emergencies" && view.kind !== "emergency") return false;
  if (show === "alarms" && view.alarm === null) return false;
  if (!isIn(filters, view.at)) return false;
  const parts = [view.title, view.readerName, view.reason, view.consent?.scopes, view.consent?.purpose];
  const text = parts.join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Everybody who viewed something, by name. */
export function readersOf(views: readonly View[]): { address: Address; name: string }[] {
  const readers = new Map(
    views.map(({ reader, readerName }) => [reader.toLowerCase(), { address: reader, name: readerName }]),
  );
  return [...readers.values()].sort((left, right) => left.name.localeCompare(right.name));
}

/** The consents under which something was viewed, the newest first. */
export function consentsOf(views: readonly View[]): { id: Hex; view: View }[] {
  const consents = new Map(
    views.filter(({ consent }) => consent !== null).map((view) => [view.consentId, { id: view.consentId, view }]),
  );
  return [...consents.values()].sort((left, right) => right.view.consent!.grantedAt - left.view.consent!.grantedAt);
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
