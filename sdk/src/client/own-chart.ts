/**
 * @module client/own-chart
 * The own chart with everything that only its owner can read: epochs, scopes and the key of every record. Asks no keeper.
 */
import { readHex } from "../block.ts";
import type { Address, Hex } from "../bytes.ts";
import type { ChartEntry } from "../chart/index.ts";
import { SCOPES } from "../consent/index.ts";
import { openWrap, rowTag, sealWrap, type RecordTuple } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import {
  authoredTypedData,
  decodeWraps,
  encodeWraps,
  findWrap,
  openRecordBlock,
  openScopes,
  openSealedDek,
  type EncodedBlock,
  type OpenedManifest,
  type Wraps,
  type WrapRow,
} from "../records/index.ts";
import { blockTypeOf, readBlock, readBlockOrNull } from "./blocks.ts";
import { loadChart, timeOfBlock, type LoadedChart } from "./charts.ts";
import { epochsFrom, type Epochs, type Rotation } from "./epochs.ts";
import { chainContext, isFrom, parseMessages, readInbox } from "./inbox.ts";
import { keptFor } from "./kept.ts";
import { carriedEntries, type CarriedEntry } from "./line.ts";
import { openAsPerson, ownRecordKey, tagOf } from "./own-keys.ts";
import { sameAddress } from "./people.ts";
import type { Carekey, OwnRecord, Person } from "./types.ts";

/** A rotation as its patient reads it: with the generation of the keys that it hands out, and which ones these are. */
export type OwnRotation = Rotation & { generation: number; covers: readonly { tag: Hex; epoch: number }[] };

/** The own chart, with what is needed to read and to extend it. */
export type OwnChart = LoadedChart & {
  epochs: Epochs;
  rotations: readonly OwnRotation[];
  /** Every wraps block announced, earlier generations first. */
  wraps: readonly Wraps[];
  /** What earlier accounts of the same person had approved, oldest first. */
  carried: readonly CarriedEntry[];
};

/** Digest that stands for "no block". */
export const NO_BLOCK: Hex = `0x${"00".repeat(32)}`;

/** The tuple of one record of this person under a scope and epoch. */
export function ownTuple(carekey: Carekey, person: Person, scope: string, epoch: number, recordId: Hex): RecordTuple {
  return {
    chainId: carekey.deployment.chainId,
    contract: carekey.deployment.carekey,
    patient: person.address,
    tag: tagOf(person, scope),
    epoch,
    recordId,
  };
}

const rotationsReadBy = keptFor<Person, Map<Hex, OwnRotation | null>>(() => new Map());

/** The rotation in a scopes block of this person; null when the block is another kind or not the person's. */
async function rotationOf(
  carekey: Carekey,
  person: Person,
  digest: Hex,
  bytes: Uint8Array,
  blockNumber: bigint,
): Promise<OwnRotation | null> {
  const known = rotationsReadBy(person);
  const cached = known.get(digest);
  if (cached !== undefined) return cached;
  let rotation: OwnRotation | null = null;
  try {
    const chain = chainContext(carekey);
    const { opened, generation } = await openAsPerson(person, (opener) =>
      openScopes({ bytes, chain, patient: person.address, opener }),
    );
    const { epoch, keys } = opened;
    // The first rotation of a generation hands out the keys of earlier epochs too: these were not rotated by it.
    const tags = keys.filter((key) => key.epoch === epoch).map(({ tag }) => tag);
    const announcedAt = await timeOfBlock(carekey, blockNumber);
    rotation = { digest, epoch, tags, announcedAt, generation, covers: keys };
  } catch (error) {
    if (!isSdkError(error) || error.code === "CHAIN_UNAVAILABLE") throw error;
  }
  known.set(digest, rotation);
  return rotation;
}

/**
 * Reads the own chart: history, rotations and wraps.
 * @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function loadOwnChart(carekey: Carekey, person: Person): Promise<OwnChart> {
  const [loaded, carried] = await Promise.all([
    loadChart(carekey, person.address),
    carriedEntries(carekey, person.address),
  ]);
  const notes = await Promise.all(
    loaded.replayed.notes.map(async (note) => ({ ...note, bytes: await readBlockOrNull(carekey, note.digest) })),
  );
  const rotations: OwnRotation[] = [];
  const wraps: Wraps[] = [];
  for (const { digest, blockNumber, bytes } of notes) {
    if (bytes === null) continue;
    const type = blockTypeOf(bytes);
    if (type === "scopes") {
      const rotation = await rotationOf(carekey, person, digest, bytes, blockNumber);
      if (rotation !== null) rotations.push(rotation);
    } else if (type === "wraps") {
      wraps.push(decodeWraps(bytes));
    }
  }
  wraps.push(...(await readWraps(carekey, loaded)));
  return { ...loaded, epochs: epochsFrom(rotations), rotations, wraps: byGeneration(wraps), carried };
}

/** Wraps blocks, those of earlier generations first, else in the order in which they came. */
export function byGeneration(wraps: readonly Wraps[]): Wraps[] {
  return wraps.toSorted((left, right) => left.generation - right.generation);
}

