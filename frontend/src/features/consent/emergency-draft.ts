/**
 * @module features/consent/emergency-draft
 * The form of emergency access: its first values, what is wrong with it, and what it asks the client layer for.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { EmergencyWish, OwnEmergency, OwnRecord } from "@carekey/sdk/client";
import { MAX_EMERGENCY_CONTACTS } from "@carekey/sdk/contracts";
import { summarise, type RecordKind } from "@carekey/sdk/fhir";
import { isAddress } from "../../lib/address.ts";

/** What the form holds. */
export type EmergencyDraft = {
  records: string[];
  /** Seconds, as text. */
  delay: string;
  acceptsNoDelay: boolean;
  contacts: { name: string; address: string }[];
  name: string;
  facts: string;
};

/** The delays on offer, seconds. */
export const DELAYS = [0, 300, 600, 1800, 3600] as const;
/** Ten minutes: time to see a notice, short enough to help. */
const USUAL_DELAY = 600;

/** What helpers ask first. */
const VITAL_KINDS: ReadonlySet<RecordKind> = new Set<RecordKind>(["allergy", "prescription", "diagnosis"]);

/** The form as it opens: what holds now, or what is sensible for most. */
export function draftOf(emergency: OwnEmergency, records: readonly OwnRecord[]): EmergencyDraft {
  const { enabled, contacts, card } = emergency;
  return {
    records: enabled ? [...emergency.records] : suggested(records),
    delay: String(enabled ? emergency.delaySeconds : USUAL_DELAY),
    acceptsNoDelay: enabled && emergency.delaySeconds === 0,
    contacts: contacts.map(({ name, address }) => ({ name, address })),
    name: card?.name ?? "",
    facts: card?.facts ?? "",
  };
}

function suggested(records: readonly OwnRecord[]): Hex[] {
  return records.flatMap(({ entry, manifest }) => {
    const fhir = manifest?.core.fhir ?? null;
    return fhir !== null && VITAL_KINDS.has(summarise(fhir).kind) ? [entry.pointer] : [];
  });
}

/** What is wrong, as a sentence; null when it can be sent. */
export function problemOf(draft: EmergencyDraft): string | null {
  if (draft.name.trim() === "") return "Write your name, so that helpers and contacts know whose card it is.";
  if (draft.records.length === 0) return "Choose at least one record that would open.";
  if (draft.delay === "0" && !draft.acceptsNoDelay) return "Confirm that nobody can stop it before it opens.";
  if (draft.contacts.length > MAX_EMERGENCY_CONTACTS) return `At most ${MAX_EMERGENCY_CONTACTS} contacts.`;
  const incomplete = draft.contacts.some(({ name, address }) => name.trim() === "" || !isAddress(address.trim()));
  if (incomplete) return "Each contact needs a name and a Carekey address: 0x and 40 letters or digits.";
  const addresses = new Set(draft.contacts.map(({ address }) => address.trim().toLowerCase()));
  return addresses.size < draft.contacts.length ? "Somebody is named twice among the contacts." : null;
}

/** What the client layer is asked for. Only for a draft without a problem. */
export function wishOf(draft: EmergencyDraft): EmergencyWish {
  const name = draft.name.trim();
  return {
    delaySeconds: Number(draft.delay),
    records: draft.records as Hex[],
    contacts: draft.contacts.map((contact) => ({
      name: contact.name.trim(),
      address: contact.address.trim() as Address,
    })),
    card: { name, facts: draft.facts.trim() },
    patientName: name,
  };
}

/** Whether sending the draft takes a record out, which turns emergency access off and on again. */
export function takesOut(draft: EmergencyDraft, { enabled, records }: OwnEmergency): boolean {
  return enabled && records.some((pointer) => !draft.records.includes(pointer));
}

/** Titles of the chosen records, as far as they are known. */
export function titlesOf(pointers: readonly Hex[], records: readonly OwnRecord[]): string[] {
  return records.flatMap(({ entry, manifest }) =>
    pointers.includes(entry.pointer) && manifest !== null ? [manifest.core.name] : [],
  );
}
