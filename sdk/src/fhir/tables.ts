/**
 * @module fhir/tables
 * Any FHIR resource as tables of plain text that a person can read: results with unit, reference range and flag first.
 * Holds no markup: whoever draws the tables shows every cell as text.
 */
import { isJsonObject } from "./limits.ts";
import { KIND_LABELS, summarise } from "./summarise.ts";
import {
  at,
  codeWords,
  conceptText,
  firstCode,
  listAt,
  narrativeText,
  periodText,
  quantityText,
  referenceText,
  textAt,
  type DateText,
} from "./text.ts";

/** How far a result is from normal. */
export type ResultFlag = "low" | "high" | "critical" | "abnormal" | "normal";
/** One cell: its text, and the flag when it is one. */
export type ReadableCell = { readonly text: string; readonly flag?: ResultFlag };
/** One table. The first cell of each row is its heading. */
export type ReadableTable = {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReadableCell[])[];
};

/** Options of {@link toTables}. */
export type TableOptions = {
  /** Writes dates in the reader's way; default as in FHIR, without the seconds' fraction. */
  readonly dateText?: DateText;
};

const FLAGS: Readonly<Record<string, { flag: ResultFlag; text: string }>> = {
  L: { flag: "low", text: "Low" },
  LL: { flag: "critical", text: "Critically low" },
  H: { flag: "high", text: "High" },
  HH: { flag: "critical", text: "Critically high" },
  AA: { flag: "critical", text: "Critical" },
  A: { flag: "abnormal", text: "Abnormal" },
  POS: { flag: "abnormal", text: "Positive" },
  NEG: { flag: "normal", text: "Negative" },
  N: { flag: "normal", text: "Normal" },
};

/** A resource as readable tables. Never throws, whatever it is given. */
export function toTables(resource: unknown, options: TableOptions = {}): readonly ReadableTable[] {
  const dateText = options.dateText ?? ((iso: string) => iso);
  const tables = tablesOf(resource, dateText, 0);
  return tables.filter((table) => table.rows.length > 0);
}

function tablesOf(resource: unknown, dateText: DateText, depth: number): ReadableTable[] {
  if (!isJsonObject(resource) || depth > 4) return [];
  const type = textAt(resource, "resourceType");
  if (type === "Observation") return [resultTable("Result", [resource], dateText)];
  if (type === "Composition") return compositionTables(resource, dateText);
  if (type === "Bundle") {
    const resources = listAt(resource, "entry").map((entry) => at(entry, "resource"));
    const results = resources.filter((item) => textAt(item, "resourceType") === "Observation");
    const others = resources.filter((item) => textAt(item, "resourceType") !== "Observation");
    const [first, ...rest] = others.map((item) => tablesOf(item, dateText, depth + 1));
    return [...(first ?? []), resultTable("Results", results, dateText), ...rest.flat()];
  }
  const contained = listAt(resource, "contained").flatMap((item) => tablesOf(item, dateText, depth + 1));
  return [factTable(resource, dateText), ...contained];
}

// Results

function resultTable(caption: string, observations: readonly unknown[], dateText: DateText): ReadableTable {
  const rows = observations.flatMap((observation) => {
    const components = listAt(observation, "component");
    const date = textAt(observation, "effectiveDateTime") || textAt(observation, "issued");
    const own = resultRow(observation, date === "" ? "" : dateText(date), dateText);
    const parts = components.map((component) => resultRow(component, "", dateText));
    return own[1]?.text === "" && parts.length > 0 ? parts : [own, ...parts];
  });
  return { caption, columns: ["Test", "Result", "Flag", "Reference range", "Date"], rows };
}

function resultRow(observation: unknown, date: string, dateText: DateText): ReadableCell[] {
  const quantity = at(observation, "valueQuantity");
  const value = isJsonObject(quantity)
    ? quantityText(quantity)
    : choiceText(observation, "value", dateText) || conceptText(at(observation, "dataAbsentReason"));
  const code = firstCode(listAt(observation, "interpretation")[0]);
  const known = Object.hasOwn(FLAGS, code) ? FLAGS[code] : undefined;
  const flag = known ?? { text: conceptText(listAt(observation, "interpretation")[0]) };
  return [
    { text: conceptText(at(observation, "code")) },
    { text: value },
    flag,
    { text: rangeText(listAt(observation, "referenceRange")[0]) },
    { text: date },
  ];
}

