/**
 * @module test/services/keeper/process
 * The keeper as a process: its keys, its registration, its lock, and kill -9 in the middle of views.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { ROLE_KEEPER } from "../../../sdk/src/contracts/index.ts";
import { keyHashOf } from "../../../sdk/src/identity/index.ts";
import { digestOf } from "../../../sdk/src/block.ts";
import { parseDeployment } from "../../../sdk/src/deployment.ts";
import {
  buildDeal,
  buildViewRequest,
  createKeeperClient,
  createSession,
  distributeDeal,
  fetchReceipts,
  openAnswer,
  type KeeperClient,
} from "../../../sdk/src/keeper/index.ts";
import { deriveDealScalar } from "../../../sdk/src/crypto/index.ts";
import { decodeKeyDocument } from "../../../sdk/src/identity/index.ts";
import { isSdkError } from "../../../sdk/src/errors.ts";
import { createChain } from "../../../services/keeper/adapters/chain.ts";
import { loadIdentity } from "../../../services/keeper/adapters/identity.ts";
import { openStore } from "../../../services/keeper/adapters/store.ts";
import { ROOT, WITH_PARENT } from "../../../scripts/common/run.ts";
import { freePort } from "../../support/ports.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { testAccount } from "./support/chain.ts";
import { bodyFor, grant, keeperOf, random32, signWith, startClinic, type Clinic } from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";

const MAIN = join(ROOT, "services/keeper/main.ts");

describe("keeper process", function () {
  this.timeout(240_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "carekey-keeper-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: string[], environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...environment } });

  describe("--identity", () => {
    it("makes the keys once, readable by their owner only, and prints the same address ever after", async () => {
      const first = JSON.parse((await run(["--identity"], { KEEPER_DATA: folder })).stdout) as { address: string };
      expect(first.address).to.match(/^0x[0-9a-fA-F]{40}$/);
      expect(statSync(join(folder, "identity.json")).mode & 0o777).to.equal(0o600);
      const again = JSON.parse((await run(["--identity"], { KEEPER_DATA: folder })).stdout) as { address: string };
      expect(again).to.deep.equal(first);
    });

    it("never overwrites a file that it cannot read, and never quotes it", async () => {
      const path = join(folder, "identity.json");
      writeFileSync(path, '{"version":1,"privateKey":"0xsecret-part"}');
      const error = await expectRefusal(loadIdentity(folder, 1), "MALFORMED");
      expect(String(error.message) + String(error.cause)).to.not.include("secret-part");
      expect(readFileSync(path, "utf8")).to.include("secret-part");
    });

    it("names the variable that is missing", async () => {
      const failed = await run(["--identity"], {}).catch((error: { code: number; stderr: string }) => error);
      expect(failed).to.include({ code: 1 });
      expect((failed as { stderr: string }).stderr).to.include("KEEPER_DATA");
    });
  });

  describe("its store", () => {
    const keeper = testAccount(7).address;

    it("is held by one process at a time", () => {
      const path = join(folder, "keeper.sqlite");
      const store = openStore(path, keeper);
      expect(() => openStore(path, keeper))
        .to.throw()
        .that.satisfies((error: unknown) => isSdkError(error, "CONFLICT"));
      store.close();
      openStore(path, keeper).close();
    });

    it("of another keeper is refused", () => {
      const path = join(folder, "keeper.sqlite");
      openStore(path, keeper).close();
      expect(() => openStore(path, testAccount(8).address))
        .to.throw()
        .that.satisfies((error: unknown) => isSdkError(error, "CONFLICT"));
    });
  });

  describe("registration", () => {
    it("puts the document that the keeper serves on chain, with role 4", async () => {
      const clinic = await sharedClinic();
      const { identity, client, ports } = clinic.keepers[0]!;
      const account = await ports.chain.accountOf(identity.address);
      expect(account).to.include({ role: ROLE_KEEPER, keyHash: identity.keyHash });
      expect(keyHashOf(digestOf(await client.keyDocument()))).to.equal(account.keyHash);
    });
  });

  describe("killed in the middle of views", () => {
    it("loses no receipt that was answered, opens no second record, and starts again by itself", async () => {
      const clinic = await startClinic();
      const data = join(folder, "keeper-1");
      const identity = await loadIdentity(data, clinic.clock.now());
      await clinic.chain.request("hardhat_setBalance", [identity.address, "0x8ac7230489e80000"]);
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const [, second, third] = clinic.deployment.keepers;
      const deployment = parseDeployment({
        ...clinic.deployment,
        keepers: [{ address: identity.address, url }, second, third],
      });
      const manifest = join(folder, "deployment.json");
      writeFileSync(manifest, JSON.stringify(deployment));
      let child = await start();
      try {
        const client = createKeeperClient({ address: identity.address, url });
        expect(await client.health()).to.include({ status: "ok", address: identity.address, index: 1 });
        const deal = await dealTo(clinic, deployment, [client]);
        const limited = await grant(clinic, { maxViews: 60, expiresAt: clinic.clock.now() + 86_400 });
        const session = await createSession({
          deployment,
          owner: clinic.doctor.address,
          audience: "keepers",
          notAfter: now() + 3600,
          sign: signWith(clinic.doctor.account),
        });
        const answered = new Map<number, { recordId: string; seq: number }>();
        const ask = async (viewNo: number) => {
          const recordId = random32();
          const at = now();
          const body = await bodyFor(clinic, limited, { viewNo, recordId, dealVersion: deal, at, exp: at + 60 });
          const { request, replyKeys } = await buildViewRequest({ body, keeper: identity.address, session });
          const sealed = await client.view(request);
          const { receipt } = await openAnswer(deployment, request, replyKeys.secret, sealed);
          return { recordId, seq: receipt.receipt.seq };
        };
        for (let round = 0; round < 2; round++) {
          const numbers = Array.from({ length: 20 }, (_, index) => 1 + round * 20 + index);
          const asking = numbers.map((viewNo) =>
            ask(viewNo).then(
              (answer) => void answered.set(viewNo, answer),
              () => undefined,
            ),
          );
          await Promise.race(asking);
          await new Promise((resolve) => setTimeout(resolve, 30));
          child.kill("SIGKILL");
          await once(child, "exit");
          await Promise.all(asking);
          child = await start();
        }
        expect(answered.size).to.be.greaterThan(0);
        // Numbers that were answered open no other record after the crash.
        for (const viewNo of [...answered.keys()].slice(0, 5)) {
          await expectRefusal(ask(viewNo), "VIEW_LIMIT_REACHED", "view-used");
        }
        const patientSession = await createSession({
          deployment,
          owner: clinic.patient.address,
          audience: "keepers",
          notAfter: now() + 3600,
          sign: signWith(clinic.patient.account),
        });
        const patient = clinic.patient.address;
        const [log] = await fetchReceipts({
          deployment,
          keepers: [client],
          session: patientSession,
          patient,
          now: now(),
        });
        expect(log!.problem).to.equal(null);
        expect(log!.receipts.map(({ receipt }) => receipt.seq)).to.deep.equal(
          log!.receipts.map((_, index) => index + 1),
        );
        for (const [viewNo, { recordId, seq }] of answered) {
          expect(log!.receipts[seq - 1]!.receipt).to.include({ viewNo, recordId });
        }
        const perNumber = new Map<number, Set<string>>();
        for (const { receipt } of log!.receipts) {
          perNumber.set(receipt.viewNo, (perNumber.get(receipt.viewNo) ?? new Set()).add(receipt.recordId));
        }
        for (const records of perNumber.values()) expect(records.size).to.equal(1);
        const exited = once(child, "exit");
        child.kill("SIGTERM");
        expect((await exited)[0]).to.equal(0);
      } finally {
        child.kill("SIGKILL");
        await clinic.close();
      }

      async function start(): Promise<ChildProcess> {
        const process_ = spawn(process.execPath, [...WITH_PARENT, MAIN], {
          stdio: ["pipe", "pipe", "inherit"],
          env: {
            PATH: process.env.PATH,
            KEEPER_DATA: data,
            KEEPER_PORT: String(port),
            RPC_URL: clinic.chain.rpcUrl,
            DEPLOYMENT: manifest,
            APP_ORIGIN: "http://app.test",
          },
        });
        for await (const chunk of process_.stdout) if (String(chunk).includes("listening")) break;
        process_.stdout.resume();
        return process_;
      }
    });
  });
});

const now = () => Math.floor(Date.now() / 1000);

/** Deals to the keeper under test and two in-process ones of a new set; returns the version in force at the first. */
async function dealTo(
  clinic: Clinic,
  deployment: ReturnType<typeof parseDeployment>,
  first: KeeperClient[],
): Promise<number> {
  const rest = clinic.keepers
    .slice(1)
    .map(
      ({ folder, identity, ports }) =>
        keeperOf(folder, identity, { ...ports, deployment, chain: createChain(deployment, clinic.chain.rpcUrl) })
          .client,
    );
  const keepers = [...first, ...rest];
  const keys = await Promise.all(
    keepers.map(async (keeper) => {
      const bytes = await keeper.keyDocument();
      return {
        address: keeper.address,
        publicKey: decodeKeyDocument(bytes).xwingPublicKey,
        keyHash: keyHashOf(digestOf(bytes)),
      };
    }),
  );
  const body = await buildDeal({
    deployment,
    patient: clinic.patient.address,
    secret: deriveDealScalar(clinic.patient.seed, 0),
    generation: 0,
    version: 2,
    threshold: 2,
    keepers: keys,
    issuedAt: now(),
    sign: signWith(clinic.patient.account),
  });
  const delivery = await distributeDeal({ deployment, keepers, body });
  expect(delivery.refusals).to.deep.equal([]);
  return body.deal.version;
}
