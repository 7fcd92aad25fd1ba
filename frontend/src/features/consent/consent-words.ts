/**
 * @module features/consent/consent-words
 * Consents in plain words, grouped by person; and what a person had opened before sharing ended. Pure functions.
 */
import type { Consent, OwnRecord, PersonProfile, View } from "@carekey/sdk/client";
import { FLAG_OTP, WRITE } from "@carekey/sdk/consent";
import { endWords as formatEnd } from "../../lib/consent-end.ts";
import { formatDate, formatList, recordCount } from "../../lib/format.ts";

/** A person and the consents that stand or stood for them. */
export type PersonConsents = { grantee: PersonProfile; consents: Consent[] };

/** Consents that hold now or will later. */
export function isCurrent({ status }: Pick<Consent, "status">): boolean {
  return status === "active" || status === "not-yet";
}

/** Consents by person, people in order of their newest consent. */
export function groupByPerson(consents: readonly Consent[]): PersonConsents[] {
  const people = new Map<string, PersonConsents>();
  for (const consent of [...consents].sort((left, right) => right.grantedAt - left.grantedAt)) {
    const key = consent.terms.grantee.toLowerCase();
    const known = people.get(key);
    if (known === undefined) people.set(key, { grantee: consent.grantee, consents: [consent] });
    else known.consents.push(consent);
  }
  return [...people.values()];
}

/** "Can read your Lab results and Images" or "Can add entries, which you approve first". */
export function rightsWords({ terms, scopeLabels, record }: Pick<Consent, "terms" | "scopeLabels" | "record">): string {
  if (terms.rights === WRITE) return "Can add entries, which wait for your approval";
  if (record !== null) return "Can read one record";
  const what = formatList(scopeLabels);
  return terms.fromEpoch > 0 ? `Can read new entries in ${what}` : `Can read ${what}`;
}

/** Whether the reader enters a one-time code for what they open. */
export function asksForCode({ terms }: Pick<Consent, "terms">): boolean {
  return (terms.flags & FLAG_OTP) !== 0;
}

/** From when until when. */
export function windowWords({ terms, status }: Pick<Consent, "terms" | "status">): string {
  const until = `until ${formatEnd(terms, "you")}`;
  return status === "not-yet"
    ? `From ${formatDate(terms.notBefore)} ${until}`
    : `Since ${formatDate(terms.notBefore)}, ${until}`;
}

/** How a past consent ended. */
export function endWords({ terms, status, revokedAt }: Pick<Consent, "terms" | "status" | "revokedAt">): string {
  if (status === "revoked") return revokedAt === null ? "You stopped it" : `You stopped it on ${formatDate(revokedAt)}`;
  return `It ended by itself on ${formatDate(terms.expiresAt)}`;
}

/** When a past consent ended, seconds. */
export function endOf({ terms, revokedAt }: Pick<Consent, "terms" | "revokedAt">): number {
  return Math.min(revokedAt ?? terms.expiresAt, terms.expiresAt);
}

/** How many records are closed by the end of a consent; null while it is not known. */
export function closedWords(count: number | null, since: string, name: string): string {
  if (count === null) return `Closed for ${name} since ${since}: everything not opened before.`;
  const records = recordCount(count);
  return `Closed for ${name} since ${since}: ${count === 0 ? "no further record" : records}, and whatever comes.`;
}

/** Records of the consent's scopes that were not opened under it. */
export function closedCount(
  { scopes }: Pick<Consent, "scopes">,
  records: readonly Pick<OwnRecord, "entry" | "scope">[],
  opened: readonly Pick<View, "recordId">[],
): number {
  const seen = new Set(opened.map(({ recordId }) => recordId));
  return records.filter(
    ({ entry, scope }) =>
      entry.status === "approved" && scope !== null && scopes.includes(scope) && !seen.has(entry.pointer),
  ).length;
}

/** What was opened under a consent: different records, each with its last view. */
export function openedUnder(consent: Pick<Consent, "id">, views: readonly View[]): View[] {
  const newest = new Map<string, View>();
  for (const view of views) {
    if (view.consentId !== consent.id) continue;
    const known = newest.get(view.recordId);
    if (known === undefined || known.at < view.at) newest.set(view.recordId, view);
  }
  return [...newest.values()].sort((left, right) => right.at - left.at);
}

/** How much of a limit of views is left; `left` is null before the keepers were asked. */
export function viewsLeftWords(left: number | null, maxViews: number): string {
  if (left !== null) return `${left} of ${maxViews} views left`;
  return maxViews === 1 ? "May open one record, once" : `At most ${maxViews} views`;
}
