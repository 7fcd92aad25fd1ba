/**
 * @module client/view-alarm
 * Whether the patient's own consents, or an emergency request on chain, explain what keepers wrote down. Pure: receipts in, alarm out.
 */
import type { Hex } from "../bytes.ts";
import { EMERGENCY_TAG, READ, emergencyClosesAt, recordOfScope, type EmergencyRequestState } from "../consent/index.ts";
import { RECEIPT_EMERGENCY, type Receipt } from "../keeper/index.ts";
import type { OwnConsent } from "./consents.ts";
import { sameAddress } from "./people.ts";
import type { ViewAlarm } from "./types.ts";

/** As much of a consent as explains a view. Without labels, it is one for parts of the chart. */
type Explaining = Pick<OwnConsent, "terms" | "endedAt"> & Partial<Pick<OwnConsent, "labels">>;

/** A request, and when the patient turned emergency access off in its round, seconds; null if that did not happen. */
export type ExplainingRequest = EmergencyRequestState & { voidFrom: number | null };

/** What may explain a view, by the id that receipts name. */
export type Explanations = {
  consents: ReadonlyMap<Hex, Explaining>;
  emergencies: ReadonlyMap<Hex, ExplainingRequest>;
};

/**
 * Why a view is not explained; null when it is. Each keeper's receipt has to be explained by itself: one keeper's earlier clock
 * does not excuse another that answered after the end.
 */
export function alarmOf(receipts: readonly Receipt[], explanations: Explanations): ViewAlarm | null {
  for (const receipt of receipts) {
    const alarm =
      receipt.kind === RECEIPT_EMERGENCY
        ? emergencyAlarm(receipt, explanations.emergencies.get(receipt.consentId))
        : consentAlarm(receipt, explanations.consents.get(receipt.consentId));
    if (alarm !== null) return alarm;
  }
  return null;
}

function consentAlarm(receipt: Receipt, consent: Explaining | undefined): ViewAlarm | null {
  if (consent === undefined || consent.terms.rights !== READ) return "unknown-consent";
  const { terms, endedAt } = consent;
  if (!sameAddress(terms.grantee, receipt.grantee)) return "another-person";
  if (!terms.scopes.includes(receipt.tag) || receipt.epoch < terms.fromEpoch) return "another-part";
  const one = recordOfScope(consent.labels?.[0]?.label ?? "");
  if (one !== null && one !== receipt.recordId.toLowerCase()) return "another-part";
  const isInTime =
    receipt.issuedAt >= terms.notBefore &&
    receipt.issuedAt < terms.expiresAt &&
    (endedAt === null || receipt.issuedAt <= endedAt);
  if (!isInTime) return "outside-time";
  const isCounted = terms.maxViews === 0 || (receipt.viewNo >= 1 && receipt.viewNo <= terms.maxViews);
  return isCounted ? null : "over-limit";
}

function emergencyAlarm(receipt: Receipt, request: ExplainingRequest | undefined): ViewAlarm | null {
  const isKnown =
    request !== undefined &&
    sameAddress(request.patient, receipt.patient) &&
    sameAddress(request.requester, receipt.grantee);
  if (!isKnown) return "unknown-emergency";
  if (receipt.tag !== EMERGENCY_TAG || receipt.epoch !== request.round) return "another-part";
  const { opensAt, stoppedAt, voidFrom } = request;
  const isOpen =
    opensAt !== 0 &&
    receipt.issuedAt >= opensAt &&
    receipt.issuedAt < emergencyClosesAt(request) &&
    (stoppedAt === 0 || receipt.issuedAt <= stoppedAt) &&
    (voidFrom === null || receipt.issuedAt <= voidFrom);
  return isOpen ? null : "emergency-closed";
}
