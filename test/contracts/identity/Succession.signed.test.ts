import type { Address } from "@carekey/sdk/bytes";
import {
  followTypedData,
  guardianCommitment,
  setGuardiansTypedData,
  succeedTypedData,
  vetoTypedData,
  vouchTypedData,
} from "@carekey/sdk/identity";
import type { SigningDomain } from "@carekey/sdk/signing";
import { expect } from "chai";
import { DAY, START, addressOf, digest, type Signer } from "../support/clinic.ts";
import { sign, type SignableData } from "../support/signed-acts.ts";
import { LEAST_DELAY, THRESHOLD, newSuccessionChain, saltOf, type SuccessionWorld } from "../support/succession.ts";

const { ethers, networkHelpers, openSuccession, time } = await newSuccessionChain();

const CARRIED_AT = START + 10 * DAY;
const DEADLINE = CARRIED_AT + 100;

/** The smart account's owner's key is `relayer`'s; it can be each party of each act, and so can `relayer` itself. */
async function fixture() {
  const world = await openSuccession();
  const { call, first, relayer, next, old } = world;
  const wallet = await ethers.deployContract("ERC1271Account", [relayer]);
  const smart = { address: (await wallet.getAddress()) as Address };
  const guardians = [first, smart, relayer];
  const commitments = guardians.map((guardian) => world.commitmentOf(old, guardian));
  await call(old, "setGuardians", commitments, THRESHOLD, 0);
  await networkHelpers.impersonateAccount(smart.address);
  await networkHelpers.setBalance(smart.address, 10n ** 18n);
  for (const account of [await ethers.getSigner(smart.address), relayer] as Signer[]) {
    const own = [first, next].map((guardian) => world.commitmentOf(account, guardian));
    await call(account, "setGuardians", own, THRESHOLD, 0);
  }
  await networkHelpers.stopImpersonatingAccount(smart.address);
  return { ...world, smart, guarded: commitments };
}
type World = SuccessionWorld & { smart: { address: Address }; guarded: readonly string[] };

type Act = {
  name: string;
  event: string;
  replayError: string;
  /** Guardians agreed and the time has passed before it. */
  isReady?: boolean;
  build: (
    world: World,
    account: Address,
    deployment: SigningDomain<"succession">,
  ) => { typedData: SignableData; before: readonly unknown[]; altered: readonly (readonly unknown[])[] };
};

const NEW = [digest("a"), digest("b")];

const ACTS: readonly Act[] = [
  {
    name: "setGuardiansBySig",
    event: "GuardiansSet",
    replayError: "InvalidAccountNonce",
    build: (_, account, deployment) => {
      const fields = { account, commitments: NEW, threshold: 2, delay: LEAST_DELAY, nonce: 0n, deadline: DEADLINE };
      const args = [account, NEW, 2, LEAST_DELAY, 0n, DEADLINE];
      return {
        typedData: setGuardiansTypedData({ deployment, ...fields }),
        before: args,
        altered: [
          args.with(1, NEW.toReversed()),
          args.with(2, 3),
          args.with(3, LEAST_DELAY + 1),
          args.with(4, 1n),
          args.with(5, DEADLINE + 1),
        ],
      };
    },
  },
  {
    name: "vetoBySig",
    event: "Vetoed",
    replayError: "InvalidAccountNonce",
    build: (_, account, deployment) => {
      const args = [account, 0n, DEADLINE];
      return {
        typedData: vetoTypedData({ deployment, account, nonce: 0n, deadline: DEADLINE }),
        before: args,
        altered: [args.with(1, 1n), args.with(2, DEADLINE + 1)],
      };
    },
  },
  {
    name: "vouchBySig",
    event: "Vouched",
    replayError: "SuccessionVouchedAlready",
    build: ({ old, next, other, guarded }, guardian, deployment) => {
      const pair = { predecessor: addressOf(old), successor: addressOf(next) };
      const salt = saltOf({ address: guardian });
      const args = [guardian, pair.predecessor, pair.successor, salt, guarded, 2, DEADLINE];
      return {
        typedData: vouchTypedData({ deployment, guardian, ...pair, round: 2, deadline: DEADLINE }),
        before: args,
        altered: [args.with(2, addressOf(other)), args.with(6, DEADLINE + 1)],
      };
    },
  },
  {
    name: "completeBySig",
    event: "Succeeded",
    replayError: "SuccessionAlreadySucceeded",
    isReady: true,
    build: ({ old, other }, successor, deployment) => {
      const predecessor = addressOf(old);
      const args = [successor, predecessor, DEADLINE];
      return {
        typedData: followTypedData({ deployment, predecessor, successor, deadline: DEADLINE }),
        before: args,
        altered: [args.with(1, addressOf(other)), args.with(2, DEADLINE + 1)],
      };
    },
  },
];

async function prepare(
  act: Act,
  options: { smart?: boolean; signer?: Signer; deployment?: Partial<SigningDomain<"succession">> },
) {
  const world = await networkHelpers.loadFixture(fixture);
  const account = options.smart === true ? world.smart.address : addressOf(world.relayer);
  if (act.isReady === true) {
    const { old, first, next, call } = world;
    const pair = [first, next].map((guardian) => world.commitmentOf(old, guardian));
    await call(old, "setGuardians", pair, 2, 0);
    for (const guardian of [first, next]) await call(guardian, "vouch", old, account, saltOf(guardian), pair);
  }
  const { typedData, before, altered } = act.build(world, account, { ...world.domain, ...options.deployment });
  const signature = await sign(options.signer ?? world.relayer, typedData);
  await time.setNextBlockTimestamp(CARRIED_AT);
  const carry = (values = before) => world.call(world.stranger, act.name, ...values, signature);
  return { ...world, account, before, altered, carry };
}

