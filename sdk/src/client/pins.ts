/**
 * @module client/pins
 * The keys that this person met and trusts: from the own grants, which the chain names, and from notes in the own inbox.
 */
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { readAddress, readHex } from "../block.ts";
import { ownConsents, pinsFromConsents } from "./consents.ts";
import { isFrom, keepNote, parseMessages, readInbox } from "./inbox.ts";
import type { PinnedKeys } from "./people.ts";
import type { Carekey, Person } from "./types.ts";

const PIN = "pin";

/**
 * Every pinned key. A note is newer than what it replaces; a grant pins whom it was sealed to.
 * @throws SdkError CHAIN_UNAVAILABLE, GATEWAY_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function pinnedKeys(carekey: Carekey, person: Person): Promise<PinnedKeys> {
  const [{ consents }, messages] = await Promise.all([ownConsents(carekey, person), readInbox(carekey, person)]);
  const pins = new Map<string, Hex>(pinsFromConsents(consents));
  const notes = parseMessages(messages, "note", (body) =>
    body["type"] === PIN
      ? { address: readAddress(body["address"], "address"), keyDocument: readHex(body["keyDocument"], "key document") }
      : null,
  );
  for (const { message, body } of notes) {
    if (body !== null && isFrom(message, person.address)) pins.set(body.address.toLowerCase(), body.keyDocument);
  }
  return pins;
}

/** Trusts a key from now on: after a first meeting, or after the person compared the fingerprint of a changed one. */
export async function pinKey(carekey: Carekey, person: Person, address: Address, keyDocument: Hex): Promise<void> {
  await keepNote(carekey, person, { type: PIN, address: fromHex(address), keyDocument: fromHex(keyDocument) });
}
