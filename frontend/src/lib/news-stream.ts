/**
 * @module lib/news-stream
 * Follows the gateway's live stream as long as somebody looks: a hidden tab lets go of its connection, of which a browser has few,
 * and a stream that breaks is opened again after a pause that grows.
 */
import type { NotificationEvent, NotificationsClient } from "@carekey/sdk/gateway";
import { errorCodeOf } from "./error-sentences.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/** Follows the stream until the returned function is called, or until the person is signed in no longer. */
export function followNews(
  { listen }: Pick<NotificationsClient, "listen">,
  onEvent: (event: NotificationEvent) => void,
): () => void {
  const leaving = new AbortController();
  void follow();
  return () => leaving.abort();

  async function follow(): Promise<void> {
    let after: number | undefined;
    for (let failures = 0; !leaving.signal.aborted; failures++) {
      await untilVisible(true, leaving.signal);
      const looking = new AbortController();
      const signal = AbortSignal.any([leaving.signal, looking.signal]);
      void untilVisible(false, signal).then(() => looking.abort());
      try {
        for await (const event of listen({ signal, ...(after === undefined ? {} : { after }) })) {
          failures = 0;
          after = event.cursor;
          onEvent(event);
        }
      } catch (error) {
        if (errorCodeOf(error) === "NOT_SIGNED_IN") return;
      }
      looking.abort();
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), leaving.signal);
    }
  }
}

/** Resolves when the page is shown (or hidden), or when the signal says so. */
function untilVisible(isVisible: boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if ((document.visibilityState === "visible") !== isVisible && !signal.aborted) return;
      document.removeEventListener("visibilitychange", check);
      signal.removeEventListener("abort", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    signal.addEventListener("abort", check);
    check();
  });
}

/** Waits, with some chance in it, so that not everybody comes back at once to a server that was away. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds * (0.75 + Math.random() / 2));
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
