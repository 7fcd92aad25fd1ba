/**
 * @module features/audit/view-export
 * The access log for other programs: as a table for spreadsheets, and as FHIR AuditEvents. Pure functions.
 */
import type { Address } from "@carekey/sdk/bytes";
import type { View } from "@carekey/sdk/client";
import { buildAuditBundle } from "@carekey/sdk/fhir";
import { csvTime, toCsv } from "../../lib/csv.ts";

const COLUMNS = [
  "when (UTC)",
  "who",
  "address",
  "record",
  "record id",
  "why",
  "emergency",
  "explained by a consent",
  "alarm",
  "consent id",
  "consent for",
  "consent until (UTC)",
  "keepers and their receipts",
];

/** The log as CSV. */
export function viewsToCsv(views: readonly View[]): string {
  const rows = views.map((view) => [
    csvTime(view.at),
    view.readerName,
    view.reader,
    view.title ?? "",
    view.recordId,
    view.reason ?? "",
    view.kind === "emergency" ? "yes" : "no",
    view.alarm === null ? "yes" : "no",
    view.alarm ?? "",
    view.consentId,
    view.consent?.scopes ?? "",
    view.consent === null ? "" : csvTime(view.consent.expiresAt),
    view.receipts.map(({ keeper, sequence }) => `${keeper}#${sequence}`).join(" "),
  ]);
  return toCsv(COLUMNS, rows);
}

/** The log as a FHIR R4 Bundle of AuditEvents, in JSON. `patient.at`: now, seconds. */
export function viewsToFhir(views: readonly View[], patient: { address: Address; name: string; at: number }): string {
  const bundle = buildAuditBundle({
    patient: { address: patient.address, name: patient.name },
    at: patient.at,
    views: views.map((view) => ({
      bodyHash: view.bodyHash,
      reader: { address: view.reader, name: view.readerName },
      at: view.at,
      reason: view.reason,
      record: { id: view.recordId, title: view.title },
      permission: { id: view.consentId, isEmergency: view.kind === "emergency", isExplained: view.alarm === null },
      receipts: view.receipts,
    })),
  });
  return JSON.stringify(bundle, null, 2);
}
