/**
 * @module services/gateway/relay/rules
 * The arithmetic of the relay: gas limits, fees that replace others, and which nonce comes next.
 */
import type { Fees, RelayAttempt, RelayTransaction } from "./types.ts";

/** Gas limit for a call that was simulated with `gas`: a sixth more, for state that changes in between. */
export function gasLimitOf(gas: bigint): number {
  return Number(gas + gas / 6n);
}

/**
 * Fees that replace those of an earlier attempt: what is usual now, and an eighth more than before at least; nodes refuse a
 * replacement with less than a tenth more.
 */
export function bumpedFees(before: Pick<RelayAttempt, "maxFee" | "tip">, usual: Fees): Fees {
  const raised = (value: string) => (BigInt(value) * 9n) / 8n + 1n;
  const larger = (left: bigint, right: bigint) => (left > right ? left : right);
  const tip = larger(raised(before.tip), usual.tip);
  return { tip, maxFee: larger(larger(raised(before.maxFee), usual.maxFee), tip) };
}

/**
 * The nonce for a new transaction.
 * @param pending - what the node says comes next, its own pool counted in.
 * @param open - what is saved but not final, by nonce: some of it may never have reached the node.
 */
export function nextNonce(pending: number, open: readonly Pick<RelayTransaction, "nonce">[]): number {
  return Math.max(pending, (open.at(-1)?.nonce ?? -1) + 1);
}
