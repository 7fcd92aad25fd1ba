/**
 * @module client/charts
 * A chart read from a node and held against its head: from the node itself and from the keepers, who each ask a node of their own.
 */
import type { Address, Hex } from "../bytes.ts";
import { foldAct, genesisHead, replay, verifyHead, type Chart, type ChartAct } from "../chart/index.ts";
import { isSdkError } from "../errors.ts";
import { keptFor } from "./kept.ts";
import type { Carekey, VerifiedChart } from "./types.ts";

/** A verified chart and the replay it rests on. */
export type LoadedChart = { chart: VerifiedChart; replayed: Chart };

/** Every head that a history passed through, the empty one first. */
function headsOf(carekey: Carekey, patient: Address, acts: readonly ChartAct[]): Set<Hex> {
  const { chainId, carekey: contract } = carekey.deployment;
  let head = genesisHead({ chainId, carekey: contract, patient });
  const heads = new Set([head]);
  for (const act of acts) heads.add((head = foldAct(head, act)));
  return heads;
}

/** How long the last keepers are waited for when the others have settled the matter. */
const STRAGGLER_MILLISECONDS = 1_000;

/** A keeper's word on a chart's head at its latest block. */
type HeadWord = { keeper: Address; head: Hex; blockNumber: number };

/**
 * The heads that keepers name, without those that do not answer in time. Once so many name one head that the rest could not
 * change the verdict, the rest has a moment left: a keeper that is stuck holds nobody up.
 */
async function keeperHeads(carekey: Carekey, patient: Address): Promise<HeadWord[]> {
  const words: HeadWord[] = [];
  const { promise: isSettled, resolve: settle } = Promise.withResolvers<void>();
  const { threshold } = carekey.deployment;
  const asked = carekey.keepers.map(async (keeper) => {
    words.push({ keeper: keeper.address, ...(await keeper.chartHead(patient)) });
    const agreeing = Math.max(...words.map(({ head }) => words.filter((word) => word.head === head).length));
    const others = carekey.keepers.length - agreeing;
    if (agreeing >= threshold && others < threshold) setTimeout(settle, STRAGGLER_MILLISECONDS);
  });
  await Promise.race([Promise.allSettled(asked), isSettled]);
  return [...words];
}

/**
 * Reads and verifies a chart: all acts up to the latest block fold to the head that the node names for that block, and the
 * keepers name that head too. A difference is a verdict, not an exception, so that the screen can show what is there and say what is wrong.
 * @throws SdkError CHAIN_UNAVAILABLE
 */
export async function loadChart(carekey: Carekey, patient: Address): Promise<LoadedChart> {
  const { deployment, chain } = carekey;
  const block = await chain.block();
  const [acts, head, words] = await Promise.all([
    chain.chartActs(patient, block.number),
    chain.headOf(patient, block.number),
    keeperHeads(carekey, patient),
  ]);
  const replayed = replay({ chainId: deployment.chainId, carekey: deployment.carekey, patient, acts });
  const problem =
    findProblem(replayed, head) ?? findDissent(carekey, headsOf(carekey, patient, acts), words, block.number);
  const agreeing = words.filter((word) => word.head === head).length;
  return {
    replayed,
    chart: {
      patient,
      entries: replayed.entries,
      head,
      block,
      headSources: 1 + agreeing,
      verdict: problem !== null ? "mismatch" : agreeing >= deployment.threshold ? "verified" : "unconfirmed",
      problem,
    },
  };
}

function findProblem(replayed: Chart, head: Hex): VerifiedChart["problem"] {
  try {
    verifyHead(replayed, head);
    return null;
  } catch (error) {
    if (!isSdkError(error, "HISTORY_MISMATCH")) throw error;
    const { entryId, index } = error.details as { entryId?: Hex; index?: number };
    return { entryId: entryId ?? null, index: index ?? null, message: error.message };
  }
}

/**
 * A keeper that names another head at the same or an earlier block, one that this history never passed through: then the node
 * that served this history left something out or made something up. A keeper ahead of this node says nothing yet.
 */
function findDissent(
  carekey: Carekey,
  heads: ReadonlySet<Hex>,
  words: readonly HeadWord[],
  blockNumber: bigint,
): VerifiedChart["problem"] {
  const dissenting = words.filter((word) => BigInt(word.blockNumber) <= blockNumber && !heads.has(word.head));
  // Fewer than t dissenters may be lying keepers; with t of them, one at least is honest.
  if (dissenting.length < carekey.deployment.threshold) return null;
  return {
    entryId: null,
    index: null,
    message: "the keepers know another history than the one that was served",
  };
}

/** A chart as anybody may read it: acts without content. @throws SdkError CHAIN_UNAVAILABLE */
export async function readChart(carekey: Carekey, patient: Address): Promise<VerifiedChart> {
  return (await loadChart(carekey, patient)).chart;
}

const timestampsReadBy = keptFor<Carekey, Map<bigint, number>>(() => new Map());

/** When a block was made, seconds. Cached by number: final blocks do not change their time. */
export async function timeOfBlock(carekey: Carekey, blockNumber: bigint): Promise<number> {
  const known = timestampsReadBy(carekey);
  const cached = known.get(blockNumber);
  if (cached !== undefined) return cached;
  const { timestamp } = await carekey.chain.block(blockNumber);
  known.set(blockNumber, timestamp);
  return timestamp;
}
