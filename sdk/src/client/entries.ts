/**
 * @module client/entries
 * Writing a chart: the patient adds and amends, a clinician submits, the patient decides. Blocks are stored before the act that names them.
 */
import { fromHex, type Address, type Hex } from "../bytes.ts";
import type { ChartEntry } from "../chart/index.ts";
import { VERDICT_APPROVE, VERDICT_DENY } from "../contracts/index.ts";
import { toContractTerms, WRITE, type ConsentTerms } from "../consent/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import {
  EMPTY_SHA256,
  authoredTypedData,
  sealRecord,
  type ContentRef,
  type Core,
  type FileKeys,
  type JsonValue,
  type WrapRow,
} from "../records/index.ts";
import { sendAct, signAct } from "./context.ts";
import { chainContext, keepNote, sendSealed } from "./inbox.ts";
import { NO_BLOCK, loadOwnChart, openOwnManifest, putWraps, wrapRow, type OwnChart } from "./own-chart.ts";
import { recipientOf } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { rotateWhereDue } from "./rotation.ts";
import type { ActOptions, Carekey, Person, UploadedContent } from "./types.ts";

/** What is known of a new record before it is sealed. */
export type NewRecord = {
  /** File name or title. */
  name: string;
  /** MIME type of the content; "application/fhir+json" for a bare resource. */
  type: string;
  fhir: JsonValue;
  content: UploadedContent | null;
  /** Entry that this one amends. */
  supersedes?: Hex | null;
};

function coreOf(record: NewRecord, author: Address): Core {
  const { name, type, fhir, content } = record;
  return { name, type, size: content?.size ?? 0, sha256: content?.sha256 ?? EMPTY_SHA256, fhir, author };
}

function contentOf(record: NewRecord): { content: ContentRef; keys: FileKeys } | null {
  if (record.content === null) return null;
  const { cid, leafDigests, dek, salt } = record.content;
  return { content: { cid, leafDigests }, keys: { dek: new Uint8Array(dek), salt: new Uint8Array(salt) } };
}

/** Stores and pins the record block, and pins its content, all under the pointer's name. */
async function keepRecord(
  carekey: Carekey,
  record: NewRecord,
  sealed: { bytes: Uint8Array; pointer: Hex },
): Promise<void> {
  await carekey.ipfs.putRaw(sealed.bytes, { pinName: sealed.pointer });
  if (record.content !== null) await carekey.ipfs.pin(record.content.cid, { name: sealed.pointer });
}

/**
 * Adds a record to the own chart: one act, and one more when the scope's key has to change first.
 * options.onSealed: told the new entry's pointer before the act, so that whoever never hears how it ended finds it in the chart.
 * @returns the new entry's pointer.
 * @throws SdkError SIGNATURE_REFUSED (the stored blocks stay for a day, so a retry is cheap), QUOTA_EXCEEDED, …
 */
export async function addRecord(
  carekey: Carekey,
  person: Person,
  record: NewRecord & { scope: string },
  options: ActOptions & { onSealed?: (pointer: Hex) => Promise<void> } = {},
): Promise<{ pointer: Hex; txHash: Hex }> {
  options.onStep?.({ kind: "work", label: "Sealing the record" });
  const file = contentOf(record);
  const sealed = await sealRecord({
    core: coreOf(record, person.address),
    ...(file ?? {}),
    signature: null,
    signedAt: carekey.now(),
    proposedScope: record.scope,
  });
  await keepRecord(carekey, record, sealed);
  const chart = await rotateWhereDue(carekey, person, [record.scope], options);
  const { pointer, dek } = sealed;
  const row = await wrapRow(carekey, person, chart.epochs, { scope: record.scope, pointer, dek });
  const wraps = await putWraps(carekey, person, [row]);
  await options.onSealed?.(pointer);
  const args = [pointer, wraps.digest, record.supersedes ?? NO_BLOCK] as const;
  const { txHash } = await sendAct(carekey, "add", args, "Add it to your records", options);
  return { pointer, txHash };
}

/**
 * Submits an entry to a patient's chart under a consent to write: one signature as its author, one transaction.
 * entry.terms: the WRITE terms that the patient granted.
 * @throws SdkError KEY_MISMATCH | KEY_CHANGED of the patient, CONTRACT_REVERTED (no licence, no consent), SIGNATURE_REFUSED
 */
