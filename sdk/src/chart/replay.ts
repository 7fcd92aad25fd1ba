/**
 * @module chart/replay
 * Folds a chart's acts and says what they mean. The ids of entries are computed, never taken from the events; the result can be
 * trusted when `verifyHead` accepts it against a head that several nodes or keepers name.
 */
import { zeroHash } from "viem";
import type { Address, Hex } from "../bytes.ts";
import { VERDICT_APPROVE } from "../contracts/index.ts";
import { SdkError } from "../errors.ts";
import { compareActs, type ChartAct } from "./act.ts";
import { foldAct, genesisHead, type ChartOwner } from "./fold.ts";

/** A checkpoint is kept after every so many acts. */
export const CHECKPOINT_INTERVAL = 1024;

/** One item of a chart. */
export type ChartEntry = {
  /** Head of the chart right after the act that brought it. */
  entryId: Hex;
  /** Position of that act in the chart, from 0. */
  index: number;
  kind: "submit" | "add";
  /** Who wrote it: the clinician, or the patient for what the patient added. */
  author: Address;
  /** sha-256 of the record block. */
  pointer: Hex;
  /** The entry that this one amends, when that is allowed; else null. */
  supersedes: Hex | null;
  /** The latest approved entry that amends this one. */
  supersededBy: Hex | null;
  /** What the patient added is approved from the start. */
  status: "pending" | "approved" | "denied";
  /** Block of the decision that stands. */
  decidedAtBlock?: bigint;
  blockNumber: bigint;
  blockHash: Hex;
  txHash: Hex;
};

/** A head that was verified once: later replays must pass through it. */
export type ChartCheckpoint = {
  /** Number of acts folded. */
  index: number;
  head: Hex;
  /** Block of the last of them. When it is no longer part of the chain, the checkpoint is void. */
  blockNumber: bigint;
  blockHash: Hex;
};

/** What a chart's acts come to. */
export type Chart = {
  patient: Address;
  /** The fold over all acts. */
  head: Hex;
  /** Number of acts folded. */
  actCount: number;
  entries: ChartEntry[];
  /** Blocks that the patient announced, oldest first. */
  notes: { digest: Hex; blockNumber: bigint }[];
  /** Blocks of wrapped keys, oldest first, with the approved entries that their acts name. */
  wraps: { digest: Hex; entryIds: Hex[] }[];
  /** One after every {@link CHECKPOINT_INTERVAL} acts; to be kept once the chart is verified. */
  checkpoints: ChartCheckpoint[];
  /** The first act that contradicts an id claimed by its event, or the checkpoint; null when none does. */
  mismatch: { index: number; entryId: Hex | null } | null;
};

/** What {@link replay} takes. */
export type ReplayInput = ChartOwner & {
  /** All acts of this contract on this patient's chart, from the first one on. */
  acts: readonly ChartAct[];
  /** A head verified before, still on the canonical chain. */
  checkpoint?: ChartCheckpoint;
};

/**
 * Folds and interprets a chart.
 *
 * The first decision on an entry stands; one on an unknown id does nothing. In a batch, approvals come before denials.
 * `supersedes` counts when it names an approved entry by the same author, or when the patient amends.
 * @throws SdkError MALFORMED when an act has a field of the wrong length, or the acts are not in the order of the chain.
 */
