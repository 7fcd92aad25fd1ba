/**
 * @module client/pins
 * The keys that this person met and trusts: from the own grants, which the chain names, and from notes in the own inbox.
 */
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { readAddress, readHex } from "../block.ts";
import { ownConsents, pinsFromConsents, type OwnConsent } from "./consents.ts";
import { isFrom, keepNote, parseMessages, readInbox, type InboxMessage } from "./inbox.ts";
import type { PinnedKeys, VerifiedRecipient } from "./people.ts";
import type { Carekey, Person } from "./types.ts";

const PIN = "pin";

/** What a flow has read already, so that it is not read again. */
export type PinSources = { consents?: readonly OwnConsent[]; messages?: readonly InboxMessage[] };

/**
 * Every pinned key. A note is newer than what it replaces; a grant pins whom it was sealed to.
 * @throws SdkError CHAIN_UNAVAILABLE, GATEWAY_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function pinnedKeys(carekey: Carekey, person: Person, known: PinSources = {}): Promise<PinnedKeys> {
  const [consents, messages] = await Promise.all([
    known.consents ?? ownConsents(carekey, person).then((own) => own.consents),
    known.messages ?? readInbox(carekey, person),
  ]);
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

/** Trusts the key of somebody met for the first time; a key that was met before stays as it is. */
export async function pinIfNew(
  carekey: Carekey,
  person: Person,
  { address, keyDocumentDigest, status }: Pick<VerifiedRecipient, "address" | "keyDocumentDigest" | "status">,
): Promise<void> {
  if (status === "new") await pinKey(carekey, person, address, keyDocumentDigest);
}
