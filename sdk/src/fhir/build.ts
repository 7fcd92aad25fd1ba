/**
 * @module fhir/build
 * Builders of the FHIR R4 resources that Carekey's forms write. What they return passes `validateResource` and holds no undefined
 * value, so that it can be hashed and sealed as it is.
 *
 * A visit note is a Composition: it has sections that a program can find again (reason, findings, assessment, plan), where a
 * DocumentReference would only point at a text. A file that comes with a resource travels as the record's content; the resource
 * names it by a contained DocumentReference (a lab report by `presentedForm`).
 */
import type {
  Bundle,
  CodeableConcept,
  Attachment,
  Composition,
  CompositionSection,
  Condition,
  DiagnosticReport,
  DocumentReference,
  Identifier,
  MedicationRequest,
  Observation,
  Patient,
  Practitioner,
  Reference,
} from "@medplum/fhirtypes";
import { SdkError } from "../errors.ts";
import { LOINC_SYSTEM, type CodeChoice } from "./codes.ts";

/** A person in a resource: their address, and the name that readers are shown. */
export type FhirPerson = { readonly address: `0x${string}`; readonly name: string };

/** A file that is the record's content. `size` in bytes. */
export type FhirFile = { readonly name: string; readonly type: string; readonly size: number };

/** What every builder needs. */
export type BuildContext = {
  readonly patient: FhirPerson;
  readonly author: FhirPerson;
  /** When it is written, seconds. */
  readonly at: number;
  /** The file that comes with it. */
  readonly file?: FhirFile;
};

/** Names an Ethereum address in a FHIR identifier; EIP-55 says how it is spelled. */
export const ADDRESS_SYSTEM = "https://eips.ethereum.org/EIPS/eip-55";
const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/";
const FILE_ID = "file";

/** A FHIR dateTime in UTC, to the second. @param seconds - Since 1970. */
export function fhirDateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** The concept for what a person chose: the code when there is one, their words always. */
export function conceptOf({ text, entry }: CodeChoice): CodeableConcept {
  const words = requireText(text, "code");
  if (entry === undefined) return { text: words };
  return { coding: [{ system: entry.system, code: entry.code, display: entry.display }], text: words };
}

function requireText(text: string, title: string): string {
  const trimmed = text.trim();
  if (trimmed === "") throw new SdkError("INVALID_ARGUMENT", `${title}: must not be empty`);
  return trimmed;
}

function coded(system: string, code: string, display?: string): CodeableConcept {
  return { coding: [{ system: TERMINOLOGY + system, code, ...(display === undefined ? {} : { display }) }] };
}

function loinc(code: string, display: string): CodeableConcept {
  return { coding: [{ system: LOINC_SYSTEM, code, display }], text: display };
}

function identifierOf({ address }: FhirPerson): Identifier {
  return { system: ADDRESS_SYSTEM, value: address };
}

function subjectOf({ patient }: BuildContext): Reference<Patient> {
  return { type: "Patient", identifier: identifierOf(patient), display: patient.name };
}

function authorOf({ author }: BuildContext): Reference<Practitioner> {
  return { type: "Practitioner", identifier: identifierOf(author), display: author.name };
}

function notesOf(context: BuildContext, note: string | undefined): { note?: { text: string; time: string }[] } {
  const text = note?.trim();
  return text ? { note: [{ text, time: fhirDateTime(context.at) }] } : {};
}

function containedFile(context: BuildContext): { contained?: DocumentReference[] } {
  return context.file === undefined ? {} : { contained: [{ ...fileReference(context, context.file), id: FILE_ID }] };
}

function attachmentOf(file: FhirFile): Attachment {
  return {
    contentType: file.type || "application/octet-stream",
    title: requireText(file.name, "file name"),
    ...(file.size > 0 && file.size <= 0x7fffffff ? { size: file.size } : {}),
  };
}

function fileReference(context: BuildContext, file: FhirFile, type?: CodeChoice): DocumentReference {
  return {
    resourceType: "DocumentReference",
    status: "current",
    ...(type === undefined ? {} : { type: conceptOf(type) }),
    subject: subjectOf(context),
    date: fhirDateTime(context.at),
    author: [authorOf(context)],
    content: [
      {
        attachment: attachmentOf(file),
      },
    ],
  };
}

/** A file as a resource of its own. @param input - Kind of document, and the words about it. */
export function buildFileReference(
  context: BuildContext & { readonly file: FhirFile },
  input: { readonly kind?: CodeChoice; readonly description?: string } = {},
): DocumentReference {
  const description = input.description?.trim();
  return { ...fileReference(context, context.file, input.kind), ...(description ? { description } : {}) };
}

