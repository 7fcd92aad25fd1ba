/**
 * @module features/care/entry-forms/file-form
 * A letter, picture or any other file, with the words that help to find it again.
 */
import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { LOINC_SYSTEM, buildFileReference, type CodeChoice } from "@carekey/sdk/fhir";
import { SdkError } from "@carekey/sdk/errors";
import { CodePicker } from "./code-picker.tsx";
import { EntryForm, useEntryForm, type EntryFormProps } from "./entry-form.tsx";

type Values = { kind: CodeChoice; description: string };

const EMPTY: Values = { kind: { text: "" }, description: "" };

/** The form. */
export function FileForm(props: EntryFormProps): ReactNode {
  const form = useEntryForm<Values>(props, {
    start: { ...EMPTY, ...(props.before?.kind === "file" ? props.before.input : {}) },
    validate: { kind: ({ text }) => (text.trim() === "" ? "Say what it is" : null) },
  });
  const { kind, description } = form.values;
  return (
    <EntryForm
      {...props}
      scope="general"
      isFileRequired
      validate={() => !form.validate().hasErrors}
      build={(context) => {
        if (context.file === undefined) throw new SdkError("INVALID_ARGUMENT", "Choose a file");
        const resource = buildFileReference({ ...context, file: context.file }, { kind, description });
        return { name: props.keptFile?.name ?? context.file.name, resource };
      }}
    >
      <CodePicker
        system={LOINC_SYSTEM}
        label="What is it?"
        placeholder="Discharge summary"
        value={kind}
        onChange={(choice) => form.setFieldValue("kind", choice)}
        error={form.errors.kind}
      />
      <TextInput label="Description (optional)" maxLength={500} {...form.getInputProps("description")} />
    </EntryForm>
  );
}
