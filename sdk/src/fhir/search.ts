/**
 * @module fhir/search
 * Finds an entry of the built-in pickers by code, official name or everyday word.
 */
import { LOINC_SYSTEM, ICD10_SYSTEM, RXNORM_SYSTEM, type CodeEntry, type CodeSystemUri } from "./codes.ts";
import { ICD10_ENTRIES } from "./codes-icd10.ts";
import { LOINC_ENTRIES } from "./codes-loinc.ts";
import { RXNORM_ENTRIES } from "./codes-rxnorm.ts";

/** Lower case without accents, so that "Anämie" and "anamie" meet. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function scoreOf(entry: CodeEntry, query: string, words: readonly string[]): number {
  const code = entry.code.toLowerCase();
  if (code === query) return 100;
  const display = plain(entry.display);
  const synonyms = entry.synonyms.map(plain);
  if (display === query || synonyms.includes(query)) return 90;
  if (code.startsWith(query)) return 80;
  if (display.startsWith(query)) return 70;
  if (synonyms.some((synonym) => synonym.startsWith(query))) return 60;
  const tokens = [code, ...[display, ...synonyms].flatMap((text) => text.split(/[^\p{L}\p{N}.]+/u))];
  return words.every((word) => tokens.some((token) => token.startsWith(word))) ? 40 : 0;
}

const PICKERS: Readonly<Record<CodeSystemUri, readonly CodeEntry[]>> = {
  [LOINC_SYSTEM]: LOINC_ENTRIES,
  [ICD10_SYSTEM]: ICD10_ENTRIES,
  [RXNORM_SYSTEM]: RXNORM_ENTRIES,
};

/**
 * Entries that match what a person typed, best first: by code, by name, by everyday word, each word from its beginning.
 * @param system - Whose picker to search.
 * @param query - Free text; an empty one gives the first entries.
 * @param limit - Most entries returned.
 */
export function searchCodes(system: CodeSystemUri, query: string, limit = 12): readonly CodeEntry[] {
  const entries = PICKERS[system];
  const wanted = plain(query).trim();
  if (wanted === "") return entries.slice(0, limit);
  const words = wanted.split(/\s+/);
  return entries
    .map((entry, index) => ({ entry, index, score: scoreOf(entry, wanted, words) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || left.index - right.index)
    .slice(0, limit)
    .map(({ entry }) => entry);
}
