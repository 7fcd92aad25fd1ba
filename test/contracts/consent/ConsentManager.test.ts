import { FLAG_LICENSED, FLAG_OTP, WRITE, hashTerms, toContractTerms } from "@carekey/sdk/consent";
import { expect } from "chai";
import { START, ZERO, digest, newChain, termsOf } from "../support/clinic.ts";

const { networkHelpers, openClinic, time } = await newChain();

async function fixture() {
  const clinic = await openClinic();
  const terms = termsOf(clinic.patient, clinic.doctor);
  return { ...clinic, terms, contractTerms: toContractTerms(terms), id: hashTerms(terms) };
}

const BUNDLE = digest("bundle");

describe("ConsentManager", () => {
  describe("hashTerms", () => {
    it("equals the EIP-712 hash of the terms written out", async () => {
      const { ask, patient, doctor, hospital } = await networkHelpers.loadFixture(fixture);
      for (const terms of [
        termsOf(patient, doctor),
        termsOf(patient, doctor, { rights: WRITE }),
        termsOf(patient, doctor, { scopes: [digest("a"), digest("b"), digest("c")], fromEpoch: 2 ** 32 - 1 }),
        termsOf(patient, doctor, { organisation: termsOf(hospital, doctor).patient, flags: FLAG_OTP | FLAG_LICENSED }),
        termsOf(patient, doctor, { maxViews: 7, expiresAt: 2 ** 48 - 1, notBefore: 0 }),
        termsOf(patient, doctor, { about: { scopes: "Größe, 検査 ✓", purpose: "", salt: ZERO } }),
      ]) {
        expect(await ask("hashTerms", toContractTerms(terms))).to.equal(hashTerms(terms));
      }
    });
  });

  describe("grant", () => {
    it("stores the time of the block and says nothing of grantee or scopes", async () => {
      const { carekey, act, ask, patient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await time.setNextBlockTimestamp(START + 500);
      await expect(act(patient, "grant", id, BUNDLE))
        .to.emit(carekey, "Granted")
        .withArgs(patient.address, id, BUNDLE, START + 500);
      expect(await ask("stateOf", patient, id)).to.deep.equal([BigInt(START + 500), 0n]);
      expect(await ask("isActive", contractTerms)).to.equal(true);
    });

    it("refuses an id that is granted", async () => {
      const { carekey, act, ask, patient, id } = await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      const before = await ask("stateOf", patient, id);
      await expect(act(patient, "grant", id, digest("another bundle")))
        .to.be.revertedWithCustomError(carekey, "ConsentAlreadyUsed")
        .withArgs(patient.address, id);
      expect(await ask("stateOf", patient, id)).to.deep.equal(before);
    });

    it("refuses an id that is revoked", async () => {
      const { carekey, act, patient, id } = await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      await act(patient, "revoke", id);
      await expect(act(patient, "grant", id, BUNDLE))
        .to.be.revertedWithCustomError(carekey, "ConsentAlreadyUsed")
        .withArgs(patient.address, id);
    });

    it("does nothing for terms that name another patient", async () => {
      const { act, ask, otherPatient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await act(otherPatient, "grant", id, BUNDLE);
      expect(await ask("isActive", contractTerms)).to.equal(false);
    });
  });

  describe("revoke", () => {
    it("ends a consent for ever", async () => {
      const { carekey, act, ask, patient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "grant", id, BUNDLE);
      await time.setNextBlockTimestamp(START + 600);
      await expect(act(patient, "revoke", id))
        .to.emit(carekey, "Revoked")
        .withArgs(patient.address, id, START + 600);
      expect(await ask("stateOf", patient, id)).to.deep.equal([BigInt(START + 500), BigInt(START + 600)]);
      expect(await ask("isActive", contractTerms)).to.equal(false);
    });

    it("bars an id that was never granted", async () => {
      const { carekey, act, ask, patient, id } = await networkHelpers.loadFixture(fixture);
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "revoke", id);
      expect(await ask("stateOf", patient, id)).to.deep.equal([0n, BigInt(START + 500)]);
      await expect(act(patient, "grant", id, BUNDLE))
        .to.be.revertedWithCustomError(carekey, "ConsentAlreadyUsed")
        .withArgs(patient.address, id);
    });

    it("refuses an id that is revoked", async () => {
      const { carekey, act, patient, id } = await networkHelpers.loadFixture(fixture);
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "revoke", id);
      await expect(act(patient, "revoke", id))
        .to.be.revertedWithCustomError(carekey, "ConsentAlreadyRevoked")
        .withArgs(patient.address, id, START + 500);
    });

    it("leaves the patient's other consents alone", async () => {
      const { act, ask, patient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      await act(patient, "revoke", digest("another id"));
      expect(await ask("isActive", contractTerms)).to.equal(true);
    });
  });

  describe("revokeAll", () => {
    it("voids all consents granted so far and none that follows", async () => {
      const { carekey, act, ask, patient, doctor, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      await time.setNextBlockTimestamp(START + 500);
      await expect(act(patient, "revokeAll"))
        .to.emit(carekey, "AllRevoked")
        .withArgs(patient.address, START + 500);
      expect(await ask("revokedBefore", patient)).to.equal(BigInt(START + 500));
      expect(await ask("isActive", contractTerms)).to.equal(false);
      await time.setNextBlockTimestamp(START + 501);
      const later = termsOf(patient, doctor, { about: { scopes: "", purpose: "", salt: digest("later") } });
      await act(patient, "grant", hashTerms(later), BUNDLE);
      expect(await ask("isActive", toContractTerms(later))).to.equal(true);
    });

    it("leaves other patients' consents alone", async () => {
      const { act, ask, patient, otherPatient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      await act(otherPatient, "revokeAll");
      expect(await ask("isActive", contractTerms)).to.equal(true);
    });

    it("voids a grant of the same second, before or after", async () => {
      const { act, ask, patient, doctor, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      const later = termsOf(patient, doctor, { about: { scopes: "", purpose: "", salt: digest("later") } });
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "grant", id, BUNDLE);
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "revokeAll");
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "grant", hashTerms(later), BUNDLE);
      await time.increaseTo(START + 600);
      expect(await ask("isActive", contractTerms)).to.equal(false);
      expect(await ask("isActive", toContractTerms(later))).to.equal(false);
    });

    it("refuses a second time in the same second", async () => {
      const { carekey, act, patient } = await networkHelpers.loadFixture(fixture);
      await time.setNextBlockTimestamp(START + 500);
      await act(patient, "revokeAll");
      await time.setNextBlockTimestamp(START + 500);
      await expect(act(patient, "revokeAll"))
        .to.be.revertedWithCustomError(carekey, "RevokeAllSuperseded")
        .withArgs(patient.address, START + 500, START + 500);
    });
  });

  describe("isActive", () => {
    it("is false for terms that nobody granted", async () => {
      const { ask, contractTerms } = await networkHelpers.loadFixture(fixture);
      expect(await ask("isActive", contractTerms)).to.equal(false);
    });

    it("is false for terms that differ in any one field from those granted", async () => {
      const { act, ask, patient, doctor, otherDoctor, hospital, otherPatient, terms, contractTerms, id } =
        await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      const changed = {
        patient: otherPatient.address,
        grantee: otherDoctor.address,
        organisation: hospital.address,
        scopesHash: digest("other scopes"),
        fromEpoch: 1,
        rights: WRITE,
        notBefore: terms.notBefore + 1,
        expiresAt: terms.expiresAt + 1,
        maxViews: 1,
        flags: FLAG_OTP,
        aboutHash: digest("other words"),
      };
      expect(Object.keys(changed).sort()).to.deep.equal(Object.keys(contractTerms).sort());
      for (const [field, value] of Object.entries(changed)) {
        expect(await ask("isActive", { ...contractTerms, [field]: value }), field).to.equal(false);
      }
      expect(await ask("isActive", contractTerms)).to.equal(true);
      expect(doctor.address).to.equal(contractTerms.grantee);
    });
  });
});
