/**
 * @module features/records/amend-button
 * A newer version of a record: a file that takes its place. The old one stays in the history.
 */
import { Button, FileButton } from "@mantine/core";
import { IconFilePencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import type { OwnRecord } from "@carekey/sdk/client";
import { toast } from "../../components/toast.ts";
import { lookAtFiles } from "./chosen-files.ts";
import { titleOf } from "./record-model.ts";
import { useUploads } from "./uploads.ts";

/** Chooses the file of the new version and goes to the tray, where it is confirmed. */
export function AmendButton({ record }: { record: OwnRecord }): ReactNode {
  const { queue } = useUploads();
  const navigate = useNavigate();
  const amend = async (file: File) => {
    if (queue === null) return;
    const { chosen } = await lookAtFiles([file], record.entry.entryId);
    await queue.add(chosen.map((item) => ({ ...item, scope: record.scope ?? item.scope })));
    toast(`“${file.name}” will replace “${titleOf(record)}” once you have added it.`);
    await navigate("/records");
  };
  return (
    <FileButton onChange={(file) => file !== null && void amend(file)}>
      {(chooser) => (
        <Button {...chooser} variant="default" leftSection={<IconFilePencil size={20} aria-hidden />}>
          Add a newer version
        </Button>
      )}
    </FileButton>
  );
}
