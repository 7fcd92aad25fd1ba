/**
 * @module features/notifications/news-lines
 * The gateway's wake-ups and the news of this device as lines of one list. Pure functions.
 */
import type { NewsItem } from "@carekey/sdk/client";
import type { AppRole } from "../../lib/roles.ts";
import type { DeviceNews } from "../../lib/device-news.ts";
import { deviceNewsPath, deviceNewsWords, isUrgent, newsPath, newsWords } from "./news-words.ts";

/** One line. `at` in seconds; `source` is what marking it as read is about. */
export type NewsLine = {
  key: string;
  at: number;
  text: string;
  more: string | null;
  path: string | null;
  isRead: boolean;
  isUrgent: boolean;
  source: { cursor: number } | { device: DeviceNews };
};

/** One list, newest first. What is older than the last wake-up loaded waits for its page, unless that was the last one. */
export function newsLines(
  items: readonly NewsItem[],
  device: readonly (DeviceNews & { isRead: boolean })[],
  options: { role: AppRole; hasMore: boolean },
): NewsLine[] {
  const oldest = options.hasMore ? (items.at(-1)?.at ?? 0) : 0;
  const lines = [
    ...items.map((item) => lineOfItem(item, options.role)),
    ...device.filter(({ at }) => at >= oldest).map(lineOfDevice),
  ];
  return lines.sort((left, right) => right.at - left.at);
}

function lineOfItem(item: NewsItem, role: AppRole): NewsLine {
  return {
    key: `wake-up/${item.cursor}`,
    at: item.at,
    ...newsWords(item),
    path: newsPath(item, role),
    isRead: item.readAt !== null,
    isUrgent: isUrgent(item),
    source: { cursor: item.cursor },
  };
}

function lineOfDevice(device: DeviceNews & { isRead: boolean }): NewsLine {
  return {
    key: device.id,
    at: device.at,
    text: deviceNewsWords(device),
    more: null,
    path: deviceNewsPath(device),
    isRead: device.isRead,
    isUrgent: isUrgent(device),
    source: { device },
  };
}
