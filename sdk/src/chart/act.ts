/**
 * @module chart/act
 * The acts that make a chart, as the contract's events tell them. Reading them proves nothing yet: see `replay` and `verifyHead`.
 */
import { getAddress } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";

/** Where an act stands on the chain. */
export type ActPosition = { blockNumber: bigint; blockHash: Hex; logIndex: number; txHash: Hex };

/** What an act did. `entryId` is what the event claims; 32 zero bytes stand for "none" in `wraps` and `supersedes`. */
export type ActFields =
  | { kind: "submit"; entryId: Hex; author: Address; pointer: Hex; supersedes: Hex }
  | { kind: "add"; entryId: Hex; pointer: Hex; wraps: Hex; supersedes: Hex }
  | { kind: "decide"; entryId: Hex; verdict: number; wraps: Hex }
  | { kind: "batch"; approved: readonly Hex[]; denied: readonly Hex[]; wraps: Hex }
  | { kind: "note"; digest: Hex };

/** One act on a chart. */
export type ChartAct = ActFields & ActPosition;

type Logged<Name extends string, Args> = {
  eventName: Name;
  args: Args;
  blockNumber: bigint;
  blockHash: Hex;
  logIndex: number;
  transactionHash: Hex;
};

/** A decoded event of a chart, as viem's `parseEventLogs` gives it. */
export type ChartLog =
  | Logged<"Submitted", { author: Address; entryId: Hex; pointer: Hex; supersedes: Hex }>
  | Logged<"Added", { entryId: Hex; pointer: Hex; wraps: Hex; supersedes: Hex }>
  | Logged<"Decided", { entryId: Hex; verdict: number; wraps: Hex }>
  | Logged<"BatchDecided", { approved: readonly Hex[]; denied: readonly Hex[]; wraps: Hex }>
  | Logged<"Noted", { digest: Hex }>;

/**
 * The acts that these events tell, in the order of the chain.
 * @param logs - Events of one contract and one patient, in any order.
 */
export function actsFromLogs(logs: readonly ChartLog[]): ChartAct[] {
  return logs
    .map((log) => ({
      ...fieldsOf(log),
      blockNumber: log.blockNumber,
      blockHash: log.blockHash,
      logIndex: log.logIndex,
      txHash: log.transactionHash,
    }))
    .sort(compareActs);
}

/** Order of the chain: by block, then by log index. */
export function compareActs(left: ActPosition, right: ActPosition): number {
  return left.blockNumber === right.blockNumber
    ? left.logIndex - right.logIndex
    : left.blockNumber < right.blockNumber
      ? -1
      : 1;
}

function fieldsOf(log: ChartLog): ActFields {
  switch (log.eventName) {
    case "Submitted": {
      const { entryId, author, pointer, supersedes } = log.args;
      return { kind: "submit", entryId, author: getAddress(author), pointer, supersedes };
    }
    case "Added": {
      const { entryId, pointer, wraps, supersedes } = log.args;
      return { kind: "add", entryId, pointer, wraps, supersedes };
    }
    case "Decided": {
      const { entryId, verdict, wraps } = log.args;
      return { kind: "decide", entryId, verdict, wraps };
    }
    case "BatchDecided": {
      const { approved, denied, wraps } = log.args;
      return { kind: "batch", approved, denied, wraps };
    }
    case "Noted":
      return { kind: "note", digest: log.args.digest };
  }
}
