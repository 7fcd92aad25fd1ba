/**
 * @module client/contacts
 * What a patient calls people for whom nobody vouches, such as the family: a note in the own inbox, read by nobody else.
 */
import { readAddress, readText } from "../block.ts";
import { fromHex } from "../bytes.ts";
import { isFrom, keepNote, parseMessages, type InboxMessage } from "./inbox.ts";
import type { Carekey, Person, PersonProfile } from "./types.ts";

const CONTACT = "contact";
const MAX_NAME = 100;

/** Keeps the name under which the patient knows somebody. */
export async function keepContactName(
  carekey: Carekey,
  person: Person,
  { address, name }: Pick<PersonProfile, "address" | "name">,
): Promise<void> {
  await keepNote(carekey, person, { type: CONTACT, address: fromHex(address), name: name.slice(0, MAX_NAME) });
}

/** Gives people without a public name the one that this person gave them last. */
export function contactNames(
  messages: readonly InboxMessage[],
  person: Person,
): (profile: PersonProfile) => PersonProfile {
  const notes = parseMessages(messages, "note", (body) =>
    body["type"] === CONTACT
      ? { address: readAddress(body["address"], "address"), name: readText(body["name"], "name", MAX_NAME) }
      : null,
  );
  const names = new Map(
    notes.flatMap(({ message, body }) =>
      body !== null && isFrom(message, person.address) ? [[body.address.toLowerCase(), body.name] as const] : [],
    ),
  );
  return (profile) => {
    const name = profile.identity.role === 1 ? names.get(profile.address.toLowerCase()) : undefined;
    return name === undefined ? profile : { ...profile, name };
  };
}
