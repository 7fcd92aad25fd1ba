/**
 * @module services/keeper/checks
 * What a keeper checks before it releases anything, in the written order. Each refusal has a code for programs and a `reason`.
 */
import { isAddressEqual, zeroAddress } from "viem";
import { hashTypedData } from "viem/utils";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { FLAG_LICENSED, FLAG_OTP, hashTerms, READ, type ConsentTerms } from "@carekey/sdk/consent";
import { ROLE_CLINICIAN, ROLE_ORGANISATION } from "@carekey/sdk/contracts";
import { SdkError, type SdkErrorCode } from "@carekey/sdk/errors";
import { TICKET_SECONDS } from "@carekey/sdk/gateway";
import {
  assertSession,
  CLOCK_TOLERANCE_SECONDS,
  hashBody,
  hashTicketSubject,
  isRequestSigned,
  isSignedByOwnKey,
  MAX_BODY_SECONDS,
  RECEIPT_VIEW,
  sessionTypedData,
  ticketTypedData,
  type SignedSession,
  type ViewBody,
  type ViewRequest,
} from "@carekey/sdk/keeper";
import { assertTypedSignature } from "../common/signatures.ts";
import type { AccountState, ChainSnapshot, ConsentSnapshot, KeeperPorts } from "./ports.ts";

/** How old the latest block may be on a public chain, in seconds. */
export const MAX_HEAD_AGE_SECONDS = 60;

/** A request that passed every check but the view number and the nonce. */
export type AllowedView = {
  /** In an emergency, the request's id. */
  consentId: Hex;
  bodyHash: Hex;
  /** RECEIPT_VIEW or RECEIPT_EMERGENCY. */
  kind: number;
  /** 0 = unlimited. */
  maxViews: number;
  snapshot: ChainSnapshot;
  /**
   * Asks once more what needs no waiting: this keeper's clock, and what it was told while it waited for its node or its own key.
   * @throws SdkError as the first time
   */
  assertStillOpen(): void;
};

/** Checks 1 and 2 of a view. @throws SdkError with `details.reason` */
export async function checkRequest(ports: KeeperPorts, request: ViewRequest): Promise<void> {
  const { body, session } = request;
  assertForMe(ports, request.keeper);
  assertThisDeployment(ports, body);
  assertTime(ports, body);
  const { terms } = body;
  if (terms !== null && !isAddressEqual(terms.patient, body.patient)) {
    throw refusal("FORBIDDEN", "other-patient", "the terms are another patient's");
  }
  if (terms !== null && !isAddressEqual(terms.grantee, body.reader)) {
    throw refusal("FORBIDDEN", "other-grantee", "the terms are for another reader");
  }
  await checkSession(ports, session, body.reader);
  if (!isRequestSigned(request)) {
    throw refusal("SIGNATURE_INVALID", "request-signature", "the request is not signed by the session's key");
  }
}

/**
 * Checks 3 and 4, of a view under a consent.
 * @throws SdkError with `details.reason`; CHAIN_UNAVAILABLE when this keeper's node does not answer or lags.
 */
export async function checkConsent(
  ports: KeeperPorts,
  request: ViewRequest,
  terms: ConsentTerms,
): Promise<AllowedView> {
  const { body } = request;
  const consentId = hashTerms(terms);
  assertTermsCover(terms, body);
  const { patient, grantee } = terms;
  const organisation = isAddressEqual(terms.organisation, zeroAddress) ? null : terms.organisation;
  const snapshot = await ports.chain.readConsent({ patient, consentId, grantee, organisation });
  assertFreshHead(ports, snapshot);
  const assertStillOpen = () => assertActive(ports, terms, consentId, snapshot);
  assertStillOpen();
  assertPeople(ports, terms, snapshot);
  const bodyHash = hashBody(body);
  if (needsTicket(terms)) await assertTicket(ports, request);
  return { consentId, bodyHash, kind: RECEIPT_VIEW, maxViews: terms.maxViews, snapshot, assertStillOpen };
}

/** Check 1, first part: a request names the one keeper that may answer it. */
export function assertForMe({ identity }: KeeperPorts, keeper: Address): void {
  if (!isAddressEqual(keeper, identity.address))
    throw refusal("FORBIDDEN", "other-keeper", "the request names another keeper");
}

/** Check 1, last part: the request's own minute. */
export function assertTime({ clock }: KeeperPorts, { at, exp }: { at: number; exp: number }): void {
  const now = clock.now();
  if (exp > at + MAX_BODY_SECONDS)
    throw refusal("INVALID_ARGUMENT", "lives-too-long", "the request would live too long");
  if (now < at - CLOCK_TOLERANCE_SECONDS)
    throw refusal("EXPIRED", "from-the-future", "the request is dated ahead of time");
  if (now >= exp) throw refusal("EXPIRED", "request-over", "the request is over");
}

/**
 * Check 2, for views and for the patient's own requests: the session is this person's, for keepers, running, not ended, and signed
 * by the wallet (asked again each time, since a smart account may have changed its mind).
 */
export async function checkSession(ports: KeeperPorts, session: SignedSession, owner: Address): Promise<void> {
  const { deployment, chain } = ports;
  assertSessionRuns(ports, session, owner);
  await assertTypedSignature(chain.isSignedBy, {
    account: owner,
    typedData: sessionTypedData(deployment, session.terms),
    signature: session.signature,
  });
}

/** The part of check 2 that needs no waiting. */
export function assertSessionRuns(
  { deployment, store, clock }: KeeperPorts,
  session: SignedSession,
  owner: Address,
): void {
  assertSession(session, { deployment, owner, audience: "keepers", now: clock.now() });
  if (store.isSessionEnded(session.terms)) throw refusal("EXPIRED", "session-ended", "the session was ended");
}

