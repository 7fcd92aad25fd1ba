/**
 * @module fhir
 * FHIR R4 inside records: limits, validation, builders of what the forms write, code pickers, and readable tables.
 */
export { LOINC_SYSTEM, ICD10_SYSTEM, RXNORM_SYSTEM } from "./codes.ts";
export type { CodeChoice, CodeEntry, CodeSystemUri } from "./codes.ts";
export { LOINC_ENTRIES } from "./codes-loinc.ts";
export { ICD10_ENTRIES } from "./codes-icd10.ts";
export { RXNORM_ENTRIES } from "./codes-rxnorm.ts";
export { searchCodes } from "./search.ts";
export { MAX_FHIR_BYTES, MAX_FHIR_DEPTH, MAX_FHIR_VALUES, assertResourceShape, parseResource } from "./limits.ts";
export { KNOWN_RESOURCE_TYPES, validateResource } from "./validate.ts";
export type { FhirIssue, Validation } from "./validate.ts";
export {
  ADDRESS_SYSTEM,
  buildCondition,
  buildFileReference,
  buildLabReport,
  buildMedicationRequest,
  buildVisitNote,
  conceptOf,
  fhirDateTime,
  flagOf,
  narrativeOf,
} from "./build.ts";
export type {
  BuildContext,
  ConditionInput,
  FhirFile,
  FhirPerson,
  LabReportInput,
  LabResultInput,
  MedicationRequestInput,
  VisitNoteInput,
} from "./build.ts";
export { buildAuditBundle } from "./audit-events.ts";
export type { AuditedView } from "./audit-events.ts";
export { readEntry } from "./read-entry.ts";
export type { WrittenEntry } from "./read-entry.ts";
export { KIND_LABELS, summarise } from "./summarise.ts";
export type { RecordKind, Summary } from "./summarise.ts";
export { toTables } from "./tables.ts";
export type { ReadableCell, ReadableTable, ResultFlag, TableOptions } from "./tables.ts";
export { narrativeText, unitText } from "./text.ts";
export type { DateText } from "./text.ts";
