/**
 * @module start
 * `npm start`: the whole of Carekey on one machine. Local chain, contracts, three keepers, gateway with embedded IPFS,
 * app, demo clinic. Everything it keeps is in one folder, and the next start goes on from there.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_CHAIN_ID, parseDeployment, type Deployment } from "@carekey/sdk/deployment";
import { createPublicClient, createWalletClient, defineChain, http, parseEther, type Address } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { lockDirectory, LockedError } from "./common/lock.ts";
import { DEMO_PASSPHRASE, DEMO_PEOPLE, demoPrivateKey, FAUCET_ACCOUNT } from "./common/people.ts";
import { ROOT, runNode } from "./common/run.ts";
import { APP_FOLDER, buildApp, isAppBuilt, isAppStale } from "./start/app.ts";
import {
  choosePorts,
  KEEPER_COUNT,
  KEEPER_THRESHOLD,
  parseOptions,
  USAGE,
  UsageError,
  type StartOptions,
} from "./start/options.ts";
import { createSupervisor, type Supervisor } from "./start/supervisor.ts";

/** What `--fresh` removes. */
const KEPT = ["chain", "ignition", "keepers", "gateway", "logs", "deployed.json", "deployment.json", "seeded.json"];
/** How long the servers of a killed start may take to notice and stop. */
const ORPHAN_PATIENCE_MILLISECONDS = 10_000;
const HOST = "127.0.0.1";

const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((value) => value as Address);
/** What a server's `--identity` prints: its account, and for the gateway the one that pays for others. */
const identitySchema = z.object({ address: addressSchema, relayer: addressSchema.optional() });
type Identity = z.output<typeof identitySchema>;

const deployedSchema = z.object({
  carekey: z.string(),
  emergencyAccess: z.string(),
  succession: z.string(),
  deployBlock: z.number(),
  chainId: z.number(),
  registrar: z.string(),
});
const recordSchema = z.object({ sources: z.string(), deployed: deployedSchema });
type Deployed = z.output<typeof deployedSchema>;

