/**
 * @module fhir/summarise
 * Title, kind and date of a resource: what a timeline shows without opening it.
 */
import { at, conceptText, firstCode, listAt, textAt } from "./text.ts";
import { isJsonObject } from "./limits.ts";

/** The kinds of record that screens filter by. */
export type RecordKind =
  | "diagnosis"
  | "prescription"
  | "lab-report"
  | "imaging"
  | "visit-note"
  | "document"
  | "allergy"
  | "vaccination"
  | "procedure"
  | "measurement"
  | "person"
  | "other";

/** Plain names of the kinds. */
export const KIND_LABELS: Readonly<Record<RecordKind, string>> = {
  diagnosis: "Diagnosis",
  prescription: "Prescription",
  "lab-report": "Lab report",
  imaging: "Imaging",
  "visit-note": "Visit note",
  document: "Document",
  allergy: "Allergy",
  vaccination: "Vaccination",
  procedure: "Procedure",
  measurement: "Measurement",
  person: "Personal details",
  other: "Other",
};

/** What a timeline shows of a resource. `date` is a FHIR date or dateTime. */
export type Summary = { readonly title: string; readonly kind: RecordKind; readonly date: string | null };

const KINDS: Readonly<Record<string, RecordKind>> = {
  AllergyIntolerance: "allergy",
  Composition: "visit-note",
  Condition: "diagnosis",
  DiagnosticReport: "lab-report",
  DocumentReference: "document",
  Encounter: "visit-note",
  ImagingStudy: "imaging",
  Immunization: "vaccination",
  Media: "imaging",
  Medication: "prescription",
  MedicationAdministration: "prescription",
  MedicationDispense: "prescription",
  MedicationRequest: "prescription",
  MedicationStatement: "prescription",
  Observation: "measurement",
  Patient: "person",
  Procedure: "procedure",
};

const DATE_KEYS = [
  "effectiveDateTime",
  "performedDateTime",
  "occurrenceDateTime",
  "onsetDateTime",
  "authoredOn",
  "date",
  "recordedDate",
  "issued",
  "started",
  "created",
  "timestamp",
  "birthDate",
] as const;

/** Title, kind and date of a resource. Anything that is no resource gets the kind "other". Never throws. */
export function summarise(resource: unknown): Summary {
  if (textAt(resource, "resourceType") === "Bundle") return summariseBundle(resource);
  const kind = kindOf(resource);
  return { title: titleOf(resource) || KIND_LABELS[kind], kind, date: dateOf(resource) };
}

function summariseBundle(bundle: unknown): Summary {
  const resources = listAt(bundle, "entry")
    .map((entry) => at(entry, "resource"))
    .filter(isJsonObject);
  const leading = ["Composition", "DiagnosticReport", "ImagingStudy"];
  const first =
    resources.find((resource) => leading.includes(textAt(resource, "resourceType"))) ??
    resources.find((resource) => textAt(resource, "resourceType") !== "Patient");
  if (first === undefined) return { title: "Collection", kind: "other", date: dateOf(bundle) };
  const summary = summarise(first);
  const isLab = summary.kind === "measurement" && firstCode(listAt(first, "category")[0]) === "laboratory";
  return { ...summary, kind: isLab ? "lab-report" : summary.kind, date: summary.date ?? dateOf(bundle) };
}

function kindOf(resource: unknown): RecordKind {
  const type = textAt(resource, "resourceType");
  if (type === "DiagnosticReport") {
    const categories = listAt(resource, "category").map(firstCode);
    return categories.some((code) => ["RAD", "IMG", "CT", "NMR", "RUS"].includes(code)) ? "imaging" : "lab-report";
  }
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? "other") : "other";
}

function titleOf(resource: unknown): string {
  const concept = ["code", "medicationCodeableConcept", "vaccineCode", "type"].map((key) => at(resource, key));
  const attachment = at(listAt(resource, "content")[0], "attachment");
  const name = listAt(resource, "name")[0];
  const candidates = [
    textAt(resource, "title"),
    textAt(resource, "description"),
    textAt(attachment, "title"),
    ...concept.map(conceptText),
    textAt(name, "text"),
    [...listAt(name, "given"), textAt(name, "family")].filter(Boolean).join(" "),
  ];
  return candidates.find((candidate) => candidate !== "") ?? "";
}

function dateOf(resource: unknown): string | null {
  for (const key of DATE_KEYS) if (textAt(resource, key)) return textAt(resource, key);
  return textAt(at(resource, "effectivePeriod"), "start") || textAt(at(resource, "period"), "start") || null;
}
