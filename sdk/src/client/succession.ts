/**
 * @module client/succession
 * A new account for the same person: the old account names it, or guardians did; then the new one takes the records over. Every step
 * looks at the chain and the inbox for what is done, so it can break off anywhere.
 */
import { readAddress, readArray, readBytes, readText, readUint } from "../block.ts";
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { followTypedData } from "../identity/index.ts";
import { MAX_WRAP_ROWS } from "../records/index.ts";
import { sendAct, sendActTo, signAct } from "./context.ts";
import { openGuardiansBox, partsFor, readOrNull, successionMessages } from "./guardian-parts.ts";
import { askedGuardians, type Guardian } from "./guardians.ts";
import { bodyFields, isFrom, keepNote, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { earlierAccounts } from "./line.ts";
import { findOwnWrap, loadOwnChart, openOwnWrap, putWraps, wrapRow } from "./own-chart.ts";
import { heldKeys } from "./own-keys.ts";
import { personOf, recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { linkedSeeds, announceLink } from "./seed-vault.ts";
import { rotateWhereDue } from "./rotation.ts";
import { personOfAccount } from "./unlock.ts";
import type { ActOptions, Carekey, Person, PersonProfile } from "./types.ts";

/** How long the new account's word is good for, seconds. */
const FOLLOW_LIFETIME = 30 * 86_400;

/** The message by which a new account asks the old one. */
export const FOLLOW = "follow";
/** The message that hands the old account's keys over. */
export const SEEDS = "seeds";
const FOLLOWING = "following";

/** A new account that asks to follow this one. */
export type FollowRequest = {
  successor: Address;
  profile: PersonProfile;
  /** What the person wrote. */
  words: string;
  deadline: number;
  signature: Hex;
  sentAt: number;
};

/** How far a move to this account got. */
export type SuccessionState = {
  /** The account that this one follows, or wants to; null when there is none. */
  predecessor: Address | null;
  /** The chain says so. */
  isTied: boolean;
  /** How many guardians the earlier account named, how many of them must agree, and the waiting time in seconds; 0 for none. */
  guardianship: { count: number; threshold: number; delay: number };
  /** Whom this account asked to speak for it. */
  asked: readonly (Guardian & { hasVouched: boolean })[];
  /** How many guardians spoke, and from when on (seconds) the move may be completed, 0 while more must; null when none did. */
  claim: { vouchers: number; readyFrom: number } | null;
  /** The old keys are here: from the old account, or from enough guardians. */
  hasOldKeys: boolean;
  /** Guardians' parts of the old keys that arrived. */
  parts: number;
  /** The first note of this chart names the old one. */
  isLinked: boolean;
  /** Records that open with this account's keys, of all that the old one could open. */
  records: { done: number; total: number };
  complete: boolean;
};

/**
 * The new account asks the old one: signs that it follows, and sends that sealed. Nothing on chain yet.
 * `request.words`: a line to oneself, so that the old device shows who asks.
 * @throws SdkError INVALID_ARGUMENT for the own account, NOT_REGISTERED, KEY_MISMATCH, KEY_CHANGED, SIGNATURE_REFUSED
 */
export async function askToFollow(
  carekey: Carekey,
  person: Person,
  request: { predecessor: Address; words: string },
  options: ActOptions = {},
): Promise<void> {
  const { predecessor, words } = request;
  if (sameAddress(predecessor, person.address)) throw new SdkError("INVALID_ARGUMENT", "predecessor: the own account");
  const recipient = await recipientOf(carekey, predecessor, await pinnedKeys(carekey, person));
  const deadline = carekey.now() + FOLLOW_LIFETIME;
  const { deployment } = carekey;
  const typedData = followTypedData({ deployment, predecessor, successor: person.address, deadline });
  const signature = await signAct(carekey, typedData, "Sign that this account goes on from the old one", options);
  await pinIfNew(carekey, person, recipient);
  const body = { type: FOLLOW, words, deadline, signature: fromHex(signature) };
  await sendSealed(carekey, person, recipient, { kind: "succession", body });
  await rememberPredecessor(carekey, person, predecessor);
}

/** Keeps which account this one wants to follow, for the person's other devices. */
export async function rememberPredecessor(carekey: Carekey, person: Person, predecessor: Address): Promise<void> {
  await keepNote(carekey, person, { type: FOLLOWING, predecessor: fromHex(predecessor) });
}

/** The new accounts that ask to follow this one, newest first; none once one does. @throws SdkError NOT_SIGNED_IN, CHAIN_UNAVAILABLE */
export async function listFollowRequests(carekey: Carekey, person: Person): Promise<FollowRequest[]> {
  if ((await carekey.chain.succession.successorOf(person.address)) !== null) return [];
  const found = new Map<string, Omit<FollowRequest, "profile">>();
  for (const { message, body } of successionMessages(await readInbox(carekey, person), FOLLOW)) {
    const request = readOrNull(() => ({
      successor: message.sender,
      words: readText(body["words"], "words", 500),
      deadline: readUint(body["deadline"], "deadline"),
      signature: toHex(readBytes(body["signature"], "signature")),
      sentAt: message.sentAt,
    }));
    if (request !== null && request.deadline > carekey.now()) found.set(request.successor.toLowerCase(), request);
  }
  const pins = await pinnedKeys(carekey, person);
  return Promise.all(
    [...found.values()].reverse().map(async (request) => ({
      ...request,
      profile: await personOf(carekey, request.successor, pins),
    })),
  );
}

/**
 * The old account names its successor, for ever, and hands it the keys of everything. One transaction. Called again it only hands over.
 * @throws SdkError KEY_MISMATCH, KEY_CHANGED, SIGNATURE_REFUSED, CONTRACT_REVERTED
 */
export async function nameSuccessor(
  carekey: Carekey,
  person: Person,
  request: Pick<FollowRequest, "successor" | "deadline" | "signature">,
  options: ActOptions = {},
): Promise<void> {
  const { successor, deadline, signature } = request;
  const recipient = await recipientOf(carekey, successor, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  const present = await carekey.chain.succession.successorOf(person.address);
  if (present === null) {
    const args = [successor, deadline, signature] as const;
    await sendActTo(carekey, "succession", "succeed", args, "Name your new account, for ever", options);
  } else if (!sameAddress(present, successor)) {
    throw new SdkError("CONFLICT", "another account follows this one already");
  }
  options.onStep?.({ kind: "work", label: "Handing your records' keys to the new account" });
  const seeds = heldKeys(person)
    .toReversed()
    .map(({ keys }) => keys.seed);
  await sendSealed(carekey, person, recipient, { kind: "succession", body: { type: SEEDS, seeds } });
}

/** The new account completes what guardians began, once the waiting time is over. @throws SdkError CONTRACT_REVERTED, SIGNATURE_REFUSED */
export async function completeSuccession(
  carekey: Carekey,
  predecessor: Address,
  options: ActOptions = {},
): Promise<void> {
  const label = "Go on from the old account, for ever";
  await sendActTo(carekey, "succession", "complete", [predecessor], label, options);
}

/** How far a move to this account got. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function successionState(carekey: Carekey, person: Person): Promise<SuccessionState> {
  const { succession } = carekey.chain;
  const [tied] = await earlierAccounts(carekey, person.address);
  const messages = await readInbox(carekey, person);
  const predecessor = tied ?? wantedPredecessor(messages, person);
  const none = {
    guardianship: { count: 0, threshold: 0, delay: 0 },
    asked: [],
    claim: null,
    hasOldKeys: false,
    parts: 0,
    isLinked: false,
    records: { done: 0, total: 0 },
  };
  if (predecessor === null) return { predecessor, isTied: false, ...none, complete: true };
  const parts = partsFor(messages, predecessor).length;
  const [{ vouchers, readyFrom }, { count, threshold, delay }, spoke] = await Promise.all([
    succession.claimOf(predecessor, person.address),
    succession.guardianshipOf(predecessor),
    succession.vouchersOf(predecessor, person.address),
  ]);
  const byGuardians = {
    guardianship: { count, threshold, delay },
    asked: askedGuardians(messages, person, predecessor).map((guardian) => ({
      ...guardian,
      hasVouched: spoke.some((address) => sameAddress(address, guardian.address)),
    })),
    claim: vouchers === 0 ? null : { vouchers, readyFrom },
    parts,
  };
  if (tied === undefined) return { predecessor, isTied: false, ...none, ...byGuardians, complete: false };
  const linked = await linkedSeeds(carekey, person, predecessor);
  const isLinked = linked !== null;
  const old = await oldPerson(carekey, person, predecessor, messages);
  if (old === null) return { predecessor, isTied: true, ...none, ...byGuardians, isLinked, complete: false };
  const { total, left } = await recordsToTake(carekey, person, old);
  const records = { done: total - left.length, total };
  return {
    ...byGuardians,
    predecessor,
    isTied: true,
    hasOldKeys: true,
    isLinked,
    records,
    complete: isLinked && left.length === 0,
  };
}

/**
 * Takes the records over: the first note of this chart names the old one and keeps its keys sealed, then every record gets a lock of this
 * account. Two transactions; done again it does only what is missing.
 * @throws SdkError NOT_FOUND when the chain ties nothing yet or the old keys have not arrived, SIGNATURE_REFUSED, …
 */
export async function takeOver(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<void> {
  const [predecessor] = await earlierAccounts(carekey, person.address);
  if (predecessor === undefined) throw new SdkError("NOT_FOUND", "this account follows nobody yet");
  options.onStep?.({ kind: "work", label: "Opening your earlier account" });
  const old = await oldPerson(carekey, person, predecessor, await readInbox(carekey, person));
  if (old === null) throw new SdkError("NOT_FOUND", "the keys of the earlier account have not arrived");
  if ((await linkedSeeds(carekey, person, predecessor)) === null) await announceLink(carekey, person, old, options);
  const { left, scopes } = await recordsToTake(carekey, person, old);
  if (left.length === 0) return;
  const own = await rotateWhereDue(carekey, person, scopes, options);
  for (let from = 0; from < left.length; from += MAX_WRAP_ROWS) {
    const rows = [];
    for (const [index, { pointer, scope, open }] of left.slice(from, from + MAX_WRAP_ROWS).entries()) {
      const label = `Taking over record ${from + index + 1} of ${left.length}`;
      options.onStep?.({ kind: "work", label, progress: (from + index) / left.length });
      rows.push(await wrapRow(carekey, person, own.epochs, { scope, pointer, dek: await open() }));
    }
    const block = await putWraps(carekey, person, rows);
    await sendAct(carekey, "note", [block.digest], "Announce the new locks of your records", options);
  }
}

type RecordToTake = { pointer: Hex; scope: string; open: () => Promise<Uint8Array> };

/** What the old account could open and this one cannot yet. */
async function recordsToTake(
  carekey: Carekey,
  person: Person,
  old: Person,
): Promise<{ total: number; left: RecordToTake[]; scopes: string[] }> {
  const [own, earlier] = await Promise.all([loadOwnChart(carekey, person), loadOwnChart(carekey, old)]);
  // What the old account itself carried on from one before it comes along, too.
  const pointers = new Set([...earlier.replayed.entries, ...earlier.carried].map(pointerOf));
  const all = [...pointers].flatMap((pointer): RecordToTake[] => {
    const filed = findOwnWrap(old, earlier, pointer);
    if (filed === null) return [];
    return [{ pointer, scope: filed.scope, open: () => openOwnWrap(carekey, old, filed, pointer) }];
  });
  const left = all.filter(({ pointer }) => findOwnWrap(person, own, pointer) === null);
  return { total: all.length, left, scopes: [...new Set(left.map(({ scope }) => scope))] };
}

function pointerOf(item: { pointer: Hex } | { entry: { pointer: Hex } }): Hex {
  return "entry" in item ? item.entry.pointer : item.pointer;
}

/** The person of the old account: from the link, the old account's message, or guardians' parts; each is held against the chain. */
async function oldPerson(
  carekey: Carekey,
  person: Person,
  predecessor: Address,
  messages: readonly InboxMessage[],
): Promise<Person | null> {
  const linked = await linkedSeeds(carekey, person, predecessor);
  const candidates = [
    ...(linked === null ? [] : [linked]),
    ...seedsFrom(messages, predecessor),
    ...openGuardiansBox(partsFor(messages, predecessor), predecessor),
  ];
  for (const seeds of candidates) {
    try {
      return await personOfAccount(carekey, predecessor, seeds);
    } catch (error) {
      if (!isSdkError(error, "KEY_MISMATCH")) throw error;
    }
  }
  return null;
}

/** Seeds that the old account itself sent, newest first. */
function seedsFrom(messages: readonly InboxMessage[], predecessor: Address): Uint8Array[][] {
  return successionMessages(messages, SEEDS)
    .filter(({ message }) => isFrom(message, predecessor))
    .flatMap(({ body }) => readOrNull(() => [readSeeds(body["seeds"])]) ?? [])
    .reverse();
}

function readSeeds(value: CborValue | undefined): Uint8Array[] {
  return readArray(value, "seeds").map((seed) => readBytes(seed, "seed", 32));
}

/** The account that this person said it wants to follow, last. */
function wantedPredecessor(messages: readonly InboxMessage[], person: Person): Address | null {
  const wanted = messages.flatMap((message) => {
    if (message.kind !== "note" || !isFrom(message, person.address)) return [];
    const body = readOrNull(() => bodyFields(message.body));
    if (body === null || body["type"] !== FOLLOWING) return [];
    return readOrNull(() => [readAddress(body["predecessor"], "predecessor")]) ?? [];
  });
  return wanted.at(-1) ?? null;
}
