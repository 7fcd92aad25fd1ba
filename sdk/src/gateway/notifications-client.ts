/**
 * @module gateway/notifications-client
 * The calls of `/api/v1/notifications`, typed, and its live stream.
 */
import { z } from "zod";
import type { Address } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import type { Caller, Opener } from "./call.ts";
import { readEvents } from "./event-stream.ts";
import {
  notificationEventSchema,
  notificationPreferencesReplySchema,
  notificationsReplySchema,
  type NotificationEvent,
  type NotificationPreferences,
} from "./notification-schemas.ts";

/** Wake-ups of the person signed in. */
export type NotificationsClient = {
  /** A page, newest first, before a cursor. */
  list(page?: { before?: number; limit?: number }): Promise<z.output<typeof notificationsReplySchema>>;
  /** Marks some, or everything up to a cursor, as read; what was read stays so. */
  markRead(read: { upTo: number } | { cursors: number[] }): Promise<void>;
  preferences(): Promise<z.output<typeof notificationPreferencesReplySchema>>;
  setPreferences(preferences: NotificationPreferences): Promise<void>;
  /** Names who is woken up with this person in emergencies, in place of those before; five at most. */
  setContacts(contacts: readonly Address[]): Promise<void>;
  /**
   * The live stream: one event at once, then one for each change, until the gateway ends it or `signal` does, which is no failure.
   * `after`: resumes after the last cursor that was heard. Throws GATEWAY_UNAVAILABLE when the connection breaks, NOT_SIGNED_IN,
   * RATE_LIMITED (too many tabs listen already), MALFORMED.
   */
  listen(options: { signal: AbortSignal; after?: number }): AsyncGenerator<NotificationEvent, void>;
};

/** The notifications' part of the gateway's client. */
export function notificationsClient(call: Caller, open: Opener): NotificationsClient {
  const path = "/api/v1/notifications";
  return {
    list: ({ before, limit = 50 } = {}) =>
      call(`${path}?limit=${limit}${before === undefined ? "" : `&before=${before}`}`, notificationsReplySchema),
    async markRead(read) {
      await call(`${path}/read`, z.unknown(), { method: "POST", body: read, isRepeatable: true });
    },
    preferences: () => call(`${path}/preferences`, notificationPreferencesReplySchema),
    async setPreferences(preferences) {
      await call(`${path}/preferences`, z.unknown(), { method: "PUT", body: preferences, isRepeatable: true });
    },
    async setContacts(contacts) {
      await call(`${path}/contacts`, z.unknown(), { method: "PUT", body: { contacts }, isRepeatable: true });
    },
    async *listen({ signal, after }) {
      const headers: Record<string, string> = after === undefined ? {} : { "last-event-id": String(after) };
      try {
        const body = await open(`${path}/stream`, { signal, headers });
        for await (const data of readEvents(body, signal)) yield eventOf(data);
      } catch (cause) {
        if (signal.aborted) return;
        throw cause instanceof SdkError ? cause : new SdkError("GATEWAY_UNAVAILABLE", "the stream broke", { cause });
      }
    },
  };
}

function eventOf(data: string): NotificationEvent {
  try {
    return notificationEventSchema.parse(JSON.parse(data));
  } catch (cause) {
    throw new SdkError("MALFORMED", "an event of the stream does not follow its schema", { cause });
  }
}
