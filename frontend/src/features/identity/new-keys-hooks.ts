/**
 * @module features/identity/new-keys-hooks
 * The query and the two acts of a change of keys.
 */
import { queryOptions } from "@tanstack/react-query";
import {
  beginNewKeys,
  finishNewKeys,
  newKeysState,
  type Carekey,
  type NewKeys,
  type Person,
} from "@carekey/sdk/client";
import { queryKeys } from "../../lib/query-keys.ts";
import { useAct } from "../../lib/use-act.ts";

/** How far the last change of keys got. */
export function newKeysQuery(carekey: Carekey, person: Person) {
  return queryOptions({
    queryKey: queryKeys.newKeys(person.address),
    queryFn: () => newKeysState(carekey, person),
    staleTime: 0,
  });
}

/** Saves new keys and puts them on the chain; with null it goes on with those that were begun. */
export function useBeginNewKeys(carekey: Carekey, person: Person, onBegun: (person: Person) => void) {
  return useAct<Person, NewKeys | null>((newKeys, options) => beginNewKeys(carekey, person, newKeys, options), {
    done: "Your new keys are on the chain.",
    onDone: onBegun,
  });
}

/** Locks the records anew and tells readers and keepers. */
export function useFinishNewKeys(carekey: Carekey, person: Person) {
  return useAct<void>((_, options) => finishNewKeys(carekey, person, options), {
    done: "Your new keys are in force. The old ones open nothing that you add from now on.",
    invalidate: [queryKeys.newKeys(person.address), queryKeys.deal(person.address), queryKeys.ways(person.address)],
  });
}
