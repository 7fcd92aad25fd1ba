/**
 * @module features/records/chosen-files
 * Looks at files that a person chose: what they are, whether a FHIR resource is inside, and where they probably belong.
 */
import type { Hex } from "@carekey/sdk/bytes";
import { MAX_FHIR_BYTES, parseResource, summarise, validateResource, type RecordKind } from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";
import type { ChosenFile } from "../../workers/upload-queue.ts";

const SCOPE_OF_KIND: Readonly<Partial<Record<RecordKind, string>>> = {
  "lab-report": "labs",
  measurement: "labs",
  imaging: "imaging",
  prescription: "medication",
  vaccination: "medication",
};

const TYPE_OF_ENDING: readonly [ending: RegExp, type: string][] = [
  [/\.dcm$/i, "application/dicom"],
  [/\.pdf$/i, "application/pdf"],
  [/\.(nii|nii\.gz|mha|nrrd)$/i, "application/octet-stream"],
  [/\.json$/i, "application/json"],
  [/\.(txt|md)$/i, "text/plain"],
];

/** Why a file that ends in .json was taken as a bare file and not as health data; null when nothing has to be said. */
export type FileRemark = { name: string; text: string };

/** Reads what is needed of each file: the name, and the content only of a small JSON file. */
export async function lookAtFiles(
  files: readonly File[],
  supersedes: Hex | null = null,
): Promise<{ chosen: ChosenFile[]; remarks: FileRemark[] }> {
  const looked = await Promise.all(files.map((file) => lookAt(file, supersedes)));
  return {
    chosen: looked.map(({ chosen }) => chosen),
    remarks: looked.map(({ remark }) => remark).filter((remark) => remark !== null),
  };
}

async function lookAt(file: File, supersedes: Hex | null): Promise<{ chosen: ChosenFile; remark: FileRemark | null }> {
  const type = typeOf(file);
  const bare: ChosenFile = { file, name: file.name, type, scope: scopeOfFile(file.name, type), supersedes };
  if (!/json$/i.test(type)) return { chosen: bare, remark: null };
  const { fhir, problem } = await readFhir(file);
  if (fhir === null) return { chosen: bare, remark: problem === null ? null : { name: file.name, text: problem } };
  const scope = SCOPE_OF_KIND[summarise(fhir).kind] ?? "general";
  return { chosen: { ...bare, type: "application/fhir+json", scope, fhir }, remark: null };
}

async function readFhir(file: File): Promise<{ fhir: JsonValue | null; problem: string | null }> {
  if (file.size > MAX_FHIR_BYTES)
    return { fhir: null, problem: "It is too large to be read as health data, so it is kept as a file." };
  try {
    const text = await file.text();
    const checked = validateResource(parseResource(text));
    if (checked.ok) return { fhir: JSON.parse(text) as JsonValue, problem: null };
    return {
      fhir: null,
      problem: "It does not follow the standard for health data (FHIR R4), so it is kept as a file.",
    };
  } catch {
    return { fhir: null, problem: null };
  }
}

/** The MIME type; browsers know none for medical images. */
export function typeOf(file: Pick<File, "name" | "type">): string {
  if (file.type !== "") return file.type;
  return TYPE_OF_ENDING.find(([ending]) => ending.test(file.name))?.[1] ?? "application/octet-stream";
}

/** Where a bare file probably belongs; the person can change it. */
export function scopeOfFile(name: string, type: string): string {
  if (type === "application/dicom" || /\.(dcm|nii|nii\.gz|mha|nrrd)$/i.test(name)) return "imaging";
  if (/\b(lab|labs|blood|result|results|cbc|hba1c)\b/i.test(name.replace(/[_-]/g, " "))) return "labs";
  if (/\b(x-?ray|mri|ct|scan|ultrasound)\b/i.test(name.replace(/_/g, " "))) return "imaging";
  if (/\b(prescription|medication|medicine)\b/i.test(name.replace(/[_-]/g, " "))) return "medication";
  return "general";
}
