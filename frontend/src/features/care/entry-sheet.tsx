/**
 * @module features/care/entry-sheet
 * From the form of an entry through its review to the signature. What is typed is kept on this device until it is sent.
 */
import { Button, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { OpenedRecord, ReceivedGrant } from "@carekey/sdk/client";
import type { BuildContext, WrittenEntry } from "@carekey/sdk/fhir";
import { ActStatus } from "../../components/act.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { Notice } from "../../components/notice.tsx";
import { LoadingLines } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatAddress, formatRelative } from "../../lib/format.ts";
import type { ReadyEntry } from "./entry-forms/entry-form.tsx";
import { entryKinds, type EntryKind } from "./entry-kinds.ts";
import { EntryReview } from "./entry-review.tsx";
import { useOwnProfile } from "./hooks.ts";
import { useSubmitEntry } from "./submit-entry.ts";
import { useEntryDraft } from "./use-entry-draft.ts";

/** Props of {@link EntrySheet}. */
export type EntrySheetProps = {
  kind: EntryKind;
  grant: ReceivedGrant;
  patientName: string;
  /** The version that is replaced, and what its form took; null for a new entry. */
  current: OpenedRecord | null;
  before: WrittenEntry | null;
  onClose: () => void;
};

/** The sheet. */
export function EntrySheet({ kind, grant, patientName, current, before, onClose }: EntrySheetProps): ReactNode {
  const context = useBuildContext(grant, patientName);
  const submit = useSubmitEntry(grant.patient);
  const supersedes = current?.entry.entryId ?? null;
  const draft = useEntryDraft(`${kind}/${grant.patient}/${supersedes ?? "new"}`);
  const [ready, setReady] = useState<ReadyEntry | null>(null);
  const [sitting, setSitting] = useState(0);
  const { label, Form } = entryKinds[kind];
  const close = () => {
    if (!submit.isRunning) onClose();
  };
  const beginAnew = () => {
    draft.drop();
    setSitting(sitting + 1);
  };
  const send = async ({ keepsFile, file, ...entry }: ReadyEntry) => {
    const sent = await submit.run({ ...entry, file: keepsFile ? current : file, terms: grant.terms, supersedes });
    if (sent !== undefined) draft.drop();
  };
  return (
    <Sheet opened onClose={close} title={`${label} for ${patientName}`} size="xl" isBusy={submit.isRunning}>
      <div hidden={ready !== null}>
        {!draft.isLoaded && <LoadingLines count={2} />}
        {draft.isLoaded && (
          <Stack>
            {draft.kept !== null && <KeptNotice savedAt={draft.kept.savedAt} onBeginAnew={beginAnew} />}
            <Form
              key={sitting}
              context={context}
              before={before}
              keptFile={current?.manifest.content === null ? null : (current?.manifest.core ?? null)}
              draft={{ values: draft.kept?.values ?? null, save: draft.save }}
              onReady={setReady}
              onCancel={close}
            />
          </Stack>
        )}
      </div>
      {ready !== null && submit.status !== "done" && (
        <EntryReview
          entry={ready}
          keptFile={ready.keepsFile ? (current?.manifest.core ?? null) : null}
          patientName={patientName}
          isAmendment={supersedes !== null}
          act={submit}
          onBack={() => {
            submit.reset();
            setReady(null);
          }}
          onSend={() => void send(ready)}
        />
      )}
      {submit.status === "done" && (
        <Stack>
          <ActStatus act={submit} />
          <Button onClick={close}>Close</Button>
        </Stack>
      )}
    </Sheet>
  );
}

/** Patient, author and the moment at which the sheet was opened. */
function useBuildContext(grant: ReceivedGrant, patientName: string): BuildContext {
  const { carekey, person } = useCarekey();
  const profile = useOwnProfile();
  const [at] = useState(() => carekey.now());
  return {
    patient: { address: grant.patient, name: patientName },
    author: { address: person.address, name: profile.data?.name ?? formatAddress(person.address) },
    at,
  };
}

function KeptNotice({ savedAt, onBeginAnew }: { savedAt: number; onBeginAnew: () => void }): ReactNode {
  return (
    <Notice title="You began this before">
      <Text mb="sm">
        This is what you typed {formatRelative(savedAt)}. It was kept on this device, encrypted. A file has to be chosen
        again.
      </Text>
      <Button variant="default" onClick={onBeginAnew}>
        Begin anew
      </Button>
    </Notice>
  );
}
