/**
 * @module lib/device-news
 * News that no server can know: who looked at records, which keepers tell the patient alone, and what ends soon. Pure functions.
 */
import type { Address } from "@carekey/sdk/bytes";
import type { Consent, ReceivedGrant, View } from "@carekey/sdk/client";
import type { NotificationPreferences } from "@carekey/sdk/gateway";

/** One piece of news of this device. `at` in seconds; `ids` tell what is in it, so that nothing is told twice. */
export type DeviceNews = { id: string; ids: readonly string[]; at: number; name: string } & (
  | { what: "given-ends" | "received-ends"; endsAt: number; who: Address }
  | { what: "views" | "emergency-views" | "unexplained-views"; count: number }
);

const DAY = 86_400;
/** Days ahead of which an end is told: a week, then a day. */
const END_DAYS = [1, 7] as const;
/** How far back views are news, seconds. */
const VIEW_SPAN = 30 * DAY;

/** Which ends are near. A consent that was given for a shorter time than the notice is told by the shorter notice only. */
export function endNews(given: readonly Consent[], received: readonly ReceivedGrant[], now: number): DeviceNews[] {
  const found = new Map<string, DeviceNews>();
  const add = (
    consent: Pick<Consent, "id" | "status" | "grantedAt" | "terms">,
    side: { what: "given-ends" | "received-ends"; name: string; who: Address },
  ): void => {
    const { expiresAt } = consent.terms;
    if (consent.status !== "active" || expiresAt <= now) return;
    const days = END_DAYS.find((each) => expiresAt - each * DAY <= now && expiresAt - each * DAY > consent.grantedAt);
    if (days === undefined) return;
    const id = `${side.what}/${side.who}/${expiresAt}/${days}`;
    const ids = [...(found.get(id)?.ids ?? []), `${consent.id}/${days}`].sort();
    found.set(id, { ...side, id, ids, at: expiresAt - days * DAY, endsAt: expiresAt });
  };
  for (const consent of given) {
    const { name, address } = consent.grantee;
    add(consent, { what: "given-ends", name, who: address });
  }
  for (const grant of received) add(grant, { what: "received-ends", name: grant.patientName, who: grant.patient });
  return [...found.values()];
}

/**
 * Views, one line for each reader and day, or for each day that is over. Emergencies, and what nothing explains, are told at once and
 * whatever was chosen.
 * @param dayOf - the first second of the day of a time, where the person lives.
 */
export function viewNews(
  views: readonly View[],
  choice: NotificationPreferences["views"],
  now: number,
  dayOf: (seconds: number) => number,
): DeviceNews[] {
  const groups = new Map<string, View[]>();
  for (const view of views) {
    if (view.at < now - VIEW_SPAN) continue;
    const what = whatOf(view);
    const day = dayOf(view.at);
    if (what === "views" && (choice === "off" || (choice === "daily" && day === dayOf(now)))) continue;
    const isForAll = what === "views" && choice === "daily";
    const id = `${what}/${day}/${isForAll ? "" : view.reader.toLowerCase()}`;
    groups.set(id, [...(groups.get(id) ?? []), view]);
  }
  return [...groups].map(([id, group]) => ({
    id,
    ids: group.map(({ bodyHash }) => bodyHash),
    at: Math.max(...group.map(({ at }) => at)),
    name: [...new Set(group.map(({ readerName }) => readerName))].join(", "),
    what: whatOf(group[0]!),
    count: group.length,
  }));
}

function whatOf({ kind, alarm }: View): "views" | "emergency-views" | "unexplained-views" {
  if (alarm !== null) return "unexplained-views";
  return kind === "emergency" ? "emergency-views" : "views";
}

/** What a person was told on this device. What happened before `since` counts as told, so that a new device begins quietly. */
export type Told = { since: number; ids: readonly string[] };

/** Whether a piece of news is still to be told. Ends are told on a new device, too: they lie ahead. */
export function isUntold(news: DeviceNews, { since, ids }: Told): boolean {
  const isAhead = "endsAt" in news;
  if (!isAhead && news.at <= since) return false;
  return news.ids.some((id) => !ids.includes(id));
}

/** What was told after this news was read: what is no longer news is forgotten. */
export function toldAfter(told: Told, all: readonly DeviceNews[], read: readonly DeviceNews[]): Told {
  const present = new Set(all.flatMap(({ ids }) => ids));
  const ids = new Set([...told.ids.filter((id) => present.has(id)), ...read.flatMap((news) => news.ids)]);
  return { since: told.since, ids: [...ids] };
}
