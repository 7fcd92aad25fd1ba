/**
 * @module features/care/entry-forms/condition-form
 * A diagnosis: what, since when, how sure, how severe.
 */
import { NativeSelect, TextInput, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { ICD10_SYSTEM, buildCondition, type CodeChoice, type ConditionInput } from "@carekey/sdk/fhir";
import { isAhead } from "../../../lib/days.ts";
import { CodePicker } from "./code-picker.tsx";
import { EntryForm, useEntryForm, type EntryFormProps } from "./entry-form.tsx";

const STATES = [
  { value: "active", label: "Active" },
  { value: "recurrence", label: "Back again" },
  { value: "remission", label: "In remission" },
  { value: "resolved", label: "Over" },
] as const;
const CERTAINTIES = [
  { value: "confirmed", label: "Confirmed" },
  { value: "provisional", label: "Suspected" },
  { value: "differential", label: "One of several possible" },
] as const;
const SEVERITIES = [
  { value: "", label: "Not said" },
  { value: "mild", label: "Mild" },
  { value: "moderate", label: "Moderate" },
  { value: "severe", label: "Severe" },
] as const;

type Values = {
  diagnosis: CodeChoice;
  clinicalStatus: ConditionInput["clinicalStatus"];
  certainty: ConditionInput["certainty"];
  severity: "" | NonNullable<ConditionInput["severity"]>;
  onset: string;
  note: string;
};

const EMPTY: Values = {
  diagnosis: { text: "" },
  clinicalStatus: "active",
  certainty: "confirmed",
  severity: "",
  onset: "",
  note: "",
};

/** The form. */
export function ConditionForm(props: EntryFormProps): ReactNode {
  const form = useEntryForm<Values>(props, {
    start: { ...EMPTY, ...(props.before?.kind === "condition" ? props.before.input : {}) },
    validate: {
      diagnosis: ({ text }) => (text.trim() === "" ? "Enter a diagnosis" : null),
      onset: (onset) => (isAhead(onset) ? "Choose a day in the past" : null),
    },
  });
  const { diagnosis } = form.values;
  return (
    <EntryForm
      {...props}
      scope={diagnosis.entry?.code.startsWith("F") === true ? "mental-health" : "general"}
      validate={() => !form.validate().hasErrors}
      build={(context) => {
        const { severity, onset, note, ...rest } = form.values;
        const resource = buildCondition(context, {
          ...rest,
          ...(severity === "" ? {} : { severity }),
          ...(onset === "" ? {} : { onset }),
          note,
        });
        return { name: diagnosis.text.trim(), resource };
      }}
    >
      <CodePicker
        system={ICD10_SYSTEM}
        label="Diagnosis"
        placeholder="High blood pressure"
        value={diagnosis}
        onChange={(choice) => form.setFieldValue("diagnosis", choice)}
        error={form.errors.diagnosis}
      />
      <NativeSelect label="State" data={[...STATES]} {...form.getInputProps("clinicalStatus")} />
      <NativeSelect label="How sure" data={[...CERTAINTIES]} {...form.getInputProps("certainty")} />
      <NativeSelect label="Severity" data={[...SEVERITIES]} {...form.getInputProps("severity")} />
      <TextInput type="date" label="Since (optional)" {...form.getInputProps("onset")} />
      <Textarea label="Note (optional)" autosize minRows={2} maxLength={5000} {...form.getInputProps("note")} />
    </EntryForm>
  );
}
