/**
 * @module gateway/codes-client
 * The calls of `/api/v1/codes`, `/tickets` and `/sessions`, typed.
 */
import { z } from "zod";
import type { Hex } from "../bytes.ts";
import type { Caller } from "./call.ts";
import {
  backupCodesReplySchema,
  beginAppReplySchema,
  checkCodeReplySchema,
  codesReplySchema,
  sessionListSchema,
  ticketReplySchema,
  type CodeEntry,
  type CodePurpose,
  type CodeState,
  type OpenSession,
} from "./codes.ts";

/**
 * One-time codes. Whatever takes a code throws OTP_WRONG (`details.triesLeft`), OTP_LOCKED (`details.until`, seconds),
 * OTP_OFF, RATE_LIMITED.
 */
export type CodesClient = {
  /** What is turned on. */
  state(): Promise<CodeState>;
  /** Begins an authenticator app: its secret, given once. Needs a code when codes are on. Throws CONFLICT, OTP_REQUIRED. */
  beginApp(entry?: CodeEntry): Promise<{ secret: string; uri: string }>;
  /** Begins codes by mail: sends a first one to the address. Throws CONFLICT, OTP_REQUIRED, MAIL_UNAVAILABLE. */
  beginMail(address: string, entry?: CodeEntry): Promise<void>;
  /** Turns a begun way on by its first code. Gives the backup codes, once; null when there are some already. */
  confirm(way: "app" | "mail", code: string): Promise<string[] | null>;
  /** Turns a way off. With the last one the backup codes end. */
  turnOff(way: "app" | "mail", entry: CodeEntry): Promise<void>;
  /** New backup codes; the old ones end. */
  renewBackupCodes(entry: CodeEntry): Promise<string[]>;
  /** Has a code sent to the confirmed address, for this purpose only. Throws MAIL_UNAVAILABLE. */
  send(purpose: CodePurpose): Promise<void>;
  /** Spends a code: this session may go on for the purpose until the second that is answered. */
  check(purpose: CodePurpose, entry: CodeEntry): Promise<{ until: number }>;
  /** The gateway's word, for keepers, that a code was entered for the view of this body. Throws OTP_REQUIRED. */
  ticket(body: Hex, entry?: CodeEntry): Promise<z.output<typeof ticketReplySchema>>;
};

/** The sessions of the person signed in. */
export type SessionsClient = {
  /** Newest first. */
  list(): Promise<OpenSession[]>;
  /** Ends one; one that is gone is no error. */
  end(id: string): Promise<void>;
  /** Ends all but this one. */
  endOthers(): Promise<void>;
};

const nothing = z.unknown();

/** See {@link CodesClient}. */
export function codesClient(call: Caller): CodesClient {
  const post = <Schema extends z.ZodType>(path: string, schema: Schema, body: unknown) =>
    call(path, schema, { method: "POST", body });
  return {
    state: () => call("/api/v1/codes", codesReplySchema),
    beginApp: (entry) => post("/api/v1/codes/app", beginAppReplySchema, { entry }),
    async beginMail(address, entry) {
      await post("/api/v1/codes/mail", nothing, { address, entry });
    },
    confirm: async (way, code) =>
      (await post(`/api/v1/codes/${way}/confirm`, backupCodesReplySchema, { code })).backupCodes,
    async turnOff(way, entry) {
      await post(`/api/v1/codes/${way}/off`, nothing, { entry });
    },
    renewBackupCodes: async (entry) =>
      (await post("/api/v1/codes/backup", backupCodesReplySchema, { entry })).backupCodes ?? [],
    async send(purpose) {
      await post("/api/v1/codes/send", nothing, { purpose });
    },
    check: (purpose, entry) => post("/api/v1/codes/check", checkCodeReplySchema, { purpose, entry }),
    ticket: (body, entry) => post("/api/v1/tickets", ticketReplySchema, { body, entry }),
  };
}

/** See {@link SessionsClient}. */
export function sessionsClient(call: Caller): SessionsClient {
  return {
    list: async () => (await call("/api/v1/sessions", sessionListSchema)).sessions,
    async end(id) {
      await call(`/api/v1/sessions/${id}`, nothing, { method: "DELETE" });
    },
    async endOthers() {
      await call("/api/v1/sessions", nothing, { method: "DELETE" });
    },
  };
}
