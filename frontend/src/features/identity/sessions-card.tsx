/**
 * @module features/identity/sessions-card
 * Where the person is signed in, and the way to end it there.
 */
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { OpenSession } from "@carekey/sdk/gateway";
import { Card } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDateTime, formatRelative } from "../../lib/format.ts";
import { sessionsQuery, useEndSessions } from "./code-hooks.ts";
import classes from "./ways-to-unlock.module.css";

/** The card. */
export function SessionsCard(): ReactNode {
  const { carekey } = useCarekey();
  const sessions = useQuery(sessionsQuery(carekey));
  return (
    <QueryStates query={sessions} label="Loading where you are signed in">
      {(list) => <Sessions sessions={list} />}
    </QueryStates>
  );
}

function Sessions({ sessions }: { sessions: readonly OpenSession[] }): ReactNode {
  const [chosen, setChosen] = useState<OpenSession | "others">("others");
  const [isOpen, sheet] = useDisclosure();
  const others = sessions.filter(({ isThisOne }) => !isThisOne);
  const ask = (which: typeof chosen) => {
    setChosen(which);
    sheet.open();
  };
  return (
    <Card padding="none">
      <ul className={classes.ways} aria-label="Where you are signed in">
        {sessions.map((session) => (
          <li key={session.id}>
            <IconDeviceDesktop size={26} aria-hidden="true" />
            <div>
              <Text fw={600}>{session.device}</Text>
              <Text c="dimmed">
                Since {formatDateTime(session.createdAt)}
                {!session.isThisOne && `, last used ${formatRelative(session.lastUsedAt)}`}
              </Text>
            </div>
            {session.isThisOne ? (
              <Text fw={600} component="span">
                This browser
              </Text>
            ) : (
              <Button
                variant="default"
                onClick={() => ask(session)}
                aria-label={`End: ${session.device}, since ${formatDateTime(session.createdAt)}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <Group className={classes.more}>
          <Button variant="default" onClick={() => ask("others")}>
            End all others
          </Button>
        </Group>
      )}
      <EndSheet chosen={chosen} opened={isOpen} onClose={sheet.close} />
    </Card>
  );
}

type EndSheetProps = { chosen: OpenSession | "others"; opened: boolean; onClose: () => void };

function EndSheet({ chosen, opened, onClose }: EndSheetProps): ReactNode {
  const act = useEndSessions();
  return (
    <ConfirmSheet
      opened={opened}
      onClose={onClose}
      title={chosen === "others" ? "End all other sign-ins" : `End: ${chosen.device}`}
      points={[
        "What is open there closes, and nothing can be opened or changed from there.",
        "Your wallet asks for one signature, so that the keepers stop answering your other tabs, too. It costs nothing.",
      ]}
      confirmLabel="End it"
      act={act}
      onConfirm={() => void act.run(chosen === "others" ? chosen : chosen.id)}
    />
  );
}
