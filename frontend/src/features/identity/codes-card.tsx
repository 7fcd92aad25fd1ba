/**
 * @module features/identity/codes-card
 * One-time codes under Me: which ways are on, and the sheets that turn one on or off.
 */
import { Button, Text } from "@mantine/core";
import { IconDeviceMobileCode, IconFileText, IconMail } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { hasCodes } from "@carekey/sdk/client";
import type { CodeState } from "@carekey/sdk/gateway";
import { Card } from "../../components/card.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { codesQuery } from "../../lib/codes.ts";
import { NewBackupCodes, TurnCodesOff } from "./change-codes.tsx";
import { SetUpApp } from "./set-up-app.tsx";
import { SetUpMail } from "./set-up-mail.tsx";
import classes from "./ways-to-unlock.module.css";

type SheetName = "app" | "mail" | "app-off" | "mail-off" | "backup";

/** The card. */
export function CodesCard(): ReactNode {
  const { carekey } = useCarekey();
  const codes = useQuery(codesQuery(carekey));
  return (
    <QueryStates query={codes} label="Loading your one-time codes">
      {(state) => <Codes state={state} />}
    </QueryStates>
  );
}

function Codes({ state }: { state: CodeState }): ReactNode {
  const { role } = useCarekey();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const close = () => setSheet(null);
  const isOn = hasCodes(state);
  return (
    <Card padding="none">
      <Text className={classes.summary}>
        {isOn
          ? `Asked for ${role === "patient" ? "before you share" : "when you sign in, before you share"}, and for records whose owner wants it.`
          : "A second lock beside your wallet: a code that works once. Whoever steals your wallet does not have it."}
      </Text>
      <ul className={classes.ways} aria-label="One-time codes">
        <li>
          <IconDeviceMobileCode size={26} aria-hidden="true" />
          <div>
            <Text fw={600}>Authenticator app</Text>
            <Text c="dimmed">
              {state.app
                ? "On. The app on your phone shows the codes."
                : "An app on your phone shows a new code every half minute."}
            </Text>
          </div>
          {state.app ? (
            <Button variant="default" onClick={() => setSheet("app-off")} aria-label="Turn off: Authenticator app">
              Turn off
            </Button>
          ) : (
            <Button variant="default" onClick={() => setSheet("app")}>
              Set up the app
            </Button>
          )}
        </li>
        <li>
          <IconMail size={26} aria-hidden="true" />
          <div>
            <Text fw={600}>Codes by mail</Text>
            <Text c="dimmed">
              {state.mail === null ? "A code is sent when you ask for one." : `On, to ${state.mail}`}
            </Text>
          </div>
          {state.mail === null ? (
            <Button variant="default" onClick={() => setSheet("mail")}>
              Set up mail
            </Button>
          ) : (
            <Button variant="default" onClick={() => setSheet("mail-off")} aria-label="Turn off: Codes by mail">
              Turn off
            </Button>
          )}
        </li>
        {isOn && (
          <li>
            <IconFileText size={26} aria-hidden="true" />
            <div>
              <Text fw={600}>Backup codes, on paper</Text>
              <Text c="dimmed">
                {state.backupLeft === 1 ? "1 code is left." : `${state.backupLeft} codes are left.`} Each works once.
              </Text>
            </div>
            <Button variant="default" onClick={() => setSheet("backup")}>
              Make new ones
            </Button>
          </li>
        )}
      </ul>
      <SetUpApp key={`app-${sheet === "app"}`} opened={sheet === "app"} onClose={close} isOn={isOn} />
      <SetUpMail key={`mail-${sheet === "mail"}`} opened={sheet === "mail"} onClose={close} isOn={isOn} />
      <TurnCodesOff way="app" opened={sheet === "app-off"} onClose={close} isLast={state.mail === null} />
      <TurnCodesOff way="mail" opened={sheet === "mail-off"} onClose={close} isLast={!state.app} />
      <NewBackupCodes key={`backup-${sheet === "backup"}`} opened={sheet === "backup"} onClose={close} />
    </Card>
  );
}
