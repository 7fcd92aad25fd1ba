/**
 * @module test/services/gateway/relay/relayer
 * The nonce manager: order, replacement, gaps, and what a process that ended in the middle leaves behind.
 */
import { expect } from "chai";
import { decodeFunctionData, numberToHex, type Hex } from "viem";
import { carekeyAbi } from "@carekey/sdk/contracts";
import type { GatewayClient } from "@carekey/sdk/gateway";
import { expectRefusal } from "../../../support/refusal.ts";
import { people, signedIn } from "../fixture.ts";
import { digest, openRelay, signed, type FreshRelay, type TestRelay } from "./support.ts";

const { patient, doctor, stranger } = people;

describe("the relayer", function () {
  this.timeout(120_000);
  let opened: TestRelay;
  let world: FreshRelay;
  let client: GatewayClient;

  before(async () => {
    opened = await openRelay();
  });
  beforeEach(async () => {
    world = await opened.anew();
    client = await signedIn({ app: world.app, clock: world.gateway.clock }, patient);
  });
  after(() => opened.close());

  const request = (method: string, params: readonly unknown[] = []) => world.chain.request(method, params);
  const note = (index: number, nonce?: bigint) => signed(world.chain, patient, "note", [digest(index)], nonce);
  const latestNonce = () => world.chain.publicClient.getTransactionCount({ address: world.account.address });
  const isMined = async (hash: Hex) => (await world.relayChain.receipt(hash)) !== null;
  const later = () => (world.gateway.clock.seconds += 31);
  /** Notes of a patient's chart, as the chain has them. */
  const acts = async () =>
    (await world.chain.client.chartActs(patient.address, (await world.chain.client.block()).number)).length;

  it("gives calls that come at once nonces in order, each its own", async () => {
    const calls = await Promise.all(
      [patient, doctor, stranger].map(async (person) => ({
        person: person.address,
        call: await signed(world.chain, person, "note", [digest(1)]),
      })),
    );
    const sent = await Promise.all(calls.map(({ person, call }) => world.relay.send(person, call)));
    const rows = await Promise.all(sent.map(({ id }) => world.store.find(id)));
    expect(rows.map((row) => row!.nonce)).to.have.members([0, 1, 2]);
    expect(await latestNonce()).to.equal(3);
    await world.relay.tend();
    expect(await world.store.open(world.account.address)).to.deep.equal([]);
  });

  it("takes the same call twice for one", async () => {
    const call = await note(1);
    const [first, second] = await Promise.all([client.relay.send(call), client.relay.send(call)]);
    expect(second).to.deep.equal(first);
    expect(await latestNonce()).to.equal(1);
    expect(await acts()).to.equal(1);
  });

  it("raises the fee of a transaction that is stuck, under the same nonce", async () => {
    await request("evm_setAutomine", [false]);
    const { id, hashes } = await client.relay.send(await note(1));
    later();
    await world.relay.tend();
    const bumped = await client.relay.state(id);
    expect(bumped.state).to.equal("sent");
    expect(bumped.hashes.slice(0, 1)).to.deep.equal(hashes);
    const { attempts } = (await world.store.find(id))!;
    expect(attempts.map(({ kind }) => kind)).to.deep.equal(["act", "act"]);
    const [before, after] = attempts;
    expect(Number(after!.maxFee) / Number(before!.maxFee)).to.be.at.least(1.125);
    expect(Number(after!.tip) / Number(before!.tip)).to.be.at.least(1.125);
    await request("evm_mine");
    await world.relay.tend();
    expect((await client.relay.state(id)).state).to.equal("done");
    expect(await Promise.all(bumped.hashes.map(isMined))).to.deep.equal([false, true]);
    expect([await latestNonce(), await acts()]).to.deep.equal([1, 1]);
  });

  it("does not raise fees for ever", async () => {
    await request("evm_setAutomine", [false]);
    const relay = world.relayerWith({ maxBumps: 2 });
    const { id } = await relay.send(patient.address, await note(1));
    for (let round = 0; round < 5; round++) {
      later();
      await relay.tend();
    }
    expect((await world.store.find(id))!.attempts).to.have.length(3);
  });

  it("uses up the nonce of a stuck act that the contract would refuse by now, and spends no more than that", async () => {
    await request("evm_setAutomine", [false]);
    const { id } = await client.relay.send(await note(1));
    const [raw] = (await world.store.find(id))!.attempts;
    await request("hardhat_dropTransaction", [raw!.hash]);
    await request("evm_setAutomine", [true]);
    // The patient sends the same signature from the own wallet.
    await world.chain.write(patient, "noteBySig", await argumentsOf(id));
    await request("evm_setAutomine", [false]);
    later();
    await world.relay.tend();
    await request("evm_mine");
    await world.relay.tend();
    expect((await client.relay.state(id)).state).to.equal("failed");
    expect((await world.store.find(id))!.attempts.map(({ kind }) => kind)).to.deep.equal(["act", "filler"]);
    expect([await latestNonce(), await acts()]).to.deep.equal([1, 1]);
    await request("evm_setAutomine", [true]);
    expect((await client.relay.send(await note(2))).hashes).to.have.length(1);
    expect(await latestNonce()).to.equal(2);
  });

  async function argumentsOf(id: string): Promise<readonly unknown[]> {
    return decodeFunctionData({ abi: carekeyAbi, data: (await world.store.find(id))!.data }).args;
  }

  it("sends what was saved but never handed over, the same bytes, after a restart", async () => {
    const dying = world.relayerWith({}, { broadcast: () => new Promise(() => undefined) });
    void dying.send(patient.address, await note(1));
    const saved = await waitForOpen();
    expect(await latestNonce()).to.equal(0);
    const next = world.relayerWith();
    await next.tend();
    expect(await isMined(saved.attempts[0]!.hash)).to.equal(true);
    await next.tend();
    expect((await world.store.find(saved.id))!.state).to.equal("done");
    expect([await latestNonce(), await acts()]).to.deep.equal([1, 1]);
  });

  async function waitForOpen() {
    for (;;) {
      const [open] = await world.store.open(world.account.address);
      if (open !== undefined) return open;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it("finds what was mined while nobody looked, and sends it no second time", async () => {
    const { id } = await world.relay.send(patient.address, await note(1));
    const next = world.relayerWith({}, { broadcast: () => Promise.reject(new Error("sent twice")) });
    await next.tend();
    expect((await world.store.find(id))!.state).to.equal("done");
    expect([await latestNonce(), await acts()]).to.deep.equal([1, 1]);
  });

  it("puts a later act behind one that never reached the node, and both arrive", async () => {
    const dying = world.relayerWith({}, { broadcast: () => new Promise(() => undefined) });
    void dying.send(patient.address, await note(1));
    await waitForOpen();
    const next = world.relayerWith();
    const second = await next.send(doctor.address, await signed(world.chain, doctor, "note", [digest(1)]));
    expect((await world.store.find(second.id))!.nonce).to.equal(1);
    expect(await latestNonce()).to.equal(0);
    await next.tend();
    expect(await latestNonce()).to.equal(2);
    await next.tend();
    expect(await world.store.open(world.account.address)).to.deep.equal([]);
  });

  it("sends again what the node forgot", async () => {
    await request("evm_setAutomine", [false]);
    const { id, hashes } = await client.relay.send(await note(1));
    await request("hardhat_dropTransaction", [hashes[0]]);
    await world.relay.tend();
    await request("evm_mine");
    await world.relay.tend();
    expect((await client.relay.state(id)).state).to.equal("done");
  });

  it("closes a gap that a reorganisation left below what is open", async () => {
    const snapshot = await request("evm_snapshot");
    await client.relay.send(await note(1));
    await world.relay.tend();
    await request("evm_setAutomine", [false]);
    const second = await client.relay.send(await note(2));
    expect((await world.store.find(second.id))!.nonce).to.equal(1);
    await request("evm_revert", [snapshot]);
    await request("evm_setAutomine", [true]);
    expect(await latestNonce()).to.equal(0);
    await world.relay.tend();
    expect(await latestNonce()).to.be.at.least(1);
    await world.relay.tend();
    await world.relay.tend();
    expect(await world.store.open(world.account.address)).to.deep.equal([]);
  });

  it("waits for the deployment's confirmations before it calls an act done", async () => {
    const patientRelay = world.relayerWith();
    const { id } = await patientRelay.send(patient.address, await note(1));
    const head = await world.chain.client.block();
    const slow = world.relayerWith({}, { blockNumber: () => Promise.resolve(head.number - 1n) });
    await slow.tend();
    expect((await world.store.find(id))!.state).to.equal("sent");
    await patientRelay.tend();
    expect((await world.store.find(id))!.state).to.equal("done");
  });

  it("sets aside what is open, so that its account is never promised twice", async () => {
    await request("evm_setAutomine", [false]);
    const { id } = await client.relay.send(await note(1));
    const { cost } = (await world.store.find(id))!;
    await request("hardhat_setBalance", [world.account.address, numberToHex(cost + cost / 2n)]);
    const other = await signed(world.chain, doctor, "note", [digest(1)]);
    await expectRefusal(world.relay.send(doctor.address, other), "RELAY_UNAVAILABLE", "balance");
  });

  it("gives a nonce back that the node refused for want of money", async () => {
    const poor = world.relayerWith({}, { balance: () => Promise.resolve(10n ** 18n) });
    await request("hardhat_setBalance", [world.account.address, "0x1"]);
    await expectRefusal(poor.send(patient.address, await note(1)), "RELAY_UNAVAILABLE", "balance");
    await request("hardhat_setBalance", [world.account.address, "0x8ac7230489e80000"]);
    const { id } = await world.relay.send(patient.address, await note(2));
    expect((await world.store.find(id))!.nonce).to.equal(0);
    expect([await latestNonce(), await acts()]).to.deep.equal([1, 1]);
  });
});
