/**
 * @module keeper/distribute
 * A deal on its way to all keepers and into force, and back to readers: which deal of a patient t keepers answer from.
 */
import { isAddressEqual } from "viem/utils";
import type { Address } from "../bytes.ts";
import type { Deployment } from "../deployment.ts";
import { SdkError } from "../errors.ts";
import type { KeeperClient } from "./client.ts";
import {
  assertSignedDeal,
  hashDeal,
  isAcknowledgedBy,
  type Acknowledgement,
  type DealBody,
  type KeeperDeals,
  type SignedDeal,
  type VerifySignature,
} from "./deal.ts";
import { refusalFrom, tooFew, type Refusal } from "./refusals.ts";

/** How far a deal got. */
export type DealDelivery = {
  acknowledgements: Acknowledgement[];
  /** Keepers that answer from it now. */
  activatedAt: Address[];
  /** In force at every keeper. */
  active: boolean;
  refusals: Refusal[];
};

/** A patient's deals at all keepers. */
export type DealState = {
  /** The newest deal that t keepers answer from; null when there is none. */
  current: SignedDeal | null;
  /** How many keepers hold it as their active deal. */
  holders: number;
  total: number;
  /** The version that the patient's next deal takes. */
  nextVersion: number;
  refusals: Refusal[];
};

/**
 * Hands a deal to every keeper, checks their acknowledgements and activates it when all (or, a day later, t) have given one.
 * Repeating it is harmless. A keeper that is down does not make it throw: see `refusals`.
 */
export async function distributeDeal(input: {
  deployment: Deployment;
  keepers: readonly KeeperClient[];
  body: DealBody;
}): Promise<DealDelivery> {
  const { keepers, body } = input;
  const { acknowledgements, refusals } = await deliverDeal(input);
  if (acknowledgements.length < body.deal.threshold) {
    return { acknowledgements, activatedAt: [], active: false, refusals };
  }
  const activation = await activateDeal({ keepers, deal: body.deal, acknowledgements });
  return {
    acknowledgements,
    activatedAt: activation.activatedAt,
    active: activation.activatedAt.length === keepers.length,
    refusals: [...refusals, ...activation.refusals],
  };
}

/** Hands a deal to every keeper and checks their acknowledgements. It waits there until it is activated. Repeating it is harmless. */
export async function deliverDeal(input: {
  deployment: Deployment;
  keepers: readonly KeeperClient[];
  body: DealBody;
}): Promise<Pick<DealDelivery, "acknowledgements" | "refusals">> {
  const { deployment, keepers, body } = input;
  const dealHash = hashDeal(deployment, body.deal);
  const refusals: Refusal[] = [];
  const acknowledgements: Acknowledgement[] = [];
  await Promise.all(
    keepers.map(async (keeper) => {
      try {
        const acknowledgement = await keeper.submitDeal(body);
        const isGood =
          isAddressEqual(acknowledgement.keeper, keeper.address) &&
          (await isAcknowledgedBy(deployment, dealHash, acknowledgement));
        if (!isGood) throw new SdkError("KEEPER_MISBEHAVED", "the acknowledgement does not verify");
        acknowledgements.push(acknowledgement);
      } catch (error) {
        refusals.push(refusalFrom(keeper.address, error));
      }
    }),
  );
  return { acknowledgements, refusals };
}

/** Tells every keeper that a deal is acknowledged, so that it answers from it. Repeating it is harmless. */
export async function activateDeal(input: {
  keepers: readonly KeeperClient[];
  deal: Pick<DealBody["deal"], "patient" | "version">;
  acknowledgements: Acknowledgement[];
}): Promise<Pick<DealDelivery, "activatedAt" | "refusals">> {
  const { keepers, acknowledgements } = input;
  const { patient, version } = input.deal;
  const activatedAt: Address[] = [];
  const refusals: Refusal[] = [];
  await Promise.all(
    keepers.map(async (keeper) => {
      try {
        await keeper.activateDeal({ patient, version, acknowledgements });
        activatedAt.push(keeper.address);
      } catch (error) {
        refusals.push(refusalFrom(keeper.address, error));
      }
    }),
  );
  return { activatedAt, refusals };
}

/**
 * Asks all keepers for a patient's deals and verifies each one.
 * `input.verifySignature`: needed for patients with smart accounts.
 * @throws SdkError TOO_FEW_KEEPERS when fewer than the deployment's threshold answer.
 */
export async function readDealState(input: {
  deployment: Deployment;
  keepers: readonly KeeperClient[];
  patient: Address;
  verifySignature?: VerifySignature;
}): Promise<DealState> {
  const { deployment, keepers, patient } = input;
  const refusals: Refusal[] = [];
  const answers: KeeperDeals[] = [];
  await Promise.all(
    keepers.map(async (keeper) => {
      try {
        const deals = await keeper.deals(patient);
        for (const deal of [deals.active, deals.previous, deals.pending]) {
          if (deal !== null) await assertOwnDeal(deployment, patient, deal, input.verifySignature);
        }
        answers.push(deals);
      } catch (error) {
        refusals.push(refusalFrom(keeper.address, error));
      }
    }),
  );
  const needed = deployment.threshold;
  const total = keepers.length;
  if (answers.length < needed) throw tooFew({ answered: answers.length, needed, total, refusals });
  const held = answers.flatMap(({ active, previous }) => [active, previous]).filter((deal) => deal !== null);
  const count = (wanted: SignedDeal, deals: readonly (SignedDeal | null)[]) => {
    const hash = hashDeal(deployment, wanted.deal);
    return deals.filter((deal) => deal !== null && hashDeal(deployment, deal.deal) === hash).length;
  };
  const current =
    held
      .toSorted((left, right) => right.deal.version - left.deal.version)
      .find((deal) => count(deal, held) >= deal.deal.threshold) ?? null;
  const all = answers.flatMap(({ active, previous, pending }) => [active, previous, pending]);
  return {
    current,
    holders:
      current === null
        ? 0
        : count(
            current,
            answers.map(({ active }) => active),
          ),
    total,
    nextVersion: 1 + Math.max(0, ...all.map((deal) => deal?.deal.version ?? 0)),
    refusals,
  };
}

/**
 * The deal that a view of this patient's chart is proved against.
 * @throws SdkError NO_DEAL when the patient has none in force, TOO_FEW_KEEPERS.
 */
export async function fetchDeal(input: Parameters<typeof readDealState>[0]): Promise<SignedDeal> {
  const { current } = await readDealState(input);
  if (current === null) throw new SdkError("NO_DEAL", "the patient has no deal in force with the keepers");
  return current;
}

async function assertOwnDeal(
  deployment: Deployment,
  patient: Address,
  deal: SignedDeal,
  verifySignature: VerifySignature | undefined,
): Promise<void> {
  try {
    if (!isAddressEqual(deal.deal.patient, patient)) throw new SdkError("MALFORMED", "another patient's deal");
    await assertSignedDeal(deployment, deal, verifySignature);
  } catch (cause) {
    if (cause instanceof SdkError && cause.code === "CHAIN_UNAVAILABLE") throw cause;
    throw new SdkError("KEEPER_MISBEHAVED", "a deal that its patient did not sign", { cause });
  }
}
