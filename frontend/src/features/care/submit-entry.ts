/**
 * @module features/care/submit-entry
 * Sending an entry: the file first, through the upload worker, then the author's signature and the transaction.
 */
import { useRef } from "react";
import type { Address, Hex } from "@carekey/sdk/bytes";
import {
  submitEntry,
  uploadContent,
  type ActOptions,
  type Carekey,
  type OpenedRecord,
  type UploadedContent,
} from "@carekey/sdk/client";
import type { ConsentTerms } from "@carekey/sdk/consent";
import { SdkError, isSdkError } from "@carekey/sdk/errors";
import { MAX_FHIR_BYTES, validateResource } from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";
import { uploadOnce } from "../../workers/upload-once.ts";
import { uploaderFor } from "../../workers/uploader.ts";

/** What an entry form gives. */
export type EntryToSend = {
  terms: ConsentTerms;
  /** Title of the entry. */
  name: string;
  fhir: JsonValue;
  /** A file chosen on this device, or the opened version before whose file stays; null for none. */
  file: File | OpenedRecord | null;
  proposedScope: string;
  supersedes: Hex | null;
};

/** Submits an entry to a patient's chart. A file that is stored already is not sent twice when a signature was refused. */
export function useSubmitEntry(patient: Address): Act<EntryToSend, unknown> {
  const { carekey, person } = useCarekey();
  const stored = useRef<{ file: File | OpenedRecord; content: UploadedContent } | null>(null);
  return useAct(
    async ({ file, name, ...entry }: EntryToSend, options) => {
      assertValidEntry(entry.fhir);
      if (file !== null && stored.current?.file !== file) {
        stored.current = { file, content: await storeFile(carekey, file, options) };
      }
      const content = file === null ? null : (stored.current?.content ?? null);
      try {
        return await submitEntry(carekey, person, { ...entry, ...factsOf(name, file), content }, options);
      } catch (error) {
        // The server keeps what no record names for a day only.
        if (isSdkError(error, "NOT_FOUND")) stored.current = null;
        throw error;
      }
    },
    {
      invalidate: [queryKeys.sharedChart(patient), queryKeys.chart(patient)],
      done: "Sent. It becomes part of the record when the patient approves it.",
    },
  );
}

function storeFile(carekey: Carekey, file: File | OpenedRecord, options: ActOptions): Promise<UploadedContent> {
  if (file instanceof File) return uploadOnce(uploaderFor(carekey.deployment), file, options);
  // A file that stays is sealed anew under a key of its own, straight from the version before.
  const source = () => {
    const stream = file.content();
    if (stream === null) throw new SdkError("NOT_FOUND", "the version before has no file");
    return stream;
  };
  return uploadContent(carekey, { source }, options);
}

function factsOf(title: string, file: File | OpenedRecord | null): { name: string; type: string } {
  if (file === null) return { name: title, type: "application/fhir+json" };
  const { name, type } = file instanceof File ? file : file.manifest.core;
  return { name: nameWithExtension(title, name), type: type || "application/octet-stream" };
}

/** The title with the file's extension, so that a download opens with the right program. */
export function nameWithExtension(title: string, fileName: string): string {
  const extension = /\.[a-z0-9]{1,8}$/i.exec(fileName)?.[0] ?? "";
  return title.toLowerCase().endsWith(extension.toLowerCase()) ? title : title + extension;
}

/** @throws SdkError INVALID_ARGUMENT with the first issue, TOO_LARGE */
function assertValidEntry(fhir: JsonValue): void {
  if (JSON.stringify(fhir).length > MAX_FHIR_BYTES) throw new SdkError("TOO_LARGE", "the entry is too long");
  const { issues } = validateResource(fhir);
  const [first] = issues;
  if (first !== undefined) throw new SdkError("INVALID_ARGUMENT", `${first.path}: ${first.message}`);
}
