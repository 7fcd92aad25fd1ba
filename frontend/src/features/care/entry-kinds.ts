/**
 * @module features/care/entry-kinds
 * The kinds of entry that a clinician can write, each with its name, icon and form.
 */
import { IconClipboardText, IconFile, IconFlask, IconPill, IconStethoscope } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { WrittenEntry } from "@carekey/sdk/fhir";
import { ConditionForm } from "./entry-forms/condition-form.tsx";
import type { EntryFormProps } from "./entry-forms/entry-form.tsx";
import { FileForm } from "./entry-forms/file-form.tsx";
import { LabReportForm } from "./entry-forms/lab-report-form.tsx";
import { MedicationForm } from "./entry-forms/medication-form.tsx";
import { VisitNoteForm } from "./entry-forms/visit-note-form.tsx";

/** A kind of entry. */
export type EntryKind = WrittenEntry["kind"];

/** Every kind, in the order in which they are offered. */
export const entryKinds: Readonly<
  Record<EntryKind, { label: string; icon: typeof IconFile; Form: (props: EntryFormProps) => ReactNode }>
> = {
  condition: { label: "Diagnosis", icon: IconStethoscope, Form: ConditionForm },
  medication: { label: "Prescription", icon: IconPill, Form: MedicationForm },
  lab: { label: "Lab report", icon: IconFlask, Form: LabReportForm },
  note: { label: "Visit note", icon: IconClipboardText, Form: VisitNoteForm },
  file: { label: "Letter or other file", icon: IconFile, Form: FileForm },
};
