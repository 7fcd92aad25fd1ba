/**
 * @module app/session
 * Holds the unlocked person, in memory only, and wipes it on lock, on another account or network, and when the page is left.
 */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { wipePerson, type Carekey, type Person } from "@carekey/sdk/client";
import { queryKeys } from "../lib/query-keys.ts";
import type { WalletState } from "../lib/wallet/use-wallet.ts";

/** The session of this tab. */
export type TabSession = {
  /** Null while locked, and in the very render in which the wallet changed. */
  person: Person | null;
  unlock: (person: Person) => void;
  lock: () => void;
};

/** The tab's session for a wallet. */
export function useTabSession(wallet: WalletState): TabSession {
  const queryClient = useQueryClient();
  const [person, setPerson] = useState<Person | null>(null);
  const current = useRef<Person | null>(null);

  const lock = useCallback(() => {
    if (current.current !== null) wipePerson(current.current);
    current.current = null;
    setPerson(null);
    notifications.clean();
    queryClient.getMutationCache().clear();
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.deployment[0] });
  }, [queryClient]);

  const unlock = useCallback((next: Person) => {
    current.current = next;
    setPerson(next);
  }, []);

  const carekey: Carekey | null = wallet.status === "ready" ? wallet.carekey : null;
  const belongs = person !== null && carekey !== null && carekey.wallet.account.address === person.address;
  useEffect(() => {
    if (person !== null && !belongs) lock();
  }, [person, belongs, lock]);

  useEffect(() => {
    // A page kept for "back" would otherwise come back unlocked.
    window.addEventListener("pagehide", lock);
    return () => window.removeEventListener("pagehide", lock);
  }, [lock]);

  return { person: belongs ? person : null, unlock, lock };
}
