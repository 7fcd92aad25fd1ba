/**
 * @module crypto/passphrase
 * A cautious estimate of how long a passphrase resists guessing, with reasons that a person can act on.
 */

/** What is wrong with a passphrase. */
export type PassphraseProblem =
  "too-short" | "too-long" | "common" | "repeated" | "sequence" | "too-few-words" | "too-guessable";

/** The verdict on a passphrase. */
export type PassphraseStrength = {
  /** Whether a slot may be sealed with it. */
  ok: boolean;
  /** Estimated bits an attacker must guess, before scrypt. */
  bits: number;
  /** 0 (worst) to 4: for a meter. 3 and 4 are accepted. */
  score: 0 | 1 | 2 | 3 | 4;
  problems: PassphraseProblem[];
  /** One plain sentence per problem, in the same order. */
  reasons: string[];
};

/** Least estimated bits that are accepted. */
export const MIN_PASSPHRASE_BITS = 48;
const MIN_LENGTH = 12;
const MAX_LENGTH = 256;
const BITS_PER_WORD = 11; // a word of a list of 2,048: as if the attacker knew the list
const BITS_PER_SIGN = 4; // a sign in a sentence of a script that sets no spaces between words
const WORDLESS = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Thai}/gu;

const REASONS: Readonly<Record<PassphraseProblem, string>> = {
  "too-short": `Use at least ${MIN_LENGTH} characters.`,
  "too-long": `Use at most ${MAX_LENGTH} characters.`,
  common: "It contains a password that attackers try first.",
  repeated: "It repeats the same characters or words.",
  sequence: "It follows the keyboard, the alphabet or a count.",
  "too-few-words": "Use at least five unrelated words.",
  "too-guessable": "Make it longer, or mix letters, digits and signs at random.",
};

const COMMON = ["password", "passwort", "passw0rd", "letmein", "iloveyou", "qwerty", "welcome", "dragon", "monkey"];
const SEQUENCES = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"].flatMap((row) => [
  row,
  [...row].reverse().join(""),
]);

/** Passphrases as slots see them: Unicode NFKC, no space around, one space between words. */
export function normalisePassphrase(passphrase: string): string {
  return passphrase.normalize("NFKC").trim().replace(/\s+/g, " ");
}

/** Judges a passphrase. Nothing is stored or sent. */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const text = normalisePassphrase(passphrase.slice(0, 4 * MAX_LENGTH)); // more is too long whatever follows
  const lower = text.toLowerCase();
  const problems: PassphraseProblem[] = [];
  if ([...text].length < MIN_LENGTH) problems.push("too-short");
  if (text.length > MAX_LENGTH) problems.push("too-long");

  const common = COMMON.some((word) => lower.replaceAll(" ", "").includes(word));
  const { rest, repeated, sequence } = withoutPatterns(lower.slice(0, MAX_LENGTH));
  const signs = rest.match(WORDLESS)?.length ?? 0;
  const words = rest
    .replace(WORDLESS, " ")
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length >= 3);
  const distinctWords = new Set(words);
  const onlyWords = /^[\p{L} '’.,-]*$/u.test(text);

  const characters = [...rest].length;
  const byCharacters = characters * Math.log2(Math.max(2, alphabetSize(text)));
  const outsideWords = [
    ...rest
      .replace(WORDLESS, "")
      .replace(/\p{L}{3,}/gu, "")
      .replaceAll(" ", ""),
  ].length;
  const byWords =
    distinctWords.size * BITS_PER_WORD +
    signs * BITS_PER_SIGN +
    outsideWords * Math.log2(Math.max(2, alphabetSize(text)));
  // Long runs of letters are taken for words; short ones and signs for what they are.
  let bits = Math.min(byCharacters, words.some((word) => word.length >= 4) || onlyWords ? byWords : byCharacters);
  if (common) bits = Math.min(bits, 20);
  bits = Math.floor(bits);

  if (common) problems.push("common");
  if (repeated || distinctWords.size < words.length - 1) problems.push("repeated");
  if (sequence) problems.push("sequence");
  if (bits < MIN_PASSPHRASE_BITS && onlyWords && text.includes(" ")) problems.push("too-few-words");
  else if (bits < MIN_PASSPHRASE_BITS) problems.push("too-guessable");

  const ok =
    bits >= MIN_PASSPHRASE_BITS && !problems.includes("too-short") && !problems.includes("too-long") && !common;
  const listed = ok ? [] : problems;
  return { ok, bits, score: scoreOf(bits, ok), problems: listed, reasons: listed.map((problem) => REASONS[problem]) };
}

/** The text with repeats and well-known sequences taken out: what an attacker really has to guess. */
function withoutPatterns(text: string): { rest: string; repeated: boolean; sequence: boolean } {
  // The whole written twice comes first: shorter repeats inside it would hide that.
  const once = text.replace(/^(.+?) ?\1+$/u, "$1");
  const unrepeated = once.replace(/(.{1,3}?)\1{2,}|(.{4,64}?) ?\2+/gu, "$1$2");
  const repeated = unrepeated.length < text.length;
  let rest = unrepeated;
  let sequence = false;
  for (const row of SEQUENCES) {
    for (let length = row.length; length >= 4; length--) {
      for (let start = 0; start + length <= row.length; start++) {
        const run = row.slice(start, start + length);
        if (!rest.includes(run)) continue;
        sequence = true;
        rest = rest.replaceAll(run, run[0]!);
      }
    }
  }
  return { rest, repeated, sequence };
}

function alphabetSize(text: string): number {
  let size = 0;
  if (/\p{Ll}|\p{Lo}/u.test(text)) size += 26;
  if (/\p{Lu}/u.test(text)) size += 26;
  if (/\p{N}/u.test(text)) size += 10;
  if (/[^\p{L}\p{N}]/u.test(text)) size += 24;
  return size;
}

function scoreOf(bits: number, ok: boolean): 0 | 1 | 2 | 3 | 4 {
  if (ok) return bits >= 64 ? 4 : 3;
  if (bits < 16) return 0;
  return bits < 32 ? 1 : 2;
}
