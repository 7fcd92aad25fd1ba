/**
 * @module test/sdk/client/relay
 * Acts of a person with an empty wallet: signed once, sent by the gateway, followed on the chain. And what becomes of them when the
 * gateway refuses, falls silent before or after it has taken one, or lies.
 */
import { expect } from "chai";
import { createWalletClient, custom, keccak256, numberToHex, type EIP1193RequestFn, type TypedDataDomain } from "viem";
import { chainOf, createChainClient } from "../../../sdk/src/chain/index.ts";
import { awaitActs, createCarekey, relayState, type Carekey, type OwnCost } from "../../../sdk/src/client/index.ts";
import { sendAct, sendActTo } from "../../../sdk/src/client/context.ts";
import { successionAbi } from "../../../sdk/src/contracts/index.ts";
import { createGatewayClient } from "../../../sdk/src/gateway/index.ts";
import { guardianCommitment } from "../../../sdk/src/identity/index.ts";
import { ORIGIN, people, SUCCESSION_DELAY_SECONDS } from "../../services/gateway/fixture.ts";
import { digest, openRelay, type FreshRelay, type TestRelay } from "../../services/gateway/relay/support.ts";
import { expectRefusal } from "../../support/refusal.ts";

const { patient, stranger, doctor, nurse } = people;
const TEN_ETHER = "0x8ac7230489e80000";

/** What the network does to a request of the person's device: passes it on, loses it, or loses or changes its answer. */
type Network = (request: () => Promise<Response>, call: { method: string; path: string }) => Promise<Response>;

