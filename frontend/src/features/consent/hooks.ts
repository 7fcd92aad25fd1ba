/**
 * @module features/consent/hooks
 * Consents, requests and the directory: queries with their keys, and the acts of sharing, stopping and refusing.
 */
import { skipToken, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useRef } from "react";
import type { Address, Hex } from "@carekey/sdk/bytes";
import {
  answerRequest,
  grantConsent,
  listConsents,
  listGrants,
  listOwnRecords,
  listRequests,
  listUnreadableConsents,
  organisationsOf,
  prepareGrant,
  revokeConsent,
  type AccessRequest,
  type Consent,
  type GrantRequest,
  type Membership,
  type PreparedGrant,
  type ReceivedGrant,
} from "@carekey/sdk/client";
import { WRITE, hashTerms } from "@carekey/sdk/consent";
import { isSdkError } from "@carekey/sdk/errors";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";
import { rememberHalfStopped } from "./half-stopped.ts";
import { useRotation } from "./use-rotation.ts";

/** Everything the person shares or shared, newest first. */
export function useConsents(): UseQueryResult<Consent[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.consentList(person.address),
    queryFn: () => listConsents(carekey, person),
    refetchInterval: 30_000,
  });
}

/** Consents whose description is gone; they can still be stopped by their id. */
export function useUnreadableConsents(): UseQueryResult<{ id: Hex; grantedAt: number }[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.consents, "unreadable", person.address],
    queryFn: () => listUnreadableConsents(carekey, person),
  });
}

/** Requests that this person received, newest first. */
export function useReceivedRequests(): UseQueryResult<AccessRequest[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.requestList(person.address),
    queryFn: () => listRequests(carekey, person),
    select: ({ received }) => received,
    refetchInterval: 30_000,
  });
}

/** A record of one's own as far as sharing it needs. */
export type OwnTitle = { entryId: Hex; pointer: Hex; recordedAt: number; title: string };

/** The records that are part of the own chart and open. */
export function useOwnRecordTitles(): UseQueryResult<OwnTitle[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.ownRecords(person.address), "titles"],
    queryFn: async () => (await listOwnRecords(carekey, person)).records,
    select: (records) =>
      records.flatMap(({ entry, manifest, recordedAt }) =>
        manifest === null || entry.status !== "approved"
          ? []
          : [{ entryId: entry.entryId, pointer: entry.pointer, recordedAt, title: manifest.core.name }],
      ),
  });
}

/** The verified organisations that somebody works for now. */
export function useOrganisationsOf(member: Address): UseQueryResult<Membership[]> {
  const { carekey } = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.people, "organisations", member],
    queryFn: () => organisationsOf(carekey, member),
    staleTime: 30_000,
  });
}

/** Who shares with this person, newest first. */
export function useSharedWithMe(): UseQueryResult<ReceivedGrant[]> {
  const { carekey, person } = useCarekey();
  return useQuery({ queryKey: queryKeys.grantList(person.address), queryFn: () => listGrants(carekey, person) });
}

/** The terms of a request and the paragraph to read before signing. Prepared once per visit of the step, for terms carry fresh salts. */
export function usePreparedGrant(request: GrantRequest | null): UseQueryResult<PreparedGrant> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: ["prepared-grant", request],
    queryFn: request === null ? skipToken : () => prepareGrant(carekey, person, request),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** What {@link useShare} gives away. */
export type ShareInput = { prepared: PreparedGrant; ownName: string; request: AccessRequest | null };

/**
 * Signs and sends the prepared consents, one after another. Those that are already through are not sent twice when a later one
 * was refused and the person tries again.
 */
export function useShare(): Act<ShareInput, unknown> {
  const { carekey, person } = useCarekey();
  const done = useRef(new Set<Hex>());
  return useAct(
    async ({ prepared, ownName, request }: ShareInput, options) => {
      for (const terms of prepared.terms) {
        const id = hashTerms(terms);
        if (done.current.has(id)) continue;
        await grantConsent(
          carekey,
          person,
          { ...prepared, terms: [terms] },
          {
            ...options,
            ...(request === null ? {} : { requestId: request.id }),
            ...(ownName.trim() === "" ? {} : { patientName: ownName.trim() }),
          },
        );
        done.current.add(id);
      }
      if (request !== null) await answerRequest(carekey, person, { request, verdict: "approved", reason: "" });
    },
    {
      invalidate: [queryKeys.consents, queryKeys.requests, queryKeys.deal(person.address), queryKeys.records],
      done: (_, { prepared }) => `You share with ${prepared.grantee.name}. They can see it now.`,
    },
  );
}

/** What {@link useStopSharing} takes back; `rights` are null where the description of the consent is gone. */
export type StopInput = { id: Hex; name: string; rights: number | null };

/** Stops one consent. */
export function useStopSharing(): Act<StopInput, { keepersTold: number }> {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const { start } = useRotation();
  return useAct(
    async ({ id, rights }: StopInput, options) => {
      try {
        return await revokeConsent(carekey, person, id, options);
      } catch (error) {
        if (!isSdkError(error, "STOPPED_AT_KEEPERS")) throw error;
        // Keepers do not decide about entries, only the network does: for those nothing is closed yet.
        if (rights === WRITE) throw error.cause;
        rememberHalfStopped(queryClient, person.address, id);
        throw error;
      }
    },
    {
      invalidate: [queryKeys.consents],
      onDone: start,
      done: ({ keepersTold }, { name }) => `Stopped. ${name} can open nothing more of this.${knownBy(keepersTold)}`,
    },
  );

  function knownBy(keepersTold: number): string {
    const { length } = carekey.keepers;
    if (keepersTold >= length) return "";
    return ` ${keepersTold} of ${length} keepers ${keepersTold === 1 ? "knows" : "know"} already; the others read it from the network.`;
  }
}

/** Refuses a request, with a reason that the asker reads. */
export function useRefuseRequest(): Act<{ request: AccessRequest; reason: string }, void> {
  const { carekey, person } = useCarekey();
  return useAct(
    ({ request, reason }: { request: AccessRequest; reason: string }) =>
      answerRequest(carekey, person, { request, verdict: "refused", reason }),
    { invalidate: [queryKeys.requests], done: "Refused. Nothing was shared, and both of you keep a note of it." },
  );
}
