/**
 * @module test/contracts/support/emergency
 * The clinic of the contract tests with emergency access on: a patient, a contact, clinicians old and young, and the words for acts.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import { emergencyContactCommitment } from "@carekey/sdk/consent";
import { ROLE_CLINICIAN } from "@carekey/sdk/contracts";
import { DAY, START, ZERO, addressOf, digest, newChain, type Signer } from "./clinic.ts";

export const MINUTE = 60;
export const HOUR = 3_600;
export const WEEK = 7 * DAY;
/** The patient's delay in these tests. */
export const DELAY = 10 * MINUTE;
/** When everybody but the young doctor has been verified for a week. */
export const NOW = START + WEEK + HOUR;
export const REASON = digest("salted reason");
export const SALT = digest("salt of the contact");

/** A chain with the emergency contract. */
export async function newEmergencyChain() {
  const chain = await newChain();
  const { ethers, time } = chain;

  /** The clinic at NOW: `patient` turned emergency access on, `stranger` is the contact, `youngDoctor` was verified just now. */
  async function openEmergency() {
    const clinic = await chain.openClinic();
    const { carekey, registrar, patient, otherDoctor, stranger } = clinic;
    const signers = await ethers.getSigners();
    const [youngDoctor, thirdDoctor] = signers.slice(10) as [Signer, Signer];
    const emergency = await ethers.deployContract("EmergencyAccess", [clinic.deployment.carekey, WEEK]);
    for (const account of [youngDoctor, thirdDoctor]) {
      await carekey.connect(account).getFunction("register")(ROLE_CLINICIAN, digest(`key of ${account.address}`));
    }
    const verify = (account: Signer) =>
      carekey.connect(registrar).getFunction("verify")(account, START + 730 * DAY, digest("licence"));
    await verify(otherDoctor);
    await verify(thirdDoctor);
    await time.setNextBlockTimestamp(NOW - MINUTE);
    await verify(youngDoctor);
    const contacts: Hex[] = [emergencyContactCommitment(addressOf(patient), addressOf(stranger), SALT)];
    /** `account` calls a function of the emergency contract. */
    const call = (account: Signer, name: string, ...args: readonly unknown[]) =>
      emergency
        .connect(account)
        .getFunction(name)
        .send(...args);
    /** What a view of it says. */
    const see = (name: string, ...args: readonly unknown[]): Promise<unknown> =>
      emergency.getFunction(name).staticCall(...args);
    await call(patient, "configure", DELAY, contacts);
    await time.increaseTo(NOW);
    /** A request of `doctor`, at `at` if given. */
    const ask = async (account: Signer = clinic.doctor, at?: number): Promise<Hex> => {
      if (at !== undefined) await time.setNextBlockTimestamp(at);
      await call(account, "request", patient, REASON);
      return (await see("latestOf", account)) as Hex;
    };
    return {
      ...clinic,
      emergency,
      domain: { chainId: clinic.deployment.chainId, emergencyAccess: (await emergency.getAddress()) as Address },
      youngDoctor,
      thirdDoctor,
      contact: stranger,
      contacts,
      call,
      see,
      request: ask,
      /** A request made at NOW + 10 and co-signed at NOW + 20: it opens at NOW + 20 + DELAY. */
      coSigned: async (): Promise<Hex> => {
        const id = await ask(clinic.doctor, NOW + 10);
        await time.setNextBlockTimestamp(NOW + 20);
        await call(otherDoctor, "coSign", id);
        return id;
      },
      stop: (account: Signer, id: Hex, salt: Hex = ZERO) => call(account, "stop", id, salt),
    };
  }

  return { ...chain, openEmergency };
}

/** When {@link newEmergencyChain}'s co-signed request opens and closes. */
export const OPENS = NOW + 20 + DELAY;
export const CLOSES = OPENS + 3 * HOUR;

export type EmergencyClinic = Awaited<ReturnType<Awaited<ReturnType<typeof newEmergencyChain>>["openEmergency"]>>;
