/**
 * @module contracts
 * The contracts as TypeScript sees them: their ABIs, their constants, and what they say when they refuse.
 */
import { decodeErrorResult, type ContractErrorName } from "viem";
import type { Hex } from "../bytes.ts";
import { carekeyAbi } from "./carekey-abi.ts";
import { emergencyAccessAbi } from "./emergency-access-abi.ts";
import { successionAbi } from "./succession-abi.ts";

export { carekeyAbi, emergencyAccessAbi, successionAbi };

/** The ABI of each contract, by the name under which the deployment manifest has its address. */
export const contractAbis = {
  carekey: carekeyAbi,
  emergencyAccess: emergencyAccessAbi,
  succession: successionAbi,
} as const;
/** A contract of the deployment. */
export type ContractName = keyof typeof contractAbis;

/** What an account is: the `role` of an identity. 0 stands for "not registered". */
export const ROLE_PATIENT = 1;
/** A doctor, nurse, laboratory assistant, pharmacist: somebody with a licence who reads and writes with consent. */
export const ROLE_CLINICIAN = 2;
/** A hospital, insurer, laboratory, pharmacy; also the registrar's own key document. */
export const ROLE_ORGANISATION = 3;
/** One of those who release shares of keys. */
export const ROLE_KEEPER = 4;

/** What a patient says about a submitted entry. */
export const VERDICT_APPROVE = 1;
/** See {@link VERDICT_APPROVE}. */
export const VERDICT_DENY = 2;

/** How many entries one batch may decide at most. */
export const MAX_BATCH = 256;

/** How long a signed grant may travel, in seconds: deadline - signedAt at most. */
export const MAX_GRANT_TRAVEL_SECONDS = 86_400;

/** What a registrar found about emergency access: there was need. 0 stands for "not reviewed". */
export const EMERGENCY_JUSTIFIED = 1;
/** See {@link EMERGENCY_JUSTIFIED}: there was none, and the requester was suspended. */
export const EMERGENCY_UNJUSTIFIED = 2;
/** The longest delay a patient may choose, in seconds. */
export const MAX_EMERGENCY_DELAY_SECONDS = 86_400;
/** How many contacts a patient may name. */
export const MAX_EMERGENCY_CONTACTS = 5;
/** How long a request waits for the second clinician, in seconds. */
export const EMERGENCY_CO_SIGN_SECONDS = 900;
/** How long emergency access lasts, in seconds. */
export const EMERGENCY_OPEN_SECONDS = 10_800;

/** How many guardians a person may name. */
export const MAX_GUARDIANS = 7;
/** How many guardians must agree at least. */
export const LEAST_GUARDIANS = 2;

/** The name of any custom error that the contract can revert with. */
export type CarekeyErrorName = ContractErrorName<typeof carekeyAbi>;

/** A custom error of the contract, with its arguments in order. */
export type CarekeyRevert = { errorName: CarekeyErrorName; args: readonly unknown[] };

/** The names of all custom errors of the contract. */
export const carekeyErrorNames: readonly CarekeyErrorName[] = carekeyAbi
  .filter((item) => item.type === "error")
  .map((item) => item.name);

/**
 * Reads the revert data of a call.
 * @param data - The bytes that the contract reverted with.
 * @returns The custom error, or null when the data is none of the contract's (out of gas, panic, another contract).
 */
export function decodeRevert(data: Hex): CarekeyRevert | null {
  try {
    const { errorName, args } = decodeErrorResult({ abi: carekeyAbi, data });
    const name = carekeyErrorNames.find((known) => known === errorName);
    return name === undefined ? null : { errorName: name, args: args ?? [] };
  } catch {
    return null;
  }
}
