/**
 * @module test/sdk/records/parties
 * The people of the tests of formats, without any test library: a browser loads them too.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8, type Address, type Hex } from "../../../sdk/src/bytes.ts";
import { derivePersonKeys, type PersonKeys } from "../../../sdk/src/crypto/index.ts";
import { encodeKeyDocument, keyHashOf, makeKeyDocument, type KeyDocument } from "../../../sdk/src/identity/index.ts";
import type { ChainContext, Opener, Recipient } from "../../../sdk/src/records/index.ts";

/** The contract on its chain in all these tests. */
export const CHAIN: ChainContext = { chainId: 31337, contract: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };

/** Someone with keys, a key document, and both views that sealing and opening need. */
export type TestPerson = {
  address: Address;
  keys: PersonKeys;
  document: KeyDocument;
  keyDocument: Hex;
  recipient: Recipient;
  opener: Opener;
};

/** A person whose keys follow from the name. */
export function personCalled(name: string, address: Address): TestPerson {
  const keys = derivePersonKeys(sha256(utf8(name)), 0);
  const document = makeKeyDocument({ keys, address, issuedAt: 1_790_000_000, display: { name } });
  const { digest } = encodeKeyDocument(document);
  const keyHash = keyHashOf(digest);
  return {
    address,
    keys,
    document,
    keyDocument: digest,
    recipient: { address, publicKey: keys.xwingPublicKey, keyHash },
    opener: { address, secret: keys.xwingSecret, keyHash },
  };
}

export const patient = personCalled("Rosa", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
export const doctor = personCalled("Amara", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
export const stranger = personCalled("Mallory", "0x90F79bf6EB2c4f870365E785982E1f101E93b906");

/** All that a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
