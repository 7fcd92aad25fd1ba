/**
 * @module client/line
 * The accounts of one person, one after the other, as the Succession contract ties them: a chart goes on in the next one.
 */
import type { Address } from "../bytes.ts";
import type { ChartEntry } from "../chart/index.ts";
import { loadChart } from "./charts.ts";
import { keptFor } from "./kept.ts";
import type { Carekey } from "./types.ts";

/** More successions than one person lives through. */
const MAX_LINE = 16;

const predecessorsReadBy = keptFor<Carekey, Map<Address, Address>>(() => new Map());

/** Whom an account follows; null when nobody. What is tied is tied for ever, so it is asked for once. @throws SdkError CHAIN_UNAVAILABLE */
async function predecessorOf(carekey: Carekey, account: Address): Promise<Address | null> {
  const known = predecessorsReadBy(carekey);
  const cached = known.get(account);
  if (cached !== undefined) return cached;
  const predecessor = await carekey.chain.succession.predecessorOf(account);
  if (predecessor !== null) known.set(account, predecessor);
  return predecessor;
}

/** The accounts that an account follows, the latest one first. @throws SdkError CHAIN_UNAVAILABLE */
export async function earlierAccounts(carekey: Carekey, account: Address): Promise<Address[]> {
  const line: Address[] = [];
  for (let next = await predecessorOf(carekey, account); next !== null && line.length < MAX_LINE;) {
    line.push(next);
    next = await predecessorOf(carekey, next);
  }
  return line;
}

/** An approved entry of an earlier account's chart. */
export type CarriedEntry = { entry: ChartEntry; account: Address };

/**
 * What earlier accounts of the same person had approved, oldest first. A chart whose history does not match the chain gives nothing.
 * @throws SdkError CHAIN_UNAVAILABLE
 */
export async function carriedEntries(carekey: Carekey, account: Address): Promise<CarriedEntry[]> {
  const accounts = await earlierAccounts(carekey, account);
  const charts = await Promise.all(accounts.map((earlier) => loadChart(carekey, earlier)));
  return charts
    .toReversed()
    .flatMap(({ chart, replayed }) =>
      chart.verdict === "mismatch"
        ? []
        : replayed.entries
            .filter(({ status }) => status === "approved")
            .map((entry) => ({ entry, account: chart.patient })),
    );
}

/** In whose chart an entry is: the account's own, or that of an earlier one. @throws SdkError CHAIN_UNAVAILABLE */
export async function accountOfEntry(carekey: Carekey, account: Address, entry: ChartEntry): Promise<Address> {
  const carried = await carriedEntries(carekey, account);
  return carried.find((each) => each.entry.entryId === entry.entryId)?.account ?? account;
}
