/**
 * @module features/identity/hooks
 * Queries and acts of the way from a wallet to unlocked keys.
 */
import { queryOptions } from "@tanstack/react-query";
import { useAct } from "../../lib/use-act.ts";
import { queryKeys } from "../../lib/query-keys.ts";
import {
  accountState,
  dealKeys,
  dealState,
  openSavedSeed,
  registerPerson,
  setPassphrase,
  signIn,
  signOut,
  unlockWithPassphrase,
  unlockWithRecoveryCode,
  type Carekey,
  type Person,
  type Registration,
} from "@carekey/sdk/client";
import type { Address } from "@carekey/sdk/bytes";

/** Where an account stands. */
export function accountQuery(carekey: Carekey, address: Address) {
  return queryOptions({
    queryKey: queryKeys.account(address),
    queryFn: () => accountState(carekey),
    staleTime: 0,
  });
}

/** Whether the keepers hold their shares of a patient's second key. */
export function dealQuery(carekey: Carekey, person: Person) {
  return queryOptions({
    queryKey: queryKeys.deal(person.address),
    queryFn: () => dealState(carekey, person),
    refetchInterval: ({ state }) => (state.data?.active === false ? 5_000 : false),
  });
}

/** Signs in with one wallet signature. */
export function useSignIn(carekey: Carekey, address: Address) {
  return useAct<void>((_, options) => signIn(carekey, options), {
    done: "You are signed in.",
    invalidate: [queryKeys.account(address)],
  });
}

/** Ends the session at the gateway. */
export function useSignOut(carekey: Carekey, onDone: () => void) {
  return useAct<void>(() => signOut(carekey), { done: "You are signed out.", onDone });
}

/** A secret that opens the keys. */
export type Secret = { kind: "passphrase" | "code"; value: string };

/** Opens the keys. */
export function useUnlock(carekey: Carekey, onUnlocked: (person: Person) => void) {
  return useAct<Person, Secret>(
    (secret, options) =>
      secret.kind === "passphrase"
        ? unlockWithPassphrase(carekey, secret.value, options)
        : unlockWithRecoveryCode(carekey, secret.value),
    { done: "Unlocked.", onDone: onUnlocked },
  );
}

/** Opens the seed that a registration saved before it broke off. */
export function useSavedSeed(carekey: Carekey) {
  return useAct<Uint8Array, string>((passphrase, options) => openSavedSeed(carekey, passphrase, options), {
    done: "Your saved keys are open.",
  });
}

/** Saves the keys under the passphrase, then registers. */
export function useRegister(carekey: Carekey) {
  return useAct<Person, Registration>((registration, options) => registerPerson(carekey, registration, options), {
    done: "You are registered.",
  });
}

/** Deals the second key to the keepers. */
export function useDealKeys(carekey: Carekey, person: Person) {
  return useAct<unknown>((_, options) => dealKeys(carekey, person, options), {
    done: "The keepers are set up.",
    invalidate: [queryKeys.deal(person.address)],
  });
}

/** Saves a new passphrase. */
export function useSetPassphrase(carekey: Carekey, person: Person) {
  return useAct<void, string>((passphrase, options) => setPassphrase(carekey, person, passphrase, options), {
    done: "Your new passphrase is saved. The old one no longer opens your records.",
    invalidate: [queryKeys.account(person.address)],
  });
}
