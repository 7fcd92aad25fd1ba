/**
 * @module common/people
 * The people of the demo clinic. Their keys come from Hardhat's public test mnemonic: everybody has them, so they are
 * for one machine's local chain only.
 */
import { toHex, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { ACCOUNT_COUNT, MNEMONIC } from "../chain/node.ts";

/** One seeded person. */
export type DemoPerson = { name: string; role: "registrar" | "patient" | "clinician"; about: string; account: number };

/** Who is who, in the order of the mnemonic's accounts. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { name: "Ines Moreau", role: "registrar", about: "checks clinicians' licences", account: 0 },
  { name: "Rosa Lindqvist", role: "patient", about: "has a chart, shares a part of it", account: 1 },
  { name: "Dr Amara Okafor", role: "clinician", about: "cardiology, verified", account: 2 },
  { name: "Dr Tomas Brandt", role: "clinician", about: "general practice, verified", account: 3 },
  { name: "Dr Lena Fischer", role: "clinician", about: "has applied, not verified yet", account: 4 },
  { name: "Henrik Dahl", role: "patient", about: "a second patient", account: 5 },
];

/** Everybody's passphrase in the demo. */
export const DEMO_PASSPHRASE = "correct horse battery staple harbour";

/** The account that pays for the servers' accounts: the last one, which no person uses. */
export const FAUCET_ACCOUNT = ACCOUNT_COUNT - 1;

/** The private key of the mnemonic's account `addressIndex`. */
export function demoPrivateKey(addressIndex: number): Hex {
  const key = mnemonicToAccount(MNEMONIC, { addressIndex }).getHdKey().privateKey;
  if (key === null) throw new Error(`the mnemonic gives no key ${addressIndex}`);
  return toHex(key);
}
