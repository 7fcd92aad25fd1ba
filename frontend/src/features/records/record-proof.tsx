/**
 * @module features/records/record-proof
 * The proof of a record, for those who check: entry, digests, block, transaction, the author's signature.
 */
import type { ReactNode } from "react";
import type { OwnRecord } from "@carekey/sdk/client";
import { TechnicalDetails, type TechnicalFact } from "../../components/technical-details.tsx";
import { formatDateTime } from "../../lib/format.ts";

/** Closed until somebody opens it. */
export function RecordProof({ record }: { record: OwnRecord }): ReactNode {
  return <TechnicalDetails facts={factsOf(record)} />;
}

function factsOf({ entry, manifest, recordedAt, epoch }: OwnRecord): TechnicalFact[] {
  const hash = (label: string, value: string | null | undefined): TechnicalFact =>
    value === null || value === undefined ? { label, value: null } : { label, value, copy: value };
  return [
    { label: "Entry number", value: String(entry.index) },
    hash("Entry id", entry.entryId),
    hash("Record block (sha-256)", entry.pointer),
    hash("Author", entry.author),
    { label: "Block", value: `${entry.blockNumber} (${formatDateTime(recordedAt)})` },
    hash("Block hash", entry.blockHash),
    hash("Transaction", entry.txHash),
    hash("Replaces entry", entry.supersedes),
    hash("Replaced by entry", entry.supersededBy),
    { label: "Decided in block", value: entry.decidedAtBlock === undefined ? null : String(entry.decidedAtBlock) },
    { label: "Epoch of its key", value: epoch === null ? null : String(epoch) },
    ...(manifest === null
      ? []
      : [
          hash("Encrypted content (CID)", manifest.content?.cid),
          {
            label: "Encrypted leaves",
            value: manifest.content === null ? null : String(manifest.content.leafDigests.length),
          },
          hash("sha-256 of the original", manifest.core.sha256),
          {
            label: "Signed by the author",
            value: manifest.signature === null ? "By the entry itself" : formatDateTime(manifest.signedAt),
          },
          hash("Author’s signature", manifest.signature),
        ]),
  ];
}
