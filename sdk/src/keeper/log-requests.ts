/**
 * @module keeper/log-requests
 * What a patient asks of a keeper's log, and what comes back; the hand-over of signed revokes; the end of a session.
 */
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
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { verifyBytes } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { hashLabelled } from "./hash.ts";
import {
  headFromArray,
  headToArray,
  receiptFromArray,
  receiptToArray,
  type SignedHead,
  type SignedReceipt,
} from "./receipt.ts";
import { readSignature, sessionFromArray, sessionToArray, type Session, type SignedSession } from "./session.ts";

/** Most receipts in one page. */
export const RECEIPTS_PAGE = 200;

/** A patient's request for the receipts about their own chart. */
export type ReceiptsRequest = {
  keeper: Address;
  patient: Address;
  /** Sequence number after which to begin; 0 for all. */
  after: number;
  at: number;
  exp: number;
  session: SignedSession;
  /** Ed25519 signature of the session key over {@link hashReceiptsRequest}. */
  signature: Uint8Array;
};

/** One receipt as the patient gets it. */
export type LoggedReceipt = SignedReceipt & {
  /** Nonce of the body, 16 bytes: opens the reason. */
  nonce: Hex;
  sealedReason: Uint8Array;
  /** Merkle path to the head's root. */
  proof: Uint8Array[];
};

/** A page of receipts, each proved under one head. */
export type ReceiptsPage = { receipts: LoggedReceipt[]; head: SignedHead; more: boolean };

/** A patient's signed revoke of one consent, or of all (consentId null) that were granted until `signedAt`. */
export type SignedRevoke =
  | { kind: "one"; patient: Address; consentId: Hex; deadline: number; signature: Hex }
  | { kind: "all"; patient: Address; signedAt: number; deadline: number; signature: Hex };

/** SHA-256 that the session key signs to ask for receipts. */
export function hashReceiptsRequest(request: Omit<ReceiptsRequest, "session" | "signature">): Hex {
  const { keeper, patient, after, at, exp } = request;
  return hashLabelled("carekey/receipts/v1", fromHex(keeper), fromHex(patient), after, at, exp);
}

/** Builds and signs a request for receipts, valid for a minute from `input.now` (seconds). */
export async function buildReceiptsRequest(input: {
  keeper: Address;
  patient: Address;
  after: number;
  session: Session;
  now: number;
}): Promise<ReceiptsRequest> {
  const { keeper, patient, after, now, session } = input;
  const unsigned = { keeper, patient, after, at: now, exp: now + 60 };
  const signature = await session.sign(fromHex(hashReceiptsRequest(unsigned)));
  return { ...unsigned, session: { terms: session.terms, signature: session.signature }, signature };
}

/** Whether the request is signed by the key of its session. */
export function isReceiptsRequestSigned(request: ReceiptsRequest): boolean {
  return verifyBytes(fromHex(request.session.terms.key), fromHex(hashReceiptsRequest(request)), request.signature);
}

/** Encodes a request for receipts. */
export function encodeReceiptsRequest(request: ReceiptsRequest): Uint8Array {
  const { keeper, patient, after, at, exp, session, signature } = request;
  const fields = [fromHex(keeper), fromHex(patient), after, at, exp, sessionToArray(session), signature];
  return encodeBlock("receipts-request", fields).bytes;
}

/** Decodes {@link encodeReceiptsRequest}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeReceiptsRequest(bytes: Uint8Array): ReceiptsRequest {
  const [keeper, patient, after, at, exp, session, signature] = decodeBlock(bytes, "receipts-request", 7);
  return {
    keeper: readAddress(keeper, "keeper"),
    patient: readAddress(patient, "patient"),
    after: readUint(after, "after"),
    at: readUint(at, "at", 2 ** 48 - 1),
    exp: readUint(exp, "exp", 2 ** 48 - 1),
    session: sessionFromArray(session),
    signature: readBytes(signature, "request signature", 64),
  };
}

/** Encodes a page of receipts. */
export function encodeReceiptsPage({ receipts, head, more }: ReceiptsPage): Uint8Array {
  const rows = receipts.map((receipt) => [
    receiptToArray(receipt),
    fromHex(receipt.nonce),
    receipt.sealedReason,
    receipt.proof,
  ]);
  return encodeBlock("receipts", [rows, headToArray(head), more]).bytes;
}