/** Whether an account has a current licence or attestation in this role. */
export function isVerifiedAs(account: AccountState, role: number, time: number): boolean {
  return account.role === role && !account.suspended && time < account.verifiedUntil;
}

function assertThisDeployment({ deployment }: KeeperPorts, body: ViewBody): void {
  if (body.chainId !== deployment.chainId || !isAddressEqual(body.contract, deployment.carekey)) {
    throw refusal("FORBIDDEN", "other-deployment", "the request is for another deployment");
  }
}

/** Check 3, the part that the terms themselves answer. */
function assertTermsCover(terms: ConsentTerms, body: ViewBody): void {
  if (terms.rights !== READ) throw refusal("NO_CONSENT", "not-a-read-consent", "the consent does not allow reading");
  // Decoded terms never hold the emergency tag, nor more than 32 scopes, and all hex is lower-case.
  if (!terms.scopes.includes(body.tag)) {
    throw refusal("NOT_IN_SCOPE", "other-scope", "the consent does not cover this scope");
  }
  if (body.epoch < terms.fromEpoch) {
    throw refusal("NOT_IN_SCOPE", "earlier-epoch", "the consent covers later records only");
  }
}

/** On a public chain, an old head may hide a revoke, and a head from the future may hide an expiry. */
export function assertFreshHead({ clock, settings }: KeeperPorts, { block }: ChainSnapshot): void {
  if (!settings.requireFreshHead) return;
  const age = clock.now() - block.timestamp;
  if (age > MAX_HEAD_AGE_SECONDS) throw refusal("CHAIN_UNAVAILABLE", "stale-head", "this keeper's node lags behind");
  if (-age > CLOCK_TOLERANCE_SECONDS)
    throw refusal("CHAIN_UNAVAILABLE", "clock-skew", "this keeper's clock and chain disagree");
}

/** Check 3, the part that the chain answers: at the later of chain time and clock it must not be over, at the earlier have begun. */
function assertActive(ports: KeeperPorts, terms: ConsentTerms, consentId: Hex, snapshot: ConsentSnapshot): void {
  const { store, clock } = ports;
  const { patient } = terms;
  const { grantedAt, revokedAt, revokedBefore, isConfirmed, block } = snapshot;
  const now = clock.now();
  const isRevokedOnChain = revokedAt > 0 || (grantedAt > 0 && grantedAt <= revokedBefore);
  const isRevokedBySignature = grantedAt > 0 && grantedAt <= store.revokedBefore(patient);
  const isKnown = store.isRevoked(patient, consentId);
  if (isRevokedOnChain || isRevokedBySignature || isKnown) {
    if (!isKnown) store.markRevoked(patient, consentId, now);
    throw refusal("CONSENT_REVOKED", "revoked", "the patient ended this consent");
  }
  if (grantedAt === 0) throw refusal("NO_CONSENT", "not-granted", "the patient did not grant this consent");
  if (!isConfirmed) throw refusal("NO_CONSENT", "not-confirmed", "the grant waits for confirmations");
  if (Math.max(block.timestamp, now) >= terms.expiresAt)
    throw refusal("CONSENT_EXPIRED", "expired", "the consent is over");
  if (Math.min(block.timestamp, now) < terms.notBefore)
    throw refusal("NO_CONSENT", "not-yet", "the consent has not begun");
}

/** Check 4, the people. */
function assertPeople(
  { clock }: KeeperPorts,
  terms: ConsentTerms,
  { organisation, grantee, block }: ConsentSnapshot,
): void {
  const time = Math.max(block.timestamp, clock.now());
  if (organisation !== null) {
    if (!isVerifiedAs(organisation.account, ROLE_ORGANISATION, time)) {
      throw refusal("NOT_VERIFIED", "organisation", "the organisation is not verified");
    }
    if (time >= organisation.membershipUntil) {
      throw refusal("NOT_VERIFIED", "membership", "the reader is not a current member of the organisation");
    }
  }
  if ((terms.flags & FLAG_LICENSED) !== 0 && !isVerifiedAs(grantee, ROLE_CLINICIAN, time)) {
    throw refusal("NOT_VERIFIED", "licence", "the reader has no current licence");
  }
}

/** Whether views under these terms need the gateway's ticket. */
export function needsTicket(terms: ConsentTerms | null): boolean {
  return terms !== null && (terms.flags & FLAG_OTP) !== 0;
}

/** Check 4, the one-time code: the gateway's word for this very body in this very session, no older than a minute. */
async function assertTicket({ deployment, clock }: KeeperPorts, request: ViewRequest): Promise<void> {
  const { body, session, ticket } = request;
  if (ticket === null) throw noTicket("no-ticket");
  const { body: subject, otp, exp, signature } = ticket;
  const now = clock.now();
  if (subject !== hashTicketSubject(body, session.terms.key) || !otp) throw noTicket("other-ticket");
  if (now >= exp) throw noTicket("ticket-over");
  if (exp > now + TICKET_SECONDS + CLOCK_TOLERANCE_SECONDS) throw noTicket("ticket-too-long");
  const digest = hashTypedData(ticketTypedData(deployment, { body: subject, otp, exp }));
  if (!(await isSignedByOwnKey({ account: deployment.gateway, digest, signature }))) {
    throw noTicket("ticket-signature");
  }
}

/** The refusal of a view whose ticket is missing, wrong or used. */
export function noTicket(reason: string): SdkError {
  return refusal("OTP_REQUIRED", reason, "the consent asks for a one-time code");
}

/** A refusal with its reason, for programs and logs. */
export function refusal(code: SdkErrorCode, reason: string, message: string): SdkError {
  return new SdkError(code, message, { details: { reason } });
}
