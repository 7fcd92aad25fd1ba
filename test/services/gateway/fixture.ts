/**
 * @module test/services/gateway/fixture
 * A real chain in this process, a real database and real block storage in a temporary folder, and the gateway over them.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import hre from "hardhat";
import { createPublicClient, createWalletClient, custom, getContractAddress, type Abi } from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { chainOf, createChainClient } from "@carekey/sdk/chain";
import { carekeyAbi } from "@carekey/sdk/contracts";
import { derivePersonKeys, newSeed, type PersonKeys } from "@carekey/sdk/crypto";
import type { Deployment } from "@carekey/sdk/deployment";
import { createGatewayClient, type GatewayClient } from "@carekey/sdk/gateway";
import { encodeKeyDocument, makeKeyDocument, type KeyDocument } from "@carekey/sdk/identity";
import { createCodeKey } from "../../../services/gateway/adapters/code-key.ts";
import { openEmbedded, type Database, type OpenDatabase } from "../../../services/gateway/adapters/database.ts";
import { openHeliaBlocks } from "../../../services/gateway/adapters/helia-blocks.ts";
import { createStore } from "../../../services/gateway/adapters/store.ts";
import { createApp } from "../../../services/gateway/app.ts";
import * as schema from "../../../services/gateway/database/schema.ts";
import { createOutbox } from "../../../services/gateway/mail/outbox.ts";
import { createWakes } from "../../../services/gateway/notifications/wakes.ts";
import { defaultLimits, type Ports } from "../../../services/gateway/ports.ts";
import { createLog } from "../../../services/common/log.ts";
import { createSignatureCheck } from "../../../services/common/signatures.ts";
import { layDatabase } from "../../support/database.ts";

const MNEMONIC = "test test test test test test test test test test test junk";
/** Where the gateway of these tests lives, as browsers see it. */
export const ORIGIN = "http://localhost:3000";

const account = (addressIndex: number) => mnemonicToAccount(MNEMONIC, { addressIndex });
/** The people of these tests. */
export const people = {
  registrar: account(0),
  patient: account(1),
  doctor: account(2),
  stranger: account(3),
  nurse: account(4),
  gateway: account(9),
};

/** A folder that is gone after `release`. */
export async function temporaryFolder(): Promise<{ path: string; release(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "carekey-gateway-"));
  return { path, release: () => rm(path, { recursive: true, force: true }) };
}

/** How long these tests' accounts can object to their guardians: less than a signature holds. */
export const SUCCESSION_DELAY_SECONDS = 1_800;

/** The contracts on a chain of its own, in this process. */
export async function startChain() {
  const connection = await hre.network.create("node");
  const transport = custom(connection.provider);
  const rpcUrl = "http://127.0.0.1:8545";
  const deployment: Deployment = {
    chainId: 31337,
    carekey: getContractAddress({ from: people.registrar.address, nonce: 0n }),
    emergencyAccess: getContractAddress({ from: people.registrar.address, nonce: 1n }),
    succession: getContractAddress({ from: people.registrar.address, nonce: 2n }),
    deployBlock: 0,
    auditLog: getContractAddress({ from: people.registrar.address, nonce: 0n }),
    registrar: people.registrar.address,
    gateway: people.gateway.address,
    threshold: 2,
    keepers: [1, 2, 3].map((index) => ({ address: account(index).address, url: `http://127.0.0.1:310${index}` })),
    rpcUrl,
    gatewayUrl: "",
    confirmations: 1,
  };
  const chain = chainOf(deployment);
  const wallet = createWalletClient({ chain, transport });
  const publicClient = createPublicClient({ chain, transport, cacheTime: 0, pollingInterval: 10 });
  for (const [name, args] of [
    ["Carekey", [people.registrar.address, 0]],
    ["EmergencyAccess", [deployment.carekey, 0]],
    ["Succession", [SUCCESSION_DELAY_SECONDS]],
  ] as const) {
    await wallet.deployContract({ ...(await readArtifact(name)), account: people.registrar, args });
  }

  const abi: Abi = carekeyAbi;

  /** Sends one call of the contract and waits for it. */
  async function write(sender: HDAccount, functionName: string, args: readonly unknown[]): Promise<void> {
    const hash = await wallet.writeContract({
      address: deployment.carekey,
      abi,
      account: sender,
      functionName,
      args,
    });
    const receipt = await publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`${functionName} reverted`);
  }

  return {
    deployment,
    wallet,
    publicClient,
    write,
    /** Registers people, each with a key document of their own. */
    async register(...roles: readonly (readonly [HDAccount, role: 1 | 2 | 3])[]): Promise<void> {
      for (const [person, role] of roles) await write(person, "register", [role, keyDocumentOf(person.address).digest]);
    },
    client: createChainClient({ deployment, transport }),
    now: async () => Number((await publicClient.getBlock()).timestamp),
    /** A method of the development node. */
    request: (method: string, params: readonly unknown[] = []): Promise<unknown> =>
      connection.provider.request({ method, params: [...params] }),
    close: () => connection.close(),
  };
}

/** A chain of these tests. */
export type TestChain = Awaited<ReturnType<typeof startChain>>;

