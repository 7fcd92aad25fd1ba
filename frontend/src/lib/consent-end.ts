/**
 * @module lib/consent-end
 * When sharing ends, in words. A window of fifty years and more stands for "until the patient stops it", as in the signed paragraph.
 */
import { isOpenEnded } from "@carekey/sdk/consent";
import { formatDate } from "./format.ts";

/** What follows "until": a date, or who stops it. Times in seconds. */
export function endWords(window: { notBefore: number; expiresAt: number }, stopper: "you" | "the patient"): string {
  if (!isOpenEnded(window)) return formatDate(window.expiresAt);
  return stopper === "you" ? "you stop it" : "the patient stops it";
}
