/**
 * @module fhir/codes
 * What an entry of the built-in pickers of medical codes is. Free text is always allowed beside them.
 */

/** The canonical URI of LOINC. */
export const LOINC_SYSTEM = "http://loinc.org";
/** The canonical URI of ICD-10. */
export const ICD10_SYSTEM = "http://hl7.org/fhir/sid/icd-10";
/** The canonical URI of RxNorm. */
export const RXNORM_SYSTEM = "http://www.nlm.nih.gov/research/umls/rxnorm";

/** Any of the three systems that a picker exists for. */
export type CodeSystemUri = typeof LOINC_SYSTEM | typeof ICD10_SYSTEM | typeof RXNORM_SYSTEM;

/** One entry of a picker. */
export type CodeEntry = {
  readonly system: CodeSystemUri;
  readonly code: string;
  readonly display: string;
  /** Everyday words, lower case. */
  readonly synonyms: readonly string[];
  /** Usual UCUM unit of a measurement, if it is one. */
  readonly unit?: string;
};

/** What a person chose: an entry of a picker, or their own words only. */
export type CodeChoice = { readonly text: string; readonly entry?: CodeEntry };

type Row = readonly [code: string, display: string, synonyms: string, unit?: string];

/** Turns the rows of a list into entries. */
export function entriesOf(system: CodeSystemUri, rows: readonly Row[]): readonly CodeEntry[] {
  return rows.map(([code, display, synonyms, unit]) => ({
    system,
    code,
    display,
    synonyms: synonyms.split(", "),
    ...(unit === undefined ? {} : { unit }),
  }));
}