describe("Succession, by signature", () => {
  for (const act of ACTS) {
    describe(act.name, () => {
      for (const smart of [false, true]) {
        it(`acts for ${smart ? "a smart account" : "an account"}, whoever carries it, and once`, async () => {
          const { succession, carry } = await prepare(act, { smart });
          await expect(carry()).to.emit(succession, act.event);
          await expect(carry()).to.be.revertedWithCustomError(succession, act.replayError);
        });
      }

      it("is refused from another key", async () => {
        const { stranger } = await networkHelpers.loadFixture(fixture);
        const { succession, carry, account } = await prepare(act, { signer: stranger });
        await expect(carry()).to.be.revertedWithCustomError(succession, "SignatureInvalid").withArgs(account);
      });

      it("is refused on another chain and for another contract", async () => {
        const { other } = await networkHelpers.loadFixture(fixture);
        for (const deployment of [{ chainId: 1 }, { succession: addressOf(other) }]) {
          const { succession, carry } = await prepare(act, { deployment });
          await expect(carry()).to.be.revertedWithCustomError(succession, "SignatureInvalid");
        }
      });

      it("is good in its last second, and not after", async () => {
        const early = await prepare(act, {});
        await time.setNextBlockTimestamp(DEADLINE);
        await expect(early.carry()).to.emit(early.succession, act.event);
        const late = await prepare(act, {});
        await time.setNextBlockTimestamp(DEADLINE + 1);
        await expect(late.carry())
          .to.be.revertedWithCustomError(late.succession, "SignatureExpired")
          .withArgs(DEADLINE);
      });

      it("covers every argument", async () => {
        const { altered } = await prepare(act, {});
        for (const index of altered.keys()) {
          const { succession, carry, altered: lists } = await prepare(act, {});
          await expect(carry(lists[index])).to.be.revertedWithCustomError(succession, "SignatureInvalid");
        }
      });
    });
  }

  describe("vouchBySig", () => {
    it("dies with a veto", async () => {
      const act = ACTS.find(({ name }) => name === "vouchBySig")!;
      const { succession, call, old, carry } = await prepare(act, {});
      await call(old, "veto");
      await expect(carry())
        .to.be.revertedWithCustomError(succession, "SuccessionRoundChanged")
        .withArgs(old.address, 3);
    });
  });

  describe("succeedBySig", () => {
    async function signed(changes: { old?: Signer; next?: Signer; deadline?: number } = {}) {
      const world = await networkHelpers.loadFixture(fixture);
      const { domain, old, next } = world;
      const fields = {
        deployment: domain,
        predecessor: addressOf(old),
        successor: addressOf(next),
        deadline: changes.deadline ?? DEADLINE,
      };
      const own = await sign(changes.old ?? old, succeedTypedData(fields));
      const agreed = await sign(changes.next ?? next, followTypedData(fields));
      await time.setNextBlockTimestamp(CARRIED_AT);
      const carry = (first = own, second = agreed) =>
        world.call(world.stranger, "succeedBySig", fields.predecessor, fields.successor, DEADLINE, first, second);
      return { ...world, own, agreed, carry };
    }

    it("ties both accounts, whoever carries it, and once", async () => {
      const { succession, carry, old, next } = await signed();
      await expect(carry()).to.emit(succession, "Succeeded").withArgs(old.address, next.address, false);
      await expect(carry()).to.be.revertedWithCustomError(succession, "SuccessionAlreadySucceeded");
    });

    it("needs both signatures, each in its place", async () => {
      const { stranger } = await networkHelpers.loadFixture(fixture);
      const byThief = await signed({ old: stranger });
      await expect(byThief.carry())
        .to.be.revertedWithCustomError(byThief.succession, "SignatureInvalid")
        .withArgs(byThief.old.address);
      const unwilling = await signed({ next: stranger });
      await expect(unwilling.carry())
        .to.be.revertedWithCustomError(unwilling.succession, "SignatureInvalid")
        .withArgs(unwilling.next.address);
      const swapped = await signed();
      await expect(swapped.carry(swapped.agreed, swapped.own)).to.be.revertedWithCustomError(
        swapped.succession,
        "SignatureInvalid",
      );
      const dated = await signed({ deadline: DEADLINE + 1 });
      await expect(dated.carry()).to.be.revertedWithCustomError(dated.succession, "SignatureInvalid");
    });

    it("expires", async () => {
      const { succession, carry } = await signed();
      await time.setNextBlockTimestamp(DEADLINE + 1);
      await expect(carry()).to.be.revertedWithCustomError(succession, "SignatureExpired").withArgs(DEADLINE);
    });
  });

  it("commits to guardians as the contract opens them", async () => {
    const { old, first, see } = await networkHelpers.loadFixture(fixture);
    const commitment = guardianCommitment(addressOf(old), addressOf(first), saltOf(first));
    expect(commitment).to.match(/^0x[0-9a-f]{64}$/);
    expect(((await see("guardianshipOf", old)) as bigint[])[2]).to.equal(3n);
  });
});
