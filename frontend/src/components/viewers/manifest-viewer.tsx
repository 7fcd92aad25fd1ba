/**
 * @module components/viewers/manifest-viewer
 * Shows a record that was opened: what its manifest says of the file, and the file itself when there is one.
 */
import type { ReactNode } from "react";
import type { OpenedRecord } from "@carekey/sdk/client";
import { RecordViewer } from "./record-viewer.tsx";

/** Props of {@link ManifestViewer}. Give it a `key` per record. */
export type ManifestViewerProps = { record: Pick<OpenedRecord, "manifest" | "content"> };

/** The content of an opened record, whoever opened it. */
export function ManifestViewer({ record: { manifest, content } }: ManifestViewerProps): ReactNode {
  const { name, type, size, fhir } = manifest.core;
  return (
    <RecordViewer name={name} type={type} size={size} fhir={fhir} open={manifest.content === null ? null : content} />
  );
}
