/**
 * @module client/emergency-reasons
 * Why a clinician asked for emergency access, as it travels sealed to those who judge it. Anybody can send anything: a reason counts
 * only for the request of its sender whose commitment on chain it fits.
 */
import { readAddress, readHex, readText } from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { parseMessages, type InboxMessage } from "./inbox.ts";

/** The message that tells the reason of a request. */
export const REASON = "emergency-reason";

/** A reason as it was told: it belongs to the request whose commitment it fits. */
export type ToldReason = {
  from: Address;
  patient: Address;
  reason: string;
  salt: Hex;
  /** Whether the recipient is asked for the second word. */
  asks: boolean;
};

/** The reasons in an inbox, own notes among them. */
export function reasonsIn(messages: readonly InboxMessage[]): ToldReason[] {
  const told = parseMessages(messages, "note", (body) =>
    body["type"] === REASON
      ? {
          patient: readAddress(body["patient"], "patient"),
          reason: readText(body["reason"], "reason", 1000),
          salt: readHex(body["salt"], "salt"),
          asks: body["asks"] === true,
        }
      : null,
  );
  return told.flatMap(({ message, body }) => (body === null ? [] : [{ ...body, from: message.sender }]));
}

/** The body of the message that tells a reason. */
export function reasonBody(told: Omit<ToldReason, "from">): { type: string; [field: string]: CborValue } {
  const { patient, reason, salt, asks } = told;
  return { type: REASON, patient: fromHex(patient), reason, salt: fromHex(salt), asks };
}
