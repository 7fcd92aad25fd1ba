/**
 * @module bench/view
 * How long a chart of 300 records takes to replay and verify, in process.
 */
import { foldAct, genesisHead, replay, verifyHead, type ActFields, type ChartAct } from "@carekey/sdk/chart";
import { keccak256, toHex, zeroHash, type Hex } from "viem";
import { atMost, leastMilliseconds, type BenchPart } from "./result.ts";

const RECORDS = 300;
const owner = {
  chainId: 31337,
  carekey: `0x${"c0".repeat(20)}`,
  patient: `0x${"a1".repeat(20)}`,
} as const;
const digest = (text: string): Hex => keccak256(toHex(text));

/** 300 entries of a clinician, each approved by the patient. */
function chart(): { acts: ChartAct[]; head: Hex } {
  const acts: ChartAct[] = [];
  let head = genesisHead(owner);
  const push = (fields: ActFields): void => {
    head = foldAct(head, fields);
    const number = BigInt(acts.length + 1);
    const named = fields.kind === "submit" ? { ...fields, entryId: head } : fields;
    acts.push({
      ...named,
      blockNumber: number,
      blockHash: digest(`block ${number}`),
      logIndex: 0,
      txHash: digest(`tx ${number}`),
    });
  };
  for (let index = 0; index < RECORDS; index++) {
    const pointer = digest(`record ${index}`);
    push({ kind: "submit", entryId: zeroHash, author: `0x${"d0".repeat(20)}`, pointer, supersedes: zeroHash });
    push({ kind: "decide", entryId: head, verdict: 1, wraps: digest(`wraps ${index}`) });
  }
  return { acts, head };
}

/** Time of a verified view. */
export const view: BenchPart = {
  name: "view",
  run: async () => {
    const { acts, head } = chart();
    const times = await leastMilliseconds({ view: () => verifyHead(replay({ ...owner, acts }), head) }, 20);
    return [atMost(`verify a chart of ${RECORDS} records`, times.view, "ms", 15)];
  },
};
