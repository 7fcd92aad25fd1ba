/**
 * @module client/guardian-parts
 * The messages about successions, and the parts of the old keys that guardians hold: how they are written, read and opened again.
 */
import { readArray, readBytes, readHex, readUint } from "../block.ts";
import { utf8, type Address } from "../bytes.ts";
import { decodeCbor, type CborValue } from "../cbor.ts";
import { fitsBox, openSharedBox, type BoxShare, type SharedBox } from "../crypto/index.ts";
import { isSdkError } from "../errors.ts";
import { bodyFields, isFrom, type InboxMessage } from "./inbox.ts";
import type { Person } from "./types.ts";

/** The old account gives a guardian a share. */
export const SHARE = "share";
/** A guardian hands the share over to the new account; as a note: that this was done. */
export const PART = "part";
/** The new account asks a guardian. */
export const ASK = "ask";

/** A share with the box that it belongs to. */
export type GuardianPart = { box: SharedBox; share: BoxShare };

/** The guardians' parts that arrived for one succession, each share of a box once. */
export function partsFor(messages: readonly InboxMessage[], predecessor: Address): GuardianPart[] {
  const parts = new Map<string, GuardianPart>();
  for (const { body } of successionMessages(messages, PART)) {
    const part = readOrNull(() =>
      readHex(body["predecessor"], "predecessor", 20) === predecessor.toLowerCase() ? readPart(body) : null,
    );
    // A share that does not belong to its box is nobody's.
    if (part !== null && fitsBox(part.box, part.share)) parts.set(`${boxId(part)}/${part.share.index}`, part);
  }
  return [...parts.values()];
}

/** Seeds in those boxes that enough parts open. Whether they are the right ones, the chain has to say. */
export function openGuardiansBox(parts: readonly GuardianPart[], predecessor: Address): Uint8Array[][] {
  return [...Map.groupBy(parts, boxId).values()].flatMap((same) => {
    try {
      const shares = same.map(({ share }) => share);
      const plaintext = openSharedBox({ box: same[0]!.box, binding: bindingOf(predecessor), shares });
      return [readArray(decodeCbor(plaintext), "seeds").map((seed) => readBytes(seed, "seed", 32))];
    } catch (error) {
      if (isSdkError(error)) return [];
      throw error;
    }
  });
}

/** Messages about successions, of one type. */
export function successionMessages(
  messages: readonly InboxMessage[],
  type: string,
): { message: InboxMessage; body: { [field: string]: CborValue } }[] {
  return messages.flatMap((message) => {
    if (message.kind !== "succession") return [];
    const body = readOrNull(() => bodyFields(message.body));
    return body?.["type"] === type ? [{ message, body }] : [];
  });
}

/** What `read` gives, or null for what does not follow its format: anybody can send anything. */
export function readOrNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}

/** This person's own notes of one type, oldest first. */
export function ownNotes(messages: readonly InboxMessage[], person: Person, type: string) {
  return messages.flatMap((message) => {
    if (message.kind !== "note" || !isFrom(message, person.address)) return [];
    const body = readOrNull(() => bodyFields(message.body));
    return body?.["type"] === type ? [body] : [];
  });
}

/** A part as fields of a message. */
export function partFields({ box, share }: GuardianPart): { [field: string]: CborValue } {
  return { sealed: box.sealed, feldman: [...box.commitments], index: share.index, share: share.share };
}

/** A part from the fields of a message. @throws SdkError MALFORMED */
export function readPart(body: { [field: string]: CborValue }): GuardianPart {
  return {
    box: {
      sealed: readBytes(body["sealed"], "sealed"),
      commitments: readArray(body["feldman"], "feldman").map((value) => readBytes(value, "feldman", 32)),
    },
    share: { index: readUint(body["index"], "index", 255), share: readBytes(body["share"], "share", 32) },
  };
}

/** What an account's box is bound to. */
export function bindingOf(account: Address): Uint8Array {
  return utf8(`carekey/guardians/v1/${account.toLowerCase()}`);
}

function boxId({ box }: GuardianPart): string {
  return box.commitments.join("|") + box.sealed.join(",");
}