/** Decodes {@link encodeReceiptsPage}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeReceiptsPage(bytes: Uint8Array): ReceiptsPage {
  const [rows, head, more] = decodeBlock(bytes, "receipts", 3);
  if (typeof more !== "boolean") throw new SdkError("MALFORMED", "receipts: expected a boolean");
  return {
    receipts: readArray(rows, "receipts").map((row) => {
      const [receipt, nonce, sealedReason, proof] = readArray(row, "logged receipt", 4);
      return {
        ...receiptFromArray(receipt),
        nonce: readHex(nonce, "nonce", 16),
        sealedReason: readBytes(sealedReason, "sealed reason"),
        proof: readHashes(proof),
      };
    }),
    head: headFromArray(head),
    more,
  };
}

/** Encodes a signed head. */
export function encodeHead(head: SignedHead): Uint8Array {
  return encodeBlock("head", headToArray(head)).bytes;
}

/** Decodes {@link encodeHead}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeHead(bytes: Uint8Array): SignedHead {
  return headFromArray(decodeBlock(bytes, "head", 7));
}

/** Encodes the proof that one size of a log extends another. */
export function encodeConsistency(proof: readonly Uint8Array[]): Uint8Array {
  return encodeBlock("consistency", [[...proof]]).bytes;
}

/** Decodes {@link encodeConsistency}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeConsistency(bytes: Uint8Array): Uint8Array[] {
  return readHashes(decodeBlock(bytes, "consistency", 1)[0]);
}

/** Encodes a signed revoke for keepers. */
export function encodeSignedRevoke(revoke: SignedRevoke): Uint8Array {
  const consentId = revoke.kind === "one" ? fromHex(revoke.consentId, 32, "consentId") : null;
  const signedAt = revoke.kind === "all" ? revoke.signedAt : null;
  const fields = [fromHex(revoke.patient), consentId, signedAt, revoke.deadline, fromHex(revoke.signature)];
  return encodeBlock("revoke", fields).bytes;
}

/** Decodes {@link encodeSignedRevoke}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeSignedRevoke(bytes: Uint8Array): SignedRevoke {
  const fields = decodeBlock(bytes, "revoke", 5);
  const patient = readAddress(fields[0], "patient");
  const consentId = readNullable(fields[1], (value) => readHex(value, "consentId"));
  const signedAt = readNullable(fields[2], (value) => readUint(value, "signedAt", 2 ** 48 - 1));
  const deadline = readUint(fields[3], "deadline", 2 ** 48 - 1);
  const signature = readSignature(fields[4]);
  if (consentId !== null && signedAt === null) return { kind: "one", patient, consentId, deadline, signature };
  if (consentId === null && signedAt !== null) return { kind: "all", patient, signedAt, deadline, signature };
  throw new SdkError("MALFORMED", "revoke: names either one consent or a time");
}

/** What a session's own key may end: itself, or its owner's other ones that end no later. */
export type SessionEndKind = "own" | "others";

const SESSION_ENDS = {
  own: { block: "session-end", label: "carekey/session-end/v1" },
  others: { block: "other-sessions-end", label: "carekey/other-sessions-end/v1" },
} as const;

/** SHA-256 that a session key signs to end sessions. */
export function hashSessionEnd(key: Hex, kind: SessionEndKind = "own"): Hex {
  return hashLabelled(SESSION_ENDS[kind].label, fromHex(key));
}

/** Encodes the end of sessions: the session that asks, and its key's own signature. */
export async function encodeSessionEnd(session: Session, kind: SessionEndKind = "own"): Promise<Uint8Array> {
  const signature = await session.sign(fromHex(hashSessionEnd(session.terms.key, kind)));
  return encodeBlock(SESSION_ENDS[kind].block, [sessionToArray(session), signature]).bytes;
}

/** Decodes {@link encodeSessionEnd}. @throws SdkError MALFORMED, SIGNATURE_INVALID when the key did not sign */
export function decodeSessionEnd(bytes: Uint8Array, kind: SessionEndKind = "own"): SignedSession {
  const [array, signature] = decodeBlock(bytes, SESSION_ENDS[kind].block, 2);
  const session = sessionFromArray(array);
  const hash = fromHex(hashSessionEnd(session.terms.key, kind));
  if (!verifyBytes(fromHex(session.terms.key), hash, readBytes(signature, "signature", 64))) {
    throw new SdkError("SIGNATURE_INVALID", "not signed by the session's key");
  }
  return session;
}

function readHashes(value: Parameters<typeof readArray>[0]): Uint8Array[] {
  return readArray(value, "proof").map((hash) => readBytes(hash, "hash", 32));
}
