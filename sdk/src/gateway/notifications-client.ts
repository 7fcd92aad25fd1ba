/**
 * @module gateway/notifications-client
 * The calls of `/api/v1/notifications`, typed, and its live stream.
 */
import { z } from "zod";
import type { Caller } from "./call.ts";
import {
  notificationPreferencesReplySchema,
  notificationsReplySchema,
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
  /** Address of the live stream (server-sent events), for the runtime's EventSource, which resumes by itself. */
  streamUrl(): string;
};

/** The notifications' part of the gateway's client. */
export function notificationsClient(call: Caller, origin: string): NotificationsClient {
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
    streamUrl: () => `${origin}${path}/stream`,
  };
}
