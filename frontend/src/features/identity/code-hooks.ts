/**
 * @module features/identity/code-hooks
 * The acts on one-time codes and on sign-ins, and the list of sign-ins.
 */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { endSessions, listSessions, type Carekey, type ViewSession } from "@carekey/sdk/client";
import type { CodeEntry } from "@carekey/sdk/gateway";
import { useAct } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** What changes with the ways: themselves, and whether notifications have a mail address to go to. */
function useCodeKeys() {
  const { address } = useCarekey().person;
  return [queryKeys.codes(address), queryKeys.newsChoices(address)];
}

/** Begins an authenticator app: its secret, shown once. */
export function useBeginApp() {
  const { carekey } = useCarekey();
  return useAct((entry: CodeEntry | undefined) => carekey.gateway.codes.beginApp(entry), {
    done: "Now scan the code with your app.",
  });
}

/** Begins codes by mail: sends a first one. */
export function useBeginMail() {
  const { carekey } = useCarekey();
  return useAct(
    ({ address, entry }: { address: string; entry?: CodeEntry }) => carekey.gateway.codes.beginMail(address, entry),
    { done: (_, { address }) => `A code is on its way to ${address}.` },
  );
}

/** Turns a way on by its first code. Gives the backup codes when there were none. */
export function useConfirmCodes(way: "app" | "mail") {
  const { carekey } = useCarekey();
  return useAct((code: string) => carekey.gateway.codes.confirm(way, code), {
    done: "One-time codes are on.",
    invalidate: useCodeKeys(),
  });
}

/** Turns a way off. */
export function useTurnCodesOff(way: "app" | "mail") {
  const { carekey } = useCarekey();
  return useAct((entry: CodeEntry) => carekey.gateway.codes.turnOff(way, entry), {
    done: "Turned off.",
    invalidate: useCodeKeys(),
  });
}

/** Makes new backup codes. */
export function useRenewBackupCodes() {
  const { carekey } = useCarekey();
  return useAct((entry: CodeEntry) => carekey.gateway.codes.renewBackupCodes(entry), {
    done: "Your new backup codes are made.",
    invalidate: useCodeKeys(),
  });
}

/** Where the person is signed in. */
export function sessionsQuery(carekey: Carekey) {
  return queryOptions({
    queryKey: queryKeys.sessions(carekey.wallet.account.address),
    queryFn: () => listSessions(carekey),
  });
}

/** Ends one other sign-in, or all others, at the gateway and at the keepers. */
export function useEndSessions() {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  return useAct<{ session: ViewSession; keepersTold: number }, string>(
    (which, options) => endSessions(carekey, which, options),
    {
      done: ({ keepersTold }) => `Ended. ${keepersTold} of ${carekey.keepers.length} keepers know.`,
      invalidate: [queryKeys.sessions(person.address)],
      onDone: ({ session }) => queryClient.setQueryData(queryKeys.viewSession(person.address), session),
    },
  );
}
