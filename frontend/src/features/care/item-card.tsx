/**
 * @module features/care/item-card
 * One record of a shared chart: sealed, being opened, open, or hidden again.
 */
import { Badge, Button, Group, Text } from "@mantine/core";
import { IconEye, IconEyeOff, IconFileCheck, IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { OpenedRecord, SharedItem } from "@carekey/sdk/client";
import { KIND_LABELS, summarise } from "@carekey/sdk/fhir";
import { ActStatus, type Act } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { CodePrompt } from "../../components/code-form.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { ManifestViewer } from "../../components/viewers/manifest-viewer.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { errorCodeOf } from "../../lib/error-sentences.ts";
import { formatDate } from "../../lib/format.ts";
import { useViewsLeft } from "../../lib/view-session.ts";
import { titleOf, viewsLeftOf, viewsLeftWords } from "./care-model.ts";
import { PatientName } from "./patient-name.tsx";
import classes from "./care.module.css";

/** Props of {@link ItemCard}. */
export type ItemCardProps = {
  item: SharedItem;
  record: OpenedRecord | null;
  isHidden: boolean;
  /** The history does not match at this entry. */
  isSuspect: boolean;
  /** The act, when it is about this item. */
  act: Act<never, unknown> | null;
  isBusy: boolean;
  onOpen: () => void;
  onToggle: () => void;
  /** What can be done with the open record, such as a new version. */
  action: ReactNode;
};

/** A card per record. */
export function ItemCard(props: ItemCardProps): ReactNode {
  const { item, record, isHidden, isSuspect, act, isBusy, onOpen, onToggle, action } = props;
  const { carekey } = useCarekey();
  const isShown = record !== null && !isHidden;
  const asksForCode = act?.status === "failed" && errorCodeOf(act.error) === "OTP_REQUIRED";
  return (
    <Card>
      <div className={classes.row}>
        {record === null ? <IconLock size={24} aria-hidden /> : <IconFileCheck size={24} aria-hidden />}
        <div className={classes.words}>
          <Text fw={600} component="h3">
            {record === null ? item.scopeLabel : titleOf(record)}
          </Text>
          <Text c="dimmed">
            {record === null ? "" : `${kindLabel(record)} · ${item.scopeLabel} · `}
            {formatDate(item.recordedAt)} · <PatientName address={item.entry.author} />
          </Text>
          {item.entry.supersededBy !== null && (
            <Badge c="var(--mantine-color-text)" color="gray">
              Replaced by a newer version
            </Badge>
          )}
          {item.entry.supersedes !== null && (
            <Badge c="var(--mantine-color-text)" color="gray">
              Newer version of an earlier record
            </Badge>
          )}
          {isSuspect && (
            <Badge c="var(--mantine-color-text)" color="red">
              Does not match what is registered
            </Badge>
          )}
        </div>
        {record === null ? (
          // A code is asked for below, with a button of its own.
          !asksForCode && <OpenButton item={item} isRunning={act?.isRunning === true} isBusy={isBusy} onOpen={onOpen} />
        ) : (
          <Button
            variant="default"
            aria-expanded={isShown}
            leftSection={isHidden ? <IconEye size={20} aria-hidden /> : <IconEyeOff size={20} aria-hidden />}
            onClick={onToggle}
          >
            {isHidden ? "Show" : "Hide"}
          </Button>
        )}
      </div>
      {act !== null && act.status !== "done" && record === null && (
        <div className={classes.opened}>
          {asksForCode ? (
            <CodePrompt carekey={carekey} purpose="view" label="Open with this code" onEntered={onOpen} />
          ) : (
            <ActStatus act={act} onRetry={onOpen} />
          )}
        </div>
      )}
      {isShown && <OpenedContent record={record} action={action} />}
    </Card>
  );
}

type OpenButtonProps = { item: SharedItem; isRunning: boolean; isBusy: boolean; onOpen: () => void };

function OpenButton({ item, isRunning, isBusy, onOpen }: OpenButtonProps): ReactNode {
  if (item.grant.status !== "active")
    return (
      <Badge c="var(--mantine-color-text)" color="gray">
        No longer shared
      </Badge>
    );
  return (
    <div className={classes.opener}>
      <Button
        leftSection={<IconEye size={20} aria-hidden />}
        loading={isRunning}
        disabled={isBusy}
        aria-label={`Open ${item.scopeLabel} of ${formatDate(item.recordedAt)}`}
        onClick={onOpen}
      >
        Open
      </Button>
      {item.grant.terms.maxViews > 0 && <ViewsLeft terms={item.grant.terms} />}
    </div>
  );
}

function ViewsLeft({ terms }: { terms: SharedItem["grant"]["terms"] }): ReactNode {
  const left = useViewsLeft(terms);
  return <Text c="dimmed">{viewsLeftOf(left, terms.maxViews)}</Text>;
}

function kindLabel({ manifest }: OpenedRecord): string {
  return manifest.core.fhir === null ? "File" : KIND_LABELS[summarise(manifest.core.fhir).kind];
}

function OpenedContent({ record, action }: { record: OpenedRecord; action: ReactNode }): ReactNode {
  const { manifest, entry, keepers } = record;
  return (
    <div className={classes.opened}>
      <ManifestViewer record={record} />
      {record.viewsLeft !== null && (
        <Text role="status" mt="sm">
          {viewsLeftWords(record.viewsLeft)}
        </Text>
      )}
      {action !== null && <Group my="md">{action}</Group>}
      <TechnicalDetails
        facts={[
          { label: "Entry", value: entry.entryId, copy: entry.entryId },
          { label: "Pointer", value: entry.pointer, copy: entry.pointer },
          { label: "Block", value: String(entry.blockNumber) },
          { label: "Author’s signature", value: manifest.signature === null ? "the patient’s own" : "valid" },
          { label: "Keepers that answered, each with a receipt", value: keepers.join(", ") },
        ]}
      />
    </div>
  );
}
