/**
 * @module test/services/gateway/process
 * The gateway as a process: its identity, its lock, restarts, and an end without warning in the middle of uploads.
 */
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import type { Hex } from "@carekey/sdk/bytes";
import { isSdkError } from "@carekey/sdk/errors";
import { createGatewayClient, type GatewayClient } from "@carekey/sdk/gateway";
import { createBlockClient } from "@carekey/sdk/ipfs";
import { freePort } from "../../support/ports.ts";
import { people } from "./fixture.ts";
import { gatewayProcesses, type GatewayProcesses, type RunningGateway } from "./gateway-process.ts";

describe("the gateway's process", function () {
  this.timeout(180_000);
  let gateways: GatewayProcesses;
  // The process that the first test leaves running, and a person signed in to it.
  let current: RunningGateway;
  let client: GatewayClient;

  before(async () => {
    gateways = await gatewayProcesses();
    const keeper = (index: number) => ({ address: people.nurse.address, url: `http://127.0.0.1:310${index}` });
    await gateways.deploy({
      chainId: 31337,
      carekey: people.registrar.address,
      emergencyAccess: people.registrar.address,
      succession: people.registrar.address,
      deployBlock: 0,
      auditLog: people.registrar.address,
      registrar: people.registrar.address,
      gateway: people.registrar.address,
      threshold: 2,
      keepers: [keeper(1), keeper(2), keeper(3)],
      rpcUrl: `http://127.0.0.1:${await freePort()}`,
      gatewayUrl: "",
      confirmations: 1,
    });
  });
  after(() => gateways.release());

  const newClient = () => createGatewayClient({ baseUrl: gateways.url, chainId: 31337 });
  const wallet = {
    address: people.patient.address,
    signMessage: (message: string) => people.patient.signMessage({ message }),
  };

  it("prints the same identity each time, and keeps the key from other users", async () => {
    const first = gateways.run(["--identity"]);
    expect(await first.ended).to.equal(0);
    const { address } = JSON.parse(first.output.text) as { address: Hex };
    const second = gateways.run(["--identity"]);
    await second.ended;
    expect(second.output.text).to.equal(first.output.text);
    const key = join(gateways.data, "gateway.key");
    expect((await stat(key)).mode & 0o777).to.equal(0o600);
    expect(privateKeyToAccount((await readFile(key, "utf8")).trim() as Hex).address).to.equal(address);
  });

  it("says which variable is missing", async () => {
    const { ended, output } = gateways.run([], { DEPLOYMENT: "" });
    expect(await ended).to.equal(1);
    expect(output.errors).to.contain("DEPLOYMENT");
  });

  it("survives an end without warning in the middle of uploads: nothing acknowledged is lost", async () => {
    const first = await gateways.start();
    client = newClient();
    await client.signIn(wallet);
    await client.putSlot("main", { kind: "passphrase", data: Uint8Array.of(1, 2, 3) });
    const blocks = createBlockClient({
      url: gateways.url,
      headers: client.headers,
      retry: { attempts: 1, delayMs: 0 },
    });

    const stored: { digest: Hex; bytes: Uint8Array }[] = [];
    const upload = async () => {
      for (;;) {
        const bytes = new Uint8Array(randomBytes(200_000));
        try {
          stored.push({ digest: await blocks.putRaw(bytes, { pinName: "0x01" }), bytes });
        } catch (error) {
          if (isSdkError(error, "IPFS_UNAVAILABLE")) return;
          throw error;
        }
        if (stored.length === 12) first.child.kill("SIGKILL");
      }
    };
    await Promise.all([upload(), upload(), upload()]);
    await first.ended;
    expect(stored.length).to.be.at.least(12);

    current = await gateways.start();
    expect((await client.session())?.address).to.equal(people.patient.address);
    expect((await client.listSlots()).map(({ data }) => [...data])).to.deep.equal([[1, 2, 3]]);
    for (const { digest, bytes } of stored) expect(Buffer.compare(await blocks.getRaw(digest), bytes)).to.equal(0);
    expect((await client.usage()).pins).to.be.at.least(stored.length);
    await blocks.putRaw(Uint8Array.of(1, 2, 3), { pinName: "0x02" });
  });

  it("lets one process use a data folder, and names it to the second", async () => {
    const second = gateways.run([], { GATEWAY_PORT: String(await freePort()) });
    expect(await second.ended).to.equal(1);
    expect(second.output.errors).to.contain(`in use by process ${current.child.pid}`);
  });

  it("is degraded, not dead, while the chain's node is away", async () => {
    const health = await newClient().health();
    expect(health).to.deep.include({
      status: "degraded",
      chain: { ok: false, block: null },
      ipfs: { ok: true },
      database: { ok: true },
    });
  });

  it("ends when it is asked to, and has everything at the next start", async () => {
    const before = await client.usage();
    current.child.kill("SIGTERM");
    expect(await current.ended).to.equal(0);
    current = await gateways.start();
    expect(await client.usage()).to.deep.equal(before);
    current.child.kill("SIGTERM");
    expect(await current.ended).to.equal(0);
  });
});
