/**
 * @module services/gateway/relay/allow-list
 * What the relay pays for, as data: signed acts whose first argument is the account that signed. Everything else is refused.
 */
import { decodeFunctionData, encodeFunctionData, isAddressEqual, type Abi } from "viem";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { contractAbis, type ContractName } from "@carekey/sdk/contracts";
import type { Deployment } from "@carekey/sdk/deployment";
import { SdkError } from "@carekey/sdk/errors";

/** The signed acts of each contract. */
const ACTS: Partial<Record<ContractName, readonly string[]>> = {
  carekey: [
    "registerBySig",
    "rotateKeyBySig",
    "addBySig",
    "grantBySig",
    "revokeBySig",
    "revokeAllBySig",
    "decideBySig",
    "decideBatchBySig",
    "noteBySig",
  ],
  emergencyAccess: ["configureBySig", "disableBySig", "stopBySig"],
  succession: ["setGuardiansBySig", "vouchBySig", "vetoBySig", "completeBySig", "succeedBySig"],
};

/** The signed acts of one contract, where it is, and how to read them. */
export type AllowedContract = { address: Address; abi: Abi; acts: readonly string[] };

/** The contracts and acts that a deployment's relay pays for. */
export function allowedActs(deployment: Pick<Deployment, ContractName>): readonly AllowedContract[] {
  return (Object.keys(contractAbis) as ContractName[]).map((name) => ({
    address: deployment[name],
    abi: contractAbis[name],
    acts: ACTS[name] ?? [],
  }));
}

/**
 * Asserts that a call is an allowed act and that it acts for `person`.
 * @throws SdkError FORBIDDEN, with `details.field`: "to", "data" or "person".
 */
export function assertOwnAct(
  allowed: readonly AllowedContract[],
  person: Address,
  call: { to: Address; data: Hex },
): void {
  const contract = allowed.find(({ address }) => isAddressEqual(address, call.to));
  if (contract === undefined) throw foreign("to");
  const account = signerOf(contract, call.data);
  if (account === null) throw foreign("data");
  if (!isAddressEqual(account, person)) throw foreign("person");
}

/** The account that an allowed act acts for; null for any other call data. */
function signerOf({ abi, acts }: AllowedContract, data: Hex): Address | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi, data });
    if (!acts.includes(functionName)) return null;
    // The same act in other bytes would be another call, and be paid for again.
    if (encodeFunctionData({ abi, functionName, args }) !== data) return null;
    return (args as readonly unknown[])[0] as Address;
  } catch {
    return null; // another selector, or arguments that do not decode
  }
}

function foreign(field: "to" | "data" | "person"): SdkError {
  return new SdkError("FORBIDDEN", `the relay does not carry this: ${field}`, { details: { field } });
}
