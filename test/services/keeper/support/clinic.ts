/**
 * @module test/services/keeper/support/clinic
 * A small clinic on a real chain with three real keepers: patients, clinicians, deals, consents, and views by the real client.
 * Each test makes its own consents, and time only moves forward.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { Hono } from "hono";
import type { Abi, HDAccount, PrivateKeyAccount } from "viem";
import { zeroAddress } from "viem";
import { toHex, type Address, type Hex } from "../../../../sdk/src/bytes.ts";
import { hashTerms, READ, type ConsentTerms } from "../../../../sdk/src/consent/index.ts";
import { carekeyAbi } from "../../../../sdk/src/contracts/index.ts";
import { deriveDealScalar, derivePersonKeys, multiplyPoint } from "../../../../sdk/src/crypto/index.ts";
import type { Deployment } from "../../../../sdk/src/deployment.ts";
import {
  decodeKeyDocument,
  encodeKeyDocument,
  keyHashOf,
  makeKeyDocument,
} from "../../../../sdk/src/identity/index.ts";
import {
  buildDeal,
  buildViewBody,
  createKeeperClient,
  createSession,
  distributeDeal,
  requestView,
  tupleOf,
  type DealBody,
  type KeeperClient,
  type KeeperKey,
  type Session,
  type SignTypedData,
  type ViewBody,
} from "../../../../sdk/src/keeper/index.ts";
import { createLog } from "../../../../services/common/log.ts";
import { createChain } from "../../../../services/keeper/adapters/chain.ts";
import { loadIdentity, type StoredIdentity } from "../../../../services/keeper/adapters/identity.ts";
import { openStore } from "../../../../services/keeper/adapters/store.ts";
import { createApp } from "../../../../services/keeper/app.ts";
import type { KeeperPorts } from "../../../../services/keeper/ports.ts";
import { registerKeeper } from "../../../../services/keeper/registration.ts";
import { createTestClock, startChain, testAccount, type TestChain, type TestClock } from "./chain.ts";

export type Signer = HDAccount | PrivateKeyAccount;

/** A person with keys and an account. */
export type TestPerson = {
  address: Address;
  account: Signer;
  seed: Uint8Array;
  keys: ReturnType<typeof derivePersonKeys>;
  keyHash: Hex;
};

/** A keeper of the tests: its ports, its app, and a client that speaks to the app without a socket. */
export type TestKeeper = {
  folder: string;
  identity: StoredIdentity;
  ports: KeeperPorts;
  app: Hono;
  client: KeeperClient;
};

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

/** 32 random bytes as hex. */
export const random32 = (): Hex => toHex(new Uint8Array(randomBytes(32)));

/** A wallet's typed-data signature. */
export const signWith =
  (account: Signer): SignTypedData =>
  (typedData) =>
    account.signTypedData(typedData);

/** A `fetch` that ends in an app. */
export function fetchOf(app: { request: Hono["request"] }): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return app.request(url.pathname + url.search, init);
  };
}

