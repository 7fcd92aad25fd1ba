/**
 * @module workers/upload-job
 * One file on its way into the chart: what the queue remembers of it, and how that is kept sealed on this device, bound to its
 * row (lib/device-seal).
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { CborValue } from "@carekey/sdk/cbor";
import { SdkError } from "@carekey/sdk/errors";
import type { JsonValue } from "@carekey/sdk/records";
import { deriveDeviceKey, openOnDevice, sealOnDevice } from "../lib/device-seal.ts";

/** How far a file has come: `chosen` until its sha-256 is known, `ready` when all of it is stored as ciphertext. */
export type UploadStep = "chosen" | "uploading" | "ready";

/** What the queue remembers of one file. All of it is sealed before it is stored. */
export type UploadJob = {
  id: string;
  /** Order in the tray, milliseconds since the epoch. */
  createdAtMs: number;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** Scope that the person files it under; the name of one of SCOPES. */
  scope: string;
  /** The FHIR resource inside, when the file is one. */
  fhir: JsonValue;
  /** Entry that this file is a new version of. */
  supersedes: Hex | null;
  step: UploadStep;
  /** sha-256 of the plaintext; null before the first pass. */
  sha256: Hex | null;
  /** Key and salt made for exactly (size, sha256); null before the first pass. */
  secret: { dek: Uint8Array; salt: Uint8Array } | null;
  /** Digests of the encrypted leaves that are stored, from the first on without a gap. */
  leafDigests: Hex[];
  /** Address of the whole ciphertext; null until the last leaf is stored. */
  cid: string | null;
  /** Pointers of records made of it that were sent to the chart; which of them arrived, if any, the chart tells. */
  sentAs: Hex[];
};

/** A table of opaque rows: IndexedDB in the browser, a Map in tests. */
export type RowStore = {
  list(): Promise<{ id: string; sealed: Uint8Array }[]>;
  put(id: string, sealed: Uint8Array): Promise<void>;
  remove(id: string): Promise<void>;
};

/** Jobs of one person. */
export type JobStore = {
  /** The person's jobs, oldest first. Rows sealed by somebody else on this device are left alone. */
  list(): Promise<UploadJob[]>;
  put(job: UploadJob): Promise<void>;
  remove(id: string): Promise<void>;
};

/** The key that seals the queue. `vaultKey`: 32 bytes. */
export function deriveQueueKey(vaultKey: Uint8Array): Promise<CryptoKey> {
  return deriveDeviceKey(vaultKey, "carekey/upload-queue/v1");
}

/** A {@link JobStore} that seals each job before it reaches `rows`. */
export function sealedJobStore(rows: RowStore, key: CryptoKey): JobStore {
  return {
    async list() {
      const opened = await Promise.all((await rows.list()).map(({ id, sealed }) => openJob(key, id, sealed)));
      return opened.filter((job) => job !== null).sort((left, right) => left.createdAtMs - right.createdAtMs);
    },
    async put(job) {
      await rows.put(job.id, await sealOnDevice(key, placeOf(job.id), jobToValue(job)));
    },
    remove: (id) => rows.remove(id),
  };
}

/** The job of a row, or null when it is somebody else's or was altered. */
async function openJob(key: CryptoKey, id: string, sealed: Uint8Array): Promise<UploadJob | null> {
  const value = await openOnDevice(key, placeOf(id), sealed);
  return value === null ? null : jobFromValue(id, value);
}

function placeOf(id: string): string {
  return `carekey/upload-job/v1/${id}`;
}

function jobToValue(job: UploadJob): CborValue {
  const { createdAtMs, name, type, size, scope, fhir, supersedes, step, sha256, secret, leafDigests, cid, sentAs } =
    job;
  const keys = secret === null ? null : [secret.dek, secret.salt];
  return [createdAtMs, name, type, size, scope, fhir, supersedes, step, sha256, keys, leafDigests, cid, sentAs];
}

function jobFromValue(id: string, value: CborValue): UploadJob {
  // Rows of a build that did not remember what was sent end before it.
  if (!Array.isArray(value) || (value.length !== 13 && value.length !== 12)) {
    throw new SdkError("MALFORMED", "upload job: expected 13 fields");
  }
  const [createdAtMs, name, type, size, scope, fhir, supersedes, step, sha256, keys, leafDigests, cid, sentAs = []] =
    value as [
      number,
      string,
      string,
      number,
      string,
      JsonValue,
      Hex | null,
      UploadStep,
      Hex | null,
      [Uint8Array, Uint8Array] | null,
      Hex[],
      string | null,
      Hex[]?,
    ];
  const secret = keys === null ? null : { dek: keys[0], salt: keys[1] };
  return { id, createdAtMs, name, type, size, scope, fhir, supersedes, step, sha256, secret, leafDigests, cid, sentAs };
}
