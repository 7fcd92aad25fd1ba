/**
 * @module client/emergency-settings
 * What a patient decides about emergencies: on or off, the delay, who may stop a request, and which records would open. The choice
 * lives on chain and in the own chart; names, salts and the words of the printed card live in notes to oneself.
 */
import { readAddress, readArray, readHex, readText } from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { EMERGENCY_TAG, emergencyContactCommitment, type EmergencySettings } from "../consent/index.ts";
import {
  EMERGENCY_SCOPE_KEY,
  deriveDealScalar,
  deriveRecordKey,
  multiplyPoint,
  rowTag,
  sealWrap,
} from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { findWrap, type WrapRow, type Wraps } from "../records/index.ts";
import { randomHex32, sendAct, sendActTo } from "./context.ts";
import { bodyFields, isFrom, keepNote, parseMessages, readInbox, sendSealed } from "./inbox.ts";
import { loadOwnChart, openOwnManifest, putWraps, type OwnChart } from "./own-chart.ts";
import { recipientOf, sameAddress, type VerifiedRecipient } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { dealKeys, dealState } from "./sharing.ts";
import type { ActOptions, Carekey, Person } from "./types.ts";

const SETTINGS = "emergency-settings";
/** The note by which a contact learns the own salt. */
export const EMERGENCY_CONTACT = "emergency-contact";

/** Longest text on the printed card, characters. */
export const MAX_CARD_TEXT = 1000;

/** Somebody who may stop a request in the patient's place. */
export type EmergencyContact = { address: Address; name: string };

/** What the patient wants printed on the card. It never leaves the patient's own devices unless on paper. */
export type EmergencyCardText = { name: string; facts: string };

/** What a patient wants to hold in emergencies. */
export type EmergencyWish = {
  /** Between the second clinician's word and the opening. 0 opens at once. */
  delaySeconds: number;
  contacts: readonly EmergencyContact[];
  /** Pointers of the approved records that open. Taking one out turns emergency access off and on again. */
  records: readonly Hex[];
  card: EmergencyCardText;
  /** The name that contacts are told. */
  patientName: string;
};

/** What holds now. */
export type OwnEmergency = Pick<EmergencySettings, "enabled" | "delaySeconds" | "round"> & {
  contacts: readonly EmergencyContact[];
  /** Contacts on chain whom the own notes do not name: set by something else than this app. */
  unknownContacts: number;
  /** Pointers of the records that open in an emergency. */
  records: readonly Hex[];
  card: EmergencyCardText | null;
};

type KnownContact = EmergencyContact & { salt: Hex };
type Note = { contacts: KnownContact[]; card: EmergencyCardText; patientName: string };

/** The newest of the own notes; null when there is none. */
async function readNote(carekey: Carekey, person: Person): Promise<Note | null> {
  const notes = parseMessages(await readInbox(carekey, person), "note", (body) =>
    body["type"] === SETTINGS
      ? {
          contacts: readArray(body["contacts"], "contacts").map((each) => contactFromBody(bodyFields(each))),
          card: { name: readText(body["cardName"], "name", 200), facts: readText(body["cardFacts"], "facts", 4000) },
          patientName: readText(body["patientName"], "name", 200),
        }
      : null,
  );
  const own = notes.filter(({ message, body }) => body !== null && isFrom(message, person.address));
  return own.at(-1)?.body ?? null;
}

function contactFromBody(body: { [field: string]: CborValue }): KnownContact {
  return {
    address: readAddress(body["address"], "address"),
    name: readText(body["name"], "name", 200),
    salt: readHex(body["salt"], "salt"),
  };
}

/** The contacts of a note that the chain knows. */
function knownContacts(person: Person, note: Note | null, settings: EmergencySettings): KnownContact[] {
  return (note?.contacts ?? []).filter(({ address, salt }) =>
    settings.contacts.includes(emergencyContactCommitment(person.address, address, salt)),
  );
}

/** The wrap of a record for emergencies of one round; null when the patient did not choose it. */
function findEmergencyWrap(wraps: readonly Wraps[], recordId: Hex, round: number): Uint8Array | null {
  for (const block of [...wraps].reverse()) {
    const found = findWrap(block, { tag: EMERGENCY_TAG, recordId, epochs: [round] });
    if (found !== null) return found.wrap;
  }
  return null;
}

