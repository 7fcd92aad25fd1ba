/**
 * @module test/support/canary
 * Looks for secrets where none may be: for marked words and keys, in every form in which bytes are commonly written down.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Something that must be found nowhere; a text is looked for in UTF-16, too. */
export type Mark = { name: string; secret: string | Uint8Array };
/** A secret that was found. */
export type Finding = { where: string; mark: string; form: string };

/** The forms in which a mark may lie in a file. */
export function formsOf({ secret }: Mark): { form: string; bytes: Buffer }[] {
  const plain =
    typeof secret === "string"
      ? {
          "UTF-8": Buffer.from(secret),
          "UTF-16, little end first": Buffer.from(secret, "utf16le"),
          "UTF-16, big end first": Buffer.from(secret, "utf16le").swap16(),
        }
      : { raw: Buffer.from(secret) };
  return Object.entries(plain).flatMap(([form, bytes]) => [
    { form, bytes },
    { form: `${form}, in hex`, bytes: Buffer.from(bytes.toString("hex")) },
    { form: `${form}, in large hex`, bytes: Buffer.from(bytes.toString("hex").toUpperCase()) },
    ...[0, 1, 2].flatMap((offset) => {
      const text = base64At(bytes, offset);
      const forUrls = text.replaceAll("+", "-").replaceAll("/", "_");
      return [...new Set([text, forUrls])].map((each) => ({
        form: `${form}, in base64 at ${offset}`,
        bytes: Buffer.from(each),
      }));
    }),
  ]);
}

/** What base64 makes of `bytes` that follow `offset` others, without the letters in which the neighbours have a part. */
function base64At(bytes: Buffer, offset: number): string {
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .slice(first, last);
}

/** A scanner for `marks`: give it bytes and where they are from. */
export function createScanner(marks: readonly Mark[]) {
  const wanted = marks.flatMap((mark) => formsOf(mark).map((each) => ({ mark: mark.name, ...each })));
  const scan = (where: string, bytes: Buffer): Finding[] =>
    wanted.filter((each) => bytes.includes(each.bytes)).map(({ mark, form }) => ({ where, mark, form }));
  return {
    scan,
    /** Every file below a folder, and the names of the files. */
    scanFolder: (folder: string): Finding[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
        const path = join(entry.parentPath, entry.name);
        const found = scan(`the name of ${path}`, Buffer.from(entry.name));
        return entry.isFile() ? [...found, ...scan(path, readFileSync(path))] : found;
      }),
  };
}
