/**
 * @module chain/succession
 * Reads of the Succession contract: who follows whom, and what guardians said.
 */
import type { PublicClient } from "viem";
import type { Address, Hex } from "../bytes.ts";
import { successionAbi } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import type { Guardianship, SuccessionClaim } from "../identity/index.ts";
import { createEventReader, guarded } from "./events.ts";

/** Reads of the Succession contract. All reject with SdkError CHAIN_UNAVAILABLE when the node fails. */
export type SuccessionReads = {
  /** Who follows an account; null when nobody does. */
  successorOf(account: Address): Promise<Address | null>;
  /** Whom an account follows; null when nobody. */
  predecessorOf(account: Address): Promise<Address | null>;
  guardianshipOf(account: Address): Promise<Guardianship>;
  claimOf(predecessor: Address, successor: Address): Promise<SuccessionClaim>;
  /** The commitments that an account set last; none when it removed them. */
  commitmentsOf(account: Address): Promise<readonly Hex[]>;
  /** Accounts for which guardians of this one vouched, oldest first, each once. */
  vouchedFor(predecessor: Address): Promise<Address[]>;
  /** The guardians whose word for a successor stands, oldest first: nobody objected or changed the guardians since. */
  vouchersOf(predecessor: Address, successor: Address): Promise<Address[]>;
  /** The least waiting time, seconds. */
  leastDelay(): Promise<number>;
};

const NOBODY = `0x${"00".repeat(20)}`;

/** Reads over the deployment's node. */
export function createSuccessionReads(publicClient: PublicClient, deployment: Deployment): SuccessionReads {
  const contract = { address: deployment.succession, abi: successionAbi } as const;
  const deployBlock = BigInt(deployment.deployBlock);
  const eventLogs = createEventReader({ publicClient, ...contract, deployBlock });
  const orNull = (account: Address) => (account === NOBODY ? null : account);
  return {
    successorOf: (account) =>
      guarded(async () =>
        orNull(await publicClient.readContract({ ...contract, functionName: "successorOf", args: [account] })),
      ),
    predecessorOf: (account) =>
      guarded(async () =>
        orNull(await publicClient.readContract({ ...contract, functionName: "predecessorOf", args: [account] })),
      ),
    guardianshipOf: (account) =>
      guarded(() => publicClient.readContract({ ...contract, functionName: "guardianshipOf", args: [account] })),
    claimOf: (predecessor, successor) =>
      guarded(() =>
        publicClient.readContract({ ...contract, functionName: "claimOf", args: [predecessor, successor] }),
      ),
    commitmentsOf: async (account) => (await eventLogs(["GuardiansSet"], [account])).at(-1)?.args.commitments ?? [],
    vouchedFor: async (predecessor) => [
      ...new Set((await eventLogs(["Vouched"], [predecessor])).map(({ args }) => args.successor)),
    ],
    vouchersOf: async (predecessor, successor) => {
      const [words, rounds] = await Promise.all([
        eventLogs(["Vouched"], [predecessor, successor]),
        eventLogs(["GuardiansSet", "Vetoed"], [predecessor]),
      ]);
      const began = rounds.at(-1);
      return words.filter((said) => began === undefined || isAfter(said, began)).map(({ args }) => args.guardian);
    },
    leastDelay: () => guarded(() => publicClient.readContract({ ...contract, functionName: "leastDelay" })),
  };
}

/** Whether one event came after another. */
function isAfter(event: EventPlace, other: EventPlace): boolean {
  if (event.blockNumber !== other.blockNumber) return event.blockNumber > other.blockNumber;
  return event.logIndex > other.logIndex;
}

type EventPlace = { blockNumber: bigint; logIndex: number };
