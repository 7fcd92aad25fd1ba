/**
 * @module features/care/ask-colleague
 * Asking another colleague while a request waits for the second word.
 */
import { Button, Group, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import type { PersonProfile } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { ColleaguePicker } from "./colleague-picker.tsx";
import { useAskColleague } from "./emergency-hooks.ts";

/** The card. */
export function AskColleague({ id }: { id: Hex }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [colleague, setColleague] = useState<PersonProfile | null>(null);
  const ask = useAskColleague();
  if (!isOpen) {
    return (
      <Group>
        <Button variant="subtle" onClick={() => setOpen(true)}>
          Ask another colleague
        </Button>
      </Group>
    );
  }
  return (
    <Card>
      <Stack gap="md">
        <ColleaguePicker chosen={colleague} onChange={setColleague} />
        <Group>
          <Button
            disabled={colleague === null}
            loading={ask.isRunning}
            onClick={() => colleague !== null && void ask.run({ id, colleague: colleague.address })}
          >
            Ask for their word
          </Button>
        </Group>
        <ActStatus act={ask} />
      </Stack>
    </Card>
  );
}
