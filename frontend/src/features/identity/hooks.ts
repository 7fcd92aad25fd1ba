/**
 * @module features/identity/hooks
 * Queries and acts of the way from a wallet to unlocked keys.
 */
import { queryOptions } from "@tanstack/react-query";
import { useAct } from "../../lib/use-act.ts";
import { askPasskey, createPasskey } from "../../lib/passkey.ts";
import { queryKeys } from "../../lib/query-keys.ts";
import {
  accountState,
  dealKeys,
  dealState,
  listWays,
  openSavedSeed,
  preparePasskey,
  registerPerson,
  removeWay,
  savePasskey,
  saveWalletWay,
  setPassphrase,
  signIn,
  signOut,
  unlockWithPasskey,
  unlockWithPassphrase,
  unlockWithRecoveryCode,
  unlockWithWallet,
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

/** What opens the keys. */
export type Secret = { kind: "passphrase" | "code"; value: string } | { kind: "passkey" | "wallet" };

/** Opens the keys. */
export function useUnlock(carekey: Carekey, onUnlocked: (person: Person) => void) {
  return useAct<Person, Secret>(
    (secret, options) => {
      switch (secret.kind) {
        case "passphrase":
          return unlockWithPassphrase(carekey, secret.value, options);
        case "code":
          return unlockWithRecoveryCode(carekey, secret.value, options);
        case "passkey":
          return unlockWithPasskey(carekey, askPasskey, options);
        case "wallet":
          return unlockWithWallet(carekey, options);
      }
    },
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

/** The saved ways to unlock. */
export function waysQuery(carekey: Carekey, person: Person) {
  return queryOptions({ queryKey: queryKeys.ways(person.address), queryFn: () => listWays(carekey, person) });
}

/** What a change of the ways to unlock makes stale. */
function waysKeys({ address }: Person) {
  return [queryKeys.account(address), queryKeys.ways(address)];
}

/** Saves a new passphrase. */
export function useSetPassphrase(carekey: Carekey, person: Person) {
  return useAct<void, string>((passphrase, options) => setPassphrase(carekey, person, passphrase, options), {
    done: "Your new passphrase is saved. The old one no longer opens your records.",
    invalidate: waysKeys(person),
  });
}

/** Makes a passkey on this device and saves it under a name. */
export function useAddPasskey(carekey: Carekey, person: Person) {
  return useAct<void, string>(
    async (label, options) => {
      const { salt, existing } = await preparePasskey(carekey);
      options.onStep?.({ kind: "work", label: "Follow what your device asks" });
      const answer = await createPasskey({ address: person.address, salt, existing });
      await savePasskey(carekey, person, { ...answer, salt, label });
    },
    { done: "The passkey is set up. Next time you unlock with one tap.", invalidate: waysKeys(person) },
  );
}

/** Lets the wallet's signature unlock. */
export function useAddWalletWay(carekey: Carekey, person: Person) {
  return useAct<void>((_, options) => saveWalletWay(carekey, person, options), {
    done: "Your wallet’s signature opens your records from now on.",
    invalidate: waysKeys(person),
  });
}

/** Removes a way to unlock. */
export function useRemoveWay(carekey: Carekey, person: Person) {
  return useAct<void, string>((id) => removeWay(carekey, person, id), {
    done: "Removed.",
    invalidate: waysKeys(person),
  });
}