async function main(options: StartOptions): Promise<void> {
  const say = (text: string): void => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  const externalRpc = process.env["RPC_URL"];
  const lock = lockDirectory(options.data, "Carekey");
  const ports = await choosePorts(
    options,
    externalRpc === undefined,
    lock.takenOver ? ORPHAN_PATIENCE_MILLISECONDS : 0,
  );
  if (options.fresh) for (const name of KEPT) rmSync(join(options.data, name), { recursive: true, force: true });
  const paths = {
    deployment: join(options.data, "deployment.json"),
    seeded: join(options.data, "seeded.json"),
    gateway: join(options.data, "gateway"),
    keeper: (index: number) => join(options.data, "keepers", String(index)),
  };

  let stop: (code: number) => Promise<void> = async (code) => process.exit(code);
  const supervisor = createSupervisor({
    logFolder: join(options.data, "logs"),
    say,
    giveUp: (error) => {
      process.stderr.write(`\n${error.message}\n`);
      void stop(1);
    },
  });
  let stopping = false;
  stop = async (code) => {
    if (stopping) process.exit(code);
    stopping = true;
    await supervisor.stopAll();
    lock.release();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!stopping) say("\nStopping; everything is kept for the next start.");
      void stop(0);
    });
  }

  try {
    const building = options.build && isAppStale() ? (say("Building the app …"), buildApp()) : Promise.resolve();
    // Both are awaited below: a failed build must not surface as an unhandled rejection in between.
    building.catch(() => undefined);
    const rpcUrl = externalRpc ?? `http://${HOST}:${ports.chain}`;
    if (externalRpc === undefined) {
      say("Starting the local chain …");
      const command = ["scripts/chain/main.ts", "--data", join(options.data, "chain"), "--port", String(ports.chain)];
      await supervisor.start({ name: "chain", command, healthUrl: rpcUrl });
    }

    say("Deploying the contracts, or finding them …");
    const before = knownDeployment(paths.deployment);
    const identity = (
      script: string,
      variable: string,
      folder: string,
      known: Identity | undefined,
    ): Promise<Identity> =>
      known !== undefined && existsSync(folder) ? Promise.resolve(known) : identityOf(script, { [variable]: folder });
    const [deployed, gateway, ...identities] = await Promise.all([
      deploy(rpcUrl, options.data),
      identity("services/gateway/main.ts", "GATEWAY_DATA", paths.gateway, gatewayOf(before)),
      ...ports.keepers.map((_, index) =>
        identity("services/keeper/main.ts", "KEEPER_DATA", paths.keeper(index + 1), before?.keepers[index]),
      ),
    ]);
    const keepers = identities.map(({ address }, index) => ({
      address,
      url: `http://${HOST}:${ports.keepers[index]}`,
    }));
    const isLocal = deployed.chainId === LOCAL_CHAIN_ID;
    const deployment = parseDeployment({
      ...deployed,
      auditLog: deployed.carekey,
      gateway: gateway.address,
      relayer: gateway.relayer,
      threshold: KEEPER_THRESHOLD,
      keepers,
      rpcUrl,
      gatewayUrl: "",
      confirmations: Number(process.env["CONFIRMATIONS"] ?? 1),
      ...(isLocal
        ? { demo: DEMO_PEOPLE.map(({ name, role, account }) => ({ name, role, privateKey: demoPrivateKey(account) })) }
        : {}),
    });
    writeAtomically(paths.deployment, deployment);
    const paying = [...keepers.map(({ address }) => address), gateway.address, gateway.relayer];
    await fund(
      deployment,
      paying.filter((address) => address !== undefined),
      isLocal,
    );

    const appPort = options.dev ? ports.vite : ports.app;
    const appUrl = process.env["APP_ORIGIN"] ?? `http://localhost:${appPort}`;
    const shared = { RPC_URL: rpcUrl, DEPLOYMENT: paths.deployment, APP_ORIGIN: appUrl };
    const gatewayUrl = `http://${HOST}:${ports.app}`;
    say(`Starting ${KEEPER_COUNT} keepers and the gateway …`);
    await Promise.all(
      keepers.map(({ url }, index) =>
        supervisor.start({
          name: `keeper-${index + 1}`,
          command: ["services/keeper/main.ts"],
          environment: {
            ...shared,
            KEEPER_HOST: HOST,
            KEEPER_PORT: String(ports.keepers[index]),
            KEEPER_DATA: paths.keeper(index + 1),
            GATEWAY_URL: gatewayUrl,
          },
          healthUrl: `${url}/health`,
        }),
      ),
    );
    await building;
    await supervisor.start({
      name: "gateway",
      command: ["services/gateway/main.ts"],
      environment: {
        ...shared,
        GATEWAY_HOST: HOST,
        GATEWAY_PORT: String(ports.app),
        GATEWAY_DATA: paths.gateway,
        ...(options.dev || !isAppBuilt() ? {} : { APP_DIR: APP_FOLDER }),
      },
      healthUrl: `${gatewayUrl}/health`,
    });
    if (options.dev) await startVite(supervisor, ports.vite, gatewayUrl);
    if (options.seed && isLocal) await seed({ ...shared, GATEWAY_URL: gatewayUrl }, paths.seeded, say);

    if (options.json) {
      process.stdout.write(
        `${JSON.stringify({ ready: true, appUrl, gatewayUrl, deployment, pids: supervisor.pids() })}\n`,
      );
    } else {
      // The gateway has an outbox when no mail server is named and only this machine reaches it.
      const hasOutbox = process.env["SMTP_URL"] === undefined && process.env["APP_ORIGIN"] === undefined;
      const outboxUrl = hasOutbox ? `${gatewayUrl}/outbox` : null;
      const { chainId } = deployment;
      const keeperUrls = keepers.map(({ url }) => url);
      say(summary({ appUrl, rpcUrl, chainId, outboxUrl, data: options.data, isLocal, keepers: keeperUrls }));
    }
  } catch (error) {
    if (stopping) return;
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}

/** Deploys the contracts, or finds them; asks Ignition only when the sources or the chain are not those of last time. */
async function deploy(rpcUrl: string, data: string): Promise<Deployed> {
  const record = join(data, "deployed.json");
  const sources = digestOfSources();
  const known = recordSchema.safeParse(readJson(record));
  if (known.success && known.data.sources === sources && (await hasCode(rpcUrl, known.data.deployed))) {
    return known.data.deployed;
  }
  const { code, output } = await runNode(["scripts/deploy.ts", "--rpc", rpcUrl, "--data", data]);
  const line = output.split("\n").findLast((text) => text.startsWith("{"));
  if (code === 0 && line !== undefined) {
    const deployed = deployedSchema.parse(JSON.parse(line));
    writeAtomically(record, { sources, deployed });
    return deployed;
  }
  const hint = known.success
    ? "\nThis data was made with other contracts, or on another chain. Begin anew with: npm start -- --fresh"
    : "";
  throw new Error(`the contracts could not be deployed:\n${output.trim()}${hint}`);
}

async function hasCode(rpcUrl: string, deployed: Deployed): Promise<boolean> {
  const client = createPublicClient({ transport: http(rpcUrl) });
  const code = await client.getCode({ address: deployed.carekey as Address });
  return code !== undefined && (await client.getChainId()) === deployed.chainId;
}

