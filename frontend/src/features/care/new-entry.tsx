/**
 * @module features/care/new-entry
 * From the kind of entry through its form and the review to the signature.
 */
import { Button, Stack, Text } from "@mantine/core";
import { IconClipboardText, IconFile, IconFlask, IconPill, IconPlus, IconStethoscope } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import type { ReceivedGrant } from "@carekey/sdk/client";
import type { BuildContext } from "@carekey/sdk/fhir";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { RecordViewer } from "../../components/viewers/record-viewer.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatAddress, formatSize } from "../../lib/format.ts";
import { ConditionForm } from "./entry-forms/condition-form.tsx";
import type { EntryFormProps, ReadyEntry } from "./entry-forms/entry-form.tsx";
import { FileForm } from "./entry-forms/file-form.tsx";
import { LabReportForm } from "./entry-forms/lab-report-form.tsx";
import { MedicationForm } from "./entry-forms/medication-form.tsx";
import { VisitNoteForm } from "./entry-forms/visit-note-form.tsx";
import { useOwnProfile, useSubmitEntry } from "./hooks.ts";

const kinds = {
  condition: { label: "Diagnosis", icon: IconStethoscope, Form: ConditionForm },
  medication: { label: "Prescription", icon: IconPill, Form: MedicationForm },
  lab: { label: "Lab report", icon: IconFlask, Form: LabReportForm },
  note: { label: "Visit note", icon: IconClipboardText, Form: VisitNoteForm },
  file: { label: "Letter or other file", icon: IconFile, Form: FileForm },
} as const satisfies Record<
  string,
  { label: string; icon: typeof IconFile; Form: (props: EntryFormProps) => ReactNode }
>;
type EntryKind = keyof typeof kinds;

/** Props of {@link NewEntry}. */
export type NewEntryProps = {
  /** The consent to write. */
  grant: ReceivedGrant;
  patientName: string;
  /** The entry that the new one replaces. */
  supersedes?: Hex;
};

/** The button, the choice of what to write, and the sheet with its form. */
export function NewEntry({ grant, patientName, supersedes }: NewEntryProps): ReactNode {
  const [isChoosing, setChoosing] = useState(false);
  const [kind, setKind] = useState<EntryKind | null>(null);
  const isAmendment = supersedes !== undefined;
  return (
    <>
      <Button
        variant={isAmendment ? "default" : "filled"}
        leftSection={<IconPlus size={20} aria-hidden />}
        onClick={() => setChoosing(true)}
      >
        {isAmendment ? "Write a new version" : "New entry"}
      </Button>
      <Sheet opened={isChoosing} onClose={() => setChoosing(false)} title="What do you want to write?" size="md">
        <Stack gap="sm">
          {(Object.keys(kinds) as EntryKind[]).map((name) => {
            const { label, icon: Icon } = kinds[name];
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
          supersedes={supersedes ?? null}
          onClose={() => setKind(null)}
        />
      )}
    </>
  );
}

type SheetProps = {
  kind: EntryKind;
  grant: ReceivedGrant;
  patientName: string;
  supersedes: Hex | null;
  onClose: () => void;
};

function EntrySheet({ kind, grant, patientName, supersedes, onClose }: SheetProps): ReactNode {
  const { carekey, person } = useCarekey();
  const profile = useOwnProfile();
  const submit = useSubmitEntry(grant.patient);
  const [ready, setReady] = useState<ReadyEntry | null>(null);
  const [at] = useState(() => carekey.now());
  const { label, Form } = kinds[kind];
  const context: BuildContext = {
    patient: { address: grant.patient, name: patientName },
    author: { address: person.address, name: profile.data?.name ?? formatAddress(person.address) },
    at,
  };
  const close = () => {
    if (!submit.isRunning) onClose();
  };
  return (
    <Sheet opened onClose={close} title={`${label} for ${patientName}`} size="xl" isBusy={submit.isRunning}>
      <div hidden={ready !== null}>
        <Form context={context} onReady={setReady} onCancel={close} />
      </div>
      {ready !== null && submit.status !== "done" && (
        <Review
          entry={ready}
          patientName={patientName}
          isAmendment={supersedes !== null}
          isRunning={submit.isRunning}
          onBack={() => {
            submit.reset();
            setReady(null);
          }}
          onSend={() => void submit.run({ ...ready, terms: grant.terms, supersedes })}
        >
          <ActStatus act={submit} />
        </Review>
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

type ReviewProps = {
  entry: ReadyEntry;
  patientName: string;
  isAmendment: boolean;
  isRunning: boolean;
  onBack: () => void;
  onSend: () => void;
  children: ReactNode;
};

function Review(props: ReviewProps): ReactNode {
  const { entry, patientName, isAmendment } = props;
  return (
    <Stack>
      <RecordViewer name={entry.name} type="application/fhir+json" size={0} fhir={entry.fhir} open={null} />
      {entry.file !== null && (
        <Text>
          With the file <strong>{entry.file.name}</strong> ({formatSize(entry.file.size)})
        </Text>
      )}
      <BeforeSigning
        title="What will happen"
        points={[
          `You sign this entry as its author, and send it to ${patientName}.`,
          `${patientName} reads it and decides whether it becomes part of the record.`,
          ...(isAmendment
            ? ["It stands in the place of your earlier entry once approved. The earlier one is kept."]
            : []),
          `Once sent, nobody but ${patientName} can open it.`,
        ]}
        irreversible="It stays in the history that you sent it, whatever the patient decides."
        cost="Your wallet asks twice: for the signature, and for the transaction with its network fee."
        confirmLabel="Sign and send"
        cancelLabel="Back to the form"
        onConfirm={props.onSend}
        onCancel={props.onBack}
        isRunning={props.isRunning}
      >
        {props.children}
      </BeforeSigning>
    </Stack>
  );
}
