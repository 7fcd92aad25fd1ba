/**
 * @module client/people
 * Who others are: key documents compared with the chain and with the key pinned before, and the public directory.
 * Nothing is sealed to a key that does not pass {@link recipientOf}.
 */
import { getAddress } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";
import type { Identity } from "../chain/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { digestOf, type Recipient } from "../records/index.ts";
import { decodeKeyDocument, fingerprint, isChained, keyHashOf, type KeyDocument } from "../identity/index.ts";
import { keptFor } from "./kept.ts";
import type { Carekey, KeyStatus, PersonProfile } from "./types.ts";

/** Digests of the key documents that a person pinned, by lower-case address. */
export type PinnedKeys = ReadonlyMap<string, Hex>;

/** No pins: every key is new. */
export const NO_PINS: PinnedKeys = new Map();

type ServedKeys = { documents: readonly { document: KeyDocument; digest: Hex }[] };

const keysServedTo = keptFor<Carekey, Map<string, ServedKeys>>(() => new Map());

/**
 * The documents a gateway serves for a person; empty when it serves none or garbage. Those that end in the key on chain are
 * kept: they cannot get truer.
 */
async function servedKeys(carekey: Carekey, identity: Identity): Promise<ServedKeys> {
  const known = keysServedTo(carekey);
  const cached = known.get(identity.address.toLowerCase());
  if (cached !== undefined && isOnChain(cached, identity)) return cached;
  const keys = await fetchKeys(carekey, identity.address);
  if (isOnChain(keys, identity)) known.set(identity.address.toLowerCase(), keys);
  return keys;
}

async function fetchKeys(carekey: Carekey, address: Address): Promise<ServedKeys> {
  let blocks: Uint8Array[];
  try {
    blocks = await carekey.gateway.getKeyDocuments(address);
  } catch (error) {
    if (isSdkError(error, "NOT_FOUND")) return { documents: [] };
    throw error;
  }
  try {
    return { documents: blocks.map((bytes) => ({ document: decodeKeyDocument(bytes), digest: digestOf(bytes) })) };
  } catch (error) {
    if (isSdkError(error)) return { documents: [] };
    throw error;
  }
}

/** Whether the newest document is the one that the chain names for this account. */
function isOnChain({ documents }: ServedKeys, identity: Identity): boolean {
  const newest = documents.at(-1);
  return (
    newest !== undefined &&
    keyHashOf(newest.digest) === identity.keyHash.toLowerCase() &&
    sameAddress(newest.document.address, identity.address)
  );
}

function statusOf(keys: ServedKeys, identity: Identity, pinned: Hex | undefined): KeyStatus {
  const newest = keys.documents.at(-1);
  if (newest === undefined) return "missing";
  if (!isOnChain(keys, identity)) return "mismatch";
  if (pinned === undefined) return "new";
  const from = keys.documents.findIndex(({ digest }) => digest === pinned);
  if (from < 0) return "changed";
  const successors = keys.documents.slice(from + 1).map(({ document }) => document);
  return isChained(keys.documents[from]!.document, successors) ? "same" : "changed";
}

/** A short form of an address for people without a public name. */
export function shortAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/**
 * A person by address: identity from the chain, name and key from the served documents, checked against the chain.
 * @throws SdkError CHAIN_UNAVAILABLE, GATEWAY_UNAVAILABLE
 */
export async function personOf(carekey: Carekey, address: Address, pins: PinnedKeys = NO_PINS): Promise<PersonProfile> {
  const identity = await carekey.chain.identityOf(address);
  const keys = await servedKeys(carekey, identity);
  const status = statusOf(keys, identity, pins.get(address.toLowerCase()));
  const newest = keys.documents.at(-1);
  const trusted = newest !== undefined && status !== "mismatch" ? newest : null;
  return {
    address,
    name: trusted?.document.display["name"] ?? shortAddress(address),
    speciality: trusted?.document.display["speciality"] ?? null,
    identity,
    verified: !identity.suspended && identity.verifiedUntil > carekey.now(),
    keyStatus: status,
    fingerprint: trusted === null ? "" : fingerprint(trusted.document),
    keyDocumentDigest: trusted?.digest ?? null,
  };
}

