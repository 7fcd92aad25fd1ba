/**
 * @module fhir/validate
 * Structural validation of FHIR R4 resources: cardinality, types, formats, invariants and required code lists, from HL7's own
 * definitions. `definitions.json` holds those of the types a record may hold; scripts/export-fhir-definitions.ts writes it.
 */
import {
  isOperationOutcome,
  loadDataType,
  OperationOutcomeError,
  validateResource as validateWith,
} from "@medplum/core";
import type { TypedValueWithPath, ValidatorOptions } from "@medplum/core";
import type { ElementDefinition, OperationOutcomeIssue, Resource, StructureDefinition } from "@medplum/fhirtypes";
import { isSdkError } from "../errors.ts";
import definitions from "./definitions.json" with { type: "json" };
import { assertResourceShape, isJsonObject } from "./limits.ts";

/** One thing that is wrong with a resource. */
export type FhirIssue = {
  /** Where, as a FHIRPath such as `Observation.status` or `Bundle.entry[1].resource.code`. */
  readonly path: string;
  /** What, in one short English sentence. */
  readonly message: string;
};

/** The answer of {@link validateResource}. */
export type Validation =
  | { readonly ok: true; readonly issues: readonly []; readonly resource: Resource }
  | { readonly ok: false; readonly issues: readonly FhirIssue[] };

type Structure = { name: string; type: string; kind: string; url: string; elements: ElementDefinition[] };

const structures = definitions.structures as Structure[];
const codeLists: Readonly<Record<string, readonly string[] | undefined>> = definitions.codes;

/** The resource types that can be validated. */
export const KNOWN_RESOURCE_TYPES: ReadonlySet<string> = new Set(
  structures.filter(({ kind }) => kind === "resource").map(({ type }) => type),
);

let isLoaded = false;

/** Parses the definitions into the validator's tables, once, when first needed. */
function loadDefinitions(): void {
  if (isLoaded) return;
  for (const { name, type, kind, url, elements } of structures) {
    const structure: StructureDefinition = {
      resourceType: "StructureDefinition",
      name,
      type,
      kind: kind as StructureDefinition["kind"],
      url,
      status: "active",
      abstract: false,
      snapshot: { element: elements },
    };
    loadDataType(structure);
  }
  isLoaded = true;
}

/**
 * Checks a value against FHIR R4: structure, types, formats, invariants and required code lists, contained resources and
 * bundle entries included. Whether a LOINC or ICD-10 code exists is not checked, nor are profiles.
 * @param value - Anything, for example parsed JSON.
 * @returns `ok` with the resource, or every issue found with its path. Never throws.
 */
export function validateResource(value: unknown): Validation {
  try {
    assertResourceShape(value);
  } catch (error) {
    return failure([{ path: "", message: isSdkError(error) ? error.message : "not a FHIR resource" }]);
  }
  const misshapen = shapeIssues(value, value.resourceType);
  if (misshapen.length > 0) return failure(misshapen);
  loadDefinitions();
  const tokens: Record<string, TypedValueWithPath[]> = {};
  const issues = structuralIssues(value, { collect: { tokens } });
  for (const [valueSet, found] of Object.entries(tokens)) issues.push(...codeIssues(valueSet, found));
  return issues.length === 0 ? { ok: true, issues: [], resource: value } : failure(issues);
}

function failure(issues: readonly FhirIssue[]): Validation {
  return { ok: false, issues };
}

/** What the validator passes over: nested resources whose type this build has no definition of, and empty lists. */
function shapeIssues(value: unknown, path: string): FhirIssue[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ path, message: "Expected at least one value" }];
    return value.flatMap((item, index) => shapeIssues(item, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  const type = value.resourceType;
  const own =
    type === undefined || (typeof type === "string" && KNOWN_RESOURCE_TYPES.has(type))
      ? []
      : [{ path: `${path}.resourceType`, message: `"${String(type)}" is not a resource type that can be checked` }];
  return [...own, ...Object.entries(value).flatMap(([key, child]) => shapeIssues(child, `${path}.${key}`))];
}

function structuralIssues(resource: Resource, options: ValidatorOptions): FhirIssue[] {
  try {
    validateWith(resource, options);
    return [];
  } catch (error) {
    if (error instanceof OperationOutcomeError && isOperationOutcome(error.outcome)) {
      const errors = error.outcome.issue.filter(({ severity }) => severity === "error" || severity === "fatal");
      return [...new Map(errors.map(toIssue).map((issue) => [issue.path + issue.message, issue])).values()];
    }
    // The validator expects objects where FHIR has objects; a string in their place makes it stumble.
    return [{ path: resource.resourceType, message: "the structure cannot be read as FHIR" }];
  }
}

function toIssue(issue: OperationOutcomeIssue): FhirIssue {
  const path = issue.expression?.[0] ?? "";
  // A text where an object belongs is seen as an object whose first property is "0".
  if (path.endsWith(".0")) return { path: path.slice(0, -2), message: "Expected an object, but got a text" };
  return { path, message: issue.details?.text ?? issue.diagnostics ?? issue.code };
}

function codeIssues(valueSet: string, found: readonly TypedValueWithPath[]): FhirIssue[] {
  const allowed = codeLists[valueSet];
  if (allowed === undefined) return [];
  return found.flatMap(({ path, type, value }) => {
    const codes = codesIn(type, value);
    if (codes.length === 0 || codes.some((code) => allowed.includes(code))) return [];
    return [{ path, message: `"${codes.join(", ")}" is not one of ${allowed.slice(0, 12).join(", ")}` }];
  });
}

function codesIn(type: string, value: unknown): string[] {
  if (type === "CodeableConcept") {
    const coding = isJsonObject(value) && Array.isArray(value.coding) ? value.coding : [];
    return coding.flatMap((item) => codesIn("Coding", item));
  }
  const code: unknown = type === "Coding" && isJsonObject(value) ? value.code : value;
  return typeof code === "string" ? [code] : [];
}
