/**
 * @module lib/emergency-words
 * What a request for emergency access has come to, in words. Times in seconds.
 */
import type { EmergencyCase } from "@carekey/sdk/client";
import { formatDateTime, formatList, formatSpan, type FormatOptions } from "./format.ts";

/** The state of a request, as a label. */
export const PHASE_LABELS: Readonly<Record<EmergencyCase["phase"], string>> = {
  asked: "Waits for a second clinician",
  waiting: "Opens soon",
  open: "Open now",
  stopped: "Stopped",
  lapsed: "Not confirmed",
  closed: "Ended",
};

/** What happens next, or how it ended, as one sentence. */
export function phaseSentence(
  found: Pick<EmergencyCase, "phase" | "coSignBefore" | "opensAt" | "closesAt" | "stoppedAt">,
  options: FormatOptions = {},
): string {
  const at = (seconds: number | null) => formatDateTime(seconds ?? 0, options);
  switch (found.phase) {
    case "asked":
      return `Nothing is open. It ends by itself unless a second clinician confirms it before ${at(found.coSignBefore)}.`;
    case "waiting":
      return `Nothing is open yet. The chosen records open at ${at(found.opensAt)}, unless somebody stops it.`;
    case "open":
      return `The chosen records can be read until ${at(found.closesAt)}, unless somebody stops it.`;
    case "stopped":
      return found.stoppedAt === null
        ? "The patient turned emergency access off."
        : `Stopped ${at(found.stoppedAt)}. ${hasOpened(found) ? "It was open before." : "It was never open."}`;
    case "lapsed":
      return "No second clinician confirmed it in time. It was never open.";
    case "closed":
      return `It was open from ${at(found.opensAt)} to ${at(found.closesAt)}.`;
  }
}

/** Whether the records could be read at some time. */
export function hasOpened({
  phase,
  opensAt,
  stoppedAt,
}: Pick<EmergencyCase, "phase" | "opensAt" | "stoppedAt">): boolean {
  if (phase === "open" || phase === "closed") return true;
  return phase === "stopped" && opensAt !== null && stoppedAt !== null && stoppedAt >= opensAt;
}

/** Who can end a request that runs: the patient's side at any time, and the clinicians their own words. */
export function stopperWords(contacts: readonly string[]): string {
  const clinicians = "The two clinicians can take their word back. Nobody else can stop it.";
  if (contacts.length === 0) return `You can stop a request at any time. ${clinicians}`;
  return `You and ${formatList(contacts)} can stop a request at any time. ${clinicians}`;
}

/** When the records open after the second clinician's word. */
export function openingWords(delaySeconds: number): string {
  return delaySeconds === 0 ? "at once" : `after ${delayWords(delaySeconds)}`;
}

/** A patient's delay in words: "no waiting", "10 minutes", "1 hour". */
export function delayWords(seconds: number, options: FormatOptions = {}): string {
  return seconds === 0 ? "no waiting" : formatSpan(seconds, options);
}