/** One digest over everything that the deployed bytecode depends on. */
function digestOfSources(): string {
  const files = globSync("{contracts,ignition/modules}/**/*.{sol,ts}", { cwd: ROOT }).toSorted();
  const hash = createHash("sha256");
  for (const file of [...files, "hardhat.config.ts"]) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

/** The manifest of last time. @throws Error when it is of a version with other contracts: its chain does not hold today's. */
function knownDeployment(path: string): Deployment | undefined {
  const stored = readJson(path);
  if (stored === undefined) return undefined;
  try {
    return parseDeployment(stored);
  } catch (cause) {
    throw new Error(`${path} was written by another version of Carekey. Begin anew with: npm start -- --fresh`, {
      cause,
    });
  }
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** The gateway's accounts as a manifest names them; undefined for one from before there was a relayer. */
function gatewayOf(before: Deployment | undefined): Identity | undefined {
  return before?.relayer === undefined ? undefined : { address: before.gateway, relayer: before.relayer };
}

/** The accounts a server will sign with; it makes its keys when it has none yet. */
async function identityOf(script: string, environment: Record<string, string>): Promise<Identity> {
  const { code, output } = await runNode([script, "--identity"], { environment });
  const line = output.split("\n").findLast((text) => text.startsWith("{"));
  if (code !== 0 || line === undefined) throw new Error(`${script} --identity failed:\n${output.trim()}`);
  return identitySchema.parse(JSON.parse(line));
}

/** Gives each server's account enough for its own transactions, if it has not got it. */
async function fund(deployment: Deployment, accounts: readonly Address[], isLocal: boolean): Promise<void> {
  const amount = parseEther(isLocal ? "100" : "0.02");
  const chain = defineChain({
    id: deployment.chainId,
    name: "Carekey",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [deployment.rpcUrl] } },
  });
  const payer = process.env["DEPLOYER_PRIVATE_KEY"];
  const account = privateKeyToAccount(
    payer === undefined ? demoPrivateKey(FAUCET_ACCOUNT) : `0x${payer.replace(/^0x/, "")}`,
  );
  const reader = createPublicClient({ chain, transport: http() });
  const wallet = createWalletClient({ account, chain, transport: http() });
  for (const to of accounts) {
    if ((await reader.getBalance({ address: to })) >= amount / 4n) continue;
    await reader.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to, value: amount }) });
  }
}

async function startVite(supervisor: Supervisor, port: number, gatewayUrl: string): Promise<void> {
  await supervisor.start({
    name: "vite",
    command: [
      "node_modules/vite/bin/vite.js",
      "frontend",
      "--port",
      String(port),
      "--strictPort",
      "--host",
      "localhost",
    ],
    environment: { CAREKEY_GATEWAY_URL: gatewayUrl },
    healthUrl: `http://localhost:${port}/`,
  });
}

/** Sets up the demo clinic, once per data folder. */
async function seed(environment: Record<string, string>, marker: string, say: (text: string) => void): Promise<void> {
  const script = "scripts/seed-demo.ts";
  if (existsSync(marker) || !existsSync(join(ROOT, script))) return;
  say("Setting up the demo clinic …");
  const { code, output } = await runNode([script], { environment, onLine: (line) => say(`  ${line}`) });
  if (code !== 0) throw new Error(`the demo clinic could not be set up:\n${output.trim()}`);
  writeAtomically(marker, { seededAt: new Date().toISOString() });
}

function writeAtomically(path: string, value: unknown): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

function summary(stack: {
  appUrl: string;
  rpcUrl: string;
  chainId: number;
  outboxUrl: string | null;
  data: string;
  isLocal: boolean;
  keepers: string[];
}): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  const lines = [
    "",
    `Carekey ${version} is running.`,
    "",
    `  App      ${stack.appUrl}`,
    `  Chain    ${stack.rpcUrl}  (network ${stack.chainId}, for a wallet of your own)`,
    `  Keepers  ${stack.keepers.join("  ")}  (${KEEPER_THRESHOLD} of ${KEEPER_COUNT} open a record)`,
    ...(stack.outboxUrl === null ? [] : [`  Mail     ${stack.outboxUrl}  (what would be sent, kept for a day)`]),
    `  Data     ${stack.data}`,
  ];
  if (stack.isLocal) {
    lines.push("", "Who is who (choose one in the app under “Demo wallet”):", "");
    for (const { name, role, about } of DEMO_PEOPLE) lines.push(`  ${name.padEnd(16)} ${role.padEnd(10)} ${about}`);
    lines.push("", `Everybody's passphrase: ${DEMO_PASSPHRASE}`);
    lines.push("These people's keys are public. They are for this machine only: put nothing real in here.");
  }
  return [...lines, "", "Ctrl-C stops everything and keeps it for the next start."].join("\n");
}

if (existsSync(join(ROOT, ".env"))) process.loadEnvFile(join(ROOT, ".env"));
try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options.help) process.stdout.write(USAGE);
  else await main(options);
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof LockedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
