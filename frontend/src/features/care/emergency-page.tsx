/**
 * @module features/care/emergency-page
 * A clinician in an emergency: requests to confirm, one's own request from asking to reading, and what was before.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarDue } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { isRunning, type EmergencyCase } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Section } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { EmergencyCaseCard } from "../../components/emergency-case.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useEmergencies, useStopEmergency } from "../../lib/emergency.ts";
import { OWN_FEE_WORDS } from "../../lib/fees.ts";
import { formatDateTime } from "../../lib/format.ts";
import { AskColleague } from "./ask-colleague.tsx";
import { useCoSign, useEmergencyStanding } from "./emergency-hooks.ts";
import { EmergencyRecords } from "./emergency-records.tsx";
import { EmergencyRequestForm } from "./emergency-request-form.tsx";

/** The page. `:address` in its path comes from a patient's card. */
export function EmergencyPage(): ReactNode {
  const { address } = useParams();
  const emergencies = useEmergencies();
  return (
    <Screen
      title="Emergency access"
      intro="When a patient cannot be asked. The patient and the registrar are told at once, and each use is reviewed."
      back={{ to: "/patients", label: "My patients" }}
    >
      <QueryStates query={emergencies} label="Loading requests">
        {(all) => <Requests all={all} patient={address ?? ""} />}
      </QueryStates>
    </Screen>
  );
}

function Requests({ all, patient }: { all: readonly EmergencyCase[]; patient: string }): ReactNode {
  const toConfirm = all.filter(({ isAsked, phase }) => isAsked && phase === "asked");
  const own = all.filter(({ role }) => role === "requester");
  const confirmed = all.filter(({ role, phase }) => role === "co-signer" && isRunning(phase));
  const running = own.find(({ phase }) => isRunning(phase));
  const past = all.filter(({ role, phase }) => (role === "requester" || role === "co-signer") && !isRunning(phase));
  return (
    <>
      {toConfirm.length > 0 && (
        <Section title="You are asked to confirm">
          <Stack gap="md">
            {toConfirm.map((found) => (
              <ToConfirm key={found.id} found={found} />
            ))}
          </Stack>
        </Section>
      )}
      {confirmed.length > 0 && (
        <Section title="Confirmed by you">
          <Stack gap="md">
            {confirmed.map((found) => (
              <Stoppable key={found.id} found={found} label="Take my word back" />
            ))}
          </Stack>
        </Section>
      )}
      {running === undefined ? (
        <Section title="Ask for emergency access">
          <Standing patient={patient} />
        </Section>
      ) : (
        <Section title="Your request">
          <Running found={running} />
        </Section>
      )}
      {past.length > 0 && (
        <Section title="Before">
          <Stack gap="md">
            {past.map((found) => (
              <EmergencyCaseCard key={found.id} found={found} />
            ))}
          </Stack>
        </Section>
      )}
    </>
  );
}

function Standing({ patient }: { patient: string }): ReactNode {
  const { carekey } = useCarekey();
  const standing = useEmergencyStanding();
  return (
    <QueryStates query={standing} label="Looking up your licence">
      {({ isVerified, countsFrom }) => {
        if (!isVerified) {
          return (
            <Notice tone="waiting" icon={<IconCalendarDue size={24} />} title="Your licence is not verified">
              Only clinicians with a checked licence can ask. Apply under Today.
            </Notice>
          );
        }
        const isYoung = countsFrom !== null && countsFrom > carekey.now();
        return (
          <Stack gap="md">
            {isYoung && (
              <Notice tone="waiting" icon={<IconCalendarDue size={24} />} title="Your licence is too new">
                It counts in emergencies from {formatDateTime(countsFrom)} on. Until then ask a colleague.
              </Notice>
            )}
            <EmergencyRequestForm patient={patient} />
          </Stack>
        );
      }}
    </QueryStates>
  );
}

function ToConfirm({ found }: { found: EmergencyCase }): ReactNode {
  const [isOpen, sheet] = useDisclosure();
  const coSign = useCoSign();
  const { name } = found.requester;
  return (
    <EmergencyCaseCard found={found}>
      <Text>
        Confirm only what you know yourself: that there is an emergency, and that the patient cannot be asked.
      </Text>
      <Group>
        <Button onClick={sheet.open}>Confirm the emergency</Button>
      </Group>
      <ConfirmSheet
        opened={isOpen}
        onClose={sheet.close}
        title="Confirm the emergency"
        points={[
          `You say that ${name} needs these records now.`,
          `The records that the patient chose open for ${name} after the patient’s waiting time, for three hours at most. They do not open for you.`,
          "The patient and the registrar see your name. You can take your word back while it runs.",
        ]}
        irreversible="A false word can cost both of you the licence."
        cost={OWN_FEE_WORDS}
        confirmLabel="Confirm in your wallet"
        act={coSign}
        onConfirm={() => void coSign.run(found)}
      />
    </EmergencyCaseCard>
  );
}

function Stoppable({ found, label }: { found: EmergencyCase; label: string }): ReactNode {
  const stop = useStopEmergency();
  return (
    <EmergencyCaseCard found={found}>
      <Group>
        <Button variant="default" loading={stop.isRunning} onClick={() => void stop.run(found)}>
          {label}
        </Button>
      </Group>
      <ActStatus act={stop} />
    </EmergencyCaseCard>
  );
}

function Running({ found }: { found: EmergencyCase }): ReactNode {
  return (
    <Stack gap="md">
      <Stoppable found={found} label={found.phase === "open" ? "End it, I am done" : "Take my request back"} />
      {found.phase === "asked" && <AskColleague id={found.id} />}
      {found.phase === "open" && <EmergencyRecords found={found} />}
    </Stack>
  );
}
