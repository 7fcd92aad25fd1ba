/**
 * @module lib/access-log
 * Who opened the person's records, for every screen that says so. Keepers show their receipts to the patient's own session
 * only, which the wallet signs once for this tab.
 */
import { skipToken, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { listViews, type AccessLog, type ViewSession } from "@carekey/sdk/client";
import { useCarekey } from "./carekey.tsx";
import { queryKeys } from "./query-keys.ts";
import { useAct, type Act } from "./use-act.ts";
import { useViewSession } from "./view-session.ts";

/** The access log and how to open it. */
export type AccessLogState = {
  /** Disabled until the log is open. */
  log: UseQueryResult<AccessLog>;
  isOpen: boolean;
  /** Asks the wallet for one signature, which is good for this tab until it is locked, four hours at most. */
  open: Act<void, ViewSession>;
};

/**
 * The person's access log.
 * @param everyMs - how often the keepers are asked again while it is open; default only when a screen asks.
 */
export function useAccessLog(everyMs?: number): AccessLogState {
  const { carekey, person } = useCarekey();
  const { session, obtain } = useViewSession();
  const open = useAct((_: void, options) => obtain(options), { done: "The access log is open." });
  const log = useQuery({
    queryKey: queryKeys.viewList(person.address),
    queryFn: session !== null ? () => listViews(carekey, person, session) : skipToken,
    gcTime: 10 * 60_000,
    refetchInterval: everyMs ?? false,
  });
  return { log, isOpen: session !== null, open };
}
