import { followTypedData, guardianCommitment, succeedTypedData } from "@carekey/sdk/identity";
import { successionAbi } from "@carekey/sdk/contracts";
import { expect } from "chai";
import { solidityPackedKeccak256 } from "ethers";
import { DAY, NOBODY, START, ZERO, addressOf, digest, type Signer } from "../support/clinic.ts";
import { sign } from "../support/signed-acts.ts";
import { LEAST_DELAY, THRESHOLD, newSuccessionChain, saltOf, type SuccessionWorld } from "../support/succession.ts";

const { ethers, networkHelpers, openSuccession, time } = await newSuccessionChain();

async function fixture() {
  return openSuccession();
}
const load = () => networkHelpers.loadFixture(fixture);

const DEADLINE = START + 100 * DAY;

async function follow(world: SuccessionWorld, predecessor: Signer, successor: Signer): Promise<string> {
  const { domain } = world;
  const pair = { predecessor: addressOf(predecessor), successor: addressOf(successor) };
  return sign(successor, followTypedData({ deployment: domain, ...pair, deadline: DEADLINE }));
}

const tie = async (world: SuccessionWorld, predecessor: Signer, successor: Signer) =>
  world.call(predecessor, "succeed", successor, DEADLINE, await follow(world, predecessor, successor));

