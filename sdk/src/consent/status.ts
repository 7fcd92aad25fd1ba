/**
 * @module consent/status
 * What a consent is worth at a moment: the same rule as the contract's `isActive`, with the reason when it is worth nothing.
 */
import type { ConsentTerms } from "./terms.ts";

/** What the chain keeps about one consent of one patient. Seconds; 0 = never. */
export type ConsentChainState = {
  grantedAt: number;
  revokedAt: number;
  /** All that the patient granted up to this second is void. */
  revokedBefore: number;
};

/** `unknown`: the chain never heard of it. */
export type ConsentStatus = "active" | "not-yet" | "expired" | "revoked" | "unknown";

/**
 * What a consent is worth. "active" exactly when the contract's `isActive` holds at that time.
 * @param now - Seconds, as the latest block has it.
 */
export function consentStatus(
  terms: Pick<ConsentTerms, "notBefore" | "expiresAt">,
  state: ConsentChainState,
  now: number,
): ConsentStatus {
  if (state.revokedAt !== 0) return "revoked";
  if (state.grantedAt === 0) return "unknown";
  if (state.grantedAt <= state.revokedBefore) return "revoked";
  if (now < terms.notBefore) return "not-yet";
  return now < terms.expiresAt ? "active" : "expired";
}