export function replay({ chainId, carekey, patient, acts, checkpoint }: ReplayInput): Chart {
  const entries = new Map<Hex, ChartEntry>();
  const wraps: { digest: Hex; entryIds: readonly Hex[] }[] = [];
  const chart: Chart = {
    patient,
    head: genesisHead({ chainId, carekey, patient }),
    actCount: acts.length,
    entries: [],
    notes: [],
    wraps: [],
    checkpoints: [],
    mismatch: null,
  };

  const find = (entryId: Hex) => entries.get(lower(entryId));

  acts.forEach((act, index) => {
    const previous = acts[index - 1];
    if (previous !== undefined && compareActs(previous, act) >= 0) {
      throw new SdkError("MALFORMED", `act ${index} is not in the order of the chain`, { details: { index } });
    }
    const { blockNumber, blockHash, txHash } = act;
    chart.head = foldAct(chart.head, act);

    switch (act.kind) {
      case "submit":
      case "add": {
        const entryId = chart.head;
        if (lower(act.entryId) !== entryId) chart.mismatch ??= { index, entryId: act.entryId };
        entries.set(entryId, {
          entryId,
          index,
          kind: act.kind,
          author: act.kind === "submit" ? act.author : patient,
          pointer: act.pointer,
          supersedes: act.supersedes === zeroHash ? null : lower(act.supersedes),
          supersededBy: null,
          status: act.kind === "submit" ? "pending" : "approved",
          blockNumber,
          blockHash,
          txHash,
        });
        if (act.kind === "add") wraps.push({ digest: act.wraps, entryIds: [entryId] });
        break;
      }
      case "decide":
        decide(find(act.entryId), act.verdict === VERDICT_APPROVE ? "approved" : "denied", blockNumber);
        wraps.push({ digest: act.wraps, entryIds: [lower(act.entryId)] });
        break;
      case "batch":
        for (const entryId of act.approved) decide(find(entryId), "approved", blockNumber);
        for (const entryId of act.denied) decide(find(entryId), "denied", blockNumber);
        wraps.push({ digest: act.wraps, entryIds: act.approved.map(lower) });
        break;
      case "note":
        chart.notes.push({ digest: act.digest, blockNumber });
    }

    const folded = index + 1;
    if (checkpoint?.index === folded && checkpoint.head !== chart.head) chart.mismatch ??= { index, entryId: null };
    if (folded % CHECKPOINT_INTERVAL === 0) {
      chart.checkpoints.push({ index: folded, head: chart.head, blockNumber, blockHash });
    }
  });
  if (checkpoint !== undefined && checkpoint.index > acts.length) {
    chart.mismatch ??= { index: acts.length, entryId: null };
  }

  chart.entries = [...entries.values()];
  judgeSupersedes(chart.entries, entries, patient);
  chart.wraps = wraps
    .map(({ digest, entryIds }) => ({
      digest,
      entryIds: [...new Set(entryIds)].filter((entryId) => entries.get(entryId)?.status === "approved"),
    }))
    .filter(({ digest, entryIds }) => digest !== zeroHash && entryIds.length > 0);
  return chart;
}

/**
 * Accepts a chart whose fold is the head that the chain has.
 * @param expectedHead - `head(patient)` at the block up to which the acts were read.
 * @throws SdkError HISTORY_MISMATCH: something was left out, added or altered. `details` = `{ index, entryId }` of the first act that
 * cannot be, each null where it cannot be told: the fault lies there or between the entry before it and there.
 */
export function verifyHead(chart: Chart, expectedHead: Hex): void {
  if (chart.head === lower(expectedHead)) return;
  const { index, entryId } = chart.mismatch ?? { index: null, entryId: null };
  const place = index === null ? "" : `, first seen at act ${index}`;
  throw new SdkError("HISTORY_MISMATCH", `the history served does not lead to the head on chain${place}`, {
    details: { index, entryId },
  });
}

/**
 * The newest checkpoint whose block is still part of the chain.
 * @param checkpoints - Checkpoints of verified charts of one patient, in any order.
 * @param blockHashOf - The canonical hash at a block number, null when there is no such block.
 */
export async function latestCanonical(
  checkpoints: readonly ChartCheckpoint[],
  blockHashOf: (blockNumber: bigint) => Promise<Hex | null>,
): Promise<ChartCheckpoint | undefined> {
  for (const checkpoint of [...checkpoints].sort((left, right) => right.index - left.index)) {
    if ((await blockHashOf(checkpoint.blockNumber)) === checkpoint.blockHash) return checkpoint;
  }
  return undefined;
}

function decide(entry: ChartEntry | undefined, status: "approved" | "denied", blockNumber: bigint): void {
  if (entry?.status !== "pending") return;
  entry.status = status;
  entry.decidedAtBlock = blockNumber;
}

/** An amendment shows only when it is approved itself: what waits or was refused leaves the older entry as it is. */
function judgeSupersedes(
  ordered: readonly ChartEntry[],
  entries: ReadonlyMap<Hex, ChartEntry>,
  patient: Address,
): void {
  for (const entry of ordered) {
    const older = entry.supersedes === null ? undefined : entries.get(entry.supersedes);
    const allowed =
      older !== undefined &&
      older.status === "approved" &&
      [patient, older.author].some((author) => lower(author) === lower(entry.author));
    if (!allowed) entry.supersedes = null;
    else if (entry.status === "approved") older.supersededBy = entry.entryId;
  }
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}