async function readArtifact(name: string): Promise<{ abi: Abi; bytecode: Hex }> {
  const read = async () => {
    const { abi, bytecode } = await hre.artifacts.readArtifact(name);
    return { abi: abi as Abi, bytecode: bytecode as Hex };
  };
  return read().catch(async () => {
    await hre.tasks.getTask("build").run({ quiet: true });
    return read();
  });
}

/** A person's key document as the chain and the gateway want it. */
export function keyDocumentOf(
  address: Address,
  display: Record<string, string> = {},
  previous?: { document: KeyDocument; keys: PersonKeys },
) {
  const keys = derivePersonKeys(newSeed(), previous === undefined ? 0 : previous.keys.generation + 1);
  const document = makeKeyDocument({
    keys,
    address,
    issuedAt: 1_790_000_000,
    display,
    ...(previous && { previous: { document: previous.document, signSecret: previous.keys.signSecret } }),
  });
  return { keys, document, ...encodeKeyDocument(document) };
}

/** What a test may put in place of a real part or an ordinary limit. */
export type GatewayOverrides = Partial<Omit<Ports, "limits">> & { limits?: Partial<Ports["limits"]> };

/** What a gateway stands on: the chain, and a database and blocks in one folder. */
type Ground = {
  chain: Pick<TestChain, "deployment" | "client"> & { publicClient: Parameters<typeof createSignatureCheck>[0] };
  opened: OpenDatabase;
  helia: Awaited<ReturnType<typeof openHeliaBlocks>>;
};

/** The gateway over real parts in `folder`. */
export async function openGateway(chain: Ground["chain"], folder: string, overrides: GatewayOverrides = {}) {
  if (!existsSync(join(folder, "database"))) await layDatabase(folder);
  const [opened, helia] = [await openEmbedded(folder), await openHeliaBlocks(folder)];
  const ground = { chain, opened, helia };
  return {
    ...(await standOn(ground, overrides)),
    /** The gateway as on its first day, but for its blocks: nobody known, nothing counted. Quicker than another one. */
    async anew() {
      await emptyTables(opened.database);
      return standOn(ground, overrides);
    },
    async close() {
      await helia.close();
      await opened.close();
    },
  };
}

async function emptyTables(database: Database): Promise<void> {
  const tables = Object.values(schema).filter((each) => is(each, PgTable));
  await database.execute(sql`truncate ${sql.join(tables, sql`, `)} restart identity cascade`);
}

async function standOn({ chain, opened, helia }: Ground, overrides: GatewayOverrides) {
  const clock = { seconds: Math.floor(Date.now() / 1000) };
  const now = () => clock.seconds;
  const outbox = createOutbox(opened.database, now);
  const ports: Ports = {
    deployment: chain.deployment,
    chain: chain.client,
    isSignedBy: createSignatureCheck(chain.publicClient),
    store: createStore(opened.database),
    blocks: helia,
    mailer: outbox,
    outbox,
    codeKey: createCodeKey(new Uint8Array(32).fill(7)),
    signer: people.gateway,
    relay: null,
    wakes: createWakes(),
    now,
    random: (length) => new Uint8Array(randomBytes(length)),
    origins: [ORIGIN],
    log: createLog({ name: "gateway", level: "silent" }),
    version: "0.0.0-test",
    appDirectory: null,
    ...overrides,
    limits: { ...defaultLimits, ...overrides.limits },
  };
  const { app, door } = await createApp(ports);

  /** Another app over the same parts, some of them replaced. */
  const variant = async (changes: GatewayOverrides) =>
    (await createApp({ ...ports, ...changes, limits: { ...ports.limits, ...changes.limits } })).app;

  return { app, door, ports, database: opened.database, clock, variant };
}

/** A gateway of these tests. */
export type TestGateway = Awaited<ReturnType<typeof openGateway>>;
/** The same on a ground that somebody else opened and will close. */
export type FreshGateway = Awaited<ReturnType<TestGateway["anew"]>>;
type App = TestGateway["app"];

/** The sdk's client, talking to an app without a socket. */
export function clientOf(app: App, now?: () => number): GatewayClient {
  return createGatewayClient({
    baseUrl: ORIGIN,
    chainId: 31337,
    fetch: async (input, init) => app.request(input instanceof Request ? input : String(input), init),
    retry: { attempts: 1, delayMs: 0 },
    ...(now && { now }),
  });
}

/** A client signed in as one of the people. */
export async function signedIn(gateway: Pick<TestGateway, "app" | "clock">, person: HDAccount): Promise<GatewayClient> {
  const client = clientOf(gateway.app, () => gateway.clock.seconds);
  await client.signIn({ address: person.address, signMessage: (message) => person.signMessage({ message }) });
  return client;
}

/** A Kubo RPC call with a session, without a socket. */
export function kubo(
  app: App,
  client: GatewayClient | null,
  path: string,
  body?: BodyInit,
  headers: Record<string, string> = {},
) {
  return app.request(`/api/v0/${path}`, {
    method: "POST",
    headers: { origin: ORIGIN, ...client?.headers(), ...headers },
    ...(body !== undefined && { body }),
  });
}

/** A multipart body with one file. */
export function fileBody(bytes: Uint8Array): FormData {
  const body = new FormData();
  body.set("file", new Blob([bytes.slice()]));
  return body;
}

/** What a test compares a refusal by. */
export async function refusal(response: Response): Promise<{ status: number; code: string }> {
  const json = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: json.error?.code ?? response.headers.get("x-carekey-error") ?? "none" };
}
