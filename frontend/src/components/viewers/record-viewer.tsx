/**
 * @module components/viewers/record-viewer
 * Shows what a record holds: its FHIR resource as tables, its file as PDF, picture or text, and everything else as a download.
 * Nothing in a record is ever run: HTML and SVG are shown as text, and pictures only when their bytes prove what they are.
 */
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconDownload, IconFile } from "@tabler/icons-react";
import { lazy, Suspense, type ReactNode } from "react";
import { formatSize } from "../../lib/format.ts";
import { ErrorNotice } from "../error-notice.tsx";
import { LoadingLines } from "../query-states.tsx";
import { Notice } from "../notice.tsx";
import { viewKindOf, type FileFacts } from "./content.ts";
import { savingOf } from "./save-file.ts";
import { useContent, type OpenContent } from "./use-content.ts";

const FhirView = lazy(async () => ({ default: (await import("./fhir-view.tsx")).FhirView }));
const FileView = lazy(async () => ({ default: (await import("./file-view.tsx")).FileView }));

/** Props of {@link RecordViewer}. Give it a `key` per record. */
export type RecordViewerProps = FileFacts & {
  /** The FHIR resource inside, or null. */
  fhir: unknown;
  /** Streams the file, or null when the resource is all there is. Called when the file is shown or downloaded. */
  open: OpenContent | null;
};

/** The content of a record. */
export function RecordViewer({ name, type, size, fhir, open }: RecordViewerProps): ReactNode {
  const hasResource = fhir !== null && fhir !== undefined;
  return (
    <Stack gap="lg">
      {hasResource && (
        <Suspense fallback={<LoadingLines count={2} />}>
          <FhirView resource={fhir} />
        </Suspense>
      )}
      {open !== null && (
        <ContentView
          key={`${name}/${size}`}
          file={{ name, type, size }}
          open={open}
          isRead={hasResource && type === "application/fhir+json"}
        />
      )}
      {!hasResource && open === null && <Text c="dimmed">This record has no content to show.</Text>}
    </Stack>
  );
}

type ContentProps = {
  file: FileFacts;
  open: OpenContent;
  /** Whether the file is the resource itself, which is shown above: then there is nothing more to see in it. */
  isRead: boolean;
};

function ContentView({ file, open, isRead }: ContentProps): ReactNode {
  const isShown = !isRead && viewKindOf(file) !== "download";
  const { state, start, save, stop } = useContent(file, open, isShown);
  const isWarned = state.status === "idle" && savingOf(file.size) === "warned";
  return (
    <Stack gap="md">
      <FileLine file={file} isBusy={state.status === "loading"} onDownload={() => void save()} />
      {!isShown && !isRead && state.status === "idle" && (
        <Text c="dimmed">This kind of file cannot be shown here. Download it to open it with another program.</Text>
      )}
      {isWarned && (
        <Text>
          This file is very large, and this browser has to hold all of it in memory before it can save it. Chrome or
          Edge on a computer can save it piece by piece.
        </Text>
      )}
      {state.status === "loading" && <Loading doneBytes={state.doneBytes} size={file.size} onStop={stop} />}
      {state.status === "failed" && (
        <Stack gap="xs">
          <ErrorNotice error={state.error} onRetry={() => void (state.isSaving ? save() : start())} />
          {state.isSaving && <Text>No part of the file was left on this device.</Text>}
        </Stack>
      )}
      {state.status === "ready" && isShown && (
        <Suspense fallback={<LoadingLines count={2} />}>
          <FileView file={file} blob={state.blob} />
        </Suspense>
      )}
      {state.status === "saved" && (
        <Notice role="status">Saved on this device. The copy there is not encrypted.</Notice>
      )}
    </Stack>
  );
}

type FileLineProps = { file: FileFacts; isBusy: boolean; onDownload: () => void };

function FileLine({ file, isBusy, onDownload }: FileLineProps): ReactNode {
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <IconFile size={24} aria-hidden="true" />
        <div>
          <Text fw={600}>{file.name}</Text>
          <Text c="dimmed">{formatSize(file.size)}</Text>
        </div>
      </Group>
      <Button
        variant="default"
        leftSection={<IconDownload size={20} aria-hidden="true" />}
        onClick={onDownload}
        disabled={isBusy}
      >
        Download
      </Button>
    </Group>
  );
}

function Loading({ doneBytes, size, onStop }: { doneBytes: number; size: number; onStop: () => void }): ReactNode {
  const percent = size === 0 ? 0 : Math.min(100, (doneBytes / size) * 100);
  return (
    <Stack gap="xs" role="status">
      <Text>
        Decrypting on this device: {formatSize(doneBytes)} of {formatSize(size)}
      </Text>
      <Progress value={percent} aria-label="Decrypting" size="lg" transitionDuration={120} />
      <Group>
        <Button variant="subtle" onClick={onStop}>
          Stop
        </Button>
      </Group>
    </Stack>
  );
}
