/**
 * @module services/keeper/deals
 * Takes a patient's deal: verifies it, stores it, acknowledges it, and puts it in force when the other keepers hold it too.
 */
import { isAddressEqual } from "viem";
import { hashTypedData } from "viem/utils";
import { toHex, type Address } from "@carekey/sdk/bytes";
import { verifyShare } from "@carekey/sdk/crypto";
import { SdkError } from "@carekey/sdk/errors";
import {
  acknowledgementTypedData,
  assertSignedDeal,
  hashDeal,
  isAcknowledgedBy,
  openShare,
  type Acknowledgement,
  type Activation,
  type DealBody,
  type KeeperDeals,
  type SignedDeal,
} from "@carekey/sdk/keeper";
import type { KeeperPorts } from "./ports.ts";
import { PREVIOUS_DEAL_SECONDS, seatOf } from "./release.ts";

/** After this many seconds t acknowledgements are enough, so that one dead keeper does not hold up a patient for ever. */
export const PARTIAL_ACTIVATION_SECONDS = 86_400;

/**
 * Stores a deal and acknowledges it; the same deal again gives the same acknowledgement.
 * @throws SdkError SIGNATURE_INVALID, MALFORMED, NOT_REGISTERED, CONFLICT (version or generation does not rise, other secret),
 *   INVALID_ARGUMENT (this keeper's share is not what the commitments say)
 */
export async function acceptDeal(ports: KeeperPorts, body: DealBody): Promise<Acknowledgement> {
  const { deployment, identity, chain, store, clock } = ports;
  const { patient, version } = body.deal;
  const index = seatOf(ports);
  if (index === 0) throw new SdkError("CONFLICT", "this keeper has no seat", { details: { reason: "no-seat" } });
  await assertSignedDeal(deployment, body, chain.isSignedBy);
  if ((await chain.accountOf(patient)).role === 0)
    throw new SdkError("NOT_REGISTERED", "the patient is not registered");
  const share = await openOwnShare(ports, body, index);
  if (!verifyShare({ commitments: body.commitments, index, share })) {
    throw new SdkError("INVALID_ARGUMENT", "the share is not what the commitments say", {
      details: { reason: "share" },
    });
  }
  if (!isStored(ports, body)) {
    assertRises(ports, body);
    store.savePending(body, clock.now());
  }
  ports.log.info({ version }, "deal stored");
  const digest = hashTypedData(
    acknowledgementTypedData(deployment, { keeper: identity.address, deal: hashDeal(deployment, body.deal) }),
  );
  return { keeper: identity.address, signature: await identity.sign(digest) };
}

/**
 * Puts a stored deal in force: when all keepers acknowledged it, or t of them a day after it came.
 * @throws SdkError NO_DEAL when it is not stored here, CONFLICT when acknowledgements are missing or false.
 */
export async function activateDeal(
  ports: KeeperPorts,
  { patient, version, acknowledgements }: Activation,
): Promise<void> {
  const { deployment, store, clock } = ports;
  const { active, pending } = store.dealsOf(patient);
  if (active?.deal.version === version) return;
  if (pending?.body.deal.version !== version) {
    throw new SdkError("NO_DEAL", "this deal is not stored here", { details: { reason: "deal-version" } });
  }
  const { deal } = pending.body;
  const dealHash = hashDeal(deployment, deal);
  const acknowledged = new Set<string>();
  for (const acknowledgement of acknowledgements.slice(0, deal.count)) {
    const isSeated = deployment.keepers.some(({ address }) => isAddressEqual(address, acknowledgement.keeper));
    if (isSeated && (await isAcknowledgedBy(deployment, dealHash, acknowledgement))) {
      acknowledged.add(acknowledgement.keeper.toLowerCase());
    }
  }
  const isOld = clock.now() >= pending.storedAt + PARTIAL_ACTIVATION_SECONDS;
  const needed = isOld ? deal.threshold : deal.count;
  if (acknowledged.size < needed) {
    const details = { reason: "acknowledgements", acknowledged: acknowledged.size, needed };
    throw new SdkError("CONFLICT", "not enough keepers acknowledged the deal", { details });
  }
  store.activatePending(patient, version, clock.now());
}

/** The deals of a patient that this keeper answers from, and the one that waits. */
export function listDeals({ store, clock }: KeeperPorts, patient: Address): KeeperDeals {
  const { active, previous, pending } = store.dealsOf(patient);
  const isPreviousOpen = previous !== null && clock.now() < previous.replacedAt + PREVIOUS_DEAL_SECONDS;
  return {
    active: active && signedPart(active),
    previous: isPreviousOpen ? signedPart(previous.body) : null,
    pending: pending && signedPart(pending.body),
  };
}

function signedPart({ deal, signature, commitments }: DealBody): SignedDeal {
  return { deal, signature, commitments };
}

async function openOwnShare(ports: KeeperPorts, body: DealBody, index: number): Promise<Uint8Array> {
  const { deployment, identity } = ports;
  try {
    return await openShare({ deployment, body, index, keeper: identity, secret: identity.xwingSecret });
  } catch (cause) {
    throw new SdkError("INVALID_ARGUMENT", "the share is not sealed to this keeper", {
      cause,
      details: { reason: "sealing" },
    });
  }
}

function isStored({ deployment, store }: KeeperPorts, { deal }: DealBody): boolean {
  const { active, pending } = store.dealsOf(deal.patient);
  const hash = hashDeal(deployment, deal);
  return [active, pending?.body ?? null].some(
    (stored) => stored !== null && hashDeal(deployment, stored.deal) === hash,
  );
}

function assertRises({ store }: KeeperPorts, { deal, commitments }: DealBody): void {
  const { patient, generation, version } = deal;
  const newest = store.newestVersion(patient);
  if (version <= newest) {
    throw new SdkError("CONFLICT", "the deal's version does not rise", { details: { reason: "version", newest } });
  }
  const { active } = store.dealsOf(patient);
  if (active !== null && generation < active.deal.generation) {
    throw new SdkError("CONFLICT", "the deal is of an earlier generation", { details: { reason: "generation" } });
  }
  const known = store.commitmentOf(patient, generation);
  if (known !== null && known !== toHex(commitments[0]!)) {
    throw new SdkError("CONFLICT", "another secret under the same generation", { details: { reason: "secret" } });
  }
}
