/**
 * @module client/wards
 * A guardian's side: whom one guards, who asks to go on from there, the word on chain, and the share that follows it. The share goes
 * only when the waiting time passed without an objection and the chain says that the new account follows.
 */
import { readArray, readHex, readText } from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { fitsBox } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { guardianCommitment, guardiansHashOf, type SuccessionClaim } from "../identity/index.ts";
import { sendActTo } from "./context.ts";
import {
  ASK,
  PART,
  SHARE,
  ownNotes,
  partFields,
  readOrNull,
  readPart,
  successionMessages,
  type GuardianPart,
} from "./guardian-parts.ts";
import { keepNote, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { personOf, recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import type { ActOptions, Carekey, Person, PersonProfile } from "./types.ts";

/** Somebody who named this person as a guardian. */
export type Ward = {
  patient: Address;
  /** The name that the person gave with the share. */
  name: string;
  threshold: number;
  delay: number;
  commitments: readonly Hex[];
  salt: Hex;
  part: GuardianPart;
  requests: readonly WardRequest[];
};

/** A new account that asks this guardian, or for which another guardian spoke. */
export type WardRequest = {
  successor: Address;
  profile: PersonProfile;
  /** What the person wrote; null when only other guardians spoke. */
  words: string | null;
  claim: SuccessionClaim;
  hasVouched: boolean;
  /** The chain says that this account follows: the share may go. */
  isTied: boolean;
  hasHandedOver: boolean;
};

/**
 * Whom this person guards, as the chain confirms it, with everybody who asks to go on from there.
 * @throws SdkError CHAIN_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function listWards(carekey: Carekey, person: Person): Promise<Ward[]> {
  const messages = await readInbox(carekey, person);
  const shares = new Map<string, Omit<Ward, "requests" | "threshold" | "delay">>();
  for (const { message, body } of successionMessages(messages, SHARE)) {
    const share = readOrNull(() => ({
      patient: message.sender,
      name: readText(body["name"], "name", 100),
      salt: readHex(body["salt"], "salt"),
      commitments: readArray(body["commitments"], "commitments").map((value) => readHex(value, "commitment")),
      part: readPart(body),
    }));
    if (share !== null && (await isNamed(carekey, person, share))) shares.set(share.patient.toLowerCase(), share);
  }
  return Promise.all(
    [...shares.values()].map(async (share) => {
      const { threshold, delay } = await carekey.chain.succession.guardianshipOf(share.patient);
      return { ...share, threshold, delay, requests: await requestsFor(carekey, person, share.patient, messages) };
    }),
  );
}

/** Whether the chain knows this person as a guardian by these commitments, and the share belongs to its box. */
async function isNamed(
  carekey: Carekey,
  person: Person,
  share: Pick<Ward, "patient" | "salt" | "commitments" | "part">,
): Promise<boolean> {
  const { guardiansHash } = await carekey.chain.succession.guardianshipOf(share.patient);
  const own = guardianCommitment(share.patient, person.address, share.salt);
  const isOnChain = guardiansHashOf(share.commitments) === guardiansHash && share.commitments.includes(own);
  return isOnChain && fitsBox(share.part.box, share.part.share);
}

async function requestsFor(
  carekey: Carekey,
  person: Person,
  patient: Address,
  messages: readonly InboxMessage[],
): Promise<WardRequest[]> {
  const { succession } = carekey.chain;
  const words = new Map<Address, string | null>();
  for (const successor of await succession.vouchedFor(patient)) words.set(successor, null);
  for (const { message, body } of successionMessages(messages, ASK)) {
    const text = readOrNull(() =>
      readHex(body["predecessor"], "predecessor", 20) === patient.toLowerCase()
        ? readText(body["words"], "words", 500)
        : null,
    );
    if (text !== null) words.set(message.sender, text);
  }
  const tied = await succession.successorOf(patient);
  const pins = await pinnedKeys(carekey, person, { messages });
  const handedOver = handOverNotes(messages, person);
  const open = [...words].filter(([successor]) => tied === null || sameAddress(tied, successor));
  return Promise.all(
    open.map(async ([successor, text]) => ({
      successor,
      profile: await personOf(carekey, successor, pins),
      words: text,
      claim: await succession.claimOf(patient, successor),
      hasVouched: (await succession.vouchersOf(patient, successor)).some((each) => sameAddress(each, person.address)),
      isTied: tied !== null,
      hasHandedOver: handedOver.has(successor.toLowerCase()),
    })),
  );
}

/**
 * The guardian says on chain that a new account is the same person's. Whoever calls this has spoken with the person.
 * @throws SdkError CONTRACT_REVERTED, SIGNATURE_REFUSED
 */
export async function vouchFor(
  carekey: Carekey,
  ward: Pick<Ward, "patient" | "salt" | "commitments">,
  successor: Address,
  options: ActOptions = {},
): Promise<void> {
  const args = [ward.patient, successor, ward.salt, ward.commitments] as const;
  await sendActTo(carekey, "succession", "vouch", args, "Confirm that this is the same person", options);
}

/**
 * Hands the share to the account that follows by the chain's word: before that it would open the records in spite of an objection.
 * @throws SdkError FORBIDDEN while the chain does not say that this account follows; KEY_MISMATCH, KEY_CHANGED
 */
export async function handOverShare(
  carekey: Carekey,
  person: Person,
  ward: Pick<Ward, "patient" | "part">,
  successor: Address,
  options: ActOptions = {},
): Promise<void> {
  const tied = await carekey.chain.succession.successorOf(ward.patient);
  if (tied === null || !sameAddress(tied, successor)) {
    throw new SdkError("FORBIDDEN", "the chain does not say that this account follows");
  }
  const recipient = await recipientOf(carekey, successor, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  options.onStep?.({ kind: "work", label: "Handing over your part" });
  const body = { type: PART, predecessor: fromHex(ward.patient), ...partFields(ward.part) };
  await sendSealed(carekey, person, recipient, { kind: "succession", body });
  await keepNote(carekey, person, { type: PART, successor: fromHex(successor) });
}

function handOverNotes(messages: readonly InboxMessage[], person: Person): Set<string> {
  return new Set(
    ownNotes(messages, person, PART).flatMap(
      (body) => readOrNull(() => readHex(body["successor"], "successor", 20)) ?? [],
    ),
  );
}
