/**
 * @module lib/format
 * Dates, sizes and addresses in the person's own format. Times are whole seconds since 1970, as everywhere in Carekey.
 */

const DAY = 86_400;

/** Options of the date formatters; the defaults are the person's own locale, time zone and clock. */
export type FormatOptions = { now?: number; locale?: string; timeZone?: string };

function present(options: FormatOptions): number {
  return options.now ?? Date.now() / 1000;
}

function formatWith(seconds: number, options: FormatOptions, fields: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(options.locale, { timeZone: options.timeZone, ...fields }).format(seconds * 1000);
}

/** Fields of a date; the weekday is added within six days of now, when it helps more than it clutters. */
function dateFields(seconds: number, now: number): Intl.DateTimeFormatOptions {
  const isNear = Math.abs(seconds - now) < 6 * DAY;
  return { day: "numeric", month: isNear ? "short" : "long", year: "numeric", weekday: isNear ? "short" : undefined };
}

/** A date, such as "30 June 2027", with the weekday when it is near. */
export function formatDate(seconds: number, options: FormatOptions = {}): string {
  return formatWith(seconds, options, dateFields(seconds, present(options)));
}

/** A date with hours and minutes. */
export function formatDateTime(seconds: number, options: FormatOptions = {}): string {
  const fields = dateFields(seconds, present(options));
  return formatWith(seconds, options, { ...fields, hour: "2-digit", minute: "2-digit" });
}

/** Month and year, as the heading of a group in a timeline. */
export function formatMonth(seconds: number, options: FormatOptions = {}): string {
  return formatWith(seconds, options, { month: "long", year: "numeric" });
}

/** A date in ISO form (2027-06-30), to stand beside a number in a wallet or a document. */
export function formatIsoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

const STEPS: readonly [limit: number, divisor: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3_600, 60, "minute"],
  [DAY, 3_600, "hour"],
  [7 * DAY, DAY, "day"],
];

/** "just now", "2 minutes ago", "in 3 days"; a date beyond a week. */
export function formatRelative(seconds: number, options: FormatOptions = {}): string {
  const difference = seconds - present(options);
  const distance = Math.abs(difference);
  if (distance < 45) return "just now";
  for (const [limit, divisor, unit] of STEPS) {
    if (distance >= limit - divisor / 2) continue;
    const amount = Math.max(1, Math.round(distance / divisor)) * Math.sign(difference);
    return new Intl.RelativeTimeFormat(options.locale, { numeric: "auto" }).format(amount, unit);
  }
  return formatDate(seconds, options);
}

const SPAN_UNITS = [
  [DAY, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** A length of time in the largest unit that says it whole, such as "7 days" or "90 minutes". */
export function formatSpan(seconds: number, options: Pick<FormatOptions, "locale"> = {}): string {
  const [divisor, unit] = SPAN_UNITS.find(([length]) => seconds >= length && seconds % length === 0) ?? [1, "second"];
  const style = { style: "unit", unit, unitDisplay: "long" } as const;
  return new Intl.NumberFormat(options.locale, style).format(seconds / divisor);
}

const SIZE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A size in bytes, such as "3.4 MB". */
export function formatSize(bytes: number, options: Pick<FormatOptions, "locale"> = {}): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < SIZE_UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(options.locale, {
    style: "unit",
    unit: SIZE_UNITS[unit],
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: amount < 10 && unit > 0 ? 1 : 0,
  }).format(amount);
}

/** An address shortened to what one compares: 0x1234…abcd. */
export function formatAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** A list in words: "labs, imaging and medication". */
export function formatList(items: readonly string[], options: Pick<FormatOptions, "locale"> = {}): string {
  return new Intl.ListFormat(options.locale, { type: "conjunction" }).format(items);
}

/** "one record", "3 records"; "no record" for none. */
export function recordCount(count: number): string {
  if (count === 0) return "no record";
  return count === 1 ? "one record" : `${count} records`;
}

/** The same words, as a sentence begins with them. */
export function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
