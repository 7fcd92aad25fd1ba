/**
 * @module keeper/openings
 * Which numbers of a view limit are used, as one keeper has it: asked by the consent's reader, who then takes a number that is free,
 * and by its patient, who wants to know how many are left.
 */
import { decodeBlock, encodeBlock, readAddress, readArray, readBytes, readHex, readUint } from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { termsFromArray, termsToArray, type ConsentTerms } from "../consent/index.ts";
import { verifyBytes } from "../crypto/index.ts";
import { hashLabelled } from "./hash.ts";
import { sessionFromArray, sessionToArray, type Session, type SignedSession } from "./session.ts";

/**
 * For this long, in seconds, a number still opens the record that it opened: what a reader needs to ask again after a lost answer.
 * Afterwards looking again is another opening, and takes another number.
 */
export const OPENING_SECONDS = 600;
/** Most numbers that one answer lists, and so the largest limit that clients set. */
export const MAX_COUNTED_VIEWS = 10_000;

/** A number that a keeper answered for: which record, and when first, in seconds. */
export type Opening = { viewNo: number; recordId: Hex; openedAt: number };

/** A question to one keeper. Who can name the terms and sign as their grantee or patient may know. */
export type OpeningsRequest = {
  keeper: Address;
  terms: ConsentTerms;
  at: number;
  exp: number;
  session: SignedSession;
  /** Ed25519 signature of the session key over {@link hashOpeningsRequest}. */
  signature: Uint8Array;
};

/** SHA-256 that the session key signs to ask for openings. */
export function hashOpeningsRequest(request: Omit<OpeningsRequest, "session" | "signature">): Hex {
  const { keeper, terms, at, exp } = request;
  return hashLabelled("carekey/openings/v1", fromHex(keeper), termsToArray(terms), at, exp);
}

/** Builds and signs a question, valid for a minute from `input.now` (seconds). */
export async function buildOpeningsRequest(input: {
  keeper: Address;
  terms: ConsentTerms;
  session: Session;
  now: number;
}): Promise<OpeningsRequest> {
  const { keeper, terms, session, now } = input;
  const unsigned = { keeper, terms, at: now, exp: now + 60 };
  const signature = await session.sign(fromHex(hashOpeningsRequest(unsigned)));
  return { ...unsigned, session: { terms: session.terms, signature: session.signature }, signature };
}

/** Whether the question is signed by the key of its session. */
export function isOpeningsRequestSigned(request: OpeningsRequest): boolean {
  return verifyBytes(fromHex(request.session.terms.key), fromHex(hashOpeningsRequest(request)), request.signature);
}

/** Encodes a question. */
export function encodeOpeningsRequest(request: OpeningsRequest): Uint8Array {
  const { keeper, terms, at, exp, session, signature } = request;
  const fields = [fromHex(keeper), termsToArray(terms), at, exp, sessionToArray(session), signature];
  return encodeBlock("openings-request", fields).bytes;
}

/** Decodes {@link encodeOpeningsRequest}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeOpeningsRequest(bytes: Uint8Array): OpeningsRequest {
  const [keeper, terms, at, exp, session, signature] = decodeBlock(bytes, "openings-request", 6);
  return {
    keeper: readAddress(keeper, "keeper"),
    terms: termsFromArray(readArray(terms, "terms")),
    at: readUint(at, "at", 2 ** 48 - 1),
    exp: readUint(exp, "exp", 2 ** 48 - 1),
    session: sessionFromArray(session),
    signature: readBytes(signature, "request signature", 64),
  };
}

/** Encodes an answer. */
export function encodeOpenings(openings: readonly Opening[]): Uint8Array {
  const rows = openings.map(({ viewNo, recordId, openedAt }) => [viewNo, fromHex(recordId), openedAt]);
  return encodeBlock("openings", [rows]).bytes;
}

/** Decodes {@link encodeOpenings}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeOpenings(bytes: Uint8Array): Opening[] {
  const [rows] = decodeBlock(bytes, "openings", 1);
  return readArray(rows, "openings").map((row) => {
    const [viewNo, recordId, openedAt] = readArray(row, "opening", 3);
    return {
      viewNo: readUint(viewNo, "view number", 2 ** 32 - 1),
      recordId: readHex(recordId, "record id"),
      openedAt: readUint(openedAt, "openedAt", 2 ** 48 - 1),
    };
  });
}
