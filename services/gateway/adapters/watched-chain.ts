/**
 * @module services/gateway/adapters/watched-chain
 * The chain as the watcher of notifications reads it, over viem.
 */
import { BlockNotFoundError, type PublicClient } from "viem";
import { concat, keccak256 } from "viem/utils";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { chainFailure, createEventReader } from "@carekey/sdk/chain";
import { carekeyAbi, emergencyAccessAbi, successionAbi } from "@carekey/sdk/contracts";
import type { Deployment } from "@carekey/sdk/deployment";
import type { WatchedChain, WatchedEvent } from "../notifications/types.ts";
import { WATCHED } from "../notifications/wake-ups.ts";

/** The deployment's chain over one node. */
export function createWatchedChain(publicClient: PublicClient, deployment: Deployment): WatchedChain {
  const deployBlock = BigInt(deployment.deployBlock);
  const law = createEventReader({ publicClient, address: deployment.carekey, abi: carekeyAbi, deployBlock });
  const emergencies = createEventReader({
    publicClient,
    address: deployment.emergencyAccess,
    abi: emergencyAccessAbi,
    deployBlock,
  });
  const successions = createEventReader({
    publicClient,
    address: deployment.succession,
    abi: successionAbi,
    deployBlock,
  });
  return {
    async block(number) {
      try {
        const found = await publicClient.getBlock(
          number === undefined ? { blockTag: "latest" } : { blockNumber: BigInt(number) },
        );
        return { number: Number(found.number), hash: found.hash, timestamp: Number(found.timestamp) };
      } catch (error) {
        if (error instanceof BlockNotFoundError) return null;
        throw chainFailure(error);
      }
    },
    async events(fromBlock, toBlock) {
      const [from, to] = [BigInt(fromBlock), BigInt(toBlock)];
      const found = await Promise.all([
        law(WATCHED.carekey, [], to, from),
        emergencies(WATCHED.emergencyAccess, [], to, from),
        successions(WATCHED.succession, [], to, from),
      ]);
      return found
        .flat()
        .sort((left, right) => Number(left.blockNumber - right.blockNumber) || left.logIndex - right.logIndex)
        .map((log): WatchedEvent => ({
          name: log.eventName,
          args: log.args,
          digest: keccak256(concat([log.address, ...log.topics, log.data])),
          txHash: log.transactionHash,
          blockNumber: Number(log.blockNumber),
          blockHash: log.blockHash,
        }));
    },
    async authorsOf(entryIds) {
      const authors = new Map<Hex, Address>();
      for (const id of entryIds) {
        const [submitted] = await law(["Submitted"], [null, null, id]);
        if (submitted !== undefined) authors.set(id, submitted.args.author);
      }
      return authors;
    },
    async cliniciansOf(requestIds) {
      const clinicians = new Map<Hex, Address[]>();
      for (const id of requestIds) {
        const [asked, confirmed] = await Promise.all([
          emergencies(["EmergencyRequested"], [id]),
          emergencies(["EmergencyCoSigned"], [id]),
        ]);
        const both = [...asked.map(({ args }) => args.requester), ...confirmed.map(({ args }) => args.coSigner)];
        clinicians.set(id, both);
      }
      return clinicians;
    },
  };
}
