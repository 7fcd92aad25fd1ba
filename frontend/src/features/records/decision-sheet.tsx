/**
 * @module features/records/decision-sheet
 * The last word before a decision: what will happen, and a reason for the author when something is refused.
 */
import { Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { OwnRecord } from "@carekey/sdk/client";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useFeeWords } from "../../lib/fees.ts";
import { formatList } from "../../lib/format.ts";
import { useDecide } from "./hooks.ts";
import { titleOf } from "./record-model.ts";
import { scopeLabel } from "./scope-select.tsx";

/** Most characters of a reason. */
const MAX_REASON = 500;

/** A decision being made. */
export type DecisionDraft = {
  verdict: "approve" | "deny";
  items: readonly { record: OwnRecord; scope: string }[];
};

/** Props of {@link DecisionSheet}. */
export type DecisionSheetProps = {
  /** Null while nothing is being decided. */
  draft: DecisionDraft | null;
  onClose: () => void;
  onDecided?: () => void;
};

/** The sheet; keeps the last draft while it closes. */
export function DecisionSheet({ draft, onClose, onDecided }: DecisionSheetProps): ReactNode {
  const [kept, setKept] = useState<DecisionDraft | null>(draft);
  if (draft !== null && draft !== kept) setKept(draft);
  if (kept === null) return null;
  return <OpenSheet draft={kept} isOpen={draft !== null} onClose={onClose} onDecided={onDecided} />;
}

type OpenSheetProps = { draft: DecisionDraft; isOpen: boolean; onClose: () => void; onDecided?: () => void };

function OpenSheet({ draft, isOpen, onClose, onDecided }: OpenSheetProps): ReactNode {
  const [reason, setReason] = useState("");
  const act = useDecide(onDecided);
  const cost = useFeeWords(useCarekey().carekey);
  const { verdict, items } = draft;
  const isRefusal = verdict === "deny";
  const decide = () => {
    const ids = items.map(({ record }) => record.entry.entryId);
    void act.run({
      approve: isRefusal ? [] : items.map(({ record, scope }) => ({ entryId: record.entry.entryId, scope })),
      deny: isRefusal ? ids : [],
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    });
  };
  const close = () => {
    setReason("");
    onClose();
  };
  return (
    <ConfirmSheet
      opened={isOpen}
      onClose={close}
      title={titleFor(draft)}
      points={isRefusal ? refusalPoints(draft) : approvalPoints(draft)}
      irreversible={
        isRefusal
          ? "A refusal stays in your history, and the author can send a new entry."
          : "An approved entry can be replaced by a newer version, but not erased."
      }
      cost={cost}
      act={act}
      onConfirm={decide}
    >
      {act.status !== "running" && (
        <Textarea
          label={isRefusal ? "Why do you refuse?" : "A word to the author"}
          description={
            isRefusal
              ? "The author reads this. You may leave it empty."
              : "Only the author reads this. You may leave it empty."
          }
          autosize
          minRows={2}
          maxLength={MAX_REASON}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </ConfirmSheet>
  );
}

function titleFor({ verdict, items }: DecisionDraft): string {
  const what = items.length === 1 ? "this entry" : `${items.length} entries`;
  return verdict === "approve" ? `Approve ${what}` : `Refuse ${what}`;
}

function namesOf({ items }: DecisionDraft): string {
  const names = items.slice(0, 3).map(({ record }) => `“${titleOf(record)}”`);
  const more = items.length - names.length;
  return formatList(more > 0 ? [...names, `${more} more`] : names);
}

function approvalPoints(draft: DecisionDraft): string[] {
  const places = formatList([...new Set(draft.items.map(({ scope }) => scopeLabel(scope)))]);
  return [
    `${namesOf(draft)} becomes part of your records, filed under ${places}.`,
    `People with whom you share ${places} can read it from then on.`,
    "Your wallet asks once.",
  ];
}

function refusalPoints(draft: DecisionDraft): string[] {
  return [
    `${namesOf(draft)} does not become part of your records. Nobody you share with can read it.`,
    "Your history lists it as refused, with the date.",
    "Your wallet asks once.",
  ];
}
