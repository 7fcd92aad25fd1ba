/**
 * @module features/identity/ways
 * The ways to unlock, in words. Pure.
 */
import type { WayToUnlock } from "@carekey/sdk/client";
import { formatList } from "../../lib/format.ts";

const COUNTS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

/** How many ways there are, as one line. The paper always counts. */
export function summaryOfWays(ways: readonly WayToUnlock[]): string {
  const count = 1 + ways.filter(({ works }) => works).length;
  if (count === 1) return "One way to unlock: the recovery code on paper. Set up a second one.";
  return `${COUNTS[count] ?? String(count)} ways to unlock, one is on paper`;
}

/** What a way is called in the list. */
export function wayName({ kind, label }: Pick<WayToUnlock, "kind" | "label">): string {
  if (kind === "passkey") return `Passkey: ${label ?? "unnamed"}`;
  if (kind === "wallet") return "Your wallet’s signature";
  return kind === "passphrase" ? "Passphrase" : "A way that cannot be read";
}

/** What still opens the records when these ways remain. */
export function whatRemains(ways: readonly WayToUnlock[]): string {
  const names = ways
    .filter(({ works }) => works)
    .map((way) => (way.kind === "passphrase" ? "your passphrase" : wayName(way)));
  return `Your records still open with ${formatList(["the recovery code on paper", ...names])}.`;
}
