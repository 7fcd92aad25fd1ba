/**
 * @module gateway/codes
 * The wire contract of one-time codes, view tickets and sessions: limits, requests and replies of `/api/v1/codes`, `/tickets`, `/sessions`.
 */
import { z } from "zod";
import { digestSchema, hexBytesSchema, timestampSchema } from "./primitives.ts";

/** Wrong codes in a row before a way is locked. */
export const CODE_TRIES = 5;
/** The first lock, in seconds; each further one in a row lasts twice as long, a day at most. */
export const CODE_LOCK_SECONDS = 900;
/** Seconds for which a code sent by mail can be used. */
export const MAIL_CODE_SECONDS = 600;
/** Seconds for which a session may go on for the purpose whose code was entered. */
export const PASS_SECONDS = 300;
/** Seconds that a session waits for the code of its sign-in. */
export const HALF_OPEN_SECONDS = 600;
/** Seconds for which a view ticket can be used. */
export const TICKET_SECONDS = 60;
/** How many backup codes are given out at once. */
export const BACKUP_CODES = 10;

/** What a code is asked for. A code by mail serves the purpose it was sent for only. */
export const codePurposeSchema = z.enum(["sign-in", "view", "approval", "settings"]);
/** Where a code comes from: an authenticator app, a mail, or the printed list. */
export const codeWaySchema = z.enum(["app", "mail", "backup"]);

const codeSchema = z
  .string()
  .max(32)
  .transform((value) => value.replace(/[\s-]/g, "").toUpperCase())
  .pipe(z.string().regex(/^([0-9]{6}|[0-9A-Z]{10})$/, "6 digits, or 10 letters and digits"));

/** A code as the person typed it; spaces, hyphens and case do not matter. */
export const codeEntrySchema = z.strictObject({ way: codeWaySchema, code: codeSchema });
const optionalEntry = { entry: codeEntrySchema.optional() };

/**
 * What is turned on, and what is locked until when (seconds). `mail` is the address, mostly hidden; `entered`: what this session may
 * go on with, since a code was entered for it within {@link PASS_SECONDS}.
 */
export const codesReplySchema = z.object({
  app: z.boolean(),
  mail: z.string().nullable(),
  backupLeft: z.int().nonnegative(),
  locks: z.array(z.object({ way: codeWaySchema, until: timestampSchema })),
  entered: z.array(codePurposeSchema),
});

/** Begins an authenticator app; `entry` is needed when codes are on already. */
export const beginAppRequestSchema = z.strictObject(optionalEntry);
/** The secret, shown once: in base32, and as the `otpauth:` address that a QR code carries. */
export const beginAppReplySchema = z.object({ secret: z.string(), uri: z.string() });
/** Begins codes by mail; `entry` as for the app. */
export const beginMailRequestSchema = z.strictObject({ address: z.email().max(254), ...optionalEntry });
/** The first code of a way that is being turned on. */
export const confirmRequestSchema = z.strictObject({ code: codeSchema });
/** The backup codes, shown once; null when the person has some already. */
export const backupCodesReplySchema = z.object({ backupCodes: z.array(z.string()).max(BACKUP_CODES).nullable() });
/** A change that a code must allow: turning a way off, new backup codes. */
export const changeCodesRequestSchema = z.strictObject({ entry: codeEntrySchema });
/** Asks for a code by mail. */
export const sendCodeRequestSchema = z.strictObject({ purpose: codePurposeSchema });
/** Spends a code. */
export const checkCodeRequestSchema = z.strictObject({ purpose: codePurposeSchema, entry: codeEntrySchema });
/** Until when (seconds) this session may go on for the purpose. */
export const checkCodeReplySchema = z.object({ until: timestampSchema });

/** Asks for a ticket for one view's body; `entry` unless one was entered on this session within {@link PASS_SECONDS}. */
export const ticketRequestSchema = z.strictObject({ body: digestSchema, ...optionalEntry });
/** The gateway's word for one body, as keepers check it. */
export const ticketReplySchema = z.object({
  body: digestSchema,
  otp: z.boolean(),
  exp: timestampSchema,
  signature: hexBytesSchema(65),
});

/** The public id of a session; tells nothing about its token. */
export const sessionIdSchema = z.string().regex(/^[0-9a-f]{32}$/);
/** The open sessions of a person, newest first. Times in seconds; `device` is a coarse label such as "Firefox on Windows". */
export const sessionListSchema = z.object({
  sessions: z.array(
    z.object({
      id: sessionIdSchema,
      device: z.string(),
      createdAt: timestampSchema,
      lastUsedAt: timestampSchema,
      isThisOne: z.boolean(),
    }),
  ),
});

/** What a code is asked for. */
export type CodePurpose = z.output<typeof codePurposeSchema>;
/** Where a code comes from. */
export type CodeWay = z.output<typeof codeWaySchema>;
/** A code as the person typed it, and where it comes from. */
export type CodeEntry = z.input<typeof codeEntrySchema>;
/** Which ways of a person are turned on. */
export type CodeState = z.output<typeof codesReplySchema>;
/** One open session. */
export type OpenSession = z.output<typeof sessionListSchema>["sessions"][number];
