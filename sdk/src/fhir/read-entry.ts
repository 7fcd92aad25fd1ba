/**
 * @module fhir/read-entry
 * What the forms wrote, read back into what they took, so that a new version starts from the one before. The reverse of `fhir/build`.
 */
import type {
  ConditionInput,
  LabReportInput,
  LabResultInput,
  MedicationRequestInput,
  VisitNoteInput,
} from "./build.ts";
import { ICD10_SYSTEM, LOINC_SYSTEM, RXNORM_SYSTEM, type CodeChoice, type CodeSystemUri } from "./codes.ts";
import { isJsonObject } from "./limits.ts";
import { at, conceptText, firstCode, listAt, narrativeText, textAt } from "./text.ts";

/** What each form takes, by its kind. */
export type WrittenEntry =
  | { kind: "condition"; input: ConditionInput }
  | { kind: "medication"; input: MedicationRequestInput }
  | { kind: "lab"; input: LabReportInput }
  | { kind: "note"; input: VisitNoteInput }
  | { kind: "file"; input: { kind?: CodeChoice; description?: string } };

/** A resource as the input of the form that writes such resources; null for one that no form writes. Fields of others are lost. */
export function readEntry(resource: unknown): WrittenEntry | null {
  switch (textAt(resource, "resourceType")) {
    case "Condition":
      return { kind: "condition", input: readCondition(resource) };
    case "MedicationRequest":
      return { kind: "medication", input: readMedicationRequest(resource) };
    case "Composition":
      return { kind: "note", input: readVisitNote(resource) };
    case "DocumentReference":
      return { kind: "file", input: readFileReference(resource) };
    case "Bundle": {
      const resources = listAt(resource, "entry").map((entry) => at(entry, "resource"));
      const report = resources.find((each) => textAt(each, "resourceType") === "DiagnosticReport");
      return report === undefined ? null : { kind: "lab", input: readLabReport(report, resources) };
    }
    default:
      return null;
  }
}

const SYSTEMS: readonly string[] = [LOINC_SYSTEM, ICD10_SYSTEM, RXNORM_SYSTEM] satisfies CodeSystemUri[];

function isPickerSystem(system: string): system is CodeSystemUri {
  return SYSTEMS.includes(system);
}

/** A concept as it was chosen: its words, with the code where there is one of a picker's system. */
function choiceOf(concept: unknown): CodeChoice {
  const text = conceptText(concept);
  for (const coding of listAt(concept, "coding")) {
    const [system, code, display] = [textAt(coding, "system"), textAt(coding, "code"), textAt(coding, "display")];
    if (isPickerSystem(system) && code !== "") return { text, entry: { system, code, display, synonyms: [] } };
  }
  return { text };
}

function noteOf(resource: unknown): { note?: string } {
  const note = listAt(resource, "note")
    .map((each) => textAt(each, "text"))
    .join("\n");
  return note === "" ? {} : { note };
}

function secondsOf(iso: string, fallback = 0): number {
  const milliseconds = Date.parse(iso);
  return Number.isNaN(milliseconds) ? fallback : Math.floor(milliseconds / 1000);
}

/** `value` if it is one of `known`, else the first of them. */
function oneOf<const Known extends string>(value: string, known: readonly [Known, ...Known[]]): Known {
  return known.find((each) => each === value) ?? known[0];
}

function readCondition(resource: unknown): ConditionInput {
  const severity = (["mild", "moderate", "severe"] as const).find(
    (each) => each === conceptText(at(resource, "severity")).toLowerCase(),
  );
  const onset = textAt(resource, "onsetDateTime");
  return {
    diagnosis: choiceOf(at(resource, "code")),
    clinicalStatus: oneOf(firstCode(at(resource, "clinicalStatus")), ["active", "recurrence", "remission", "resolved"]),
    certainty: oneOf(firstCode(at(resource, "verificationStatus")), ["confirmed", "provisional", "differential"]),
    ...(severity === undefined ? {} : { severity }),
    ...(onset === "" ? {} : { onset }),
    ...noteOf(resource),
  };
}

function numberAt(value: unknown, key: string): number | undefined {
  const found = at(value, key);
  return typeof found === "number" ? found : undefined;
}

function readMedicationRequest(resource: unknown): MedicationRequestInput {
  const [dosage] = listAt(resource, "dosageInstruction");
  const repeat = at(at(dosage, "timing"), "repeat");
  const dispense = at(resource, "dispenseRequest");
  const times = numberAt(repeat, "frequency");
  const days = numberAt(at(dispense, "expectedSupplyDuration"), "value");
  const refills = numberAt(dispense, "numberOfRepeatsAllowed");
  const reason = conceptText(listAt(resource, "reasonCode")[0]);
  return {
    medication: choiceOf(at(resource, "medicationCodeableConcept")),
    instructions: textAt(dosage, "text"),
    ...(times === undefined ? {} : { timing: { times, per: oneOf(textAt(repeat, "periodUnit"), ["d", "wk", "mo"]) } }),
    asNeeded: at(dosage, "asNeededBoolean") === true,
    ...(days === undefined ? {} : { days }),
    ...(refills === undefined ? {} : { refills }),
    ...(reason === "" ? {} : { reason }),
    ...noteOf(resource),
  };
}

function readResult(observation: unknown): LabResultInput {
  const quantity = at(observation, "valueQuantity");
  const [range] = listAt(observation, "referenceRange");
  const unit = textAt(quantity, "unit") || textAt(at(range, "low"), "unit") || textAt(at(range, "high"), "unit");
  const low = numberAt(at(range, "low"), "value");
  const high = numberAt(at(range, "high"), "value");
  return {
    test: choiceOf(at(observation, "code")),
    value: numberAt(quantity, "value") ?? textAt(observation, "valueString"),
    ...(unit === "" ? {} : { unit }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}

function readLabReport(report: unknown, resources: readonly unknown[]): LabReportInput {
  const conclusion = textAt(report, "conclusion");
  return {
    report: choiceOf(at(report, "code")),
    collectedAt: secondsOf(textAt(report, "effectiveDateTime")),
    results: resources.filter((each) => textAt(each, "resourceType") === "Observation").map(readResult),
    ...(conclusion === "" ? {} : { conclusion }),
  };
}

/** LOINC codes of the sections that the form writes. */
const SECTION_NAMES: Readonly<Record<string, "reason" | "findings" | "assessment" | "plan">> = {
  "29299-5": "reason",
  "29545-1": "findings",
  "51848-0": "assessment",
  "18776-5": "plan",
};

function readVisitNote(resource: unknown): VisitNoteInput {
  const sections = listAt(resource, "section").flatMap((section) => {
    const name = SECTION_NAMES[firstCode(at(section, "code"))];
    return name === undefined ? [] : [[name, narrativeText(textAt(at(section, "text"), "div"))] as const];
  });
  const title = textAt(resource, "title");
  return {
    ...(title === "" ? {} : { title }),
    visitedAt: secondsOf(textAt(resource, "date")),
    ...Object.fromEntries(sections),
  };
}

function readFileReference(resource: unknown): { kind?: CodeChoice; description?: string } {
  const type = at(resource, "type");
  const description = textAt(resource, "description");
  return {
    ...(isJsonObject(type) ? { kind: choiceOf(type) } : {}),
    ...(description === "" ? {} : { description }),
  };
}
