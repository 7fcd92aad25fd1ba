/**
 * @module identity/succession
 * Succession as the contract keeps it: commitments to guardians, and the typed data of what can be signed for it.
 */
import { concatHex, encodeAbiParameters, keccak256 } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";
import { ACCOUNT, DEADLINE, domainOf, NONCE, type Bounded } from "../signing.ts";

/** What the chain knows of a person's guardians. `round` rises with each change and veto; `count` 0: there are none. */
export type Guardianship = { guardiansHash: Hex; threshold: number; count: number; delay: number; round: number };

/** How far guardians got with a successor. `readyFrom` in seconds, 0 while more must vouch. */
export type SuccessionClaim = { round: number; vouchers: number; readyFrom: number };

/** What stands for a guardian on chain. `salt`: 32 random bytes, known to the person and the guardian. */
export function guardianCommitment(account: Address, guardian: Address, salt: Hex): Hex {
  const types = [{ type: "address" }, { type: "address" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [account, guardian, salt]));
}

/** What the contract keeps of a list of commitments. */
export function guardiansHashOf(commitments: readonly Hex[]): Hex {
  return keccak256(concatHex(commitments));
}

type Bound = Bounded<"succession">;
type Pair = { predecessor: Address; successor: Address };

const PREDECESSOR = { name: "predecessor", type: "address" } as const;
const SUCCESSOR = { name: "successor", type: "address" } as const;

const domainIn = ({ chainId, succession }: Bound["deployment"]) => domainOf(chainId, succession);

/** A person names guardians, or removes them (no commitments, the rest 0). `nonce`: the next one in the Succession contract. */
export function setGuardiansTypedData(
  input: Bound & { account: Address; commitments: readonly Hex[]; threshold: number; delay: number; nonce: bigint },
) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: {
      SetGuardians: [
        ACCOUNT,
        { name: "commitments", type: "bytes32[]" },
        { name: "threshold", type: "uint8" },
        { name: "delay", type: "uint48" },
        NONCE,
        DEADLINE,
      ],
    },
    primaryType: "SetGuardians",
    message,
  } as const;
}

/** A guardian vouches that the successor is the same person. `round`: the present one. */
export function vouchTypedData(input: Bound & Pair & { guardian: Address; round: number }) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: {
      Vouch: [
        { name: "guardian", type: "address" },
        PREDECESSOR,
        SUCCESSOR,
        { name: "round", type: "uint32" },
        DEADLINE,
      ],
    },
    primaryType: "Vouch",
    message,
  } as const;
}

/** A person objects to what the guardians said. `nonce`: the next one in the Succession contract. */
export function vetoTypedData(input: Bound & { account: Address; nonce: bigint }) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: { Veto: [ACCOUNT, NONCE, DEADLINE] },
    primaryType: "Veto",
    message,
  } as const;
}

/** The old account names its successor. */
export function succeedTypedData(input: Bound & Pair) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: { Succeed: [PREDECESSOR, SUCCESSOR, DEADLINE] },
    primaryType: "Succeed",
    message,
  } as const;
}

/** The new account agrees to follow the old one. */
export function followTypedData(input: Bound & Pair) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: { Follow: [PREDECESSOR, SUCCESSOR, DEADLINE] },
    primaryType: "Follow",
    message,
  } as const;
}
