/**
 * @module features/records/pending-entry
 * One entry that waits, with its preview on request.
 */
import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconEye, IconEyeOff, IconX } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import type { OwnRecord } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { Notice } from "../../components/notice.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { formatDateTime } from "../../lib/format.ts";
import { KindIcon } from "./kind-icon.tsx";
import { kindOf, timelineKindLabels, titleOf } from "./record-model.ts";
import { RecordPreview } from "./record-preview.tsx";
import { ScopeSelect, scopeLabel } from "./scope-select.tsx";
import { proposedScopeOf } from "./use-scope-choices.ts";
import classes from "./record-page.module.css";

/** Props of {@link PendingEntry}. */
export type PendingEntryProps = {
  record: OwnRecord;
  scope: string;
  onScope: (scope: string) => void;
  /** How it is chosen among many; null when it is the only one. */
  selection: { isChosen: boolean; onToggle: () => void } | null;
  onApprove: () => void;
  onDeny: () => void;
};

/** An entry with what can be done with it. */
export function PendingEntry(props: PendingEntryProps): ReactNode {
  const { record, scope, onScope, selection, onApprove, onDeny } = props;
  const [isOpen, setIsOpen] = useState(false);
  const previewId = useId();
  const title = titleOf(record);
  const kind = kindOf(record.manifest);
  const isReadable = record.manifest !== null;
  return (
    <Card tone="waiting" label={title}>
      <Stack gap="md">
        <Group wrap="nowrap" align="flex-start" gap="sm">
          {selection !== null && (
            <Checkbox
              mt={10}
              aria-label={`Choose ${title}`}
              checked={selection.isChosen}
              onChange={selection.onToggle}
            />
          )}
          <KindIcon kind={kind} />
          <div>
            <Text fw={600}>{title}</Text>
            <Text c="dimmed" component="div">
              {timelineKindLabels[kind]} by <PersonName address={record.entry.author} />, sent{" "}
              {formatDateTime(record.recordedAt)}
            </Text>
            {record.entry.supersedes !== null && <Text>It would replace an entry that you have.</Text>}
          </div>
        </Group>
        {!isReadable && (
          <Notice title="This entry could not be opened">
            <Text>You can refuse it. The author can send it again.</Text>
          </Notice>
        )}
        {isReadable && (
          <div>
            <Button
              variant="default"
              aria-expanded={isOpen}
              aria-controls={previewId}
              leftSection={isOpen ? <IconEyeOff size={20} aria-hidden /> : <IconEye size={20} aria-hidden />}
              onClick={() => setIsOpen(!isOpen)}
            >
              {isOpen ? "Close the preview" : "Look at it first"}
            </Button>
            <div id={previewId} className={classes.preview}>
              {isOpen && <RecordPreview record={record} />}
            </div>
          </div>
        )}
        <Group align="flex-end" gap="sm">
          <ScopeSelect
            label="File it under"
            description={`The author suggests ${scopeLabel(proposedScopeOf(record))}.`}
            value={scope}
            onChange={onScope}
            disabled={!isReadable}
          />
          <Button disabled={!isReadable} leftSection={<IconCheck size={20} aria-hidden />} onClick={onApprove}>
            Approve
          </Button>
          <Button variant="default" leftSection={<IconX size={20} aria-hidden />} onClick={onDeny}>
            Refuse
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
