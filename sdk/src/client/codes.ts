/**
 * @module client/codes
 * One-time codes as flows meet them: what still needs one, spending one, and the ticket for a view whose consent asks for one.
 * Turning them on and off is the gateway's own (`carekey.gateway.codes`): no key and no chain take part in it.
 */
import { FLAG_OTP } from "../consent/index.ts";
import { SdkError } from "../errors.ts";
import { codeEntrySchema, type CodeEntry, type CodePurpose, type CodeState, type CodeWay } from "../gateway/index.ts";
import { hashTicketSubject, type Ticket, type ViewBody } from "../keeper/index.ts";
import type { Carekey, ViewSession } from "./types.ts";

const BACKUP_CODE = /^[0-9A-Z]{10}$/;

/** Whether a person has turned codes on. */
export function hasCodes({ app, mail }: Pick<CodeState, "app" | "mail">): boolean {
  return app || mail !== null;
}

/** Whether this could be a code: 6 digits, or the 10 characters of a backup code. */
export function looksLikeCode(typed: string): boolean {
  return codeEntrySchema.safeParse({ way: "app", code: typed }).success;
}

/** A typed code and where it comes from: backup codes are told by their length, the others by what the person chose. */
export function codeEntry(typed: string, way: Exclude<CodeWay, "backup">): CodeEntry {
  const isBackup = BACKUP_CODE.test(typed.replace(/[\s-]/g, "").toUpperCase());
  return { way: isBackup ? "backup" : way, code: typed };
}

/**
 * Spends a code: for a few minutes this session may go on with the purpose; with "sign-in", the session is open.
 * @throws SdkError OTP_WRONG, OTP_LOCKED, OTP_OFF, RATE_LIMITED
 */
export async function enterCode(carekey: Carekey, purpose: CodePurpose, entry: CodeEntry): Promise<void> {
  await carekey.gateway.codes.check(purpose, entry);
}

/**
 * Refuses to go on when the person has codes on and entered none for this lately.
 * @throws SdkError OTP_REQUIRED (`details.purpose`)
 */
export async function requireCode(carekey: Carekey, purpose: CodePurpose): Promise<void> {
  const state = await carekey.gateway.codes.state();
  if (!hasCodes(state) || state.entered.includes(purpose)) return;
  throw new SdkError("OTP_REQUIRED", "enter a one-time code first", { details: { purpose } });
}

/**
 * The ticket for a body whose consent asks for a code; null for any other. Without `entry` a code must have been entered lately.
 * @throws SdkError OTP_REQUIRED, OTP_WRONG, OTP_LOCKED, OTP_OFF, NOT_SIGNED_IN
 */
export async function ticketFor(
  carekey: Carekey,
  view: { body: ViewBody; session: ViewSession; entry?: CodeEntry | undefined },
): Promise<Ticket | null> {
  const { body, session, entry } = view;
  if (body.terms === null || (body.terms.flags & FLAG_OTP) === 0) return null;
  return carekey.gateway.codes.ticket(hashTicketSubject(body, session.terms.key), entry);
}
