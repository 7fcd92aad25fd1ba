/**
 * @module features/identity/set-up-mail
 * Setting up codes by mail: the address, the first code, and the backup codes.
 */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { ActStatus } from "../../components/act.tsx";
import { CodeForm } from "../../components/code-form.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { BackupCodes } from "./backup-codes.tsx";
import { useBeginMail, useConfirmCodes } from "./code-hooks.ts";
import { FirstCode } from "./first-code.tsx";
import type { SetUpProps } from "./set-up-app.tsx";

/** The sheet. */
export function SetUpMail({ opened, onClose, isOn }: SetUpProps): ReactNode {
  const { carekey } = useCarekey();
  const [address, setAddress] = useState("");
  const [isGiven, setGiven] = useState(false);
  const begin = useBeginMail();
  const confirm = useConfirmCodes("mail");
  const backup = confirm.output ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setGiven(true);
    if (!isOn) void begin.run({ address: address.trim() });
  };
  return (
    <Sheet opened={opened} onClose={onClose} title="Set up codes by mail" isBusy={confirm.isRunning}>
      {confirm.status === "done" ? (
        <Stack gap="md">
          <ActStatus act={confirm} />
          {backup === null ? <Button onClick={onClose}>Close</Button> : <BackupCodes codes={backup} onDone={onClose} />}
        </Stack>
      ) : begin.status === "done" ? (
        <Stack gap="md">
          <ActStatus act={begin} />
          <FirstCode act={confirm} description={`6 digits from the mail to ${address.trim()}.`} />
        </Stack>
      ) : isGiven && isOn ? (
        <Stack gap="md">
          <Text>First a code of the kind that you have, so that nobody else adds a way.</Text>
          <CodeForm
            carekey={carekey}
            purpose="settings"
            label="Go on"
            act={begin}
            onCode={(entry) => void begin.run({ address: address.trim(), entry })}
            onCancel={() => setGiven(false)}
          />
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text>A mail with a code is sent when you ask for one. It says nothing about your health.</Text>
            <TextInput
              type="email"
              label="Your mail address"
              autoComplete="email"
              maxLength={254}
              required
              withAsterisk={false}
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
            <Group>
              <Button type="submit" loading={begin.isRunning} disabled={address.trim() === ""}>
                Send a first code
              </Button>
            </Group>
            <ActStatus act={begin} />
          </Stack>
        </form>
      )}
    </Sheet>
  );
}
