/**
 * @module features/care/new-entry
 * The button for a new entry or a new version, and the choice of what to write.
 */
import { Button, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { OpenedRecord, ReceivedGrant } from "@carekey/sdk/client";
import { readEntry, type WrittenEntry } from "@carekey/sdk/fhir";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { entryKinds, type EntryKind } from "./entry-kinds.ts";
import { EntrySheet } from "./entry-sheet.tsx";

/** Props of {@link NewEntry}. */
export type NewEntryProps = {
  /** The consent to write. */
  grant: ReceivedGrant;
  patientName: string;
  /** The opened entry that the new one replaces, and starts from. */
  current?: OpenedRecord;
};

/** The button and what it opens. A new version goes straight to the form that wrote the one before. */
export function NewEntry({ grant, patientName, current }: NewEntryProps): ReactNode {
  const [isChoosing, setChoosing] = useState(false);
  const [kind, setKind] = useState<EntryKind | null>(null);
  const before: WrittenEntry | null = current === undefined ? null : readEntry(current.manifest.core.fhir);
  return (
    <>
      <Button
        variant={current === undefined ? "filled" : "default"}
        leftSection={<IconPlus size={20} aria-hidden />}
        onClick={() => (before === null ? setChoosing(true) : setKind(before.kind))}
      >
        {current === undefined ? "New entry" : "Write a new version"}
      </Button>
      <Sheet opened={isChoosing} onClose={() => setChoosing(false)} title="What do you want to write?" size="md">
        <Stack gap="sm">
          {(Object.keys(entryKinds) as EntryKind[]).map((name) => {
            const { label, icon: Icon } = entryKinds[name];
            return (
              <Button
                key={name}
                variant="default"
                size="lg"
                justify="flex-start"
                leftSection={<Icon size={24} aria-hidden />}
                onClick={() => {
                  setChoosing(false);
                  setKind(name);
                }}
              >
                {label}
              </Button>
            );
          })}
        </Stack>
      </Sheet>
      {kind !== null && (
        <EntrySheet
          key={kind}
          kind={kind}
          grant={grant}
          patientName={patientName}
          current={current ?? null}
          before={before}
          onClose={() => setKind(null)}
        />
      )}
    </>
  );
}
