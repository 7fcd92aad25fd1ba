/**
 * @module test/contracts/support/succession
 * A person with three guardians, two of whom must agree, and a week in which to object; and the words for acts.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import { guardianCommitment } from "@carekey/sdk/identity";
import { DAY, START, addressOf, digest, newChain, type Signer } from "./clinic.ts";

/** The least waiting time of the deployment in these tests. */
export const LEAST_DELAY = 7 * DAY;
export const THRESHOLD = 2;
/** The salt of a guardian's commitment. */
export const saltOf = (guardian: { address: string }): Hex => digest(`salt of ${guardian.address}`);

/** A chain with the succession contract. */
export async function newSuccessionChain() {
  const chain = await newChain();
  const { ethers, time } = chain;

  /** Named at START: `first`, `second` and `third` are guardians of `old`. */
  async function openSuccession() {
    await time.increaseTo(START);
    const signers = await ethers.getSigners();
    const [deployer, old, next, other, first, second, third, relayer, stranger] = signers as [
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
    ];
    const succession = await ethers.deployContract("Succession", [LEAST_DELAY], deployer);
    const commitmentOf = (account: { address: string }, guardian: { address: string }): Hex =>
      guardianCommitment(addressOf(account), addressOf(guardian), saltOf(guardian));
    const commitments = [first, second, third].map((guardian) => commitmentOf(old, guardian));
    /** `account` calls a function of the contract. */
    const call = (account: Signer, name: string, ...args: readonly unknown[]) =>
      succession
        .connect(account)
        .getFunction(name)
        .send(...args);
    /** What a view of it says. */
    const see = (name: string, ...args: readonly unknown[]): Promise<unknown> =>
      succession.getFunction(name).staticCall(...args);
    await call(old, "setGuardians", commitments, THRESHOLD, 0);
    const { chainId } = await ethers.provider.getNetwork();
    return {
      succession,
      domain: { chainId: Number(chainId), succession: (await succession.getAddress()) as Address },
      old,
      next,
      other,
      first,
      second,
      third,
      relayer,
      stranger,
      commitments,
      commitmentOf,
      call,
      see,
      /** A guardian vouches for a successor of `old`. */
      vouch: (guardian: Signer, successor: { address: string } = next) =>
        call(guardian, "vouch", old, successor.address, saltOf(guardian), commitments),
      /** `first` and `second` vouch for `next`, the second at `time`. @returns from when it can be completed. */
      agreed: async (moment = START + 1_000): Promise<number> => {
        await call(first, "vouch", old, next, saltOf(first), commitments);
        await time.setNextBlockTimestamp(moment);
        await call(second, "vouch", old, next, saltOf(second), commitments);
        return moment + LEAST_DELAY;
      },
    };
  }

  return { ...chain, openSuccession };
}

export type SuccessionWorld = Awaited<ReturnType<Awaited<ReturnType<typeof newSuccessionChain>>["openSuccession"]>>;
