/**
 * @module client/notifications
 * Wake-ups with what is behind them: the gateway says that something happened, this device reads in the chain and the inbox what it
 * was. A gateway that lies can keep silent, but it cannot make this device tell what did not happen (docs/decisions/0110, 0111).
 */
import { readHex } from "../block.ts";
import type { Address, Hex } from "../bytes.ts";
import { transactionEvents, type TransactionEvents } from "../chain/index.ts";
import type { Notification } from "../gateway/index.ts";
import { WRITE } from "../consent/index.ts";
import { contactNames } from "./contacts.ts";
import { ownConsents } from "./consents.ts";
import { isFrom, parseMessages, readInbox, type InboxMessage } from "./inbox.ts";
import { keptFor } from "./kept.ts";
import { newsOfEvents, type ChainFact, type Decided } from "./news-of-chain.ts";
import { namesTold, newsOfMessage } from "./news-of-messages.ts";
import { personOf, sameAddress, shortAddress, type PinnedKeys } from "./people.ts";
import { pinnedKeys } from "./pins.ts";
import type { Carekey, Person } from "./types.ts";

/** What happened. */
export type NewsWhat =
  | "request" // somebody asks for access
  | "refusal" // a request of one's own was refused
  | "grant" // somebody shares with this person
  | "entry" // a clinician sent an entry, which waits
  | "approved" // an entry of one's own was approved
  | "denied" // or was not
  | "decided" // several were decided, some so and some so
  | "shared" // a consent of one's own to read was given
  | "shared-writing" // or one to add entries
  | "stopped" // a consent of one's own to read was taken back
  | "stopped-writing" // or one to add entries
  | "all-stopped" // all of them
  | "application" // a clinician applies for a licence
  | "application-refused" // the registrar did not confirm it
  | "verified" // the registrar confirmed this person's licence
  | "suspended" // or suspended it
  | "restored" // or restored it
  | "key" // this person's keys were replaced
  | "emergency" // somebody asks for emergency access
  | "emergency-asked" // and asks this person for the second word
  | "emergency-confirmed" // a second clinician gave it
  | "emergency-stopped" // somebody stopped it
  | "emergency-reviewed" // a registrar judged it
  | "emergency-as-contact" // something about an emergency of somebody whose contact this person is
  | "emergency-contact" // a patient named this person as a contact
  | "identifier" // a number of one's own, or one that somebody shows
  | "guardian" // somebody names this person a guardian
  | "guardian-asked" // a new account asks this guardian
  | "guardian-answered" // a guardian handed over a part
  | "follow" // a new account asks to follow this one
  | "keys-handed-over" // the old account handed its keys over
  | "guardians-changed" // this account's guardians were named or removed
  | "vouched-against" // a guardian said that another account is this person
  | "vouched-for" // or that this account is the person of an old one
  | "objected" // this account objected to what guardians said
  | "followed" // another account follows this one
  | "follows" // this account follows an old one
  | "viewed" // keepers let somebody open a record; who, the access log says
  | "message" // something else that opens
  | "unknown"; // nothing that this device can read

/** What happened, by whom or with whom, and what they said about it. */
export type NewsFact = { what: NewsWhat; who: Address | null; words: string | null };

/** A wake-up with what is behind it. `name`: the other person as this one knows them. */
export type NewsItem = Notification & NewsFact & { name: string | null };

/** A page of news, newest first, and how many are unread in all. */
export type NewsPage = { items: NewsItem[]; unread: number; more: boolean };

/**
 * A page of this person's wake-ups, newest first.
 * page.before: a cursor.
 * @throws SdkError NOT_SIGNED_IN, GATEWAY_UNAVAILABLE, CHAIN_UNAVAILABLE
 */
export async function listNews(
  carekey: Carekey,
  person: Person,
  page: { before?: number; limit?: number } = {},
): Promise<NewsPage> {
  const { notifications, unread, more } = await carekey.gateway.notifications.list(page);
  if (notifications.length === 0) return { items: [], unread, more };
  const messages = await readInbox(carekey, person);
  const sources: Sources = { carekey, person, messages, nameOf: nameReader(carekey, person, messages) };
  const items = await Promise.all(
    notifications.map(async (notification): Promise<NewsItem> => {
      const fact = await factOf(sources, notification);
      return { ...notification, ...fact, name: fact.who === null ? null : await sources.nameOf(fact.who) };
    }),
  );
  return { items, unread, more };
}

type Sources = {
  carekey: Carekey;
  person: Person;
  messages: readonly InboxMessage[];
  nameOf: (address: Address) => Promise<string>;
};

