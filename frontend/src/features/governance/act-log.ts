/**
 * @module features/governance/act-log
 * The registrar's log: its words, filters and export. Pure functions.
 */
import type { AdministrativeAct } from "@carekey/sdk/client";
import { isIn, type Period } from "../../lib/days.ts";
import { csvTime, toCsv } from "../../lib/csv.ts";
import { formatDate } from "../../lib/format.ts";

/** What happened, in the order in which the filter lists it. */
export const actWords: Readonly<Record<AdministrativeAct["kind"], string>> = {
  verified: "Licence confirmed",
  rejected: "Application rejected",
  suspended: "Suspended",
  restored: "Restored",
  "emergency-justified": "Emergency found justified",
  "emergency-unjustified": "Emergency found unjustified",
  "registrar-appointed": "Registrar appointed",
  "registrar-dismissed": "Registrar dismissed",
  "administrator-appointed": "Administrator appointed",
  "administrator-dismissed": "Administrator dismissed",
};

/** What the log is narrowed to; empty values narrow nothing. */
export type ActFilters = Period & { search: string; kind: AdministrativeAct["kind"] | null };

/** No narrowing. */
export const NO_ACT_FILTERS: ActFilters = { search: "", kind: null, from: null, until: null };

/** How many filters besides the search are in use. */
export function countOf({ kind, from, until }: ActFilters): number {
  return [kind, from, until].filter((value) => value !== null).length;
}

/** Acts that pass, in their order. Every word of the search has to be in a name, an address, the act's words or the reason. */
export function filterActs(acts: readonly AdministrativeAct[], filters: ActFilters): AdministrativeAct[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  return acts.filter((act) => {
    if (filters.kind !== null && act.kind !== filters.kind) return false;
    if (!isIn(filters, act.at)) return false;
    const text = [act.name, act.account, act.byName, act.by, actWords[act.kind], act.reason].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What is to be added to an act's words, such as until when a licence holds. */
export function actDetail({ validUntil, reason }: Pick<AdministrativeAct, "validUntil" | "reason">): string | null {
  if (validUntil !== null) return `Until ${formatDate(validUntil)}`;
  return reason === null ? null : `“${reason}”`;
}

const COLUMNS = ["when (UTC)", "what", "who", "address", "by", "address", "valid until (UTC)", "reason", "transaction"];

/** The log as CSV. */
export function actsToCsv(acts: readonly AdministrativeAct[]): string {
  const rows = acts.map((act) => [
    csvTime(act.at),
    act.kind,
    act.name,
    act.account,
    act.byName,
    act.by,
    act.validUntil === null ? "" : csvTime(act.validUntil),
    act.reason ?? "",
    act.chain?.txHash ?? "",
  ]);
  return toCsv(COLUMNS, rows);
}
