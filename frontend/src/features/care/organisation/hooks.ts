/**
 * @module features/care/organisation/hooks
 * What an organisation's screen asks for and does: members and identifiers.
 */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "@carekey/sdk/bytes";
import {
  attestMember,
  findPeople,
  linkIdentifier,
  listIssuedIdentifiers,
  listMembers,
  unlinkIdentifier,
  type IdentifierOpening,
  type Membership,
  type PersonProfile,
  type ResolvedIdentifier,
} from "@carekey/sdk/client";
import { useAct, type Act } from "../../../components/act.tsx";
import { useCarekey } from "../../../lib/carekey.tsx";
import { pinsQuery } from "../../../lib/known-keys.ts";
import { queryKeys } from "../../../lib/query-keys.ts";

/** An id that this organisation gave out, and to whom. */
export type IssuedIdentifier = ResolvedIdentifier & { patient: Address };

/** Everybody whom this organisation attested. */
export function useMembers(): UseQueryResult<Membership[]> {
  const { carekey, person } = useCarekey();
  return useQuery({ queryKey: queryKeys.members(person.address), queryFn: () => listMembers(carekey, person) });
}

/** People by name, or by address. */
export function usePeople(query: string): UseQueryResult<PersonProfile[]> {
  const viewer = useCarekey();
  return useQuery({
    queryKey: [...queryKeys.directory(query), "members"],
    queryFn: async ({ client }) => findPeople(viewer.carekey, { query }, await client.fetchQuery(pinsQuery(viewer))),
    select: (people) => people.filter(({ identity }) => identity.role === 1 || identity.role === 2),
    placeholderData: keepPreviousData,
  });
}

/** Says until when somebody belongs to the organisation; 0 ends it. */
export function useAttest(): Act<{ member: PersonProfile; validUntil: number }, void> {
  const { carekey, person } = useCarekey();
  return useAct(
    ({ member, validUntil }: { member: PersonProfile; validUntil: number }, options) =>
      attestMember(carekey, { member: member.address, validUntil }, options),
    {
      invalidate: [queryKeys.members(person.address), queryKeys.people],
      done: (_, { member, validUntil }) =>
        validUntil === 0
          ? `${member.name} no longer belongs to you. What patients shared with them as your member is closed.`
          : `${member.name} belongs to you now.`,
    },
  );
}

/** Ids that this organisation gave out, newest first. */
export function useIssuedIdentifiers(): UseQueryResult<IssuedIdentifier[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.issuedIdentifiers(person.address),
    queryFn: () => listIssuedIdentifiers(carekey, person),
  });
}

/** Ties an id to a patient's account. */
export function useLinkIdentifier(): Act<{ patient: Address; kind: string; value: string }, IdentifierOpening> {
  const { carekey, person } = useCarekey();
  return useAct(
    (id: { patient: Address; kind: string; value: string }, options) => linkIdentifier(carekey, person, id, options),
    {
      invalidate: [queryKeys.issuedIdentifiers(person.address)],
      done: "Linked. The patient has it now, and decides who sees it.",
    },
  );
}

/** Removes an id. */
export function useUnlinkIdentifier(): Act<IdentifierOpening, void> {
  const { carekey, person } = useCarekey();
  return useAct((opening: IdentifierOpening, options) => unlinkIdentifier(carekey, opening, options), {
    invalidate: [queryKeys.issuedIdentifiers(person.address)],
    done: "Removed. The number leads nowhere now.",
  });
}
