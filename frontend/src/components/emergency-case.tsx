/**
 * @module components/emergency-case
 * One request for emergency access on a card: who, why, what happens next, and what may be done about it.
 */
import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconAmbulance } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isRunning, type EmergencyCase } from "@carekey/sdk/client";
import { PHASE_LABELS, phaseSentence } from "../lib/emergency-words.ts";
import { formatDateTime } from "../lib/format.ts";
import { Card } from "./card.tsx";
import { PersonName } from "./person-name.tsx";
import { TechnicalDetails } from "./technical-details.tsx";

/** Props of {@link EmergencyCaseCard}. */
export type EmergencyCaseCardProps = {
  found: EmergencyCase;
  /** Heading; by default who asks for whose records. */
  title?: ReactNode;
  /** What can be done. */
  children?: ReactNode;
};

/** The card. */
export function EmergencyCaseCard({ found, title, children }: EmergencyCaseCardProps): ReactNode {
  const { requester, coSigner, patient, reason, phase, verdict } = found;
  return (
    <Card tone={isRunning(phase) ? "waiting" : "plain"} label={`Emergency request by ${requester.name}`}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-start">
          <Group gap="sm" align="flex-start" wrap="nowrap" flex="1 1 14rem">
            <IconAmbulance size={24} aria-hidden />
            <Text fw={600} component="h3">
              {title ?? titleOf(found)}
            </Text>
          </Group>
          <Badge c="var(--mantine-color-text)" color={phase === "open" ? "red" : isRunning(phase) ? "yellow" : "gray"}>
            {PHASE_LABELS[phase]}
          </Badge>
          {verdict !== null && (
            <Badge c="var(--mantine-color-text)" color={verdict === "justified" ? "green" : "red"}>
              {verdict === "justified" ? "Reviewed: there was need" : "Reviewed: there was no need"}
            </Badge>
          )}
        </Group>
        {reason !== null && <Text>“{reason}”</Text>}
        <Text>{phaseSentence(found)}</Text>
        <Text c="dimmed">
          Asked {formatDateTime(found.requestedAt)} by <PersonName address={requester.address} profile={requester} />
          {coSigner !== null && (
            <>
              , confirmed by <PersonName address={coSigner.address} profile={coSigner} />
            </>
          )}
        </Text>
        {children}
        <TechnicalDetails
          facts={[
            { label: "Request", value: found.id, copy: found.id },
            { label: "Patient", value: patient, copy: patient },
            { label: "Asked by", value: requester.address, copy: requester.address },
          ]}
        />
      </Stack>
    </Card>
  );
}

function titleOf({ role, requester, patientName, phase }: EmergencyCase): string {
  const isNow = isRunning(phase);
  if (role === "requester") return `You ${isNow ? "ask" : "asked"} for the emergency records of ${patientName}`;
  const whose = role === "patient" ? "your emergency records" : `the emergency records of ${patientName}`;
  return `${requester.name} ${isNow ? "asks" : "asked"} for ${whose}`;
}
