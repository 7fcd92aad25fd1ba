/**
 * @module features/care/emergency-records
 * The records that a patient chose for emergencies, while they are open: each one opened on purpose, each with a receipt.
 */
import { Button, Stack, Text } from "@mantine/core";
import { IconEye, IconFileCheck, IconLock } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { EmergencyCase, EmergencyItem, OpenedRecord } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card, Section } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { VerifiedBadge } from "../../components/verified-badge.tsx";
import { ManifestViewer } from "../../components/viewers/manifest-viewer.tsx";
import { formatDate } from "../../lib/format.ts";
import { titleOf } from "./care-model.ts";
import { useEmergencyChart, useOpenEmergencyItem } from "./emergency-hooks.ts";
import classes from "./care.module.css";

/** The list. */
export function EmergencyRecords({ found }: { found: EmergencyCase }): ReactNode {
  const chart = useEmergencyChart(found.id);
  return (
    <Section title="Records for emergencies">
      <QueryStates query={chart} label="Reading the chart">
        {({ chart: verified, items }) => (
          <Stack gap="md">
            <VerifiedBadge chart={verified} checkedAt={chart.dataUpdatedAt} owner="The patient" />
            {items.length === 0 ? (
              <EmptyState
                title="No record was chosen"
                text="The patient turned emergency access on, but chose nothing."
              />
            ) : (
              <Text c="dimmed">
                Each record you open leaves a receipt with the keepers. The patient sees your name, the time and your
                reason.
              </Text>
            )}
            <ul className={classes.list}>
              {items.map((item) => (
                <li key={item.entry.entryId}>
                  <ItemRow item={item} reason={found.reason ?? "Emergency"} />
                </li>
              ))}
            </ul>
          </Stack>
        )}
      </QueryStates>
    </Section>
  );
}

function ItemRow({ item, reason }: { item: EmergencyItem; reason: string }): ReactNode {
  const open = useOpenEmergencyItem();
  const [record, setRecord] = useState<OpenedRecord | null>(null);
  const start = async () => setRecord((await open.run({ item, reason })) ?? null);
  const name = `Emergency record of ${formatDate(item.recordedAt)}`;
  return (
    <Card>
      <div className={classes.row}>
        {record === null ? <IconLock size={24} aria-hidden /> : <IconFileCheck size={24} aria-hidden />}
        <div className={classes.words}>
          <Text fw={600} component="h3">
            {record === null ? name : titleOf(record)}
          </Text>
          {item.entry.supersededBy !== null && <Text c="dimmed">Replaced by a newer version since</Text>}
        </div>
        {record === null && (
          <Button
            leftSection={<IconEye size={20} aria-hidden />}
            loading={open.isRunning}
            aria-label={`Open ${name.toLowerCase()}`}
            onClick={() => void start()}
          >
            Open
          </Button>
        )}
      </div>
      {record === null && open.status !== "idle" && open.status !== "done" && (
        <div className={classes.opened}>
          <ActStatus act={open} onRetry={() => void start()} />
        </div>
      )}
      {record !== null && <Opened record={record} />}
    </Card>
  );
}

function Opened({ record }: { record: OpenedRecord }): ReactNode {
  return (
    <div className={classes.opened}>
      <ManifestViewer record={record} />
      <Text c="dimmed" mt="sm">
        {record.keepers.length} keepers opened it, and each kept a receipt.
      </Text>
    </div>
  );
}
