/**
 * @module services/keeper/run
 * The running keeper: reads the environment, opens store and node, registers itself, listens, closes.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { z } from "zod";
import { LOCAL_CHAIN_ID } from "@carekey/sdk/deployment";
import { originsSchema, parseEnvironment, portSchema, readDeployment } from "../common/config.ts";
import { createLog } from "../common/log.ts";
import { createChain } from "./adapters/chain.ts";
import { loadIdentity } from "./adapters/identity.ts";
import { openStore } from "./adapters/store.ts";
import { createApp } from "./app.ts";
import { registerKeeper } from "./registration.ts";
import { seatOf } from "./release.ts";
import { startViewNotices } from "./view-notices.ts";

const environmentSchema = z.object({
  KEEPER_DATA: z.string(),
  KEEPER_HOST: z.string().default("127.0.0.1"),
  KEEPER_PORT: portSchema,
  RPC_URL: z.url(),
  DEPLOYMENT: z.string(),
  APP_ORIGIN: originsSchema,
  GATEWAY_URL: z.url().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  KEEPER_REQUESTS_PER_MINUTE: z.coerce.number().int().positive().default(1200),
  KEEPER_VIEWS_PER_MINUTE: z.coerce.number().int().positive().default(600),
});

const clock = { now: () => Math.floor(Date.now() / 1000) };

/** Starts the keeper that the environment describes. @throws SdkError INVALID_ARGUMENT for settings, or what the adapters throw */
export async function run(variables: NodeJS.ProcessEnv): Promise<void> {
  const environment = parseEnvironment(environmentSchema, variables);
  const log = createLog({ name: "keeper", level: environment.LOG_LEVEL });
  const deployment = await readDeployment(environment.DEPLOYMENT);
  const identity = await loadIdentity(environment.KEEPER_DATA, clock.now());
  const store = openStore(join(environment.KEEPER_DATA, "keeper.sqlite"), identity.address);
  const chain = createChain(deployment, environment.RPC_URL);
  if (await registerKeeper({ deployment, rpcUrl: environment.RPC_URL, chain, identity }))
    log.info("registered on chain");
  const settings = {
    requireFreshHead: deployment.chainId !== LOCAL_CHAIN_ID,
    origins: environment.APP_ORIGIN,
    requestsPerMinute: environment.KEEPER_REQUESTS_PER_MINUTE,
    viewsPerMinute: environment.KEEPER_VIEWS_PER_MINUTE,
  };
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const ports = { deployment, identity, chain, store, clock, random, log, settings };
  if (seatOf(ports) === 0) log.warn("this keeper has no seat in the deployment");

  const server = serve(
    { fetch: createApp(ports).fetch, hostname: environment.KEEPER_HOST, port: environment.KEEPER_PORT },
    ({ port }) => log.info({ port }, "listening"),
  );
  server.on("error", (error: NodeJS.ErrnoException) => {
    const isBusy = error.code === "EADDRINUSE";
    log.fatal({ err: error }, isBusy ? `port ${environment.KEEPER_PORT} is in use` : "the server failed");
    process.exitCode = 1;
    void end();
  });
  const { GATEWAY_URL: gatewayUrl } = environment;
  const notices = gatewayUrl === undefined ? null : startViewNotices({ ...ports, gatewayUrl });
  const end = async () => {
    await notices?.stop();
    store.close();
  };
  const close = () => {
    server.close(() => void end());
    // Idle keep-alive connections would hold the process.
    if ("closeAllConnections" in server) server.closeAllConnections();
  };
  process.once("SIGINT", close);
  process.once("SIGTERM", close);
}
