/**
 * @module lib/emergency
 * Emergency access as several screens need it: the requests that concern this person, stopping one, and what a patient decided.
 */
import { queryOptions, useQuery, type UseQueryResult } from "@tanstack/react-query";
import {
  listEmergencies,
  ownEmergency,
  stopEmergency,
  type Carekey,
  type EmergencyCase,
  type OwnEmergency,
  type Person,
} from "@carekey/sdk/client";
import { useCarekey } from "./carekey.tsx";
import { queryKeys } from "./query-keys.ts";
import { useAct, type Act } from "./use-act.ts";

/** How often the chain is asked: whoever can stop a request has minutes for it. */
const CHECK_EVERY_MS = 15_000;

function emergenciesQuery(carekey: Carekey, person: Person) {
  return queryOptions({
    queryKey: queryKeys.emergencyList(person.address),
    queryFn: () => listEmergencies(carekey, person),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** Every request that concerns this person, newest first. */
export function useEmergencies(): UseQueryResult<EmergencyCase[]> {
  const { carekey, person } = useCarekey();
  return useQuery(emergenciesQuery(carekey, person));
}

/** What this patient decided about emergencies. */
export function useOwnEmergency(): UseQueryResult<OwnEmergency> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.ownEmergency(person.address),
    queryFn: () => ownEmergency(carekey, person),
  });
}

/** Stops a request, before it opens or afterwards. */
export function useStopEmergency(): Act<EmergencyCase, void> {
  const { carekey } = useCarekey();
  return useAct((found: EmergencyCase, options) => stopEmergency(carekey, found, options), {
    invalidate: [queryKeys.emergencies],
    done: "Stopped. Nothing more opens under this request.",
  });
}
