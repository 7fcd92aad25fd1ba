/**
 * @module components/form-footer
 * The end of a form in a sheet: how the act goes, the one button that sends, and the way out.
 */
import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { ActStatus, type ActStatusProps } from "./act.tsx";

/** Props of {@link FormFooter}. */
export type FormFooterProps = {
  act: ActStatusProps["act"] & { isRunning: boolean };
  submitLabel: string;
  onCancel: () => void;
};

/** Inside a form: submits it, or leaves it. */
export function FormFooter({ act, submitLabel, onCancel }: FormFooterProps): ReactNode {
  return (
    <>
      <ActStatus act={act} />
      <Group gap="sm">
        <Button type="submit" loading={act.isRunning}>
          {submitLabel}
        </Button>
        <Button variant="default" onClick={onCancel} disabled={act.isRunning}>
          Not now
        </Button>
      </Group>
    </>
  );
}
