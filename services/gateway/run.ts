/**
 * @module services/gateway/run
 * The running gateway: opens the adapters that the environment names, listens, keeps house, closes.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { serve } from "@hono/node-server";
import { formatEther, isAddressEqual, parseEther } from "viem/utils";
import { z } from "zod";
import { createChainClient } from "@carekey/sdk/chain";
import { SdkError } from "@carekey/sdk/errors";
import { originsSchema, parseEnvironment, portSchema, readDeployment } from "../common/config.ts";
import { createLog } from "../common/log.ts";
import { createSignatureCheck } from "../common/signatures.ts";
import { loadCodeKey } from "./adapters/code-key.ts";
import { openEmbedded, openPostgres } from "./adapters/database.ts";
import { lockFolder } from "./adapters/folder-lock.ts";
import { loadIdentity } from "./adapters/identity-key.ts";
import { openHeliaBlocks } from "./adapters/helia-blocks.ts";
import { createKuboBlocks } from "./adapters/kubo-blocks.ts";
import { createStore } from "./adapters/store.ts";
import { createWatchedChain } from "./adapters/watched-chain.ts";
import { createApp } from "./app.ts";
import { isLoopback } from "./loopback.ts";
import { createOutbox } from "./mail/outbox.ts";
import { createSmtpMailer, noMailer } from "./mail/smtp.ts";
import { startWatch } from "./notifications/start.ts";
import { createWakes } from "./notifications/wakes.ts";
import { defaultLimits } from "./ports.ts";
import { startRelay } from "./relay/start.ts";
import { defaultRelayLimits } from "./relay/types.ts";

const COLLECT_EVERY_MS = 10 * 60_000;
const WATCH_EVERY_MS = 1_000;

const environmentSchema = z.object({
  GATEWAY_DATA: z.string(),
  GATEWAY_HOST: z.string().default("127.0.0.1"),
  GATEWAY_PORT: portSchema.default(3000),
  DEPLOYMENT: z.string(),
  /** Origins whose pages may call, separated by commas; the first is the app's. Default: the deployment's or localhost. */
  APP_ORIGIN: originsSchema.optional(),
  APP_DIR: z.string().optional(),
  DATABASE_URL: z.url().optional(),
  IPFS_API_URL: z.url().optional(),
  /** A node that this server reads instead of the deployment's. */
  RPC_URL: z.url().optional(),
  /** Bytes that one person may keep. */
  GATEWAY_QUOTA: z.coerce.number().int().positive().default(defaultLimits.quotaBytes),
  /** A mail server; without one, mails stay in the outbox of a gateway that only this machine reaches. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** The sender of mails. */
  MAIL_FROM: z.string().default("Carekey <no-reply@localhost>"),
  /** What the relay may spend in 24 hours, in ether. */
  RELAY_BUDGET: z.coerce
    .number()
    .nonnegative()
    .default(Number(formatEther(defaultRelayLimits.budgetPerDay))),
  /** Acts that the relay pays for one person in 24 hours. */
  RELAY_ACTS_PER_DAY: z.coerce.number().int().nonnegative().default(defaultRelayLimits.actsPerDay),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/**
 * Starts the gateway; it ends by SIGINT or SIGTERM.
 * @throws SdkError INVALID_ARGUMENT (environment), NOT_FOUND or MALFORMED (deployment), CONFLICT (the data folder is in use)
 */
