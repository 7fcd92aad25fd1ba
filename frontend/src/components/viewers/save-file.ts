/**
 * @module components/viewers/save-file
 * Saving a stream of verified plaintext: piece by piece onto the disk where the browser can, else by way of its memory. A file that
 * breaks off, is stopped, or proves damaged at its end leaves nothing behind.
 */
import { SdkError } from "@carekey/sdk/errors";
import { safeFileName } from "./content.ts";

/** From this size on a file goes straight to the disk where the browser can do that; smaller ones land among the downloads. Bytes. */
export const STREAM_FROM_BYTES = 64e6;
/** Above this size a browser that cannot stream to the disk may run out of memory, and the person is told first. Bytes. */
export const MEMORY_LIMIT_BYTES = 500e6;

/** A place on the disk that the person chose: what is used of a FileSystemFileHandle. `remove` is missing in some browsers. */
export type SaveTarget = {
  getFile(): Promise<{ readonly size: number }>;
  createWritable(): Promise<{
    write(piece: Uint8Array): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
  remove?(): Promise<void>;
};

type SavePicker = (options: { suggestedName: string }) => Promise<SaveTarget>;

function savePicker(): SavePicker | null {
  const { showSaveFilePicker } = globalThis as { showSaveFilePicker?: SavePicker };
  return typeof showSaveFilePicker === "function" ? showSaveFilePicker.bind(globalThis) : null;
}

/** How a file of this size would be saved. `memory` is `warned` when it may be too much. */
export function savingOf(size: number, canStream = savePicker() !== null): "stream" | "memory" | "warned" {
  if (canStream && size >= STREAM_FROM_BYTES) return "stream";
  return size > MEMORY_LIMIT_BYTES ? "warned" : "memory";
}

/**
 * Asks where to save. Has to be called by a press of the person.
 * @throws SdkError CANCELLED when the person closes the dialog, INTERNAL where the browser has none.
 */
export async function chooseTarget(name: string): Promise<SaveTarget> {
  const pick = savePicker();
  if (pick === null) throw new SdkError("INTERNAL", "this browser cannot save piece by piece");
  try {
    return await pick({ suggestedName: safeFileName(name) });
  } catch (cause) {
    throw new SdkError("CANCELLED", "no place was chosen", { cause });
  }
}

/**
 * Writes a stream to its end. When it fails, nothing of it stays: what was there before keeps its place, and a new file is removed.
 * @throws SdkError as the stream, CANCELLED when `signal` is aborted; what the browser throws when the disk has no room.
 */
export async function writeStream(
  target: SaveTarget,
  stream: ReadableStream<Uint8Array>,
  { onProgress, signal }: { onProgress?: (doneBytes: number) => void; signal?: AbortSignal } = {},
): Promise<void> {
  const isNew = (await target.getFile()).size === 0;
  const file = await target.createWritable();
  const reader = stream.getReader();
  try {
    let done = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (signal?.aborted) throw new SdkError("CANCELLED", "stopped by the person");
      await file.write(piece.value);
      done += piece.value.length;
      onProgress?.(done);
    }
    await file.close();
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    await file.abort().catch(() => undefined);
    if (isNew) await target.remove?.().catch(() => undefined);
    throw error;
  }
}
