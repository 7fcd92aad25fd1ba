/**
 * @module signing
 * What all of Carekey's EIP-712 messages have in common: their domains, and the fields that bound a signature.
 */
import type { Address } from "./bytes.ts";

/** A contract that checks signatures, by its name in the deployment manifest. */
type Verifier = "carekey" | "emergencyAccess" | "succession";

/** The part of a deployment that a signature for one of the contracts is bound to. */
export type SigningDomain<Contract extends Verifier = "carekey"> = { chainId: number } & Record<Contract, Address>;

/** What bounds every signature that a contract takes. */
export type Bounded<Contract extends Verifier = "carekey"> = {
  deployment: SigningDomain<Contract>;
  /** Last second in which the signature may be used. */
  deadline: number;
};

/** The EIP-712 domain of signatures that `verifyingContract` checks. */
export function domainOf(chainId: number, verifyingContract: Address) {
  return { name: "Carekey", version: "1", chainId, verifyingContract } as const;
}

/** The domain of signatures for the Carekey contract, which those that keepers check share. */
export function domainFor({ chainId, carekey }: SigningDomain) {
  return domainOf(chainId, carekey);
}

/** Fields that several messages share. */
export const DEADLINE = { name: "deadline", type: "uint48" } as const;
export const NONCE = { name: "nonce", type: "uint256" } as const;
export const ACCOUNT = { name: "account", type: "address" } as const;
export const PATIENT = { name: "patient", type: "address" } as const;
