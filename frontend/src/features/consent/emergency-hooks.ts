/**
 * @module features/consent/emergency-hooks
 * The acts of a patient about emergency access, and the records that can be chosen for it.
 */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import {
  configureEmergency,
  disableEmergency,
  listOwnRecords,
  type EmergencyWish,
  type OwnRecord,
} from "@carekey/sdk/client";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** The person's approved records in their newest version. */
export function useChoosableRecords(): UseQueryResult<OwnRecord[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.ownRecords(person.address),
    queryFn: () => listOwnRecords(carekey, person),
    select: ({ records }) =>
      records.filter(
        ({ entry, manifest }) => entry.status === "approved" && entry.supersededBy === null && manifest !== null,
      ),
  });
}

/** Turns emergency access on, or changes it. */
export function useConfigureEmergency(): Act<EmergencyWish, void> {
  const { carekey, person } = useCarekey();
  return useAct((wish: EmergencyWish, options) => configureEmergency(carekey, person, wish, options), {
    invalidate: [queryKeys.emergencies, queryKeys.records, queryKeys.deal(person.address)],
    done: "Emergency access is on. Print the card and carry it with you.",
  });
}

/** Turns it off. */
export function useDisableEmergency(): Act<void, void> {
  const { carekey } = useCarekey();
  return useAct((_: void, options) => disableEmergency(carekey, options), {
    invalidate: [queryKeys.emergencies],
    done: "Emergency access is off. Nobody can use it.",
  });
}
