/**
 * @module features/care/entry-forms/entry-form
 * What all entry forms share: the file that comes along, the part of the chart proposed, and the way on to the review.
 */
import { Button, FileInput, Group, NativeSelect, Stack } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { SCOPES } from "@carekey/sdk/consent";
import { isSdkError } from "@carekey/sdk/errors";
import { validateResource, type BuildContext, type FhirFile, type FhirIssue } from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";
import { Notice } from "../../../components/notice.tsx";

/** An entry that passed validation, before it is sent. */
export type ReadyEntry = { name: string; fhir: JsonValue; file: File | null; proposedScope: string };

/** Props that every entry form takes. */
export type EntryFormProps = {
  /** Patient, author and time, for the builders. */
  context: BuildContext;
  onReady: (entry: ReadyEntry) => void;
  onCancel: () => void;
};

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

/** The form: fields, file, part, and the button to the review. */
export function EntryForm(props: FrameProps): ReactNode {
  const { context, onReady, onCancel, validate, build, isFileRequired = false, children } = props;
  const [file, setFile] = useState<File | null>(null);
  const [chosenScope, setScope] = useState<string | null>(null);
  const scope = chosenScope ?? props.scope;
  const [issues, setIssues] = useState<readonly FhirIssue[]>([]);
  const [isFileMissing, setFileMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacksFile = isFileRequired && file === null;
    setFileMissing(lacksFile);
    if (!validate() || lacksFile) return;
    const built = buildEntry(build, file === null ? context : { ...context, file: describeFile(file) });
    setIssues(built.issues);
    if (built.entry !== null) onReady({ ...built.entry, file, proposedScope: scope });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {children}
        <FileInput
          size="md"
          label={isFileRequired ? "File" : "Attach a file (optional)"}
          required={isFileRequired}
          placeholder="Choose a file"
          description="Encrypted on this device before it is sent."
          clearable
          clearButtonProps={{ "aria-label": "Remove the file" }}
          leftSection={<IconPaperclip size={20} aria-hidden />}
          value={file}
          onChange={setFile}
          error={isFileMissing ? "Choose a file" : null}
        />
        <NativeSelect
          size="md"
          label="Part of the record"
          description="A proposal. The patient decides."
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
          data={SCOPES.map(({ name, label }) => ({ value: name, label }))}
        />
        {issues.length > 0 && <Issues issues={issues} />}
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
