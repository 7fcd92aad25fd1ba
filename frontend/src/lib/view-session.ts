/**
 * @module lib/view-session
 * The session by which this tab asks the keepers: one wallet signature, kept in memory until the app is locked.
 */
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { openViewSession, viewsLeftUnder, type ActOptions, type ViewSession } from "@carekey/sdk/client";
import type { ConsentTerms } from "@carekey/sdk/consent";
import { useCarekey } from "./carekey.tsx";
import { queryKeys } from "./query-keys.ts";

/** What is left of a session when a new one is made, seconds. */
const SESSION_MARGIN = 120;

/** The session of this tab, and the way to one. */
export type ViewSessionState = {
  /** Null before the wallet has signed, and when it is about to end. */
  session: ViewSession | null;
  /** The session, asking the wallet when there is none. @throws SdkError SIGNATURE_REFUSED */
  obtain(options?: ActOptions): Promise<ViewSession>;
  /** Drops a session that the keepers take no longer, so that the next one is new. */
  forget(): void;
};

/** The tab's session. */
export function useViewSession(): ViewSessionState {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const queryKey = queryKeys.viewSession(person.address);
  const isRunning = (session: ViewSession) => session.terms.notAfter > carekey.now() + SESSION_MARGIN;
  const { data } = useQuery<ViewSession>({
    queryKey,
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
    structuralSharing: false,
  });
  return {
    session: data !== undefined && isRunning(data) ? data : null,
    forget: () => queryClient.removeQueries({ queryKey }),
    async obtain(options) {
      const known = queryClient.getQueryData<ViewSession>(queryKey);
      if (known !== undefined && isRunning(known)) return known;
      const opened = await openViewSession(carekey, options);
      queryClient.setQueryData(queryKey, opened);
      return opened;
    },
  };
}

/**
 * How many views a consent still allows, as the keepers count; asked when there is a limit and a session.
 * @returns null while unknown.
 */
export function useViewsLeft(terms: ConsentTerms): number | null {
  const { carekey } = useCarekey();
  const { session } = useViewSession();
  const { data } = useQuery({
    queryKey: queryKeys.viewsLeft(terms.about.salt),
    queryFn: session === null || terms.maxViews === 0 ? skipToken : () => viewsLeftUnder(carekey, { terms }, session),
    refetchInterval: 30_000,
  });
  return data ?? null;
}
