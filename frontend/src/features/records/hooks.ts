/**
 * @module features/records/hooks
 * The chart, the records in it, and the acts on them: queries with their keys, and flows that make them stale.
 */
import { queryOptions, useQuery, type UseQueryResult } from "@tanstack/react-query";
import {
  decideEntries,
  listConsents,
  listOwnRecords,
  listRequests,
  openOwnRecord,
  type AccessRequest,
  type Carekey,
  type Consent,
  type Decision,
  type OpenedRecord,
  type OwnRecord,
  type Person,
  type VerifiedChart,
} from "@carekey/sdk/client";
import { SdkError } from "@carekey/sdk/errors";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** Decrypted titles stay in memory for this long after a screen is left, so that "back" does not decrypt all again. Locking forgets them. */
const KEPT_MS = 10 * 60_000;
/** How often a shown chart is compared with the chain. */
const CHECK_EVERY_MS = 30_000;

/** The query of the person's own chart: verified against the chain, its records decrypted. One reading, so that both agree. */
export function ownRecordsQuery(carekey: Carekey, person: Person) {
  return queryOptions({
    queryKey: queryKeys.ownRecords(person.address),
    queryFn: () => listOwnRecords(carekey, person),
    gcTime: KEPT_MS,
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** The person's own chart, verified. */
export function useOwnChart(): UseQueryResult<VerifiedChart> {
  const { carekey, person } = useCarekey();
  return useQuery({ ...ownRecordsQuery(carekey, person), select: ({ chart }) => chart.chart });
}

/** The person's own records, decrypted. */
export function useOwnRecords(): UseQueryResult<OwnRecord[]> {
  const { carekey, person } = useCarekey();
  return useQuery({ ...ownRecordsQuery(carekey, person), select: ({ records }) => records });
}

/** One own record, opened for reading. Forgotten as soon as it is no longer shown. */
export function useOpenedRecord(record: OwnRecord | null): UseQueryResult<OpenedRecord> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.record(record?.entry.entryId ?? "0x"),
    queryFn: () => {
      if (record === null) throw new SdkError("NOT_FOUND", "no such entry in this chart");
      return openOwnRecord(carekey, person, record.entry);
    },
    enabled: record !== null,
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** The person's consents, to say who can see a record. */
export function useRecordConsents(): UseQueryResult<Consent[]> {
  const { carekey, person } = useCarekey();
  return useQuery({ queryKey: queryKeys.consentList(person.address), queryFn: () => listConsents(carekey, person) });
}

/** Requests that wait for an answer, for the home page. */
export function useWaitingRequests(): UseQueryResult<AccessRequest[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.requestList(person.address),
    queryFn: () => listRequests(carekey, person),
    select: ({ received }) => received.filter(({ status }) => status === "waiting"),
  });
}

/** Approves and denies entries, all in one confirmation. */
export function useDecide(onDone?: () => void): Act<Decision, unknown> {
  const { carekey, person } = useCarekey();
  return useAct((decision: Decision, options) => decideEntries(carekey, person, decision, options), {
    invalidate: [queryKeys.records, queryKeys.chart(person.address), queryKeys.notices(person.address)],
    done: (_, { approve, deny }) => decisionText(approve.length, deny.length),
    onDone,
  });
}

/** What a decision came to, as a sentence. */
export function decisionText(approved: number, denied: number): string {
  const count = (amount: number) => (amount === 1 ? "One entry" : `${amount} entries`);
  if (denied === 0) return `${count(approved)} added to your records.`;
  if (approved === 0) return `${count(denied)} refused. Your history keeps a note of it.`;
  return `${count(approved)} added, ${count(denied).toLowerCase()} refused.`;
}
