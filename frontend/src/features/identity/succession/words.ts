/**
 * @module features/identity/succession/words
 * What guardians said and what is still to wait for, in words, and the digits that a guardian types. Times in seconds. Pure functions.
 */
import type { WardRequest } from "@carekey/sdk/client";
import { formatDateTime, type FormatOptions } from "../../../lib/format.ts";

/** How many groups of digits a guardian types as the person reads them out: 15 digits, which nobody meets by chance. */
export const GROUPS_TO_TYPE = 3;

/** How far guardians got with a new wallet. `readyFrom` 0: more must speak. */
export function claimSentence(
  claim: { vouchers: number; readyFrom: number } | null,
  threshold: number,
  options: FormatOptions & { now: number },
): string {
  if (claim === null) return `None of the ${threshold} guardians who are needed has confirmed it yet.`;
  if (claim.readyFrom === 0) return `${claim.vouchers} of ${threshold} guardians have confirmed it.`;
  if (claim.readyFrom > options.now) {
    return `Enough guardians have confirmed it. The waiting time ends ${formatDateTime(claim.readyFrom, options)}.`;
  }
  return "Enough guardians have confirmed it, and the waiting time is over.";
}

const DAY = 86_400;

/** The waiting times to choose from: the least that the contract allows, and longer ones. */
export function delayChoices(leastDelay: number): number[] {
  return [leastDelay, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY].filter(
    (delay, index) => index === 0 || delay > leastDelay,
  );
}

/** Whether what a guardian typed are the first groups of a fingerprint; null while something is missing. Spaces do not matter. */
export function isRead(fingerprint: string, typed: readonly string[]): boolean | null {
  const heard = typed.map((group) => group.replaceAll(/\s/g, ""));
  if (heard.length < GROUPS_TO_TYPE || heard.some((group) => group.length < 5)) return null;
  const groups = fingerprint.split(" ");
  return heard.every((group, index) => group === groups[index]);
}

/** Whether a guardian has something to do about a request: to find out who asks, or to hand over the part. */
export function isForMe({ hasVouched, isTied, hasHandedOver }: WardRequest): boolean {
  return isTied ? !hasHandedOver : !hasVouched;
}
