/**
 * @module chain/emergency
 * Reads of the EmergencyAccess contract: what a patient decided, requests, and what happened to them.
 */
import type { PublicClient } from "viem";
import type { Address, Hex } from "../bytes.ts";
import type { EmergencyRequestState, EmergencySettings } from "../consent/index.ts";
import { emergencyAccessAbi } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { createEventReader, guarded } from "./events.ts";

/** That a request was made. */
export type EmergencyRequested = {
  id: Hex;
  patient: Address;
  requester: Address;
  reasonCommitment: Hex;
  blockNumber: bigint;
};

/** That a request was stopped. */
export type EmergencyStopped = { id: Hex; by: Address; hadOpened: boolean };

/** Reads of the EmergencyAccess contract. All reject with SdkError CHAIN_UNAVAILABLE when the node fails. */
export type EmergencyReads = {
  settingsOf(patient: Address): Promise<EmergencySettings>;
  /** null when there is no such request. */
  requestOf(id: Hex): Promise<EmergencyRequestState | null>;
  /** A clinician's newest request; null when there never was one. */
  latestOf(requester: Address): Promise<Hex | null>;
  /** How long a verification must have stood to count, seconds. */
  seniority(): Promise<number>;
  /** All requests, or one, or those about one patient or by one clinician, oldest first. */
  requests(filter?: { id?: Hex; patient?: Address; requester?: Address }): Promise<EmergencyRequested[]>;
  /** The blocks in which a patient turned emergency access off. Round `index` ended in the one at that place. */
  roundEnds(patient: Address): Promise<bigint[]>;
  /** Who stopped which requests: all, or those about one patient. */
  stops(patient?: Address): Promise<EmergencyStopped[]>;
};

const ZERO = `0x${"00".repeat(32)}`;

/** Reads over the deployment's node. */
export function createEmergencyReads(publicClient: PublicClient, deployment: Deployment): EmergencyReads {
  const contract = { address: deployment.emergencyAccess, abi: emergencyAccessAbi } as const;
  const deployBlock = BigInt(deployment.deployBlock);
  const eventLogs = createEventReader({ publicClient, ...contract, deployBlock });
  return {
    settingsOf: (patient) =>
      guarded(async () => {
        const read = { ...contract, functionName: "settingsOf", args: [patient] } as const;
        const [{ enabled, delay, round }, contacts] = await publicClient.readContract(read);
        return { enabled, delaySeconds: delay, round, contacts };
      }),
    requestOf: (id) =>
      guarded(async () => {
        const request = await publicClient.readContract({ ...contract, functionName: "requestOf", args: [id] });
        return request.requestedAt === 0 ? null : request;
      }),
    latestOf: (requester) =>
      guarded(async () => {
        const id = await publicClient.readContract({ ...contract, functionName: "latestOf", args: [requester] });
        return id === ZERO ? null : id;
      }),
    seniority: () => guarded(() => publicClient.readContract({ ...contract, functionName: "seniority" })),
    requests: async ({ id, patient, requester } = {}) =>
      (await eventLogs(["EmergencyRequested"], [id ?? null, patient ?? null, requester ?? null])).map(
        ({ args, blockNumber }) => ({
          id: args.id,
          patient: args.patient,
          requester: args.requester,
          reasonCommitment: args.reasonCommitment,
          blockNumber,
        }),
      ),
    roundEnds: async (patient) =>
      (await eventLogs(["EmergencyDisabled"], [patient])).map(({ blockNumber }) => blockNumber),
    stops: async (patient) =>
      (await eventLogs(["EmergencyStopped"], [null, patient ?? null])).map(({ args }) => ({
        id: args.id,
        by: args.by,
        hadOpened: args.hadOpened,
      })),
  };
}
