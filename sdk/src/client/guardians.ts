/**
 * @module client/guardians
 * People who can bring somebody's records to a new account: each holds a sealed share of the old keys. A guardian speaks on chain first,
 * and hands the share over only when the waiting time passed without an objection and the chain says that the new account follows.
 */
import { readAddress, readArray, readBytes, readHex, readText, readUint } from "../block.ts";
import { fromHex, utf8, type Address, type Hex } from "../bytes.ts";
import { encodeCbor, decodeCbor, type CborValue } from "../cbor.ts";
import { fitsBox, openSharedBox, sealSharedBox, type BoxShare, type SharedBox } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { guardianCommitment, guardiansHashOf, type SuccessionClaim } from "../identity/index.ts";
import { randomHex32, sendActTo } from "./context.ts";
import { bodyFields, isFrom, keepNote, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { heldKeys } from "./own-keys.ts";
import { personOf, recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import type { ActOptions, Carekey, Person, PersonProfile } from "./types.ts";

/** How many guardians must agree. */
export const GUARDIANS_NEEDED = 2;

/** The message that makes somebody a guardian. */
export const SHARE = "share";
/** The message that hands over a guardian's part. */
export const PART = "part";
/** The message by which a new account asks a guardian. */
export const ASK = "ask";
const ASKED = "asked";
const GUARDIANS = "guardians";

/** A guardian as the person named them. */
export type Guardian = { address: Address; name: string };

/** What somebody sees of their own guardians. */
export type OwnGuardians = {
  /** How many there are on chain; 0 = none. */
  count: number;
  threshold: number;
  /** Seconds in which this account can object. */
  delay: number;
  /** Their names; null when they were named on a device whose notes are gone. */
  guardians: readonly Guardian[] | null;
  /** False after new keys: the shares hold the earlier ones only. */
  isCurrent: boolean;
  /** What guardians said and nobody objected to, newest last. */
  claims: readonly OpenClaim[];
};

/** A new account for which guardians spoke. `readyFrom`: seconds, 0 while more must speak. */
export type OpenClaim = { successor: Address; profile: PersonProfile; vouchers: number; readyFrom: number };

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

/** A share with the box that it belongs to. */
export type GuardianPart = { box: SharedBox; share: BoxShare };

/**
 * Names guardians in place of earlier ones: each gets a sealed share of all keys, then the chain learns how many must agree. One
 * transaction, sent last, so that whoever counts holds a share.
 * `input.guardians`: 3 to 7 registered people. `input.ownName`: how they shall see the person. `input.delay`: seconds.
 * @throws SdkError INVALID_ARGUMENT for too few, twice the same or oneself; NOT_REGISTERED, KEY_MISMATCH, KEY_CHANGED, SIGNATURE_REFUSED
 */
export async function setGuardians(
  carekey: Carekey,
  person: Person,
  input: { guardians: readonly Guardian[]; delay: number; ownName: string },
  options: ActOptions = {},
): Promise<void> {
  const { guardians, delay, ownName } = input;
  const addresses = new Set(guardians.map(({ address }) => address.toLowerCase()));
  if (addresses.size !== guardians.length || addresses.has(person.address.toLowerCase()) || addresses.size < 3) {
    throw new SdkError("INVALID_ARGUMENT", "guardians: three different people at least, and not oneself");
  }
  const pins = await pinnedKeys(carekey, person);
  const recipients = await Promise.all(guardians.map(({ address }) => recipientOf(carekey, address, pins)));
  const seeds = heldKeys(person)
    .toReversed()
    .map(({ keys }) => keys.seed);
  const { box, shares } = sealSharedBox({
    plaintext: encodeCbor(seeds),
    binding: bindingOf(person.address),
    threshold: GUARDIANS_NEEDED,
    count: guardians.length,
  });
  const salts = guardians.map(() => randomHex32());
  const commitments = guardians.map(({ address }, index) => guardianCommitment(person.address, address, salts[index]!));
  const hash = guardiansHashOf(commitments);
  for (const [index, recipient] of recipients.entries()) {
    options.onStep?.({ kind: "work", label: `Sealing a part for ${guardians[index]!.name}` });
    await pinIfNew(carekey, person, recipient);
    const body = {
      type: SHARE,
      name: ownName,
      salt: fromHex(salts[index]!),
      commitments: commitments.map((commitment) => fromHex(commitment)),
      ...partFields({ box, share: shares[index]! }),
    };
    await sendSealed(carekey, person, recipient, { kind: "succession", body });
  }
  await keepNote(carekey, person, {
    type: GUARDIANS,
    hash: fromHex(hash),
    generation: person.generation,
    people: guardians.map(({ address, name }) => [fromHex(address), name]),
  });
  const args = [commitments, GUARDIANS_NEEDED, delay] as const;
  await sendActTo(carekey, "succession", "setGuardians", args, "Put the guardians on the chain", options);
}

/** Removes all guardians: what they hold leads nowhere on chain. @throws SdkError CONTRACT_REVERTED, SIGNATURE_REFUSED */
export async function removeGuardians(carekey: Carekey, options: ActOptions = {}): Promise<void> {
  await sendActTo(carekey, "succession", "setGuardians", [[], 0, 0], "Remove your guardians", options);
}

/** The old account objects: nothing that guardians said so far counts. @throws SdkError CONTRACT_REVERTED, SIGNATURE_REFUSED */
export async function objectToSuccession(carekey: Carekey, options: ActOptions = {}): Promise<void> {
  await sendActTo(carekey, "succession", "veto", [], "Object to the new account", options);
}

/** This person's guardians, and what they said. @throws SdkError CHAIN_UNAVAILABLE, NOT_SIGNED_IN */
export async function ownGuardians(carekey: Carekey, person: Person): Promise<OwnGuardians> {
  const [{ guardiansHash, count, threshold, delay }, claims, messages] = await Promise.all([
    carekey.chain.succession.guardianshipOf(person.address),
    openClaims(carekey, person.address),
    readInbox(carekey, person),
  ]);
  const note = guardianNotes(messages, person).findLast(({ hash }) => hash === guardiansHash);
  return {
    count,
    threshold,
    delay,
    guardians: note?.people ?? null,
    isCurrent: count === 0 || note?.generation === person.generation,
    claims,
  };
}

/** The accounts that guardians of this one spoke for, and nobody objected to; none once one of them follows. @throws SdkError CHAIN_UNAVAILABLE */
export async function openClaims(carekey: Carekey, account: Address): Promise<OpenClaim[]> {
  const { succession } = carekey.chain;
  const [vouched, tied] = await Promise.all([succession.vouchedFor(account), succession.successorOf(account)]);
  if (tied !== null) return [];
  const claims = await Promise.all(
    vouched.map(async (successor) => {
      const { vouchers, readyFrom } = await succession.claimOf(account, successor);
      return vouchers === 0 ? [] : [{ successor, profile: await personOf(carekey, successor), vouchers, readyFrom }];
    }),
  );
  return claims.flat();
}

/**
 * The new account asks a guardian of the old one.
 * `request.name`: how this person calls the guardian.
 * @throws SdkError INVALID_ARGUMENT for the own account; NOT_REGISTERED, KEY_MISMATCH, KEY_CHANGED, RATE_LIMITED
 */
export async function askGuardian(
  carekey: Carekey,
  person: Person,
  request: { guardian: Address; name: string; predecessor: Address; words: string },
): Promise<void> {
  const { guardian, name, predecessor, words } = request;
  if (sameAddress(guardian, person.address)) throw new SdkError("INVALID_ARGUMENT", "guardian: the own account");
  const recipient = await recipientOf(carekey, guardian, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  const body = { type: ASK, predecessor: fromHex(predecessor), words };
  await sendSealed(carekey, person, recipient, { kind: "succession", body });
  const note = { type: ASKED, predecessor: fromHex(predecessor), guardian: fromHex(guardian), name };
  await keepNote(carekey, person, note);
}

/** Whom this person asked to speak for the move from `predecessor`, each once. */
export function askedGuardians(messages: readonly InboxMessage[], person: Person, predecessor: Address): Guardian[] {
  const asked = new Map<string, Guardian>();
  for (const body of ownNotes(messages, person, ASKED)) {
    const guardian = readOrNull(() =>
      sameAddress(readAddress(body["predecessor"], "predecessor"), predecessor)
        ? { address: readAddress(body["guardian"], "guardian"), name: readText(body["name"], "name", 100) }
        : null,
    );
    if (guardian !== null) asked.set(guardian.address.toLowerCase(), guardian);
  }
  return [...asked.values()];
}

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

/** The guardians' parts that arrived for one succession, each share of a box once. */
export function partsFor(messages: readonly InboxMessage[], predecessor: Address): GuardianPart[] {
  const parts = new Map<string, GuardianPart>();
  for (const { body } of successionMessages(messages, PART)) {
    const part = readOrNull(() =>
      readHex(body["predecessor"], "predecessor", 20) === predecessor.toLowerCase() ? readPart(body) : null,
    );
    // A share that does not belong to its box is nobody's.
    if (part !== null && fitsBox(part.box, part.share)) parts.set(`${boxId(part)}/${part.share.index}`, part);
  }
  return [...parts.values()];
}

/** Seeds in those boxes that enough parts open. Whether they are the right ones, the chain has to say. */
export function openGuardiansBox(parts: readonly GuardianPart[], predecessor: Address): Uint8Array[][] {
  return [...Map.groupBy(parts, boxId).values()].flatMap((same) => {
    try {
      const shares = same.map(({ share }) => share);
      const plaintext = openSharedBox({ box: same[0]!.box, binding: bindingOf(predecessor), shares });
      return [readArray(decodeCbor(plaintext), "seeds").map((seed) => readBytes(seed, "seed", 32))];
    } catch (error) {
      if (isSdkError(error)) return [];
      throw error;
    }
  });
}

/** Messages about successions, of one type. */
export function successionMessages(
  messages: readonly InboxMessage[],
  type: string,
): { message: InboxMessage; body: { [field: string]: CborValue } }[] {
  return messages.flatMap((message) => {
    if (message.kind !== "succession") return [];
    const body = readOrNull(() => bodyFields(message.body));
    return body?.["type"] === type ? [{ message, body }] : [];
  });
}

/** What `read` gives, or null for what does not follow its format: anybody can send anything. */
export function readOrNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}

function guardianNotes(messages: readonly InboxMessage[], person: Person) {
  return ownNotes(messages, person, GUARDIANS).flatMap((body) => {
    const note = readOrNull(() => ({
      hash: readHex(body["hash"], "hash"),
      generation: readUint(body["generation"], "generation"),
      people: readArray(body["people"], "people").map((entry): Guardian => {
        const [address, name] = readArray(entry, "guardian", 2);
        return { address: readHex(address, "address", 20), name: readText(name, "name", 100) };
      }),
    }));
    return note === null ? [] : [note];
  });
}

function handOverNotes(messages: readonly InboxMessage[], person: Person): Set<string> {
  return new Set(
    ownNotes(messages, person, PART).flatMap(
      (body) => readOrNull(() => readHex(body["successor"], "successor", 20)) ?? [],
    ),
  );
}

function ownNotes(messages: readonly InboxMessage[], person: Person, type: string) {
  return messages.flatMap((message) => {
    if (message.kind !== "note" || !isFrom(message, person.address)) return [];
    const body = readOrNull(() => bodyFields(message.body));
    return body?.["type"] === type ? [body] : [];
  });
}

function partFields({ box, share }: GuardianPart): { [field: string]: CborValue } {
  return { sealed: box.sealed, feldman: [...box.commitments], index: share.index, share: share.share };
}

function readPart(body: { [field: string]: CborValue }): GuardianPart {
  return {
    box: {
      sealed: readBytes(body["sealed"], "sealed"),
      commitments: readArray(body["feldman"], "feldman").map((value) => readBytes(value, "feldman", 32)),
    },
    share: { index: readUint(body["index"], "index", 255), share: readBytes(body["share"], "share", 32) },
  };
}

function boxId({ box }: GuardianPart): string {
  return box.commitments.join("|") + box.sealed.join(",");
}

function bindingOf(account: Address): Uint8Array {
  return utf8(`carekey/guardians/v1/${account.toLowerCase()}`);
}
