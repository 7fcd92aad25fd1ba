/**
 * @module keeper/refusals
 * The codes with which keepers refuse, and what many keepers' refusals amount to: one liar cannot put words in the others' mouths.
 */
import type { Address } from "../bytes.ts";
import { SdkError, type SdkErrorCode } from "../errors.ts";

const REFUSAL_CODES = [
  "NO_CONSENT",
  "CONSENT_REVOKED",
  "CONSENT_EXPIRED",
  "NOT_IN_SCOPE",
  "NOT_VERIFIED",
  "VIEW_LIMIT_REACHED",
  "OTP_REQUIRED",
  "NO_DEAL",
  "SIGNATURE_INVALID",
  "EXPIRED",
  "CONFLICT",
  "FORBIDDEN",
  "NOT_REGISTERED",
  "NOT_FOUND",
  "MALFORMED",
  "UNSUPPORTED_VERSION",
  "INVALID_ARGUMENT",
  "TOO_LARGE",
  "RATE_LIMITED",
  "CHAIN_UNAVAILABLE",
  "INTERNAL",
] as const satisfies readonly SdkErrorCode[];

/** A code that a keeper may answer with. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One keeper that did not answer as asked. */
export type Refusal = { keeper: Address; code: SdkErrorCode; reason?: string };

/** Whether a keeper may answer with this code. */
export function isRefusalCode(code: string): code is RefusalCode {
  return REFUSAL_CODES.some((known) => known === code);
}

/** Codes that say something about the request, and not about the keeper's own state. */
const ABOUT_THE_REQUEST: ReadonlySet<SdkErrorCode> = new Set<SdkErrorCode>(
  REFUSAL_CODES.filter((code) => code !== "INTERNAL" && code !== "CHAIN_UNAVAILABLE" && code !== "RATE_LIMITED"),
);

/** Refusals as they came. */
export function refusalFrom(keeper: Address, error: unknown): Refusal {
  if (!(error instanceof SdkError)) return { keeper, code: "INTERNAL" };
  const { reason } = error.details;
  return { keeper, code: error.code, ...(typeof reason === "string" && { reason }) };
}

/**
 * The one error for too few answers: the code that so many keepers gave that the rest could not suffice; KEEPER_MISBEHAVED when the
 * liars are as many; else TOO_FEW_KEEPERS. `details` always holds `{answered, needed, total, refusals}`.
 */
export function tooFew(input: { answered: number; needed: number; total: number; refusals: Refusal[] }): SdkError {
  const { needed, total, refusals } = input;
  const details = { ...input };
  const blocking = total - needed + 1;
  const counts = new Map<SdkErrorCode, number>();
  for (const { code } of refusals) counts.set(code, (counts.get(code) ?? 0) + 1);
  for (const [code, count] of counts) {
    if (count < blocking) continue;
    if (ABOUT_THE_REQUEST.has(code)) {
      const reason = refusals.find((refusal) => refusal.code === code)?.reason;
      return new SdkError(code, "the keepers refuse the request", {
        details: { ...details, ...(reason && { reason }) },
      });
    }
    if (code === "KEEPER_MISBEHAVED") {
      const keepers = refusals.filter((refusal) => refusal.code === code).map(({ keeper }) => keeper);
      return new SdkError(code, "keepers gave answers that do not verify", { details: { ...details, keepers } });
    }
  }
  return new SdkError("TOO_FEW_KEEPERS", `${input.answered} of ${needed} needed keepers answered`, { details });
}
