/**
 * @module services/gateway/routes/notifications
 * Wake-ups of the person signed in: the list, what was read, what to hear about, and a live stream that resumes.
 */
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import { SdkError } from "@carekey/sdk/errors";
import {
  MAX_NOTIFICATIONS,
  emergencyContactsRequestSchema,
  notificationPreferencesReplySchema,
  notificationPreferencesSchema,
  notificationsQuerySchema,
  notificationsReplySchema,
  readNotificationsRequestSchema,
  type NotificationEvent,
} from "@carekey/sdk/gateway";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import { isInUse, type SignedIn } from "../session.ts";

const TAG = { tags: ["notifications"] };
/** Streams that one person may hold open: one for each tab. */
const MAX_STREAMS = 8;
const HEARTBEAT_MS = 20_000;

/** Routes under `/notifications`, behind sign-in. */
export function notificationRoutes(ports: Ports) {
  const { store, now } = ports;
  const { notifications } = store;
  const canMail = async (person: SignedIn["Variables"]["person"]) =>
    (await store.factors.of(person)).some(({ way, isConfirmed }) => way === "mail" && isConfirmed);

  const routes = createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "My wake-ups, newest first",
        request: { query: notificationsQuerySchema },
        responses: { 200: jsonReply(notificationsReplySchema, "A page, and how many are unread in all") },
      }),
      async (context) => {
        const { person } = context.var;
        const { before, limit } = context.req.valid("query");
        const page = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
        const [found, unread] = await Promise.all([notifications.list(person, page), notifications.unread(person)]);
        return context.json({ notifications: found.slice(0, limit), unread, more: found.length > limit }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/read",
        summary: "Mark some of my wake-ups, or all up to one, as read",
        request: jsonBody(readNotificationsRequestSchema),
        responses: { 204: { description: "Marked" } },
      }),
      async (context) => {
        const { person } = context.var;
        await notifications.markRead(person, context.req.valid("json"), now());
        ports.wakes.publish([person]);
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/preferences",
        summary: "What I want to hear about",
        responses: {
          200: jsonReply(notificationPreferencesReplySchema, "Preferences; the default for who chose none"),
        },
      }),
      async (context) => {
        const { person } = context.var;
        const preferences = await notifications.preferencesOf(person);
        return context.json({ preferences, canMail: await canMail(person) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "put",
        path: "/preferences",
        summary: "Choose what I want to hear about; emergencies are always told",
        request: jsonBody(notificationPreferencesSchema),
        responses: {
          204: { description: "Saved" },
          ...refusals({ 409: "CONFLICT: no mail address is confirmed" }),
        },
      }),
      async (context) => {
        const { person } = context.var;
        const preferences = context.req.valid("json");
        if (preferences.mail && !(await canMail(person))) {
          throw new SdkError("CONFLICT", "confirm a mail address under one-time codes first");
        }
        await notifications.setPreferences(person, preferences);
        return context.body(null, 204);
      },
    );

  routes.openapi(
    createRoute({
      ...TAG,
      method: "put",
      path: "/contacts",
      summary: "Name who is woken up with me in emergencies, in place of those before",
      request: jsonBody(emergencyContactsRequestSchema),
      responses: { 204: { description: "Saved" } },
    }),
    async (context) => {
      await notifications.setContacts(context.var.person, context.req.valid("json").contacts);
      return context.body(null, 204);
    },
  );

  const open = new Map<string, number>();
  // Not in the OpenAPI document: a stream has no JSON reply.
  routes.get("/stream", (context) => {
    const { person } = context.var;
    const count = open.get(person) ?? 0;
    if (count >= MAX_STREAMS) throw new SdkError("RATE_LIMITED", "too many tabs listen already");
    open.set(person, count + 1);
    return streamSSE(context, async (stream) => {
      try {
        await tellNews(ports, context, stream);
      } finally {
        open.set(person, (open.get(person) ?? 1) - 1);
      }
    });
  });
  return routes;
}

/** Sends what came after the last event that the client has, then each news, until the client is gone or its session is over. */
async function tellNews(ports: Ports, context: Context<SignedIn>, stream: SSEStreamingApi): Promise<void> {
  const { notifications, sessions } = ports.store;
  const { person, session } = context.var;
  let wake: () => void = () => undefined;
  let hasNews = true;
  const stop = ports.wakes.subscribe(person, () => {
    hasNews = true;
    wake();
  });
  stream.onAbort(() => wake());
  const tell = (event: NotificationEvent) =>
    stream.writeSSE({ id: String(event.cursor), event: "news", data: JSON.stringify(event) });
  try {
    const resumed = Number(context.req.header("last-event-id") ?? Number.NaN);
    const newest = (await notifications.list(person, { limit: 1 }))[0]?.cursor ?? 0;
    let cursor = Number.isSafeInteger(resumed) && resumed >= 0 ? resumed : newest;
    while (!stream.aborted && !stream.closed) {
      const current = await sessions.find(session.hash, ports.now());
      if (current === null || !isInUse(ports, current)) return;
      if (hasNews) {
        hasNews = false;
        const news = await notifications.after(person, cursor, MAX_NOTIFICATIONS);
        for (const { cursor: next, kind } of news) {
          await tell({ cursor: next, kind });
          cursor = next;
        }
        // Something was read elsewhere, or withdrawn: there is no new event to tell, but the list has changed.
        if (news.length === 0) await tell({ cursor, kind: null });
        hasNews ||= news.length === MAX_NOTIFICATIONS;
      } else {
        const timer = setTimeout(() => wake(), HEARTBEAT_MS);
        await new Promise<void>((resolve) => (wake = resolve));
        clearTimeout(timer);
        if (!hasNews) await stream.write(": still here\n\n");
      }
    }
  } finally {
    stop();
  }
}
