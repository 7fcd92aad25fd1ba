/**
 * @module components/confirm-sheet
 * A dialog for one act: a sheet from below on a phone, a centred dialog on a desk. Holds the panel, the act's state and its end.
 */
import { Button, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { Act } from "../lib/use-act.ts";
import { ActStatus } from "./act.tsx";
import { BeforeSigning, type BeforeSigningProps } from "./before-signing.tsx";
import classes from "./confirm-sheet.module.css";

/** Props of {@link Sheet}. */
export type SheetProps = {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: "md" | "lg" | "xl";
  /** Keeps a click outside or Escape from closing it while something runs. */
  isBusy?: boolean;
  children: ReactNode;
};

/** A dialog that is a sheet on a phone. */
export function Sheet({ opened, onClose, title, size = "lg", isBusy = false, children }: SheetProps): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeOnClickOutside={!isBusy}
      closeOnEscape={!isBusy}
      withCloseButton={!isBusy}
      classNames={{ inner: classes.inner, content: classes.content, title: classes.title, header: classes.header }}
    >
      {children}
    </Modal>
  );
}

/** Props of {@link ConfirmSheet}. */
export type ConfirmSheetProps = Omit<BeforeSigningProps, "title" | "onCancel" | "isRunning"> & {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** Title inside the panel; "What will happen" by default. */
  panelTitle?: string;
  act: Omit<Act<never, unknown>, "output" | "run" | "cancel">;
};

/** Asks, acts and says how it ended, in one place. */
export function ConfirmSheet(props: ConfirmSheetProps): ReactNode {
  const { opened, onClose, title, panelTitle = "What will happen", act, ...panel } = props;
  const close = () => {
    if (act.isRunning) return;
    act.reset();
    onClose();
  };
  return (
    <Sheet opened={opened} onClose={close} title={title} isBusy={act.isRunning}>
      <Stack gap="md">
        {act.status !== "done" && act.question === null && (
          <BeforeSigning {...panel} title={panelTitle} onCancel={close} isRunning={act.isRunning} />
        )}
        <ActStatus act={act} />
        {act.status === "done" && <Button onClick={close}>Close</Button>}
      </Stack>
    </Sheet>
  );
}