/** The wraps blocks that a chart's adds and approvals name. Blocks that are gone or damaged are left out. */
export async function readWraps(carekey: Carekey, { replayed }: LoadedChart): Promise<Wraps[]> {
  const digests = replayed.wraps.map(({ digest }) => digest).filter((digest) => digest !== NO_BLOCK);
  const blocks = await Promise.all([...new Set(digests)].map((digest) => readBlockOrNull(carekey, digest)));
  return blocks.flatMap((bytes) => {
    if (bytes === null || blockTypeOf(bytes) !== "wraps") return [];
    try {
      return [decodeWraps(bytes)];
    } catch (error) {
      if (isSdkError(error)) return [];
      throw error;
    }
  });
}

/** Where a record is filed, and its wrap under the keys of one generation. */
export type FiledWrap = { generation: number; scope: string; epoch: number; wrap: Uint8Array };

/** Under which scope and epoch a record of the own chart is filed, and its wrap. The newest wrap that these keys open counts. */
export function findOwnWrap(person: Person, chart: OwnChart, recordId: Hex): FiledWrap | null {
  const tags = SCOPES.map(({ name }) => ({ name, tag: tagOf(person, name) }));
  for (const wraps of chart.wraps.toReversed()) {
    if (wraps.generation > person.generation) continue;
    for (const { name, tag } of tags) {
      const found = findWrap(wraps, { tag, recordId, epochs: chart.epochs.epochsOf(tag) });
      if (found !== null) return { generation: wraps.generation, scope: name, ...found };
    }
  }
  return null;
}

/** One new row of a wraps block: a DEK under a scope's current epoch. */
export function wrapRow(
  carekey: Carekey,
  person: Person,
  epochs: Epochs,
  record: { scope: string; pointer: Hex; dek: Uint8Array },
): Promise<WrapRow> {
  return wrapRowAt(carekey, person, epochs.currentOf(tagOf(person, record.scope)), record);
}

/** One row of a wraps block under the present keys and a given epoch. */
export async function wrapRowAt(
  carekey: Carekey,
  person: Person,
  epoch: number,
  record: { scope: string; pointer: Hex; dek: Uint8Array },
): Promise<WrapRow> {
  const tuple = ownTuple(carekey, person, record.scope, epoch, record.pointer);
  const recordKey = ownRecordKey(person, person.generation, record.scope, tuple);
  const wrap = await sealWrap({ recordKey, dek: record.dek, tuple });
  return { recordId: record.pointer, rowTag: rowTag(tuple.tag, record.pointer, epoch), wrap };
}

/** Stores a wraps block of these rows. */
export async function putWraps(carekey: Carekey, person: Person, rows: WrapRow[]): Promise<EncodedBlock> {
  const block = encodeWraps({ generation: person.generation, rows });
  await carekey.ipfs.putRaw(block.bytes, { pinName: block.digest });
  return block;
}

/** A record of the own chart, opened as far as its manifest. */
export type OpenedOwn = { manifest: OpenedManifest; dek: Uint8Array; scope: string | null; epoch: number | null };

/**
 * Opens the manifest of an own entry: by its wrap once approved, by the DEK sealed to the patient while pending.
 * @throws SdkError NOT_FOUND when block or wrap is gone, DECRYPTION_FAILED, SIGNATURE_INVALID when the author did not sign it.
 */
export async function openOwnManifest(
  carekey: Carekey,
  person: Person,
  chart: OwnChart,
  entry: ChartEntry,
): Promise<OpenedOwn> {
  const bytes = await readBlock(carekey, entry.pointer);
  const filed = findOwnWrap(person, chart, entry.pointer);
  const dek =
    filed === null
      ? await sealedDekOf(carekey, person, bytes, entry.author)
      : await openOwnWrap(carekey, person, filed, entry.pointer);
  const manifest = openRecordBlock({ bytes, dek });
  const carried = chart.carried.find((each) => each.entry.entryId === entry.entryId);
  await assertAuthored(carekey, carried?.account ?? person.address, entry, manifest);
  return { manifest, dek, scope: filed?.scope ?? null, epoch: filed?.epoch ?? null };
}

async function sealedDekOf(carekey: Carekey, person: Person, bytes: Uint8Array, author: Address): Promise<Uint8Array> {
  const chain = chainContext(carekey);
  return (await openAsPerson(person, (patient) => openSealedDek({ bytes, chain, author, patient }))).opened;
}

