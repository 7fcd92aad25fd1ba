/**
 * @module features/consent/stop-sharing-sheet
 * Stopping, with an honest word on what is closed by it and what cannot be taken back.
 */
import { useState, type ReactNode } from "react";
import type { Consent, View } from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useFeeWords } from "../../lib/fees.ts";
import { recordCount, sentenceCase } from "../../lib/format.ts";
import { openedUnder, rightsWords } from "./consent-words.ts";
import { useHalfStopped } from "./half-stopped.ts";
import { useStopSharing } from "./hooks.ts";

/** Props of {@link StopSharingSheet}. */
export type StopSharingSheetProps = { consent: Consent | null; views: readonly View[] | null; onClose: () => void };

/** The sheet; keeps its consent while it closes. */
export function StopSharingSheet({ consent, views, onClose }: StopSharingSheetProps): ReactNode {
  const [kept, setKept] = useState(consent);
  const stop = useStopSharing();
  const halfStopped = useHalfStopped();
  const cost = useFeeWords(useCarekey().carekey);
  if (consent !== null && consent !== kept) setKept(consent);
  if (kept === null) return null;
  const { name } = kept.grantee;
  const isHalfDone = halfStopped.includes(kept.id);
  return (
    <ConfirmSheet
      opened={consent !== null}
      onClose={onClose}
      title={`Stop sharing with ${name}`}
      points={pointsOf(kept, name)}
      irreversible={irreversibleOf(kept, name, views)}
      cost={cost}
      confirmLabel={isHalfDone ? "Finish stopping" : "Stop sharing"}
      cancelLabel={isHalfDone ? "Later" : "Not now"}
      isDanger
      act={stop}
      onConfirm={() => void stop.run({ id: kept.id, name, rights: kept.terms.rights })}
    />
  );
}

function pointsOf(consent: Consent, name: string): string[] {
  const asks = "Your wallet asks once.";
  const asksForKey = "Afterwards it asks once more, to give new entries a new key. That can also wait.";
  if (consent.terms.rights === WRITE) {
    return [
      `${name} can no longer add entries to your records.`,
      "What they sent before stays, as you decided it.",
      asks,
    ];
  }
  return [
    `This ends: ${rightsWords(consent).toLowerCase()}.`,
    `Everything that ${name} has not opened yet is closed at once, old entries too.`,
    asks,
    asksForKey,
  ];
}

function irreversibleOf(consent: Consent, name: string, views: readonly View[] | null): string {
  if (consent.terms.rights === WRITE) return "To let them write again, share again.";
  if (views === null) return `What ${name} has opened already cannot be taken back. They may have kept a copy.`;
  const opened = openedUnder(consent, views).length;
  if (opened === 0) return `${name} has opened nothing so far, so nothing is left with them.`;
  return `${sentenceCase(recordCount(opened))} that ${name} has opened already cannot be taken back. They may have kept a copy.`;
}
