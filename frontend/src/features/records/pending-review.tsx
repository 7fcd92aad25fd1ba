/**
 * @module features/records/pending-review
 * Entries that doctors wrote and that wait for the patient: look at each, choose where it goes, approve or refuse, one or many at once.
 */
import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { DecisionSheet, type DecisionDraft } from "./decision-sheet.tsx";
import { PendingEntry } from "./pending-entry.tsx";
import { useScopeChoices } from "./use-scope-choices.ts";

/** Props of {@link PendingReview}. */
export type PendingReviewProps = { records: readonly OwnRecord[] };

/** The section of what waits. Nothing while nothing waits; the sheet stays until it is closed, though the last entry is decided. */
export function PendingReview({ records }: PendingReviewProps): ReactNode {
  const [chosen, setChosen] = useState<ReadonlySet<Hex>>(new Set());
  const [draft, setDraft] = useState<DecisionDraft | null>(null);
  const { scopeOf, choose } = useScopeChoices();
  const picked = records.filter(({ entry }) => chosen.has(entry.entryId));
  const toggle = (entryId: Hex) => setChosen(toggled(chosen, entryId));
  const approve = (items: readonly OwnRecord[]) =>
    setDraft({ verdict: "approve", items: items.map((record) => ({ record, scope: scopeOf(record) })) });
  const deny = (items: readonly OwnRecord[]) =>
    setDraft({ verdict: "deny", items: items.map((record) => ({ record, scope: scopeOf(record) })) });
  const allChosen = picked.length === records.length;
  return (
    <>
      {records.length > 0 && (
        <Section title={records.length === 1 ? "One entry waits for you" : `${records.length} entries wait for you`}>
          <Text c="dimmed">
            Nothing becomes part of your records until you say so. What you refuse is kept in your history as refused.
          </Text>
          {records.length > 1 && (
            <Card label="Decide on many at once">
              <Group justify="space-between">
                <Checkbox
                  label={picked.length === 0 ? "Choose all" : `${picked.length} chosen`}
                  checked={allChosen}
                  indeterminate={picked.length > 0 && !allChosen}
                  onChange={() => setChosen(new Set(allChosen ? [] : records.map(({ entry }) => entry.entryId)))}
                />
                <Group gap="sm">
                  <Button
                    disabled={picked.length === 0}
                    leftSection={<IconCheck size={20} aria-hidden />}
                    onClick={() => approve(picked)}
                  >
                    Approve chosen
                  </Button>
                  <Button
                    variant="default"
                    disabled={picked.length === 0}
                    leftSection={<IconX size={20} aria-hidden />}
                    onClick={() => deny(picked)}
                  >
                    Refuse chosen
                  </Button>
                </Group>
              </Group>
            </Card>
          )}
          <Stack gap="md">
            {records.map((record) => (
              <PendingEntry
                key={record.entry.entryId}
                record={record}
                scope={scopeOf(record)}
                onScope={(scope) => choose(record.entry.entryId, scope)}
                selection={
                  records.length > 1
                    ? { isChosen: chosen.has(record.entry.entryId), onToggle: () => toggle(record.entry.entryId) }
                    : null
                }
                onApprove={() => approve([record])}
                onDeny={() => deny([record])}
              />
            ))}
          </Stack>
        </Section>
      )}
      <DecisionSheet draft={draft} onClose={() => setDraft(null)} onDecided={() => setChosen(new Set())} />
    </>
  );
}

function toggled(set: ReadonlySet<Hex>, entryId: Hex): ReadonlySet<Hex> {
  const next = new Set(set);
  if (!next.delete(entryId)) next.add(entryId);
  return next;
}
