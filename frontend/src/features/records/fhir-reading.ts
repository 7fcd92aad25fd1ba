/**
 * @module features/records/fhir-reading
 * Reads the few fields of FHIR R4 that the timeline and the summary show. Anything missing or odd reads as null.
 */
import { LOINC_ENTRIES, LOINC_SYSTEM, summarise } from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";

/** A JSON object of a FHIR resource. */
export type FhirObject = { [key: string]: JsonValue };

/** `value` as an object, or null. */
export function asObject(value: JsonValue | undefined): FhirObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}

/** `value` as a list of objects: a single object counts as a list of one. */
export function asList(value: JsonValue | undefined): FhirObject[] {
  if (!Array.isArray(value)) return [asObject(value)].filter((item) => item !== null);
  return value.map(asObject).filter((item) => item !== null);
}

/** `value` as a text that is not blank, or null. */
export function asText(value: JsonValue | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** The resource itself, what a Bundle holds, and what is contained in any of these. */
export function resourcesIn(fhir: JsonValue): FhirObject[] {
  const resource = asObject(fhir);
  if (resource === null) return [];
  const held = [
    ...asList(resource["entry"]).map((entry) => asObject(entry["resource"])),
    ...asList(resource["contained"]),
  ].filter((inner) => inner !== null);
  return [resource, ...held.flatMap(resourcesIn)];
}

/** The words of a CodeableConcept: its text, or the first coding's display or code. */
export function wordsOf(concept: JsonValue | undefined): string | null {
  const object = asObject(Array.isArray(concept) ? concept[0] : concept);
  if (object === null) return null;
  const coding = asList(object["coding"])[0];
  return asText(object["text"]) ?? asText(coding?.["display"]) ?? asText(coding?.["code"]);
}

/** The name of a test as people say it: the picker's own words for a LOINC code, else the words given without LOINC's brackets. */
export function testName(code: JsonValue | undefined): string | null {
  const coding = asList(asObject(code)?.["coding"]).find(({ system }) => system === LOINC_SYSTEM);
  const entry = LOINC_ENTRIES.find((each) => each.code === coding?.["code"]);
  return entry?.display ?? wordsOf(code)?.replace(/\s*\[[^\]]+\]/g, "") ?? null;
}

/** The first code of a CodeableConcept, such as `active` or `H`. */
export function codeOf(concept: JsonValue | undefined): string | null {
  const object = asObject(Array.isArray(concept) ? concept[0] : concept);
  return asText(asList(object?.["coding"])[0]?.["code"]);
}

/** A FHIR date or dateTime in seconds, or null. A year or a month alone counts from its first day. */
export function secondsOf(text: string | null): number | null {
  if (text === null || !/^\d{4}(-\d\d(-\d\d(T.+)?)?)?$/.test(text)) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}

/** When what a resource describes happened, in seconds, or null when it does not say. */
export function dateOfResource(fhir: JsonValue): number | null {
  return secondsOf(summarise(fhir).date);
}
