/**
 * @module records/vault-state
 * What a vault holds: eight maps `{key: [updatedAt, fields…]}`. Merging takes, key by key, the later write (and of two in one second the
 * one whose bytes sort last), so that the result depends neither on the order nor on how often vaults are merged.
 */
import {
  asArgument,
  readAddress,
  readArray,
  readBytes,
  readHex,
  readMap,
  readNullable,
  readText,
  readUint,
} from "../block.ts";
import { fromHex, toHex, type Hex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../cbor.ts";
import { SdkError } from "../errors.ts";
import type {
  Stamped,
  VaultCheckpoint,
  VaultConsent,
  VaultContact,
  VaultEntry,
  VaultRequest,
  VaultRotation,
  VaultScope,
  VaultSeed,
  VaultState,
} from "./types.ts";

/** How the values of one map are written and read. The stamp is handled for all of them. */
type Codec<T extends Stamped> = {
  key: RegExp;
  write: (value: T) => CborValue[];
  read: (fields: CborValue[]) => Omit<T, "updatedAt">;
};

const HEX_32 = /^0x[0-9a-f]{64}$/;
const HEX_ANY = /^0x([0-9a-f]{2}){1,32}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const SCOPE = /^[a-z0-9][\w\-/:.]{0,255}$/;
const CHECKPOINT = /^0x[0-9a-f]{40}\/\d{1,10}$/;
const NUMBER = /^\d{1,10}$/;

const optionalHex = (hex: Hex | null) => (hex === null ? null : fromHex(hex, 32));
const readOptionalHex = (value: CborValue | undefined, title: string) =>
  readNullable(value, (bytes) => readHex(bytes, title));
const readOptionalText = (value: CborValue | undefined, title: string) =>
  readNullable(value, (text) => readText(text, title));

const scopeCodec: Codec<VaultScope> = {
  key: SCOPE,
  write: (scope) => [scope.label, fromHex(scope.tag, 32, "tag"), scope.generation],
  read: ([label, tag, generation]) => ({
    label: readText(label, "label", 256),
    tag: readHex(tag, "tag"),
    generation: readUint(generation, "generation", 0xffffffff),
  }),
};

const rotationCodec: Codec<VaultRotation> = {
  key: HEX_32,
  write: (rotation) => [rotation.epoch, rotation.scopes],
  read: ([epoch, scopes]) => ({
    epoch: readUint(epoch, "epoch", 0xffffffff),
    scopes: readArray(scopes, "scopes").map((scope) => readText(scope, "scope", 256)),
  }),
};

const consentCodec: Codec<VaultConsent> = {
  key: HEX_32,
  write: (consent) => [consent.terms, optionalHex(consent.bundle), optionalHex(consent.granteeKeyDocument)],
  read: ([terms, bundle, granteeKeyDocument]) => ({
    terms: readArray(terms, "terms"),
    bundle: readOptionalHex(bundle, "bundle"),
    granteeKeyDocument: readOptionalHex(granteeKeyDocument, "key document"),
  }),
};

const contactCodec: Codec<VaultContact> = {
  key: ADDRESS,
  write: (contact) => [fromHex(contact.keyDocument, 32, "key document"), contact.name, contact.confirmed],
  read: ([keyDocument, name, confirmed]) => ({
    keyDocument: readHex(keyDocument, "key document"),
    name: readText(name, "name", 512),
    confirmed: readBoolean(confirmed, "confirmed"),
  }),
};

const entryCodec: Codec<VaultEntry> = {
  key: HEX_32,
  write: (entry) => [entry.scope, entry.reason],
  read: ([scope, reason]) => ({
    scope: readOptionalText(scope, "scope"),
    reason: readOptionalText(reason, "reason"),
  }),
};

const checkpointCodec: Codec<VaultCheckpoint> = {
  key: CHECKPOINT,
  write: (point) => [point.index, fromHex(point.head, 32), point.blockNumber, fromHex(point.blockHash, 32)],
  read: ([index, head, blockNumber, blockHash]) => ({
    index: readUint(index, "index"),
    head: readHex(head, "head"),
    blockNumber: readUint(blockNumber, "block number"),
    blockHash: readHex(blockHash, "block hash"),
  }),
};

const requestCodec: Codec<VaultRequest> = {
  key: HEX_ANY,
  write: (request) => [request.verdict, fromHex(request.grantee, 20, "grantee"), request.reason],
  read: ([verdict, grantee, reason]) => ({
    verdict: readVerdict(verdict),
    grantee: readAddress(grantee, "grantee"),
    reason: readOptionalText(reason, "reason"),
  }),
};

const seedCodec: Codec<VaultSeed> = {
  key: NUMBER,
  write: (seed) => [seed.seed],
  read: ([seed]) => ({ seed: readBytes(seed, "seed", 32) }),
};

/** An empty vault. */
export function emptyVault(): VaultState {
  return {
    scopes: {},
    rotations: {},
    consents: {},
    contacts: {},
    entries: {},
    checkpoints: {},
    requests: {},
    seeds: {},
  };
}

/** The state as deterministic DAG-CBOR. @throws SdkError INVALID_ARGUMENT when a key or field is out of range. */
export function encodeVaultState(state: VaultState): Uint8Array {
  return asArgument("vault", () => {
    const bytes = encodeCbor([
      writeMap(state.scopes, scopeCodec),
      writeMap(state.rotations, rotationCodec),
      writeMap(state.consents, consentCodec),
      writeMap(state.contacts, contactCodec),
      writeMap(state.entries, entryCodec),
      writeMap(state.checkpoints, checkpointCodec),
      writeMap(state.requests, requestCodec),
      writeMap(state.seeds, seedCodec),
    ]);
    decodeVaultState(bytes);
    return bytes;
  });
}

/** Reads {@link encodeVaultState}. @throws SdkError MALFORMED */
export function decodeVaultState(bytes: Uint8Array): VaultState {
  const maps = readArray(decodeCbor(bytes), "vault", 8);
  const [scopes, rotations, consents, contacts, entries, checkpoints, requests, seeds] = maps;
  return {
    scopes: readMapOf(scopes, scopeCodec),
    rotations: readMapOf(rotations, rotationCodec),
    consents: readMapOf(consents, consentCodec),
    contacts: readMapOf(contacts, contactCodec),
    entries: readMapOf(entries, entryCodec),
    checkpoints: readMapOf(checkpoints, checkpointCodec),
    requests: readMapOf(requests, requestCodec),
    seeds: readMapOf(seeds, seedCodec),
  };
}

/** Merges vaults of one person's devices, in any order and as often as one likes. */
export function mergeVaults(...states: readonly VaultState[]): VaultState {
  return states.reduce(
    (left, right) => ({
      scopes: mergeMap(left.scopes, right.scopes, scopeCodec),
      rotations: mergeMap(left.rotations, right.rotations, rotationCodec),
      consents: mergeMap(left.consents, right.consents, consentCodec),
      contacts: mergeMap(left.contacts, right.contacts, contactCodec),
      entries: mergeMap(left.entries, right.entries, entryCodec),
      checkpoints: mergeMap(left.checkpoints, right.checkpoints, checkpointCodec),
      requests: mergeMap(left.requests, right.requests, requestCodec),
      seeds: mergeMap(left.seeds, right.seeds, seedCodec),
    }),
    emptyVault(),
  );
}

/** The highest epoch that a vault knows of, 0 before the first rotation. The next rotation takes one more. */
export function chartEpoch(state: VaultState): number {
  return Math.max(0, ...Object.values(state.rotations).map((rotation) => rotation.epoch));
}

/** The epoch under which a scope's new wraps go: that of its last rotation, else 0. */
export function scopeEpoch(state: VaultState, scope: string): number {
  const own = Object.values(state.rotations).filter((rotation) => rotation.scopes.includes(scope));
  return Math.max(0, ...own.map((rotation) => rotation.epoch));
}

/** Epochs that two devices announced at once: never to be used for wraps; rotate again. Ascending. */
export function conflictingEpochs(state: VaultState): number[] {
  const epochs = Object.values(state.rotations).map((rotation) => rotation.epoch);
  return [...new Set(epochs.filter((epoch, index) => epochs.indexOf(epoch) !== index))].sort((a, b) => a - b);
}

function writeMap<T extends Stamped>(map: Record<string, T>, codec: Codec<T>): CborValue {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, writeEntry(value, codec)]));
}