export async function run(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const env = parseEnvironment(environmentSchema, environment);
  const log = createLog({ name: "gateway", level: env.LOG_LEVEL });
  const deployment = await readDeployment(env.DEPLOYMENT);
  const lock = lockFolder(env.GATEWAY_DATA);
  const database = await (env.DATABASE_URL === undefined
    ? openEmbedded(env.GATEWAY_DATA)
    : openPostgres(env.DATABASE_URL));
  const helia = env.IPFS_API_URL === undefined ? await openHeliaBlocks(env.GATEWAY_DATA) : null;
  const blocks = helia ?? createKuboBlocks(env.IPFS_API_URL!);
  const chain = createChainClient({ deployment: { ...deployment, rpcUrl: env.RPC_URL ?? deployment.rpcUrl } });
  const store = createStore(database.database);
  const now = () => Math.floor(Date.now() / 1000);
  const origins = originsOf(env);
  const identity = await loadIdentity(env.GATEWAY_DATA);
  if (!isAddressEqual(identity.address, deployment.gateway)) {
    log.warn("the deployment names another gateway: keepers will refuse the view tickets of this one");
  }
  const smtp = env.SMTP_URL === undefined ? null : createSmtpMailer({ url: env.SMTP_URL, from: env.MAIL_FROM });
  // A public origin means that a proxy brings strangers here: they must not read other people's mail.
  const isPrivate = isLoopback(env.GATEWAY_HOST) && origins.every((origin) => isLoopback(new URL(origin).hostname));
  const outbox = smtp === null && isPrivate ? createOutbox(database.database, now) : null;
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const relaying = await startRelay({
    deployment,
    client: chain.publicClient,
    database: database.database,
    folder: env.GATEWAY_DATA,
    limits: {
      ...defaultRelayLimits,
      actsPerDay: env.RELAY_ACTS_PER_DAY,
      budgetPerDay: parseEther(env.RELAY_BUDGET.toFixed(18)),
    },
    now,
    log,
  });
  const wakes = createWakes();
  const codeKey = await loadCodeKey(env.GATEWAY_DATA);
  const mailer = smtp ?? outbox ?? noMailer;
  const { app, door } = await createApp({
    deployment,
    chain,
    isSignedBy: createSignatureCheck(chain.publicClient),
    store,
    blocks,
    mailer,
    outbox,
    codeKey,
    signer: identity,
    now,
    relay: relaying.relay,
    wakes,
    random,
    origins,
    limits: { ...defaultLimits, quotaBytes: env.GATEWAY_QUOTA },
    log,
    version: await readVersion(),
    appDirectory: env.APP_DIR ?? null,
  });

  const watch = startWatch({
    chain: createWatchedChain(chain.publicClient, deployment),
    store: store.notifications,
    wakes,
    chainId: deployment.chainId,
    deployBlock: deployment.deployBlock,
    registrar: deployment.registrar,
    mails: { store: store.notifications, factors: store.factors, codeKey, mailer, appUrl: origins[0]!, now },
    confirmations: deployment.confirmations,
    everyMs: WATCH_EVERY_MS,
    now,
    log,
  });

  const housekeeping = setInterval(() => void keepHouse(), COLLECT_EVERY_MS);
  async function keepHouse(): Promise<void> {
    try {
      await store.purge(now());
      await relaying.purge();
      const removed = await door.collect();
      if (removed > 0) log.info({ removed }, "blocks that nobody keeps were removed");
    } catch (err) {
      log.error({ err }, "housekeeping failed");
    }
  }

  const server = serve({ fetch: app.fetch, hostname: env.GATEWAY_HOST, port: env.GATEWAY_PORT }, ({ port }) => {
    log.info({ port }, "listening");
    console.log(JSON.stringify({ ready: true, url: `http://${env.GATEWAY_HOST}:${port}` }));
  });
  server.on("error", (err) => {
    log.error({ err }, "cannot listen");
    process.exitCode = 1;
    void close();
  });

  let isClosing = false;
  async function close(): Promise<void> {
    if (isClosing) return;
    isClosing = true;
    clearInterval(housekeeping);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) setTimeout(() => server.closeAllConnections(), 2_000).unref();
    });
    smtp?.close();
    await watch.stop();
    await relaying.stop();
    await helia?.close();
    await database.close();
    lock.release();
  }
  process.once("SIGINT", () => void close());
  process.once("SIGTERM", () => void close());
}

/** The app's origins. On a loopback address both spellings of this machine count. */
function originsOf(env: z.output<typeof environmentSchema>): string[] {
  const own = isLoopback(env.GATEWAY_HOST)
    ? [`http://localhost:${env.GATEWAY_PORT}`, `http://127.0.0.1:${env.GATEWAY_PORT}`]
    : [];
  const origins = [...new Set([...(env.APP_ORIGIN ?? []), ...own])];
  if (origins.length === 0) throw new SdkError("INVALID_ARGUMENT", "APP_ORIGIN is needed when GATEWAY_HOST is public");
  return origins;
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
