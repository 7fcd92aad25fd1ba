/**
 * @module app/idle-lock
 * The countdown before the lock.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Sheet } from "../components/confirm-sheet.tsx";
import { useIdleMinutes } from "../lib/idle-minutes.ts";
import { useIdleLock } from "../lib/use-idle-lock.ts";

/** Locks when idle, and asks in the last minute. */
export function IdleLock({ onIdle }: { onIdle: () => void }): ReactNode {
  const [minutes] = useIdleMinutes();
  const { secondsLeft, stay } = useIdleLock(onIdle, minutes);
  return (
    <Sheet opened={secondsLeft !== null} onClose={stay} title="Are you still there?" size="md">
      <Stack gap="md">
        <Text>
          Carekey locks itself in{" "}
          <strong className="tabular">
            {secondsLeft ?? 0} {secondsLeft === 1 ? "second" : "seconds"}
          </strong>
          , so that nobody else reads your screen.
        </Text>
        <Group>
          <Button onClick={stay} data-autofocus>
            Stay unlocked
          </Button>
          <Button variant="default" onClick={onIdle}>
            Lock now
          </Button>
        </Group>
      </Stack>
    </Sheet>
  );
}
