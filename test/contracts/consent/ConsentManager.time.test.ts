import { hashTerms, grantTypedData, revokeAllTypedData, toContractTerms } from "@carekey/sdk/consent";
import { expect } from "chai";
import { DAY, START, addressOf, digest, newChain, termsOf } from "../support/clinic.ts";
import { sign } from "../support/signed-acts.ts";

const { networkHelpers, openClinic, time } = await newChain();

async function fixture() {
  const clinic = await openClinic();
  const terms = termsOf(clinic.patient, clinic.doctor, { notBefore: START + 1_000, expiresAt: START + 2_000 });
  return { ...clinic, terms, contractTerms: toContractTerms(terms), id: hashTerms(terms) };
}

const BUNDLE = digest("bundle");

describe("ConsentManager, at the edges of time", () => {
  it("counts a consent from notBefore on, and no longer at expiresAt", async () => {
    const { act, ask, patient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
    await act(patient, "grant", id, BUNDLE);
    const expected: [number, boolean][] = [
      [START + 999, false],
      [START + 1_000, true],
      [START + 1_001, true],
      [START + 1_999, true],
      [START + 2_000, false],
      [START + 2_001, false],
    ];
    for (const [moment, active] of expected) {
      await time.increaseTo(moment);
      expect(await ask("isActive", contractTerms), `at ${moment - START}`).to.equal(active);
    }
  });

  async function signedGrant(signedAt: number, deadline: number) {
    const clinic = await networkHelpers.loadFixture(fixture);
    const { deployment, terms, id, patient } = clinic;
    const signature = await sign(patient, grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt, deadline }));
    const carry = () => clinic.act(clinic.relayer, "grantBySig", patient, id, BUNDLE, signedAt, deadline, signature);
    return { ...clinic, carry };
  }

  describe("grantBySig", () => {
    it("takes a signature from its own second to its deadline, and stores when it was signed", async () => {
      for (const moment of [START + 500, START + 501, START + 799, START + 800]) {
        const { carekey, carry, ask, patient, id } = await signedGrant(START + 500, START + 800);
        await time.setNextBlockTimestamp(moment);
        await expect(carry())
          .to.emit(carekey, "Granted")
          .withArgs(patient.address, id, BUNDLE, START + 500);
        expect(await ask("stateOf", patient, id)).to.deep.equal([BigInt(START + 500), 0n]);
      }
    });

    it("refuses a signature a second before its time", async () => {
      const { carekey, carry } = await signedGrant(START + 500, START + 800);
      await time.setNextBlockTimestamp(START + 499);
      await expect(carry())
        .to.be.revertedWithCustomError(carekey, "SignedInFuture")
        .withArgs(START + 500);
    });

    it("refuses a signature a second after its deadline", async () => {
      const { carekey, carry } = await signedGrant(START + 500, START + 800);
      await time.setNextBlockTimestamp(START + 801);
      await expect(carry())
        .to.be.revertedWithCustomError(carekey, "SignatureExpired")
        .withArgs(START + 800);
    });

    it("lets a signature travel for a day and not a second longer", async () => {
      const longest = await signedGrant(START + 500, START + 500 + DAY);
      await time.setNextBlockTimestamp(START + 500 + DAY);
      await expect(longest.carry()).to.emit(longest.carekey, "Granted");
      const tooLong = await signedGrant(START + 500, START + 501 + DAY);
      await time.setNextBlockTimestamp(START + 600);
      await expect(tooLong.carry())
        .to.be.revertedWithCustomError(tooLong.carekey, "GrantDeadlineTooLate")
        .withArgs(START + 500, START + 501 + DAY);
    });

    it("refuses a grant signed at or before a revokeAll, and takes one signed a second later", async () => {
      for (const signedAt of [START + 499, START + 500, START + 501]) {
        const { carekey, act, carry, patient, id } = await signedGrant(signedAt, START + 900);
        await time.setNextBlockTimestamp(START + 500);
        await act(patient, "revokeAll");
        await time.setNextBlockTimestamp(START + 600);
        if (signedAt > START + 500) await expect(carry()).to.emit(carekey, "Granted");
        else {
          await expect(carry())
            .to.be.revertedWithCustomError(carekey, "GrantSuperseded")
            .withArgs(patient.address, id, signedAt, START + 500);
        }
      }
    });
  });

  describe("revokeAllBySig", () => {
    async function signedRevokeAll(signedAt: number, deadline: number) {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { deployment, patient, relayer, act } = clinic;
      const typedData = revokeAllTypedData({ deployment, patient: addressOf(patient), signedAt, deadline });
      const signature = await sign(patient, typedData);
      return { ...clinic, carry: () => act(relayer, "revokeAllBySig", patient, signedAt, deadline, signature) };
    }

    it("voids what was granted up to the second of the signature, however late it arrives", async () => {
      for (const grantedAt of [START + 499, START + 500, START + 501]) {
        const { carekey, act, ask, carry, patient, contractTerms, id } = await signedRevokeAll(
          START + 500,
          START + 2_000,
        );
        await time.setNextBlockTimestamp(grantedAt);
        await act(patient, "grant", id, BUNDLE);
        await time.setNextBlockTimestamp(START + 1_500);
        await expect(carry())
          .to.emit(carekey, "AllRevoked")
          .withArgs(patient.address, START + 500);
        expect(await ask("isActive", contractTerms), `granted at ${grantedAt - START}`).to.equal(
          grantedAt > START + 500,
        );
      }
    });

    it("never moves the bound back", async () => {
      const { carekey, act, ask, carry, patient } = await signedRevokeAll(START + 500, START + 2_000);
      await time.setNextBlockTimestamp(START + 700);
      await act(patient, "revokeAll");
      await expect(carry())
        .to.be.revertedWithCustomError(carekey, "RevokeAllSuperseded")
        .withArgs(patient.address, START + 500, START + 700);
      expect(await ask("revokedBefore", patient)).to.equal(BigInt(START + 700));
    });

    it("refuses a signature a second before its time", async () => {
      const { carekey, carry } = await signedRevokeAll(START + 500, START + 2_000);
      await time.setNextBlockTimestamp(START + 499);
      await expect(carry())
        .to.be.revertedWithCustomError(carekey, "SignedInFuture")
        .withArgs(START + 500);
    });
  });
});
