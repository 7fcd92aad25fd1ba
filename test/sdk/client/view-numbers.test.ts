/**
 * @module test/sdk/client/view-numbers
 * Which number a reader takes, from what honest, forgetful and lying keepers say is used.
 */
import { expect } from "chai";
import { chooseViewNumber, countViewsLeft, type UsedNumbers } from "../../../sdk/src/client/view-numbers.ts";
import { SdkError } from "../../../sdk/src/errors.ts";
import { refusersOf } from "../../../sdk/src/client/view-numbers.ts";
import { OPENING_SECONDS } from "../../../sdk/src/keeper/index.ts";
import type { Address, Hex } from "../../../sdk/src/bytes.ts";

const NOW = 1_790_000_000;
const A: Address = `0x${"aa".repeat(20)}`;
const B: Address = `0x${"bb".repeat(20)}`;
const C: Address = `0x${"cc".repeat(20)}`;
const record = (digit: string): Hex => `0x${digit.repeat(64)}`;

/** What keepers say: for each one, numbers with the record they opened and how long ago. */
function used(keepers: Record<Address, [viewNo: number, recordId: Hex, secondsAgo: number][]>): UsedNumbers {
  return new Map(
    Object.entries(keepers).map(([keeper, openings]) => [
      keeper as Address,
      new Map(openings.map(([viewNo, recordId, ago]) => [viewNo, { viewNo, recordId, openedAt: NOW - ago }] as const)),
    ]),
  );
}

function choose(says: UsedNumbers, maxViews: number, recordId = record("1")) {
  return chooseViewNumber({ used: says, maxViews, recordId, needed: 2, now: NOW });
}

describe("choosing a view number", () => {
  it("takes the lowest that nobody used", () => {
    expect(choose(used({ [A]: [], [B]: [], [C]: [] }), 3)).to.deep.equal({ viewNo: 1, keepers: [A, B, C] });
    const opened = used({ [A]: [[1, record("9"), 5]], [B]: [[1, record("9"), 5]], [C]: [] });
    expect(choose(opened, 3)).to.deep.equal({ viewNo: 2, keepers: [A, B, C] });
  });

  it("asks again with the number that opened this record just now, since the answer may have been lost", () => {
    const opened = used({ [A]: [[2, record("1"), 30]], [B]: [], [C]: [[2, record("1"), 30]] });
    expect(choose(opened, 2)?.viewNo).to.equal(2);
  });

  it("takes a new number once that opening is over", () => {
    const opened = used({
      [A]: [[1, record("1"), OPENING_SECONDS]],
      [B]: [[1, record("1"), OPENING_SECONDS]],
      [C]: [],
    });
    expect(choose(opened, 2)?.viewNo).to.equal(2);
    expect(choose(opened, 1)).to.equal(null);
  });

  it("does not ask again with a number that another record took at too many keepers", () => {
    const raced = used({ [A]: [[1, record("1"), 5]], [B]: [[1, record("9"), 5]], [C]: [[1, record("9"), 5]] });
    expect(choose(raced, 2)?.viewNo).to.equal(2);
    expect(choose(raced, 1)).to.equal(null);
  });

  it("at the end takes a number that one keeper has but that never opened anything", () => {
    const begun = used({ [A]: [[1, record("9"), 4000]], [B]: [], [C]: [] });
    expect(choose(begun, 1)).to.deep.equal({ viewNo: 1, keepers: [B, C] });
    expect(choose(begun, 2)?.viewNo).to.equal(2);
  });

  it("is not stopped by one keeper that says all are used", () => {
    const liar = used({ [A]: [1, 2, 3].map((viewNo) => [viewNo, record("f"), 5]), [B]: [], [C]: [] });
    expect(choose(liar, 3)).to.deep.equal({ viewNo: 1, keepers: [B, C] });
  });

  it("gives none when all are used at two keepers", () => {
    const all = used({ [A]: [[1, record("9"), 5]], [B]: [[1, record("9"), 5]] });
    expect(choose(all, 1)).to.equal(null);
  });

  it("counts as left what can still open something", () => {
    const says = used({
      [A]: [
        [1, record("1"), 5],
        [2, record("9"), 5],
      ],
      [B]: [[1, record("1"), 5]],
      [C]: [],
    });
    expect(countViewsLeft(says, 4, 2)).to.equal(3);
    expect(countViewsLeft(used({ [A]: [], [B]: [] }), 4, 2)).to.equal(4);
  });
});

describe("keepers that refused a number", () => {
  const refused = (details: Record<string, unknown>, code: "VIEW_LIMIT_REACHED" | "TOO_FEW_KEEPERS") =>
    refusersOf(new SdkError(code, "refused", { details }));

  it("are found in one keeper's refusal and in many", () => {
    expect(refused({ keeper: A, reason: "view-used" }, "VIEW_LIMIT_REACHED")).to.deep.equal([A]);
    const refusals = [
      { keeper: A, code: "VIEW_LIMIT_REACHED" },
      { keeper: B, code: "KEEPER_UNAVAILABLE" },
    ];
    expect(refused({ refusals }, "TOO_FEW_KEEPERS")).to.deep.equal([A]);
  });

  it("are none when the number is beyond the limit, or something else is wrong", () => {
    expect(refused({ keeper: A, reason: "view-number" }, "VIEW_LIMIT_REACHED")).to.deep.equal([]);
    expect(refused({ answered: 1 }, "TOO_FEW_KEEPERS")).to.deep.equal([]);
    expect(refusersOf(new Error("other"))).to.deep.equal([]);
  });
});
