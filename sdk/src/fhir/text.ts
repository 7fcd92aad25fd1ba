/**
 * @module fhir/text
 * The words of FHIR's data types: what a person reads for a concept, a quantity, a period, a reference or a narrative.
 */
import { isJsonObject } from "./limits.ts";

/** Turns a FHIR date, dateTime or instant into what a person reads. */
export type DateText = (iso: string) => string;

/** The list at `key`, or nothing. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
}

/** The property at `key`, or undefined. */
export function at(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The text at `key`, or an empty one. */
export function textAt(value: unknown, key: string): string {
  const found = at(value, key);
  return typeof found === "string" ? found.trim() : typeof found === "number" ? String(found) : "";
}

/** The words of a CodeableConcept, Coding or code. */
export function conceptText(value: unknown): string {
  if (typeof value === "string") return value;
  if (textAt(value, "text")) return textAt(value, "text");
  if (textAt(value, "display")) return textAt(value, "display");
  const codings = listAt(value, "coding");
  const named = codings.find((coding) => textAt(coding, "display") !== "");
  return named === undefined ? codeWords(textAt(codings[0] ?? value, "code")) : textAt(named, "display");
}

/** A code such as "entered-in-error" as words; anything that is no such code as it is. */
export function codeWords(code: string): string {
  if (!/^[a-z]+(-[a-z]+)*$/.test(code)) return code;
  return code.slice(0, 1).toUpperCase() + code.slice(1).replaceAll("-", " ");
}

/** First code of a CodeableConcept, or an empty text. */
export function firstCode(value: unknown): string {
  return textAt(listAt(value, "coding")[0], "code");
}

/** UCUM spellings that a person would not read. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  "10*3/uL": "×10³/µL",
  "10*6/uL": "×10⁶/µL",
  "10*9/L": "×10⁹/L",
  "mm[Hg]": "mmHg",
  Cel: "°C",
  "m[IU]/L": "mIU/L",
  "m[IU]/mL": "mIU/mL",
  "u[IU]/mL": "µIU/mL",
  "mL/min/{1.73_m2}": "mL/min/1.73 m²",
  "mg/g{creat}": "mg/g creatinine",
  "kg/m2": "kg/m²",
  "[pH]": "",
  "{INR}": "",
  "{ratio}": "",
  "1": "",
};

/** A UCUM unit as people write it. */
export function unitText(unit: string): string {
  return Object.hasOwn(UNIT_WORDS, unit) ? (UNIT_WORDS[unit] ?? "") : unit.replace(/^u(?=[a-zA-Z])/, "µ");
}

/** The unit of a Quantity as people write it. */
export function unitOf(quantity: unknown): string {
  return unitText(textAt(quantity, "unit") || textAt(quantity, "code"));
}

/** A Quantity with its comparator and unit, such as "5 mg/L". */
export function quantityText(quantity: unknown): string {
  return [textAt(quantity, "comparator"), textAt(quantity, "value"), unitOf(quantity)].filter(Boolean).join(" ");
}

/** Start and end of a Period. */
export function periodText(period: unknown, dateText: DateText): string {
  const [start, end] = [textAt(period, "start"), textAt(period, "end")];
  if (start && end) return `${dateText(start)} – ${dateText(end)}`;
  return start ? `from ${dateText(start)}` : end ? `until ${dateText(end)}` : "";
}

/** Who or what a Reference points at. */
export function referenceText(reference: unknown): string {
  return textAt(reference, "display") || textAt(at(reference, "identifier"), "value") || textAt(reference, "reference");
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The words of an XHTML narrative, without any of its markup: safe to show as text. */
export function narrativeText(div: string): string {
  return withoutTags(div)
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => entityText(name) ?? whole)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const SILENT_TAGS: ReadonlySet<string> = new Set(["script", "style"]);
const LINE_TAGS: ReadonlySet<string> = new Set(["/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/h4", "br", "br/"]);

/** One pass over the text, so that hostile markup costs no more than its length. */
function withoutTags(markup: string): string {
  const [first = "", ...rest] = markup.split("<");
  let text = first;
  let silentUntil: string | null = null;
  for (const part of rest) {
    const end = part.indexOf(">");
    if (end < 0) continue;
    const tag = part.slice(0, Math.min(end, 32)).trim().split(/\s/)[0]?.toLowerCase() ?? "";
    if (silentUntil === null && SILENT_TAGS.has(tag)) silentUntil = `/${tag}`;
    else if (tag === silentUntil) silentUntil = null;
    if (silentUntil === null) text += (LINE_TAGS.has(tag) ? "\n" : "") + part.slice(end + 1);
  }
  return text;
}

function entityText(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()];
  const code = name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return Number.isInteger(code) && code >= 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
