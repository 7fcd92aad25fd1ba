/**
 * @module features/identity/succession/guardians-page
 * Who the guardians are, what they can do and what not, and naming, changing or removing them.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { GUARDIANS_NEEDED, type Guardian, type OwnGuardians } from "@carekey/sdk/client";
import { Card, Section } from "../../../components/card.tsx";
import { ConfirmSheet } from "../../../components/confirm-sheet.tsx";
import { Notice } from "../../../components/notice.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { Screen } from "../../../components/screen.tsx";
import { formatAddress, formatSpan } from "../../../lib/format.ts";
import { Standing } from "./guardians-card.tsx";
import { GuardiansSheet } from "./guardians-sheet.tsx";
import { useOwnGuardians, useRemoveGuardians } from "./hooks.ts";
import classes from "../ways-to-unlock.module.css";

/** The page. */
export function GuardiansPage(): ReactNode {
  const guardians = useOwnGuardians();
  return (
    <Screen
      title="Guardians"
      intro="People who can bring your records to a new wallet when you have lost this one."
      back={{ to: "/me", label: "Me" }}
    >
      <QueryStates query={guardians} label="Looking up your guardians">
        {(own) => <Content own={own} />}
      </QueryStates>
    </Screen>
  );
}

function Content({ own }: { own: OwnGuardians & { leastDelay: number } }): ReactNode {
  const [open, setOpen] = useState<"name" | "remove" | null>(null);
  return (
    <>
      <Standing own={own} />
      {own.count > 0 && (
        <Section title="Your guardians">
          <GuardianList guardians={own.guardians ?? []} />
          <Text>
            {own.threshold} of {own.count} must agree. Then you have {formatSpan(own.delay)} to stop it.
          </Text>
        </Section>
      )}
      <Group gap="sm">
        <Button onClick={() => setOpen("name")}>{own.count === 0 ? "Name guardians" : "Name others"}</Button>
        {own.count > 0 && (
          <Button variant="default" onClick={() => setOpen("remove")}>
            Remove all
          </Button>
        )}
      </Group>
      <Explanation />
      {open === "name" && <GuardiansSheet leastDelay={own.leastDelay} onClose={() => setOpen(null)} />}
      <RemoveSheet opened={open === "remove"} onClose={() => setOpen(null)} />
    </>
  );
}

function GuardianList({ guardians }: { guardians: readonly Guardian[] }): ReactNode {
  if (guardians.length === 0) return <Text c="dimmed">This device does not know their names.</Text>;
  return (
    <Card padding="none">
      <ul className={classes.ways} aria-label="Your guardians">
        {guardians.map(({ address, name }) => (
          <li key={address}>
            <div>
              <Text fw={600}>{name}</Text>
              <Text c="dimmed">{formatAddress(address)}</Text>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Explanation(): ReactNode {
  return (
    <>
      <Section title="What they can do">
        <Card>
          <Stack gap="sm">
            <Text>
              When you have lost this wallet, you register a new one and call your guardians. {numberWord} of them
              confirm that it is you.
            </Text>
            <Text>
              Then a waiting time runs. As long as it runs, this wallet can stop everything with one press: a red notice
              appears on every screen.
            </Text>
            <Text>
              After the waiting time they hand over their parts, and your new wallet opens your records again.
            </Text>
          </Stack>
        </Card>
      </Section>
      <Section title="What they cannot do">
        <Card>
          <Stack gap="sm">
            <Text>
              None of them can read anything. Each holds one sealed part of your key, and one part opens nothing.
            </Text>
            <Notice tone="waiting" title="What you accept by this">
              Two guardians who work together against you could open your records without waiting. Choose people who
              would not do that, best from different circles.
            </Notice>
          </Stack>
        </Card>
      </Section>
    </>
  );
}

const numberWord = GUARDIANS_NEEDED === 2 ? "Two" : String(GUARDIANS_NEEDED);

function RemoveSheet({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
  const remove = useRemoveGuardians();
  return (
    <ConfirmSheet
      opened={opened}
      onClose={onClose}
      title="Remove all guardians"
      points={[
        "Nobody can confirm a new wallet for you any more.",
        "What they have confirmed so far does not count any more.",
      ]}
      irreversible="The parts they hold cannot be taken back. If you no longer trust them, make new keys, too."
      confirmLabel="Remove them"
      isDanger
      act={remove}
      onConfirm={() => void remove.run()}
    />
  );
}
