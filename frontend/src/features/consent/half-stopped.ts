/**
 * @module features/consent/half-stopped
 * Consents that the keepers refuse already although the network does not say so yet: stopping them broke off in between.
 * Remembered by this tab until they are finished; whoever forgets it sees the consent as it stands on the network.
 */
import { skipToken, useQuery, type QueryClient } from "@tanstack/react-query";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** Ids of the consents whose stopping waits to be finished. */
export function useHalfStopped(): readonly Hex[] {
  const { person } = useCarekey();
  const { data } = useQuery<readonly Hex[]>({
    queryKey: queryKeys.halfStopped(person.address),
    queryFn: skipToken,
    gcTime: Infinity,
  });
  return data ?? [];
}

/** Remembers that stopping this consent broke off after the keepers were told. */
export function rememberHalfStopped(queryClient: QueryClient, patient: Address, consentId: Hex): void {
  queryClient.setQueryData<readonly Hex[]>(queryKeys.halfStopped(patient), (known = []) => [
    ...new Set([...known, consentId]),
  ]);
}
