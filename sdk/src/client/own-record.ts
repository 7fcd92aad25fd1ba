/**
 * @module client/own-record
 * Opening one own record, content included, without any keeper.
 */
import type { ChartEntry } from "../chart/index.ts";
import { contentStream } from "./content.ts";
import { loadOwnChart, openOwnManifest } from "./own-chart.ts";
import type { Carekey, OpenedRecord, Person } from "./types.ts";

/**
 * Opens an own entry, approved or waiting.
 * @throws SdkError NOT_FOUND when its blocks are gone (a denied entry), DECRYPTION_FAILED, SIGNATURE_INVALID, IPFS_UNAVAILABLE
 */
export async function openOwnRecord(carekey: Carekey, person: Person, entry: ChartEntry): Promise<OpenedRecord> {
  const chart = await loadOwnChart(carekey, person);
  const { manifest, dek, scope } = await openOwnManifest(carekey, person, chart, entry);
  return {
    entry,
    manifest,
    scope: scope ?? manifest.proposedScope,
    content: (options) => contentStream(carekey, manifest, dek, options),
    keepers: [],
    viewsLeft: null,
  };
}