function rangeText(range: unknown): string {
  if (textAt(range, "text")) return textAt(range, "text");
  const [low, high] = [textAt(at(range, "low"), "value"), textAt(at(range, "high"), "value")];
  if (low && high) return `${low} – ${high}`;
  return low ? `at least ${low}` : high ? `at most ${high}` : "";
}

// Notes

function compositionTables(composition: unknown, dateText: DateText): ReadableTable[] {
  const date = textAt(composition, "date");
  const head = [
    ["Date", date === "" ? "" : dateText(date)],
    ["Author", listAt(composition, "author").map(referenceText).join(", ")],
    ["Kind", conceptText(at(composition, "type"))],
  ];
  const sections = sectionRows(listAt(composition, "section"), composition, 0);
  return [
    table(textAt(composition, "title") || "Note", head),
    { caption: "Content", columns: ["Section", "Text"], rows: toRows(sections) },
  ];
}

function sectionRows(sections: readonly unknown[], composition: unknown, depth: number): string[][] {
  if (depth > 4) return [];
  return sections.flatMap((section) => {
    const words = narrativeText(textAt(at(section, "text"), "div"));
    const entries = listAt(section, "entry").map((entry) => fileName(entry, composition));
    const text = [words, ...entries].filter(Boolean).join("\n");
    const title = textAt(section, "title") || conceptText(at(section, "code"));
    return [...(text ? [[title, text]] : []), ...sectionRows(listAt(section, "section"), composition, depth + 1)];
  });
}

function fileName(reference: unknown, composition: unknown): string {
  const id = textAt(reference, "reference").replace(/^#/, "");
  const file = listAt(composition, "contained").find((item) => textAt(item, "id") === id);
  return file === undefined ? referenceText(reference) : summarise(file).title;
}

// Everything else

/** Properties that say nothing to a reader. */
const QUIET = new Set(["resourceType", "id", "meta", "text", "contained", "extension", "implicitRules", "language"]);
const QUIETER = new Set([
  "modifierExtension",
  "identifier",
  "subject",
  "patient",
  "result",
  "evidence",
  "intent",
  "category",
]);

/** What is read first, and what last; the rest stands between them as it comes. Canonical encodings shuffle properties. */
const FIRST = [
  "code",
  "medicationCodeableConcept",
  "dosageInstruction",
  "reasonCode",
  "clinicalStatus",
  "verificationStatus",
  "severity",
  "onsetDateTime",
  "effectiveDateTime",
  "conclusion",
  "description",
  "note",
];
const LAST = [
  "presentedForm",
  "content",
  "authoredOn",
  "recordedDate",
  "date",
  "issued",
  "performer",
  "author",
  "requester",
  "recorder",
  "status",
];

/** Properties that hold a bare code. */
const CODES = new Set(["status", "gender", "priority", "criticality"]);

function rankOf(key: string): number {
  const first = FIRST.indexOf(key);
  if (first >= 0) return first - FIRST.length;
  return LAST.indexOf(key) + 1;
}

function factTable(resource: Record<string, unknown>, dateText: DateText): ReadableTable {
  const { title, kind } = summarise(resource);
  const rows = Object.entries(resource)
    .filter(
      ([key, value]) =>
        !QUIET.has(key) && !QUIETER.has(key) && !key.startsWith("_") && !isRepeated(key, value, resource),
    )
    .sort(([left], [right]) => rankOf(left) - rankOf(right))
    .map(([key, value]) => [
      labelOf(key),
      CODES.has(key) ? codeWords(textAt(resource, key)) : valueText(value, dateText, 0),
    ]);
  const caption = kind === "other" ? wordsOf(textAt(resource, "resourceType")) : KIND_LABELS[kind];
  return table(caption === title || title === "" ? caption : `${caption}: ${title}`, rows);
}

/** Who asserts is said once when it is who recorded. */
function isRepeated(key: string, value: unknown, resource: Record<string, unknown>): boolean {
  return key === "asserter" && referenceText(value) === referenceText(resource.recorder);
}

function table(caption: string, rows: readonly (readonly string[])[]): ReadableTable {
  return { caption, columns: ["What", "Value"], rows: toRows(rows.filter(([, value]) => value !== "")) };
}

function toRows(rows: readonly (readonly string[])[]): ReadableCell[][] {
  return rows.map((row) => row.map((text) => ({ text })));
}

const LABELS: Readonly<Record<string, string>> = {
  clinicalStatus: "State",
  verificationStatus: "Certainty",
  onsetDateTime: "Since",
  recordedDate: "Recorded",
  recorder: "Recorded by",
  performer: "By",
  content: "File",
  medicationCodeableConcept: "Medicine",
  dosageInstruction: "How to take it",
  authoredOn: "Written",
  requester: "Prescribed by",
  reasonCode: "Reason",
  dispenseRequest: "Supply",
  presentedForm: "File",
  supportingInformation: "File",
  effectiveDateTime: "Date",
};

function labelOf(key: string): string {
  return Object.hasOwn(LABELS, key) ? (LABELS[key] ?? key) : wordsOf(key);
}

/** "medicationRequest" as "Medication request". */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, (_, left: string, right: string) => `${left} ${right.toLowerCase()}`);
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** The text of a choice such as value[x]. */
function choiceText(value: unknown, prefix: string, dateText: DateText): string {
  if (!isJsonObject(value)) return "";
  const key = Object.keys(value).find((name) => name.startsWith(prefix) && /^[A-Z]/.test(name.slice(prefix.length)));
  return key === undefined ? "" : valueText(value[key], dateText, 0);
}

