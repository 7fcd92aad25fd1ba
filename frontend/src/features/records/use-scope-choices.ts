/**
 * @module features/records/use-scope-choices
 * Under which part of the chart the patient files each entry that waits: the author's proposal until the patient chooses.
 */
import { useCallback, useState } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { SCOPES } from "@carekey/sdk/consent";

/** The author's proposal if this build knows it, else the general part. */
export function proposedScopeOf(record: Pick<OwnRecord, "manifest" | "scope">): string {
  const proposal = record.manifest?.proposedScope ?? record.scope;
  return SCOPES.some(({ name }) => name === proposal) ? proposal! : "general";
}

/** The choices made so far, kept while the screen is shown. */
export function useScopeChoices(): {
  scopeOf: (record: OwnRecord) => string;
  choose: (entryId: Hex, scope: string) => void;
} {
  const [choices, setChoices] = useState<ReadonlyMap<Hex, string>>(new Map());
  const scopeOf = useCallback(
    (record: OwnRecord) => choices.get(record.entry.entryId) ?? proposedScopeOf(record),
    [choices],
  );
  const choose = useCallback(
    (entryId: Hex, scope: string) => setChoices((before) => new Map(before).set(entryId, scope)),
    [],
  );
  return { scopeOf, choose };
}
