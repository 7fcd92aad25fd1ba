/**
 * @module features/records/record-model
 * What a record is to its owner: kind, title, date, versions; and how the timeline filters and groups. Pure functions.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { KIND_LABELS, summarise, type RecordKind } from "@carekey/sdk/fhir";
import type { Manifest } from "@carekey/sdk/records";
import { dateOfResource } from "./fhir-reading.ts";

/** Kinds of the timeline's filter: those of FHIR resources, and of bare files. */
export type TimelineKind = RecordKind | "photo" | "file";

/** Plain names of the kinds, for one record. */
export const timelineKindLabels: Readonly<Record<TimelineKind, string>> = {
  ...KIND_LABELS,
  other: "Other",
  photo: "Photo",
  file: "File",
};

/** The kind of a record, from the FHIR resource inside, else from the file. */
export function kindOf(manifest: Manifest | null): TimelineKind {
  if (manifest === null) return "other";
  const { fhir, type, name } = manifest.core;
  return fhir !== null ? summarise(fhir).kind : kindOfFile(type, name);
}

/** The kind that a bare file's type and name suggest. */
export function kindOfFile(type: string, name: string): TimelineKind {
  if (type === "application/dicom" || /\.(dcm|nii|nii\.gz|mha|nrrd)$/i.test(name)) return "imaging";
  if (type.startsWith("image/")) return "photo";
  if (type === "application/pdf" || type.startsWith("text/") || /\.(docx?|odt|rtf)$/i.test(name)) return "document";
  return "file";
}

/** The title that a person reads. A record that cannot be opened has no title, and says so; a refused one is soon dropped. */
export function titleOf(record: Pick<OwnRecord, "manifest" | "entry" | "decision">): string {
  const core = record.manifest?.core;
  if (core === undefined) {
    if (record.entry.status === "denied") return record.decision?.title ?? "An entry you refused";
    return "A record that could not be opened";
  }
  return core.fhir !== null && /\.json$/i.test(core.name) ? summarise(core.fhir).title : core.name;
}

/** When what the record describes happened, in seconds; when it was recorded, if it does not say. */
export function dateOf(record: Pick<OwnRecord, "manifest" | "recordedAt">): number {
  const date = record.manifest === null ? null : dateOfResource(record.manifest.core.fhir);
  return date ?? record.recordedAt;
}

/** Where a record stands in the chart. `replaced` = a newer version stands in its place. */
export type RecordStanding = "waiting" | "current" | "replaced" | "denied";

/** The standing of a record. */
export function standingOf({ entry }: Pick<OwnRecord, "entry">): RecordStanding {
  if (entry.status === "pending") return "waiting";
  if (entry.status === "denied") return "denied";
  return entry.supersededBy === null ? "current" : "replaced";
}

/** What the timeline is narrowed to. Empty values narrow nothing. */
export type RecordFilters = {
  search: string;
  kinds: readonly TimelineKind[];
  authors: readonly Address[];
  /** Seconds, inclusive and exclusive. */
  from: number | null;
  until: number | null;
  standing: "current" | "waiting" | "denied" | "replaced" | "all";
};

/** No narrowing beyond what stands today. */
export const NO_FILTERS: RecordFilters = {
  search: "",
  kinds: [],
  authors: [],
  from: null,
  until: null,
  standing: "current",
};

/** How many filters narrow the timeline, the search not counted. */
export function countOf({ kinds, authors, from, until, standing }: RecordFilters): number {
  const used = [kinds.length > 0, authors.length > 0, from !== null, until !== null, standing !== "current"];
  return used.filter(Boolean).length;
}

/** Whether the filters or the search narrow anything. */
export function isNarrowed(filters: RecordFilters): boolean {
  return filters.search.trim() !== "" || countOf(filters) > 0;
}

/**
 * Records that pass the filters, newest first. The search looks at decrypted titles, kinds and authors' names, on this device only;
 * every word has to be found, whatever its accents and capitals.
 */
export function filterRecords(
  records: readonly OwnRecord[],
  filters: RecordFilters,
  authorName: (address: Address) => string = () => "",
): OwnRecord[] {
  const words = plain(filters.search).split(/\s+/).filter(Boolean);
  return records
    .filter((record) => {
      const kind = kindOf(record.manifest);
      const date = dateOf(record);
      const { author } = record.entry;
      if (filters.standing !== "all" && standingOf(record) !== filters.standing) return false;
      if (filters.kinds.length > 0 && !filters.kinds.includes(kind)) return false;
      if (filters.authors.length > 0 && !filters.authors.some((address) => isSame(address, author))) return false;
      if (filters.from !== null && date < filters.from) return false;
      if (filters.until !== null && date >= filters.until) return false;
      const text = plain(
        `${titleOf(record)} ${record.manifest?.core.name ?? ""} ${timelineKindLabels[kind]} ${authorName(author)}`,
      );
      return words.every((word) => text.includes(word));
    })
    .sort((left, right) => dateOf(right) - dateOf(left) || right.entry.index - left.entry.index);
}

/** Records in groups of one calendar month each, in the order given. `monthOf` names the month of a date in seconds. */
export function groupByMonth(
  records: readonly OwnRecord[],
  monthOf: (seconds: number) => string,
): { month: string; records: OwnRecord[] }[] {
  const groups: { month: string; records: OwnRecord[] }[] = [];
  for (const record of records) {
    const month = monthOf(dateOf(record));
    const last = groups.at(-1);
    if (last?.month === month) last.records.push(record);
    else groups.push({ month, records: [record] });
  }
  return groups;
}

/** All versions of a record, newest first: what it replaces and what replaced it. A denied replacement is no version. */
export function versionsOf(records: readonly OwnRecord[], entryId: Hex): OwnRecord[] {
  const byId = new Map(records.map((record) => [record.entry.entryId, record]));
  const start = byId.get(entryId);
  if (start === undefined) return [];
  const versions = [start];
  const seen = new Set<Hex>([entryId]);
  const walk = (next: (record: OwnRecord) => Hex | null, add: (record: OwnRecord) => void) => {
    for (let id = next(start); id !== null && !seen.has(id);) {
      seen.add(id);
      const record = byId.get(id);
      if (record === undefined) return;
      add(record);
      id = next(record);
    }
  };
  walk(
    ({ entry }) => entry.supersededBy,
    (record) => versions.unshift(record),
  );
  walk(
    ({ entry }) => entry.supersedes,
    (record) => versions.push(record),
  );
  return versions;
}

/** Everybody who wrote in the chart, each once, in order of first appearance. */
export function authorsOf(records: readonly OwnRecord[]): Address[] {
  const authors = new Map<string, Address>();
  for (const { entry } of records)
    if (!authors.has(entry.author.toLowerCase())) authors.set(entry.author.toLowerCase(), entry.author);
  return [...authors.values()];
}

/** Whether two addresses are one, whatever their capitals. */
export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
}
