/**
 * @module features/records/records-page
 * The timeline: everything in the chart, newest first, with filters, search, and a place for new files.
 */
import { Stack } from "@mantine/core";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { OwnHistoryCheck } from "../../components/own-history-check.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { toast } from "../../components/toast.ts";
import { lookAtFiles } from "./chosen-files.ts";
import { AddFilesButton, DropAnywhere } from "./file-drop.tsx";
import { useOwnChart, useOwnRecords } from "./hooks.ts";
import { PendingReview } from "./pending-review.tsx";
import { standingOf } from "./record-model.ts";
import { Timeline } from "./timeline.tsx";
import { UploadTray } from "./upload-tray.tsx";
import { useUploads } from "./uploads.ts";

/** The patient's records. */
export function RecordsPage(): ReactNode {
  const records = useOwnRecords();
  const chart = useOwnChart();
  const addFiles = useAddFiles();
  const waiting = useMemo(
    () => (records.data ?? []).filter((record) => standingOf(record) === "waiting"),
    [records.data],
  );
  return (
    <Screen
      title="Records"
      intro="Drop files anywhere on this page, or choose them. They are encrypted on this device."
      actions={<AddFilesButton onFiles={addFiles} />}
    >
      <DropAnywhere onFiles={addFiles} />
      <OwnHistoryCheck />
      <UploadTray />
      <PendingReview records={waiting} />
      <QueryStates
        query={records}
        label="Opening your records on this device"
        empty={{
          title: "Your records begin here",
          text: "Add a letter from your doctor, a lab report, a photo or a scan. It is encrypted on this device, and nobody else can read it until you share it.",
          action: <AddFilesButton onFiles={addFiles} label="Add your first file" />,
        }}
      >
        {(all) => (
          <Stack gap="lg">
            <Timeline records={all} problemEntryId={chart.data?.problem?.entryId ?? null} />
          </Stack>
        )}
      </QueryStates>
    </Screen>
  );
}

/** Puts chosen or dropped files into the queue, and says when a file is not what its name promises. */
function useAddFiles(): (files: File[]) => void {
  const { queue } = useUploads();
  const [isBusy, setIsBusy] = useState(false);
  return useCallback(
    (files: File[]) => {
      if (queue === null || isBusy) return;
      setIsBusy(true);
      void lookAtFiles(files)
        .then(({ chosen, remarks }) => {
          for (const { name, text } of remarks) toast(`“${name}”: ${text}`);
          return queue.add(chosen);
        })
        .finally(() => setIsBusy(false));
    },
    [queue, isBusy],
  );
}
