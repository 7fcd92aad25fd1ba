/**
 * @module consent/emergency
 * Emergency access as the contract keeps it: the phases of a request, commitments, and the typed data of what can be signed.
 */
import { encodeAbiParameters, keccak256 } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";
import { EMERGENCY_CO_SIGN_SECONDS, EMERGENCY_OPEN_SECONDS } from "../contracts/index.ts";
import { ACCOUNT, DEADLINE, domainOf, NONCE, PATIENT, type Bounded } from "../signing.ts";

/** What a patient decided. `round` counts how often it was turned off. */
export type EmergencySettings = { enabled: boolean; delaySeconds: number; round: number; contacts: readonly Hex[] };

/** A request as the contract keeps it; times in seconds, 0 for "not yet". */
export type EmergencyRequestState = {
  patient: Address;
  requestedAt: number;
  opensAt: number;
  requester: Address;
  stoppedAt: number;
  round: number;
  /** 0 not reviewed, else EMERGENCY_JUSTIFIED or EMERGENCY_UNJUSTIFIED. */
  verdict: number;
  /** The zero address while nobody co-signed. */
  coSigner: Address;
};

/** How far a request is. */
export type EmergencyPhase =
  | "asked" // waits for the second clinician
  | "waiting" // co-signed; the patient's delay runs
  | "open" // the requester may read
  | "stopped" // by somebody concerned, or void since the patient turned emergency access off
  | "lapsed" // nobody co-signed in time
  | "closed"; // its three hours are over

/** First moment at which an opened request is over, seconds; 0 when it was never co-signed. */
export function emergencyClosesAt({ opensAt }: Pick<EmergencyRequestState, "opensAt">): number {
  return opensAt === 0 ? 0 : opensAt + EMERGENCY_OPEN_SECONDS;
}

/**
 * The phase of a request at a time, as the contract judges it. Whether both clinicians are still verified is asked separately.
 * @param round - of the patient's settings now.
 * @param time - seconds.
 */
export function emergencyPhase(request: EmergencyRequestState, round: number, time: number): EmergencyPhase {
  if (request.stoppedAt !== 0 || request.round !== round) return "stopped";
  if (request.opensAt === 0) return time < request.requestedAt + EMERGENCY_CO_SIGN_SECONDS ? "asked" : "lapsed";
  if (time < request.opensAt) return "waiting";
  return time < emergencyClosesAt(request) ? "open" : "closed";
}

/** What stands for a contact on chain. `salt`: 32 random bytes, known to patient and contact. */
export function emergencyContactCommitment(patient: Address, contact: Address, salt: Hex): Hex {
  const types = [{ type: "address" }, { type: "address" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [patient, contact, salt]));
}

/** What stands for a reason on chain. `salt`: 32 random bytes, told with the reason to who may read it. */
export function emergencyReasonCommitment(reason: string, salt: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: "string" }, { type: "bytes32" }], [reason, salt]));
}

type Bound = Bounded<"emergencyAccess">;

const domainIn = ({ chainId, emergencyAccess }: Bound["deployment"]) => domainOf(chainId, emergencyAccess);

/** A patient turns emergency access on, or changes it. `delay` in seconds; `nonce`: the next one in the EmergencyAccess contract. */
export function configureEmergencyTypedData(
  input: Bound & { patient: Address; delay: number; contacts: readonly Hex[]; nonce: bigint },
) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: {
      ConfigureEmergency: [
        PATIENT,
        { name: "delay", type: "uint32" },
        { name: "contacts", type: "bytes32[]" },
        NONCE,
        DEADLINE,
      ],
    },
    primaryType: "ConfigureEmergency",
    message,
  } as const;
}

/** A patient turns emergency access off. `nonce`: the next one in the EmergencyAccess contract. */
export function disableEmergencyTypedData(input: Bound & { patient: Address; nonce: bigint }) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: { DisableEmergency: [PATIENT, NONCE, DEADLINE] },
    primaryType: "DisableEmergency",
    message,
  } as const;
}

/** Somebody concerned stops a request. `salt`: the account's own as a contact; zero for the patient and the clinicians. */
export function stopEmergencyTypedData(input: Bound & { account: Address; id: Hex; salt: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainIn(deployment),
    types: {
      StopEmergency: [ACCOUNT, { name: "id", type: "bytes32" }, { name: "salt", type: "bytes32" }, DEADLINE],
    },
    primaryType: "StopEmergency",
    message,
  } as const;
}
