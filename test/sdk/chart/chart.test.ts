/**
 * @module test/sdk/chart/chart
 * The fold against golden vectors, what acts mean, and how a false history is noticed.
 */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { getAddress, zeroHash } from "viem";
import type { Hex } from "../../../sdk/src/bytes.ts";
import * as chart from "../../../sdk/src/chart/index.ts";
import { isSdkError, type SdkError, type SdkErrorCode } from "../../../sdk/src/errors.ts";

type Vectors = { owner: chart.ChartOwner; genesis: Hex; acts: { act: chart.ActFields; head: Hex }[] };
const vectors: Vectors = JSON.parse(await readFile(new URL("../../vectors/chart.json", import.meta.url), "utf8"));
const { owner } = vectors;

const PATIENT = owner.patient;
const DOCTOR = getAddress(`0x${"b2".repeat(20)}`);
const COLLEAGUE = getAddress(`0x${"c3".repeat(20)}`);
const word = (number: number): Hex => `0x${number.toString(16).padStart(64, "0")}`;

/** An act before it has an id. */
type Draft =
  | { kind: "submit"; author: Hex; pointer?: Hex; supersedes?: Hex }
  | { kind: "add"; pointer?: Hex; wraps?: Hex; supersedes?: Hex }
  | { kind: "decide"; entryId: Hex; verdict: number; wraps?: Hex }
  | { kind: "batch"; approved: Hex[]; denied: Hex[]; wraps?: Hex }
  | { kind: "note"; digest: Hex };

/** Honest histories: ids are what they fold to. */
function history() {
  const acts: chart.ChartAct[] = [];
  let head = chart.genesisHead(owner);
  const push = (draft: Draft): Hex => {
    const fields = {
      pointer: word(1),
      wraps: zeroHash,
      supersedes: zeroHash,
      entryId: zeroHash,
      ...draft,
    } as chart.ActFields;
    head = chart.foldAct(head, fields);
    const isEntry = fields.kind === "submit" || fields.kind === "add";
    const index = acts.length;
    acts.push({
      ...(isEntry ? { ...fields, entryId: head } : fields),
      blockNumber: BigInt(10 + index),
      blockHash: word(1_000 + index),
      logIndex: 0,
      txHash: word(2_000 + index),
    });
    return head;
  };
  return { acts, push, head: () => head };
}

const replay = (acts: readonly chart.ChartAct[], checkpoint?: chart.ChartCheckpoint) =>
  chart.replay({ ...owner, acts, ...(checkpoint === undefined ? {} : { checkpoint }) });

function refusalOf(act: () => unknown, code: SdkErrorCode): SdkError {
  try {
    act();
  } catch (error) {
    if (isSdkError(error, code)) return error;
    throw error;
  }
  throw new Error(`nothing was refused with ${code}`);
}

