/**
 * @module lib/known-history
 * What this device has seen of the person's own history when it last proved whole: enough to name the entry that is missing, changed
 * or out of place when it no longer does, or when a server shows an older state than it showed before.
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { CborValue } from "@carekey/sdk/cbor";
import type { OwnRecord, PrivateStore } from "@carekey/sdk/client";
import { openOnDevice, sealOnDevice } from "./device-seal.ts";

/** An entry as it was known. */
export type KnownEntry = { entryId: Hex; pointer: Hex; title: string; /** Seconds. */ recordedAt: number };

/** What is wrong with an entry that was known. */
export type HistoryFault = { kind: "missing" | "changed" | "moved"; entry: KnownEntry };

/** What is remembered of a history, oldest entry first. */
export function knownFrom(records: readonly OwnRecord[]): KnownEntry[] {
  return [...records]
    .sort((left, right) => left.entry.index - right.entry.index)
    .map(({ entry, manifest, recordedAt }) => ({
      entryId: entry.entryId,
      pointer: entry.pointer,
      title: manifest?.core.name ?? "",
      recordedAt,
    }));
}

/**
 * Compares what is served with what was known. An entry is known again by its id or by its content; new entries are no fault, wherever
 * they stand, for the head on chain judges them.
 */
export function findFaults(known: readonly KnownEntry[], served: readonly KnownEntry[]): HistoryFault[] {
  const byId = new Map(served.map((entry, position) => [entry.entryId, { entry, position }]));
  const byPointer = new Map(served.map((entry, position) => [entry.pointer, { entry, position }]));
  const faults: HistoryFault[] = [];
  let reached = -1;
  const isKnown = (entry: KnownEntry) =>
    known.some(({ entryId, pointer }) => entryId === entry.entryId || pointer === entry.pointer);
  for (const [position, entry] of known.entries()) {
    const sameId = byId.get(entry.entryId);
    const found = sameId ?? byPointer.get(entry.pointer);
    if (found === undefined) {
      // Something else in its very place is the entry with other bytes.
      const standIn = served[position];
      faults.push({ kind: standIn === undefined || isKnown(standIn) ? "missing" : "changed", entry });
    } else if (found.entry.pointer !== entry.pointer) {
      faults.push({ kind: "changed", entry });
    } else if (found.position < reached) {
      faults.push({ kind: "moved", entry });
    } else {
      reached = found.position;
    }
  }
  return faults;
}

/** Titles as a device knows them, kept when an entry's content is gone. */
export function mergeTitles(before: readonly KnownEntry[], now: readonly KnownEntry[]): KnownEntry[] {
  const titles = new Map(before.map(({ entryId, title }) => [entryId, title]));
  return now.map((entry) => (entry.title === "" ? { ...entry, title: titles.get(entry.entryId) ?? "" } : entry));
}

/** Where a person's known history is kept. `place` names chain, contract and person. */
export type KnownHistoryStore = { store: PrivateStore; key: CryptoKey; place: string };

/** What was known, or nothing yet. */
export async function loadKnown({ store, key, place }: KnownHistoryStore): Promise<KnownEntry[]> {
  const sealed = await store.get(place);
  const value = sealed === null ? null : await openOnDevice(key, place, sealed);
  return Array.isArray(value) ? value.map(entryFrom).filter((entry) => entry !== null) : [];
}

/** Remembers a history that proved whole. */
export async function saveKnown({ store, key, place }: KnownHistoryStore, known: readonly KnownEntry[]): Promise<void> {
  const rows = known.map(({ entryId, pointer, title, recordedAt }) => [entryId, pointer, title, recordedAt]);
  await store.put(place, await sealOnDevice(key, place, rows));
}

function entryFrom(row: CborValue): KnownEntry | null {
  if (!Array.isArray(row)) return null;
  const [entryId, pointer, title, recordedAt] = row;
  if (!isHex(entryId) || !isHex(pointer) || typeof title !== "string" || typeof recordedAt !== "number") return null;
  return { entryId, pointer, title, recordedAt };
}

function isHex(value: CborValue | undefined): value is Hex {
  return typeof value === "string" && value.startsWith("0x");
}
