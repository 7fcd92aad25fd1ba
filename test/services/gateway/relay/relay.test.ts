/**
 * @module test/services/gateway/relay/relay
 * What the relay carries, for whom, how much, and what it refuses before anything is sent.
 */
import { expect } from "chai";
import { encodeFunctionData, parseAbi, zeroAddress, zeroHash } from "viem";
import type { Hex } from "@carekey/sdk/bytes";
import type { SdkError } from "@carekey/sdk/errors";
import { MAX_OPEN_ACTS, relayIdOf, type GatewayClient } from "@carekey/sdk/gateway";
import { carekeyAbi } from "@carekey/sdk/contracts";
import { READ, hashTerms, parseTerms } from "@carekey/sdk/consent";
import { allowedActs } from "../../../../services/gateway/relay/allow-list.ts";
import { expectRefusal } from "../../../support/refusal.ts";
import { clientOf, people, signedIn } from "../fixture.ts";
import { digest, openRelay, signed, signedGrant, signedRevoke, type TestRelay } from "./support.ts";

const { patient, stranger } = people;

describe("the relay", function () {
  this.timeout(120_000);
  let world: TestRelay;
  let client: GatewayClient;

  before(async () => {
    world = await openRelay();
    await world.chain.request("hardhat_setBalance", [patient.address, "0x0"]);
    client = await signedIn({ app: world.app, clock: world.gateway.clock }, patient);
  });
  after(() => world.close());

  const relayerNonce = () => world.chain.publicClient.getTransactionCount({ address: world.account.address });
  const chainTime = () => world.chain.now();

  /** The act takes effect, and is found so. */
  async function carried(call: Parameters<GatewayClient["relay"]["send"]>[0]): Promise<void> {
    const { id, hashes } = await client.relay.send(call);
    const receipt = await world.chain.publicClient.waitForTransactionReceipt({ hash: hashes.at(-1)! });
    expect(receipt.status).to.equal("success");
    await world.relay.tend();
    expect((await client.relay.state(id)).state).to.equal("done");
  }

  it("carries every signed act of somebody with an empty wallet", async () => {
    const { chain } = world;
    await carried(await signed(chain, patient, "register", [1, digest(1)]));
    await carried(await signed(chain, patient, "rotateKey", [digest(2)]));
    await carried(await signed(chain, patient, "add", [digest(3), digest(4), zeroHash]));
    await carried(await signed(chain, patient, "note", [digest(5)]));
    await carried(await signed(chain, patient, "decide", [digest(6), 2, zeroHash]));
    await carried(await signed(chain, patient, "decideBatch", [[digest(7)], [digest(8)], digest(9)]));
    expect((await chain.client.identityOf(patient.address)).role).to.equal(1);
    expect(await chain.publicClient.getBalance({ address: patient.address })).to.equal(0n);
  });

  it("is behind sign-in", async () => {
    const call = await signed(world.chain, patient, "note", [digest(10)]);
    await expectRefusal(clientOf(world.app).relay.send(call), "NOT_SIGNED_IN");
    await expectRefusal(clientOf(world.app).relay.offer(), "NOT_SIGNED_IN");
  });

  describe("refuses, and sends nothing:", () => {
    let before = 0;
    beforeEach(async () => (before = await relayerNonce()));
    afterEach(async () => expect(await relayerNonce()).to.equal(before));

    it("a contract that is not on its list", async () => {
      const call = await signed(world.chain, patient, "note", [digest(11)]);
      const { details } = await expectRefusal(client.relay.send({ ...call, to: stranger.address }), "FORBIDDEN");
      expect(details["field"]).to.equal("to");
    });

    it("an act that is not on its list: direct calls, the registrar's, other contracts' selectors", async () => {
      const { carekey } = world.chain.deployment;
      const foreign = [
        encodeFunctionData({ abi: carekeyAbi, functionName: "note", args: [digest(12)] }),
        encodeFunctionData({ abi: carekeyAbi, functionName: "suspend", args: [stranger.address] }),
        encodeFunctionData({
          abi: parseAbi(["function transfer(address to, uint256 amount)"]),
          args: [patient.address, 1n],
        }),
        "0x12345678",
      ] as const;
      for (const data of foreign) {
        const { details } = await expectRefusal(client.relay.send({ to: carekey, data }), "FORBIDDEN");
        expect(details["field"], data.slice(0, 10)).to.equal("data");
      }
    });

    it("somebody else's act, though it is signed well", async () => {
      const call = await signed(world.chain, stranger, "register", [1, digest(13)]);
      const { details } = await expectRefusal(client.relay.send(call), "FORBIDDEN");
      expect(details["field"]).to.equal("person");
    });

    it("an act in the caller's name that somebody else signed", async () => {
      const own = await signed(world.chain, patient, "note", [digest(14)]);
      const forged = await signed(world.chain, { ...stranger, address: patient.address }, "note", [digest(14)]);
      expect(forged.data).not.to.equal(own.data);
      const { details } = await expectRefusal(client.relay.send(forged), "CONTRACT_REVERTED");
      expect(details["errorName"]).to.equal("SignatureInvalid");
    });

    it("what the contract would refuse, with the contract's error and its arguments", async () => {
      const next = await world.chain.client.nonceOf(patient.address, "carekey");
      const call = await signed(world.chain, patient, "note", [digest(15)], next + 1n);
      const { details } = await expectRefusal(client.relay.send(call), "CONTRACT_REVERTED");
      expect(details).to.deep.equal({ errorName: "InvalidAccountNonce", args: [patient.address, String(next)] });
    });

    it("a signed act with other arguments than those signed", async () => {
      const args = [digest(14), digest(15), zeroHash];
      const { to, data } = await signed(world.chain, patient, "add", args);
      const altered = data.replace(digest(15).slice(2), digest(16).slice(2)) as Hex;
      expect(altered).not.to.equal(data);
      const { details } = await expectRefusal(client.relay.send({ to, data: altered }), "CONTRACT_REVERTED");
      expect(details["errorName"]).to.equal("SignatureInvalid");
    });

    it("an act whose time is over", async () => {
      const late = { ...world.chain, now: async () => (await chainTime()) - 3_601 };
      const call = await signed(late, patient, "note", [digest(14)]);
      const { details } = await expectRefusal(client.relay.send(call), "CONTRACT_REVERTED");
      expect(details["errorName"]).to.equal("SignatureExpired");
    });

    it("the same act in other bytes, which would be paid for again", async () => {
      const { to, data } = await signed(world.chain, patient, "note", [digest(14)]);
      const { details } = await expectRefusal(client.relay.send({ to, data: `${data}00` }), "FORBIDDEN");
      expect(details["field"]).to.equal("data");
    });

    it("call data without a selector, or above the limit", async () => {
      const { carekey } = world.chain.deployment;
      await expectRefusal(client.relay.send({ to: carekey, data: "0x1234" }), "MALFORMED");
      await expectRefusal(client.relay.send({ to: carekey, data: `0x${"00".repeat(32_769)}` }), "TOO_LARGE");
    });
  });

  it("answers a call that was carried already with how it stands, and refuses its nonce in another", async () => {
    const nonce = await world.chain.client.nonceOf(patient.address, "carekey");
    const call = await signed(world.chain, patient, "note", [digest(16)], nonce);
    await carried(call);
    const before = await relayerNonce();
    const again = await client.relay.send(call);
    expect([again.id, again.state]).to.deep.equal([relayIdOf(call), "done"]);
    const other = await signed(world.chain, patient, "note", [digest(17)], nonce);
    const { details } = await expectRefusal(client.relay.send(other), "CONTRACT_REVERTED");
    expect(details["errorName"]).to.equal("InvalidAccountNonce");
    expect(await relayerNonce()).to.equal(before);
  });

  describe("for whoever comes back to a closed page", () => {
    const request = (method: string, params: readonly unknown[] = []) => world.chain.request(method, params);
    afterEach(async () => {
      await request("evm_setAutomine", [true]);
      await request("evm_mine");
      await world.relay.tend();
    });

    it("names what is on its way, call and hashes, to the person alone, and no longer once it has ended", async () => {
      await request("evm_setAutomine", [false]);
      const call = await signed(world.chain, patient, "note", [digest(18)]);
      const sent = await client.relay.send(call);
      expect((await client.relay.offer()).open).to.deep.equal([{ ...sent, ...call }]);
      const nobody = await signedIn({ app: world.app, clock: world.gateway.clock }, stranger);
      expect((await nobody.relay.offer()).open).to.deep.equal([]);
      await expectRefusal(nobody.relay.state(sent.id), "NOT_FOUND");
      await request("evm_mine");
      await world.relay.tend();
      expect((await client.relay.offer()).open).to.deep.equal([]);
    });

    it("takes so many at once from one person, and the others go on", async () => {
      await request("evm_setAutomine", [false]);
      const nonce = await world.chain.client.nonceOf(patient.address, "carekey");
      // Nothing is mined, so all of them have the same next nonce and pass the simulation.
      const burst = await Promise.all(
        Array.from({ length: MAX_OPEN_ACTS + 4 }, (_, index) =>
          signed(world.chain, patient, "note", [digest(100 + index)], nonce),
        ),
      );
      const answers = await Promise.allSettled(burst.map((call) => client.relay.send(call)));
      const refused = answers.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
      expect(refused.map(({ reason }) => (reason as SdkError).details["reason"])).to.deep.equal(Array(4).fill("busy"));
      const other = await signedIn({ app: world.app, clock: world.gateway.clock }, stranger);
      const call = await signed(world.chain, stranger, "register", [1, digest(13)]);
      expect((await other.relay.send(call)).state).to.equal("sent");
      const before = await notes();
      await request("evm_mine");
      expect(await notes()).to.equal(before + 1);
    });

    const notes = async () =>
      (await world.chain.client.chartActs(patient.address, (await world.chain.client.block()).number)).length;
  });

  it("a grant that it kept back until after the revoke opens nothing", async () => {
    const now = await chainTime();
    const terms = parseTerms({
      patient: patient.address,
      grantee: people.doctor.address,
      organisation: zeroAddress,
      scopes: [digest(20)],
      fromEpoch: 0,
      rights: READ,
      notBefore: now,
      expiresAt: now + 86_400,
      maxViews: 0,
      flags: 0,
      about: { scopes: "labs", purpose: "a test", salt: digest(21) },
    });
    const id = hashTerms(terms);
    const kept = await signedGrant(world.chain, patient, terms, id);
    await carried(await signedRevoke(world.chain, patient, id));
    const { details } = await expectRefusal(client.relay.send(kept), "CONTRACT_REVERTED");
    expect(details["errorName"]).to.equal("ConsentAlreadyUsed");
    expect((await world.chain.client.consentState(patient.address, id)).grantedAt).to.equal(0);
  });

  it("tells nobody else where an act stands", async () => {
    const call = await signed(world.chain, patient, "note", [digest(30)]);
    const { id } = await client.relay.send(call);
    const other = await signedIn({ app: world.app, clock: world.gateway.clock }, stranger);
    await expectRefusal(other.relay.state(id), "NOT_FOUND");
    await expectRefusal(client.relay.state("0".repeat(32)), "NOT_FOUND");
    await world.relay.tend();
  });

  it("shows operators how many, and never who", async () => {
    const text = await (await world.app.request("/metrics")).text();
    expect(text).to.match(/carekey_gateway_relay_acts\{state="done"\} [1-9]/);
    expect(text).to.match(/carekey_gateway_relay_balance_ether 9\.9/);
    expect(text.toLowerCase()).not.to.contain(patient.address.slice(2, 12).toLowerCase());
    expect(text.toLowerCase()).not.to.contain(world.account.address.slice(2, 12).toLowerCase());
  });

  describe("limits", () => {
    const act = () => signed(world.chain, patient, "note", [digest(40)]);

    /** The reason for which a relay with these limits refuses, asked and tried. */
    async function reasons(relay: TestRelay["relay"]): Promise<{ offered: string | null; tried: unknown }> {
      const app = await world.gateway.variant({ relay });
      const limited = await signedIn({ app, clock: world.gateway.clock }, patient);
      const before = await relayerNonce();
      const { details } = await expectRefusal(limited.relay.send(await act()), "RELAY_UNAVAILABLE");
      expect(await relayerNonce()).to.equal(before);
      return { offered: (await limited.relay.offer()).reason, tried: details["reason"] };
    }

    it("so many acts of one person in a day, and again the day after", async () => {
      const taken = await world.store.countOf(patient.address, 0);
      const relay = world.relayerWith({ actsPerDay: taken });
      expect(await reasons(relay)).to.deep.equal({ offered: "quota", tried: "quota" });
      world.gateway.clock.seconds += 86_401;
      client = await signedIn({ app: await world.gateway.variant({ relay }), clock: world.gateway.clock }, patient);
      expect(await client.relay.offer()).to.deep.equal({ available: true, reason: null, left: taken, open: [] });
      client = await signedIn({ app: world.app, clock: world.gateway.clock }, patient);
    });

    it("a budget for everybody together", async () => {
      expect(await reasons(world.relayerWith({ budgetPerDay: 1n }))).to.deep.equal({
        offered: "budget",
        tried: "budget",
      });
    });

    it("the gas of one act", async () => {
      expect((await reasons(world.relayerWith({ maxGas: 30_000 }))).tried).to.equal("gas");
    });

    it("what its account holds", async () => {
      const { chain, account } = world;
      await chain.request("hardhat_setBalance", [account.address, "0x1000"]);
      expect(await reasons(world.relay)).to.deep.equal({ offered: "balance", tried: "balance" });
      await chain.request("hardhat_setBalance", [account.address, "0x8ac7230489e80000"]);
      await carried(await act());
    });

    it("says that there is none where there is none", async () => {
      const none = await signedIn({ app: world.gateway.app, clock: world.gateway.clock }, patient);
      expect(await none.relay.offer()).to.deep.equal({ available: false, reason: "off", left: 0, open: [] });
      await expectRefusal(none.relay.send(await act()), "RELAY_UNAVAILABLE", "off");
    });
  });

  it("knows every signed act of each contract, and each begins with who acts", () => {
    for (const { abi, acts } of allowedActs(world.chain.deployment)) {
      const signedActs = abi.flatMap((item) => (item.type === "function" && item.name.endsWith("BySig") ? [item] : []));
      expect(signedActs.map(({ name }) => name)).to.have.members([...acts]);
      for (const { name, inputs } of signedActs) expect(inputs[0]?.type, name).to.equal("address");
    }
  });
});
