/**
 * @module workers/upload-queue
 * The upload queue: one file at a time is read, encrypted and stored; the others wait their turn. It survives a reload
 * through its {@link JobStore}. Knows no React, no worker and no database: they come as ports.
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { UploadedContent } from "@carekey/sdk/client";
import { SdkError, isSdkError, type SdkErrorCode } from "@carekey/sdk/errors";
import { CHUNK_BYTES, type JsonValue } from "@carekey/sdk/records";
import type { JobStore, UploadJob } from "./upload-job.ts";
import type { Uploader } from "./uploader.ts";

/** Where a file stands, as the person sees it. */
export type UploadState =
  | "queued" // waits for its turn
  | "checking" // first pass: sha-256
  | "uploading" // second pass: encrypt and store
  | "paused" // by the person
  | "needs-file" // after a reload: the same file has to be chosen again
  | "changed" // the file chosen to go on with is not the one begun
  | "failed" // cannot go on by itself; `problem` says why
  | "ready"; // stored; waits to be added to the chart

/** One file in the tray. */
export type UploadItem = {
  id: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  scope: string;
  fhir: JsonValue;
  supersedes: Hex | null;
  state: UploadState;
  doneBytes: number;
  problem: SdkErrorCode | null;
};

/** What the tray draws. `waiting` names what holds the whole queue up: storage, quota, sign-in or the connection. */
export type UploadSnapshot = { items: readonly UploadItem[]; waiting: SdkErrorCode | null; isLoaded: boolean };

/** A file that the person chose, and where it belongs. */
export type ChosenFile = {
  file: Blob;
  name: string;
  type: string;
  scope: string;
  fhir?: JsonValue;
  supersedes?: Hex | null;
};

/** What a finished upload gives to `addRecord`. */
export type FinishedUpload = {
  name: string;
  type: string;
  size: number;
  sha256: Hex;
  scope: string;
  fhir: JsonValue;
  supersedes: Hex | null;
  content: UploadedContent;
  /** Pointers under which it was sent to the chart before: it may have arrived though nobody heard of it. */
  sentAs: readonly Hex[];
};

/** Ports of {@link createUploadQueue}. */
export type UploadQueuePorts = {
  jobs: JobStore;
  uploader: Uploader;
  random: (length: number) => Uint8Array;
  nowMs: () => number;
  /** Calls back after some milliseconds; returns how to call it off. */
  later: (call: () => void, delayMs: number) => () => void;
};

/** Problems that hold up the whole queue, not one file. */
const HOLDING: readonly SdkErrorCode[] = [
  "IPFS_UNAVAILABLE",
  "GATEWAY_UNAVAILABLE",
  "RATE_LIMITED",
  "NOT_SIGNED_IN",
  "QUOTA_EXCEEDED",
  "STORAGE_FULL",
];
/** Those of them that pass by themselves, so that the queue tries again. */
const PASSING: readonly SdkErrorCode[] = ["IPFS_UNAVAILABLE", "GATEWAY_UNAVAILABLE", "RATE_LIMITED"];
const TRY_AGAIN_MS = 15_000;
const SAVE_EVERY_MS = 500;

/** The queue of one person, until `close`. */
export type UploadQueue = ReturnType<typeof createUploadQueue>;

