/**
 * @module features/consent/emergency-page
 * The patient's emergency access: on or off, what would open, who may stop it, and every request there ever was.
 */
import { Button, Group, List, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAmbulance, IconPrinter } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { isRunning, type EmergencyCase, type OwnEmergency } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card, Section } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { EmergencyCaseCard } from "../../components/emergency-case.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { openingWords, stopperWords } from "../../lib/emergency-words.ts";
import { useEmergencies, useOwnEmergency, useStopEmergency } from "../../lib/emergency.ts";
import { formatList, recordCount } from "../../lib/format.ts";
import { useChoosableRecords, useDisableEmergency } from "./emergency-hooks.ts";
import { EmergencySheet } from "./emergency-sheet.tsx";
import { titlesOf } from "./emergency-draft.ts";
import { HonestWord } from "./honest-word.tsx";

/** The page. */
export function EmergencyPage(): ReactNode {
  const own = useOwnEmergency();
  return (
    <Screen title="Emergency access" intro="For the moment when you cannot be asked." back={{ to: "/me", label: "Me" }}>
      <QueryStates query={own} label="Looking up emergency access">
        {(emergency) => <State emergency={emergency} />}
      </QueryStates>
      <Requests />
    </Screen>
  );
}

function State({ emergency }: { emergency: OwnEmergency }): ReactNode {
  const [isOpen, sheet] = useDisclosure();
  const [isStopping, stopping] = useDisclosure();
  const disable = useDisableEmergency();
  return (
    <>
      {emergency.enabled ? <WhatHolds emergency={emergency} /> : <HowItWorks />}
      <Group gap="sm">
        <Button onClick={sheet.open} variant={emergency.enabled ? "default" : "filled"}>
          {emergency.enabled ? "Change it" : "Turn on emergency access"}
        </Button>
        {emergency.enabled && (
          <>
            <Button
              component={Link}
              to="/me/emergency/card"
              variant="default"
              leftSection={<IconPrinter size={20} aria-hidden />}
            >
              Print the card
            </Button>
            <Button variant="default" onClick={stopping.open}>
              Turn it off
            </Button>
          </>
        )}
      </Group>
      {isOpen && <EmergencySheet emergency={emergency} onClose={sheet.close} />}
      <ConfirmSheet
        opened={isStopping}
        onClose={stopping.close}
        title="Turn off emergency access"
        points={[
          "Any request that runs ends at once, and nobody can make a new one.",
          "What you chose stays shut for ever, also if you turn it on again. Then you choose anew.",
          "Your wallet asks you to confirm.",
        ]}
        irreversible="What was opened before cannot be taken back."
        confirmLabel="Turn it off"
        act={disable}
        onConfirm={() => void disable.run()}
      />
    </>
  );
}

function HowItWorks(): ReactNode {
  return (
    <Card>
      <Stack gap="md">
        <List type="ordered" spacing="xs">
          <List.Item>A clinician with a checked licence asks, and says why.</List.Item>
          <List.Item>A second one confirms it within fifteen minutes.</List.Item>
          <List.Item>The time passes that you set. You, or a person you trust, can stop it with one press.</List.Item>
          <List.Item>The records that you chose open, for three hours at most. Each look leaves a receipt.</List.Item>
          <List.Item>A registrar reviews it afterwards.</List.Item>
        </List>
        <HonestWord />
      </Stack>
    </Card>
  );
}

function WhatHolds({ emergency }: { emergency: OwnEmergency }): ReactNode {
  const records = useChoosableRecords();
  const titles = titlesOf(emergency.records, records.data ?? []);
  const names = emergency.contacts.map(({ name }) => name);
  return (
    <Card>
      <Stack gap="sm">
        <Notice tone="accent" icon={<IconAmbulance size={24} />} title="Emergency access is on">
          {emergency.records.length === 0
            ? "You have not chosen any record yet, so nothing would open."
            : `Would open: ${titles.length === 0 ? recordCount(emergency.records.length) : formatList(titles)}.`}
        </Notice>
        <Text>It would open {openingWords(emergency.delaySeconds)}, once a second clinician has confirmed it.</Text>
        <Text>{stopperWords(names)}</Text>
        {emergency.unknownContacts > 0 && (
          <Text c="dimmed">
            {emergency.unknownContacts} more {emergency.unknownContacts === 1 ? "person" : "people"} that this device
            does not know. Save your settings again to take them out.
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function Requests(): ReactNode {
  const emergencies = useEmergencies();
  return (
    <Section title="Requests">
      <QueryStates
        query={emergencies}
        label="Loading requests"
        empty={{
          drawing: "shield",
          title: "Nobody has ever asked",
          text: "A request for your emergency records appears here and above every screen at once.",
        }}
      >
        {(all) => (
          <Stack gap="md">
            {all.map((found) => (
              <RequestCard key={found.id} found={found} />
            ))}
          </Stack>
        )}
      </QueryStates>
    </Section>
  );
}

function RequestCard({ found }: { found: EmergencyCase }): ReactNode {
  const stop = useStopEmergency();
  return (
    <EmergencyCaseCard found={found}>
      {isRunning(found.phase) && (
        <Group>
          <Button color="red.8" loading={stop.isRunning} onClick={() => void stop.run(found)}>
            Stop it
          </Button>
        </Group>
      )}
      <ActStatus act={stop} />
    </EmergencyCaseCard>
  );
}
