/**
 * @module test/services/gateway/relay/crash
 * The real gateway process, killed without warning in the two moments that matter: after an act was saved and before the node has it,
 * and after the node has it and before the gateway knows. In both the act happens once.
 */
import { expect } from "chai";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import type { Address } from "@carekey/sdk/bytes";
import { createGatewayClient, relayIdOf, type GatewayClient } from "@carekey/sdk/gateway";
import { expectRefusal } from "../../../support/refusal.ts";
import { people, startChain, type TestChain } from "../fixture.ts";
import { gatewayProcesses, type GatewayProcesses } from "../gateway-process.ts";
import { digest, signed } from "./support.ts";

const TEN_ETHER = "0x8ac7230489e80000";

const callSchema = z.object({ id: z.unknown(), method: z.string(), params: z.array(z.unknown()).default([]) });

/** A node for another process: passes calls to the chain in this one, and can hold what is sent before or after it arrives. */
async function serveNode(chain: TestChain) {
  const state = {
    hold: null as "before" | "after" | null,
    /** Raw transactions in the order in which they were handed over. */
    raw: [] as unknown[],
    held: Promise.withResolvers<void>(),
  };
  const server: Server = createServer((request, response) => {
    void answer(request).then((body) => response.setHeader("content-type", "application/json").end(body));
  });
  async function answer(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (!Array.isArray(sent)) return JSON.stringify(await answerOne(sent));
    return JSON.stringify(await Promise.all(sent.map(answerOne)));
  }
  async function answerOne(sent: unknown): Promise<object> {
    const { id, method, params } = callSchema.parse(sent);
    const isSend = method === "eth_sendRawTransaction";
    if (isSend && state.hold === "before") return hold();
    if (isSend) state.raw.push(params[0]);
    const reply = await chain.request(method, params).then(
      (result) => ({ result: result ?? null }),
      (error: unknown) => ({ error: z.object({ code: z.number(), message: z.string() }).loose().parse(error) }),
    );
    if (isSend && state.hold === "after") return hold();
    return { jsonrpc: "2.0", id, ...reply };
  }
  /** Never answers: the process is killed while it waits. */
  function hold(): Promise<never> {
    state.held.resolve();
    return new Promise<never>(() => undefined);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    holdNext(moment: "before" | "after"): Promise<void> {
      Object.assign(state, { hold: moment, held: Promise.withResolvers<void>() });
      return state.held.promise;
    },
    goOn: () => (state.hold = null),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("the relay of a gateway that is killed", function () {
  this.timeout(180_000);
  const { patient } = people;
  let chain: TestChain;
  let node: Awaited<ReturnType<typeof serveNode>>;
  let gateways: GatewayProcesses;
  let relayer: Address;
  let client: GatewayClient;

  before(async () => {
    chain = await startChain();
    node = await serveNode(chain);
    gateways = await gatewayProcesses();
    const identity = gateways.run(["--identity"]);
    await identity.ended;
    const addresses = JSON.parse(identity.output.text) as { address: Address; relayer: Address };
    relayer = addresses.relayer;
    await chain.request("hardhat_setBalance", [relayer, TEN_ETHER]);
    const deployment = { ...chain.deployment, gateway: addresses.address, relayer, rpcUrl: node.url };
    await gateways.deploy(deployment);
    client = createGatewayClient({ baseUrl: gateways.url, chainId: deployment.chainId });
  });
  after(async () => {
    await gateways?.release();
    node?.close();
    await chain?.close();
  });

  const sentCount = () => chain.publicClient.getTransactionCount({ address: relayer });
  const noteCount = async () =>
    (await chain.client.chartActs(patient.address, (await chain.client.block()).number)).length;

  /** Hands in a note and kills the gateway at that moment, starts it again and waits until nothing is on its way. */
  async function crashAt(moment: "before" | "after", index: number) {
    const gateway = await gateways.start();
    if ((await client.session()) === null) {
      await client.signIn({ address: patient.address, signMessage: (message) => patient.signMessage({ message }) });
    }
    const call = await signed(chain, patient, "note", [digest(index)]);
    const held = node.holdNext(moment);
    const answer = client.relay.send(call);
    await Promise.race([held, answer.then(() => Promise.reject(new Error("answered before it was killed")))]);
    gateway.child.kill("SIGKILL");
    await gateway.ended;
    await expectRefusal(answer, "GATEWAY_UNAVAILABLE");
    node.goOn();
    return { call, atKill: { sent: await sentCount(), notes: await noteCount() } };
  }

  async function recovered(call: Awaited<ReturnType<typeof signed>>): Promise<void> {
    const gateway = await gateways.start();
    for (;;) {
      const { state } = await client.relay.state(relayIdOf(call));
      if (state === "done") break;
      expect(state).to.equal("sent");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await client.relay.send(call), "handed in once more").to.include({ id: relayIdOf(call), state: "done" });
    expect((await client.relay.offer()).open).to.deep.equal([]);
    gateway.child.kill("SIGTERM");
    await gateway.ended;
  }

  it("between saving and sending, sends the act after the restart, once", async () => {
    const { call, atKill } = await crashAt("before", 1);
    expect(atKill).to.deep.equal({ sent: 0, notes: 0 });
    await recovered(call);
    expect({ sent: await sentCount(), notes: await noteCount() }).to.deep.equal({ sent: 1, notes: 1 });
    expect(node.state.raw).to.have.length(1);
  });

  it("between sending and recording, finds the act after the restart and sends nothing", async () => {
    const { call, atKill } = await crashAt("after", 2);
    expect(atKill).to.deep.equal({ sent: 2, notes: 2 });
    await recovered(call);
    expect({ sent: await sentCount(), notes: await noteCount() }).to.deep.equal({ sent: 2, notes: 2 });
    expect(node.state.raw).to.have.length(2);
  });
});
