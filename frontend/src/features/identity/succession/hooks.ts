/**
 * @module features/identity/succession/hooks
 * Guardians and moving to a new wallet: queries of everybody's side, and the acts.
 */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "@carekey/sdk/bytes";
import {
  askGuardian,
  askToFollow,
  completeSuccession,
  handOverShare,
  listFollowRequests,
  listWards,
  nameSuccessor,
  objectToSuccession,
  openClaims,
  ownGuardians,
  rememberPredecessor,
  removeGuardians,
  setGuardians,
  successionState,
  takeOver,
  vouchFor,
  type FollowRequest,
  type Guardian,
  type OpenClaim,
  type OwnGuardians,
  type SuccessionState,
  type Ward,
} from "@carekey/sdk/client";
import { useCarekey } from "../../../lib/carekey.tsx";
import { queryKeys } from "../../../lib/query-keys.ts";
import { useAct, type Act } from "../../../lib/use-act.ts";

/** How often the chain and the inbox are asked for what others did, milliseconds. */
const CHECK_EVERY_MS = 15_000;

/** This person's guardians, the least waiting time that can be chosen, and what they said. */
export function useOwnGuardians(): UseQueryResult<OwnGuardians & { leastDelay: number }> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.guardians(person.address),
    queryFn: async () => ({
      ...(await ownGuardians(carekey, person)),
      leastDelay: await carekey.chain.succession.leastDelay(),
    }),
    staleTime: 0,
  });
}

/** New wallets for which guardians of this person spoke, and that can still be stopped. */
export function useOpenClaims(): UseQueryResult<OpenClaim[]> {
  const { carekey, person, role } = useCarekey();
  return useQuery({
    queryKey: queryKeys.claims(person.address),
    queryFn: () => openClaims(carekey, person.address),
    staleTime: 0,
    refetchInterval: CHECK_EVERY_MS,
    enabled: role === "patient",
  });
}

/** New wallets that ask this one to hand over. */
export function useFollowRequests(): UseQueryResult<FollowRequest[]> {
  const { carekey, person, role } = useCarekey();
  return useQuery({
    queryKey: queryKeys.follows(person.address),
    queryFn: () => listFollowRequests(carekey, person),
    staleTime: 0,
    refetchInterval: CHECK_EVERY_MS,
    enabled: role === "patient",
  });
}

/** The people whom this person guards. */
export function useWards(): UseQueryResult<Ward[]> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.wards(person.address),
    queryFn: () => listWards(carekey, person),
    staleTime: 0,
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** A move to or from this wallet: how far it got, and the wallet that goes on from this one, if any. */
export type Move = SuccessionState & { successor: Address | null };

/** How far a move to or from this wallet got. */
export function useMove(): UseQueryResult<Move> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.move(person.address),
    queryFn: async () => ({
      ...(await successionState(carekey, person)),
      successor: await carekey.chain.succession.successorOf(person.address),
    }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.complete === false ? CHECK_EVERY_MS : false),
  });
}

const all = { invalidate: [queryKeys.successions] };

/** Names guardians in place of those before. */
export function useSetGuardians(): Act<Parameters<typeof setGuardians>[2], void> {
  const { carekey, person } = useCarekey();
  return useAct((input, options) => setGuardians(carekey, person, input, options), {
    ...all,
    done: "Your guardians are named. Tell them that they are.",
  });
}

/** Removes all guardians. */
export function useRemoveGuardians(): Act<void, void> {
  const { carekey } = useCarekey();
  return useAct((_, options) => removeGuardians(carekey, options), { ...all, done: "You have no guardians any more." });
}

/** Stops every new wallet that guardians spoke for. */
export function useObject(): Act<void, void> {
  const { carekey } = useCarekey();
  return useAct((_, options) => objectToSuccession(carekey, options), {
    ...all,
    done: "Stopped. Nothing that your guardians said counts any more.",
  });
}

/** A guardian's word for a new wallet. */
export function useVouch(ward: Ward): Act<Address, void> {
  const { carekey } = useCarekey();
  return useAct((successor: Address, options) => vouchFor(carekey, ward, successor, options), {
    ...all,
    done: "You confirmed it. When the waiting time is over, you are asked to hand over your part.",
  });
}

/** Hands a guardian's part to the wallet that goes on. */
export function useHandOver(ward: Ward): Act<Address, void> {
  const { carekey, person } = useCarekey();
  return useAct((successor: Address, options) => handOverShare(carekey, person, ward, successor, options), {
    ...all,
    done: `You handed over your part. Thank you for helping ${ward.name}.`,
  });
}

/** The new wallet asks the old one, which is at hand. */
export function useAskToFollow(onDone?: () => void): Act<{ predecessor: Address; words: string }, void> {
  const { carekey, person } = useCarekey();
  return useAct(
    (request: { predecessor: Address; words: string }, options) => askToFollow(carekey, person, request, options),
    { ...all, done: "Your old wallet has been asked.", ...(onDone === undefined ? {} : { onDone }) },
  );
}

/** The new wallet keeps which lost one it goes on from. */
export function useRememberPredecessor(onDone: () => void): Act<Address, void> {
  const { carekey, person } = useCarekey();
  return useAct((predecessor: Address) => rememberPredecessor(carekey, person, predecessor), {
    ...all,
    done: "Now ask two of your guardians.",
    onDone,
  });
}

/** The new wallet asks a guardian of the lost one. */
export function useAskGuardian(predecessor: Address): Act<Guardian & { words: string }, void> {
  const { carekey, person } = useCarekey();
  return useAct(
    ({ address, name, words }: Guardian & { words: string }) =>
      askGuardian(carekey, person, { guardian: address, name, predecessor, words }),
    { ...all, done: (_, { name }) => `${name} has been asked. Now call ${name}.` },
  );
}

/** The old wallet hands over to the new one, for ever. */
export function useNameSuccessor(): Act<Pick<FollowRequest, "successor" | "deadline" | "signature">, void> {
  const { carekey, person } = useCarekey();
  return useAct(
    (request: Pick<FollowRequest, "successor" | "deadline" | "signature">, options) =>
      nameSuccessor(carekey, person, request, options),
    { ...all, done: "Handed over. Now go on with your new wallet." },
  );
}

/** The new wallet completes what guardians began. */
export function useComplete(predecessor: Address): Act<void, void> {
  const { carekey } = useCarekey();
  return useAct((_, options) => completeSuccession(carekey, predecessor, options), {
    ...all,
    done: "This wallet goes on from your old one. Ask your guardians to hand over their parts.",
  });
}

/** Locks the old wallet's records with the new keys. */
export function useTakeOver(): Act<void, void> {
  const { carekey, person } = useCarekey();
  return useAct((_, options) => takeOver(carekey, person, options), {
    invalidate: [queryKeys.successions, queryKeys.records, queryKeys.chart(person.address)],
    done: "Your records are here.",
  });
}
