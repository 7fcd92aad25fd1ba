/**
 * @module features/care/entry-review
 * An entry read back before it is signed: what the patient will see, and what the signature does.
 */
import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { FhirFile } from "@carekey/sdk/fhir";
import { ActStatus, type Act } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { RecordViewer } from "../../components/viewers/record-viewer.tsx";
import { OWN_FEE_WORDS } from "../../lib/fees.ts";
import { formatSize } from "../../lib/format.ts";
import type { ReadyEntry } from "./entry-forms/entry-form.tsx";

/** Props of {@link EntryReview}. */
export type EntryReviewProps = {
  entry: ReadyEntry;
  /** The file of the version before, when it stays. */
  keptFile: FhirFile | null;
  patientName: string;
  isAmendment: boolean;
  act: Omit<Act<never, unknown>, "output" | "run" | "reset">;
  onBack: () => void;
  onSend: () => void;
};

/** The review. While the file is on its way, it can be stopped. */
export function EntryReview(props: EntryReviewProps): ReactNode {
  const { entry, keptFile, patientName, isAmendment, act } = props;
  const file = entry.file ?? keptFile;
  return (
    <Stack>
      <RecordViewer name={entry.name} type="application/fhir+json" size={0} fhir={entry.fhir} open={null} />
      {file !== null && (
        <Text>
          With the file <strong>{file.name}</strong> ({formatSize(file.size)}
          {entry.file === null ? ", unchanged" : ""})
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
        cost={`Your wallet asks twice: to sign it, and to send it. ${OWN_FEE_WORDS}`}
        confirmLabel="Sign and send"
        cancelLabel="Back to the form"
        onConfirm={props.onSend}
        onCancel={props.onBack}
        isRunning={act.isRunning}
      >
        <ActStatus act={act} />
        {act.isRunning && act.step?.progress !== undefined && (
          <div>
            <Button variant="default" onClick={act.cancel}>
              Stop sending the file
            </Button>
          </div>
        )}
      </BeforeSigning>
    </Stack>
  );
}
