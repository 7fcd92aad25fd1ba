/**
 * @module features/records/health-summary
 * Problems, medicines, allergies and latest results, gathered from the FHIR records that stand in the chart. Pure functions.
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { unitText } from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";
import {
  asList,
  asObject,
  asText,
  codeOf,
  dateOfResource,
  resourcesIn,
  testName,
  wordsOf,
  type FhirObject,
} from "./fhir-reading.ts";
import { standingOf } from "./record-model.ts";

/** A line of the summary, and the entry it comes from. */
export type SummaryLine = { name: string; detail: string | null; since: number | null; entryId: Hex };

/** Where a value lies against its reference range. */
export type ResultFlag = "high" | "low" | "abnormal" | null;

/** The latest value of one test, with the one before. */
export type ResultLine = {
  name: string;
  value: string;
  unit: string | null;
  range: string | null;
  flag: ResultFlag;
  /** Seconds. */
  at: number;
  /** How the number changed since the value before, when both have the same unit. */
  trend: "up" | "down" | "same" | null;
  previous: { value: string; at: number } | null;
  entryId: Hex;
};

/** What the home page says about a person's health. */
export type HealthSummary = {
  problems: SummaryLine[];
  medications: SummaryLine[];
  allergies: SummaryLine[];
  results: ResultLine[];
};

const ENDED = ["resolved", "inactive", "remission", "entered-in-error", "refuted"];
const RUNNING_MEDICATION = ["active", "on-hold", "draft", "unknown"];

/** The summary of a chart. Only what stands counts: no pending, denied or replaced entry. */
export function summariseHealth(records: readonly OwnRecord[]): HealthSummary {
  const problems: SummaryLine[] = [];
  const medications: SummaryLine[] = [];
  const allergies: SummaryLine[] = [];
  const observations: ResultLine[] = [];
  const codes = new Map<ResultLine, string>();
  for (const record of records) {
    if (standingOf(record) !== "current" || record.manifest === null) continue;
    const { entryId } = record.entry;
    for (const resource of resourcesIn(record.manifest.core.fhir)) {
      const since = dateOfResource(resource) ?? record.recordedAt;
      const line = (name: string | null, detail: string | null): SummaryLine | null =>
        name === null ? null : { name, detail, since, entryId };
      switch (asText(resource["resourceType"]) ?? "") {
        case "Condition":
          if (!hasEnded(resource)) push(problems, line(wordsOf(resource["code"]), null));
          break;
        case "AllergyIntolerance":
          if (!hasEnded(resource)) push(allergies, line(wordsOf(resource["code"]), reactionOf(resource)));
          break;
        case "MedicationRequest":
        case "MedicationStatement":
          if (RUNNING_MEDICATION.includes(asText(resource["status"]) ?? "unknown")) {
            push(medications, line(wordsOf(resource["medicationCodeableConcept"]), dosageOf(resource)));
          }
          break;
        case "Observation": {
          const result = resultOf(resource, since, entryId);
          if (result === null) break;
          observations.push(result);
          codes.set(result, codeOf(resource["code"]) ?? result.name);
          break;
        }
      }
    }
  }
  const results = latestResults(observations, (result) => codes.get(result) ?? result.name);
  return { problems: newest(problems), medications: newest(medications), allergies: newest(allergies), results };
}

function push(lines: SummaryLine[], line: SummaryLine | null): void {
  if (line !== null) lines.push(line);
}

/** Newest first, and one line for each name. */
function newest(lines: readonly SummaryLine[]): SummaryLine[] {
  const sorted = [...lines].sort((left, right) => (right.since ?? 0) - (left.since ?? 0));
  return [...new Map(sorted.toReversed().map((line) => [line.name.toLowerCase(), line])).values()].toReversed();
}

function hasEnded(resource: FhirObject): boolean {
  const status = codeOf(resource["clinicalStatus"]) ?? "active";
  return ENDED.includes(status) || ENDED.includes(codeOf(resource["verificationStatus"]) ?? "confirmed");
}

function reactionOf(resource: FhirObject): string | null {
  return wordsOf(asList(resource["reaction"])[0]?.["manifestation"]);
}

function dosageOf(resource: FhirObject): string | null {
  const dosage = asList(resource["dosageInstruction"] ?? resource["dosage"])[0];
  return asText(dosage?.["text"]);
}

function resultOf(resource: FhirObject, at: number, entryId: Hex): ResultLine | null {
  const name = testName(resource["code"]);
  const quantity = asObject(resource["valueQuantity"]);
  const number = quantity?.["value"];
  const value =
    typeof number === "number"
      ? String(number)
      : (asText(resource["valueString"]) ?? wordsOf(resource["valueCodeableConcept"]));
  if (name === null || value === null) return null;
  const unit = asText(unitText(asText(quantity?.["unit"]) ?? asText(quantity?.["code"]) ?? ""));
  const range = asList(resource["referenceRange"])[0];
  return {
    name,
    value,
    unit,
    range: range === undefined ? null : rangeWords(range),
    flag: flagOf(resource, typeof number === "number" ? number : null, range),
    at,
    trend: null,
    previous: null,
    entryId,
  };
}

function limitOf(range: FhirObject | undefined, side: "low" | "high"): number | null {
  const value: JsonValue | undefined = asObject(range?.[side])?.["value"];
  return typeof value === "number" ? value : null;
}

function rangeWords(range: FhirObject): string | null {
  const [low, high] = [limitOf(range, "low"), limitOf(range, "high")];
  if (low !== null && high !== null) return `${low} to ${high}`;
  if (high !== null) return `up to ${high}`;
  if (low !== null) return `${low} or more`;
  return asText(range["text"]);
}

/** The laboratory's own flag when it gave one; else from the reference range. */
function flagOf(resource: FhirObject, value: number | null, range: FhirObject | undefined): ResultFlag {
  const code = codeOf(resource["interpretation"]);
  if (code !== null) {
    if (/^H+U?$|^>$/.test(code)) return "high";
    if (/^L+U?$|^<$/.test(code)) return "low";
    if (/^(A|AA|POS|DET|R)$/.test(code)) return "abnormal";
    return null;
  }
  const [low, high] = [limitOf(range, "low"), limitOf(range, "high")];
  if (value === null) return null;
  if (high !== null && value > high) return "high";
  if (low !== null && value < low) return "low";
  return null;
}

function latestResults(all: readonly ResultLine[], codeOfResult: (result: ResultLine) => string): ResultLine[] {
  const byCode = new Map<string, ResultLine[]>();
  for (const result of all) {
    const code = codeOfResult(result);
    byCode.set(code, [...(byCode.get(code) ?? []), result]);
  }
  const latest = [...byCode.values()].map((series): ResultLine => {
    const [last, before] = [...series].sort((left, right) => right.at - left.at);
    if (before === undefined) return last!;
    return { ...last!, previous: { value: before.value, at: before.at }, trend: trendOf(last!, before) };
  });
  return latest.sort((left, right) => right.at - left.at || Number(right.flag !== null) - Number(left.flag !== null));
}

function trendOf(last: ResultLine, before: ResultLine): ResultLine["trend"] {
  const [now, then] = [Number(last.value), Number(before.value)];
  if (last.unit !== before.unit || Number.isNaN(now) || Number.isNaN(then)) return null;
  return now === then ? "same" : now > then ? "up" : "down";
}
