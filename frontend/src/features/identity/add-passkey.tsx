/**
 * @module features/identity/add-passkey
 * Sets up a passkey of this device, with a name to know it by later.
 */
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { ActStatus } from "../../components/act.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { deviceNameOf } from "../../lib/device-name.ts";
import { hasPasskeys } from "../../lib/passkey.ts";
import { useAddPasskey } from "./hooks.ts";

/** The sheet for a new passkey. */
export function AddPasskey({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
  const { carekey, person } = useCarekey();
  const act = useAddPasskey(carekey, person);
  const [label, setLabel] = useState(() => deviceNameOf(navigator.userAgent));
  const close = () => {
    act.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(label.trim());
  };
  return (
    <Sheet opened={opened} onClose={close} title="Add a passkey" size="md" isBusy={act.isRunning}>
      <Stack gap="md">
        {!hasPasskeys() && (
          <Notice tone="waiting" title="This browser has no passkeys">
            Open Carekey on a phone or in another browser and add one there.
          </Notice>
        )}
        {hasPasskeys() && act.status !== "done" && (
          <form onSubmit={submit}>
            <Stack gap="md">
              <Text>
                Next time you unlock with one tap: your finger, your face or the PIN of this device. The passkey stays
                on your devices, and nobody can use it without you.
              </Text>
              <Text c="dimmed">If you lose the device, your passphrase and your paper still open your records.</Text>
              <TextInput
                label="What do you call this device?"
                maxLength={64}
                value={label}
                onChange={(event) => setLabel(event.currentTarget.value)}
              />
              <Button type="submit" loading={act.isRunning} disabled={label.trim() === ""}>
                Add the passkey
              </Button>
            </Stack>
          </form>
        )}
        <ActStatus act={act} />
        {act.status === "done" && <Button onClick={close}>Close</Button>}
      </Stack>
    </Sheet>
  );
}
