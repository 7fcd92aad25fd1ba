/**
 * @module lib/use-device-news
 * The news of this device as the bell and the list show them, and the way to mark them as read.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { listConsents, listGrants, type Carekey, type Person } from "@carekey/sdk/client";
import { useAccessLog } from "./access-log.ts";
import { useCarekey, type AppRole } from "./carekey.tsx";
import { endNews, isUntold, toldAfter, viewNews, type DeviceNews } from "./device-news.ts";
import { useNewsChoices } from "./notifications.ts";
import { queryKeys } from "./query-keys.ts";
import { loadTold, saveTold } from "./told-store.ts";

/** How often keepers are asked for new views while the log is open, and the chain for what ends soon. */
const VIEWS_EVERY_MS = 60_000;
const ENDS_EVERY_MS = 10 * 60_000;

/** News of this device, newest first, each with whether it was read. */
export type DeviceNewsState = {
  news: readonly (DeviceNews & { isRead: boolean })[];
  unread: number;
  /** Whether the access log is open in this tab: without it, views cannot be told. */
  hasViews: boolean;
  markRead(read: readonly DeviceNews[]): Promise<void>;
};

/** What this device alone can tell the person. */
export function useDeviceNews(): DeviceNewsState {
  const { carekey, person, role } = useCarekey();
  const queryClient = useQueryClient();
  const choices = useNewsChoices();
  const { log, isOpen } = useAccessLog(VIEWS_EVERY_MS);
  const ends = useQuery({
    queryKey: queryKeys.newsEnds(person.address),
    queryFn: () => readEnds(carekey, person, role),
    refetchInterval: ENDS_EVERY_MS,
  });
  const toldKey = queryKeys.newsTold(person.address);
  const told = useQuery({ queryKey: toldKey, queryFn: () => loadTold(carekey, person) });
  const views = choices.data?.preferences.views;

  const all = useMemo(() => {
    const now = carekey.now();
    const found = [
      ...(ends.data ?? []),
      ...(views === undefined ? [] : viewNews(log.data?.views ?? [], views, now, dayOf)),
    ];
    return found.sort((left, right) => right.at - left.at);
  }, [carekey, ends.data, log.data, views]);
  const news = all.map((each) => ({ ...each, isRead: told.data === undefined || !isUntold(each, told.data) }));

  return {
    news,
    unread: news.filter(({ isRead }) => !isRead).length,
    hasViews: isOpen,
    async markRead(read) {
      const next = toldAfter(await loadTold(carekey, person), all, read);
      await saveTold(carekey, person, next);
      queryClient.setQueryData(toldKey, next);
    },
  };
}

/** Patients give consents; everybody but the registrar may have received some. */
async function readEnds(carekey: Carekey, person: Person, role: AppRole): Promise<DeviceNews[]> {
  if (role === "registrar") return [];
  const [given, received] = await Promise.all([
    role === "patient" ? listConsents(carekey, person) : [],
    listGrants(carekey, person),
  ]);
  return endNews(given, received, carekey.now());
}

/** Midnight before a time, where this device is. */
function dayOf(seconds: number): number {
  return Math.floor(new Date(seconds * 1000).setHours(0, 0, 0, 0) / 1000);
}
