/**
 * @module workers/uploader
 * The page's side of the upload worker: each pass over a file as one promise. The queue knows only {@link Uploader}.
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { Deployment } from "@carekey/sdk/deployment";
import { SdkError } from "@carekey/sdk/errors";
import type { UploadReport, UploadRequest, UploadTask } from "./upload-messages.ts";

/** The two passes over a file. Both throw CANCELLED when `signal` is aborted, FILE_CHANGED when it cannot be read. */
export type Uploader = {
  hash(file: Blob, options: { signal: AbortSignal; onProgress: (doneBytes: number) => void }): Promise<Hex>;
  /**
   * Encrypts and stores a file from leaf `done.length` on; `onStored` tells all leaf digests stored so far without a gap.
   * Throws IPFS_UNAVAILABLE, NOT_SIGNED_IN, QUOTA_EXCEEDED, STORAGE_FULL, RATE_LIMITED.
   */
  upload(
    input: { file: Blob; dek: Uint8Array; salt: Uint8Array; sha256: Hex; done: readonly Hex[] },
    options: {
      signal: AbortSignal;
      onProgress: (doneBytes: number) => void;
      onStored: (leafDigests: Hex[]) => void;
    },
  ): Promise<{ cid: string; leafDigests: Hex[] }>;
  /** Ends everything under way and forgets all keys. */
  close(): void;
};

type Listener = { onReport: (report: UploadReport) => void; onCrash: (error: SdkError) => void };

/** The uploader to a deployment's gateway: "" is where the app itself came from. */
export function uploaderFor({ gatewayUrl }: Pick<Deployment, "gatewayUrl">): Uploader {
  return createWorkerUploader(gatewayUrl === "" ? location.origin : gatewayUrl);
}

/** An uploader in a worker of its own, which starts with the first file. `ipfsUrl` as for createBlockClient, not "". */
function createWorkerUploader(ipfsUrl: string): Uploader {
  const listeners = new Map<number, Listener>();
  let worker: Worker | null = null;
  let lastTaskId = 0;

  function open(): Worker {
    if (worker !== null) return worker;
    const opened = new Worker(new URL("./upload-worker.ts", import.meta.url), { type: "module", name: "upload" });
    opened.addEventListener("message", (event: MessageEvent<UploadReport>) =>
      listeners.get(event.data.taskId)?.onReport(event.data),
    );
    opened.addEventListener("error", (event) => {
      end(new SdkError("INTERNAL", "the upload worker stopped", { cause: event.message }));
    });
    tell(opened, { type: "configure", ipfsUrl });
    worker = opened;
    return opened;
  }

  function end(error: SdkError): void {
    worker?.terminate();
    worker = null;
    for (const listener of [...listeners.values()]) listener.onCrash(error);
    listeners.clear();
  }

  function start<Result>(
    task: UploadTask,
    signal: AbortSignal,
    onReport: (report: UploadReport, resolve: (result: Result) => void) => void,
  ): Promise<Result> {
    const taskId = ++lastTaskId;
    const target = open();
    return new Promise<Result>((resolve, reject) => {
      const stop = () => {
        tell(target, { type: "stop", taskId });
        settle(() => reject(new SdkError("CANCELLED", "the upload was stopped")));
      };
      const settle = (act: () => void) => {
        listeners.delete(taskId);
        signal.removeEventListener("abort", stop);
        act();
      };
      listeners.set(taskId, {
        onCrash: (error) => settle(() => reject(error)),
        onReport: (report) => {
          if (report.type === "failed") settle(() => reject(new SdkError(report.code, report.message)));
          else onReport(report, (result) => settle(() => resolve(result)));
        },
      });
      if (signal.aborted) return stop();
      signal.addEventListener("abort", stop);
      tell(target, { type: "start", taskId, task });
    });
  }

  return {
    hash: (file, { signal, onProgress }) =>
      start<Hex>({ kind: "hash", file }, signal, (report, resolve) => {
        if (report.type === "progress") onProgress(report.doneBytes);
        if (report.type === "hashed") resolve(report.sha256);
      }),
    upload: ({ file, dek, salt, sha256, done }, { signal, onProgress, onStored }) => {
      let stored = [...done];
      const task: UploadTask = { kind: "upload", file, dek, salt, sha256, done: [...done] };
      return start<{ cid: string; leafDigests: Hex[] }>(task, signal, (report, resolve) => {
        if (report.type === "progress") onProgress(report.doneBytes);
        if (report.type === "stored") {
          stored = [...stored.slice(0, report.from), ...report.leafDigests];
          onStored(stored);
        }
        if (report.type === "uploaded") resolve({ cid: report.cid, leafDigests: report.leafDigests });
      });
    },
    close: () => end(new SdkError("CANCELLED", "the upload worker was closed")),
  };
}

function tell(worker: Worker, request: UploadRequest): void {
  worker.postMessage(request);
}
