/**
 * @module components/viewers/use-content
 * Opens a record's content once, with progress, and forgets the plaintext when the viewer goes.
 */
import { useCallback, useEffect, useRef, useState } from "react";

/** Options that a record's `open` may heed. */
export type OpenOptions = { onProgress?: (doneBytes: number) => void; signal?: AbortSignal };
/** Opens the plaintext of a record's content. */
export type OpenContent = (options?: OpenOptions) => Promise<Blob | Uint8Array>;

/** Where opening stands. */
export type ContentState =
  | { status: "idle" }
  | { status: "loading"; doneBytes: number }
  | { status: "ready"; blob: Blob }
  | { status: "failed"; error: unknown };

/** The state of a content, and how to start (again). Starts by itself when `isEager`. */
export function useContent(open: OpenContent, isEager: boolean) {
  const [state, setState] = useState<ContentState>(isEager ? { status: "loading", doneBytes: 0 } : { status: "idle" });
  const latest = useRef(open);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    latest.current = open;
  }, [open]);

  const run = useCallback(async (): Promise<Blob | null> => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    try {
      const content = await latest.current({
        signal: own.signal,
        onProgress: (doneBytes) => !own.signal.aborted && setState({ status: "loading", doneBytes }),
      });
      if (own.signal.aborted) return null;
      const blob = content instanceof Blob ? content : new Blob([new Uint8Array(content)]);
      setState({ status: "ready", blob });
      return blob;
    } catch (error) {
      if (!own.signal.aborted) setState({ status: "failed", error });
      return null;
    }
  }, []);

  const start = useCallback(() => {
    setState({ status: "loading", doneBytes: 0 });
    return run();
  }, [run]);

  const stop = useCallback(() => {
    controller.current?.abort();
    setState({ status: "idle" });
  }, []);

  useEffect(() => {
    if (isEager) void run();
    return () => controller.current?.abort();
  }, [isEager, run]);

  return { state, start, stop };
}