/** What the diagnosis form gives. `onset` is a FHIR date (YYYY, YYYY-MM or YYYY-MM-DD). */
export type ConditionInput = {
  readonly diagnosis: CodeChoice;
  readonly clinicalStatus: "active" | "recurrence" | "remission" | "resolved";
  readonly certainty: "confirmed" | "provisional" | "differential";
  readonly severity?: "mild" | "moderate" | "severe";
  readonly onset?: string;
  readonly note?: string;
};

/** SNOMED CT codes of HL7's example value set of severities. */
const SEVERITY = { mild: "255604002", moderate: "6736007", severe: "24484000" } as const;

/** A diagnosis. @throws SdkError INVALID_ARGUMENT when the diagnosis has no words. */
export function buildCondition(context: BuildContext, input: ConditionInput): Condition {
  return {
    resourceType: "Condition",
    ...containedFile(context),
    clinicalStatus: coded("condition-clinical", input.clinicalStatus),
    verificationStatus: coded("condition-ver-status", input.certainty),
    category: [coded("condition-category", "encounter-diagnosis", "Encounter Diagnosis")],
    ...(input.severity === undefined
      ? {}
      : {
          severity: {
            coding: [{ system: "http://snomed.info/sct", code: SEVERITY[input.severity] }],
            text: input.severity,
          },
        }),
    code: conceptOf(input.diagnosis),
    subject: subjectOf(context),
    ...(input.onset ? { onsetDateTime: input.onset } : {}),
    recordedDate: fhirDateTime(context.at),
    recorder: authorOf(context),
    asserter: authorOf(context),
    ...(context.file === undefined ? {} : { evidence: [{ detail: [{ reference: `#${FILE_ID}` }] }] }),
    ...notesOf(context, input.note),
  };
}

/** What the prescription form gives. */
export type MedicationRequestInput = {
  readonly medication: CodeChoice;
  /** How to take it, in the words the patient reads: "1 tablet twice a day with food". */
  readonly instructions: string;
  /** How often, when it is regular. */
  readonly timing?: { readonly times: number; readonly per: "d" | "wk" | "mo" };
  readonly asNeeded?: boolean;
  /** For how many days. */
  readonly days?: number;
  /** How many times it may be renewed. */
  readonly refills?: number;
  readonly reason?: string;
  readonly note?: string;
};

/** A prescription. @throws SdkError INVALID_ARGUMENT when medication or instructions are empty. */
export function buildMedicationRequest(context: BuildContext, input: MedicationRequestInput): MedicationRequest {
  const dispense = {
    ...(input.refills === undefined ? {} : { numberOfRepeatsAllowed: input.refills }),
    ...(input.days === undefined
      ? {}
      : {
          expectedSupplyDuration: { value: input.days, unit: "days", system: "http://unitsofmeasure.org", code: "d" },
        }),
  };
  const reason = input.reason?.trim();
  return {
    resourceType: "MedicationRequest",
    ...containedFile(context),
    status: "active",
    intent: "order",
    medicationCodeableConcept: conceptOf(input.medication),
    subject: subjectOf(context),
    ...(context.file === undefined ? {} : { supportingInformation: [{ reference: `#${FILE_ID}` }] }),
    authoredOn: fhirDateTime(context.at),
    requester: authorOf(context),
    ...(reason ? { reasonCode: [{ text: reason }] } : {}),
    dosageInstruction: [
      {
        text: requireText(input.instructions, "instructions"),
        ...(input.timing === undefined
          ? {}
          : { timing: { repeat: { frequency: input.timing.times, period: 1, periodUnit: input.timing.per } } }),
        ...(input.asNeeded === true ? { asNeededBoolean: true } : {}),
      },
    ],
    ...(Object.keys(dispense).length === 0 ? {} : { dispenseRequest: dispense }),
    ...notesOf(context, input.note),
  };
}

/** One line of a lab report. Values and limits in `unit` (UCUM). */
export type LabResultInput = {
  readonly test: CodeChoice;
  readonly value: number | string;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
};

/** What the lab report form gives. `collectedAt` in seconds. */
export type LabReportInput = {
  readonly report: CodeChoice;
  readonly collectedAt: number;
  readonly results: readonly LabResultInput[];
  readonly conclusion?: string;
};

const FLAGS = { L: "Low", H: "High", N: "Normal" } as const;

/** H, L or N by the reference range; undefined when there is nothing to compare. */
export function flagOf({ value, low, high }: LabResultInput): keyof typeof FLAGS | undefined {
  if (typeof value !== "number" || (low === undefined && high === undefined)) return undefined;
  if (low !== undefined && value < low) return "L";
  return high !== undefined && value > high ? "H" : "N";
}

