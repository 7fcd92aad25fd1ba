/**
 * @module keeper/request-view
 * One view: asks all keepers at once, verifies each answer against the deal that the patient signed, and combines the first t.
 * Keepers that are down, late or lying do not matter as long as t honest ones answer.
 */
import { isAddressEqual } from "viem/utils";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { toHex, type Address, type Hex } from "../bytes.ts";
import { hashTerms } from "../consent/index.ts";
import { combineEvaluations, verifyEvaluation } from "../crypto/group.ts";
import type { Deployment } from "../deployment.ts";
import { SdkError, isSdkError } from "../errors.ts";
import type { KeeperClient } from "./client.ts";
import { assertSignedDeal, type SignedDeal, type VerifySignature } from "./deal.ts";
import { misbehaved, RECEIPT_EMERGENCY, RECEIPT_VIEW, verifyReceipt, type SignedReceipt } from "./receipt.ts";
import { refusalFrom, tooFew, type Refusal } from "./refusals.ts";
import type { Session } from "./session.ts";
import {
  buildViewRequest,
  hashBody,
  openAnswer,
  tupleOf,
  type Ticket,
  type ViewAnswer,
  type ViewBody,
} from "./view.ts";

/** A keeper's answer that verified. */
export type VerifiedAnswer = ViewAnswer & { keeper: Address; leaf: Hex };

/** What a view gives. */
export type ViewResult = {
  /** enc(b·P), 32 bytes. */
  point: Uint8Array;
  /** Head of the patient's chart on which t keepers agree. */
  head: Hex;
  /** The newest block at which one of them read it. */
  blockNumber: number;
  bodyHash: Hex;
  /** The t answers that were combined. */
  answers: VerifiedAnswer[];
  /** Their receipts. */
  receipts: SignedReceipt[];
  /** Keepers that refused, failed or lied before t had answered. */
  refusals: Refusal[];
};

/** Inputs of {@link requestView}. */
export type ViewInput = {
  deployment: Deployment;
  /** Clients of the deployment's keepers. */
  keepers: readonly KeeperClient[];
  /** The deal to prove against; its version is the body's. */
  deal: SignedDeal;
  body: ViewBody;
  session: Session;
  ticket?: Ticket | null;
  /** The emergency request that the receipts must name, for a body without terms. */
  emergencyId?: Hex;
  /** Needed for patients with smart accounts. */
  verifySignature?: VerifySignature;
  signal?: AbortSignal | undefined;
};

/**
 * Opens one record's second key factor.
 * @throws SdkError the keepers' own code (NO_CONSENT, CONSENT_REVOKED, CONSENT_EXPIRED, NOT_IN_SCOPE, NOT_VERIFIED,
 *   VIEW_LIMIT_REACHED …) when so many give it that the others cannot suffice
 * @throws SdkError TOO_FEW_KEEPERS, KEEPER_MISBEHAVED with details `{answered, needed, total, refusals}`
 * @throws SdkError VIEW_LIMIT_REACHED with details `{keeper, reason}` when a keeper knows the number of a numbered view for another one
 * @throws SdkError HEADS_DISAGREE when no t of them name one head of the chart, asked twice
 * @throws SdkError SIGNATURE_INVALID, MALFORMED when the deal is not the patient's; CANCELLED
 */
export async function requestView(input: ViewInput): Promise<ViewResult> {
  const { deployment, keepers, deal, body } = input;
  if (!isAddressEqual(deal.deal.patient, body.patient) || deal.deal.version !== body.dealVersion) {
    throw new SdkError("INVALID_ARGUMENT", "the body is for another deal");
  }
  await assertSignedDeal(deployment, deal, input.verifySignature);
  const needed = deal.deal.threshold;
  const isNumbered = body.viewNo > 0;
  const { rest, ...lead } = isNumbered ? await askLead(input, keepers) : { ...NOBODY_ASKED, rest: keepers };
  const first = await askUntilAgreed(input, rest, needed, lead);
  const refusals = [...first.refusals];
  let agreed = agreement(first.answers, needed);
  if (agreed === null && first.answers.length >= needed) {
    // The chart may have grown between two reads: the same body again costs no second receipt.
    const again = keepers.filter(({ address }) => first.answers.some(({ keeper }) => isAddressEqual(keeper, address)));
    const second = await askUntilAgreed(input, again, needed);
    refusals.push(...second.refusals);
    agreed = agreement(second.answers, needed);
    if (agreed === null && second.answers.length >= needed) {
      const heads = second.answers.map(({ keeper, head, blockNumber }) => ({ keeper, head, blockNumber }));
      throw new SdkError("HEADS_DISAGREE", "the keepers name different heads of the chart", { details: { heads } });
    }
  }
  if (input.signal?.aborted) throw new SdkError("CANCELLED", "the view was given up");
  if (agreed === null) {
    throw tooFew({ answered: first.answers.length, needed, total: deal.deal.count, refusals });
  }
  return {
    point: combineEvaluations(agreed, needed),
    head: agreed[0]!.head,
    blockNumber: Math.max(...agreed.map(({ blockNumber }) => blockNumber)),
    bodyHash: hashBody(body),
    answers: agreed,
    receipts: agreed.map(({ receipt }) => receipt),
    refusals,
  };
}