function chosenRecords(person: Person, chart: OwnChart, { enabled, round }: EmergencySettings): Hex[] {
  if (!enabled) return [];
  const wraps = chart.wraps.filter(({ generation }) => generation === person.generation);
  return chart.replayed.entries
    .filter(({ pointer, status }) => status === "approved" && findEmergencyWrap(wraps, pointer, round) !== null)
    .map(({ pointer }) => pointer);
}

/** What this patient decided. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function ownEmergency(carekey: Carekey, person: Person): Promise<OwnEmergency> {
  const [settings, note, chart] = await Promise.all([
    carekey.chain.emergency.settingsOf(person.address),
    readNote(carekey, person),
    loadOwnChart(carekey, person),
  ]);
  const contacts = knownContacts(person, note, settings);
  const { enabled, delaySeconds, round } = settings;
  return {
    enabled,
    delaySeconds,
    round,
    contacts: contacts.map(({ address, name }) => ({ address, name })),
    unknownContacts: settings.contacts.length - contacts.length,
    records: chosenRecords(person, chart, settings),
    card: note?.card ?? null,
  };
}

/**
 * Turns emergency access on, or changes it: one act for the settings, one for newly chosen
 * records; what is unchanged is not sent. Without a deal the keepers get one first. New contacts are told.
 * @throws SdkError INVALID_ARGUMENT for texts that are too long; NOT_FOUND for a record that is not an approved one;
 * NOT_REGISTERED, KEY_MISMATCH, KEY_CHANGED of a contact; TOO_FEW_KEEPERS, SIGNATURE_REFUSED, CONTRACT_REVERTED …
 */
export async function configureEmergency(
  carekey: Carekey,
  person: Person,
  wish: EmergencyWish,
  options: ActOptions = {},
): Promise<void> {
  const { name, facts } = wish.card;
  if (name.length > 200 || facts.length > MAX_CARD_TEXT) throw new SdkError("INVALID_ARGUMENT", "card: too long");
  const chart = await loadOwnChart(carekey, person);
  const entryOf = (recordId: Hex) => {
    const entry = chart.replayed.entries.find(({ pointer, status }) => pointer === recordId && status === "approved");
    if (entry === undefined) throw new SdkError("NOT_FOUND", "not an approved record", { details: { recordId } });
    return entry;
  };
  const entries = [...new Set(wish.records)].map(entryOf);
  const recipients = await contactRecipients(carekey, person, wish.contacts);
  if (!(await dealState(carekey, person)).active) await dealKeys(carekey, person, options);
  let settings = await carekey.chain.emergency.settingsOf(person.address);
  const note = await readNote(carekey, person);
  if (chosenRecords(person, chart, settings).some((pointer) => !wish.records.includes(pointer))) {
    await disableEmergency(carekey, options);
    settings = await carekey.chain.emergency.settingsOf(person.address);
  }
  const before = knownContacts(person, note, settings);
  const contacts = wish.contacts.map((contact): KnownContact => ({
    ...contact,
    salt: before.find(({ address }) => sameAddress(address, contact.address))?.salt ?? randomHex32(),
  }));
  // The salts are kept before the chain names them: lost salts would leave contacts who cannot stop anything.
  await keepNote(carekey, person, noteBody({ contacts, card: wish.card, patientName: wish.patientName }));
  const commitments = contacts.map(({ address, salt }) => emergencyContactCommitment(person.address, address, salt));
  if (!isSame(settings, wish.delaySeconds, commitments)) {
    const args = [wish.delaySeconds, commitments] as const;
    await sendActTo(carekey, "emergencyAccess", "configure", args, "Say what shall hold in an emergency", options);
    settings = await carekey.chain.emergency.settingsOf(person.address);
  }
  const chosen = new Set(chosenRecords(person, chart, settings));
  const rows: WrapRow[] = [];
  for (const entry of entries.filter(({ pointer }) => !chosen.has(pointer))) {
    const { dek } = await openOwnManifest(carekey, person, chart, entry);
    rows.push(await emergencyRow(carekey, person, { round: settings.round, pointer: entry.pointer, dek }));
  }
  await announceRows(carekey, person, rows, options);
  // They know from here on, however far the rest gets.
  await carekey.gateway.notifications.setContacts(contacts.map(({ address }) => address));
  const told = contacts.filter(({ address }) => !before.some((known) => sameAddress(known.address, address)));
  for (const { address, salt } of told) {
    options.onStep?.({ kind: "work", label: "Telling your contacts" });
    const recipient = recipients.find((each) => sameAddress(each.address, address))!;
    const body = { type: EMERGENCY_CONTACT, salt: fromHex(salt), patientName: wish.patientName };
    await sendSealed(carekey, person, recipient, { kind: "note", body });
  }
}

