/**
 * @module features/records/file-drop
 * Files from the person: dropped anywhere on the screen, or chosen with a button, which does all that dropping does.
 */
import { Button, FileButton, Text } from "@mantine/core";
import { IconFilePlus, IconLock, IconUpload } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import classes from "./file-drop.module.css";

/** Takes files dropped anywhere in the window while it is shown, and says so while something is dragged over it. */
export function DropAnywhere({ onFiles }: { onFiles: (files: File[]) => void }): ReactNode {
  const isOver = useWindowDrop(onFiles);
  if (!isOver) return null;
  return (
    <div className={classes.overlay} aria-hidden="true">
      <div className={classes.target}>
        <IconUpload size={48} />
        <Text fw={600} size="xl">
          Drop your files
        </Text>
        <Text className={classes.promise}>
          <IconLock size={20} /> They are encrypted on this device before anything is sent.
        </Text>
      </div>
    </div>
  );
}

function useWindowDrop(onFiles: (files: File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const control = new AbortController();
    const on = (type: "dragenter" | "dragover" | "dragleave" | "drop", act: (transfer: DataTransfer) => void) =>
      addEventListener(
        type,
        (event) => {
          if (event.dataTransfer?.types.includes("Files") !== true) return;
          event.preventDefault();
          act(event.dataTransfer);
        },
        { signal: control.signal },
      );
    const show = (change: number) => {
      depth = change === 0 ? 0 : Math.max(0, depth + change);
      setIsOver(depth > 0);
    };
    on("dragenter", () => show(1));
    on("dragleave", () => show(-1));
    on("dragover", (transfer) => (transfer.dropEffect = "copy"));
    on("drop", (transfer) => {
      show(0);
      const files = [...transfer.files];
      if (files.length > 0) onFiles(files);
    });
    return () => control.abort();
  }, [onFiles]);
  return isOver;
}

/** Props of {@link AddFilesButton}. */
export type AddFilesButtonProps = {
  onFiles: (files: File[]) => void;
  label?: string;
  variant?: "filled" | "default";
  disabled?: boolean;
};

/** Opens the browser's file chooser for several files at once. */
export function AddFilesButton(props: AddFilesButtonProps): ReactNode {
  const { onFiles, label = "Add files", variant = "filled", disabled } = props;
  return (
    <FileButton multiple onChange={(files) => files.length > 0 && onFiles(files)}>
      {(chooser) => (
        <Button {...chooser} variant={variant} disabled={disabled} leftSection={<IconFilePlus size={20} aria-hidden />}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}
