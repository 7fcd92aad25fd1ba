/**
 * @module features/care/entry-forms/medication-form
 * A prescription: medicine, how to take it, for how long.
 */
import { Checkbox, NativeSelect, NumberInput, TextInput, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { RXNORM_SYSTEM, buildMedicationRequest, type CodeChoice, type MedicationRequestInput } from "@carekey/sdk/fhir";
import classes from "../care.module.css";
import { CodePicker } from "./code-picker.tsx";
import { EntryForm, useEntryForm, type EntryFormProps } from "./entry-form.tsx";

const PERIODS = [
  { value: "d", label: "a day" },
  { value: "wk", label: "a week" },
  { value: "mo", label: "a month" },
] as const;

type Values = {
  medication: CodeChoice;
  strength: string;
  instructions: string;
  times: number | string;
  per: "d" | "wk" | "mo";
  asNeeded: boolean;
  days: number | string;
  refills: number | string;
  reason: string;
  note: string;
};

const EMPTY: Values = {
  medication: { text: "" },
  strength: "",
  instructions: "",
  times: "",
  per: "d",
  asNeeded: false,
  days: "",
  refills: "",
  reason: "",
  note: "",
};

function valuesOf({ timing, ...input }: MedicationRequestInput): Values {
  // Strength and form are part of the medicine's words.
  return { ...EMPTY, ...input, ...timing };
}

/** The form. */
export function MedicationForm(props: EntryFormProps): ReactNode {
  const form = useEntryForm<Values>(props, {
    start: props.before?.kind === "medication" ? valuesOf(props.before.input) : EMPTY,
    validate: {
      medication: ({ text }) => (text.trim() === "" ? "Enter a medicine" : null),
      instructions: (instructions) => (instructions.trim() === "" ? "Say how to take it" : null),
    },
  });
  const { values } = form;
  return (
    <EntryForm
      {...props}
      scope="medication"
      validate={() => !form.validate().hasErrors}
      build={(context) => {
        const name = [values.medication.text.trim(), values.strength.trim()].filter(Boolean).join(" ");
        const resource = buildMedicationRequest(context, {
          medication: { ...values.medication, text: name },
          instructions: values.instructions,
          ...(typeof values.times === "number" ? { timing: { times: values.times, per: values.per } } : {}),
          asNeeded: values.asNeeded,
          ...(typeof values.days === "number" ? { days: values.days } : {}),
          ...(typeof values.refills === "number" ? { refills: values.refills } : {}),
          reason: values.reason,
          note: values.note,
        });
        return { name, resource };
      }}
    >
      <CodePicker
        system={RXNORM_SYSTEM}
        label="Medicine"
        placeholder="Paracetamol"
        value={values.medication}
        onChange={(choice) => form.setFieldValue("medication", choice)}
        error={form.errors.medication}
      />
      <TextInput label="Strength and form (optional)" placeholder="500 mg tablet" {...form.getInputProps("strength")} />
      <Textarea
        label="How to take it"
        description="The words that the patient reads."
        placeholder="1 tablet in the morning and in the evening, with food"
        required
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps("instructions")}
      />
      <div className={classes.resultFields}>
        <NumberInput
          label="Times (optional)"
          min={1}
          max={48}
          allowDecimal={false}
          hideControls
          {...form.getInputProps("times")}
        />
        <NativeSelect label="Per" data={[...PERIODS]} {...form.getInputProps("per")} />
        <NumberInput
          label="Days (optional)"
          min={1}
          max={3650}
          allowDecimal={false}
          hideControls
          {...form.getInputProps("days")}
        />
        <NumberInput
          label="Repeats (optional)"
          min={0}
          max={99}
          allowDecimal={false}
          hideControls
          {...form.getInputProps("refills")}
        />
      </div>
      <Checkbox py={8} label="Only as needed" {...form.getInputProps("asNeeded", { type: "checkbox" })} />
      <TextInput label="What it is for (optional)" {...form.getInputProps("reason")} />
      <Textarea label="Note (optional)" autosize minRows={2} maxLength={5000} {...form.getInputProps("note")} />
    </EntryForm>
  );
}
