/**
 * @module features/identity/set-up-app
 * Setting up an authenticator app: the QR code or the secret by hand, the first code, and the backup codes.
 */
import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ActStatus } from "../../components/act.tsx";
import { CodeForm } from "../../components/code-form.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { QrCode } from "../../components/qr-code.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { BackupCodes } from "./backup-codes.tsx";
import { useBeginApp, useConfirmCodes } from "./code-hooks.ts";
import { FirstCode } from "./first-code.tsx";
import classes from "./set-up-app.module.css";

/** Props of {@link SetUpApp} and of the sheet for mail. Give it a new `key` for each time. */
export type SetUpProps = {
  opened: boolean;
  onClose: () => void;
  /** Whether codes are on already: then a code allows the change. */
  isOn: boolean;
};

/** The sheet. */
export function SetUpApp({ opened, onClose, isOn }: SetUpProps): ReactNode {
  const { carekey } = useCarekey();
  const begin = useBeginApp();
  const confirm = useConfirmCodes("app");
  const backup = confirm.output ?? null;
  return (
    <Sheet opened={opened} onClose={onClose} title="Set up an authenticator app" isBusy={confirm.isRunning}>
      {begin.output === undefined ? (
        <Stack gap="md">
          <Text>
            You need an app that shows one-time codes, such as the password manager of your phone. Have the phone at
            hand.
          </Text>
          {isOn ? (
            <CodeForm
              carekey={carekey}
              purpose="settings"
              label="Go on"
              act={begin}
              onCode={(entry) => void begin.run(entry)}
            />
          ) : (
            <>
              <div>
                <Button onClick={() => void begin.run(undefined)} loading={begin.isRunning}>
                  Show the code to scan
                </Button>
              </div>
              <ActStatus act={begin} />
            </>
          )}
        </Stack>
      ) : confirm.status !== "done" ? (
        <Stack gap="md">
          <Text>Scan this with the app. It stays between your phone and this page.</Text>
          <QrCode value={begin.output.uri} label="The secret of your one-time codes as a QR code" />
          <div>
            <Text c="dimmed">Or type this into the app:</Text>
            <Text className={classes.secret}>{(begin.output.secret.match(/.{1,4}/g) ?? []).join(" ")}</Text>
          </div>
          <FirstCode act={confirm} description="6 digits that the app shows now." />
        </Stack>
      ) : (
        <Stack gap="md">
          <ActStatus act={confirm} />
          {backup === null ? <Button onClick={onClose}>Close</Button> : <BackupCodes codes={backup} onDone={onClose} />}
        </Stack>
      )}
    </Sheet>
  );
}