async function contactRecipients(
  carekey: Carekey,
  person: Person,
  contacts: readonly EmergencyContact[],
): Promise<VerifiedRecipient[]> {
  const pins = await pinnedKeys(carekey, person);
  const recipients: VerifiedRecipient[] = [];
  for (const { address } of contacts) {
    if (sameAddress(address, person.address)) throw new SdkError("INVALID_ARGUMENT", "contacts: not oneself");
    if (recipients.some((each) => sameAddress(each.address, address))) {
      throw new SdkError("INVALID_ARGUMENT", "contacts: the same person twice");
    }
    const recipient = await recipientOf(carekey, address, pins);
    await pinIfNew(carekey, person, recipient);
    recipients.push(recipient);
  }
  return recipients;
}

function noteBody({ contacts, card, patientName }: Note): { type: string; [field: string]: CborValue } {
  return {
    type: SETTINGS,
    contacts: contacts.map(({ address, name, salt }) => ({ address: fromHex(address), name, salt: fromHex(salt) })),
    cardName: card.name,
    cardFacts: card.facts,
    patientName,
  };
}

function isSame(settings: EmergencySettings, delaySeconds: number, commitments: readonly Hex[]): boolean {
  const { contacts } = settings;
  const hasSameContacts =
    contacts.length === commitments.length && contacts.every((contact, index) => contact === commitments[index]);
  return settings.enabled && settings.delaySeconds === delaySeconds && hasSameContacts;
}

/** Locks the chosen records with the present keys where only earlier ones fit. One transaction, or none. @throws SdkError as configureEmergency */
export async function wrapEmergencyAnew(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<void> {
  const [settings, chart] = await Promise.all([
    carekey.chain.emergency.settingsOf(person.address),
    loadOwnChart(carekey, person),
  ]);
  const done = new Set(chosenRecords(person, chart, settings));
  const rows: WrapRow[] = [];
  for (const entry of settings.enabled ? chart.replayed.entries : []) {
    const { pointer, status } = entry;
    const wasChosen = status === "approved" && findEmergencyWrap(chart.wraps, pointer, settings.round) !== null;
    if (!wasChosen || done.has(pointer)) continue;
    const { dek } = await openOwnManifest(carekey, person, chart, entry);
    rows.push(await emergencyRow(carekey, person, { round: settings.round, pointer, dek }));
  }
  await announceRows(carekey, person, rows, options);
}

async function announceRows(carekey: Carekey, person: Person, rows: WrapRow[], options: ActOptions): Promise<void> {
  if (rows.length === 0) return;
  const wraps = await putWraps(carekey, person, rows);
  await sendAct(carekey, "note", [wraps.digest], "Make these records ready for an emergency", options);
}

/** One row of a wraps block that opens a record in emergencies of one round. */
async function emergencyRow(
  carekey: Carekey,
  person: Person,
  record: { round: number; pointer: Hex; dek: Uint8Array },
): Promise<WrapRow> {
  const tuple = {
    chainId: carekey.deployment.chainId,
    contract: carekey.deployment.carekey,
    patient: person.address,
    tag: EMERGENCY_TAG,
    epoch: record.round,
    recordId: record.pointer,
  };
  const point = multiplyPoint(deriveDealScalar(person.keys.seed, person.generation), tuple);
  const recordKey = deriveRecordKey({ scopeKey: EMERGENCY_SCOPE_KEY, point, tuple });
  const wrap = await sealWrap({ recordKey, dek: record.dek, tuple });
  return { recordId: record.pointer, rowTag: rowTag(EMERGENCY_TAG, record.pointer, record.round), wrap };
}

/**
 * Turns emergency access off: whatever runs ends, and what was chosen stays shut for ever, also when it is turned on again.
 * @throws SdkError SIGNATURE_REFUSED, CONTRACT_REVERTED (not on), CHAIN_UNAVAILABLE
 */
export async function disableEmergency(carekey: Carekey, options: ActOptions = {}): Promise<void> {
  await sendActTo(carekey, "emergencyAccess", "disable", [], "Turn emergency access off", options);
}

/** A contact's part of a note, as the contact received it. @throws SdkError MALFORMED */
export function readContactNote(body: { [field: string]: CborValue }): { salt: Hex; patientName: string } | null {
  if (body["type"] !== EMERGENCY_CONTACT) return null;
  return { salt: readHex(body["salt"], "salt"), patientName: readText(body["patientName"], "name", 200) };
}
