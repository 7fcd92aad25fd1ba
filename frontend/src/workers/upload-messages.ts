/**
 * @module workers/upload-messages
 * What the page and the upload worker say to each other. A task is one pass over one file.
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { SdkErrorCode } from "@carekey/sdk/errors";

/** A pass over a file: take its sha-256, or encrypt and upload it from leaf `done.length` on. */
export type UploadTask =
  | { kind: "hash"; file: Blob }
  | { kind: "upload"; file: Blob; dek: Uint8Array; salt: Uint8Array; sha256: Hex; done: Hex[] };

/** From the page. `stop` ends a task, for a pause as for a removal; nothing of it stays in the worker. */
export type UploadRequest =
  | { type: "configure"; ipfsUrl: string }
  | { type: "start"; taskId: number; task: UploadTask }
  | { type: "stop"; taskId: number };

/** From the worker. */
export type UploadReport =
  | { type: "progress"; taskId: number; doneBytes: number }
  /** All leaves up to `leafDigests.length` are stored; sent with every growth of the unbroken run. */
  | { type: "stored"; taskId: number; leafDigests: Hex[]; from: number }
  | { type: "hashed"; taskId: number; sha256: Hex }
  | { type: "uploaded"; taskId: number; cid: string; leafDigests: Hex[] }
  | { type: "failed"; taskId: number; code: SdkErrorCode; message: string };
