/**
 * @module client/guardians
 * People who can bring somebody's records to a new account: naming, changing and removing them, objecting to what they say, and asking them
 * from the new account. Each holds a sealed share of the old keys; their own side is in `wards.ts`.
 */
import { readAddress, readArray, readHex, readText, readUint } from "../block.ts";
import { fromHex, type Address } from "../bytes.ts";
import { encodeCbor } from "../cbor.ts";
import { sealSharedBox } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { guardianCommitment, guardiansHashOf } from "../identity/index.ts";
import { randomHex32, sendActTo } from "./context.ts";
import { ASK, SHARE, bindingOf, ownNotes, partFields, readOrNull } from "./guardian-parts.ts";
import { keepNote, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { heldKeys } from "./own-keys.ts";
import { personOf, recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import type { ActOptions, Carekey, Person, PersonProfile } from "./types.ts";

/** How many guardians must agree. */
export const GUARDIANS_NEEDED = 2;

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
