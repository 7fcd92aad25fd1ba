/**
 * @module workers/upload-once
 * One file through the upload worker, for what is sent at once instead of waiting in a queue.
 */
import type { ActOptions, UploadedContent } from "@carekey/sdk/client";
import { newFileKeys } from "@carekey/sdk/records";
import type { Uploader } from "./uploader.ts";

/**
 * Hashes, encrypts and stores a file away from the page, and closes the uploader.
 * @throws SdkError CANCELLED, FILE_CHANGED, IPFS_UNAVAILABLE, NOT_SIGNED_IN, QUOTA_EXCEEDED, STORAGE_FULL, RATE_LIMITED
 */
export async function uploadOnce(uploader: Uploader, file: Blob, options: ActOptions): Promise<UploadedContent> {
  const { size } = file;
  const signal = options.signal ?? new AbortController().signal;
  const onProgress = (label: string) => (doneBytes: number) =>
    options.onStep?.({ kind: "work", label, progress: size === 0 ? 1 : Math.min(1, doneBytes / size) });
  try {
    const sha256 = await uploader.hash(file, { signal, onProgress: onProgress("Reading the file") });
    const { dek, salt } = newFileKeys();
    const stored = await uploader.upload(
      { file, dek, salt, sha256, done: [] },
      { signal, onProgress: onProgress("Encrypting on this device and sending"), onStored: () => undefined },
    );
    return { ...stored, dek, salt, size, sha256 };
  } finally {
    uploader.close();
  }
}
