/**
 * @module features/governance/hooks
 * What the registrar's screens ask for and do: applications, decisions, suspensions.
 */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "@carekey/sdk/bytes";
import {
  decideApplication,
  findPeople,
  listAdministrativeActs,
  listApplications,
  restorePerson,
  suspendPerson,
  type AdministrativeAct,
  type Application,
  type ApplicationDecision,
  type PersonProfile,
} from "@carekey/sdk/client";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { pinsQuery } from "../../lib/known-keys.ts";
import { queryKeys } from "../../lib/query-keys.ts";

const CHECK_EVERY_MS = 30_000;

/** Applications, newest first. */
export function useApplications(): UseQueryResult<Application[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.applicationList(person.address),
    queryFn: () => listApplications(carekey, person),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** Clinicians of the directory that ever had a licence confirmed. */
export function useLicensedPeople(search: string): UseQueryResult<PersonProfile[]> {
  const viewer = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.directory(search, 2), "licensed"],
    queryFn: async ({ client }) =>
      findPeople(viewer.carekey, { query: search, role: 2 }, await client.fetchQuery(pinsQuery(viewer))),
    select: (people) => people.filter(({ identity }) => identity.verifiedUntil > 0 || identity.suspended),
    placeholderData: (previous) => previous,
  });
}

/** What registrars and administrators did, newest first. */
export function useAdministrativeActs(): UseQueryResult<AdministrativeAct[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.administrativeActs(person.address),
    queryFn: () => listAdministrativeActs(carekey, person),
    structuralSharing: false,
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** Verifies or rejects an application. */
export function useDecideApplication(): Act<ApplicationDecision, void> {
  const { carekey, person } = useCarekey();
  return useAct((decision: ApplicationDecision, options) => decideApplication(carekey, person, decision, options), {
    invalidate: [queryKeys.applications, queryKeys.people],
    done: (_, { application, verdict }) =>
      verdict === "verified"
        ? `${application.name} is verified. They have been told.`
        : `The application of ${application.name} is rejected. They have been told.`,
  });
}

/** Suspends or restores a licence. */
export function useStanding(): Act<{ address: Address; name: string; isRestored: boolean }, void> {
  const { carekey } = useCarekey();
  return useAct(
    ({ address, isRestored }: { address: Address; name: string; isRestored: boolean }, options) =>
      isRestored ? restorePerson(carekey, address, options) : suspendPerson(carekey, address, options),
    {
      invalidate: [queryKeys.applications, queryKeys.people],
      done: (_, { name, isRestored }) =>
        isRestored ? `${name} may work on Carekey again.` : `${name} is suspended from now on.`,
    },
  );
}