function writeEntry<T extends Stamped>(value: T, codec: Codec<T>): CborValue[] {
  return [value.updatedAt, ...codec.write(value)];
}

function readMapOf<T extends Stamped>(
  value: CborValue | undefined,
  codec: Codec<T>,
): Record<string, Omit<T, "updatedAt"> & Stamped> {
  const entries = Object.entries(readMap(value, "vault map")).map(([key, item]) => {
    if (!codec.key.test(key)) throw new SdkError("MALFORMED", "vault: a key of the wrong form");
    const [updatedAt, ...fields] = readArray(item, "vault entry");
    const read = { updatedAt: readUint(updatedAt, "updatedAt"), ...codec.read(fields) };
    return [key, read] as const;
  });
  return Object.fromEntries(entries);
}

function mergeMap<T extends Stamped>(
  left: Record<string, T>,
  right: Record<string, T>,
  codec: Codec<T>,
): Record<string, T> {
  const merged = new Map(Object.entries(left));
  for (const [key, theirs] of Object.entries(right)) {
    const ours = merged.get(key);
    if (ours === undefined || isLater(theirs, ours, codec)) merged.set(key, theirs);
  }
  return Object.fromEntries(merged);
}

function isLater<T extends Stamped>(theirs: T, ours: T, codec: Codec<T>): boolean {
  if (theirs.updatedAt !== ours.updatedAt) return theirs.updatedAt > ours.updatedAt;
  return toHex(encodeCbor(writeEntry(theirs, codec))) > toHex(encodeCbor(writeEntry(ours, codec)));
}

function readBoolean(value: CborValue | undefined, title: string): boolean {
  if (typeof value !== "boolean") throw new SdkError("MALFORMED", `${title}: expected true or false`);
  return value;
}

function readVerdict(value: CborValue | undefined): VaultRequest["verdict"] {
  if (value !== "granted" && value !== "refused") throw new SdkError("MALFORMED", "verdict: unknown");
  return value;
}