const ISO_DATE = /^\d{4}-\d{2}(-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?)?$/;

function valueText(value: unknown, dateText: DateText, depth: number): string {
  if (typeof value === "string") return ISO_DATE.test(value) ? dateText(value) : value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (depth > 5) return "";
  if (Array.isArray(value)) {
    const texts = value.map((item) => valueText(item, dateText, depth + 1)).filter(Boolean);
    return texts.join(texts.some((text) => text.includes(", ")) ? "\n" : ", ");
  }
  return isJsonObject(value) ? objectText(value, dateText, depth) : "";
}

function objectText(value: Record<string, unknown>, dateText: DateText, depth: number): string {
  if ("coding" in value || ("code" in value && "system" in value && !("value" in value))) return conceptText(value);
  if ("reference" in value || "identifier" in value) return localReference(value);
  if ("attachment" in value) return textAt(value.attachment, "title");
  if ("contentType" in value) return textAt(value, "title") || textAt(value, "contentType");
  if ("start" in value || "end" in value) return periodText(value, dateText);
  if (typeof value.value === "number") return quantityText(value);
  if (typeof value.div === "string") return narrativeText(value.div);
  if ("family" in value || "given" in value) {
    return textAt(value, "text") || [...listAt(value, "given"), textAt(value, "family")].filter(Boolean).join(" ");
  }
  if (typeof value.value === "string") return value.value;
  const text = textAt(value, "text");
  if (text !== "" && Object.values(value).every((item) => !Array.isArray(item))) {
    const repeat = at(at(value, "timing"), "repeat");
    return [text, timingText(repeat), value.asNeededBoolean === true ? "as needed" : ""].filter(Boolean).join(", ");
  }
  return Object.entries(value)
    .filter(([key]) => !QUIET.has(key) && !key.startsWith("_"))
    .map(([key, item]) => [labelOf(key), valueText(item, dateText, depth + 1)])
    .filter(([, words]) => words !== "")
    .map(([label, words]) => `${label}: ${words}`)
    .join(", ");
}

/** A reference into the same resource is shown by the file's own table. */
function localReference(value: unknown): string {
  return textAt(value, "reference").startsWith("#") ? "" : referenceText(value);
}

const PERIOD_UNITS: Readonly<Record<string, string>> = { h: "hour", d: "day", wk: "week", mo: "month" };

function timingText(repeat: unknown): string {
  const [times, period, unit] = [textAt(repeat, "frequency"), textAt(repeat, "period"), textAt(repeat, "periodUnit")];
  const word = Object.hasOwn(PERIOD_UNITS, unit) ? PERIOD_UNITS[unit] : undefined;
  if (times === "" || word === undefined) return "";
  return `${times} × ${period === "1" || period === "" ? `a ${word}` : `every ${period} ${word}s`}`;
}