export async function submitEntry(
  carekey: Carekey,
  person: Person,
  entry: NewRecord & { terms: ConsentTerms; proposedScope: string },
  options: ActOptions = {},
): Promise<{ pointer: Hex; txHash: Hex }> {
  const { terms } = entry;
  if (terms.rights !== WRITE) throw new SdkError("NO_CONSENT", "this consent does not allow adding entries");
  const { patient } = terms;
  const recipient = await recipientOf(carekey, patient, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  const core = coreOf(entry, person.address);
  const signedAt = carekey.now();
  const signature = await signAct(
    carekey,
    authoredTypedData({ deployment: carekey.deployment, patient, core, signedAt }),
    "Sign as the author",
    options,
  );
  options.onStep?.({ kind: "work", label: "Sealing the entry to the patient" });
  const file = contentOf(entry);
  const sealed = await sealRecord({
    core,
    ...(file ?? {}),
    sealTo: { chain: chainContext(carekey), patient: recipient },
    signature,
    signedAt,
    proposedScope: entry.proposedScope,
  });
  await keepRecord(carekey, entry, sealed);
  const args = [toContractTerms(terms), sealed.pointer, entry.supersedes ?? NO_BLOCK] as const;
  const { txHash } = await sendAct(carekey, "submit", args, "Submit it to the patient", options);
  return { pointer: sealed.pointer, txHash };
}

/** What a patient decides about waiting entries. */
export type Decision = {
  /** Entries to approve, each with the scope to file it under. */
  approve: readonly { entryId: Hex; scope: string }[];
  deny: readonly Hex[];
  /** Told to the authors, and kept. */
  reason?: string;
};

/**
 * Approves and denies waiting entries: one act for all of them. Denied content is dropped from storage, and no key to it
 * is ever made. The authors are told.
 * @throws SdkError SIGNATURE_REFUSED (nothing changed), NOT_FOUND for an entry that does not wait, DECRYPTION_FAILED
 */
export async function decideEntries(
  carekey: Carekey,
  person: Person,
  decision: Decision,
  options: ActOptions = {},
): Promise<void> {
  options.onStep?.({ kind: "work", label: "Opening the entries" });
  const { approve, deny } = decision;
  const scopes = approve.map(({ scope }) => scope);
  const chart =
    scopes.length === 0 ? await loadOwnChart(carekey, person) : await rotateWhereDue(carekey, person, scopes, options);
  const waiting = new Map(
    chart.replayed.entries.filter(({ status }) => status === "pending").map((entry) => [entry.entryId, entry] as const),
  );
  const entryOf = (entryId: Hex) => {
    const entry = waiting.get(entryId);
    if (entry === undefined)
      throw new SdkError("NOT_FOUND", "this entry does not wait for a decision", { details: { entryId } });
    return entry;
  };
  const decided = [...approve.map(({ entryId }) => entryOf(entryId)), ...deny.map(entryOf)];
  const titles = await titlesOf(carekey, person, chart, deny.map(entryOf));
  const rows: WrapRow[] = [];
  for (const { entryId, scope } of approve) {
    const entry = entryOf(entryId);
    const { dek, manifest } = await openOwnManifest(carekey, person, chart, entry);
    // From here on the patient keeps it: the author's own pins may go.
    await carekey.ipfs.pin(entry.pointer, { name: entry.pointer });
    if (manifest.content !== null) await carekey.ipfs.pin(manifest.content.cid, { name: entry.pointer });
    rows.push(await wrapRow(carekey, person, chart.epochs, { scope, pointer: entry.pointer, dek }));
  }
  const wraps = rows.length === 0 ? NO_BLOCK : (await putWraps(carekey, person, rows)).digest;
  const approved = approve.map(({ entryId }) => entryId);
  const label = describeDecision(approved.length, deny.length);
  if (decided.length === 1) {
    const verdict = approved.length === 1 ? VERDICT_APPROVE : VERDICT_DENY;
    await sendAct(carekey, "decide", [decided[0]!.entryId, verdict, wraps], label, options);
  } else {
    await sendAct(carekey, "decideBatch", [approved, [...deny], wraps], label, options);
  }
  options.onStep?.({ kind: "work", label: "Telling the authors" });
  for (const entryId of deny) await carekey.gateway.discard(entryId).catch(ignoreMissing);
  await tellAuthors(carekey, person, { decided, approved: new Set(approved), titles, reason: decision.reason ?? null });
}

/** Titles of entries about to be denied, for the own history: their blocks are dropped. One that does not open has none. */
async function titlesOf(
  carekey: Carekey,
  person: Person,
  chart: OwnChart,
  entries: readonly ChartEntry[],
): Promise<Map<Hex, string>> {
  const titles = new Map<Hex, string>();
  for (const entry of entries) {
    try {
      titles.set(entry.entryId, (await openOwnManifest(carekey, person, chart, entry)).manifest.core.name);
    } catch (error) {
      if (!isSdkError(error)) throw error;
    }
  }
  return titles;
}

function describeDecision(approved: number, denied: number): string {
  const entries = (count: number) => (count === 1 ? "1 entry" : `${count} entries`);
  if (denied === 0) return `Approve ${entries(approved)}`;
  if (approved === 0) return `Deny ${entries(denied)}`;
  return `Approve ${entries(approved)} and deny ${entries(denied)}`;
}

/** The decision stands on chain already: an author who cannot be told reads it there. */
async function tellAuthors(
  carekey: Carekey,
  person: Person,
  told: {
    decided: readonly { entryId: Hex; author: Address }[];
    approved: ReadonlySet<Hex>;
    titles: ReadonlyMap<Hex, string>;
    reason: string | null;
  },
): Promise<void> {
  const pins = await pinnedKeys(carekey, person);
  for (const { entryId, author } of told.decided) {
    const body = {
      type: "decision",
      entryId: fromHex(entryId),
      verdict: told.approved.has(entryId) ? "approved" : "denied",
      reason: told.reason,
    };
    try {
      await keepNote(carekey, person, { ...body, title: told.titles.get(entryId) ?? null });
      const recipient = await recipientOf(carekey, author, pins);
      await sendSealed(carekey, person, recipient, { kind: "note", body, quiet: true });
    } catch (error) {
      if (!isSdkError(error)) throw error;
    }
  }
}

function ignoreMissing(error: unknown): void {
  if (!isSdkError(error, "NOT_FOUND")) throw error;
}