/** Starts chain, contract, keepers and people. */
export async function startClinic() {
  const clock = createTestClock();
  const registrar = testAccount(0);
  const chain = await startChain(clock, registrar);
  const root = mkdtempSync(join(tmpdir(), "carekey-keepers-"));
  const identities = await Promise.all(
    [1, 2, 3].map((index) => loadIdentity(join(root, `keeper-${index}`), clock.now())),
  );
  const deployment: Deployment = {
    chainId: 31337,
    carekey: chain.carekey,
    emergencyAccess: chain.emergencyAccess,
    succession: chain.succession,
    deployBlock: chain.deployBlock,
    auditLog: chain.carekey,
    registrar: registrar.address,
    gateway: testAccount(9).address,
    threshold: 2,
    keepers: identities.map(({ address }, index) => ({ address, url: `http://keeper-${index + 1}.test` })),
    rpcUrl: chain.rpcUrl,
    gatewayUrl: "",
    confirmations: 1,
  };
  for (const identity of identities) {
    await chain.request("hardhat_setBalance", [identity.address, "0x8ac7230489e80000"]);
    const reader = createChain(deployment, chain.rpcUrl);
    await registerKeeper({ deployment, rpcUrl: chain.rpcUrl, chain: reader, identity });
  }
  const keepers = identities.map((identity, index) =>
    startKeeper({ deployment, chain, clock, identity, folder: join(root, `keeper-${index + 1}`) }),
  );
  const clinic = {
    clock,
    chain,
    deployment,
    root,
    registrar,
    keepers,
    clients: keepers.map(({ client }) => client),
    async close() {
      for (const { ports } of keepers) ports.store.close();
      await chain.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  const patient = await register(clinic, 1, 1);
  const doctor = await register(clinic, 2, 2);
  const otherDoctor = await register(clinic, 3, 2);
  for (const { address } of [doctor, otherDoctor]) await verifyPerson(clinic, address);
  const deal = await deal1(clinic, patient);
  return { ...clinic, patient, doctor, otherDoctor, deal };
}

/** A running clinic. */
export type Clinic = Awaited<ReturnType<typeof startClinic>>;
/** What most helpers need of it. */
export type ClinicBase = Pick<Clinic, "clock" | "chain" | "deployment" | "keepers" | "clients" | "registrar">;

/** A keeper over the folder's own store. */
export function startKeeper(input: {
  deployment: Deployment;
  chain: TestChain;
  clock: TestClock;
  identity: StoredIdentity;
  folder: string;
}): TestKeeper {
  const { deployment, chain, clock, identity, folder } = input;
  const ports: KeeperPorts = {
    deployment,
    identity,
    clock,
    chain: createChain(deployment, chain.rpcUrl),
    store: openStore(join(folder, "keeper.sqlite"), identity.address),
    random: (length) => new Uint8Array(randomBytes(length)),
    log: createLog({ name: "keeper", level: "silent" }),
    settings: {
      requireFreshHead: false,
      origins: ["http://app.test"],
      requestsPerMinute: 100_000,
      viewsPerMinute: 100_000,
    },
  };
  return keeperOf(folder, identity, ports);
}

/** The same keeper with other ports. */
export function keeperOf(folder: string, identity: StoredIdentity, ports: KeeperPorts): TestKeeper {
  const app = createApp(ports);
  const { url } = ports.deployment.keepers.find(({ address }) => address === identity.address) ?? {
    url: "http://none.test",
  };
  return {
    folder,
    identity,
    ports,
    app,
    client: createKeeperClient({ address: identity.address, url, fetch: fetchOf(app) }),
  };
}

/** Sends one call of the contract and waits for it. */
export async function send(
  clinic: Pick<ClinicBase, "chain">,
  account: Signer,
  functionName: string,
  args: readonly unknown[],
): Promise<void> {
  const { chain } = clinic;
  const abi: Abi = carekeyAbi;
  const hash = await chain.walletOf(account).writeContract({
    address: chain.carekey,
    abi,
    functionName,
    args,
  });
  const receipt = await chain.client.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`${functionName} reverted`);
}

/** Registers test account `index` with a role. */
export async function register(
  clinic: Pick<ClinicBase, "chain" | "clock">,
  index: number,
  role: number,
): Promise<TestPerson> {
  const account = testAccount(index);
  const seed = new Uint8Array(randomBytes(32));
  const keys = derivePersonKeys(seed, 0);
  const document = makeKeyDocument({ keys, address: account.address, issuedAt: clinic.clock.now(), display: {} });
  const { digest } = encodeKeyDocument(document);
  await send(clinic, account, "register", [role, digest]);
  return { address: account.address, account, seed, keys, keyHash: keyHashOf(digest) };
}

/** Verifies a clinician or organisation for a year. */
export async function verifyPerson(clinic: ClinicBase, address: Address, validUntil?: number): Promise<void> {
  await send(clinic, clinic.registrar, "verify", [address, validUntil ?? clinic.clock.now() + 365 * DAY, random32()]);
}

/** The keepers' keys as deals seal to them. */
export function keeperKeys(clinic: ClinicBase): KeeperKey[] {
  return clinic.keepers.map(({ identity }) => ({
    address: identity.address,
    publicKey: decodeKeyDocument(identity.keyDocument.bytes).xwingPublicKey,
    keyHash: identity.keyHash,
  }));
}

/** A deal of a patient, built but handed to nobody. */
export function makeDeal(
  clinic: ClinicBase,
  patient: TestPerson,
  overrides: Partial<Parameters<typeof buildDeal>[0]> = {},
): Promise<DealBody> {
  return buildDeal({
    deployment: clinic.deployment,
    patient: patient.address,
    secret: deriveDealScalar(patient.seed, 0),
    generation: 0,
    version: 1,
    threshold: 2,
    keepers: keeperKeys(clinic),
    issuedAt: clinic.clock.now(),
    sign: signWith(patient.account),
    ...overrides,
  });
}

async function deal1(clinic: ClinicBase, patient: TestPerson): Promise<DealBody> {
  const body = await makeDeal(clinic, patient);
  const delivery = await distributeDeal({ deployment: clinic.deployment, keepers: clinic.clients, body });
  if (!delivery.active) throw new Error("the deal is not active");
  return body;
}

/** Terms of a consent to read, made but not granted. */
export function makeTerms(clinic: Clinic, overrides: Partial<ConsentTerms> = {}): ConsentTerms {
  return {
    patient: clinic.patient.address,
    grantee: clinic.doctor.address,
    organisation: zeroAddress,
    scopes: [random32()],
    fromEpoch: 0,
    rights: READ,
    notBefore: clinic.clock.now(),
    expiresAt: clinic.clock.now() + DAY,
    maxViews: 0,
    flags: 0,
    about: { scopes: "Lab results", purpose: "Treatment", salt: random32() },
    ...overrides,
  };
}

/** Grants terms on chain. */
export async function grant(clinic: Clinic, overrides: Partial<ConsentTerms> = {}): Promise<ConsentTerms> {
  const terms = makeTerms(clinic, overrides);
  await send(clinic, clinic.patient.account, "grant", [hashTerms(terms), random32()]);
  return terms;
}

/** Revokes a consent on chain. */
export async function revoke(clinic: Clinic, terms: ConsentTerms): Promise<void> {
  await send(clinic, clinic.patient.account, "revoke", [hashTerms(terms)]);
}

/** A session of a person for the keepers. */
export function sessionOf(
  clinic: Pick<Clinic, "deployment" | "clock">,
  person: { address: Address; account: Signer },
): Promise<Session> {
  return createSession({
    deployment: clinic.deployment,
    owner: person.address,
    audience: "keepers",
    notAfter: clinic.clock.now() + 7 * HOUR,
    sign: signWith(person.account),
  });
}

/** A body for one record under terms. */
export async function bodyFor(
  clinic: Clinic,
  terms: ConsentTerms,
  overrides: Partial<ViewBody> = {},
): Promise<ViewBody> {
  const body = await buildViewBody({
    deployment: clinic.deployment,
    terms,
    dealVersion: clinic.deal.deal.version,
    tag: terms.scopes[0] ?? random32(),
    epoch: terms.fromEpoch,
    recordId: random32(),
    reason: "Follow-up visit",
    patientKey: { publicKey: clinic.patient.keys.xwingPublicKey, keyHash: clinic.patient.keyHash },
    now: clinic.clock.now(),
  });
  return { ...body, ...overrides };
}

/** A whole view by the real client. */
export async function view(
  clinic: Clinic,
  input: {
    terms: ConsentTerms;
    body?: Partial<ViewBody>;
    session?: Session;
    keepers?: readonly KeeperClient[];
    signal?: AbortSignal;
  },
) {
  const { terms } = input;
  const body = await bodyFor(clinic, terms, input.body);
  const session = input.session ?? (await sessionOf(clinic, clinic.doctor));
  const { deployment, clients, deal } = clinic;
  return requestView({ deployment, keepers: input.keepers ?? clients, deal, body, session, signal: input.signal });
}

/** What the patient alone computes for a body. */
export function ownPoint(clinic: Clinic, body: ViewBody): Uint8Array {
  return multiplyPoint(deriveDealScalar(clinic.patient.seed, 0), tupleOf(body));
}

/** How many receipts each keeper has written. */
export function logSizes(clinic: Clinic): number[] {
  return clinic.keepers.map(({ ports }) => ports.store.logHead().size);
}
