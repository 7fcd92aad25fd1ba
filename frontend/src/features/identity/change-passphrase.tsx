/**
 * @module features/identity/change-passphrase
 * A new passphrase in place of the old one, in one step: until it is saved, the old one works.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ActStatus } from "../../components/act.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useSetPassphrase } from "./hooks.ts";
import { PassphraseFields } from "./passphrase-fields.tsx";

/** The sheet for a new passphrase. */
export function ChangePassphrase({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
  const { carekey, person } = useCarekey();
  const act = useSetPassphrase(carekey, person);
  const close = () => {
    act.reset();
    onClose();
  };
  return (
    <Sheet opened={opened} onClose={close} title="Set a new passphrase" size="md" isBusy={act.isRunning}>
      <Stack gap="md">
        {act.status === "done" ? (
          <>
            <Group gap="sm" wrap="nowrap">
              <IconCircleCheck size={24} aria-hidden="true" />
              <Text>{act.doneText}</Text>
            </Group>
            <Button onClick={close}>Close</Button>
          </>
        ) : (
          <PassphraseFields
            submitLabel="Save"
            isRunning={act.isRunning}
            onSubmit={(passphrase) => void act.run(passphrase)}
          />
        )}
        <ActStatus act={act} hideDone />
      </Stack>
    </Sheet>
  );
}
