/**
 * @module gateway/notification-schemas
 * The wire contract of notifications. A wake-up says that something happened and where to look; what it means, the person's own
 * device works out from the chain and its keys.
 */
import { z } from "zod";
import { addressSchema, digestSchema, hexBytesSchema, timestampSchema } from "./primitives.ts";
import { messageIdSchema } from "./schemas.ts";

/** What a wake-up is about. */
export const notificationKindSchema = z.enum([
  "message", // something sealed arrived in the inbox: a request, an answer, a grant
  "entry", // a clinician submitted an entry, which waits for its patient
  "decision", // a patient decided about an entry
  "sharing", // a consent of this person was given or taken back
  "licence", // a registrar confirmed, suspended or restored this person's licence
  "key", // this person's key was replaced
  "emergency", // emergency access that concerns this person
  "account", // this person's guardians, or who follows this account
  "view", // keepers let somebody open a record of this person
]);
/** What a wake-up is about. */
export type NotificationKind = z.output<typeof notificationKindSchema>;

/** Kinds that a person may turn off. Emergencies, and what may hand the own account to somebody else, are always told; views have a choice of their own. */
export const QUIETABLE_KINDS = ["message", "entry", "decision", "sharing", "licence", "key"] as const;

/** One wake-up. `cursor` rises with each; `at` in seconds. */
export const notificationSchema = z.object({
  cursor: z.int().positive(),
  kind: notificationKindSchema,
  at: timestampSchema,
  readAt: timestampSchema.nullable(),
  /** Where the chain has it; null for a message and for views. */
  txHash: digestSchema.nullable(),
  /** The message in the inbox; null for anything else. */
  messageId: messageIdSchema.nullable(),
});
/** One wake-up. */
export type Notification = z.output<typeof notificationSchema>;

/** Most wake-ups in one reply. */
export const MAX_NOTIFICATIONS = 100;
/** Query of a page, newest first. `before`: a cursor. */
export const notificationsQuerySchema = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_NOTIFICATIONS).default(50),
});
/** A page of wake-ups, newest first, and how many are unread in all. */
export const notificationsReplySchema = z.object({
  notifications: z.array(notificationSchema).max(MAX_NOTIFICATIONS),
  unread: z.int().nonnegative(),
  more: z.boolean(),
});
/** What was read: these, or everything up to a cursor. */
export const readNotificationsRequestSchema = z.union([
  z.strictObject({ upTo: z.int().positive() }),
  z.strictObject({ cursors: z.array(z.int().positive()).min(1).max(MAX_NOTIFICATIONS) }),
]);

/** What a person wants to hear about. `views`: of each view at once, of the first in a day (UTC), or of none. */
export const notificationPreferencesSchema = z.strictObject({
  off: z.array(z.enum(QUIETABLE_KINDS)).max(QUIETABLE_KINDS.length),
  mail: z.boolean(),
  views: z.enum(["immediate", "daily", "off"]),
});
/** What a person wants to hear about. */
export type NotificationPreferences = z.output<typeof notificationPreferencesSchema>;
/** The preferences of somebody who chose nothing. */
export const DEFAULT_NOTIFICATION_PREFERENCES: NotificationPreferences = { off: [], mail: false, views: "immediate" };

/** The preferences, and whether a mail address is known: the one confirmed for one-time codes. */
export const notificationPreferencesReplySchema = z.object({
  preferences: notificationPreferencesSchema,
  canMail: z.boolean(),
});

/** Data of one event of the stream. `kind` null: nothing new, but the list has changed. */
export const notificationEventSchema = z.object({
  cursor: z.int().nonnegative(),
  kind: notificationKindSchema.nullable(),
});
/** One event of the stream. */
export type NotificationEvent = z.output<typeof notificationEventSchema>;

/** Most contacts that a patient names for emergencies, as the contract has it. */
const MAX_CONTACTS = 5;
/** Who is woken up with a patient in emergencies. */
export const emergencyContactsRequestSchema = z.strictObject({ contacts: z.array(addressSchema).max(MAX_CONTACTS) });

/** Most views in one notice of a keeper. */
export const MAX_NOTICED_VIEWS = 100;
/** Views that a keeper released, signed by it: `viewNoticeDigest` of the keeper protocol. */
export const viewNoticeRequestSchema = z.strictObject({
  keeper: addressSchema,
  views: z
    .array(z.strictObject({ patient: addressSchema, id: digestSchema, at: timestampSchema }))
    .min(1)
    .max(MAX_NOTICED_VIEWS),
  signature: hexBytesSchema(65),
});
