/**
 * @module features/care/entry-forms/entry-form
 * What all entry forms share: the file that comes along, the part of the chart proposed, and the way on to the review.
 */
import { Button, Checkbox, FileInput, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useForm, type UseFormInput, type UseFormReturnType } from "@mantine/form";
import { IconPaperclip } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { SCOPES } from "@carekey/sdk/consent";
import { isSdkError } from "@carekey/sdk/errors";
import {
  validateResource,
  type BuildContext,
  type FhirFile,
  type FhirIssue,
  type WrittenEntry,
} from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";
import { Notice } from "../../../components/notice.tsx";
import { fittingValues, type FormValues } from "../entry-drafts.ts";

/** An entry that passed validation, before it is sent. `keepsFile`: the file of the version before stays. */
export type ReadyEntry = {
  name: string;
  fhir: JsonValue;
  file: File | null;
  keepsFile: boolean;
  proposedScope: string;
};

/** Props that every entry form takes. */
export type EntryFormProps = {
  /** Patient, author and time, for the builders. */
  context: BuildContext;
  /** What the version before was written with, to start from; null for a new entry. */
  before: WrittenEntry | null;
  /** The file of the version before, which stays unless another is chosen; null when there is none. */
  keptFile: FhirFile | null;
  /** What was typed in an earlier sitting, which comes first, and where each change goes. */
  draft: { values: FormValues | null; save(values: FormValues): void };
  onReady: (entry: ReadyEntry) => void;
  onCancel: () => void;
};

type FormRules<Values extends Record<string, unknown>> = NonNullable<UseFormInput<Values>["validate"]>;

/** Props of {@link EntryForm}. */
export type FrameProps = EntryFormProps & {
  /** Where such an entry usually belongs. */
  scope: string;
  /** A file is the point of this form. */
  isFileRequired?: boolean;
  /** Checks the fields; the errors appear beside them. */
  validate: () => boolean;
  /** Title and resource of what was entered. May throw INVALID_ARGUMENT. */
  build: (context: BuildContext) => { name: string; resource: object };
  children: ReactNode;
};

/**
 * The state of a form: it starts from what was typed in an earlier sitting, and keeps what is typed now.
 * @param props - of the form.
 * @param options - `start`: what it starts from otherwise; `validate`: as for useForm.
 */
export function useEntryForm<Values extends Record<string, unknown>>(
  { draft }: Pick<EntryFormProps, "draft">,
  options: { start: Values; validate: FormRules<Values> },
): UseFormReturnType<Values> {
  return useForm<Values>({
    initialValues: fittingValues(options.start, draft.values),
    validate: options.validate,
    onValuesChange: draft.save,
  });
}

/** The form: fields, file, part, and the button to the review. */
export function EntryForm(props: FrameProps): ReactNode {
  const { context, keptFile, onReady, onCancel, validate, build, isFileRequired = false, children } = props;
  const [file, setFile] = useState<File | null>(null);
  const [isLeftOut, setLeftOut] = useState(false);
  const keepsFile = file === null && keptFile !== null && !isLeftOut;
  const [chosenScope, setScope] = useState<string | null>(null);
  const scope = chosenScope ?? props.scope;
  const [issues, setIssues] = useState<readonly FhirIssue[]>([]);
  const [isFileMissing, setFileMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const described = file !== null ? describeFile(file) : keepsFile ? keptFile : null;
    const lacksFile = isFileRequired && described === null;
    setFileMissing(lacksFile);
    if (!validate() || lacksFile) return;
    const built = buildEntry(build, described === null ? context : { ...context, file: described });
    setIssues(built.issues);
    if (built.entry !== null) onReady({ ...built.entry, file, keepsFile, proposedScope: scope });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {children}
        <FileInput
          label={
            keptFile !== null ? "Replace the file (optional)" : isFileRequired ? "File" : "Attach a file (optional)"
          }
          required={isFileRequired && keptFile === null}
          placeholder="Choose a file"
          description={
            keepsFile
              ? `“${keptFile.name}” stays unless you choose another.`
              : "Encrypted on this device before it is sent."
          }
          clearable
          clearButtonProps={{ "aria-label": "Remove the file" }}
          leftSection={<IconPaperclip size={20} aria-hidden />}
          value={file}
          onChange={setFile}
          error={isFileMissing ? "Choose a file" : null}
        />
        {keptFile !== null && file === null && !isFileRequired && (
          <Checkbox
            py={8}
            label={`Leave out “${keptFile.name}”`}
            checked={isLeftOut}
            onChange={(event) => setLeftOut(event.currentTarget.checked)}
          />
        )}
        <NativeSelect
          label="Part of the record"
          description="A proposal. The patient decides."
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
          data={SCOPES.map(({ name, label }) => ({ value: name, label }))}
        />
        {issues.length > 0 && <Issues issues={issues} />}
        <Text c="dimmed">What you type is kept on this device, encrypted, until you send it.</Text>
        <Group>
          <Button type="submit">Read it back</Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function describeFile(file: File): FhirFile {
  return { name: file.name, type: file.type, size: file.size };
}

type Built = { entry: Pick<ReadyEntry, "name" | "fhir"> | null; issues: readonly FhirIssue[] };

function buildEntry(build: FrameProps["build"], context: BuildContext): Built {
  try {
    const { name, resource } = build(context);
    const fhir = JSON.parse(JSON.stringify(resource)) as JsonValue;
    const { ok, issues } = validateResource(fhir);
    return { entry: ok ? { name, fhir } : null, issues };
  } catch (error) {
    if (!isSdkError(error)) throw error;
    return { entry: null, issues: [{ path: "", message: error.message }] };
  }
}

function Issues({ issues }: { issues: readonly FhirIssue[] }): ReactNode {
  return (
    <Notice tone="danger" role="alert" title="Something needs another look">
      <ul>
        {issues.slice(0, 8).map(({ path, message }) => (
          <li key={path + message}>{path === "" ? message : `${path}: ${message}`}</li>
        ))}
      </ul>
    </Notice>
  );
}
