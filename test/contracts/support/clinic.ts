/**
 * @module test/contracts/support/clinic
 * The people of the contract tests: one deployment, one of each role, and the words in which they act.
 */
import { FLAG_LICENSED, READ, WRITE, type ConsentTerms } from "@carekey/sdk/consent";
import { ROLE_CLINICIAN, ROLE_KEEPER, ROLE_ORGANISATION, ROLE_PATIENT } from "@carekey/sdk/contracts";
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id } from "ethers";
import { network } from "hardhat";

export type Signer = HardhatEthersSigner;

export const ZERO: Hex = `0x${"00".repeat(32)}`;
export const NOBODY: Address = `0x${"00".repeat(20)}`;
export const DAY = 86_400;
export const ADMIN_DELAY = 2 * DAY;
/** A fixed moment in the future, so that calldata and hence gas do not depend on the day of the run. */
export const START = 0x77_77_77_77;

/** A digest that is the same in each run. */
export function digest(label: string): Hex {
  return id(label) as Hex;
}

export function addressOf(account: { address: string }): Address {
  return account.address as Address;
}

/** Terms of a consent of `patient` to `grantee`; to read, unless `rights` says otherwise. */
export function termsOf(
  patient: { address: string },
  grantee: { address: string },
  overrides: Partial<ConsentTerms> = {},
): ConsentTerms {
  const rights = overrides.rights ?? READ;
  return {
    patient: addressOf(patient),
    grantee: addressOf(grantee),
    organisation: NOBODY,
    scopes: rights === WRITE ? [] : [digest("tag of labs")],
    fromEpoch: 0,
    rights,
    notBefore: START,
    expiresAt: START + 365 * DAY,
    maxViews: 0,
    flags: rights === WRITE ? FLAG_LICENSED : 0,
    about: { scopes: rights === WRITE ? "" : "Lab results", purpose: "treatment", salt: digest("salt") },
    ...overrides,
  };
}

/** A chain of its own for one test file, and what is done on it. */
export async function newChain() {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;

  /** A deployed contract and one of each role. `doctor` and `hospital` are verified for two years. */
  async function openClinic() {
    await networkHelpers.time.increaseTo(START);
    const signers = await ethers.getSigners();
    const [registrar, patient, doctor, otherDoctor, hospital, otherHospital, keeper, otherPatient, relayer, stranger] =
      signers as [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer];
    const carekey = await ethers.deployContract("Carekey", [registrar, ADMIN_DELAY]);
    const { chainId } = await ethers.provider.getNetwork();
    const roles: [Signer, number][] = [
      [patient, ROLE_PATIENT],
      [otherPatient, ROLE_PATIENT],
      [doctor, ROLE_CLINICIAN],
      [otherDoctor, ROLE_CLINICIAN],
      [hospital, ROLE_ORGANISATION],
      [otherHospital, ROLE_ORGANISATION],
      [keeper, ROLE_KEEPER],
    ];
    for (const [account, role] of roles) {
      await carekey.connect(account).getFunction("register")(role, digest(`key of ${account.address}`));
    }
    for (const account of [doctor, hospital]) {
      await carekey.getFunction("verify")(account, START + 730 * DAY, digest(`licence of ${account.address}`));
    }
    return {
      carekey,
      /** `account` calls a function of the contract. */
      act: (account: Signer, name: string, ...args: readonly unknown[]) =>
        carekey
          .connect(account)
          .getFunction(name)
          .send(...args),
      /** What a view of the contract says. */
      ask: (name: string, ...args: readonly unknown[]): Promise<unknown> =>
        carekey.getFunction(name).staticCall(...args),
      deployment: { chainId: Number(chainId), carekey: (await carekey.getAddress()) as Address },
      registrar,
      patient,
      doctor,
      otherDoctor,
      hospital,
      otherHospital,
      keeper,
      otherPatient,
      relayer,
      stranger,
    };
  }

  return { connection, ethers, networkHelpers, time: networkHelpers.time, openClinic };
}

export type Clinic = Awaited<ReturnType<Awaited<ReturnType<typeof newChain>>["openClinic"]>>;
