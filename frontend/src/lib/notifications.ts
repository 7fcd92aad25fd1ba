/**
 * @module lib/notifications
 * News for every screen: how many are unread, kept fresh by the gateway's live stream, the list, and what the person chose to hear.
 */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useEffect } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { listNews, type Carekey, type NewsPage } from "@carekey/sdk/client";
import { MAX_NOTIFICATIONS, type NotificationKind, type NotificationPreferences } from "@carekey/sdk/gateway";
import { useAccessLog } from "./access-log.ts";
import { useCarekey } from "./carekey.tsx";
import { followNews } from "./news-stream.ts";
import { isOwnAct } from "./own-acts.ts";
import { queryKeys } from "./query-keys.ts";
import { refresh } from "./refresh.ts";
import { useAct, type Act } from "./use-act.ts";

/** The stream tells at once; this is for a stream that a proxy swallows. */
const CHECK_EVERY_MS = 60_000;
const PAGE = 30;

/**
 * How many of the gateway's wake-ups are unread, 0 while unknown. What this tab did itself is read already, and so are views once the
 * access log is open here: the tab tells who and why then.
 */
export function useUnreadWakeUps(): number {
  const { carekey, person } = useCarekey();
  const { isOpen } = useAccessLog();
  const { data } = useQuery({
    queryKey: [...queryKeys.newsUnread(person.address), isOpen],
    placeholderData: keepPreviousData,
    queryFn: () => countUnread(carekey, { tellsOfViews: isOpen }),
    refetchInterval: CHECK_EVERY_MS,
  });
  return data ?? 0;
}

async function countUnread({ gateway }: Carekey, { tellsOfViews }: { tellsOfViews: boolean }): Promise<number> {
  const { notifications, unread } = await gateway.notifications.list({ limit: MAX_NOTIFICATIONS });
  const known = notifications.filter(
    ({ readAt, txHash, kind }) => readAt === null && (isOwnAct(txHash) || (tellsOfViews && kind === "view")),
  );
  if (known.length === 0) return unread;
  await gateway.notifications.markRead({ cursors: known.map(({ cursor }) => cursor) });
  return unread - known.length;
}

/** The wake-ups with what is behind them, newest first, page by page. */
export function useNews(): UseInfiniteQueryResult<InfiniteData<NewsPage>> {
  const { carekey, person } = useCarekey();
  return useInfiniteQuery({
    queryKey: queryKeys.newsList(person.address),
    queryFn: ({ pageParam }) =>
      listNews(carekey, person, { limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ more, items }) => (more ? (items.at(-1)?.cursor ?? null) : null),
    refetchInterval: CHECK_EVERY_MS,
  });
}

/** Listens to the live stream while mounted, and has the screens look again at what changed. */
export function useNewsStream(): void {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  useEffect(
    () =>
      followNews(carekey.gateway.notifications, ({ kind }) => {
        const stale: QueryKey[] = [queryKeys.news(person.address), ...staleAfter(kind, person.address)];
        for (const queryKey of stale) void refresh(queryClient, queryKey);
      }),
    [carekey, person.address, queryClient],
  );
}

/** Queries whose answer is another one after a wake-up of this kind. */
function staleAfter(kind: NotificationKind | null, address: Address): QueryKey[] {
  switch (kind) {
    case null:
    case "sharing":
      return [];
    case "message":
      return [queryKeys.requests, queryKeys.notices(address), queryKeys.grantList(address), queryKeys.applications];
    case "entry":
      return [queryKeys.records];
    case "decision":
      return [queryKeys.notices(address)];
    case "licence":
      return [queryKeys.people, queryKeys.applications];
    case "key":
      return [queryKeys.newKeys(address)];
    case "emergency":
      return [queryKeys.emergencies];
    case "account":
      return [queryKeys.successions];
    case "view":
      return [queryKeys.views];
  }
}

/** Marks one wake-up, or everything up to one, as read. */
export function useMarkRead(): Act<{ upTo: number } | { cursors: number[] }, void> {
  const { carekey, person } = useCarekey();
  return useAct((read: { upTo: number } | { cursors: number[] }) => carekey.gateway.notifications.markRead(read), {
    invalidate: [queryKeys.news(person.address)],
    done: "Marked as read.",
  });
}

type NewsChoices = { preferences: NotificationPreferences; canMail: boolean };

/** What the person wants to hear about, and whether mail has an address. */
export function useNewsChoices(): UseQueryResult<NewsChoices> {
  const { carekey, person } = useCarekey();
  return useQuery({
    queryKey: queryKeys.newsChoices(person.address),
    queryFn: () => carekey.gateway.notifications.preferences(),
    // Another device may just have given a mail address.
    staleTime: 0,
  });
}

/** Saves what the person wants to hear about. */
export function useSaveNewsChoices(): Act<NotificationPreferences, void> {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const queryKey = queryKeys.newsChoices(person.address);
  return useAct(
    async (preferences: NotificationPreferences) => {
      await carekey.gateway.notifications.setPreferences(preferences);
      queryClient.setQueryData<NewsChoices>(queryKey, (choices) => choices && { ...choices, preferences });
    },
    { invalidate: [queryKey, queryKeys.news(person.address)], done: "Saved." },
  );
}
