/**
 * @module chain/administration
 * What registrars and administrators did, as the chain has it: licences, emergency reviews and roles. Open to everybody.
 */
import type { PublicClient } from "viem";
import type { Address, Hex } from "../bytes.ts";
import { carekeyAbi, emergencyAccessAbi } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { createEventReader, guarded } from "./events.ts";

/** An act of somebody in office about one account. `by` decided; times in seconds. */
export type AdministrativeEvent = {
  kind:
    | "verified"
    | "suspended"
    | "restored"
    | "emergency-justified"
    | "emergency-unjustified"
    | "registrar-appointed"
    | "registrar-dismissed"
    | "administrator-appointed"
    | "administrator-dismissed";
  account: Address;
  by: Address;
  /** Until when a licence was confirmed; null for other acts. */
  validUntil: number | null;
  blockNumber: bigint;
  logIndex: number;
  txHash: Hex;
};

const DEFAULT_ADMIN_ROLE: Hex = `0x${"00".repeat(32)}`;
const LICENCE_KINDS = { Verified: "verified", Suspended: "suspended", Restored: "restored" } as const;

/** Every administrative act since the deployment, oldest first. @throws SdkError CHAIN_UNAVAILABLE */
export async function readAdministrativeEvents(
  publicClient: PublicClient,
  deployment: Deployment,
): Promise<AdministrativeEvent[]> {
  const deployBlock = BigInt(deployment.deployBlock);
  const carekey = { publicClient, address: deployment.carekey, abi: carekeyAbi, deployBlock };
  const emergency = { publicClient, address: deployment.emergencyAccess, abi: emergencyAccessAbi, deployBlock };
  const lawEvents = createEventReader(carekey);
  const emergencyEvents = createEventReader(emergency);
  const [registrarRole, licences, roles, reviews] = await Promise.all([
    guarded(() => publicClient.readContract({ ...carekey, functionName: "REGISTRAR_ROLE" })),
    lawEvents(["Verified", "Suspended", "Restored"], []),
    lawEvents(["RoleGranted", "RoleRevoked"], []),
    emergencyEvents(["EmergencyReviewed"], []),
  ]);
  const requesters = await requestersOf(
    emergencyEvents,
    reviews.map(({ args }) => args.id),
  );
  const events: AdministrativeEvent[] = [
    ...licences.map((log) => ({
      ...placeOf(log),
      kind: LICENCE_KINDS[log.eventName],
      account: log.args.account,
      by: log.args.registrar,
      validUntil: log.eventName === "Verified" ? log.args.validUntil : null,
    })),
    ...roles.flatMap((log) => {
      const office =
        log.args.role === registrarRole
          ? ("registrar" as const)
          : log.args.role === DEFAULT_ADMIN_ROLE
            ? ("administrator" as const)
            : null;
      if (office === null) return [];
      const change = log.eventName === "RoleGranted" ? ("appointed" as const) : ("dismissed" as const);
      const kind = `${office}-${change}` as const;
      return [{ ...placeOf(log), kind, account: log.args.account, by: log.args.sender, validUntil: null }];
    }),
    ...reviews.flatMap((log): AdministrativeEvent[] => {
      const account = requesters.get(log.args.id);
      if (account === undefined) return [];
      const kind = log.args.justified ? "emergency-justified" : "emergency-unjustified";
      return [{ ...placeOf(log), kind, account, by: log.args.registrar, validUntil: null }];
    }),
  ];
  return events.sort((left, right) =>
    left.blockNumber === right.blockNumber
      ? left.logIndex - right.logIndex
      : left.blockNumber < right.blockNumber
        ? -1
        : 1,
  );
}

function placeOf({ blockNumber, logIndex, transactionHash }: PlacedLog) {
  return { blockNumber, logIndex, txHash: transactionHash };
}

type PlacedLog = { blockNumber: bigint; logIndex: number; transactionHash: Hex };

/** Who made the requests with these ids. */
async function requestersOf(
  emergencyEvents: ReturnType<typeof createEventReader<typeof emergencyAccessAbi>>,
  ids: readonly Hex[],
): Promise<Map<Hex, Address>> {
  if (ids.length === 0) return new Map();
  const requests = await emergencyEvents(["EmergencyRequested"], []);
  return new Map(requests.map(({ args }) => [args.id, args.requester]));
}
