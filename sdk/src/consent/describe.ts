/**
 * @module consent/describe
 * The terms of a consent in one plain paragraph: what a patient reads before signing. The words of the typed data come in the
 * same order: who, what they may do, from when until when, how often, on which conditions, which parts, why.
 */
import { zeroAddress } from "viem";
import { FLAG_LICENSED, FLAG_OTP, WRITE, isOpenEnded, type ConsentTerms } from "./terms.ts";

/** What {@link describeTerms} needs to know besides the terms. */
export type DescribeOptions = {
  /** The grantee's name as the person knows it. */
  granteeName: string;
  /** The organisation's name, when the terms name one. */
  organisationName?: string;
  /** Seconds. */
  now: number;
  /** IANA time zone; default the person's own. */
  timeZone?: string;
};

/**
 * The terms in the second person, as one paragraph.
 * @returns For example "Dr Amara Okafor can read your record from now until Tuesday, 30 June 2026 at 18:00, but only this: Lab results. …"
 */
export function describeTerms(terms: ConsentTerms, options: DescribeOptions): string {
  const who =
    terms.organisation === zeroAddress
      ? options.granteeName
      : `${options.granteeName}, while working for ${options.organisationName ?? "the organisation named"},`;
  const start = terms.notBefore <= options.now ? "from now" : `from ${formatMoment(terms.notBefore, options.timeZone)}`;
  const end = isOpenEnded(terms) ? "you stop it" : formatMoment(terms.expiresAt, options.timeZone);
  const when = `${start} until ${end}`;
  const why = terms.about.purpose.trim() === "" ? [] : [`Why: ${endSentence(terms.about.purpose)}`];
  if (terms.rights === WRITE) {
    return [
      `${who} can add entries to your record ${when}, as long as their licence is verified.`,
      ...why,
      "Each entry waits until you approve or refuse it.",
      "You can stop this at any time.",
    ].join(" ");
  }
  const what = terms.fromEpoch === 0 ? "your record" : "new entries in your record";
  const conditions = [
    ...(terms.maxViews === 0 ? [] : [terms.maxViews === 1 ? "once" : `at most ${terms.maxViews} times`]),
    ...((terms.flags & FLAG_OTP) === 0 ? [] : ["with a one-time code each time"]),
    ...((terms.flags & FLAG_LICENSED) === 0 ? [] : ["as long as their licence is verified"]),
  ];
  return [
    `${[`${who} can read ${what} ${when}`, ...conditions].join(", ")}, but only this: ${endSentence(terms.about.scopes)}`,
    ...why,
    "You can stop this at any time. What was opened before then cannot be taken back.",
  ].join(" ");
}

function formatMoment(seconds: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(seconds * 1000));
}

function endSentence(words: string): string {
  const trimmed = words.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
