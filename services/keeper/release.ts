/**
 * @module services/keeper/release
 * Releases one share evaluation: checks, then the receipt on disk, then the answer. Nothing is released that has no receipt.
 */
import { keccak256 } from "viem/utils";
import { toHex, type Address } from "@carekey/sdk/bytes";
import { evaluateShare } from "@carekey/sdk/crypto";
import { SdkError } from "@carekey/sdk/errors";
import {
  hashDeal,
  hashReceipt,
  openShare,
  receiptDigest,
  sealAnswer,
  tupleOf,
  type DealBody,
  type Receipt,
  type ViewRequest,
} from "@carekey/sdk/keeper";
import { assertSessionRuns, checkConsent, checkRequest, needsTicket, noTicket, type AllowedView } from "./checks.ts";
import { checkEmergency } from "./emergency-check.ts";
import type { KeeperPorts } from "./ports.ts";

/** How long a replaced deal is still answered, in seconds. */
export const PREVIOUS_DEAL_SECONDS = 7 * 86_400;
const MAX_CACHED_SHARES = 1000;

/** Answers views with the shares of one keeper. */
export type Releaser = {
  /** @returns the answer, sealed to the request's reply key. @throws SdkError as {@link checkRequest}, {@link checkConsent} and {@link checkEmergency}; NO_DEAL, VIEW_LIMIT_REACHED, CONFLICT */
  release(request: ViewRequest): Promise<Uint8Array>;
};

/** Seat of this keeper in the deployment's set, from 1; 0 when it has none. */
export function seatOf({ deployment, identity }: Pick<KeeperPorts, "deployment" | "identity">): number {
  const mine = identity.address.toLowerCase();
  return 1 + deployment.keepers.findIndex(({ address }) => address.toLowerCase() === mine);
}

/** A releaser that keeps opened shares in memory only. */
export function createReleaser(ports: KeeperPorts): Releaser {
  const { deployment, identity, store, clock, random } = ports;
  const index = seatOf(ports);
  const shares = new Map<string, Uint8Array>();

  function answerableDeal(patient: Address, version: number): DealBody {
    const { active, previous } = store.dealsOf(patient);
    if (active?.deal.version === version) return active;
    const isPrevious =
      previous?.body.deal.version === version && clock.now() < previous.replacedAt + PREVIOUS_DEAL_SECONDS;
    if (isPrevious) return previous.body;
    throw new SdkError("NO_DEAL", "this keeper does not answer from that deal", {
      details: { reason: "deal-version" },
    });
  }

  async function shareOf(body: DealBody): Promise<Uint8Array> {
    const key = hashDeal(deployment, body.deal);
    const known = shares.get(key);
    if (known !== undefined) return known;
    const share = await openShare({ deployment, body, index, keeper: identity, secret: identity.xwingSecret });
    if (shares.size >= MAX_CACHED_SHARES) shares.delete(shares.keys().next().value!);
    shares.set(key, share);
    return share;
  }

  function logRelease({ body }: ViewRequest, allowed: AllowedView): Receipt {
    const { maxViews, consentId, bodyHash, kind, snapshot } = allowed;
    const isCounted = maxViews > 0 ? body.viewNo >= 1 && body.viewNo <= maxViews : body.viewNo === 0;
    if (!isCounted) {
      throw new SdkError("VIEW_LIMIT_REACHED", "no such view number under this consent", {
        details: { reason: "view-number" },
      });
    }
    const outcome = store.logRelease(
      {
        maxViews,
        nonce: body.nonce,
        sealedReason: body.sealedReason,
        receipt: {
          keeper: identity.address,
          issuedAt: clock.now(),
          consentId,
          patient: body.patient,
          grantee: body.reader,
          tag: body.tag,
          epoch: body.epoch,
          recordId: body.recordId,
          viewNo: body.viewNo,
          bodyHash,
          kind,
          blockNumber: snapshot.block.number,
          blockHash: snapshot.block.hash,
          reasonHash: keccak256(body.sealedReason),
          salt: toHex(random(32)),
        },
      },
      (receipt) => hashReceipt(deployment, receipt),
    );
    if (outcome.kind === "view-number-used") {
      throw new SdkError("VIEW_LIMIT_REACHED", "this view was used for another record", {
        details: { reason: "view-used" },
      });
    }
    if (outcome.kind === "opening-over") {
      throw new SdkError("VIEW_LIMIT_REACHED", "looking again so much later is another view", {
        details: { reason: "opening-over" },
      });
    }
    if (outcome.kind === "nonce-used") {
      throw new SdkError("CONFLICT", "this nonce was used for another request", { details: { reason: "nonce-used" } });
    }
    // Elsewhere the same body again is the same view. A ticket is good for one answer.
    if (outcome.isRepeated && needsTicket(body.terms)) throw noTicket("ticket-used");
    return outcome.receipt;
  }

  return {
    async release(request) {
      const { body } = request;
      await checkRequest(ports, request);
      const allowed =
        body.terms === null ? await checkEmergency(ports, body) : await checkConsent(ports, request, body.terms);
      const deal = answerableDeal(body.patient, body.dealVersion);
      const share = await shareOf(deal);
      // From here on there is no await until the receipt is on disk, and no answer before it is. So whatever was confirmed to a patient
      // before, a revoke or the end of a session, is known here.
      assertSessionRuns(ports, request.session, body.reader);
      allowed.assertStillOpen();
      const receipt = logRelease(request, allowed);
      const signature = await identity.sign(receiptDigest(deployment, receipt, hashReceipt(deployment, receipt)));
      const { evaluation, proof } = evaluateShare({ share, tuple: tupleOf(body) });
      return sealAnswer(deployment, request, {
        dealVersion: deal.deal.version,
        index,
        evaluation,
        proof,
        receipt: { receipt, signature },
        head: allowed.snapshot.head,
        blockNumber: allowed.snapshot.block.number,
        blockHash: allowed.snapshot.block.hash,
      });
    },
  };
}