const UNKNOWN: NewsFact = { what: "unknown", who: null, words: null };

async function factOf(sources: Sources, { kind, messageId, txHash }: Notification): Promise<NewsFact> {
  if (kind === "view") return { what: "viewed", who: null, words: null };
  if (messageId !== null) {
    const message = sources.messages.find(({ id }) => id === messageId);
    return message === undefined ? UNKNOWN : newsOfMessage(message);
  }
  const events = txHash === null ? null : await eventsOf(sources, txHash);
  const fact = events === null ? null : newsOfEvents(events, kind, sources.person);
  return fact === null ? UNKNOWN : complete(sources, fact);
}

const eventsReadBy = keptFor<Carekey, Map<Hex, TransactionEvents>>(() => new Map());

/** The events of a transaction. One that is in the chain stays as it is. */
async function eventsOf({ carekey }: Sources, txHash: Hex): Promise<TransactionEvents | null> {
  const known = eventsReadBy(carekey);
  const cached = known.get(txHash);
  if (cached !== undefined) return cached;
  const events = await transactionEvents(carekey.chain.publicClient, carekey.deployment, txHash);
  if (events !== null) known.set(txHash, events);
  return events;
}

/** Looks up who a consent is for, who asked in an emergency, and which way an entry was decided. */
async function complete({ carekey, person, messages }: Sources, fact: ChainFact): Promise<NewsFact> {
  const { what, who, words } = fact;
  if (fact.consentId !== undefined) {
    const { consents } = await ownConsents(carekey, person);
    const consent = consents.find(({ id }) => id === fact.consentId);
    const isWriting = consent?.terms.rights === WRITE && (what === "shared" || what === "stopped");
    return { what: isWriting ? `${what}-writing` : what, who: consent?.terms.grantee ?? null, words };
  }
  if (fact.requestId !== undefined) {
    const request = await carekey.chain.emergency.requestOf(fact.requestId);
    if (request === null) return UNKNOWN;
    const concerned = [request.patient, request.requester, request.coSigner, carekey.deployment.registrar];
    if (!concerned.some((address) => sameAddress(address, person.address))) {
      return { what: "emergency-as-contact", who: request.patient, words };
    }
    const isOwn = sameAddress(request.requester, person.address);
    return { what, who: isOwn ? null : request.requester, words };
  }
  if (fact.decided !== undefined && who !== null) {
    const notes = decisionNotes(messages, who);
    return { what: verdictOf(fact.decided, notes), who, words: reasonIn(fact.decided, notes) };
  }
  return { what, who, words };
}

/** What a patient told about decisions: reasons by entry id. Their verdicts are not heeded: the chain has these. */
function decisionNotes(messages: readonly InboxMessage[], patient: Address): Map<Hex, string | null> {
  const notes = parseMessages(messages, "note", (body) =>
    body["type"] === "decision"
      ? {
          entryId: readHex(body["entryId"], "entry id"),
          reason: typeof body["reason"] === "string" ? body["reason"] : null,
        }
      : null,
  );
  return new Map(
    notes.flatMap(({ message, body }) =>
      body !== null && isFrom(message, patient) ? [[body.entryId, body.reason] as const] : [],
    ),
  );
}

/** One act may decide about several authors' entries: those that the patient wrote to this author about are the own ones. */
function verdictOf({ approved, denied }: Decided, notes: ReadonlyMap<Hex, unknown>): NewsWhat {
  const isOwn = (entryId: Hex) => notes.size === 0 || notes.has(entryId);
  const [isApproved, isDenied] = [approved, denied].map((entryIds) => entryIds.some(isOwn));
  return isApproved === isDenied ? "decided" : isApproved ? "approved" : "denied";
}

function reasonIn({ approved, denied }: Decided, notes: ReadonlyMap<Hex, string | null>): string | null {
  return (
    [...approved, ...denied].map((entryId) => notes.get(entryId) ?? null).find((reason) => reason !== null) ?? null
  );
}

/** Names as this person knows them: what people told, what this person calls them, the public name, the short address. */
function nameReader(carekey: Carekey, person: Person, messages: readonly InboxMessage[]) {
  const told = namesTold(messages);
  const named = contactNames(messages, person);
  let pins: Promise<PinnedKeys> | null = null;
  return async (address: Address): Promise<string> => {
    pins ??= pinnedKeys(carekey, person, { messages });
    const profile = named(await personOf(carekey, address, await pins));
    const isUnnamed = profile.name === shortAddress(address);
    return (isUnnamed ? told.get(address.toLowerCase()) : undefined) ?? profile.name;
  };
}
