/**
 * @module keeper/view
 * One view: the body that names a record under a consent, the request that names one keeper and a fresh reply key, and the
 * answer sealed to that key. All are blocks `[1, type, fields…]`; a body is named by its hash.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { getAddress } from "viem/utils";
import {
  decodeBlock,
  encodeBlock,
  readAddress,
  readArray,
  readBytes,
  readHex,
  readNullable,
  readUint,
} from "../block.ts";
import { fromHex, toHex, utf8, concatBytes, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { EMERGENCY_TAG, termsFromArray, termsToArray, type ConsentTerms } from "../consent/index.ts";
import {
  newEnvelopeKeys,
  openEnvelope,
  sealEnvelope,
  secureRandom,
  verifyBytes,
  type EnvelopeContext,
  type EnvelopeKeyPair,
  type Random,
  type RecordTuple,
} from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { hashLabelled } from "./hash.ts";
import { receiptFromArray, receiptToArray, type SignedReceipt } from "./receipt.ts";
import { readSignature, sessionFromArray, sessionToArray, type Session, type SignedSession } from "./session.ts";
import type { KeeperDomain } from "./typed-data.ts";

/** The longest a body may live, in seconds. */
export const MAX_BODY_SECONDS = 60;
/** Largest sealed reason, in bytes. */
export const MAX_REASON_BYTES = 2048;
/** Reasons are padded to a multiple of this many bytes before they are sealed. */
const REASON_STEP = 128;

/** What is asked: the same for every keeper. */
export type ViewBody = {
  chainId: number;
  contract: Address;
  patient: Address;
  reader: Address;
  /** null asks for the emergency scope. */
  terms: ConsentTerms | null;
  dealVersion: number;
  tag: Hex;
  epoch: number;
  recordId: Hex;
  /** 1, 2, … under a consent with a view limit; else 0. */
  viewNo: number;
  /** 16 random bytes. */
  nonce: Hex;
  /** Why, sealed to the patient. */
  sealedReason: Uint8Array;
  /** Seconds. */
  at: number;
  /** Seconds; at most 60 after `at`. */
  exp: number;
};

/** The gateway's word that a one-time code was entered for one body in one session. `body`: see {@link hashTicketSubject}. */
export type Ticket = { body: Hex; otp: boolean; exp: number; signature: Hex };

/** What one keeper gets. */
export type ViewRequest = {
  body: ViewBody;
  keeper: Address;
  /** X-Wing public key, 1,216 bytes, fresh for each request. */
  replyKey: Uint8Array;
  session: SignedSession;
  /** Ed25519 signature of the session key over {@link hashRequest}. */
  signature: Uint8Array;
  ticket: Ticket | null;
};

/** What one keeper answers. */
export type ViewAnswer = {
  dealVersion: number;
  index: number;
  /** share·P, 32 bytes. */
  evaluation: Uint8Array;
  /** DLEQ proof, 64 bytes. */
  proof: Uint8Array;
  receipt: SignedReceipt;
  /** Head of the patient's chart at the block. */
  head: Hex;
  blockNumber: number;
  blockHash: Hex;
};

type BodyInput = {
  deployment: KeeperDomain;
  dealVersion: number;
  epoch: number;
  recordId: Hex;
  reason: string;
  /** The patient's verified key; its hash as on chain. */
  patientKey: { publicKey: Uint8Array; keyHash: Hex };
  /** Seconds. */
  now: number;
  lifetimeSeconds?: number;
  random?: Random;
};

/**
 * A body for one view under a consent, with its reason sealed to the patient.
 * @throws SdkError TOO_LARGE for a reason of more than about 800 bytes.
 */
export function buildViewBody(
  input: BodyInput & { terms: ConsentTerms; tag: Hex; viewNo?: number },
): Promise<ViewBody> {
  const { terms, tag, viewNo = 0 } = input;
  return buildBody({ ...input, patient: terms.patient, reader: terms.grantee, terms, tag, viewNo });
}

/**
 * A body for one view in an emergency. `input.epoch`: the round of the request.
 * @throws SdkError TOO_LARGE for a reason of more than about 800 bytes.
 */
export function buildEmergencyBody(input: BodyInput & { patient: Address; reader: Address }): Promise<ViewBody> {
  return buildBody({ ...input, terms: null, tag: EMERGENCY_TAG, viewNo: 0 });
}

async function buildBody(
  input: BodyInput & Pick<ViewBody, "patient" | "reader" | "terms" | "tag" | "viewNo">,
): Promise<ViewBody> {
  const { deployment, patient, reader, terms, now } = input;
  const nonce = (input.random ?? secureRandom)(16);
  const context = reasonContext({
    deployment,
    patient,
    reader,
    patientKeyHash: input.patientKey.keyHash,
    nonce: toHex(nonce),
  });
  const sealedReason = await sealEnvelope(
    { recipientPublicKey: input.patientKey.publicKey, context },
    padReason(input.reason),
  );
  if (sealedReason.length > MAX_REASON_BYTES) throw new SdkError("TOO_LARGE", "the reason is too long");
  return {
    chainId: deployment.chainId,
    contract: deployment.carekey,
    patient,
    reader,
    terms,
    dealVersion: input.dealVersion,
    tag: input.tag,
    epoch: input.epoch,
    recordId: input.recordId,
    viewNo: input.viewNo,
    nonce: toHex(nonce),
    sealedReason,
    at: now,
    exp: now + (input.lifetimeSeconds ?? MAX_BODY_SECONDS),
  };
}

