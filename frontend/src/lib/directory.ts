/**
 * @module lib/directory
 * Looking people up in the public directory.
 */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { findPeople, type PersonProfile } from "@carekey/sdk/client";
import { useCarekey } from "./carekey.tsx";
import { pinsQuery } from "./known-keys.ts";
import { queryKeys } from "./query-keys.ts";

/** Clinicians and organisations by name, speciality or address. Without a query, those the directory lists first. */
export function useDirectory(query: string): UseQueryResult<PersonProfile[]> {
  const viewer = useCarekey();
  return useQuery({
    queryKey: queryKeys.directory(query),
    queryFn: async ({ client }) => findPeople(viewer.carekey, { query }, await client.fetchQuery(pinsQuery(viewer))),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
