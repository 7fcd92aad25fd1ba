import { genesisHead, foldAct, type ActFields } from "@carekey/sdk/chart";
import {
  FLAG_LICENSED,
  FLAG_OTP,
  READ,
  WRITE,
  hashTerms,
  toContractTerms,
  type ConsentTerms,
} from "@carekey/sdk/consent";
import { MAX_BATCH, VERDICT_APPROVE, VERDICT_DENY } from "@carekey/sdk/contracts";
import { expect } from "chai";
import { DAY, START, ZERO, addressOf, digest, newChain, termsOf, type Clinic } from "../support/clinic.ts";

const { networkHelpers, openClinic, time } = await newChain();

const [POINTER, WRAPS, ENTRY] = [digest("pointer"), digest("wraps"), digest("entry")];

async function fixture() {
  const clinic = await openClinic();
  const { patient, doctor, deployment, act } = clinic;
  const terms = termsOf(patient, doctor, { rights: WRITE, expiresAt: START + 10 * DAY });
  await act(patient, "grant", hashTerms(terms), digest("bundle"));
  const genesis = genesisHead({ ...deployment, patient: addressOf(patient) });
  return { ...clinic, terms, genesis };
}

async function grantWrite(clinic: Clinic, overrides: Partial<ConsentTerms>): Promise<ConsentTerms> {
  const { patient, doctor, act } = clinic;
  const terms = termsOf(patient, doctor, { rights: WRITE, ...overrides });
  await act(patient, "grant", hashTerms(terms), digest("bundle"));
  return terms;
}

