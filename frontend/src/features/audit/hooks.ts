/**
 * @module features/audit/hooks
 * What the history of decisions and consents is made of. The access log itself comes from `lib/access-log`.
 */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import {
  listConsents,
  listOwnRecords,
  listRequests,
  type AccessRequest,
  type Consent,
  type OwnRecord,
  type VerifiedChart,
} from "@carekey/sdk/client";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** The person's records, for the history. */
export function useHistoryRecords(): UseQueryResult<{ records: OwnRecord[]; chart: VerifiedChart }> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.ownRecords(person.address),
    queryFn: () => listOwnRecords(carekey, person),
    select: ({ records, chart }) => ({ records, chart: chart.chart }),
  });
}

/** The person's consents, for the history. */
export function useHistoryConsents(): UseQueryResult<Consent[]> {
  const { carekey, person } = useCarekey();
  return useQuery({ queryKey: queryKeys.consentList(person.address), queryFn: () => listConsents(carekey, person) });
}

/** Requests received, for the history. */
export function useHistoryRequests(): UseQueryResult<AccessRequest[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.requestList(person.address),
    queryFn: () => listRequests(carekey, person),
    select: ({ received }) => received,
  });
}

/** When the decisions on entries were made, in seconds, by block number. Blocks never change their time. */
export function useBlockTimes(records: readonly OwnRecord[]): UseQueryResult<Map<bigint, number>> {
  const { carekey } = useCarekey();
  const numbers = [...new Set(records.flatMap(({ entry }) => entry.decidedAtBlock ?? []))].sort((left, right) =>
    left < right ? -1 : 1,
  );
  return useQuery({
    queryKey: ["block-times", numbers.map(String)],
    queryFn: async () => {
      const blocks = await Promise.all(numbers.map((number) => carekey.chain.block(number)));
      return new Map(blocks.map(({ number, timestamp }) => [number, timestamp]));
    },
    staleTime: Infinity,
    structuralSharing: false,
  });
}
