/**
 * @module features/records/record-preview
 * The opened content of one own record: on its page, and inside the review of what waits.
 */
import type { ReactNode } from "react";
import type { OwnRecord } from "@carekey/sdk/client";
import { SdkError } from "@carekey/sdk/errors";
import { QueryStates } from "../../components/query-states.tsx";
import { RecordViewer } from "../../components/viewers/record-viewer.tsx";
import { useOpenedRecord } from "./hooks.ts";

/** Opens a record on this device and shows it. */
export function RecordPreview({ record }: { record: OwnRecord }): ReactNode {
  const opened = useOpenedRecord(record);
  return (
    <QueryStates query={opened} label="Opening the record on this device">
      {({ manifest, content }) => (
        <RecordViewer
          key={record.entry.entryId}
          name={manifest.core.name}
          type={manifest.core.type}
          size={manifest.core.size}
          fhir={manifest.core.fhir}
          open={manifest.content === null ? null : (options) => readAll(content(options))}
        />
      )}
    </QueryStates>
  );
}

/** A stream of verified plaintext as one Blob, which the browser may keep outside of the page's memory. */
async function readAll(stream: ReadableStream<Uint8Array> | null): Promise<Blob> {
  if (stream === null) throw new SdkError("NOT_FOUND", "this record has no content");
  const reader = stream.getReader();
  // A Response reports every failure as one of the network: the reason is kept beside it.
  let reason: unknown = null;
  const watched = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const piece = await reader.read();
        if (piece.done) controller.close();
        else controller.enqueue(piece.value);
      } catch (error) {
        reason = error;
        throw error;
      }
    },
    cancel: (why) => reader.cancel(why),
  });
  try {
    return await new Response(watched).blob();
  } catch (error) {
    throw reason ?? error;
  }
}
