/**
 * @module features/identity/ways-to-unlock
 * The recovery code on paper and the passphrase, with the way to change the latter.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconFileText, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { accountQuery, useSetPassphrase } from "./hooks.ts";
import { PassphraseFields } from "./passphrase-fields.tsx";
import classes from "./ways-to-unlock.module.css";

/** Lists the ways in. */
export function WaysToUnlock(): ReactNode {
  const { carekey, person } = useCarekey();
  const account = useQuery(accountQuery(carekey, person.address));
  const [isOpen, sheet] = useDisclosure();
  const hasPassphrase = account.data?.hasPassphraseSlot === true;
  return (
    <Card padding="none">
      <ul className={classes.ways}>
        <li>
          <IconFileText size={26} aria-hidden="true" />
          <div>
            <Text fw={600}>Recovery code, on paper</Text>
            <Text c="dimmed">You confirmed it when you registered. It is not kept anywhere else.</Text>
          </div>
        </li>
        <li>
          <IconKey size={26} aria-hidden="true" />
          <div>
            <Text fw={600}>Passphrase</Text>
            <Text c="dimmed">
              {hasPassphrase
                ? "Saved, encrypted, so that you can unlock on other devices too."
                : "None is saved yet. Without one, only the paper opens your records."}
            </Text>
          </div>
          <Button variant={hasPassphrase ? "default" : "filled"} onClick={sheet.open}>
            {hasPassphrase ? "Change passphrase" : "Set a passphrase"}
          </Button>
        </li>
      </ul>
      <ChangePassphrase opened={isOpen} onClose={sheet.close} />
    </Card>
  );
}

function ChangePassphrase({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
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