/** The DEK in an own wrap. @throws SdkError DECRYPTION_FAILED */
export function openOwnWrap(carekey: Carekey, person: Person, filed: FiledWrap, recordId: Hex): Promise<Uint8Array> {
  const tuple = ownTuple(carekey, person, filed.scope, filed.epoch, recordId);
  return openWrap({ recordKey: ownRecordKey(person, filed.generation, filed.scope, tuple), wrap: filed.wrap, tuple });
}

/**
 * Checks who wrote a record. What the patient adds is proved by the chain's ADD; everything else by the author's signature, which
 * also covers records that the patient encrypted anew.
 * @throws SdkError SIGNATURE_INVALID
 */
export async function assertAuthored(
  carekey: Carekey,
  patient: Address,
  entry: ChartEntry,
  manifest: OpenedManifest,
): Promise<void> {
  const { core, signature, signedAt } = manifest;
  if (signature === null) {
    if (entry.kind === "add" && sameAddress(core.author, patient)) return;
    throw new SdkError("SIGNATURE_INVALID", "the record is not signed by its author");
  }
  if (entry.kind === "submit" && !sameAddress(core.author, entry.author)) {
    throw new SdkError("SIGNATURE_INVALID", "the record names another author than the chain");
  }
  const isValid = await carekey.chain.publicClient.verifyTypedData({
    address: core.author,
    signature,
    ...authoredTypedData({ deployment: carekey.deployment, patient, core, signedAt }),
  });
  if (!isValid) throw new SdkError("SIGNATURE_INVALID", "the author's signature does not fit the record");
}

type Described = Omit<OwnRecord, "entry" | "decision" | "carriedFrom">;
const recordsReadBy = keptFor<Person, Map<string, Described>>(() => new Map());

/**
 * Every entry of the own chart with its opened manifest, newest first. One that does not open is listed with a problem.
 * @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function listOwnRecords(
  carekey: Carekey,
  person: Person,
): Promise<{ chart: OwnChart; records: OwnRecord[] }> {
  const [chart, decisions] = await Promise.all([loadOwnChart(carekey, person), ownDecisions(carekey, person)]);
  const known = recordsReadBy(person);
  const records: OwnRecord[] = [];
  const own = chart.replayed.entries.map((entry) => ({ entry, account: null }));
  for (const { entry, account } of [...chart.carried, ...own].reverse()) {
    // What was not taken over yet is the earlier account's.
    if (account !== null && findOwnWrap(person, chart, entry.pointer) === null) continue;
    const key = `${entry.entryId}/${entry.status}`;
    const described = known.get(key) ?? (await describeEntry(carekey, person, chart, entry));
    if (described.problem === null) known.set(key, described);
    records.push({ ...described, entry, carriedFrom: account, decision: decisions.get(entry.entryId) ?? null });
  }
  return { chart, records };
}

async function describeEntry(carekey: Carekey, person: Person, chart: OwnChart, entry: ChartEntry): Promise<Described> {
  const recordedAt = await timeOfBlock(carekey, entry.blockNumber);
  // Nobody keeps the blocks of what was denied, so nobody is asked for them.
  if (entry.status === "denied") return { recordedAt, manifest: null, problem: null, scope: null, epoch: null };
  try {
    const { manifest, scope, epoch } = await openOwnManifest(carekey, person, chart, entry);
    return { recordedAt, manifest, problem: null, scope: scope ?? manifest.proposedScope, epoch };
  } catch (error) {
    if (!isSdkError(error) || TRANSIENT.has(error.code)) throw error;
    return { recordedAt, manifest: null, problem: error.code, scope: null, epoch: null };
  }
}

/** What this person noted on decisions, by entry id. */
async function ownDecisions(carekey: Carekey, person: Person): Promise<Map<Hex, OwnRecord["decision"]>> {
  const notes = parseMessages(await readInbox(carekey, person), "note", (body) =>
    body["type"] === "decision"
      ? {
          entryId: readHex(body["entryId"], "entry id"),
          title: typeof body["title"] === "string" ? body["title"] : null,
          reason: typeof body["reason"] === "string" ? body["reason"] : null,
        }
      : null,
  );
  return new Map(
    notes.flatMap(({ message, body }) =>
      body !== null && isFrom(message, person.address)
        ? [[body.entryId, { title: body.title, reason: body.reason }] as const]
        : [],
    ),
  );
}

/** Failures that say nothing about a record. */
const TRANSIENT = new Set(["CHAIN_UNAVAILABLE", "IPFS_UNAVAILABLE", "NOT_SIGNED_IN", "RATE_LIMITED", "CANCELLED"]);