const NOBODY_ASKED: Asked = { answers: [], refusals: [] };

/** The first `needed` answers with one head, or null. */
function agreement(answers: readonly VerifiedAnswer[], needed: number): VerifiedAnswer[] | null {
  for (const { head } of answers) {
    const same = answers.filter((answer) => answer.head === head);
    if (same.length >= needed) return same.slice(0, needed);
  }
  return null;
}

/** What keepers answered so far. */
type Asked = { answers: VerifiedAnswer[]; refusals: Refusal[] };

/**
 * Asks one keeper after another until one answers. For a numbered view it decides who gets the number: readers who race for one
 * meet at the same first keeper, and the losers have used it up nowhere.
 */
async function askLead(
  input: ViewInput,
  keepers: readonly KeeperClient[],
): Promise<Asked & { rest: readonly KeeperClient[] }> {
  const refusals: Refusal[] = [];
  for (const [index, keeper] of keepers.entries()) {
    if (input.signal?.aborted) break;
    try {
      const answers = [await askKeeper(input, keeper, input.signal)];
      return { answers, refusals, rest: keepers.slice(index + 1) };
    } catch (error) {
      refusals.push(refusalFrom(keeper.address, error));
      if (isSdkError(error, "VIEW_LIMIT_REACHED")) throw error;
    }
  }
  return { answers: [], refusals, rest: [] };
}

/** Asks keepers in parallel until t agree or all are done; calls still open then are given up. */
function askUntilAgreed(
  input: ViewInput,
  keepers: readonly KeeperClient[],
  needed: number,
  asked: Asked = NOBODY_ASKED,
): Promise<Asked> {
  const answers = [...asked.answers];
  const refusals = [...asked.refusals];
  const enough = new AbortController();
  const { signal } = enough;
  const giveUp = () => enough.abort();
  input.signal?.addEventListener("abort", giveUp);
  if (input.signal?.aborted) giveUp();
  return new Promise((resolve) => {
    let open = keepers.length;
    let isDone = false;
    const settle = () => {
      open--;
      if (isDone || (open > 0 && agreement(answers, needed) === null)) return;
      isDone = true;
      resolve({ answers: [...answers], refusals: [...refusals] });
      input.signal?.removeEventListener("abort", giveUp);
      enough.abort();
    };
    if (open === 0) resolve({ answers, refusals });
    for (const keeper of keepers) {
      askKeeper(input, keeper, signal).then(
        (answer) => {
          answers.push(answer);
          settle();
        },
        (error: unknown) => {
          refusals.push(refusalFrom(keeper.address, error));
          settle();
        },
      );
    }
  });
}

/** One keeper's answer, verified. @throws SdkError its refusal, or KEEPER_MISBEHAVED */
async function askKeeper(
  input: ViewInput,
  keeper: KeeperClient,
  signal: AbortSignal | undefined,
): Promise<VerifiedAnswer> {
  const { deployment, deal, body, session, ticket } = input;
  const { request, replyKeys } = await buildViewRequest({
    body,
    keeper: keeper.address,
    session,
    ticket: ticket ?? null,
  });
  const sealed = await keeper.view(request, { signal });
  let answer: ViewAnswer;
  try {
    answer = await openAnswer(deployment, request, replyKeys.secret, sealed);
  } catch (cause) {
    throw new SdkError("KEEPER_MISBEHAVED", "the answer does not open", { cause, details: { keeper: keeper.address } });
  }
  const index = 1 + deployment.keepers.findIndex(({ address }) => isAddressEqual(address, keeper.address));
  if (answer.index !== index) throw misbehaved(keeper.address, "the answer names another seat");
  if (answer.dealVersion !== deal.deal.version) throw misbehaved(keeper.address, "the answer is from another deal");
  const { evaluation, proof } = answer;
  if (!verifyEvaluation({ commitments: deal.commitments, index, tuple: tupleOf(body), evaluation, proof })) {
    throw misbehaved(keeper.address, "the evaluation is not that of the keeper's share");
  }
  const leaf = await verifyReceipt(deployment, answer.receipt, {
    keeper: keeper.address,
    ...(body.terms !== null && { consentId: hashTerms(body.terms) }),
    ...(body.terms === null && input.emergencyId !== undefined && { consentId: input.emergencyId }),
    patient: body.patient,
    grantee: body.reader,
    tag: body.tag,
    epoch: body.epoch,
    recordId: body.recordId,
    viewNo: body.viewNo,
    bodyHash: hashBody(body),
    kind: body.terms === null ? RECEIPT_EMERGENCY : RECEIPT_VIEW,
    reasonHash: toHex(keccak_256(body.sealedReason)),
  });
  return { ...answer, keeper: keeper.address, leaf };
}