/**
 * Clinicians and organisations by part of a name or speciality, and anybody who registered by address. Those whose served key is not the chain's are
 * kept in the list with `keyStatus` "mismatch", so that the person is warned instead of left wondering.
 * @throws SdkError GATEWAY_UNAVAILABLE, CHAIN_UNAVAILABLE
 */
export async function findPeople(
  carekey: Carekey,
  search: { query: string; role?: 2 | 3; verifiedOnly?: boolean },
  pins: PinnedKeys = NO_PINS,
): Promise<PersonProfile[]> {
  const { query, ...filters } = search;
  const found = await carekey.gateway.searchDirectory(query, filters);
  // Nobody else is listed anywhere: who has the address has it from the person.
  const wanted = found.length === 0 && /^0x[0-9a-fA-F]{40}$/.test(query.trim()) ? [getAddress(query.trim())] : [];
  // Nobody shares with the registrar, or works for it.
  const addresses = [...found.map(({ address }) => address), ...wanted].filter(
    (address) => !sameAddress(address, carekey.deployment.registrar),
  );
  const profiles = (await Promise.all(addresses.map((address) => personOf(carekey, address, pins)))).filter(
    ({ identity }) => identity.role !== 0 && (search.role === undefined || identity.role === search.role),
  );
  return search.verifiedOnly === true ? profiles.filter(({ verified }) => verified) : profiles;
}

/** A recipient whose key may be sealed to. */
export type VerifiedRecipient = Recipient & { document: KeyDocument; keyDocumentDigest: Hex; status: "same" | "new" };

/**
 * The key to seal to for a person.
 * @param pins - what the sender pinned before.
 * @throws SdkError NOT_REGISTERED; KEY_MISMATCH when the served key is not the chain's or none is served; KEY_CHANGED when it is the
 * chain's but not chained to the pinned one.
 */
export async function recipientOf(carekey: Carekey, address: Address, pins: PinnedKeys): Promise<VerifiedRecipient> {
  const identity = await carekey.chain.identityOf(address);
  const keys = await servedKeys(carekey, identity);
  if (identity.role === 0)
    throw new SdkError("NOT_REGISTERED", "this person has not registered", { details: { address } });
  const status = statusOf(keys, identity, pins.get(address.toLowerCase()));
  if (status === "mismatch" || status === "missing") {
    throw new SdkError("KEY_MISMATCH", "the key served for this person is not the one on the chain", {
      details: { address },
    });
  }
  const { document, digest } = keys.documents.at(-1)!;
  if (status === "changed") {
    throw new SdkError("KEY_CHANGED", "this person's key is not chained to the one met before", {
      details: { address, fingerprint: fingerprint(document), keyDocument: digest },
    });
  }
  return {
    address,
    publicKey: document.xwingPublicKey,
    keyHash: keyHashOf(digest),
    document,
    keyDocumentDigest: digest,
    status,
  };
}

/**
 * The signing key (Ed25519) of the key document with this digest, once the chain says that it is or was that of `address`; else null.
 */
export async function signingKeyOf(carekey: Carekey, address: Address, keyDocument: Hex): Promise<Uint8Array | null> {
  const [onChain, keys] = await Promise.all([
    carekey.chain.keyDocumentDigestsOf(address),
    carekey.chain.identityOf(address).then((identity) => servedKeys(carekey, identity)),
  ]);
  if (!onChain.includes(keyDocument)) return null;
  return keys.documents.find(({ digest }) => digest === keyDocument)?.document.ed25519PublicKey ?? null;
}

/** Whether two addresses are the same, whatever their spelling. */
export function sameAddress(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
