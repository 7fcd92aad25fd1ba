/**
 * @module services/gateway/relay/start
 * The relay of a running gateway: its account, its database, its chain, and the loop that looks after what is open.
 */
import type { PublicClient } from "viem";
import type { Deployment } from "@carekey/sdk/deployment";
import type { Log } from "../../common/log.ts";
import type { Database } from "../adapters/database.ts";
import { loadRelayer } from "../adapters/identity-key.ts";
import { createRelayChain } from "../adapters/relay-chain.ts";
import { createRelayStore } from "../adapters/relay-store.ts";
import { allowedActs } from "./allow-list.ts";
import { createRelayer } from "./relayer.ts";
import type { Relay, RelayLimits } from "./types.ts";

const TEND_EVERY_MS = 1_000;
/** How long the relay remembers what ended. */
const MEMORY_SECONDS = 7 * 86_400;

/** A relay that is looked after until it is stopped. */
export type RunningRelay = {
  /** Null where the deployment names no relayer: nobody is paid for. */
  relay: Relay | null;
  /** Forgets what ended long ago. */
  purge(): Promise<void>;
  /** Resolves once nothing of it is running any more. */
  stop(): Promise<void>;
};

/** What {@link startRelay} works with. `folder` holds the relayer's key. */
export type RelaySettings = {
  deployment: Deployment;
  client: PublicClient;
  database: Database;
  folder: string;
  limits: RelayLimits;
  now: () => number;
  log: Log;
};

/** Starts the relay: what an earlier process left open is taken up first. */
export async function startRelay(settings: RelaySettings): Promise<RunningRelay> {
  const { deployment, client, now, log } = settings;
  if (deployment.relayer === undefined) {
    return { relay: null, purge: () => Promise.resolve(), stop: () => Promise.resolve() };
  }
  const store = createRelayStore(settings.database);
  const relay = createRelayer({
    ...settings,
    chain: createRelayChain(client, await loadRelayer(settings.folder), allowedActs(deployment)),
    store,
    confirmations: deployment.confirmations,
  });
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running = tend();
  async function tend(): Promise<void> {
    try {
      await relay.tend();
    } catch (err) {
      log.warn({ err }, "the relay could not look after its transactions");
    }
    if (!isStopped) timer = setTimeout(() => void (running = tend()), TEND_EVERY_MS);
  }
  return {
    relay,
    purge: () => store.purge(now() - MEMORY_SECONDS),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
