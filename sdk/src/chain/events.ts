/**
 * @module chain/events
 * Reads the events of one contract, in ranges that the node accepts, from the block in which it was deployed.
 */
import {
  encodeEventTopics,
  formatLog,
  numberToHex,
  pad,
  parseEventLogs,
  type Abi,
  type ContractEventName,
  type LogTopic,
  type ParseEventLogsReturnType,
  type PublicClient,
} from "viem";
import type { Address, Hex } from "../bytes.ts";
import { chainFailure } from "./failure.ts";
import { readLogsInRanges } from "./logs.ts";

/** Reads logs of some of a contract's events, narrowed by up to three indexed arguments (null: any). */
export type EventReader<ContractAbi extends Abi> = <const Name extends ContractEventName<ContractAbi>>(
  eventNames: readonly Name[],
  indexed: readonly (Address | Hex | null)[],
  toBlock?: bigint,
  fromBlock?: bigint,
) => Promise<ParseEventLogsReturnType<ContractAbi, Name[], true>>;

/** Runs a read and turns its failure into an SdkError. @throws SdkError CHAIN_UNAVAILABLE, CONTRACT_REVERTED */
export async function guarded<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw chainFailure(error);
  }
}

/** An {@link EventReader} for one contract. */
export function createEventReader<const ContractAbi extends Abi>(contract: {
  publicClient: PublicClient;
  address: Address;
  abi: ContractAbi;
  deployBlock: bigint;
}): EventReader<ContractAbi> {
  const { publicClient, address, deployBlock } = contract;
  const abi: Abi = contract.abi;
  return (eventNames, indexed, toBlock, fromBlock = deployBlock) =>
    guarded(async () => {
      const last = toBlock ?? (await publicClient.getBlockNumber());
      const signatures = eventNames.map((eventName) => encodeEventTopics({ abi, eventName })[0] as Hex);
      const topics: LogTopic[] = [signatures, ...indexed.map((value) => (value === null ? null : pad(value)))];
      const rpcLogs = await readLogsInRanges(
        (from, to) =>
          publicClient.request({
            method: "eth_getLogs",
            params: [{ address, topics, fromBlock: numberToHex(from), toBlock: numberToHex(to) }],
          }),
        fromBlock,
        last,
      );
      const logs = rpcLogs.map((log) => formatLog(log));
      return parseEventLogs({ abi: contract.abi, eventName: [...eventNames], logs, strict: true });
    });
}
