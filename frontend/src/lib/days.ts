/**
 * @module lib/days
 * What a date field holds (2028-11-21) and the seconds it stands for, in the person's time zone; periods between two of them.
 */

const DAY = 86_400;

/** The local calendar day of a moment, as a date field writes it; empty for none. */
export function dayOf(seconds: number | null): string {
  if (seconds === null) return "";
  const date = new Date(seconds * 1000);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** The local calendar day some days from now. */
export function dayFromNow(days: number, now = Date.now()): string {
  return dayOf(now / 1000 + days * DAY);
}

/** Whether a day has not begun yet. Days as date fields write them compare as text; as UTC, today would lie ahead east of Greenwich. */
export function isAhead(day: string, now = Date.now()): boolean {
  return day > dayFromNow(0, now);
}

/** Local midnight at the start of a day, some days later; null while the field holds no whole date. */
export function startOfDay(day: string, daysLater = 0): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined || year < 1900) return null;
  const milliseconds = new Date(year, month - 1, date + daysLater).getTime();
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}

/** The last second of a day: the day itself is what people read. Null while the field holds no whole date. */
export function endOfDay(day: string): number | null {
  const next = startOfDay(day, 1);
  return next === null ? null : next - 1;
}

/** A period in seconds: from `from` on, before `until`; null for open. */
export type Period = { from: number | null; until: number | null };

/** Whether a moment lies in a period. */
export function isIn({ from, until }: Period, seconds: number): boolean {
  return (from === null || seconds >= from) && (until === null || seconds < until);
}
