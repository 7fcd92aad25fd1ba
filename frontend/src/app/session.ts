/**
 * @module app/session
 * Holds the unlocked person, in memory only, and wipes it on lock, on another account or network, and when the page is left. The
 * keepers are told that this tab asks no more.
 */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";
import { endViewSessions, wipePerson, type Person } from "@carekey/sdk/client";
import { announce } from "../lib/announce.ts";
import { forgetOwnActs } from "../lib/own-acts.ts";
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
  const address = wallet.status === "ready" ? wallet.address : null;
  const carekey = wallet.status === "ready" ? wallet.carekey : null;
  const belongs = person !== null && person.address === address;
  // Another account or network: forgotten before anything of this render is drawn.
  if (person !== null && !belongs) setPerson(null);

  useLayoutEffect(() => {
    if (person === null) return;
    return () => {
      wipePerson(person);
      announce("");
      notifications.clean();
      forgetOwnActs();
      queryClient.getMutationCache().clear();
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.deployment[0] });
    };
  }, [person, queryClient]);

  useEffect(() => {
    if (person === null || carekey === null) return;
    return () => void endViewSessions(carekey);
  }, [person, carekey]);

  const lock = useCallback(() => setPerson(null), []);

  useEffect(() => {
    // A page kept for "back" would otherwise come back unlocked.
    const leave = () => flushSync(lock);
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, [lock]);

  return { person: belongs ? person : null, unlock: setPerson, lock };
}
