/**
 * @module features/identity/change-codes
 * Turning a way to get codes off, and new backup codes: each by a code.
 */
import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ActStatus } from "../../components/act.tsx";
import { CodeForm } from "../../components/code-form.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { BackupCodes } from "./backup-codes.tsx";
import { useRenewBackupCodes, useTurnCodesOff } from "./code-hooks.ts";

type SheetProps = { opened: boolean; onClose: () => void };

/** Props of {@link TurnCodesOff}. `isLast`: no other way remains. */
export type TurnCodesOffProps = SheetProps & { way: "app" | "mail"; isLast: boolean };

/** Asks for a code and turns a way off. */
export function TurnCodesOff({ way, opened, onClose, isLast }: TurnCodesOffProps): ReactNode {
  const { carekey } = useCarekey();
  const act = useTurnCodesOff(way);
  const close = () => {
    act.reset();
    onClose();
  };
  const name = way === "app" ? "the authenticator app" : "codes by mail";
  return (
    <Sheet opened={opened} onClose={close} title={`Turn off ${name}`} isBusy={act.isRunning}>
      <Stack gap="md">
        {act.status === "done" ? (
          <>
            <ActStatus act={act} />
            <Button onClick={close}>Close</Button>
          </>
        ) : (
          <>
            <Text>
              {isLast
                ? "No code is asked for any more, and your backup codes end. Records whose owner asks for a code stay closed to you."
                : "Your other codes go on working."}
            </Text>
            <CodeForm
              carekey={carekey}
              purpose="settings"
              label="Turn it off"
              act={act}
              onCode={(entry) => void act.run(entry)}
              onCancel={close}
            />
          </>
        )}
      </Stack>
    </Sheet>
  );
}

/** Asks for a code and makes new backup codes. Give it a new `key` for each time. */
export function NewBackupCodes({ opened, onClose }: SheetProps): ReactNode {
  const { carekey } = useCarekey();
  const act = useRenewBackupCodes();
  return (
    <Sheet opened={opened} onClose={onClose} title="Make new backup codes" isBusy={act.isRunning}>
      <Stack gap="md">
        {act.output === undefined ? (
          <>
            <Text>Ten new codes for your paper. The old ones end.</Text>
            <CodeForm
              carekey={carekey}
              purpose="settings"
              label="Make new codes"
              act={act}
              onCode={(entry) => void act.run(entry)}
              onCancel={onClose}
            />
          </>
        ) : (
          <BackupCodes codes={act.output} onDone={onClose} />
        )}
      </Stack>
    </Sheet>
  );
}