/**
 * Opens the reason of a view, as the patient.
 * `input.nonce`: of the body, 16 bytes; it travels beside the receipt.
 * @throws SdkError DECRYPTION_FAILED
 */
export async function openReason(input: {
  deployment: KeeperDomain;
  patient: Address;
  reader: Address;
  patientKeyHash: Hex;
  nonce: Hex;
  sealedReason: Uint8Array;
  secret: Uint8Array;
}): Promise<string> {
  const padded = await openEnvelope(
    { recipientSecret: input.secret, context: reasonContext(input) },
    input.sealedReason,
  );
  const length = padded.length < 2 ? 0 : (padded[0]! << 8) | padded[1]!;
  if (padded.length < 2 + length) throw new SdkError("MALFORMED", "reason: shorter than it says");
  return new TextDecoder().decode(padded.subarray(2, 2 + length));
}

/** The tuple whose point is evaluated. */
export function tupleOf(body: Pick<ViewBody, keyof RecordTuple>): RecordTuple {
  const { chainId, contract, patient, tag, epoch, recordId } = body;
  return { chainId, contract, patient, tag, epoch, recordId };
}

/** SHA-256 that names a body: in receipts, and for retries. */
export function hashBody(body: ViewBody): Hex {
  return hashLabelled("carekey/view-body/v1", bodyToArray(body));
}

/** What a ticket names in place of the body: the body and the session key that asks with it, so that no other session can. */
export function hashTicketSubject(body: ViewBody, sessionKey: Hex): Hex {
  return hashLabelled("carekey/ticket/v1", fromHex(hashBody(body)), fromHex(sessionKey));
}

/** SHA-256 over body, keeper and reply key: what the session key signs and the reply is bound to. */
export function hashRequest(request: Pick<ViewRequest, "body" | "keeper" | "replyKey">): Hex {
  return hashLabelled("carekey/view/v1", bodyToArray(request.body), fromHex(request.keeper), request.replyKey);
}

/** A signed request for one keeper, and the key that opens its reply. */
export async function buildViewRequest(input: {
  body: ViewBody;
  keeper: Address;
  session: Session;
  ticket?: Ticket | null;
  random?: Random;
}): Promise<{ request: ViewRequest; replyKeys: EnvelopeKeyPair }> {
  const replyKeys = newEnvelopeKeys(input.random);
  const unsigned = { body: input.body, keeper: input.keeper, replyKey: replyKeys.publicKey };
  const signature = await input.session.sign(fromHex(hashRequest(unsigned)));
  const { terms, signature: walletSignature } = input.session;
  const session: SignedSession = { terms, signature: walletSignature };
  return { request: { ...unsigned, session, signature, ticket: input.ticket ?? null }, replyKeys };
}

/** Whether the request is signed by the key of its session. */
export function isRequestSigned(request: ViewRequest): boolean {
  return verifyBytes(fromHex(request.session.terms.key), fromHex(hashRequest(request)), request.signature);
}

/** Encodes a request. */
export function encodeViewRequest(request: ViewRequest): Uint8Array {
  const { body, keeper, replyKey, session, signature, ticket } = request;
  const ticketArray =
    ticket === null ? null : [fromHex(ticket.body), ticket.otp, ticket.exp, fromHex(ticket.signature)];
  return encodeBlock("view-request", [
    bodyToArray(body),
    fromHex(keeper),
    replyKey,
    sessionToArray(session),
    signature,
    ticketArray,
  ]).bytes;
}

/** Decodes {@link encodeViewRequest}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeViewRequest(bytes: Uint8Array): ViewRequest {
  const [body, keeper, replyKey, session, signature, ticket] = decodeBlock(bytes, "view-request", 6);
  return {
    body: bodyFromArray(body),
    keeper: readAddress(keeper, "keeper"),
    replyKey: readBytes(replyKey, "reply key", 1216),
    session: sessionFromArray(session),
    signature: readBytes(signature, "request signature", 64),
    ticket: readNullable(ticket, (value) => {
      const [hash, otp, exp, walletSignature] = readArray(value, "ticket", 4);
      if (typeof otp !== "boolean") throw new SdkError("MALFORMED", "ticket: expected a boolean");
      return {
        body: readHex(hash, "ticket body"),
        otp,
        exp: readUint(exp, "ticket exp", 2 ** 48 - 1),
        signature: readSignature(walletSignature),
      };
    }),
  };
}

/** Seals an answer to the reply key of its request. */
export async function sealAnswer(
  deployment: KeeperDomain,
  request: Pick<ViewRequest, "body" | "keeper" | "replyKey">,
  answer: ViewAnswer,
): Promise<Uint8Array> {
  const { bytes } = encodeBlock("view-answer", [
    answer.dealVersion,
    answer.index,
    answer.evaluation,
    answer.proof,
    receiptToArray(answer.receipt),
    fromHex(answer.head),
    answer.blockNumber,
    fromHex(answer.blockHash),
  ]);
  return sealEnvelope({ recipientPublicKey: request.replyKey, context: replyContext(deployment, request) }, bytes);
}

