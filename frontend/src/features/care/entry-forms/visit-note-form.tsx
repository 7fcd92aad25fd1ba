/**
 * @module features/care/entry-forms/visit-note-form
 * A visit note: reason, findings, assessment, plan.
 */
import { TextInput, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { buildVisitNote, type VisitNoteInput } from "@carekey/sdk/fhir";
import { dayFromNow, dayOf, isAhead, startOfDay } from "../../../lib/days.ts";
import { EntryForm, useEntryForm, type EntryFormProps } from "./entry-form.tsx";

const SECTIONS = [
  { name: "reason", label: "Reason for the visit" },
  { name: "findings", label: "Findings" },
  { name: "assessment", label: "Assessment" },
  { name: "plan", label: "Plan" },
] as const;

function emptyNote() {
  return { title: "Visit note", visited: dayFromNow(0), reason: "", findings: "", assessment: "", plan: "" };
}

function valuesOf({ visitedAt, ...sections }: VisitNoteInput): ReturnType<typeof emptyNote> {
  return { ...emptyNote(), ...sections, visited: dayOf(visitedAt) };
}

/** The form. */
export function VisitNoteForm(props: EntryFormProps): ReactNode {
  const form = useEntryForm(props, {
    start: props.before?.kind === "note" ? valuesOf(props.before.input) : emptyNote(),
    validate: {
      title: (title) => (title.trim() === "" ? "Enter a title" : null),
      visited: (day) => (startOfDay(day) === null || isAhead(day) ? "Choose a day until today" : null),
      reason: (_, { reason, findings, assessment, plan }) =>
        [reason, findings, assessment, plan].every((text) => text.trim() === "")
          ? "Write something in one of the fields"
          : null,
    },
  });
  return (
    <EntryForm
      {...props}
      scope="general"
      validate={() => !form.validate().hasErrors}
      build={(context) => {
        const { title, visited, ...sections } = form.values;
        const visitedAt = visited === dayFromNow(0) ? context.at : (startOfDay(visited) ?? context.at);
        return { name: title.trim(), resource: buildVisitNote(context, { title, visitedAt, ...sections }) };
      }}
    >
      <TextInput label="Title" required maxLength={200} {...form.getInputProps("title")} />
      <TextInput type="date" label="Day of the visit" required {...form.getInputProps("visited")} />
      {SECTIONS.map(({ name, label }) => (
        <Textarea key={name} label={label} autosize minRows={2} maxLength={20_000} {...form.getInputProps(name)} />
      ))}
    </EntryForm>
  );
}
