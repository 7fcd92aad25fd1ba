import { ROLE_CLINICIAN, ROLE_KEEPER, ROLE_ORGANISATION, ROLE_PATIENT } from "@carekey/sdk/contracts";
import { expect } from "chai";
import { DAY, NOBODY, START, ZERO, digest, newChain, type Clinic, type Signer } from "../support/clinic.ts";

const { ethers, networkHelpers, openClinic, time } = await newChain();

async function fixture() {
  return openClinic();
}

const KEY = digest("a new key");
const keyHashOf = (keyDocument: string) => keyDocument.slice(0, 42);
const commitmentOf = (issuer: string, blindedId: string) =>
  ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [issuer, blindedId]));

describe("IdentityRegistry", () => {
  describe("register", () => {
    for (const [name, role] of Object.entries({ ROLE_PATIENT, ROLE_CLINICIAN, ROLE_ORGANISATION, ROLE_KEEPER })) {
      it(`gives an account the role ${name} and keeps the hash of its key document`, async () => {
        const { carekey, act, ask, stranger } = await networkHelpers.loadFixture(fixture);
        await expect(act(stranger, "register", role, KEY))
          .to.emit(carekey, "Registered")
          .withArgs(stranger.address, role, KEY);
        expect(await ask("identityOf", stranger)).to.deep.equal([keyHashOf(KEY), BigInt(role), 0n, false, 0n]);
        expect(await ask("isVerified", stranger)).to.equal(false);
      });
    }

    for (const role of [0, 5, 255]) {
      it(`refuses the role ${role}`, async () => {
        const { carekey, act, ask, stranger } = await networkHelpers.loadFixture(fixture);
        await expect(act(stranger, "register", role, KEY))
          .to.be.revertedWithCustomError(carekey, "IdentityRoleUnknown")
          .withArgs(role);
        expect(await ask("identityOf", stranger)).to.deep.equal([`0x${"00".repeat(20)}`, 0n, 0n, false, 0n]);
      });
    }

    it("refuses a second role", async () => {
      const { carekey, act, ask, patient } = await networkHelpers.loadFixture(fixture);
      const before = await ask("identityOf", patient);
      await expect(act(patient, "register", ROLE_CLINICIAN, KEY))
        .to.be.revertedWithCustomError(carekey, "IdentityAlreadyRegistered")
        .withArgs(patient.address);
      expect(await ask("identityOf", patient)).to.deep.equal(before);
    });

    it("refuses a digest whose first 20 bytes are zero", async () => {
      const { carekey, act, stranger } = await networkHelpers.loadFixture(fixture);
      const empty = `0x${"00".repeat(20)}${"ff".repeat(12)}`;
      await expect(act(stranger, "register", ROLE_PATIENT, empty))
        .to.be.revertedWithCustomError(carekey, "IdentityKeyDocumentEmpty")
        .withArgs(empty);
    });
  });

  describe("rotateKey", () => {
    it("replaces the key and keeps role, verification and suspension", async () => {
      const { carekey, act, ask, registrar, doctor } = await networkHelpers.loadFixture(fixture);
      const { verifiedSince } = (await ask("identityOf", doctor)) as { verifiedSince: bigint };
      await act(registrar, "suspend", doctor);
      await expect(act(doctor, "rotateKey", KEY))
        .to.emit(carekey, "KeyRotated")
        .withArgs(doctor.address, KEY);
      expect(await ask("identityOf", doctor)).to.deep.equal([
        keyHashOf(KEY),
        BigInt(ROLE_CLINICIAN),
        BigInt(START + 730 * DAY),
        true,
        verifiedSince,
      ]);
    });

    it("refuses an account without a role", async () => {
      const { carekey, act, stranger } = await networkHelpers.loadFixture(fixture);
      await expect(act(stranger, "rotateKey", KEY))
        .to.be.revertedWithCustomError(carekey, "IdentityNotRegistered")
        .withArgs(stranger.address);
    });

    it("refuses the key in force", async () => {
      const { carekey, act, patient } = await networkHelpers.loadFixture(fixture);
      const current = digest(`key of ${patient.address}`);
      await expect(act(patient, "rotateKey", current))
        .to.be.revertedWithCustomError(carekey, "IdentityKeyUnchanged")
        .withArgs(patient.address, keyHashOf(current));
    });

    it("refuses a digest whose first 20 bytes are zero", async () => {
      const { carekey, act, patient } = await networkHelpers.loadFixture(fixture);
      await expect(act(patient, "rotateKey", ZERO))
        .to.be.revertedWithCustomError(carekey, "IdentityKeyDocumentEmpty")
        .withArgs(ZERO);
    });
  });

  describe("verify", () => {
    for (const name of ["otherDoctor", "otherHospital"] as const) {
      it(`verifies ${name} before validUntil and not from then on`, async () => {
        const clinic = await networkHelpers.loadFixture(fixture);
        const { carekey, act, ask, registrar } = clinic;
        const account = clinic[name];
        const validUntil = START + DAY;
        await expect(act(registrar, "verify", account, validUntil, digest("licence")))
          .to.emit(carekey, "Verified")
          .withArgs(account.address, registrar.address, validUntil, digest("licence"));
        await time.increaseTo(validUntil - 1);
        expect(await ask("isVerified", account)).to.equal(true);
        await time.increaseTo(validUntil);
        expect(await ask("isVerified", account)).to.equal(false);
        await time.increaseTo(validUntil + 1);
        expect(await ask("isVerified", account)).to.equal(false);
      });
    }

    it("renews and shortens a verification", async () => {
      const { act, ask, registrar, doctor } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "verify", doctor, START + DAY, digest("licence"));
      await time.increaseTo(START + DAY);
      expect(await ask("isVerified", doctor)).to.equal(false);
      await act(registrar, "verify", doctor, START + 3 * DAY, digest("licence"));
      expect(await ask("isVerified", doctor)).to.equal(true);
    });

    it("does not end a suspension", async () => {
      const { act, ask, registrar, doctor } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "suspend", doctor);
      await act(registrar, "verify", doctor, START + 800 * DAY, digest("licence"));
      expect(await ask("isVerified", doctor)).to.equal(false);
    });

    it("refuses a time that is over, or is now", async () => {
      const { carekey, act, registrar, otherDoctor } = await networkHelpers.loadFixture(fixture);
      for (const validUntil of [START + 99, START + 100]) {
        await time.setNextBlockTimestamp(START + 100);
        await expect(act(registrar, "verify", otherDoctor, validUntil, digest("licence")))
          .to.be.revertedWithCustomError(carekey, "IdentityValidityElapsed")
          .withArgs(validUntil);
      }
      await time.setNextBlockTimestamp(START + 100);
      await act(registrar, "verify", otherDoctor, START + 101, digest("licence"));
    });

    for (const name of ["patient", "keeper"] as const) {
      it(`refuses a ${name}, who has no licence`, async () => {
        const clinic = await networkHelpers.loadFixture(fixture);
        const { carekey, act, registrar } = clinic;
        const role = name === "patient" ? ROLE_PATIENT : ROLE_KEEPER;
        for (const call of [
          ["verify", clinic[name], START + DAY, digest("licence")],
          ["suspend", clinic[name]],
        ]) {
          const [functionName, ...args] = call;
          await expect(act(registrar, String(functionName), ...args))
            .to.be.revertedWithCustomError(carekey, "IdentityNotLicensable")
            .withArgs(clinic[name].address, role);
        }
      });
    }

    it("refuses an account without a role", async () => {
      const { carekey, act, registrar, stranger } = await networkHelpers.loadFixture(fixture);
      await expect(act(registrar, "verify", stranger, START + DAY, digest("licence")))
        .to.be.revertedWithCustomError(carekey, "IdentityNotRegistered")
        .withArgs(stranger.address);
    });
  });

  describe("verifiedSince", () => {
    const sinceOf = async (ask: Clinic["ask"], account: Signer) =>
      Number(((await ask("identityOf", account)) as { verifiedSince: bigint }).verifiedSince);

    it("is when the verification began, and stays through renewals in time", async () => {
      const { act, ask, registrar, otherDoctor } = await networkHelpers.loadFixture(fixture);
      expect(await sinceOf(ask, otherDoctor)).to.equal(0);
      await time.setNextBlockTimestamp(START + 100);
      await act(registrar, "verify", otherDoctor, START + DAY, digest("licence"));
      await time.setNextBlockTimestamp(START + DAY - 1);
      await act(registrar, "verify", otherDoctor, START + 3 * DAY, digest("renewed"));
      expect(await sinceOf(ask, otherDoctor)).to.equal(START + 100);
    });

    it("begins anew with a verification that comes when the last one is over", async () => {
      const { act, ask, registrar, otherDoctor } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "verify", otherDoctor, START + DAY, digest("licence"));
      await time.setNextBlockTimestamp(START + DAY);
      await act(registrar, "verify", otherDoctor, START + 3 * DAY, digest("late"));
      expect(await sinceOf(ask, otherDoctor)).to.equal(START + DAY);
    });

    it("begins anew with the end of a suspension", async () => {
      const { act, ask, registrar, doctor } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "suspend", doctor);
      await time.setNextBlockTimestamp(START + 5 * DAY);
      await act(registrar, "restore", doctor);
      expect(await sinceOf(ask, doctor)).to.equal(START + 5 * DAY);
    });

    it("fits its four bytes until the year 2106, and nobody is verified by a number that wrapped round", async () => {
      const { carekey, act, registrar, otherDoctor } = await networkHelpers.loadFixture(fixture);
      const end = 2 ** 32;
      await time.setNextBlockTimestamp(end);
      await expect(act(registrar, "verify", otherDoctor, end + DAY, digest("licence")))
        .to.be.revertedWithCustomError(carekey, "SafeCastOverflowedUintDowncast")
        .withArgs(32, end);
    });
  });

  describe("suspend and restore", () => {
    it("suspends at once, and restores what is left of the verification", async () => {
      const { carekey, act, ask, registrar, doctor } = await networkHelpers.loadFixture(fixture);
      await expect(act(registrar, "suspend", doctor))
        .to.emit(carekey, "Suspended")
        .withArgs(doctor.address, registrar.address);
      expect(await ask("isVerified", doctor)).to.equal(false);
      await expect(act(registrar, "restore", doctor))
        .to.emit(carekey, "Restored")
        .withArgs(doctor.address, registrar.address);
      expect(await ask("isVerified", doctor)).to.equal(true);
    });

    it("refuses what changes nothing", async () => {
      const { carekey, act, registrar, doctor } = await networkHelpers.loadFixture(fixture);
      await expect(act(registrar, "restore", doctor))
        .to.be.revertedWithCustomError(carekey, "IdentitySuspensionUnchanged")
        .withArgs(doctor.address, false);
      await act(registrar, "suspend", doctor);
      await expect(act(registrar, "suspend", doctor))
        .to.be.revertedWithCustomError(carekey, "IdentitySuspensionUnchanged")
        .withArgs(doctor.address, true);
    });
  });

  describe("attestMembership", () => {
    it("names, changes and ends a membership", async () => {
      const { carekey, act, ask, hospital, otherHospital, doctor } = await networkHelpers.loadFixture(fixture);
      for (const validUntil of [START + DAY, START + 9 * DAY, 0]) {
        await expect(act(hospital, "attestMembership", doctor, validUntil))
          .to.emit(carekey, "MembershipAttested")
          .withArgs(hospital.address, doctor.address, validUntil);
        expect(await ask("membershipOf", hospital, doctor)).to.equal(BigInt(validUntil));
        expect(await ask("membershipOf", otherHospital, doctor)).to.equal(0n);
      }
    });

    it("refuses what changes nothing", async () => {
      const { carekey, act, hospital, doctor } = await networkHelpers.loadFixture(fixture);
      await expect(act(hospital, "attestMembership", doctor, 0))
        .to.be.revertedWithCustomError(carekey, "IdentityMembershipUnchanged")
        .withArgs(hospital.address, doctor.address, 0);
    });

    it("is refused to an organisation that is suspended or whose verification ended", async () => {
      const { carekey, act, registrar, hospital, doctor } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "suspend", hospital);
      await expect(act(hospital, "attestMembership", doctor, START + DAY))
        .to.be.revertedWithCustomError(carekey, "IdentityNotVerifiedOrganisation")
        .withArgs(hospital.address);
      await act(registrar, "restore", hospital);
      await time.setNextBlockTimestamp(START + 730 * DAY);
      await expect(act(hospital, "attestMembership", doctor, START + 900 * DAY))
        .to.be.revertedWithCustomError(carekey, "IdentityNotVerifiedOrganisation")
        .withArgs(hospital.address);
    });
  });

  describe("linkId and resolve", () => {
    const blindedId = digest("hospital number 4711, blinded");

    it("leads from an id to an account, later to another, then nowhere", async () => {
      const { carekey, act, ask, hospital, patient, otherPatient } = await networkHelpers.loadFixture(fixture);
      const commitment = commitmentOf(hospital.address, blindedId);
      expect(await ask("resolve", commitment)).to.deep.equal([NOBODY, NOBODY]);
      for (const account of [patient.address, otherPatient.address, NOBODY]) {
        await expect(act(hospital, "linkId", blindedId, account))
          .to.emit(carekey, "IdLinked")
          .withArgs(hospital.address, commitment, account);
        expect(await ask("resolve", commitment)).to.deep.equal([account, hospital.address]);
      }
    });

    it("refuses what changes nothing", async () => {
      const { carekey, act, hospital, patient } = await networkHelpers.loadFixture(fixture);
      await act(hospital, "linkId", blindedId, patient);
      await expect(act(hospital, "linkId", blindedId, patient))
        .to.be.revertedWithCustomError(carekey, "IdentityLinkUnchanged")
        .withArgs(commitmentOf(hospital.address, blindedId), patient.address);
    });

    it("keeps the issuers' ids apart, so that none can take another's", async () => {
      const { act, ask, registrar, hospital, otherHospital, patient, stranger } =
        await networkHelpers.loadFixture(fixture);
      await act(registrar, "verify", otherHospital, START + DAY, digest("licence"));
      await act(otherHospital, "linkId", blindedId, stranger);
      await act(hospital, "linkId", blindedId, patient);
      expect(await ask("resolve", commitmentOf(hospital.address, blindedId))).to.deep.equal([
        patient.address,
        hospital.address,
      ]);
      expect(await ask("resolve", commitmentOf(otherHospital.address, blindedId))).to.deep.equal([
        stranger.address,
        otherHospital.address,
      ]);
    });
  });
});