/** A queue that holds nothing yet; call `load` once. */
export function createUploadQueue({ jobs: store, uploader, random, nowMs, later }: UploadQueuePorts) {
  type Entry = {
    job: UploadJob;
    file: Blob | null;
    state: UploadState;
    doneBytes: number;
    problem: SdkErrorCode | null;
    savedAtMs: number;
  };
  let entries: Entry[] = [];
  let active: { entry: Entry; control: AbortController } | null = null;
  let waiting: SdkErrorCode | null = null;
  let callOff: (() => void) | null = null;
  let isClosed = false;
  let isLoaded = false;
  let saving: Promise<void> = Promise.resolve();
  let snapshot: UploadSnapshot = { items: [], waiting: null, isLoaded: false };
  const listeners = new Set<() => void>();

  function publish(): void {
    const items = entries.map(({ job, state, doneBytes, problem }): UploadItem => {
      const { id, name, type, size, scope, fhir, supersedes } = job;
      return { id, name, type, size, scope, fhir, supersedes, state, doneBytes, problem };
    });
    snapshot = { items, waiting, isLoaded };
    for (const listener of listeners) listener();
  }

  function change(entry: Entry, values: Partial<Omit<Entry, "job">>): void {
    Object.assign(entry, values);
    publish();
  }

  /** Writes in order; a write that fails holds the queue up, for without it a reload would lose the file. */
  function save(entry: Entry): Promise<void> {
    entry.savedAtMs = nowMs();
    const job = { ...entry.job };
    const saved = saving.then(() => (entries.includes(entry) ? store.put(job) : undefined));
    saving = saved.catch(() => undefined);
    return saved;
  }

  function find(id: string): Entry {
    const entry = entries.find(({ job }) => job.id === id);
    if (entry === undefined) throw new SdkError("NOT_FOUND", "no such upload");
    return entry;
  }

  function stop(entry: Entry): void {
    if (active?.entry === entry) active.control.abort();
  }

  function next(): void {
    if (isClosed || active !== null || waiting !== null) return;
    const entry = entries.find(({ state }) => state === "queued");
    if (entry === undefined) return;
    const control = new AbortController();
    active = { entry, control };
    void process(entry, control.signal)
      .catch((error: unknown) => settleFailure(entry, error))
      .finally(() => {
        if (active?.control === control) active = null;
        next();
      });
  }

  async function process(entry: Entry, signal: AbortSignal): Promise<void> {
    const { job, file } = entry;
    if (file === null) return change(entry, { state: "needs-file" });
    await bind(entry, file, signal);
    if (signal.aborted) throw new SdkError("CANCELLED", "the upload was stopped");
    if (job.secret === null || job.sha256 === null) throw new SdkError("INTERNAL", "an upload without a key");
    change(entry, { state: "uploading", problem: null });
    const { cid, leafDigests } = await uploader.upload(
      { file, ...job.secret, sha256: job.sha256, done: job.leafDigests },
      {
        signal,
        onProgress: (doneBytes) => change(entry, { doneBytes }),
        onStored: (stored) => {
          job.leafDigests = stored;
          if (nowMs() - entry.savedAtMs >= SAVE_EVERY_MS) void save(entry).catch(() => undefined);
        },
      },
    );
    Object.assign(job, { step: "ready", cid, leafDigests });
    await save(entry);
    change(entry, { state: "ready", doneBytes: job.size, file: null });
  }

  /** First pass: a key belongs to one (size, sha256). A file that differs from the one begun is not encrypted under it. */
  async function bind(entry: Entry, file: Blob, signal: AbortSignal): Promise<void> {
    const { job } = entry;
    if (checked.has(file) && job.sha256 !== null) return;
    change(entry, { state: "checking", doneBytes: 0, problem: null });
    const sha256 = await uploader.hash(file, { signal, onProgress: (doneBytes) => change(entry, { doneBytes }) });
    if (job.sha256 !== null && job.sha256 !== sha256) {
      throw new SdkError("FILE_CHANGED", "this is not the file that was begun");
    }
    checked.add(file);
    if (job.sha256 !== null) return;
    Object.assign(job, { sha256, step: "uploading", secret: { dek: random(32), salt: random(16) } });
    await save(entry);
  }
  const checked = new WeakSet<Blob>();

  function settleFailure(entry: Entry, error: unknown): void {
    if (isClosed) return;
    const code = isSdkError(error) ? error.code : "INTERNAL";
    void save(entry).catch(() => undefined);
    if (code === "CANCELLED") return; // whoever stopped it has set the state
    if (code === "FILE_CHANGED")
      return change(entry, { state: "changed", problem: code, doneBytes: storedBytes(entry.job) });
    if (!HOLDING.includes(code)) return change(entry, { state: "failed", problem: code });
    waiting = code;
    if (PASSING.includes(code)) callOff = later(tryAgain, TRY_AGAIN_MS);
    change(entry, { state: "queued", problem: code });
  }

  function tryAgain(): void {
    callOff?.();
    callOff = null;
    waiting = null;
    publish();
    next();
  }

  return {
    /** For useSyncExternalStore. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: (): UploadSnapshot => snapshot,

    /** Reads what an earlier visit left. */
    async load(): Promise<void> {
      const loaded = (await store.list()).filter((job) => entries.every((entry) => entry.job.id !== job.id));
      const restored = loaded.map((job): Entry => {
        const isReady = job.step === "ready";
        const state = isReady ? "ready" : "needs-file";
        return { job, file: null, state, doneBytes: storedBytes(job), problem: null, savedAtMs: 0 };
      });
      entries = [...restored, ...entries];
      isLoaded = true;
      publish();
    },

    /** Takes files in. One of the same name and size as an unfinished one goes on with that one. */
    async add(files: readonly ChosenFile[]): Promise<void> {
      const added: Entry[] = [];
      for (const { file, name, type, scope, fhir = null, supersedes = null } of files) {
        const unfinished = entries.find(
          ({ job, state }) => state === "needs-file" && job.name === name && job.size === file.size,
        );
        if (unfinished !== undefined) {
          change(unfinished, { file, state: "queued", problem: null });
          continue;
        }
        const id = Array.from(random(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
        const createdAtMs = nowMs() + added.length;
        const facts = { id, createdAtMs, name, type, size: file.size, scope, fhir, supersedes };
        const job: UploadJob = {
          ...facts,
          step: "chosen",
          sha256: null,
          secret: null,
          leafDigests: [],
          cid: null,
          sentAs: [],
        };
        added.push({ job, file, state: "queued", doneBytes: 0, problem: null, savedAtMs: 0 });
      }
      entries = [...entries, ...added];
      publish();
      const saved = await Promise.allSettled(added.map(save));
      const failed = saved.find((result) => result.status === "rejected");
      if (failed !== undefined && isSdkError(failed.reason, "STORAGE_FULL")) {
        waiting = "STORAGE_FULL";
        publish();
      }
      next();
    },

    /**
     * Goes on with an unfinished upload after a reload. The bytes are compared before anything is sent.
     * A file of another size is refused at once: the item says so, and nothing of the progress is lost.
     */
    chooseAgain(id: string, file: Blob): void {
      const entry = find(id);
      if (file.size !== entry.job.size) return change(entry, { state: "changed", problem: "FILE_CHANGED", file });
      change(entry, { file, state: "queued", problem: null });
      next();
    },

    /** Takes the changed file as it is now: a new key, from the beginning. */
    async startOver(id: string): Promise<void> {
      const entry = find(id);
      if (entry.file === null) return change(entry, { state: "needs-file", problem: null });
      const size = entry.file.size;
      Object.assign(entry.job, { size, step: "chosen", sha256: null, secret: null, leafDigests: [], cid: null });
      await save(entry);
      change(entry, { state: "queued", doneBytes: 0, problem: null });
      next();
    },

    pause(id: string): void {
      const entry = find(id);
      if (!["queued", "checking", "uploading"].includes(entry.state)) return;
      change(entry, { state: "paused", doneBytes: storedBytes(entry.job) });
      stop(entry);
    },

    resume(id: string): void {
      const entry = find(id);
      if (!["paused", "failed"].includes(entry.state)) return;
      change(entry, { state: entry.file === null ? "needs-file" : "queued", problem: null });
      next();
    },

    /** After something held the queue up: sign-in, a freed disk, a connection that is back. */
    tryAgain,

    /** Removes a file from the queue. Leaves already stored are dropped by the server after a day. */
    async remove(id: string): Promise<void> {
      const entry = find(id);
      entries = entries.filter((other) => other !== entry);
      stop(entry);
      publish();
      await saving;
      await store.remove(id);
    },

    /** Files an upload under another scope. */
    async setScope(id: string, scope: string): Promise<void> {
      const entry = find(id);
      entry.job.scope = scope;
      publish();
      await save(entry);
    },

    /**
     * What `addRecord` needs of a finished upload. The item stays until `remove`: a refused signature loses nothing.
     * @throws SdkError NOT_FOUND, INVALID_ARGUMENT when it is not ready.
     */
    finished(id: string): FinishedUpload {
      const { job } = find(id);
      const { name, type, size, scope, fhir, supersedes, sha256, secret, cid, leafDigests, sentAs } = job;
      if (sha256 === null || secret === null || cid === null) {
        throw new SdkError("INVALID_ARGUMENT", "this upload is not finished");
      }
      const content = { ...secret, cid, leafDigests, size, sha256 };
      return { name, type, size, sha256, scope, fhir, supersedes, content, sentAs };
    },

    /** Remembers the pointer of the record that is about to be sent to the chart. Resolves once that is stored. */
    async sending(id: string, pointer: Hex): Promise<void> {
      const entry = find(id);
      entry.job.sentAs.push(pointer);
      await save(entry);
    },

    /** The server no longer has the ciphertext (it keeps what is not in a chart for a day): the file is needed again. */
    async lost(id: string): Promise<void> {
      const entry = find(id);
      Object.assign(entry.job, { step: "uploading", leafDigests: [], cid: null });
      await save(entry);
      change(entry, { state: "needs-file", doneBytes: 0, problem: "NOT_FOUND" });
    },

    /** Stops, forgets files and keys. What is stored stays for the next visit. */
    close(): void {
      isClosed = true;
      callOff?.();
      active?.control.abort();
      uploader.close();
      for (const { job } of entries) job.secret?.dek.fill(0);
      entries = [];
      publish();
      listeners.clear();
    },
  };
}

/** Bytes of a file whose ciphertext is stored. */
function storedBytes({ step, size, leafDigests }: UploadJob): number {
  return step === "ready" ? size : Math.min(size, leafDigests.length * CHUNK_BYTES);
}
