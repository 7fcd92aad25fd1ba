/**
 * @module consent/scopes
 * The parts of a chart that a patient can share, in the words that people use. The chain and the servers only see opaque tags.
 */
import type { Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";

/** One part of a chart. */
export type Scope = {
  /** Stable name; enters the derivation of the scope's keys. */
  readonly name: string;
  /** What a person reads. */
  readonly label: string;
  /** What belongs to it, in one line. */
  readonly description: string;
};

/** The parts of a chart, in the order in which they are offered. */
export const SCOPES: readonly Scope[] = [
  { name: "general", label: "General health", description: "Diagnoses, allergies, visit notes, vaccinations, letters" },
  { name: "labs", label: "Lab results", description: "Blood, urine and tissue results" },
  { name: "imaging", label: "Images", description: "X-rays, CT, MRI, ultrasound and their reports" },
  { name: "medication", label: "Medicines", description: "Prescriptions and what you take" },
  { name: "mental-health", label: "Mental health", description: "Therapy, psychiatry, counselling" },
  { name: "reproductive", label: "Reproductive health", description: "Pregnancy, contraception, sexual health" },
  { name: "genetics", label: "Genetics", description: "Genetic tests and family risks" },
];

/**
 * The labels of some scopes as one phrase, in the order of {@link SCOPES}: what enters `about.scopes`.
 * @param names - Names of {@link SCOPES}.
 * @returns For example "Lab results and Images".
 * @throws SdkError INVALID_ARGUMENT for a name that is not known.
 */
export function describeScopes(names: readonly string[]): string {
  const unknown = names.find((name) => !SCOPES.some((scope) => scope.name === name));
  if (unknown !== undefined) throw new SdkError("INVALID_ARGUMENT", `scope: ${unknown} is not known`);
  const labels = SCOPES.filter(({ name }) => names.includes(name)).map(({ label }) => label);
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(labels);
}

/** What a person reads in place of a part's label where one record is shared. It never names the record: terms are shown to keepers. */
export const ONE_RECORD_LABEL = "One record";

const RECORD_SCOPE = /^record:(0x[0-9a-f]{64})#[0-9a-f]{32}$/;

/**
 * The name of a scope that holds one record and nothing else, made anew for each consent.
 * @param salt - 16 random bytes: two consents for one record have two tags.
 */
export function recordScopeName(pointer: Hex, salt: Hex): string {
  return `record:${pointer.toLowerCase()}#${salt.slice(2)}`;
}

/** The pointer of the record that a scope of {@link recordScopeName} holds; null for a part of the chart. */
export function recordOfScope(name: string): Hex | null {
  return (RECORD_SCOPE.exec(name)?.[1] as Hex | undefined) ?? null;
}

/** What a person reads for a scope's name. */
export function scopeLabel(name: string): string {
  if (recordOfScope(name) !== null) return ONE_RECORD_LABEL;
  return SCOPES.find((scope) => scope.name === name)?.label ?? name;
}
