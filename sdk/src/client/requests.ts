/**
 * @module client/requests
 * Asking a patient for access, and the patient's answer. Both sides keep both (docs/decisions/0060, 0061).
 */
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import { readArray, readText, readUint } from "../block.ts";
import type { CborValue } from "../cbor.ts";
import { SCOPES } from "../consent/index.ts";
import { randomBytes } from "./context.ts";
import { isFrom, keepNote, parseMessages, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { personOf, recipientOf } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { hexField } from "./sharing.ts";
import type { AccessRequest, Carekey, Notice, Person } from "./types.ts";

const SENT_REQUEST = "sent-request";
const ANSWER = "answer";

/** What a clinician asks for. */
export type AccessWish = {
  patient: Address;
  /** Names of {@link SCOPES}. */
  scopes: readonly string[];
  rights: readonly ("read" | "write")[];
  expiresAt: number;
  purpose: string;
  /** A line to the patient. */
  message: string;
};

type RequestBody = Omit<AccessWish, "patient">;

function requestToBody(wish: RequestBody): { [field: string]: CborValue } {
  return {
    scopes: [...wish.scopes],
    rights: [...wish.rights],
    expiresAt: wish.expiresAt,
    purpose: wish.purpose,
    message: wish.message,
  };
}

function requestFromBody(body: { [field: string]: CborValue }): RequestBody {
  const rights = readArray(body["rights"], "rights").filter((right) => right === "read" || right === "write");
  return {
    scopes: readArray(body["scopes"], "scopes")
      .map((scope) => readText(scope, "scope", 64))
      .filter((scope) => SCOPES.some(({ name }) => name === scope)),
    rights,
    expiresAt: readUint(body["expiresAt"], "expiresAt", 2 ** 48 - 1),
    purpose: readText(body["purpose"], "purpose", 500),
    message: readText(body["message"], "message", 2000),
  };
}

/**
 * Asks a patient for access: sealed to the patient, nothing on chain, no fee.
 * @throws SdkError NOT_REGISTERED, KEY_MISMATCH, KEY_CHANGED, RATE_LIMITED, GATEWAY_UNAVAILABLE
 */
export async function requestAccess(carekey: Carekey, person: Person, wish: AccessWish): Promise<Hex> {
  const recipient = await recipientOf(carekey, wish.patient, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  const id = randomBytes(16);
  await sendSealed(carekey, person, recipient, { kind: "request", id, body: requestToBody(wish) });
  await keepNote(carekey, person, {
    type: SENT_REQUEST,
    requestId: id,
    patient: fromHex(wish.patient),
    ...requestToBody(wish),
  });
  return toHex(id);
}

type Answer = { requestId: Hex; verdict: "approved" | "refused"; reason: string | null; at: number };

/** Answers in an inbox: the own ones as a patient, and those received as a clinician. */
function answersIn(messages: readonly InboxMessage[], person: Person): Map<Hex, Answer> {
  const answers = new Map<Hex, Answer>();
  const note = parseMessages(messages, "note", (body): Omit<Answer, "at"> | null =>
    body["type"] === ANSWER
      ? {
          requestId: hexField(body["requestId"], 16),
          verdict: body["verdict"] === "approved" ? "approved" : "refused",
          reason: typeof body["reason"] === "string" ? body["reason"] : null,
        }
      : null,
  );
  for (const { message, body } of note) {
    if (body !== null && isFrom(message, person.address)) answers.set(body.requestId, { ...body, at: message.sentAt });
  }
  const refusals = parseMessages(messages, "refusal", (body) => ({
    requestId: hexField(body["requestId"], 16),
    reason: typeof body["reason"] === "string" ? body["reason"] : null,
  }));
  for (const { message, body } of refusals)
    answers.set(body.requestId, { ...body, verdict: "refused", at: message.sentAt });
  const grants = parseMessages(messages, "grant", (body) =>
    body["requestId"] instanceof Uint8Array ? hexField(body["requestId"], 16) : null,
  );
  for (const { message, body } of grants) {
    if (body !== null) answers.set(body, { requestId: body, verdict: "approved", reason: null, at: message.sentAt });
  }
  return answers;
}

/**
 * Requests that this person received or sent, newest first.
 * @throws SdkError NOT_SIGNED_IN, GATEWAY_UNAVAILABLE, CHAIN_UNAVAILABLE
 */
export async function listRequests(
  carekey: Carekey,
  person: Person,
): Promise<{ received: AccessRequest[]; sent: AccessRequest[] }> {
  const messages = await readInbox(carekey, person);
  const pins = await pinnedKeys(carekey, person, { messages });
  const answers = answersIn(messages, person);
  const describe = (id: Hex, from: Address, patient: Address, wish: RequestBody, sentAt: number): AccessRequest => {
    const answer = answers.get(id);
    return {
      id,
      from,
      fromProfile: null,
      patient,
      ...wish,
      sentAt,
      status: answer?.verdict ?? "waiting",
      reason: answer?.reason ?? null,
      answeredAt: answer?.at ?? null,
    };
  };
  const received = await Promise.all(
    parseMessages(messages, "request", requestFromBody).map(async ({ message, body }) => ({
      ...describe(message.id, message.sender, person.address, body, message.sentAt),
      fromProfile: await personOf(carekey, message.sender, pins),
    })),
  );
  const sent = parseMessages(messages, "note", (body) =>
    body["type"] === SENT_REQUEST
      ? {
          id: hexField(body["requestId"], 16),
          patient: toHex(fromHex(hexField(body["patient"], 20), 20)),
          wish: requestFromBody(body),
        }
      : null,
  ).flatMap(({ message, body }) =>
    body !== null && isFrom(message, person.address)
      ? [describe(body.id, person.address, body.patient, body.wish, message.sentAt)]
      : [],
  );
  return { received: received.reverse(), sent: sent.reverse() };
}

/**
 * Records the patient's answer. A refusal is told to the clinician; an approval reaches the clinician with the grant itself.
 * @throws SdkError GATEWAY_UNAVAILABLE, KEY_MISMATCH, KEY_CHANGED
 */
export async function answerRequest(
  carekey: Carekey,
  person: Person,
  answer: { request: AccessRequest; verdict: "approved" | "refused"; reason: string },
): Promise<void> {
  const { request, verdict } = answer;
  const reason = answer.reason.trim() === "" ? null : answer.reason.trim();
  const requestId = fromHex(request.id, 16);
  await keepNote(carekey, person, { type: ANSWER, requestId, verdict, reason });
  if (verdict === "approved") return;
  const recipient = await recipientOf(carekey, request.from, await pinnedKeys(carekey, person));
  await sendSealed(carekey, person, recipient, { kind: "refusal", body: { requestId, reason } });
}

/** News about what this person sent: decisions on entries, refusals, grants, the registrar's answer. Newest first. */
export async function listNotices(carekey: Carekey, person: Person): Promise<Notice[]> {
  const messages = await readInbox(carekey, person);
  const pins = await pinnedKeys(carekey, person, { messages });
  const notices = await Promise.all(
    messages.map(async (message): Promise<Notice | null> => {
      const notice = isFrom(message, person.address) ? null : noticeOf(message);
      if (notice === null) return null;
      const fromProfile = await personOf(carekey, message.sender, pins);
      return { ...notice, id: message.id, from: message.sender, fromProfile, at: message.sentAt };
    }),
  );
  return notices.filter((notice) => notice !== null).reverse();
}

function noticeOf(message: InboxMessage): Omit<Notice, "id" | "from" | "fromProfile" | "at"> | null {
  const [parsed] = parseMessages([message], message.kind, (body) => body);
  if (parsed === undefined) return null;
  const { body } = parsed;
  const reason = typeof body["reason"] === "string" ? body["reason"] : null;
  const plain = { reason, entryId: null, patient: message.sender };
  switch (message.kind) {
    case "grant":
      return { ...plain, kind: "grant", text: "shared records with you", reason: null };
    case "refusal":
      return { ...plain, kind: "refusal", text: "refused your request" };
    case "application-answer":
      return {
        ...plain,
        patient: null,
        kind: "application-decision",
        text: body["verdict"] === "verified" ? "verified your licence" : "did not verify your licence",
      };
    case "note":
      if (body["type"] !== "decision" || !(body["entryId"] instanceof Uint8Array)) return null;
      return {
        ...plain,
        kind: "decision",
        text: body["verdict"] === "approved" ? "approved your entry" : "did not approve your entry",
        entryId: toHex(body["entryId"]),
      };
    default:
      return null;
  }
}