describe("relayed acts", function () {
  this.timeout(120_000);
  let opened: TestRelay;
  let world: FreshRelay;
  let network: Network;
  /** What the wallet was asked, by method. */
  let asked: string[];
  let costs: OwnCost[];
  let mayPay: boolean;
  let carekey: Carekey;

  before(async () => {
    opened = await openRelay();
  });
  beforeEach(async () => {
    world = await opened.anew();
    network = (request) => request();
    asked = [];
    costs = [];
    mayPay = true;
    await request("hardhat_setBalance", [patient.address, "0x0"]);
    carekey = await deviceOf();
  });
  after(() => opened.close());

  const request = (method: string, params: readonly unknown[] = []) => world.chain.request(method, params);

  /** A device of the patient, signed in; the wallet signs and sends for real, and is watched. */
  async function deviceOf(app: { request: TestRelay["app"]["request"] } = world.app): Promise<Carekey> {
    const deployment = { ...world.chain.deployment, gatewayUrl: ORIGIN, relayer: world.account.address };
    const provider = { request: (({ method, params }) => request(method, params as unknown[])) as EIP1193RequestFn };
    const wallet = createWalletClient({ account: patient, chain: chainOf(deployment), transport: custom(provider) });
    const watched: typeof wallet = {
      ...wallet,
      signTypedData: (typedData) => (asked.push("sign"), wallet.signTypedData(typedData)),
      writeContract: (call) => (asked.push("send"), wallet.writeContract(call as never)),
    };
    const now = () => world.gateway.clock.seconds;
    const gateway = createGatewayClient({
      baseUrl: ORIGIN,
      chainId: deployment.chainId,
      fetch: async (input, init) =>
        network(async () => app.request(String(input), init), {
          method: init?.method ?? "GET",
          path: new URL(String(input)).pathname,
        }),
      now,
      retry: { attempts: 3, delayMs: 1 },
    });
    await gateway.signIn({ address: patient.address, signMessage: (message) => patient.signMessage({ message }) });
    const chain = createChainClient({ deployment, transport: custom(provider) });
    return { ...createCarekey({ deployment, wallet: watched, now }), chain, gateway };
  }

  const options = {
    confirmCost: (cost: OwnCost) => {
      costs.push(cost);
      return Promise.resolve(mayPay);
    },
  };
  const note = (index: number, device = carekey) => sendAct(device, "note", [digest(index)], "A note", options);
  const ownTransactions = () => world.chain.publicClient.getTransactionCount({ address: patient.address });
  const notes = async () =>
    (await world.chain.client.chartActs(patient.address, (await world.chain.client.block()).number)).length;
  const isHandIn: (call: { method: string; path: string }) => boolean = ({ method, path }) =>
    method === "POST" && path === "/api/v1/relay";

  it("asks the wallet for one signature each, and moves none of its money", async () => {
    await sendAct(carekey, "register", [1, digest(1)], "Register", options);
    await sendAct(carekey, "add", [digest(2), digest(3), numberToHex(0, { size: 32 })], "Add", options);
    const { txHash, blockNumber } = await note(4);
    const receipt = await world.chain.publicClient.getTransactionReceipt({ hash: txHash });
    expect([receipt.status, receipt.blockNumber]).to.deep.equal(["success", blockNumber]);
    expect(asked).to.deep.equal(["sign", "sign", "sign"]);
    expect(await ownTransactions()).to.equal(0);
    expect(costs).to.deep.equal([]);
  });

  it("asks nobody for what the contract would refuse", async () => {
    await sendAct(carekey, "register", [1, digest(1)], "Register", options);
    const again = sendAct(carekey, "register", [1, digest(2)], "Register", options);
    const { details } = await expectRefusal(again, "CONTRACT_REVERTED");
    expect(details["errorName"]).to.equal("IdentityAlreadyRegistered");
    expect(asked).to.deep.equal(["sign"]);
  });

  it("a refused signature changes nothing, and the act can be done again", async () => {
    const refusing: Carekey = {
      ...carekey,
      wallet: {
        ...carekey.wallet,
        signTypedData: () => Promise.reject(Object.assign(new Error("no"), { code: 4001 })),
      },
    };
    await expectRefusal(note(1, refusing), "SIGNATURE_REFUSED");
    expect(await notes()).to.equal(0);
    await note(1);
    expect(await notes()).to.equal(1);
  });

  describe("when the gateway does not pay", () => {
    beforeEach(() => request("hardhat_setBalance", [patient.address, TEN_ETHER]));

    it("says why and how much, and the wallet pays for the act itself", async () => {
      const app = await world.gateway.variant({ relay: world.relayerWith({ actsPerDay: 0 }) });
      const device = await deviceOf(app);
      expect(await relayState(device)).to.deep.include({ available: false, reason: "quota" });
      await note(1, device);
      expect(costs[0]).to.deep.include({ reason: "quota", currency: "ETH", isAffordable: true });
      expect(costs[0]!.wei > 0n).to.equal(true);
      expect([asked, await ownTransactions(), await notes()]).to.deep.equal([["send"], 1, 1]);
    });

    it("refusing after the signature, the wallet sends that very signature", async () => {
      await request("hardhat_setBalance", [world.account.address, numberToHex(3n * 10n ** 14n)]);
      const app = await world.gateway.variant({ relay: world.relayerWith({ maxGas: 30_000 }) });
      await note(1, await deviceOf(app));
      expect(costs.map(({ reason }) => reason)).to.deep.equal(["gas"]);
      expect([asked, await ownTransactions(), await notes()]).to.deep.equal([["sign", "send"], 1, 1]);
    });

    it("and the person does not want to pay either, nothing happens", async () => {
      mayPay = false;
      network = (pass, { path }) => (path === "/api/v1/relay" ? Promise.reject(new TypeError("down")) : pass());
      await expectRefusal(note(1), "CANCELLED");
      expect(costs.map(({ reason }) => reason)).to.deep.equal(["unreachable"]);
      expect([asked, await ownTransactions(), await notes()]).to.deep.equal([[], 0, 0]);
    });

    it("an empty wallet is told so before it is asked", async () => {
      await request("hardhat_setBalance", [patient.address, "0x0"]);
      mayPay = false;
      network = (pass, { path }) => (path === "/api/v1/relay" ? Promise.reject(new TypeError("down")) : pass());
      await expectRefusal(note(1), "CANCELLED");
      expect(costs[0]!.isAffordable).to.equal(false);
    });

    it("for want of a session, that is the reason", async () => {
      await carekey.gateway.signOut();
      expect(await relayState(carekey)).to.deep.include({ available: false, reason: "signed-out" });
    });
  });

  describe("when an answer is lost", () => {
    beforeEach(() => request("hardhat_setBalance", [patient.address, TEN_ETHER]));
    /** Loses answers to handed-in acts: the gateway has taken them. */
    const loseAnswers = (count: number) => {
      network = async (pass, call) => {
        const answer = await pass();
        if (isHandIn(call) && count-- > 0) throw new TypeError("connection reset");
        return answer;
      };
    };

    it("once, the same act is handed in again and is no second one", async () => {
      loseAnswers(1);
      await note(1);
      expect([asked, costs, await notes()]).to.deep.equal([["sign"], [], 1]);
    });

    it("for good, paying is offered, and what the gateway did after all is found and not paid for", async () => {
      loseAnswers(99);
      const { txHash } = await note(1);
      const { from } = await world.chain.publicClient.getTransaction({ hash: txHash });
      expect(from.toLowerCase()).to.equal(world.account.address.toLowerCase());
      expect([asked, await ownTransactions(), await notes()]).to.deep.equal([["sign"], 0, 1]);
    });

    it("and the act is still on its way, the wallet's own copy wins or loses, but the act happens once", async () => {
      await request("evm_setAutomine", [false]);
      loseAnswers(99);
      const done = note(1);
      while ((await world.store.openOf(patient.address)).length === 0 || !asked.includes("send")) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await request("evm_mine");
      await request("evm_setAutomine", [true]);
      await request("evm_mine"); // what came between the two waits for a block
      await done;
      expect(await notes()).to.equal(1);
    });

    it("and the person does not pay, the outcome is called unknown: the gateway may have it", async () => {
      await request("evm_setAutomine", [false]);
      loseAnswers(99);
      mayPay = false;
      await expectRefusal(note(1), "OUTCOME_UNKNOWN");
      await request("evm_mine");
      expect(await notes()).to.equal(1);
      await request("evm_setAutomine", [true]);
    });
  });

  describe("after a reload", () => {
    it("what is on its way is found, waited for, and the next act comes behind it", async () => {
      await request("evm_setAutomine", [false]);
      const left = new AbortController();
      const closed = sendAct(carekey, "note", [digest(1)], "A note", { signal: left.signal });
      while ((await world.store.openOf(patient.address)).length === 0) await new Promise((go) => setTimeout(go, 20));
      left.abort();
      await expectRefusal(closed, "CANCELLED");

      const reloaded = await deviceOf();
      const { open } = await relayState(reloaded);
      expect(open).to.have.length(1);
      const waited = awaitActs(reloaded, open);
      const next = note(2, reloaded);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(asked, "only the first one").to.deep.equal(["sign"]);
      await request("evm_setAutomine", [true]);
      await request("evm_mine");
      expect(await waited).to.equal(1);
      await next;
      expect(asked).to.deep.equal(["sign", "sign"]);
      expect(await notes()).to.equal(2);
    });
  });

  it("does not believe a gateway that shows another transaction for the act", async () => {
    await request("hardhat_setBalance", [patient.address, TEN_ETHER]);
    const other = await world.chain.wallet.sendTransaction({ account: stranger, to: patient.address, value: 1n });
    network = (pass, call) =>
      isHandIn(call)
        ? Promise.resolve(Response.json({ id: keccak256("0x01").slice(2, 34), state: "failed", hashes: [other] }))
        : pass();
    await note(1);
    expect([asked, await ownTransactions(), await notes()]).to.deep.equal([["sign", "send"], 1, 1]);
  });

  describe("of the other contracts", () => {
    const SALTS = [stranger, doctor, nurse].map((_, index) => digest(index));
    const guardians = [stranger, doctor, nurse];
    const commitments = guardians.map(({ address }, index) =>
      guardianCommitment(nurse.address, address, SALTS[index]!),
    );
    /** What the wallet showed: the contract, and what counts the act. */
    let shown: { to: unknown; nonce: unknown; round: unknown }[];

    beforeEach(() => {
      shown = [];
      const { signTypedData } = carekey.wallet;
      const watched: typeof signTypedData = (typedData) => {
        const { domain, message } = typedData as { domain: TypedDataDomain; message: Record<string, unknown> };
        shown.push({ to: domain.verifyingContract, nonce: message["nonce"], round: message["round"] });
        return signTypedData(typedData);
      };
      carekey = { ...carekey, wallet: { ...carekey.wallet, signTypedData: watched } };
    });

    /** A guardian of the nurse speaks for the patient, at the own cost. */
    const speak = async (index: number) => {
      const { deployment, wallet, publicClient } = world.chain;
      const args = [nurse.address, patient.address, SALTS[index]!, commitments] as const;
      const call = { address: deployment.succession, abi: successionAbi, functionName: "vouch", args } as const;
      const hash = await wallet.writeContract({ ...call, account: guardians[index]! });
      await publicClient.waitForTransactionReceipt({ hash });
    };
    const nameGuardians = async () => {
      const { deployment, wallet } = world.chain;
      const args = [commitments, 2, 0] as const;
      const call = { address: deployment.succession, abi: successionAbi, functionName: "setGuardians", args } as const;
      await wallet.writeContract({ ...call, account: nurse });
    };
    const follow = () =>
      sendActTo(carekey, "succession", "complete", [nurse.address], "Go on from the old account", options);

    it("each is signed for its own contract, with the number that this contract counts", async () => {
      const { carekey: law, emergencyAccess, succession } = world.chain.deployment;
      for (let index = 0; index < 3; index++) await note(index);
      for (const delay of [60, 120]) {
        await sendActTo(carekey, "emergencyAccess", "configure", [delay, []], "Turn it on", options);
      }
      await sendActTo(carekey, "succession", "setGuardians", [commitments, 2, 0], "Name guardians", options);
      await sendActTo(carekey, "succession", "veto", [], "Object", options);
      expect(shown).to.deep.equal([
        ...[0n, 1n, 2n].map((nonce) => ({ to: law, nonce, round: undefined })),
        ...[0n, 1n].map((nonce) => ({ to: emergencyAccess, nonce, round: undefined })),
        ...[0n, 1n].map((nonce) => ({ to: succession, nonce, round: undefined })),
      ]);
      const counts = (["carekey", "emergencyAccess", "succession"] as const).map((name) =>
        world.chain.client.nonceOf(patient.address, name),
      );
      expect(await Promise.all(counts)).to.deep.equal([3n, 2n, 2n]);
      expect(await ownTransactions()).to.equal(0);
    });

    it("a guardian's word is signed for the round that runs, and is worth nothing after an objection", async () => {
      await nameGuardians();
      const { deployment, wallet, client } = world.chain;
      const veto = { address: deployment.succession, abi: successionAbi, functionName: "veto" } as const;
      await wallet.writeContract({ ...veto, account: nurse });
      const { round } = await client.succession.guardianshipOf(nurse.address);
      const own = guardianCommitment(nurse.address, patient.address, digest(9));
      const args = [[own, ...commitments], 2, 0] as const;
      const set = { address: deployment.succession, abi: successionAbi, functionName: "setGuardians", args } as const;
      await wallet.writeContract({ ...set, account: nurse });
      const word = [nurse.address, stranger.address, digest(9), [own, ...commitments]] as const;
      await sendActTo(carekey, "succession", "vouch", word, "Confirm", options);
      expect(shown).to.deep.equal([{ to: deployment.succession, nonce: undefined, round: round + 1 }]);
      expect((await client.succession.claimOf(nurse.address, stranger.address)).vouchers).to.equal(1);
      await wallet.writeContract({ ...veto, account: nurse });
      expect((await client.succession.claimOf(nurse.address, stranger.address)).vouchers).to.equal(0);
    });

    it("is not too early once the clock says so, though nothing has happened on the chain since", async () => {
      await nameGuardians();
      await speak(0);
      await speak(1);
      await request("evm_increaseTime", [SUCCESSION_DELAY_SECONDS - 60]);
      const { details } = await expectRefusal(follow(), "CONTRACT_REVERTED");
      expect([details["errorName"], asked]).to.deep.equal(["SuccessionNotReady", []]);
      await request("evm_increaseTime", [60]);
      await follow();
      expect(await world.chain.client.succession.successorOf(nurse.address)).to.equal(patient.address);
      expect([asked, await ownTransactions()]).to.deep.equal([["sign"], 0]);
    });

    it("nor when the wallet has to pay for it", async () => {
      await request("hardhat_setBalance", [patient.address, TEN_ETHER]);
      await nameGuardians();
      await speak(0);
      await speak(1);
      await request("evm_increaseTime", [SUCCESSION_DELAY_SECONDS]);
      const app = await world.gateway.variant({ relay: world.relayerWith({ actsPerDay: 0 }) });
      const device = await deviceOf(app);
      await sendActTo(device, "succession", "complete", [nurse.address], "Go on from the old account", options);
      expect([asked, costs.map(({ reason }) => reason)]).to.deep.equal([["send"], ["quota"]]);
      expect(await world.chain.client.succession.successorOf(nurse.address)).to.equal(patient.address);
    });
  });
});
