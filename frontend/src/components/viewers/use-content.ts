/**
 * @module components/viewers/use-content
 * Opens a record's content once, with progress, and forgets the plaintext when the viewer goes.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import { readAll, saveBlob, type FileFacts } from "./content.ts";
import { chooseTarget, savingOf, writeStream } from "./save-file.ts";

/** Options that a record's content may heed. */
export type OpenOptions = { onProgress?: (doneBytes: number) => void; signal?: AbortSignal };
/** Streams the verified plaintext of a record's content; null when it has none. Each call begins anew. */
export type OpenContent = (options?: OpenOptions) => ReadableStream<Uint8Array> | null;

/** Where opening stands. */
export type ContentState =
  | { status: "idle" }
  | { status: "loading"; doneBytes: number }
  | { status: "ready"; blob: Blob }
  /** On the disk. */
  | { status: "saved" }
  /** `isSaving`: nothing of it was left on the disk. */
  | { status: "failed"; error: unknown; isSaving: boolean };

/** The state of a content, and how to open it (again), save it, and stop. Opens by itself when `isEager`. */
export function useContent(file: FileFacts, open: OpenContent, isEager: boolean) {
  const [state, setState] = useState<ContentState>(isEager ? { status: "loading", doneBytes: 0 } : { status: "idle" });
  const latest = useRef(open);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    latest.current = open;
  }, [open]);

  const run = useCallback(
    async (
      isSaving: boolean,
      read: (stream: ReadableStream<Uint8Array>, signal: AbortSignal) => Promise<ContentState>,
    ) => {
      controller.current?.abort();
      const own = new AbortController();
      controller.current = own;
      try {
        const onProgress = (doneBytes: number) => !own.signal.aborted && setState({ status: "loading", doneBytes });
        const stream = latest.current({ signal: own.signal, onProgress }) ?? new Blob([]).stream();
        const end = await read(stream, own.signal);
        if (!own.signal.aborted) setState(end);
      } catch (error) {
        if (!own.signal.aborted) setState({ status: "failed", error, isSaving });
      }
    },
    [],
  );

  const load = useCallback(
    () => run(false, async (stream) => ({ status: "ready", blob: await readAll(stream) })),
    [run],
  );

  const start = useCallback(() => {
    setState({ status: "loading", doneBytes: 0 });
    return load();
  }, [load]);

  const save = async () => {
    if (state.status === "ready") return saveBlob(state.blob, file.name);
    if (savingOf(file.size) !== "stream") {
      setState({ status: "loading", doneBytes: 0 });
      return run(true, async (stream) => {
        saveBlob(await readAll(stream), file.name);
        return { status: "saved" };
      });
    }
    try {
      const target = await chooseTarget(file.name);
      setState({ status: "loading", doneBytes: 0 });
      await run(true, async (stream, signal) => {
        await writeStream(target, stream, { signal });
        return { status: "saved" };
      });
    } catch {
      // The person closed the dialog: nothing happened.
    }
  };

  const stop = useCallback(() => {
    controller.current?.abort();
    setState({ status: "idle" });
  }, []);

  useEffect(() => {
    if (isEager) void load();
    return () => controller.current?.abort();
  }, [isEager, load]);

  return { state, start, save, stop };
}
