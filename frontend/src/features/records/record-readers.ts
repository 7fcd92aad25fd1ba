/**
 * @module features/records/record-readers
 * Which consents let somebody open a record, and who has opened it. Pure functions; the keepers decide at every view.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { Consent, OwnRecord, View } from "@carekey/sdk/client";
import { READ } from "@carekey/sdk/consent";
import { isSame } from "./record-model.ts";

/** As much of a record as says who may open it. */
type Readable = Pick<OwnRecord, "scope" | "epoch"> & { entry: Pick<OwnRecord["entry"], "pointer"> };

/** Active reading consents that cover the record alone, or its scope and epoch, one for each person. */
export function readersOf(record: Readable, consents: readonly Consent[]): Consent[] {
  const { scope, epoch } = record;
  if (scope === null || epoch === null) return [];
  const readers = new Map<string, Consent>();
  for (const consent of consents) {
    const { rights, fromEpoch, grantee } = consent.terms;
    const coversPart = consent.scopes.includes(scope) && epoch >= fromEpoch;
    const covers = rights === READ && (consent.record === record.entry.pointer || coversPart);
    if (consent.status !== "active" || !covers) continue;
    const known = readers.get(grantee.toLowerCase());
    if (known === undefined || known.terms.expiresAt < consent.terms.expiresAt)
      readers.set(grantee.toLowerCase(), consent);
  }
  return [...readers.values()];
}

/** The newest view of an entry by a person, or null. */
export function lastViewBy(views: readonly View[], reader: Address, entryId: Hex): View | null {
  const own = views.filter((view) => view.entryId === entryId && isSame(view.reader, reader));
  return own.reduce<View | null>((newest, view) => (newest === null || view.at > newest.at ? view : newest), null);
}