/** Opens an answer. @throws SdkError DECRYPTION_FAILED when it belongs to another request, MALFORMED */
export async function openAnswer(
  deployment: KeeperDomain,
  request: Pick<ViewRequest, "body" | "keeper" | "replyKey">,
  replySecret: Uint8Array,
  sealed: Uint8Array,
): Promise<ViewAnswer> {
  const bytes = await openEnvelope(
    { recipientSecret: replySecret, context: replyContext(deployment, request) },
    sealed,
  );
  const [dealVersion, index, evaluation, proof, receipt, head, blockNumber, blockHash] = decodeBlock(
    bytes,
    "view-answer",
    8,
  );
  return {
    dealVersion: readUint(dealVersion, "deal version", 2 ** 32 - 1),
    index: readUint(index, "index", 32),
    evaluation: readBytes(evaluation, "evaluation", 32),
    proof: readBytes(proof, "proof", 64),
    receipt: receiptFromArray(receipt),
    head: readHex(head, "head"),
    blockNumber: readUint(blockNumber, "block number"),
    blockHash: readHex(blockHash, "block hash"),
  };
}

/** A body as the array that is hashed and sent. */
export function bodyToArray(body: ViewBody): CborValue[] {
  return [
    1,
    body.chainId,
    fromHex(body.contract),
    fromHex(body.patient),
    fromHex(body.reader),
    body.terms === null ? null : termsToArray(body.terms),
    body.dealVersion,
    fromHex(body.tag),
    body.epoch,
    fromHex(body.recordId),
    body.viewNo,
    fromHex(body.nonce),
    body.sealedReason,
    body.at,
    body.exp,
  ];
}

/** Reads {@link bodyToArray}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function bodyFromArray(value: CborValue | undefined): ViewBody {
  const fields = readArray(value, "body", 15);
  if (fields[0] !== 1) throw new SdkError("UNSUPPORTED_VERSION", "body: a version that this build does not know");
  const u32 = (position: number, title: string) => readUint(fields[position], title, 2 ** 32 - 1);
  const sealedReason = readBytes(fields[12], "sealed reason");
  if (sealedReason.length > MAX_REASON_BYTES) throw new SdkError("MALFORMED", "sealed reason: too long");
  return {
    chainId: readUint(fields[1], "chainId"),
    contract: readAddress(fields[2], "contract"),
    patient: readAddress(fields[3], "patient"),
    reader: readAddress(fields[4], "reader"),
    terms: readNullable(fields[5], termsFromArray),
    dealVersion: u32(6, "dealVersion"),
    tag: readHex(fields[7], "tag"),
    epoch: u32(8, "epoch"),
    recordId: readHex(fields[9], "recordId"),
    viewNo: u32(10, "viewNo"),
    nonce: readHex(fields[11], "nonce", 16),
    sealedReason,
    at: readUint(fields[13], "at", 2 ** 48 - 1),
    exp: readUint(fields[14], "exp", 2 ** 48 - 1),
  };
}

function replyContext(
  deployment: KeeperDomain,
  request: Pick<ViewRequest, "body" | "keeper" | "replyKey">,
): EnvelopeContext {
  return {
    chainId: deployment.chainId,
    contract: deployment.carekey,
    purpose: "reply",
    sender: request.keeper,
    recipient: request.body.reader,
    recipientKeyHash: toHex(sha256(request.replyKey).subarray(0, 20)),
    id: fromHex(hashRequest(request)),
  };
}

function reasonContext(input: {
  deployment: KeeperDomain;
  patient: Address;
  reader: Address;
  patientKeyHash: Hex;
  nonce: Hex;
}): EnvelopeContext {
  return {
    chainId: input.deployment.chainId,
    contract: input.deployment.carekey,
    purpose: "receipt",
    sender: getAddress(input.reader),
    recipient: getAddress(input.patient),
    recipientKeyHash: input.patientKeyHash,
    id: fromHex(input.nonce, 16, "nonce"),
  };
}

/** u16be length ‖ text ‖ zeros, so that the ciphertext's length says little. */
function padReason(reason: string): Uint8Array {
  const text = utf8(reason);
  if (text.length > MAX_REASON_BYTES) throw new SdkError("TOO_LARGE", "the reason is too long");
  const length = Math.ceil((2 + text.length) / REASON_STEP) * REASON_STEP;
  return concatBytes(
    new Uint8Array([text.length >> 8, text.length & 0xff]),
    text,
    new Uint8Array(length - 2 - text.length),
  );
}
