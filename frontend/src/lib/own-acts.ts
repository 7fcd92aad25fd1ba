/**
 * @module lib/own-acts
 * Transactions that this tab made for the person: nobody needs to be woken up for what they did a moment ago. Forgotten on lock.
 */
import type { Hex } from "@carekey/sdk/bytes";

const made = new Set<Hex>();

/** Remembers a transaction of this tab. */
export function noteOwnAct(txHash: Hex): void {
  made.add(txHash);
}

/** Whether this tab made a transaction. */
export function isOwnAct(txHash: Hex | null): boolean {
  return txHash !== null && made.has(txHash);
}

/** Forgets them: the next person in this tab did none of it. */
export function forgetOwnActs(): void {
  made.clear();
}
