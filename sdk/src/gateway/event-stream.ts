/**
 * @module gateway/event-stream
 * Reads server-sent events from an answer that stays open. Only what the gateway sends is understood: `data` in one line, comments.
 */

/** The data of each event as it comes, until the answer ends or `signal` says so. Stopping to read closes the connection. */
export async function* readEvents(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith("data:")) yield line.slice("data:".length).trim();
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
