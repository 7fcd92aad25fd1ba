/**
 * @module features/audit/activity-model
 * The history of what the person did and decided. Pure functions.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { AccessRequest, Consent, OwnRecord } from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";

/** What happened, in the person's history. */
export type HistoryEvent = {
  id: string;
  /** Seconds. */
  at: number;
  kind: "added" | "submitted" | "waiting" | "approved" | "denied" | "shared" | "stopped" | "ended" | "refused-request";
  title: string;
  /** The other person, if there is one. */
  who: Address | null;
  entryId: Hex | null;
  detail: string | null;
};

/** Sources of the history. `titleOf` names a record. */
export type HistorySources = {
  records: readonly OwnRecord[];
  consents: readonly Consent[];
  requests: readonly AccessRequest[];
  /** When the blocks with decisions were made, in seconds, by block number. */
  blockTimes: ReadonlyMap<bigint, number>;
  now: number;
};

/** The history, newest first. */
export function historyOf({ records, consents, requests, blockTimes, now }: HistorySources): HistoryEvent[] {
  const events = [
    ...records.flatMap((record) => recordEvents(record, blockTimes)),
    ...consents.flatMap((consent) => consentEvents(consent, now)),
    ...requests.flatMap(requestEvents),
  ];
  return events.sort((left, right) => right.at - left.at);
}

function recordEvents(record: OwnRecord, blockTimes: ReadonlyMap<bigint, number>): HistoryEvent[] {
  const { entry, manifest, recordedAt } = record;
  const fallback = entry.status === "denied" ? "An entry" : "A record that could not be opened";
  const base = { at: recordedAt, title: manifest?.core.name ?? fallback, entryId: entry.entryId };
  if (entry.kind === "add") {
    const detail = entry.supersedes === null ? null : "A newer version of an earlier record";
    return [{ ...base, id: `${entry.entryId}/add`, kind: "added", who: null, detail }];
  }
  const submitted = { ...base, id: `${entry.entryId}/submit`, who: entry.author, detail: null };
  if (entry.status === "pending") return [{ ...submitted, kind: "waiting" }];
  const kind = entry.status === "approved" ? "approved" : "denied";
  const decidedAt = entry.decidedAtBlock === undefined ? undefined : blockTimes.get(entry.decidedAtBlock);
  return [
    { ...submitted, id: `${entry.entryId}/${kind}`, kind, at: decidedAt ?? recordedAt },
    { ...submitted, kind: "submitted" },
  ];
}

function consentEvents(consent: Consent, now: number): HistoryEvent[] {
  const { terms, scopeLabels, status, revokedAt, grantedAt, id } = consent;
  const title = terms.rights === WRITE ? "Adding entries" : scopeLabels.join(", ");
  const base = {
    title,
    who: terms.grantee,
    entryId: null,
    detail: terms.about.purpose === "" ? null : terms.about.purpose,
  };
  const events: HistoryEvent[] = [{ ...base, id: `${id}/grant`, at: grantedAt, kind: "shared" }];
  if (status === "revoked" && revokedAt !== null)
    events.push({ ...base, id: `${id}/stop`, at: revokedAt, kind: "stopped" });
  if (status === "expired" && terms.expiresAt <= now)
    events.push({ ...base, id: `${id}/end`, at: terms.expiresAt, kind: "ended" });
  return events;
}

function requestEvents(request: AccessRequest): HistoryEvent[] {
  if (request.status !== "refused" || request.answeredAt === null) return [];
  const { id, answeredAt, from, purpose, reason } = request;
  return [
    {
      id: `${id}/refuse`,
      at: answeredAt,
      kind: "refused-request",
      title: purpose,
      who: from,
      entryId: null,
      detail: reason,
    },
  ];
}