describe("Succession", () => {
  describe("deployment", () => {
    it("takes a least waiting time of up to a year", async () => {
      const { succession } = await load();
      for (const delay of [0, 365 * DAY + 1]) {
        await expect(ethers.deployContract("Succession", [delay]))
          .to.be.revertedWithCustomError(succession, "SuccessionDelayOutOfRange")
          .withArgs(delay, 1, 365 * DAY);
      }
      const longest = await ethers.deployContract("Succession", [365 * DAY]);
      expect(await longest.getFunction("leastDelay").staticCall()).to.equal(BigInt(365 * DAY));
    });

    it("has no owner, takes no money, and no function that these tests do not know", async () => {
      const { succession, relayer } = await load();
      await expect(relayer.sendTransaction({ to: await succession.getAddress(), value: 1n })).to.be.revert(ethers);
      const writing = successionAbi
        .filter((item) => item.type === "function" && item.stateMutability !== "view")
        .map((item) => "name" in item && item.name);
      const direct = ["setGuardians", "vouch", "veto", "complete", "succeed"];
      expect(writing.sort()).to.deep.equal([...direct, ...direct.map((name) => `${name}BySig`)].sort());
    });
  });

  describe("setGuardians", () => {
    it("keeps a hash of the commitments, and the default waiting time", async () => {
      const { succession, call, see, old, first, commitmentOf } = await load();
      const commitments = [commitmentOf(old, first), digest("somebody"), digest("else")];
      await expect(call(old, "setGuardians", commitments, 3, 0))
        .to.emit(succession, "GuardiansSet")
        .withArgs(old.address, commitments, 3, LEAST_DELAY, 2);
      const packed = solidityPackedKeccak256(["bytes32[]"], [commitments]);
      expect(await see("guardianshipOf", old)).to.deep.equal([packed, 3n, 3n, BigInt(LEAST_DELAY), 2n]);
    });

    it("takes two to seven guardians, of whom at least two agree", async () => {
      const { succession, call, old } = await load();
      const some = (count: number) => Array.from({ length: count }, (_, index) => digest(`guardian ${index}`));
      for (const [count, threshold] of [
        [1, 1],
        [1, 2],
        [3, 1],
        [3, 0],
        [3, 4],
        [8, 2],
      ] as const) {
        await expect(call(old, "setGuardians", some(count), threshold, 0))
          .to.be.revertedWithCustomError(succession, "SuccessionGuardiansOutOfRange")
          .withArgs(count, threshold);
      }
      await call(old, "setGuardians", some(2), 2, 0);
      await call(old, "setGuardians", some(7), 7, 0);
    });

    it("takes a waiting time from the deployment's least to a year", async () => {
      const { succession, call, old, commitments } = await load();
      for (const delay of [1, LEAST_DELAY - 1, 365 * DAY + 1]) {
        await expect(call(old, "setGuardians", commitments, THRESHOLD, delay))
          .to.be.revertedWithCustomError(succession, "SuccessionDelayOutOfRange")
          .withArgs(delay, LEAST_DELAY, 365 * DAY);
      }
      for (const delay of [LEAST_DELAY, 365 * DAY]) await call(old, "setGuardians", commitments, THRESHOLD, delay);
    });

    it("removes them with an empty list, once", async () => {
      const { succession, call, see, old, vouch, first } = await load();
      await expect(call(old, "setGuardians", [], 5, 5))
        .to.emit(succession, "GuardiansSet")
        .withArgs(old.address, [], 0, 0, 2);
      expect(await see("guardianshipOf", old)).to.deep.equal([ZERO, 0n, 0n, 0n, 2n]);
      await expect(vouch(first)).to.be.revertedWithCustomError(succession, "SuccessionGuardiansMismatch");
      await expect(call(old, "setGuardians", [], 0, 0))
        .to.be.revertedWithCustomError(succession, "SuccessionNoGuardians")
        .withArgs(old.address);
    });

    it("undoes what guardians said before", async () => {
      const { succession, agreed, call, see, old, next, commitments } = await load();
      const readyFrom = await agreed();
      await call(old, "setGuardians", commitments, THRESHOLD, 0);
      expect(await see("claimOf", old, next)).to.deep.equal([0n, 0n, 0n]);
      await time.setNextBlockTimestamp(readyFrom);
      await expect(call(next, "complete", old))
        .to.be.revertedWithCustomError(succession, "SuccessionNotReady")
        .withArgs(old.address, next.address, 0);
    });
  });

  describe("vouch", () => {
    it("counts different guardians, and starts the waiting time with the last needed one", async () => {
      const { succession, vouch, see, old, next, first, second, third } = await load();
      await expect(vouch(first))
        .to.emit(succession, "Vouched")
        .withArgs(old.address, next.address, first.address, 1, 0);
      await time.setNextBlockTimestamp(START + 500);
      const readyFrom = START + 500 + LEAST_DELAY;
      await expect(vouch(second))
        .to.emit(succession, "Vouched")
        .withArgs(old.address, next.address, second.address, 2, readyFrom);
      await time.setNextBlockTimestamp(START + 900);
      await expect(vouch(third))
        .to.emit(succession, "Vouched")
        .withArgs(old.address, next.address, third.address, 3, readyFrom);
      expect(await see("claimOf", old, next)).to.deep.equal([1n, 3n, BigInt(readyFrom)]);
    });

    it("counts one guardian once, also under two salts", async () => {
      const { succession, call, old, next, first } = await load();
      const salts = [digest("one"), digest("another")];
      const commitments = salts.map((salt) => guardianCommitment(addressOf(old), addressOf(first), salt));
      await call(old, "setGuardians", commitments, 2, 0);
      await call(first, "vouch", old, next, salts[0], commitments);
      for (const salt of salts) {
        await expect(call(first, "vouch", old, next, salt, commitments))
          .to.be.revertedWithCustomError(succession, "SuccessionVouchedAlready")
          .withArgs(old.address, next.address, first.address);
      }
    });

    it("is refused to everybody who is no guardian, and with another's salt, list or account", async () => {
      const { succession, call, old, next, other, first, second, stranger, commitments } = await load();
      for (const [account, salt] of [
        [stranger, saltOf(stranger)],
        [stranger, saltOf(first)],
        [first, saltOf(second)],
        [old, ZERO],
        [next, ZERO],
      ] as const) {
        await expect(call(account, "vouch", old, next, salt, commitments))
          .to.be.revertedWithCustomError(succession, "SuccessionNotGuardian")
          .withArgs(old.address, account.address);
      }
      const foreign = [guardianCommitment(addressOf(old), addressOf(stranger), ZERO), ...commitments.slice(1)];
      for (const list of [foreign, commitments.slice(1), commitments.toReversed(), []]) {
        await expect(call(stranger, "vouch", old, next, ZERO, list)).to.be.revertedWithCustomError(
          succession,
          "SuccessionGuardiansMismatch",
        );
      }
      await expect(call(first, "vouch", other, next, saltOf(first), commitments))
        .to.be.revertedWithCustomError(succession, "SuccessionGuardiansMismatch")
        .withArgs(other.address, ZERO);
    });

    it("lets no guardian bar the way by naming somebody else first", async () => {
      const { vouch, see, old, next, other, first, second, third } = await load();
      await vouch(third, other);
      await vouch(first);
      await vouch(second);
      const claim = (await see("claimOf", old, next)) as bigint[];
      expect(claim[1]).to.equal(2n);
    });

    it("is refused for a successor that cannot be one", async () => {
      const world = await load();
      const { succession, vouch, old, next, other, stranger, first } = world;
      for (const successor of [{ address: NOBODY }, old]) {
        await expect(vouch(first, successor))
          .to.be.revertedWithCustomError(succession, "SuccessionSuccessorInvalid")
          .withArgs(successor.address);
      }
      await tie(world, other, stranger);
      await expect(vouch(first, other)).to.be.revertedWithCustomError(succession, "SuccessionSuccessorInvalid");
      await expect(vouch(first, stranger))
        .to.be.revertedWithCustomError(succession, "SuccessionAlreadySuccessor")
        .withArgs(stranger.address, other.address);
      await tie(world, old, next);
      await expect(vouch(first, world.relayer))
        .to.be.revertedWithCustomError(succession, "SuccessionAlreadySucceeded")
        .withArgs(old.address, next.address);
    });
  });

  describe("veto", () => {
    it("ends everything that guardians said, in the last second too; they may begin again", async () => {
      const { succession, agreed, call, see, old, next, vouch, first, second } = await load();
      const readyFrom = await agreed();
      await time.setNextBlockTimestamp(readyFrom);
      await expect(call(old, "veto")).to.emit(succession, "Vetoed").withArgs(old.address, 2);
      await expect(call(next, "complete", old)).to.be.revertedWithCustomError(succession, "SuccessionNotReady");
      await vouch(first);
      await vouch(second);
      expect(((await see("claimOf", old, next)) as bigint[])[1]).to.equal(2n);
    });

    it("is the old account's alone: another's ends nothing", async () => {
      const { succession, agreed, call, see, old, next, first, stranger } = await load();
      await agreed();
      for (const account of [next, first, stranger]) {
        await expect(call(account, "veto"))
          .to.be.revertedWithCustomError(succession, "SuccessionNoGuardians")
          .withArgs(account.address);
      }
      expect(((await see("claimOf", old, next)) as bigint[])[1]).to.equal(2n);
    });
  });

  describe("complete", () => {
    it("is open from the end of the waiting time, not a second earlier", async () => {
      const { succession, agreed, call, see, old, next } = await load();
      const readyFrom = await agreed();
      await time.setNextBlockTimestamp(readyFrom - 1);
      await expect(call(next, "complete", old))
        .to.be.revertedWithCustomError(succession, "SuccessionNotReady")
        .withArgs(old.address, next.address, readyFrom);
      await time.setNextBlockTimestamp(readyFrom);
      await expect(call(next, "complete", old))
        .to.emit(succession, "Succeeded")
        .withArgs(old.address, next.address, true);
      expect(await see("successorOf", old)).to.equal(next.address);
      expect(await see("predecessorOf", next)).to.equal(old.address);
      await expect(call(next, "complete", old)).to.be.revertedWithCustomError(succession, "SuccessionAlreadySucceeded");
    });

    it("is the successor's alone", async () => {
      const { succession, agreed, call, old, first, stranger } = await load();
      await time.increaseTo(await agreed());
      for (const account of [old, first, stranger]) {
        await expect(call(account, "complete", old))
          .to.be.revertedWithCustomError(succession, "SuccessionNotReady")
          .withArgs(old.address, account.address, 0);
      }
    });

    it("needs as many guardians as the account asked for", async () => {
      const { succession, call, old, next, vouch, first } = await load();
      await vouch(first);
      await time.increase(365 * DAY);
      await expect(call(next, "complete", old))
        .to.be.revertedWithCustomError(succession, "SuccessionNotReady")
        .withArgs(old.address, next.address, 0);
    });

    it("is too late once the old account named another successor itself", async () => {
      const world = await load();
      const { succession, agreed, call, old, next, other } = world;
      await time.increaseTo(await agreed());
      await tie(world, old, other);
      await expect(call(next, "complete", old))
        .to.be.revertedWithCustomError(succession, "SuccessionAlreadySucceeded")
        .withArgs(old.address, other.address);
    });
  });

  describe("succeed", () => {
    it("ties both accounts at once, for ever", async () => {
      const world = await load();
      const { succession, see, old, next, other } = world;
      await expect(tie(world, old, next))
        .to.emit(succession, "Succeeded")
        .withArgs(old.address, next.address, false);
      expect(await see("successorOf", old)).to.equal(next.address);
      expect(await see("predecessorOf", next)).to.equal(old.address);
      await expect(tie(world, old, other)).to.be.revertedWithCustomError(succession, "SuccessionAlreadySucceeded");
      await expect(tie(world, other, next)).to.be.revertedWithCustomError(succession, "SuccessionAlreadySuccessor");
    });

    it("needs the new account's word: nobody makes a stranger follow him", async () => {
      const world = await load();
      const { succession, call, domain, old, next, stranger } = world;
      const pair = { predecessor: addressOf(old), successor: addressOf(next) };
      const forged = await sign(stranger, followTypedData({ deployment: domain, ...pair, deadline: DEADLINE }));
      const wrongWord = await sign(next, succeedTypedData({ deployment: domain, ...pair, deadline: DEADLINE }));
      for (const signature of [forged, wrongWord, "0x"]) {
        await expect(call(old, "succeed", next, DEADLINE, signature))
          .to.be.revertedWithCustomError(succession, "SignatureInvalid")
          .withArgs(next.address);
      }
    });

    it("makes chains, and no cycle of any length", async () => {
      const world = await load();
      const { succession, see, old, next, other, stranger } = world;
      await tie(world, old, next);
      await tie(world, next, other);
      await tie(world, other, stranger);
      for (const earlier of [old, next, other]) {
        await expect(tie(world, stranger, earlier))
          .to.be.revertedWithCustomError(succession, "SuccessionSuccessorInvalid")
          .withArgs(earlier.address);
      }
      await expect(tie(world, stranger, stranger)).to.be.revertedWithCustomError(
        succession,
        "SuccessionSuccessorInvalid",
      );
      expect(await see("successorOf", stranger)).to.equal(NOBODY);
    });
  });
});
