/**
 * @module services/keeper/view-notices
 * Tells the gateway of views, so that patients hear of them at once. The log of receipts is the queue: what was not told before an end
 * is told after the next start. A gateway that is away holds up no view.
 */
import { setTimeout as pause } from "node:timers/promises";
import { MAX_NOTICED_VIEWS } from "@carekey/sdk/gateway";
import { viewNoticeDigest } from "@carekey/sdk/keeper";
import type { KeeperPorts } from "./ports.ts";

const EVERY_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const PATIENCE_MS = 10_000;

/** What {@link startViewNotices} works with. `gatewayUrl`: the gateway as this keeper reaches it. */
export type ViewNoticePorts = Pick<KeeperPorts, "deployment" | "identity" | "store" | "log" | "settings"> & {
  gatewayUrl: string;
};

/** Tells what is due, and goes on until it is stopped. Failures are logged and tried again, ever more slowly. */
export function startViewNotices(ports: ViewNoticePorts, everyMs = EVERY_MS): { stop(): Promise<void> } {
  const { log } = ports;
  const ending = new AbortController();
  const running = tellOn();

  async function tellOn(): Promise<void> {
    let failures = 0;
    while (!ending.signal.aborted) {
      try {
        while (await tellSome(ports, ending.signal));
        failures = 0;
      } catch (err) {
        if (ending.signal.aborted) return;
        if (failures === 0) log.warn({ err }, "the gateway was not told of views");
        failures += 1;
      }
      const wait = Math.min(everyMs * 2 ** failures, Math.max(LONGEST_PAUSE_MS, everyMs));
      await pause(wait, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** Tells of the oldest views that were not told. @returns whether there may be more @throws Error when the gateway did not take them */
async function tellSome(ports: ViewNoticePorts, ending: AbortSignal): Promise<boolean> {
  const { deployment, identity, store, settings, gatewayUrl } = ports;
  const { views, upTo } = store.untold(MAX_NOTICED_VIEWS);
  if (views.length === 0) return false;
  const signature = await identity.sign(viewNoticeDigest(deployment, identity.address, views));
  const reply = await fetch(new URL("/api/v1/views", gatewayUrl), {
    method: "POST",
    // The gateway takes nothing from an origin other than the app's.
    headers: { "Content-Type": "application/json", origin: settings.origins[0]! },
    body: JSON.stringify({ keeper: identity.address, views, signature }),
    signal: AbortSignal.any([ending, AbortSignal.timeout(PATIENCE_MS)]),
  });
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`the gateway answered ${reply.status}`);
  store.markTold(upTo);
  return views.length === MAX_NOTICED_VIEWS;
}
