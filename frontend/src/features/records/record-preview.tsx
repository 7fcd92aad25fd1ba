/**
 * @module features/records/record-preview
 * The opened content of one own record: on its page, and inside the review of what waits.
 */
import type { ReactNode } from "react";
import type { OwnRecord } from "@carekey/sdk/client";
import { QueryStates } from "../../components/query-states.tsx";
import { ManifestViewer } from "../../components/viewers/manifest-viewer.tsx";
import { useOpenedRecord } from "./hooks.ts";

/** Opens a record on this device and shows it. */
export function RecordPreview({ record }: { record: OwnRecord }): ReactNode {
  const opened = useOpenedRecord(record);
  return (
    <QueryStates query={opened} label="Opening the record on this device">
      {(found) => <ManifestViewer key={record.entry.entryId} record={found} />}
    </QueryStates>
  );
}