describe("RecordRegistry", () => {
  describe("head", () => {
    it("of an untouched chart is the genesis of chain, contract and patient", async () => {
      const { ask, patient, otherPatient, deployment, genesis } = await networkHelpers.loadFixture(fixture);
      expect(await ask("head", patient)).to.equal(genesis);
      expect(await ask("head", otherPatient)).to.equal(
        genesisHead({ ...deployment, patient: addressOf(otherPatient) }),
      );
    });
  });

  describe("submit", () => {
    it("moves the head of the patient's chart to the new entry's id", async () => {
      const { carekey, act, ask, patient, doctor, terms, genesis } = await networkHelpers.loadFixture(fixture);
      const submission: ActFields = {
        kind: "submit",
        entryId: ZERO,
        author: addressOf(doctor),
        pointer: POINTER,
        supersedes: ENTRY,
      };
      const entryId = foldAct(genesis, submission);
      await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ENTRY))
        .to.emit(carekey, "Submitted")
        .withArgs(patient.address, doctor.address, entryId, POINTER, ENTRY);
      expect(await ask("head", patient)).to.equal(entryId);
    });

    it("gives equal pointers separate entries", async () => {
      const { act, ask, patient, doctor, terms } = await networkHelpers.loadFixture(fixture);
      const heads = new Set<unknown>();
      for (let round = 0; round < 3; round++) {
        await act(doctor, "submit", toContractTerms(terms), POINTER, ZERO);
        heads.add(await ask("head", patient));
      }
      expect(heads.size).to.equal(3);
    });

    const unenforceable: [string, Partial<ConsentTerms>][] = [
      ["terms for reading", { rights: READ, scopes: [] }],
      ["terms with scopes", { rights: WRITE, scopes: [digest("tag")] }],
      ["a limit of views", { rights: WRITE, maxViews: 1 }],
      ["a one-time code", { rights: WRITE, flags: FLAG_OTP | FLAG_LICENSED }],
      ["a flag that it does not know", { rights: WRITE, flags: 4 }],
    ];
    for (const [what, overrides] of unenforceable) {
      it(`refuses ${what}, though granted`, async () => {
        const clinic = await networkHelpers.loadFixture(fixture);
        const { carekey, act, ask, patient, doctor, genesis } = clinic;
        const terms = await grantWrite(clinic, overrides);
        const { rights, scopesHash, maxViews, flags } = toContractTerms(terms);
        await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
          .to.be.revertedWithCustomError(carekey, "RecordTermsNotForWriting")
          .withArgs(rights, scopesHash, maxViews, flags);
        expect(await ask("head", patient)).to.equal(genesis);
      });
    }

    it("asks for a licence even when the terms do not", async () => {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { carekey, act, registrar, doctor } = clinic;
      const terms = await grantWrite(clinic, { flags: 0 });
      await act(doctor, "submit", toContractTerms(terms), POINTER, ZERO);
      await act(registrar, "suspend", doctor);
      await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
        .to.be.revertedWithCustomError(carekey, "RecordAuthorNotVerified")
        .withArgs(doctor.address);
    });

    it("is for the grantee alone", async () => {
      const { carekey, act, registrar, otherDoctor, doctor, terms } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "verify", otherDoctor, START + DAY, digest("licence"));
      await expect(act(otherDoctor, "submit", toContractTerms(terms), POINTER, ZERO))
        .to.be.revertedWithCustomError(carekey, "RecordNotGrantee")
        .withArgs(otherDoctor.address, doctor.address);
    });

    it("is for clinicians: an organisation with a licence and a consent cannot write", async () => {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { carekey, act, hospital } = clinic;
      const terms = await grantWrite(clinic, { grantee: addressOf(hospital) });
      await expect(act(hospital, "submit", toContractTerms(terms), POINTER, ZERO))
        .to.be.revertedWithCustomError(carekey, "RecordAuthorNotVerified")
        .withArgs(hospital.address);
    });

    it("ends with the licence, to the second", async () => {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { carekey, act, registrar, doctor, terms } = clinic;
      await act(registrar, "verify", doctor, START + DAY, digest("licence"));
      await time.setNextBlockTimestamp(START + DAY - 1);
      await act(doctor, "submit", toContractTerms(terms), POINTER, ZERO);
      for (const moment of [START + DAY, START + DAY + 1]) {
        await time.setNextBlockTimestamp(moment);
        await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
          .to.be.revertedWithCustomError(carekey, "RecordAuthorNotVerified")
          .withArgs(doctor.address);
      }
    });

    it("begins and ends with the window of the consent, to the second", async () => {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { carekey, act, patient, doctor } = clinic;
      const terms = await grantWrite(clinic, { notBefore: START + 1_000, expiresAt: START + 2_000 });
      const moments: [number, boolean][] = [
        [START + 999, false],
        [START + 1_000, true],
        [START + 1_999, true],
        [START + 2_000, false],
        [START + 2_001, false],
      ];
      for (const [moment, allowed] of moments) {
        await time.setNextBlockTimestamp(moment);
        const submission = act(doctor, "submit", toContractTerms(terms), POINTER, ZERO);
        if (allowed) await expect(submission, `at ${moment - START}`).to.emit(carekey, "Submitted");
        else {
          await expect(submission, `at ${moment - START}`)
            .to.be.revertedWithCustomError(carekey, "RecordConsentInactive")
            .withArgs(patient.address, hashTerms(terms));
        }
      }
    });

    for (const how of ["revoke", "revokeAll"]) {
      it(`ends at once with ${how}`, async () => {
        const { carekey, act, ask, patient, doctor, terms, genesis } = await networkHelpers.loadFixture(fixture);
        await act(patient, how, ...(how === "revoke" ? [hashTerms(terms)] : []));
        await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
          .to.be.revertedWithCustomError(carekey, "RecordConsentInactive")
          .withArgs(patient.address, hashTerms(terms));
        expect(await ask("head", patient)).to.equal(genesis);
      });
    }

    it("refuses terms that nobody granted", async () => {
      const { carekey, act, patient, doctor } = await networkHelpers.loadFixture(fixture);
      const terms = termsOf(patient, doctor, { rights: WRITE, about: { scopes: "", purpose: "mine", salt: ZERO } });
      await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
        .to.be.revertedWithCustomError(carekey, "RecordConsentInactive")
        .withArgs(patient.address, hashTerms(terms));
    });

    describe("under a consent that names an organisation", () => {
      async function memberFixture() {
        const clinic = await networkHelpers.loadFixture(fixture);
        const { act, hospital, doctor } = clinic;
        const terms = await grantWrite(clinic, { organisation: addressOf(hospital) });
        await act(hospital, "attestMembership", doctor, START + DAY);
        const refused = () =>
          expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
            .to.be.revertedWithCustomError(clinic.carekey, "RecordAuthorNotMember")
            .withArgs(doctor.address, hospital.address);
        return { ...clinic, terms, refused };
      }

      it("counts a member until the membership ends, to the second", async () => {
        const { carekey, act, doctor, terms, refused } = await memberFixture();
        await time.setNextBlockTimestamp(START + DAY - 1);
        await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO)).to.emit(carekey, "Submitted");
        for (const moment of [START + DAY, START + DAY + 1]) {
          await time.setNextBlockTimestamp(moment);
          await refused();
        }
      });

      it("counts no member of a suspended organisation", async () => {
        const { act, registrar, hospital, refused } = await memberFixture();
        await act(registrar, "suspend", hospital);
        await refused();
      });

      it("counts no member whose membership was taken back", async () => {
        const { act, hospital, doctor, refused } = await memberFixture();
        await act(hospital, "attestMembership", doctor, 0);
        await refused();
      });

      it("counts no clinician as an organisation", async () => {
        const clinic = await networkHelpers.loadFixture(fixture);
        const { carekey, act, registrar, doctor, otherDoctor } = clinic;
        await act(registrar, "verify", otherDoctor, START + DAY, digest("licence"));
        const terms = await grantWrite(clinic, { organisation: addressOf(otherDoctor) });
        await expect(act(doctor, "submit", toContractTerms(terms), POINTER, ZERO))
          .to.be.revertedWithCustomError(carekey, "RecordAuthorNotMember")
          .withArgs(doctor.address, otherDoctor.address);
      });
    });
  });

  describe("add", () => {
    it("moves the head of the caller's own chart, and asks for no role", async () => {
      const { carekey, act, ask, stranger, deployment } = await networkHelpers.loadFixture(fixture);
      const genesis = genesisHead({ ...deployment, patient: addressOf(stranger) });
      const entryId = foldAct(genesis, {
        kind: "add",
        entryId: ZERO,
        pointer: POINTER,
        wraps: WRAPS,
        supersedes: ENTRY,
      });
      await expect(act(stranger, "add", POINTER, WRAPS, ENTRY))
        .to.emit(carekey, "Added")
        .withArgs(stranger.address, entryId, POINTER, WRAPS, ENTRY);
      expect(await ask("head", stranger)).to.equal(entryId);
    });
  });

  describe("decide", () => {
    for (const verdict of [VERDICT_APPROVE, VERDICT_DENY]) {
      it(`folds the verdict ${verdict} into the caller's own chart`, async () => {
        const { carekey, act, ask, patient, genesis } = await networkHelpers.loadFixture(fixture);
        await expect(act(patient, "decide", ENTRY, verdict, WRAPS))
          .to.emit(carekey, "Decided")
          .withArgs(patient.address, ENTRY, verdict, WRAPS);
        expect(await ask("head", patient)).to.equal(
          foldAct(genesis, { kind: "decide", entryId: ENTRY, verdict, wraps: WRAPS }),
        );
      });
    }

    for (const verdict of [0, 3, 255]) {
      it(`refuses the verdict ${verdict}`, async () => {
        const { carekey, act, ask, patient, genesis } = await networkHelpers.loadFixture(fixture);
        await expect(act(patient, "decide", ENTRY, verdict, WRAPS))
          .to.be.revertedWithCustomError(carekey, "RecordVerdictUnknown")
          .withArgs(verdict);
        expect(await ask("head", patient)).to.equal(genesis);
      });
    }

    it("cannot touch anybody else's chart", async () => {
      const { act, ask, patient, doctor, genesis } = await networkHelpers.loadFixture(fixture);
      await act(doctor, "decide", ENTRY, VERDICT_APPROVE, WRAPS);
      expect(await ask("head", patient)).to.equal(genesis);
    });
  });

  describe("decideBatch", () => {
    const ids = (count: number, label: string) =>
      Array.from({ length: count }, (_, index) => digest(`${label} ${index}`));

    for (const [approved, denied] of [
      [3, 2],
      [1, 0],
      [0, 1],
      [MAX_BATCH - 1, 1],
    ] as const) {
      it(`folds ${approved} approvals and ${denied} denials as one act`, async () => {
        const { carekey, act, ask, patient, genesis } = await networkHelpers.loadFixture(fixture);
        const lists = { approved: ids(approved, "approved"), denied: ids(denied, "denied") };
        await expect(act(patient, "decideBatch", lists.approved, lists.denied, WRAPS))
          .to.emit(carekey, "BatchDecided")
          .withArgs(patient.address, lists.approved, lists.denied, WRAPS);
        expect(await ask("head", patient)).to.equal(foldAct(genesis, { kind: "batch", ...lists, wraps: WRAPS }));
      });
    }

    for (const [approved, denied] of [
      [0, 0],
      [MAX_BATCH, 1],
      [MAX_BATCH + 1, 0],
    ] as const) {
      it(`refuses ${approved} approvals and ${denied} denials`, async () => {
        const { carekey, act, ask, patient, genesis } = await networkHelpers.loadFixture(fixture);
        await expect(act(patient, "decideBatch", ids(approved, "approved"), ids(denied, "denied"), WRAPS))
          .to.be.revertedWithCustomError(carekey, "RecordBatchSizeInvalid")
          .withArgs(approved + denied, MAX_BATCH);
        expect(await ask("head", patient)).to.equal(genesis);
      });
    }
  });

  describe("note", () => {
    it("folds a digest into the caller's own chart", async () => {
      const { carekey, act, ask, patient, genesis } = await networkHelpers.loadFixture(fixture);
      await expect(act(patient, "note", POINTER))
        .to.emit(carekey, "Noted")
        .withArgs(patient.address, POINTER);
      expect(await ask("head", patient)).to.equal(foldAct(genesis, { kind: "note", digest: POINTER }));
    });
  });
});
