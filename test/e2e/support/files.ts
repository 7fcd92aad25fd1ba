/**
 * @module test/e2e/support/files
 * The files that people of the end-to-end tests hand in: real formats, written to a folder of their own.
 */
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { copyFile, open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dicomFile } from "../../fixtures/dicom.ts";
import { labBundleJson } from "../../fixtures/lab-bundle.ts";
import { labReportPdf } from "../../fixtures/lab-report-pdf.ts";
import { photograph } from "../../fixtures/photograph.ts";

/** Bytes of the imaging file: 32 MB, or 300 MB with SLOW=1. */
export const IMAGING_BYTES = process.env["SLOW"] === "1" ? 300e6 : 32e6;

const folder = mkdtempSync(join(tmpdir(), "carekey-files-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives its path. */
export async function fileOf(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** What a patient brings to the first visit: a letter (PDF), blood results (FHIR R4), a photograph and a scan (DICOM). */
export async function writePatientFiles(): Promise<{ letter: string; blood: string; photo: string; scan: string }> {
  const [letter, blood, photo] = await Promise.all([
    labReportPdf().then((bytes) => fileOf("letter-from-harbour-clinic.pdf", bytes)),
    fileOf("blood-results.json", labBundleJson()),
    fileOf("rash-on-the-arm.jpg", photograph()),
  ]);
  const scan = join(folder, "ct-of-the-chest.dcm");
  const file = await open(scan, "w");
  for await (const piece of dicomFile(IMAGING_BYTES)) await file.write(piece);
  await file.close();
  return { letter, blood, photo, scan };
}

/** A file of the same name and size with one byte changed, in a folder of its own. */
export async function tamperedCopy(path: string): Promise<string> {
  const copy = join(mkdtempSync(join(folder, "other-")), path.slice(path.lastIndexOf("/") + 1));
  await copyFile(path, copy);
  const file = await open(copy, "r+");
  await file.write(new Uint8Array([1]), 0, 1, Math.floor(statSync(copy).size / 2));
  await file.close();
  return copy;
}

/** sha-256 of a file, hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
