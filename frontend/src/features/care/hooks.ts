/**
 * @module features/care/hooks
 * What a clinician's screens ask for and do: grants, shared charts, views through the keepers, requests, the licence.
 */
import { queryOptions, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { Address, Hex } from "@carekey/sdk/bytes";
import {
  applyAsClinician,
  listGrants,
  listNotices,
  listRequests,
  openSharedRecord,
  ownApplication,
  personOf,
  readSharedChart,
  requestAccess,
  type AccessRequest,
  type AccessWish,
  type ApplicationForm,
  type Carekey,
  type Notice,
  type OpenedRecord,
  type OwnApplication,
  type Person,
  type PersonProfile,
  type ReceivedGrant,
  type SharedChart,
  type SharedItem,
} from "@carekey/sdk/client";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { errorCodeOf } from "../../lib/error-sentences.ts";
import { queryKeys } from "../../lib/query-keys.ts";
import { useViewSession } from "../../lib/view-session.ts";

/** How often open screens ask for news. */
const CHECK_EVERY_MS = 30_000;

function grantsQuery(carekey: Carekey, person: Person) {
  return queryOptions({
    queryKey: queryKeys.grantList(person.address),
    queryFn: () => listGrants(carekey, person),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** The consents that this clinician received, newest first. */
export function useGrants(): UseQueryResult<ReceivedGrant[]> {
  const { carekey, person } = useCarekey();
  return useQuery(grantsQuery(carekey, person));
}

/** A patient's chart as far as the consents reach. */
export function useSharedChart(patient: Address): UseQueryResult<SharedChart> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.sharedChart(patient),
    queryFn: () => readSharedChart(carekey, person, patient),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** What happened to what this clinician sent, newest first. */
export function useNotices(): UseQueryResult<Notice[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.notices(person.address),
    queryFn: () => listNotices(carekey, person),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** Requests for access that this clinician sent, newest first. */
export function useSentRequests(): UseQueryResult<AccessRequest[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.requestList(person.address),
    queryFn: () => listRequests(carekey, person),
    select: ({ sent }) => sent,
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** The clinician's own public profile, licence included. */
export function useOwnProfile(): UseQueryResult<PersonProfile> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.person(person.address),
    queryFn: () => personOf(carekey, person.address),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** The application for a licence that was sent last, with the answer. */
export function useOwnApplication(): UseQueryResult<OwnApplication | null> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.applications, "own", person.address],
    queryFn: () => ownApplication(carekey, person),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** Sends the application to the registrar. */
export function useApply(): Act<ApplicationForm, void> {
  const { carekey, person } = useCarekey();
  return useAct((form: ApplicationForm, options) => applyAsClinician(carekey, person, form, options), {
    invalidate: [queryKeys.applications],
    done: "Your application is with the registrar.",
  });
}

/** Asks a patient for access. */
export function useRequestAccess(): Act<AccessWish, Hex> {
  const { carekey, person } = useCarekey();
  return useAct((wish: AccessWish) => requestAccess(carekey, person, wish), {
    invalidate: [queryKeys.requests],
    done: "Your request was sent. You will see the answer in your inbox.",
  });
}

// A visit: why this clinician looks, asked once, and the tab's own right to ask the keepers. Locking forgets both.

const visitKey = (reader: Address, patient: Address) => ["visit", reader, patient.toLowerCase()] as const;

/** The reason of this visit, or null before it is given. */
export function useVisit(patient: Address): { reason: string | null; setReason: (reason: string | null) => void } {
  const { person } = useCarekey();
  const queryClient = useQueryClient();
  const queryKey = visitKey(person.address, patient);
  const { data } = useQuery<string | null>({
    queryKey,
    queryFn: () => null,
    initialData: null,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return { reason: data ?? null, setReason: (reason) => queryClient.setQueryData(queryKey, reason) };
}

/** Opens one shared record through the keepers. The first one of a tab asks the wallet for one signature. */
export function useOpenItem(): Act<{ item: SharedItem; reason: string }, OpenedRecord> {
  const { carekey, person } = useCarekey();
  const { obtain, forget } = useViewSession();
  return useAct(
    async ({ item, reason }: { item: SharedItem; reason: string }, options) => {
      const session = await obtain(options);
      try {
        return await openSharedRecord(carekey, person, { item, reason, session }, options);
      } catch (error) {
        // Ended from another browser, or over: the next try signs a new one.
        if (errorCodeOf(error) === "EXPIRED") forget();
        throw error;
      }
    },
    { invalidate: [queryKeys.views], done: "Opened. The patient can see that you looked." },
  );
}