function observationOf(context: BuildContext, input: LabReportInput, result: LabResultInput): Observation {
  const quantity = (value: number) => ({
    value,
    ...(result.unit ? { unit: result.unit, system: "http://unitsofmeasure.org", code: result.unit } : {}),
  });
  const flag = flagOf(result);
  const range = {
    ...(result.low === undefined ? {} : { low: quantity(result.low) }),
    ...(result.high === undefined ? {} : { high: quantity(result.high) }),
  };
  return {
    resourceType: "Observation",
    status: "final",
    category: [coded("observation-category", "laboratory", "Laboratory")],
    code: conceptOf(result.test),
    subject: subjectOf(context),
    effectiveDateTime: fhirDateTime(input.collectedAt),
    performer: [authorOf(context)],
    ...(typeof result.value === "number"
      ? { valueQuantity: quantity(result.value) }
      : { valueString: requireText(result.value, "result") }),
    ...(flag === undefined ? {} : { interpretation: [coded("v3-ObservationInterpretation", flag, FLAGS[flag])] }),
    ...(Object.keys(range).length === 0 ? {} : { referenceRange: [range] }),
  };
}

/**
 * A lab report: a collection Bundle of one DiagnosticReport and one Observation per result.
 * @param newId - Gives a UUID; default the platform's.
 * @throws SdkError INVALID_ARGUMENT when there is no result and no file, or a name is empty.
 */
export function buildLabReport(
  context: BuildContext,
  input: LabReportInput,
  newId: () => string = () => crypto.randomUUID(),
): Bundle {
  if (input.results.length === 0 && context.file === undefined) {
    throw new SdkError("INVALID_ARGUMENT", "a lab report needs a result or a file");
  }
  const observations = input.results.map((result) => ({
    fullUrl: `urn:uuid:${newId()}`,
    resource: observationOf(context, input, result),
  }));
  const conclusion = input.conclusion?.trim();
  const report: DiagnosticReport = {
    resourceType: "DiagnosticReport",
    status: "final",
    category: [coded("v2-0074", "LAB", "Laboratory")],
    code: conceptOf(input.report),
    subject: subjectOf(context),
    effectiveDateTime: fhirDateTime(input.collectedAt),
    issued: fhirDateTime(context.at),
    performer: [authorOf(context)],
    ...(observations.length === 0 ? {} : { result: observations.map(({ fullUrl }) => ({ reference: fullUrl })) }),
    ...(conclusion ? { conclusion } : {}),
    ...(context.file === undefined ? {} : { presentedForm: [attachmentOf(context.file)] }),
  };
  return {
    resourceType: "Bundle",
    type: "collection",
    timestamp: fhirDateTime(context.at),
    entry: [{ fullUrl: `urn:uuid:${newId()}`, resource: report }, ...observations],
  };
}

/** What the visit note form gives; empty sections are left out. `visitedAt` in seconds. */
export type VisitNoteInput = {
  readonly title?: string;
  readonly visitedAt: number;
  readonly reason?: string;
  readonly findings?: string;
  readonly assessment?: string;
  readonly plan?: string;
};

const SECTIONS = [
  { name: "reason", title: "Reason for the visit", code: loinc("29299-5", "Reason for visit") },
  { name: "findings", title: "Findings", code: loinc("29545-1", "Physical findings") },
  { name: "assessment", title: "Assessment", code: loinc("51848-0", "Evaluation note") },
  { name: "plan", title: "Plan", code: loinc("18776-5", "Plan of care note") },
] as const;

/** Plain text as the XHTML of a FHIR narrative: escaped, one paragraph per line. */
export function narrativeOf(text: string): { status: "additional"; div: string } {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const paragraphs = escaped.split(/\r?\n/).map((line) => `<p>${line}</p>`);
  return { status: "additional", div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.join("")}</div>` };
}

/** A visit note. @throws SdkError INVALID_ARGUMENT when all sections are empty and there is no file. */
export function buildVisitNote(context: BuildContext, input: VisitNoteInput): Composition {
  const sections: CompositionSection[] = SECTIONS.flatMap(({ name, title, code }) => {
    const text = input[name]?.trim();
    return text ? [{ title, code, text: narrativeOf(text) }] : [];
  });
  if (context.file !== undefined) sections.push({ title: "Attachments", entry: [{ reference: `#${FILE_ID}` }] });
  if (sections.length === 0) throw new SdkError("INVALID_ARGUMENT", "visit note: all sections are empty");
  return {
    resourceType: "Composition",
    ...containedFile(context),
    status: "final",
    type: loinc("11506-3", "Progress note"),
    subject: subjectOf(context),
    date: fhirDateTime(input.visitedAt),
    author: [authorOf(context)],
    title: input.title?.trim() || "Visit note",
    section: sections,
  };
}
