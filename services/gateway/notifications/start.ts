/**
 * @module services/gateway/notifications/start
 * The watch of a running gateway: reads the chain on, and sends the mails that are due, until it is stopped.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../common/log.ts";
import { sendDueMails, type MailPorts } from "./mails.ts";
import { createWatcher, type WatcherPorts } from "./watcher.ts";

/** What {@link startWatch} works with. `confirmations`: how deep a block lies before a mail is sent about it. */
export type WatchSettings = WatcherPorts & {
  mails: MailPorts;
  confirmations: number;
  everyMs: number;
  log: Log;
};

/** Starts the watch. Failures are logged and tried again. */
export function startWatch(settings: WatchSettings): { stop(): Promise<void> } {
  const watcher = createWatcher(settings);
  const ending = new AbortController();
  const running = watch();

  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        await watcher.poll();
        const newest = await settings.chain.block();
        await sendDueMails(settings.mails, (newest?.number ?? 0) - settings.confirmations + 1);
      } catch (err) {
        if (!ending.signal.aborted) settings.log.warn({ err }, "notifications wait");
      }
      await pause(settings.everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}
