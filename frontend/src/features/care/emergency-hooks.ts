/**
 * @module features/care/emergency-hooks
 * What a clinician asks for and does in an emergency: the own standing, colleagues, requests, the second word, the records.
 */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address, Hex } from "@carekey/sdk/bytes";
import {
  askColleague,
  coSignEmergency,
  emergencyStanding,
  findPeople,
  openEmergencyRecord,
  readEmergencyChart,
  requestEmergency,
  type EmergencyCall,
  type EmergencyCase,
  type EmergencyChart,
  type EmergencyItem,
  type EmergencyStanding,
  type OpenedRecord,
  type PersonProfile,
} from "@carekey/sdk/client";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { pinsQuery } from "../../lib/known-keys.ts";
import { queryKeys } from "../../lib/query-keys.ts";
import { useViewSession } from "../../lib/view-session.ts";

/** Whether the own licence counts in emergencies. */
export function useEmergencyStanding(): UseQueryResult<EmergencyStanding> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.emergencies, "standing", person.address],
    queryFn: () => emergencyStanding(carekey, person.address),
  });
}

/** Licensed clinicians other than oneself, by part of a name or speciality. */
export function useColleagues(query: string): UseQueryResult<PersonProfile[]> {
  const viewer = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.directory(query, 2), "colleagues"],
    queryFn: async ({ client }) =>
      findPeople(viewer.carekey, { query, role: 2, verifiedOnly: true }, await client.fetchQuery(pinsQuery(viewer))),
    select: (people) => people.filter(({ address, verified }) => verified && address !== viewer.person.address),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Asks for emergency access. */
export function useRequestEmergency(): Act<EmergencyCall, { id: Hex; untold: Address[] }> {
  const { carekey, person } = useCarekey();
  return useAct((call: EmergencyCall, options) => requestEmergency(carekey, person, call, options), {
    invalidate: [queryKeys.emergencies],
    done: ({ untold }, { colleague }) =>
      untold.includes(colleague)
        ? "Your request stands, but your colleague could not be told. Ask another one below."
        : "Your request stands. Your colleague has fifteen minutes to confirm it.",
  });
}

/** Asks another colleague for the second word. */
export function useAskColleague(): Act<{ id: Hex; colleague: Address }, void> {
  const { carekey, person } = useCarekey();
  return useAct(({ id, colleague }: { id: Hex; colleague: Address }) => askColleague(carekey, person, id, colleague), {
    done: "Your colleague was asked.",
  });
}

/** Gives the second word. */
export function useCoSign(): Act<EmergencyCase, void> {
  const { carekey } = useCarekey();
  return useAct((found: EmergencyCase, options) => coSignEmergency(carekey, found.id, options), {
    invalidate: [queryKeys.emergencies],
    done: "Confirmed. Your name stands beside this request. You can take it back while it runs.",
  });
}

/** The records that open under one's own request. */
export function useEmergencyChart(id: Hex): UseQueryResult<EmergencyChart> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.emergencies, "chart", id],
    queryFn: () => readEmergencyChart(carekey, person, id),
  });
}

/** Opens one record in an emergency. The first one of a tab asks the wallet for one signature. */
export function useOpenEmergencyItem(): Act<{ item: EmergencyItem; reason: string }, OpenedRecord> {
  const { carekey, person } = useCarekey();
  const { obtain } = useViewSession();
  return useAct(
    async ({ item, reason }: { item: EmergencyItem; reason: string }, options) => {
      const session = await obtain(options);
      return openEmergencyRecord(carekey, person, { item, reason, session }, options);
    },
    { done: "Opened. The patient can see that you looked." },
  );
}
