/**
 * @module lib/access-log
 * Who opened the person's records, for every screen that says so. Keepers show their receipts to the patient's own session
 * only, which the wallet signs once for this tab.
 */
import { skipToken, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { listViews, openViewSession, type AccessLog, type ViewSession } from "@carekey/sdk/client";
import { useCarekey } from "./carekey.tsx";
import { queryKeys } from "./query-keys.ts";
import { useAct, type Act } from "./use-act.ts";

/** The access log and how to open it. */
export type AccessLogState = {
  /** Disabled until the log is open. */
  log: UseQueryResult<AccessLog>;
  isOpen: boolean;
  /** Asks the wallet for one signature, which is good for this tab until it is locked, four hours at most. */
  open: Act<void, ViewSession>;
};

/** The person's access log. */
export function useAccessLog(): AccessLogState {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const sessionKey = ["view-session", "own", person.address];
  const { data: session } = useQuery<ViewSession>({
    queryKey: sessionKey,
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
    structuralSharing: false,
  });
  const isOpen = session !== undefined && session.terms.notAfter > carekey.now() + 60;
  const open = useAct((_: void, options) => openViewSession(carekey, options), {
    done: "The access log is open.",
    onDone: (opened) => queryClient.setQueryData(sessionKey, opened),
  });
  const log = useQuery({
    queryKey: queryKeys.viewList(person.address),
    queryFn: session !== undefined && isOpen ? () => listViews(carekey, person, session) : skipToken,
    gcTime: 10 * 60_000,
  });
  return { log, isOpen, open };
}
