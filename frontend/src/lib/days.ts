/**
 * @module lib/days
 * What a date field holds (2028-11-21) and the seconds it stands for, in the person's time zone; periods between two of them.
 */

/** The local calendar day of a moment, as a date field writes it; empty for none. */
export function dayOf(seconds: number | null): string {
  if (seconds === null) return "";
  const date = new Date(seconds * 1000);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Local midnight at the start of a day, some days later; null while the field holds no whole date. */
export function secondsOfDay(day: string, daysLater: number): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined || year < 1900) return null;
  return Math.floor(new Date(year, month - 1, date + daysLater).getTime() / 1000);
}

/** A period in seconds: from `from` on, before `until`; null for open. */
export type Period = { from: number | null; until: number | null };

/** Whether a moment lies in a period. */
export function isIn({ from, until }: Period, seconds: number): boolean {
  return (from === null || seconds >= from) && (until === null || seconds < until);
}
