/**
 * @module test/scripts/start/stack
 * The whole stack: it comes up, a killed server comes back, a killed start script leaves nothing, and nothing is forgotten.
 */
import { rmSync } from "node:fs";
import { expect } from "chai";
import { startStack, type Stack } from "../../support/stack.ts";

const WAIT_MILLISECONDS = 90_000;

describe("npm start", function () {
  this.timeout(400_000);
  let stack: Stack;

  before(async () => {
    stack = await startStack({ fromNothing: true });
  });

  after(async () => {
    await stack.stop();
  });

  async function isUp(url: string): Promise<boolean> {
    try {
      return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MILLISECONDS;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error("did not happen in time");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  it("brings up the chain, three keepers in order and the gateway, which tells where they are", async () => {
    const { deployment, gatewayUrl } = stack;
    expect(deployment.keepers).to.have.length(3);
    expect(deployment.threshold).to.equal(2);
    for (const [position, { url, address }] of deployment.keepers.entries()) {
      const health = await (await fetch(`${url}/health`)).json();
      expect(health).to.include({ status: "ok", address, index: position + 1 });
    }
    const served: unknown = await (await fetch(`${gatewayUrl}/deployment.json`)).json();
    expect(served).to.have.property("carekey", deployment.carekey);
  });

  it("refuses a second stack on the same folder", async () => {
    const error = await startStack({ data: stack.data }).catch((problem: unknown) => problem);
    expect(String(error)).to.include(`process ${stack.process.pid}`);
  });

  it("starts a server again that was killed", async () => {
    const url = `${stack.deployment.keepers[0]!.url}/health`;
    process.kill(stack.pids["keeper-1"]!, "SIGKILL");
    await until(async () => !(await isUp(url)));
    await until(() => isUp(url));
  });

  it("leaves no server behind when it is killed, and goes on from there", async () => {
    const { deployment, pids, data } = stack;
    await stack.kill();
    await until(() => Object.values(pids).every((pid) => !isAlive(pid)));

    stack = await startStack({ data });
    expect(stack.deployment.carekey).to.equal(deployment.carekey);
    expect(stack.deployment.keepers.map(({ address }) => address)).to.deep.equal(
      deployment.keepers.map(({ address }) => address),
    );
    expect(stack.deployment.gateway).to.equal(deployment.gateway);
  });

  it("stops all its servers when asked", async () => {
    const { pids } = stack;
    await stack.stop({ keepData: true });
    expect(Object.values(pids).filter(isAlive)).to.deep.equal([]);
    rmSync(stack.data, { recursive: true, force: true });
  });
});
