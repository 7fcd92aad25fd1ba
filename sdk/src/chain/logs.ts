/**
 * @module chain/logs
 * Reads event logs in ranges that a node accepts: halves a range when the node refuses it, widens again when it answers.
 */
import { SdkError } from "../errors.ts";

/** Reads logs of the closed block range [fromBlock, toBlock]. */
export type RangeReader<Log> = (fromBlock: bigint, toBlock: bigint) => Promise<Log[]>;

const LARGEST_RANGE = 1_000_000n;

/**
 * All logs of the closed range, in order, however small the ranges that the node allows.
 * @param read - one `eth_getLogs` call; it rejects when the range is too large for the node.
 * @throws SdkError CHAIN_UNAVAILABLE when even a single block is refused.
 */
export async function readLogsInRanges<Log>(
  read: RangeReader<Log>,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Log[]> {
  const logs: Log[] = [];
  let start = fromBlock;
  let size = LARGEST_RANGE;
  while (start <= toBlock) {
    const end = start + size - 1n < toBlock ? start + size - 1n : toBlock;
    try {
      logs.push(...(await read(start, end)));
    } catch (cause) {
      if (start === end) throw new SdkError("CHAIN_UNAVAILABLE", `the node gave no logs of block ${start}`, { cause });
      size = (end - start + 1n) / 2n;
      continue;
    }
    start = end + 1n;
    if (size < LARGEST_RANGE) size *= 2n;
  }
  return logs;
}
