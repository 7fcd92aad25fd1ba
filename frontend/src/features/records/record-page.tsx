/**
 * @module features/records/record-page
 * One record: the content first, then who can see it, its versions, and the proof for those who ask.
 */
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useParams } from "react-router";
import type { OwnRecord } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { formatDateTime } from "../../lib/format.ts";
import { AmendButton } from "./amend-button.tsx";
import { AuthorName } from "./author-name.tsx";
import { DecisionSheet, type DecisionDraft } from "./decision-sheet.tsx";
import { useOwnChart, useOwnRecords } from "./hooks.ts";
import { kindOf, standingOf, timelineKindLabels, titleOf, versionsOf } from "./record-model.ts";
import { RecordPeople } from "./record-people.tsx";
import { RecordPreview } from "./record-preview.tsx";
import { RecordProof } from "./record-proof.tsx";
import { RecordVersions } from "./record-versions.tsx";
import { ScopeSelect, scopeLabel } from "./scope-select.tsx";
import { useScopeChoices } from "./use-scope-choices.ts";

const BACK = { to: "/records", label: "Records" };

/** A record by its entry id in the address. */
export function RecordPage(): ReactNode {
  const { entryId } = useParams();
  const records = useOwnRecords();
  const record = records.data?.find(({ entry }) => entry.entryId === entryId?.toLowerCase());
  if (record !== undefined && records.data !== undefined) {
    return <FoundRecord key={record.entry.entryId} record={record} records={records.data} />;
  }
  return (
    <Screen title="Record" back={BACK}>
      <QueryStates query={records} label="Opening your records on this device">
        {() => (
          <EmptyState
            drawing="search"
            title="This record is not in your history"
            text="The address may be mistyped, or belong to another person."
          />
        )}
      </QueryStates>
    </Screen>
  );
}

function FoundRecord({ record, records }: { record: OwnRecord; records: readonly OwnRecord[] }): ReactNode {
  const standing = standingOf(record);
  const chart = useOwnChart();
  const isSuspect = chart.data?.problem?.entryId === record.entry.entryId;
  const [draft, setDraft] = useState<DecisionDraft | null>(null);
  return (
    <Screen title={titleOf(record)} back={BACK} width="wide" intro={<Facts record={record} />}>
      {isSuspect && (
        <Notice tone="danger" role="alert" title="This entry does not match what is registered">
          <Text>{chart.data?.problem?.message}. Do not rely on it.</Text>
        </Notice>
      )}
      {standing === "waiting" && <WaitingPanel record={record} onDecide={setDraft} />}
      <DecisionSheet draft={draft} onClose={() => setDraft(null)} />
      {standing === "denied" && (
        <Notice title="You refused this entry">
          <Text>It is listed in your history and is not part of your records. Its content was dropped.</Text>
          {typeof record.decision?.reason === "string" && <Text>Your reason: {record.decision.reason}</Text>}
        </Notice>
      )}
      {standing === "denied" ? null : record.manifest === null ? (
        <Notice title="This record could not be opened">
          <Stack gap="xs">
            <Text>
              It may have been dropped from storage or damaged. Your history still shows that it existed, and when.
            </Text>
            <Text c="dimmed">{record.problem}</Text>
          </Stack>
        </Notice>
      ) : (
        <Card label="Content">
          <RecordPreview record={record} />
        </Card>
      )}
      {(standing === "current" || standing === "replaced") && <RecordPeople record={record} />}
      <Section
        title="Versions"
        action={standing === "current" && record.manifest !== null && <AmendButton record={record} />}
      >
        <RecordVersions versions={versionsOf(records, record.entry.entryId)} shown={record.entry.entryId} />
      </Section>
      <RecordProof record={record} />
    </Screen>
  );
}

function Facts({ record }: { record: OwnRecord }): ReactNode {
  const standing = standingOf(record);
  return (
    <Group gap="xs">
      <span>
        {timelineKindLabels[kindOf(record.manifest)]} · by <AuthorName address={record.entry.author} /> ·{" "}
        {formatDateTime(record.recordedAt)}
        {record.scope !== null && ` · ${scopeLabel(record.scope)}`}
      </span>
      {standing === "waiting" && <Badge color="yellow">Waiting for you</Badge>}
      {standing === "replaced" && <Badge color="gray">Replaced by a newer version</Badge>}
      {standing === "denied" && <Badge color="gray">You refused this</Badge>}
    </Group>
  );
}

type WaitingPanelProps = { record: OwnRecord; onDecide: (draft: DecisionDraft) => void };

function WaitingPanel({ record, onDecide }: WaitingPanelProps): ReactNode {
  const { scopeOf, choose } = useScopeChoices();
  const scope = scopeOf(record);
  const decide = (verdict: DecisionDraft["verdict"]) => onDecide({ verdict, items: [{ record, scope }] });
  return (
    <Card tone="waiting" label="Your decision">
      <Stack gap="md">
        <Text>
          <PersonName address={record.entry.author} /> wrote this for your records. It counts only when you approve it.
        </Text>
        <Group align="flex-end" gap="sm">
          <ScopeSelect
            label="File it under"
            value={scope}
            onChange={(next) => choose(record.entry.entryId, next)}
            disabled={record.manifest === null}
          />
          <Button
            disabled={record.manifest === null}
            leftSection={<IconCheck size={20} aria-hidden />}
            onClick={() => decide("approve")}
          >
            Approve
          </Button>
          <Button variant="default" leftSection={<IconX size={20} aria-hidden />} onClick={() => decide("deny")}>
            Refuse
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
