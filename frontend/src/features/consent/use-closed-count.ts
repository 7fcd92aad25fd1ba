/**
 * @module features/consent/use-closed-count
 * How many of the person's records a former reader did not open in time.
 */
import { useQuery } from "@tanstack/react-query";
import { listOwnRecords, type Consent, type View } from "@carekey/sdk/client";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";
import { closedCount } from "./consent-words.ts";

/** Records of the consent's parts that stay closed for its reader; null while it is not known. */
export function useClosedCount(consent: Consent, opened: readonly View[]): number | null {
  const { carekey, person } = useCarekey();
  const { data } = useQuery({
    queryKey: queryKeys.ownRecords(person.address),
    queryFn: () => listOwnRecords(carekey, person),
  });
  return data === undefined ? null : closedCount(consent, data.records, opened);
}
