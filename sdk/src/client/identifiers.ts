/**
 * @module client/identifiers
 * Ids that people have already, tied to their accounts. The organisation that gave out the id puts a salted commitment on chain; the
 * patient gets its opening, sealed, and shows it to whom they want. Without the opening the chain tells nothing (docs/decisions/0076).
 * ```
 * blinded id = keccak256(abi.encode("carekey/identifier/v1", kind, value, secret))    commitment = keccak256(abi.encode(issuer, blinded id))
 * as text    = "carekey-id-1:" ‖ base64url of DAG-CBOR [issuer 20, kind, value, secret 32]
 * ```
 */
import { encodeAbiParameters, isAddressEqual, keccak256 } from "viem/utils";
import { readAddress, readArray, readHex, readText } from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../cbor.ts";
import { ROLE_ORGANISATION } from "../contracts/index.ts";
import { SdkError } from "../errors.ts";
import { randomHex32, sendAct } from "./context.ts";
import { isFrom, keepNote, parseMessages, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { personOf, recipientOf } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import type { ActOptions, Carekey, Person, PersonProfile } from "./types.ts";

const LABEL = "carekey/identifier/v1";
const TEXT_PREFIX = "carekey-id-1:";
const ISSUED = "identifier-issued";
/** The message that shows an id. */
export const OPENING = "identifier";
const MAX_WORDS = 80;

/** Kinds of ids that people have. Others are possible: the kind is free text. */
export const IDENTIFIER_KINDS = ["Hospital number", "Insurance number", "National id"] as const;

/** All that it takes to find an id's commitment. Who has it can look up the account, and show it to others. */
export type IdentifierOpening = {
  /** The organisation that gave out the id. */
  issuer: Address;
  kind: string;
  value: string;
  /** 32 random bytes. */
  secret: Hex;
};

/** An opening and what the chain says of it now. */
export type ResolvedIdentifier = {
  opening: IdentifierOpening;
  issuer: PersonProfile;
  /** The issuer is a verified organisation now. */
  isVouchedFor: boolean;
  /** Where the id leads; null when it was never linked, or is no longer. */
  account: Address | null;
};

/** The id as people write it: without spaces around, Unicode in its composed form. */
export function normaliseIdentifier(value: string): string {
  return value.normalize("NFC").trim().replace(/\s+/g, " ");
}

/** What the issuer hands to the contract. */
export function blindedIdOf({ kind, value, secret }: Omit<IdentifierOpening, "issuer">): Hex {
  const types = [{ type: "string" }, { type: "string" }, { type: "string" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [LABEL, kind, value, secret]));
}

/** What stands on chain. */
export function identifierCommitment(opening: IdentifierOpening): Hex {
  const types = [{ type: "address" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [opening.issuer, blindedIdOf(opening)]));
}

/**
 * As a verified organisation: ties an id to a patient's account, and sends the patient its opening, sealed. One transaction.
 * @throws SdkError INVALID_ARGUMENT for an empty id, KEY_MISMATCH | KEY_CHANGED of the patient, CONTRACT_REVERTED, SIGNATURE_REFUSED
 */
export async function linkIdentifier(
  carekey: Carekey,
  issuer: Person,
  id: { patient: Address; kind: string; value: string },
  options: ActOptions = {},
): Promise<IdentifierOpening> {
  const [kind, value] = [normaliseIdentifier(id.kind), normaliseIdentifier(id.value)];
  if ([kind, value].some((words) => words === "" || words.length > MAX_WORDS)) {
    throw new SdkError("INVALID_ARGUMENT", `id: expected 1 to ${MAX_WORDS} characters`);
  }
  const recipient = await recipientOf(carekey, id.patient, await pinnedKeys(carekey, issuer));
  await pinIfNew(carekey, issuer, recipient);
  const opening = { issuer: issuer.address, kind, value, secret: randomHex32() };
  // Kept first: without the secret nobody could ever remove the link.
  await keepNote(carekey, issuer, { type: ISSUED, patient: fromHex(id.patient), opening: openingToCbor(opening) });
  await sendAct(carekey, "linkId", [blindedIdOf(opening), id.patient], "Link the sealed number", options);
  options.onStep?.({ kind: "work", label: "Sending it to the patient, sealed" });
  await sendSealed(carekey, issuer, recipient, {
    kind: "note",
    body: { type: OPENING, opening: openingToCbor(opening) },
  });
  return opening;
}

/** As the organisation that linked it: the id leads nowhere from now on. @throws SdkError CONTRACT_REVERTED, SIGNATURE_REFUSED */
export async function unlinkIdentifier(
  carekey: Carekey,
  opening: IdentifierOpening,
  options: ActOptions = {},
): Promise<void> {
  const nowhere: Address = `0x${"00".repeat(20)}`;
  await sendAct(carekey, "linkId", [blindedIdOf(opening), nowhere], "Remove this number", options);
}

/** Ids that this organisation linked, newest first. `patient`: whom it linked it to. */
export async function listIssuedIdentifiers(
  carekey: Carekey,
  issuer: Person,
): Promise<(ResolvedIdentifier & { patient: Address })[]> {
  const notes = parseMessages(await readInbox(carekey, issuer), "note", (body) =>
    body["type"] === ISSUED
      ? { patient: readAddress(body["patient"], "patient"), opening: openingFromCbor(body["opening"]) }
      : null,
  );
  const own = notes.flatMap(({ message, body }) => (body !== null && isFrom(message, issuer.address) ? [body] : []));
  const resolved = await Promise.all(
    own.map(async ({ patient, opening }) => ({ ...(await resolveIdentifier(carekey, opening)), patient })),
  );
  return resolved.reverse();
}

/** Ids that organisations tied to this person's account, newest first; those that no longer lead here are listed with what the chain says. */
export async function listIdentifiers(carekey: Carekey, person: Person): Promise<ResolvedIdentifier[]> {
  const openings = openingsIn(await readInbox(carekey, person)).filter(({ message, opening }) =>
    isFrom(message, opening.issuer),
  );
  return (await Promise.all(openings.map(({ opening }) => resolveIdentifier(carekey, opening)))).reverse();
}

/**
 * Shows an id to somebody: its opening, sealed to them. They can look it up, and pass it on.
 * @throws SdkError NOT_REGISTERED, KEY_MISMATCH, KEY_CHANGED, GATEWAY_UNAVAILABLE
 */
export async function showIdentifier(
  carekey: Carekey,
  person: Person,
  show: { to: Address; opening: IdentifierOpening },
): Promise<void> {
  const recipient = await recipientOf(carekey, show.to, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  const body = { type: OPENING, opening: openingToCbor(show.opening) };
  await sendSealed(carekey, person, recipient, { kind: "note", body });
}

/** Ids that their owners showed to this person, newest first: only those that lead to who showed them. */
export async function listShownIdentifiers(carekey: Carekey, person: Person): Promise<ResolvedIdentifier[]> {
  const openings = openingsIn(await readInbox(carekey, person)).filter(
    ({ message, opening }) => !isFrom(message, opening.issuer),
  );
  const resolved = await Promise.all(
    openings.map(async ({ message, opening }) => ({
      ...(await resolveIdentifier(carekey, opening)),
      sender: message.sender,
    })),
  );
  return resolved.filter(({ account, sender }) => account !== null && isAddressEqual(account, sender)).reverse();
}

/** Looks an opening up on chain. @throws SdkError CHAIN_UNAVAILABLE, GATEWAY_UNAVAILABLE */
export async function resolveIdentifier(carekey: Carekey, opening: IdentifierOpening): Promise<ResolvedIdentifier> {
  const [link, issuer] = await Promise.all([
    carekey.chain.organisations.resolve(identifierCommitment(opening)),
    personOf(carekey, opening.issuer),
  ]);
  const isVouchedFor = issuer.verified && issuer.identity.role === ROLE_ORGANISATION;
  return { opening, issuer, isVouchedFor, account: link?.account ?? null };
}

/** An opening as text, for a QR code or a message. */
export function encodeOpening(opening: IdentifierOpening): string {
  const base64 = btoa(String.fromCharCode(...encodeCbor(openingToCbor(opening))));
  return TEXT_PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Reads {@link encodeOpening}; spaces and line breaks do not matter. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeOpening(text: string): IdentifierOpening {
  const compact = text.replace(/\s+/g, "");
  if (!compact.startsWith(TEXT_PREFIX)) {
    const code = compact.startsWith("carekey-id-") ? "UNSUPPORTED_VERSION" : "MALFORMED";
    throw new SdkError(code, "not an id that somebody showed");
  }
  let bytes: Uint8Array;
  try {
    const base64 = compact.slice(TEXT_PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new SdkError("MALFORMED", "not base64url", { cause });
  }
  return openingFromCbor(decodeCbor(bytes));
}

function openingToCbor({ issuer, kind, value, secret }: IdentifierOpening): CborValue[] {
  return [fromHex(issuer, 20, "issuer"), kind, value, fromHex(secret, 32, "secret")];
}

function openingFromCbor(fields: CborValue | undefined): IdentifierOpening {
  const [issuer, kind, value, secret] = readArray(fields, "opening", 4);
  return {
    issuer: readAddress(issuer, "issuer"),
    kind: readText(kind, "kind", MAX_WORDS),
    value: readText(value, "value", MAX_WORDS),
    secret: readHex(secret, "secret"),
  };
}

function openingsIn(messages: readonly InboxMessage[]) {
  return parseMessages(messages, "note", (body) =>
    body["type"] === OPENING ? openingFromCbor(body["opening"]) : null,
  ).flatMap(({ message, body }) => (body === null ? [] : [{ message, opening: body }]));
}