describe("chart", () => {
  describe("fold", () => {
    it("begins and goes on as the vectors say", () => {
      expect(chart.genesisHead(owner)).to.equal(vectors.genesis);
      let head = vectors.genesis;
      for (const { act, head: expected } of vectors.acts) {
        head = chart.foldAct(head, act);
        expect(head).to.equal(expected);
      }
    });

    it("refuses fields of a wrong length", () => {
      const head = vectors.genesis;
      const short = "0x1234";
      const acts: chart.ActFields[] = [
        { kind: "note", digest: short },
        { kind: "decide", entryId: short, verdict: 1, wraps: zeroHash },
        { kind: "decide", entryId: zeroHash, verdict: -1, wraps: zeroHash },
        { kind: "decide", entryId: zeroHash, verdict: 1.5, wraps: zeroHash },
        { kind: "submit", entryId: zeroHash, author: short, pointer: zeroHash, supersedes: zeroHash },
        { kind: "batch", approved: [short], denied: [], wraps: zeroHash },
      ];
      for (const act of acts) refusalOf(() => chart.foldAct(head, act), "MALFORMED");
      refusalOf(() => chart.foldAct(short, { kind: "note", digest: zeroHash }), "MALFORMED");
    });
  });

  describe("actsFromLogs", () => {
    it("puts events in the order of the chain and keeps their fields", () => {
      const place = { blockHash: word(1), transactionHash: word(2) };
      const acts = chart.actsFromLogs([
        { eventName: "Noted", args: { digest: word(5) }, blockNumber: 9n, logIndex: 0, ...place },
        {
          eventName: "BatchDecided",
          args: { approved: [word(1)], denied: [word(2)], wraps: zeroHash },
          blockNumber: 8n,
          logIndex: 3,
          ...place,
        },
        {
          eventName: "Decided",
          args: { entryId: word(4), verdict: 1, wraps: word(7) },
          blockNumber: 8n,
          logIndex: 2,
          ...place,
        },
        {
          eventName: "Added",
          args: { entryId: word(4), pointer: word(6), wraps: word(7), supersedes: zeroHash },
          blockNumber: 7n,
          logIndex: 1,
          ...place,
        },
        {
          eventName: "Submitted",
          args: { entryId: word(3), author: DOCTOR, pointer: word(6), supersedes: zeroHash },
          blockNumber: 7n,
          logIndex: 0,
          ...place,
        },
      ]);
      expect(acts.map(({ kind }) => kind)).to.deep.equal(["submit", "add", "decide", "batch", "note"]);
      expect(acts[0]).to.deep.equal({
        kind: "submit",
        entryId: word(3),
        author: DOCTOR,
        pointer: word(6),
        supersedes: zeroHash,
        blockNumber: 7n,
        blockHash: word(1),
        logIndex: 0,
        txHash: word(2),
      });
    });
  });

  describe("replay", () => {
    it("tells the vectors' chart", () => {
      const acts = vectors.acts.map(({ act }, index) => ({
        ...act,
        blockNumber: BigInt(index),
        blockHash: word(index),
        logIndex: 0,
        txHash: word(index),
      }));
      const told = replay(acts);
      const [first, added, amendment, foreign] = told.entries;
      chart.verifyHead(told, vectors.acts.at(-1)!.head);
      expect(told.entries.map(({ status }) => status)).to.deep.equal(["approved", "approved", "approved", "denied"]);
      expect(told.entries.map(({ index }) => index)).to.deep.equal([1, 2, 4, 5]);
      expect(amendment?.supersedes).to.equal(first?.entryId);
      expect(first?.supersededBy).to.equal(amendment?.entryId);
      expect(foreign?.supersedes).to.equal(null);
      expect(added?.author).to.equal(PATIENT);
      expect(told.notes).to.deep.equal([{ digest: `0x${"71".repeat(32)}`, blockNumber: 0n }]);
      expect(told.wraps).to.deep.equal([
        { digest: `0x${"74".repeat(32)}`, entryIds: [added?.entryId] },
        { digest: `0x${"75".repeat(32)}`, entryIds: [first?.entryId] },
        { digest: `0x${"77".repeat(32)}`, entryIds: [amendment?.entryId] },
      ]);
    });

    it("of nothing is an empty chart at its genesis", () => {
      const empty = replay([]);
      expect(empty).to.deep.include({ head: vectors.genesis, actCount: 0, entries: [], notes: [], wraps: [] });
      chart.verifyHead(empty, vectors.genesis);
    });

    it("lets the first decision stand", () => {
      for (const [first, second] of [
        [1, 2],
        [2, 1],
      ] as const) {
        const { acts, push } = history();
        const entryId = push({ kind: "submit", author: DOCTOR });
        push({ kind: "decide", entryId, verdict: first });
        push({ kind: "decide", entryId, verdict: second });
        push({ kind: "batch", approved: second === 1 ? [entryId] : [], denied: second === 2 ? [entryId] : [] });
        const [entry] = replay(acts).entries;
        expect(entry?.status).to.equal(first === 1 ? "approved" : "denied");
        expect(entry?.decidedAtBlock).to.equal(11n);
      }
    });

    it("ignores a decision on an unknown id, even when an entry follows", () => {
      const { acts, push } = history();
      push({ kind: "decide", entryId: word(77), verdict: 1, wraps: word(8) });
      push({ kind: "submit", author: DOCTOR });
      const told = replay(acts);
      expect(told.entries.map(({ status }) => status)).to.deep.equal(["pending"]);
      expect(told.wraps).to.deep.equal([]);
    });

    it("ignores a denial of what the patient added", () => {
      const { acts, push } = history();
      const entryId = push({ kind: "add" });
      push({ kind: "decide", entryId, verdict: 2 });
      expect(replay(acts).entries[0]).to.deep.include({ status: "approved", kind: "add", author: PATIENT });
      expect(replay(acts).entries[0]).to.not.have.property("decidedAtBlock");
    });

    it("approves before it denies in a batch, and takes duplicates once", () => {
      const { acts, push } = history();
      const [one, two] = [push({ kind: "submit", author: DOCTOR }), push({ kind: "submit", author: DOCTOR })];
      push({ kind: "batch", approved: [one, one], denied: [one, two, two], wraps: word(5) });
      const told = replay(acts);
      expect(told.entries.map(({ status }) => status)).to.deep.equal(["approved", "denied"]);
      expect(told.wraps).to.deep.equal([{ digest: word(5), entryIds: [one] }]);
    });

    it("keeps entries with equal pointers apart", () => {
      const { acts, push } = history();
      const ids = [1, 2, 3].map(() => push({ kind: "submit", author: DOCTOR, pointer: word(9) }));
      push({ kind: "decide", entryId: ids[1]!, verdict: 1 });
      expect(replay(acts).entries.map(({ status }) => status)).to.deep.equal(["pending", "approved", "pending"]);
    });

    describe("judges supersedes after the whole fold", () => {
      const amend = (
        author: Hex | "patient",
        decided: { older?: number; newer?: number },
        olderAuthor: Hex = DOCTOR,
      ) => {
        const { acts, push } = history();
        const older = push({ kind: "submit", author: olderAuthor });
        const newer =
          author === "patient"
            ? push({ kind: "add", supersedes: older })
            : push({ kind: "submit", author, supersedes: older });
        if (decided.newer !== undefined) push({ kind: "decide", entryId: newer, verdict: decided.newer });
        if (decided.older !== undefined) push({ kind: "decide", entryId: older, verdict: decided.older });
        const [first, second] = replay(acts).entries;
        return {
          supersedes: second?.supersedes === older,
          supersededBy: first?.supersededBy === newer,
        };
      };

      it("by the same author, when both are approved, whichever was approved first", () => {
        expect(amend(DOCTOR, { older: 1, newer: 1 })).to.deep.equal({ supersedes: true, supersededBy: true });
      });
      it("by the patient, whoever wrote the older one", () => {
        expect(amend("patient", { older: 1 })).to.deep.equal({ supersedes: true, supersededBy: true });
      });
      it("not by a colleague", () => {
        expect(amend(COLLEAGUE, { older: 1, newer: 1 })).to.deep.equal({ supersedes: false, supersededBy: false });
      });
      it("not of an entry that waits or was denied", () => {
        expect(amend(DOCTOR, { newer: 1 })).to.deep.equal({ supersedes: false, supersededBy: false });
        expect(amend(DOCTOR, { older: 2, newer: 1 })).to.deep.equal({ supersedes: false, supersededBy: false });
      });
      it("without hiding the older one while the amendment waits or was denied", () => {
        expect(amend(DOCTOR, { older: 1 })).to.deep.equal({ supersedes: true, supersededBy: false });
        expect(amend(DOCTOR, { older: 1, newer: 2 })).to.deep.equal({ supersedes: true, supersededBy: false });
      });
      it("not of an unknown entry", () => {
        const { acts, push } = history();
        push({ kind: "add", supersedes: word(4) });
        expect(replay(acts).entries[0]?.supersedes).to.equal(null);
      });
      it("naming the latest of several amendments", () => {
        const { acts, push } = history();
        const older = push({ kind: "add" });
        push({ kind: "add", supersedes: older });
        const latest = push({ kind: "add", supersedes: older });
        expect(replay(acts).entries[0]?.supersededBy).to.equal(latest);
      });
    });

    it("refuses acts out of order or twice", () => {
      const { acts, push } = history();
      push({ kind: "note", digest: word(1) });
      push({ kind: "note", digest: word(2) });
      refusalOf(() => replay([...acts].reverse()), "MALFORMED");
      refusalOf(() => replay([acts[0]!, acts[0]!]), "MALFORMED");
    });
  });

  describe("verifyHead", () => {
    function longHistory(count: number) {
      const made = history();
      for (let index = 0; index < count; index++) {
        if (index % 3 === 0) made.push({ kind: "submit", author: DOCTOR, pointer: word(index + 1) });
        else made.push({ kind: "note", digest: word(index) });
      }
      return made;
    }

    it("names the first entry that cannot be when an act was left out", () => {
      const { acts, head } = longHistory(12);
      const served = acts.toSpliced(4, 1);
      const { details } = refusalOf(() => chart.verifyHead(replay(served), head()), "HISTORY_MISMATCH");
      expect(details).to.deep.equal({ index: 5, entryId: acts[6]?.kind === "submit" ? acts[6].entryId : null });
    });

    it("names the entry itself when it was altered", () => {
      const { acts, head } = longHistory(12);
      const act = acts[3]!;
      if (act.kind !== "submit") throw new Error("act 3 is an entry");
      const { details } = refusalOf(
        () => chart.verifyHead(replay(acts.with(3, { ...act, pointer: word(99) })), head()),
        "HISTORY_MISMATCH",
      );
      expect(details).to.deep.equal({ index: 3, entryId: act.entryId });
    });

    it("names nothing when the end was cut off", () => {
      const { acts, head } = longHistory(12);
      const { details } = refusalOf(() => chart.verifyHead(replay(acts.slice(0, 9)), head()), "HISTORY_MISMATCH");
      expect(details).to.deep.equal({ index: null, entryId: null });
    });

    it("accepts a head in either case of letters", () => {
      const { acts, head } = longHistory(4);
      chart.verifyHead(replay(acts), `0x${head().slice(2).toUpperCase()}`);
    });

    it("computes ids itself: a false claim changes no entry", () => {
      const { acts, head } = longHistory(4);
      const act = acts[3]!;
      if (act.kind !== "submit") throw new Error("act 3 is an entry");
      const told = replay(acts.with(3, { ...act, entryId: word(1) }));
      chart.verifyHead(told, head());
      expect(told.entries[1]?.entryId).to.equal(act.entryId);
    });

    it("places an invented history by a checkpoint, however well it folds", () => {
      const honest = longHistory(chart.CHECKPOINT_INTERVAL + 10);
      const [checkpoint] = replay(honest.acts).checkpoints;
      expect(checkpoint).to.deep.include({ index: chart.CHECKPOINT_INTERVAL, blockNumber: 10n + 1_023n });
      expect(replay(honest.acts, checkpoint).mismatch).to.equal(null);

      const invented = history();
      for (let index = 0; index < chart.CHECKPOINT_INTERVAL + 10; index++)
        invented.push({ kind: "note", digest: word(7) });
      const { details } = refusalOf(
        () => chart.verifyHead(replay(invented.acts, checkpoint), honest.head()),
        "HISTORY_MISMATCH",
      );
      expect(details).to.deep.equal({ index: chart.CHECKPOINT_INTERVAL - 1, entryId: null });

      const short = replay(honest.acts.slice(0, 20), checkpoint);
      expect(refusalOf(() => chart.verifyHead(short, honest.head()), "HISTORY_MISMATCH").details).to.deep.equal({
        index: 20,
        entryId: null,
      });
    });
  });

  describe("latestCanonical", () => {
    const checkpoints = [1, 2, 3].map((number) => ({
      index: number * 1_024,
      head: word(number),
      blockNumber: BigInt(number),
      blockHash: word(100 + number),
    }));

    it("drops checkpoints whose block is gone", async () => {
      const found = await chart.latestCanonical(checkpoints, async (number) =>
        number === 3n ? word(666) : word(100 + Number(number)),
      );
      expect(found?.index).to.equal(2_048);
      expect(await chart.latestCanonical(checkpoints, async () => null)).to.equal(undefined);
    });
  });
});
