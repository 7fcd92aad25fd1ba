/**
 * @module client/emergency
 * A request for emergency access from the first word to the review. The chain says what holds; sealed messages carry the reason to
 * those who have to judge it, and count only when they fit the commitment on chain.
 */
import type { Address, Hex } from "../bytes.ts";
import { emergencyReasonCommitment } from "../consent/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { randomHex32, sendActTo } from "./context.ts";
import { listEmergencies, type EmergencyCase } from "./emergency-cases.ts";
import { reasonBody, reasonsIn, type ToldReason } from "./emergency-reasons.ts";
import { keepNote, readInbox, sendSealed } from "./inbox.ts";
import { suspendPerson } from "./licences.ts";
import { recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import type { ActOptions, Carekey, Person } from "./types.ts";

/** Longest reason, characters. */
export const MAX_EMERGENCY_REASON = 300;
const NO_SALT: Hex = `0x${"00".repeat(32)}`;

/** What a clinician in an emergency says. */
export type EmergencyCall = {
  patient: Address;
  /** Told to the patient, the colleague and the registrar. */
  reason: string;
  /** Who is asked for the second word. */
  colleague: Address;
};

/**
 * Asks for emergency access: one transaction, then the reason goes, sealed, to the patient, the colleague and the registrar. Somebody
 * who cannot be told now still sees the request on chain.
 * @returns the request's id, and who could not be told.
 * @throws SdkError INVALID_ARGUMENT without a reason; CONTRACT_REVERTED (not turned on, licence too young, a request is open, three in
 * a day); KEY_MISMATCH, KEY_CHANGED of the colleague, before anything is sent; SIGNATURE_REFUSED
 */
export async function requestEmergency(
  carekey: Carekey,
  person: Person,
  call: EmergencyCall,
  options: ActOptions = {},
): Promise<{ id: Hex; untold: Address[] }> {
  const reason = call.reason.trim();
  if (reason === "" || reason.length > MAX_EMERGENCY_REASON) {
    throw new SdkError("INVALID_ARGUMENT", `reason: 1 to ${MAX_EMERGENCY_REASON} characters`);
  }
  if (sameAddress(call.colleague, person.address)) throw new SdkError("INVALID_ARGUMENT", "colleague: not oneself");
  await recipientOf(carekey, call.colleague, await pinnedKeys(carekey, person));
  const told = { patient: call.patient, reason, salt: randomHex32(), asks: false };
  // Kept before the chain knows of it: the commitment ties the two together.
  await keepNote(carekey, person, reasonBody(told));
  const args = [call.patient, emergencyReasonCommitment(reason, told.salt)] as const;
  await sendActTo(carekey, "emergencyAccess", "request", args, "Ask for emergency access", options);
  const id = await carekey.chain.emergency.latestOf(person.address);
  if (id === null) throw new SdkError("CHAIN_UNAVAILABLE", "the node does not know the request yet");
  options.onStep?.({ kind: "work", label: "Telling the patient, your colleague and the registrar" });
  const untold: Address[] = [];
  for (const [to, asks] of [
    [call.colleague, true],
    [call.patient, false],
    [carekey.deployment.registrar, false],
  ] as const) {
    if (!(await tellReason(carekey, person, to, { ...told, asks }))) untold.push(to);
  }
  return { id, untold };
}

/** Whether it could be told. What fails is the gateway or a key; the request on chain stands either way. */
async function tellReason(
  carekey: Carekey,
  person: Person,
  to: Address,
  told: Omit<ToldReason, "from">,
): Promise<boolean> {
  try {
    const recipient = await recipientOf(carekey, to, await pinnedKeys(carekey, person));
    await pinIfNew(carekey, person, recipient);
    await sendSealed(carekey, person, recipient, { kind: "note", body: reasonBody(told), quiet: !told.asks });
    return true;
  } catch (error) {
    if (isSdkError(error)) return false;
    throw error;
  }
}

/**
 * Asks another colleague for the second word on an own request.
 * @throws SdkError NOT_FOUND when the reason is not among the own notes; KEY_MISMATCH, KEY_CHANGED, NOT_REGISTERED, GATEWAY_UNAVAILABLE
 */
export async function askColleague(carekey: Carekey, person: Person, id: Hex, colleague: Address): Promise<void> {
  const [event] = await carekey.chain.emergency.requests({ id });
  const told = reasonsIn(await readInbox(carekey, person)).find(
    ({ from, reason, salt }) =>
      sameAddress(from, person.address) && emergencyReasonCommitment(reason, salt) === event?.reasonCommitment,
  );
  if (told === undefined) throw new SdkError("NOT_FOUND", "no such request of one's own");
  const recipient = await recipientOf(carekey, colleague, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  await sendSealed(carekey, person, recipient, { kind: "note", body: reasonBody({ ...told, asks: true }) });
}

/**
 * Gives the second word. The records open after the patient's delay, unless somebody stops it.
 * @throws SdkError CONTRACT_REVERTED (over, given before, licence too young, one's own request), SIGNATURE_REFUSED
 */
export async function coSignEmergency(carekey: Carekey, id: Hex, options: ActOptions = {}): Promise<void> {
  await sendActTo(carekey, "emergencyAccess", "coSign", [id], "Confirm the emergency", options);
}

/**
 * Stops a request, before it opens or afterwards: one act. For the patient, the contacts, both clinicians.
 * @throws SdkError FORBIDDEN for anybody else; CONTRACT_REVERTED when it is over; SIGNATURE_REFUSED
 */
export async function stopEmergency(
  carekey: Carekey,
  { id, role, contactSalt }: Pick<EmergencyCase, "id" | "role" | "contactSalt">,
  options: ActOptions = {},
): Promise<void> {
  if (role === "registrar" || role === "asked") throw new SdkError("FORBIDDEN", "only those concerned may stop it");
  const args = [id, contactSalt ?? NO_SALT] as const;
  await sendActTo(carekey, "emergencyAccess", "stop", args, "Stop the emergency request", options);
}

/**
 * Writes down, as a registrar, what is found about a request that is over. Use without need suspends the requester first, so that a
 * verdict never stands without its consequence.
 * @throws SdkError CONTRACT_REVERTED (no registrar, not over, reviewed before, took part), SIGNATURE_REFUSED
 */
export async function reviewEmergency(
  carekey: Carekey,
  review: { id: Hex; requester: Address; justified: boolean },
  options: ActOptions = {},
): Promise<void> {
  const { id, requester, justified } = review;
  if (!justified && !(await carekey.chain.identityOf(requester)).suspended) {
    await suspendPerson(carekey, requester, options);
  }
  await sendActTo(carekey, "emergencyAccess", "review", [id, justified], "Write down the review", options);
}

/** Whether this account's licence counts in emergencies. */
export type EmergencyStanding = {
  isVerified: boolean;
  /** Seconds; from when on it counts, without a lapse or suspension. Null without a licence. */
  countsFrom: number | null;
};

/** Since when a clinician's licence counts in emergencies. @throws SdkError CHAIN_UNAVAILABLE */
export async function emergencyStanding(carekey: Carekey, account: Address): Promise<EmergencyStanding> {
  const [identity, isVerified, seniority] = await Promise.all([
    carekey.chain.identityOf(account),
    carekey.chain.isVerified(account),
    carekey.chain.emergency.seniority(),
  ]);
  return { isVerified, countsFrom: isVerified ? identity.verifiedSince + seniority : null };
}

/** Requests that still run, of all that concern this person: what banners and notices are about. */
export async function listRunningEmergencies(carekey: Carekey, person: Person): Promise<EmergencyCase[]> {
  return (await listEmergencies(carekey, person)).filter(({ phase }) => isRunning(phase));
}

/** Whether a request can still be stopped. */
export function isRunning(phase: EmergencyCase["phase"]): boolean {
  return phase === "asked" || phase === "waiting" || phase === "open";
}
