/**
 * @module workers/upload-worker
 * The upload worker: reads, hashes, encrypts and uploads files away from the page, so that plaintext never leaves it.
 * It holds a file's key for as long as its task runs, and no other secret.
 */
import type { Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { createBlockClient, type BlockClient } from "@carekey/sdk/ipfs";
import { hashFile, uploadFile } from "./upload-engine.ts";
import type { UploadReport, UploadRequest, UploadTask } from "./upload-messages.ts";

const running = new Map<number, AbortController>();
let blocks: BlockClient | null = null;

self.addEventListener("message", (event: MessageEvent<UploadRequest>) => {
  const request = event.data;
  if (request.type === "configure") blocks = createBlockClient({ url: request.ipfsUrl });
  if (request.type === "stop") running.get(request.taskId)?.abort();
  if (request.type === "start") void run(request.taskId, request.task);
});

async function run(taskId: number, task: UploadTask): Promise<void> {
  const control = new AbortController();
  running.set(taskId, control);
  const onProgress = throttled((doneBytes: number) => report({ type: "progress", taskId, doneBytes }));
  const signal = control.signal;
  try {
    if (task.kind === "hash") {
      report({ type: "hashed", taskId, sha256: await hashFile(task.file, { signal, onProgress }) });
    } else {
      if (blocks === null) throw new SdkError("INTERNAL", "the upload worker was not configured");
      let sent = task.done.length;
      const onStored = (all: readonly Hex[]) => {
        // A run that began anew, because the server had dropped the leaves, replaces what the page knew.
        const from = all.length > sent ? sent : 0;
        report({ type: "stored", taskId, from, leafDigests: all.slice(from) });
        sent = all.length;
      };
      report({ type: "uploaded", taskId, ...(await uploadFile(task, { blocks, signal, onProgress, onStored })) });
    }
  } catch (error) {
    const { code, message } = error instanceof SdkError ? error : new SdkError("INTERNAL", String(error));
    report({ type: "failed", taskId, code, message });
  } finally {
    running.delete(taskId);
  }
}

function report(message: UploadReport): void {
  self.postMessage(message);
}

/** Lets a call through at most ten times a second; the last value of a task is told by its end. */
function throttled(call: (value: number) => void): (value: number) => void {
  let lastMs = 0;
  return (value) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < 100) return;
    lastMs = nowMs;
    call(value);
  };
}
