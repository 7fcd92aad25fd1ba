/**
 * @module lib/csv
 * Tables as CSV (RFC 4180), openable in a spreadsheet. Words that other people wrote are in them, so a cell that a spreadsheet
 * would run as a formula is defused.
 */

/** A table with its heading line. */
export function toCsv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/** What spreadsheets take for the beginning of a formula, full-width signs included, also behind spaces. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function csvCell(text: string): string {
  const defused = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}

/** A moment as tables have it: ISO 8601 in UTC. @param seconds - since 1970. */
export function csvTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** The file; a mark at its start tells spreadsheets that it is UTF-8. */
export function csvBlob(csv: string): Blob {
  return new Blob(["\ufeff", csv], { type: "text/csv" });
}
