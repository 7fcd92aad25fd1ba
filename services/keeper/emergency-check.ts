/**
 * @module services/keeper/emergency-check
 * Check 5: a view of the emergency records of a patient, who gave no consent now but turned emergency access on before. In place of
 * consent it takes two licensed clinicians, the patient's delay and nobody's stop, all as this keeper's own node has them.
 */
import { isAddressEqual } from "viem";
import type { Hex } from "@carekey/sdk/bytes";
import { emergencyPhase, EMERGENCY_TAG, type EmergencyPhase } from "@carekey/sdk/consent";
import { ROLE_CLINICIAN } from "@carekey/sdk/contracts";
import { hashBody, RECEIPT_EMERGENCY, type ViewBody } from "@carekey/sdk/keeper";
import { assertFreshHead, isVerifiedAs, refusal, type AllowedView } from "./checks.ts";
import type { AccountState, EmergencySnapshot, KeeperPorts } from "./ports.ts";

const NOT_OPEN: Partial<
  Record<EmergencyPhase, readonly ["NO_CONSENT" | "CONSENT_REVOKED" | "CONSENT_EXPIRED", string]>
> = {
  asked: ["NO_CONSENT", "emergency-not-co-signed"],
  waiting: ["NO_CONSENT", "emergency-waiting"],
  stopped: ["CONSENT_REVOKED", "emergency-stopped"],
  lapsed: ["CONSENT_EXPIRED", "emergency-lapsed"],
  closed: ["CONSENT_EXPIRED", "emergency-closed"],
};

/**
 * Whether this reader may read this patient's emergency records now, both by the chain's time and by this keeper's clock: a node that
 * lags behind the opening may not know of a stop, and one whose chain stands still must not keep it open.
 * @throws SdkError with `details.reason`; CHAIN_UNAVAILABLE when this keeper's node does not answer or lags.
 */
export async function checkEmergency(ports: KeeperPorts, body: ViewBody): Promise<AllowedView> {
  if (body.tag !== EMERGENCY_TAG) {
    throw refusal("NOT_IN_SCOPE", "other-scope", "without a consent there is the emergency scope only");
  }
  const snapshot = await ports.chain.readEmergency({ patient: body.patient, reader: body.reader });
  assertFreshHead(ports, snapshot);
  const assertStillOpen = () => assertOpen(ports, body, snapshot);
  const consentId = assertStillOpen();
  assertClinicians(ports, snapshot);
  return { consentId, bodyHash: hashBody(body), kind: RECEIPT_EMERGENCY, maxViews: 0, snapshot, assertStillOpen };
}

function assertOpen({ store, clock }: KeeperPorts, body: ViewBody, snapshot: EmergencySnapshot): Hex {
  const { request, round, isEnabled, isConfirmed, block } = snapshot;
  if (request === null || !isAddressEqual(request.patient, body.patient)) {
    throw refusal("NO_CONSENT", "no-emergency", "this reader has no emergency request for this patient");
  }
  const now = clock.now();
  const isKnownStopped = store.isRevoked(body.patient, request.id);
  for (const time of [Math.min(block.timestamp, now), Math.max(block.timestamp, now)]) {
    const phase = isKnownStopped || !isEnabled ? "stopped" : emergencyPhase(request, round, time);
    const refused = NOT_OPEN[phase];
    if (refused === undefined) continue;
    // Once seen stopped, it stays so here, whatever a reorganised chain says later.
    if (phase === "stopped" && !isKnownStopped) store.markRevoked(body.patient, request.id, now);
    throw refusal(...refused, "the emergency request is not open");
  }
  if (!isConfirmed) throw refusal("NO_CONSENT", "not-confirmed", "the co-signature waits for confirmations");
  if (body.epoch !== request.round) {
    throw refusal("NOT_IN_SCOPE", "other-round", "the patient has chosen other records since");
  }
  return request.id;
}

/** Both clinicians, now: a suspension or a lapse of either closes the access. */
function assertClinicians({ clock }: KeeperPorts, { requester, coSigner, seniority, block }: EmergencySnapshot): void {
  const [earlier, later] = [Math.min(block.timestamp, clock.now()), Math.max(block.timestamp, clock.now())];
  const isSenior = (account: AccountState | null) =>
    account !== null && isVerifiedAs(account, ROLE_CLINICIAN, later) && earlier >= account.verifiedSince + seniority;
  if (!isSenior(requester)) throw refusal("NOT_VERIFIED", "licence", "the reader's licence does not count");
  if (!isSenior(coSigner)) throw refusal("NOT_VERIFIED", "co-signer", "the second clinician's licence does not count");
}
