/**
 * @module test/scripts/chain/process
 * The local chain as a process: killed in the middle of its writes, started twice, asked over HTTP.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { mnemonicToAccount } from "viem/accounts";
import { MNEMONIC } from "../../../scripts/chain/node.ts";
import { freePort } from "../../support/ports.ts";

const MAIN = join(import.meta.dirname, "../../../scripts/chain/main.ts");
const WATCH = join(import.meta.dirname, "../../../scripts/common/parent-watch.ts");
const WRITES = 200;
const alice = mnemonicToAccount(MNEMONIC, { addressIndex: 1 });

describe("local chain process", () => {
  let folder: string;
  let port: number;
  const running = new Set<ChildProcess>();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "carekey-chain-"));
    port = await freePort();
  });

  afterEach(async () => {
    for (const child of running) await end(child, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(): { child: ChildProcess; output: () => string } {
    const child = spawn(process.execPath, ["--import", WATCH, MAIN, "--data", folder, "--port", String(port)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    return { child, output: () => text };
  }

  async function start(): Promise<ChildProcess> {
    const { child, output } = launch();
    while (!output().includes("ready on")) {
      if (child.exitCode !== null) throw new Error(output());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return child;
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
    return child.exitCode;
  }

  async function post(body: unknown): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: JSON.stringify(body) });
    return response.json();
  }

  async function rpc(method: string, params: unknown[] = []): Promise<unknown> {
    const answer = await post({ jsonrpc: "2.0", id: 1, method, params });
    if (answer === null || typeof answer !== "object" || !("result" in answer)) throw new Error(JSON.stringify(answer));
    return answer.result;
  }

  it(`loses nothing acknowledged when it is killed in the middle of ${WRITES} writes`, async function () {
    this.timeout(240_000);
    const raw = await Promise.all(
      Array.from({ length: WRITES }, (_, nonce) =>
        alice.signTransaction({
          chainId: 31337,
          type: "eip1559",
          nonce,
          to: alice.address,
          gas: 21_000n,
          maxFeePerGas: 10n ** 10n,
        }),
      ),
    );
    const child = await start();
    const acknowledged = new Map<unknown, unknown>();
    const writing = (async () => {
      for (const transaction of raw) {
        const hash = await rpc("eth_sendRawTransaction", [transaction]);
        acknowledged.set(hash, undefined);
        if (acknowledged.size === WRITES / 2) child.kill("SIGKILL");
      }
    })().catch(() => "cut off");
    expect(await writing).to.equal("cut off");
    expect(acknowledged.size).to.be.within(WRITES / 2, WRITES - 1);

    await start();
    for (const hash of acknowledged.keys()) {
      expect(await rpc("eth_getTransactionReceipt", [hash])).to.include({ status: "0x1" });
    }
    for (const transaction of raw.slice(Number(await rpc("eth_getTransactionCount", [alice.address, "latest"])))) {
      await rpc("eth_sendRawTransaction", [transaction]);
    }
    expect(await rpc("eth_getTransactionCount", [alice.address, "latest"])).to.equal(`0x${WRITES.toString(16)}`);
  });

  it("answers batches in order, and every origin", async () => {
    await start();
    const batch = [
      { id: 7, method: "eth_chainId" },
      { id: 8, method: "eth_nonsense" },
      { id: 9, method: "evm_mine" },
      { id: 10, method: "eth_blockNumber" },
      5,
    ];
    const answers = await post(batch);
    expect(answers).to.have.length(5);
    expect(answers).to.have.nested.property("[0].result", "0x7a69");
    expect(answers).to.have.nested.property("[1].error.code");
    expect(answers).to.have.nested.property("[3].result", "0x1");
    expect(answers).to.have.nested.property("[4].error.code", -32600);
    const preflight = await fetch(`http://127.0.0.1:${port}`, { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-origin")).to.equal("*");
  });

  it("gives a revert's data in the place where libraries look for it", async () => {
    await start();
    const contract = `0x${"dd".repeat(20)}`;
    // mstore(0, 0xaabbccdd…); revert(0, 4)
    await rpc("hardhat_setCode", [contract, `0x63aabbccdd60e01b5f5260045ffd`]);
    const answer = await post({ id: 1, method: "eth_call", params: [{ to: contract }, "latest"] });
    expect(answer).to.have.nested.property("error.code", 3);
    expect(answer).to.have.nested.property("error.data", "0xaabbccdd");
  });

  it("refuses a second process on the same folder, and names the first", async () => {
    const first = await start();
    const second = launch();
    expect((await once(second.child, "exit"))[0]).to.equal(1);
    expect(second.output()).to.include(`process ${first.pid}`);
  });

  it("stops cleanly when asked, and when its parent is gone", async () => {
    const asked = await start();
    expect(await end(asked, "SIGTERM")).to.equal(0);
    const orphan = await start();
    const exit = once(orphan, "exit");
    orphan.stdin?.destroy();
    expect((await exit)[0]).to.equal(0);
  });
});
