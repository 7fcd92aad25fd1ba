/**
 * @module features/care/own-entries
 * What this clinician wrote into the chart, and what the patient decided.
 */
import { Badge, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SharedChart } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { formatDateTime } from "../../lib/format.ts";
import classes from "./care.module.css";

const states = {
  pending: { color: "yellow", label: "Waiting for the patient" },
  approved: { color: "green", label: "Approved" },
  denied: { color: "gray", label: "Not approved" },
} as const;

/** Props of {@link OwnEntries}. */
export type OwnEntriesProps = { entries: SharedChart["ownEntries"]; patientName: string };

/** The clinician's own entries, newest first. Nothing while there are none. */
export function OwnEntries({ entries, patientName }: OwnEntriesProps): ReactNode {
  if (entries.length === 0) return null;
  return (
    <Section title="What you wrote">
      <Text c="dimmed">
        Once sent, an entry is sealed to {patientName}: you can read it again when it is approved and shared with you.
      </Text>
      <ul className={classes.list}>
        {entries.map(({ entry, recordedAt }) => (
          <li key={entry.entryId}>
            <Card>
              <div className={classes.row}>
                <IconPencil size={24} aria-hidden />
                <div className={classes.words}>
                  <Text fw={600}>Sent {formatDateTime(recordedAt)}</Text>
                  {entry.supersededBy !== null && <Text c="dimmed">Replaced by a newer version</Text>}
                </div>
                <Badge c="var(--mantine-color-text)" color={states[entry.status].color}>
                  {states[entry.status].label}
                </Badge>
              </div>
              <TechnicalDetails
                facts={[
                  { label: "Entry", value: entry.entryId, copy: entry.entryId },
                  { label: "Transaction", value: entry.txHash, copy: entry.txHash },
                ]}
              />
            </Card>
          </li>
        ))}
      </ul>
    </Section>
  );
}
