/**
 * @module client/emergency-cases
 * The requests for emergency access that concern a person, whatever their part in them: read from the chain, so that nobody who could
 * not be told by message misses one.
 */
import type { Address, Hex } from "../bytes.ts";
import type { EmergencyRequested } from "../chain/index.ts";
import {
  emergencyClosesAt,
  emergencyContactCommitment,
  emergencyPhase,
  emergencyReasonCommitment,
  type EmergencyPhase,
  type EmergencyRequestState,
} from "../consent/index.ts";
import { EMERGENCY_CO_SIGN_SECONDS, EMERGENCY_JUSTIFIED } from "../contracts/index.ts";
import { reasonsIn, type ToldReason } from "./emergency-reasons.ts";
import { readContactNote } from "./emergency-settings.ts";
import { parseMessages, readInbox, type InboxMessage } from "./inbox.ts";
import { personOf, sameAddress } from "./people.ts";
import { pinnedKeys } from "./pins.ts";
import type { Carekey, Person, PersonProfile } from "./types.ts";

/** What somebody is in a request. */
export type EmergencyRole =
  | "patient"
  | "requester"
  | "co-signer"
  | "contact" // named by the patient: may stop it
  | "asked" // a clinician who is asked for the second word
  | "registrar"; // reviews it when it is over

/** One request, as one person sees it. Times in seconds. */
export type EmergencyCase = {
  id: Hex;
  role: EmergencyRole;
  /** Whether this person is asked for the second word; also true of a contact who is a clinician. */
  isAsked: boolean;
  patient: Address;
  /** What the patient told a contact, else the public name or short address. */
  patientName: string;
  requester: PersonProfile;
  coSigner: PersonProfile | null;
  phase: EmergencyPhase;
  requestedAt: number;
  /** Without a second word before this moment it lapses. */
  coSignBefore: number;
  /** First moment of access, and first moment after it; null without a second word. */
  opensAt: number | null;
  closesAt: number | null;
  stoppedAt: number | null;
  /** Who stopped it; null when nobody did, or the patient turned emergency access off. */
  stoppedBy: Address | null;
  /** Null when it was not told to this person, or does not fit the commitment on chain. */
  reason: string | null;
  verdict: "justified" | "unjustified" | null;
  /** The key epoch of the records that it opens. */
  round: number;
  /** What lets a contact stop it. */
  contactSalt: Hex | null;
};

/** A patient who named this person as a contact. */
type Ward = { patient: Address; name: string; salt: Hex };

/** The patients who named this person and have not taken it back. */
async function wardsOf(carekey: Carekey, person: Person, messages: readonly InboxMessage[]): Promise<Ward[]> {
  const notes = parseMessages(messages, "note", readContactNote);
  const told = notes.flatMap(({ message, body }) =>
    body === null || sameAddress(message.sender, person.address)
      ? []
      : [{ patient: message.sender, name: body.patientName, salt: body.salt }],
  );
  const current = await Promise.all(
    told.map(async (ward) => {
      const { contacts } = await carekey.chain.emergency.settingsOf(ward.patient);
      return contacts.includes(emergencyContactCommitment(ward.patient, person.address, ward.salt));
    }),
  );
  return told.filter((_, index) => current[index]);
}

/**
 * Every request that concerns this person, newest first: about the own records, made, co-signed or asked to co-sign, about patients who
 * named this person as a contact, and for a registrar all.
 * @throws SdkError CHAIN_UNAVAILABLE, GATEWAY_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function listEmergencies(carekey: Carekey, person: Person): Promise<EmergencyCase[]> {
  const { chain } = carekey;
  const messages = await readInbox(carekey, person);
  const [events, stops, wards, pins, block, isRegistrar] = await Promise.all([
    chain.emergency.requests(),
    chain.emergency.stops(),
    wardsOf(carekey, person, messages),
    pinnedKeys(carekey, person, { messages }),
    chain.block(),
    chain.isRegistrar(person.address),
  ]);
  const told = reasonsIn(messages);
  const cases = await Promise.all(
    events.map(async (event): Promise<EmergencyCase | null> => {
      const state = await chain.emergency.requestOf(event.id);
      if (state === null) return null;
      const reason = reasonFor(event, told);
      const ward = wards.find(({ patient }) => sameAddress(patient, event.patient)) ?? null;
      const isAsked = reason?.asks === true && !sameAddress(reason.from, person.address);
      const role = roleIn(person, state, { ward, isAsked, isRegistrar });
      if (role === null) return null;
      const { round } = await chain.emergency.settingsOf(event.patient);
      return {
        id: event.id,
        role,
        isAsked,
        patient: event.patient,
        patientName: ward?.name ?? (await personOf(carekey, event.patient, pins)).name,
        requester: await personOf(carekey, event.requester, pins),
        coSigner: state.opensAt === 0 ? null : await personOf(carekey, state.coSigner, pins),
        phase: phaseAt(state, round, block.timestamp, carekey.now()),
        requestedAt: state.requestedAt,
        coSignBefore: state.requestedAt + EMERGENCY_CO_SIGN_SECONDS,
        opensAt: state.opensAt === 0 ? null : state.opensAt,
        closesAt: state.opensAt === 0 ? null : emergencyClosesAt(state),
        stoppedAt: state.stoppedAt === 0 ? null : state.stoppedAt,
        stoppedBy: stops.find(({ id }) => id === event.id)?.by ?? null,
        reason: reason?.reason ?? null,
        verdict: state.verdict === 0 ? null : state.verdict === EMERGENCY_JUSTIFIED ? "justified" : "unjustified",
        round: state.round,
        contactSalt: role === "contact" ? (ward?.salt ?? null) : null,
      };
    }),
  );
  return cases.filter((each) => each !== null).reverse();
}

/** The reason that its requester told about a request. One that asks for the second word goes first. */
function reasonFor(event: EmergencyRequested, told: readonly ToldReason[]): ToldReason | null {
  const fitting = told.filter(
    ({ from, patient, reason, salt }) =>
      sameAddress(from, event.requester) &&
      sameAddress(patient, event.patient) &&
      emergencyReasonCommitment(reason, salt) === event.reasonCommitment,
  );
  return fitting.find(({ asks }) => asks) ?? fitting[0] ?? null;
}

function roleIn(
  person: Person,
  state: EmergencyRequestState,
  known: { ward: Ward | null; isAsked: boolean; isRegistrar: boolean },
): EmergencyRole | null {
  if (sameAddress(state.patient, person.address)) return "patient";
  if (sameAddress(state.requester, person.address)) return "requester";
  if (sameAddress(state.coSigner, person.address)) return "co-signer";
  if (known.ward !== null) return "contact";
  if (known.isAsked) return "asked";
  return known.isRegistrar ? "registrar" : null;
}

/** The phase as keepers judge it: it opens when the chain's time and the clock both say so, and ends when one of them does. */
function phaseAt(state: EmergencyRequestState, round: number, blockTime: number, now: number): EmergencyPhase {
  const earlier = emergencyPhase(state, round, Math.min(blockTime, now));
  const later = emergencyPhase(state, round, Math.max(blockTime, now));
  return earlier === "waiting" && later === "open" ? "waiting" : later;
}
