/**
 * @module client/news-of-messages
 * What a message that woke somebody up is about. Pure: opened messages in, facts out.
 */
import type { CborValue } from "../cbor.ts";
import { EMERGENCY_CONTACT } from "./emergency-settings.ts";
import { REASON } from "./emergency-reasons.ts";
import { ASK, PART, SHARE } from "./guardian-parts.ts";
import { OPENING } from "./identifiers.ts";
import type { InboxMessage } from "./inbox.ts";
import { FOLLOW, SEEDS } from "./succession.ts";
import type { NewsFact } from "./notifications.ts";

const MAX_WORDS = 500;

const SUCCESSION: ReadonlyMap<string, NewsFact["what"]> = new Map([
  [SHARE, "guardian"],
  [ASK, "guardian-asked"],
  [PART, "guardian-answered"],
  [FOLLOW, "follow"],
  [SEEDS, "keys-handed-over"],
]);
const NOTES: ReadonlyMap<string, NewsFact["what"]> = new Map([
  [EMERGENCY_CONTACT, "emergency-contact"],
  [OPENING, "identifier"],
]);

/** The news in a message. What only the chain may say (a decision, a licence) and what says nothing is just a message. */
export function newsOfMessage(message: InboxMessage): NewsFact {
  const body = fieldsOf(message.body);
  const type = textOf(body["type"]) ?? "";
  const about = (what: NewsFact["what"], words: string | null = null): NewsFact => ({
    what,
    who: message.sender,
    words,
  });
  switch (message.kind) {
    case "request":
      return about("request", textOf(body["purpose"]));
    case "refusal":
      return about("refusal", textOf(body["reason"]));
    case "grant":
      return about("grant");
    case "application":
      return about("application", textOf(body["name"]));
    case "application-answer":
      return body["verdict"] === "verified" ? about("message") : about("application-refused", textOf(body["reason"]));
    case "succession":
      return about(SUCCESSION.get(type) ?? "message");
    case "note":
      return type === REASON && body["asks"] === true
        ? about("emergency-asked", textOf(body["reason"]))
        : about(NOTES.get(type) ?? "message");
  }
}

/** Names that people told this person with what they sent, by lower-case address; the latest counts. */
export function namesTold(messages: readonly InboxMessage[]): Map<string, string> {
  const told = messages.flatMap(({ kind, sender, body }) => {
    const fields = fieldsOf(body);
    const name = kind === "succession" ? textOf(fields["name"]) : textOf(fields["patientName"]);
    return name === null ? [] : [[sender.toLowerCase(), name.slice(0, 100)] as const];
  });
  return new Map(told);
}

/** Anybody can send anything: a body that is no map has no fields, and breaks no list. */
function fieldsOf(body: CborValue): { [key: string]: CborValue } {
  const isMap = typeof body === "object" && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array);
  return isMap ? body : {};
}

function textOf(value: CborValue | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.slice(0, MAX_WORDS) : null;
}
