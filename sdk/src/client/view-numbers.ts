/**
 * @module client/view-numbers
 * Which number a reader takes for the next view under a limit, from what the keepers say is used (docs/decisions/0064).
 * The choice is a pure function; {@link createViewNumbers} asks the keepers and remembers what they refused meanwhile.
 */
import type { Address, Hex } from "../bytes.ts";
import type { ConsentTerms } from "../consent/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import {
  OPENING_SECONDS,
  buildOpeningsRequest,
  type KeeperClient,
  type Opening,
  type Refusal,
} from "../keeper/index.ts";
import type { Carekey, ViewSession } from "./types.ts";

/** What each keeper that answered says is used: by number, the record it opened and when. */
export type UsedNumbers = ReadonlyMap<Address, ReadonlyMap<number, Opening>>;

/** A number to ask with, and the keepers for which it is free or already this record's. */
export type ViewNumber = { viewNo: number; keepers: readonly Address[] };

/** Clocks differ, and an answer takes its time: a number is asked for again only this long before its opening is over, seconds. */
const MARGIN_SECONDS = 60;
/** A keeper may lose this many races to other tabs of one reader before its refusals look like a lie. */
const REFUSALS_BELIEVED = 3;
const ANOTHER_RECORD: Hex = `0x${"00".repeat(32)}`;

/**
 * The number to open a record with: the one that opened it just now, whose answer may have been lost; else the lowest that nobody
 * used; else the lowest that enough keepers have free, which is one that was begun and never came to an answer.
 * input.needed: how many keepers have to answer. input.now: seconds.
 * @returns null when none is left.
 */
export function chooseViewNumber(input: {
  used: UsedNumbers;
  maxViews: number;
  recordId: Hex;
  needed: number;
  now: number;
}): ViewNumber | null {
  const { used, maxViews, recordId, needed, now } = input;
  const isOpen = (opening: Opening) =>
    opening.recordId === recordId && now + MARGIN_SECONDS < opening.openedAt + OPENING_SECONDS;
  const servesAt = (viewNo: number): Address[] =>
    [...used].flatMap(([keeper, numbers]) => {
      const opening = numbers.get(viewNo);
      return opening === undefined || isOpen(opening) ? [keeper] : [];
    });
  const begun = [...used.values()].flatMap((numbers) => [...numbers.values()].filter(isOpen));
  for (const { viewNo } of begun) {
    const keepers = servesAt(viewNo);
    if (keepers.length >= needed) return { viewNo, keepers };
  }
  let incomplete: ViewNumber | null = null;
  for (let viewNo = 1; viewNo <= maxViews; viewNo++) {
    const keepers = servesAt(viewNo);
    if (keepers.length === used.size) return { viewNo, keepers };
    if (keepers.length >= needed) incomplete ??= { viewNo, keepers };
  }
  return incomplete;
}

/** How many numbers can still open something. */
export function countViewsLeft(used: UsedNumbers, maxViews: number, needed: number): number {
  let left = 0;
  for (let viewNo = 1; viewNo <= maxViews; viewNo++) {
    const free = [...used.values()].filter((numbers) => !numbers.has(viewNo)).length;
    if (free >= needed) left++;
  }
  return left;
}

/**
 * What the keepers say is used of a consent with a view limit.
 * @throws SdkError TOO_FEW_KEEPERS when fewer than the threshold answer.
 */
export async function readUsedNumbers(
  carekey: Carekey,
  terms: ConsentTerms,
  session: ViewSession,
): Promise<Map<Address, Map<number, Opening>>> {
  const used = new Map<Address, Map<number, Opening>>();
  const answers = await Promise.allSettled(
    carekey.keepers.map(async (keeper: KeeperClient) => {
      const now = carekey.now();
      const request = await buildOpeningsRequest({ keeper: keeper.address, terms, session, now });
      return { keeper, openings: await keeper.openings(request) };
    }),
  );
  for (const answer of answers) {
    if (answer.status === "rejected") {
      if (!isSdkError(answer.reason)) throw answer.reason;
      continue;
    }
    const { keeper, openings } = answer.value;
    used.set(keeper.address, new Map(openings.map((opening) => [opening.viewNo, opening])));
  }
  const needed = carekey.deployment.threshold;
  if (used.size < needed) {
    const details = { answered: used.size, needed, total: carekey.keepers.length };
    throw new SdkError("TOO_FEW_KEEPERS", "too few keepers say how many views are left", { details });
  }
  return used;
}

/** Hands out numbers for one view of one record until one of them works. */
export type ViewNumbers = {
  /** @throws SdkError VIEW_LIMIT_REACHED when none is left. */
  next(): ViewNumber;
  /** A keeper knows the number for something else. One that says so again and again is left out, as long as enough others are there. */
  refuse(keeper: Address, viewNo: number): void;
  /** How many are left once this view is open. */
  leftAfter(viewNo: number): number;
};

/** The keepers that refused a view because its number is used, by an error of it; empty when it failed for another reason. */
export function refusersOf(error: unknown): Address[] {
  if (!isSdkError(error)) return [];
  const { refusals, keeper, reason } = error.details;
  if (Array.isArray(refusals)) {
    return (refusals as Refusal[]).filter(({ code }) => code === "VIEW_LIMIT_REACHED").map((refusal) => refusal.keeper);
  }
  const isUsed = error.code === "VIEW_LIMIT_REACHED" && (reason === "view-used" || reason === "opening-over");
  return isUsed ? [keeper as Address] : [];
}

/** Asks the keepers what is used. @throws SdkError TOO_FEW_KEEPERS */
export async function createViewNumbers(
  carekey: Carekey,
  view: { terms: ConsentTerms; recordId: Hex; session: ViewSession },
): Promise<ViewNumbers> {
  const { terms, recordId } = view;
  const used = await readUsedNumbers(carekey, terms, view.session);
  const needed = carekey.deployment.threshold;
  const refusals = new Map<Address, number>();
  const mark = (keeper: Address, viewNo: number, opening: Opening) => used.get(keeper)?.set(viewNo, opening);
  return {
    next() {
      const input = { used, maxViews: terms.maxViews, recordId, needed, now: carekey.now() };
      const chosen = chooseViewNumber(input);
      if (chosen !== null) return chosen;
      throw new SdkError("VIEW_LIMIT_REACHED", "all views under this consent are used", {
        details: { reason: "no-number-left", maxViews: terms.maxViews },
      });
    },
    refuse(keeper, viewNo) {
      const count = (refusals.get(keeper) ?? 0) + 1;
      refusals.set(keeper, count);
      mark(keeper, viewNo, { viewNo, recordId: ANOTHER_RECORD, openedAt: carekey.now() });
      if (count >= REFUSALS_BELIEVED && used.size > needed) used.delete(keeper);
    },
    leftAfter(viewNo) {
      for (const keeper of used.keys()) mark(keeper, viewNo, { viewNo, recordId, openedAt: carekey.now() });
      return countViewsLeft(used, terms.maxViews, needed);
    },
  };
}
