import { foldAct, genesisHead, replay } from "@carekey/sdk/chart";
import { WRITE, grantTypedData, hashTerms, revokeAllTypedData, toContractTerms } from "@carekey/sdk/consent";
import { VERDICT_APPROVE, VERDICT_DENY } from "@carekey/sdk/contracts";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { expect } from "chai";
import { DAY, START, ZERO, addressOf, digest, newChain, termsOf } from "./support/clinic.ts";
import { sign } from "./support/signed-acts.ts";

const { ethers, networkHelpers, openClinic, time } = await newChain();

async function fixture() {
  const clinic = await openClinic();
  const terms = termsOf(clinic.patient, clinic.doctor);
  return { ...clinic, terms, contractTerms: toContractTerms(terms), id: hashTerms(terms) };
}

const BUNDLE = digest("bundle");

describe("Attacks", () => {
  describe("on signatures", () => {
    it("a relayer who keeps a signed grant back until after the revoke cannot use it", async () => {
      const { carekey, act, ask, patient, relayer, deployment, terms, contractTerms, id } =
        await networkHelpers.loadFixture(fixture);
      const [signedAt, deadline] = [START + 500, START + 500 + DAY];
      const signature = await sign(patient, grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt, deadline }));
      await time.setNextBlockTimestamp(START + 600);
      await act(patient, "revoke", id);
      await expect(act(relayer, "grantBySig", patient, id, BUNDLE, signedAt, deadline, signature))
        .to.be.revertedWithCustomError(carekey, "ConsentAlreadyUsed")
        .withArgs(patient.address, id);
      expect(await ask("isActive", contractTerms)).to.equal(false);
    });

    it("a relayer who keeps a signed grant back until after a revokeAll cannot use it", async () => {
      const { carekey, act, ask, patient, relayer, deployment, terms, contractTerms, id } =
        await networkHelpers.loadFixture(fixture);
      const [signedAt, deadline] = [START + 500, START + 500 + DAY];
      const signature = await sign(patient, grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt, deadline }));
      await time.setNextBlockTimestamp(START + 600);
      await act(patient, "revokeAll");
      await expect(act(relayer, "grantBySig", patient, id, BUNDLE, signedAt, deadline, signature))
        .to.be.revertedWithCustomError(carekey, "GrantSuperseded")
        .withArgs(patient.address, id, signedAt, START + 600);
      expect(await ask("isActive", contractTerms)).to.equal(false);
    });

    it("a relayer who keeps a signed revokeAll back cannot void what was granted since", async () => {
      const { act, ask, patient, relayer, deployment, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      const [signedAt, deadline] = [START + 500, START + 99 * DAY];
      const typedData = revokeAllTypedData({ deployment, patient: addressOf(patient), signedAt, deadline });
      const signature = await sign(patient, typedData);
      await time.setNextBlockTimestamp(START + 501);
      await act(patient, "grant", id, BUNDLE);
      await act(relayer, "revokeAllBySig", patient, signedAt, deadline, signature);
      expect(await ask("isActive", contractTerms)).to.equal(true);
    });

    it("a relayer cannot put another bundle under a signed grant", async () => {
      const { carekey, act, patient, relayer, deployment, terms, id } = await networkHelpers.loadFixture(fixture);
      const [signedAt, deadline] = [START + 500, START + 900];
      const signature = await sign(patient, grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt, deadline }));
      await time.setNextBlockTimestamp(START + 600);
      await expect(act(relayer, "grantBySig", patient, id, digest("mine"), signedAt, deadline, signature))
        .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
        .withArgs(patient.address);
    });

    it("a malleable twin of a used signature opens nothing", async () => {
      const { carekey, act, patient, relayer, deployment, terms, id } = await networkHelpers.loadFixture(fixture);
      const [signedAt, deadline] = [START + 500, START + 900];
      const signature = await sign(patient, grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt, deadline }));
      const { r, s, yParity } = ethers.Signature.from(signature);
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const twin = ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), yParity === 0 ? "0x1c" : "0x1b"]);
      await time.setNextBlockTimestamp(START + 600);
      await expect(act(relayer, "grantBySig", patient, id, BUNDLE, signedAt, deadline, twin))
        .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
        .withArgs(patient.address);
    });

    it("the zero address, to which a broken signature recovers, can grant nothing", async () => {
      const { carekey, act, relayer, id } = await networkHelpers.loadFixture(fixture);
      const broken = ethers.concat([ethers.toBeHex(1, 32), ethers.toBeHex(1, 32), "0x00"]);
      const nobody = ethers.ZeroAddress;
      await time.setNextBlockTimestamp(START + 600);
      await expect(act(relayer, "grantBySig", nobody, id, BUNDLE, START + 500, START + 900, broken))
        .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
        .withArgs(nobody);
    });

    it("a smart account's owner cannot act for another account that the same key owns", async () => {
      const { carekey, act, patient, relayer, doctor, deployment } = await networkHelpers.loadFixture(fixture);
      const wallets = await Promise.all(
        [0, 1].map(async () => (await ethers.deployContract("ERC1271Account", [patient])).getAddress()),
      );
      const [mine, other] = wallets as [Address, Address];
      const terms = termsOf({ address: mine }, doctor);
      const [signedAt, deadline] = [START + 500, START + 900];
      const signature = await sign(patient, grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt, deadline }));
      await time.setNextBlockTimestamp(START + 600);
      await act(relayer, "grantBySig", other, hashTerms(terms), BUNDLE, signedAt, deadline, signature);
      // The id names `mine` as its patient: under `other` it is a dead letter, and `mine` can still use it.
      expect(await carekey.getFunction("isActive").staticCall(toContractTerms(terms))).to.equal(false);
      await act(relayer, "grantBySig", mine, hashTerms(terms), BUNDLE, signedAt, deadline, signature);
      expect(await carekey.getFunction("isActive").staticCall(toContractTerms(terms))).to.equal(true);
    });
  });

  describe("on consents", () => {
    it("somebody who sees a consent id in the mempool and uses it first takes nothing from the patient", async () => {
      const { act, ask, patient, stranger, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await act(stranger, "grant", id, digest("junk"));
      await act(stranger, "revoke", id);
      await act(stranger, "revokeAll");
      await act(patient, "grant", id, BUNDLE);
      expect(await ask("isActive", contractTerms)).to.equal(true);
    });

    it("a clinician cannot grant oneself the right to write", async () => {
      const { carekey, act, patient, doctor } = await networkHelpers.loadFixture(fixture);
      const forged = termsOf(patient, doctor, { rights: WRITE });
      await act(doctor, "grant", hashTerms(forged), BUNDLE);
      await expect(act(doctor, "submit", toContractTerms(forged), digest("pointer"), ZERO))
        .to.be.revertedWithCustomError(carekey, "RecordConsentInactive")
        .withArgs(patient.address, hashTerms(forged));
    });

    it("a clinician cannot stretch the terms", async () => {
      const { carekey, act, patient, doctor } = await networkHelpers.loadFixture(fixture);
      const terms = termsOf(patient, doctor, { rights: WRITE, expiresAt: START + DAY });
      await act(patient, "grant", hashTerms(terms), BUNDLE);
      const stretched = { ...terms, expiresAt: START + 99 * DAY };
      await expect(act(doctor, "submit", toContractTerms(stretched), digest("pointer"), ZERO))
        .to.be.revertedWithCustomError(carekey, "RecordConsentInactive")
        .withArgs(patient.address, hashTerms(stretched));
    });

    it("an address with dirty high bits in calldata is refused, not read as another", async () => {
      const { carekey, contractTerms } = await networkHelpers.loadFixture(fixture);
      const clean = carekey.interface.encodeFunctionData("isActive", [contractTerms]);
      const dirty = `${clean.slice(0, 10)}01${clean.slice(12)}`;
      await expect(ethers.provider.call({ to: await carekey.getAddress(), data: dirty })).to.be.revert(ethers);
    });

    it("a registrar cannot touch a consent or a chart", async () => {
      const { act, ask, registrar, patient, contractTerms, id } = await networkHelpers.loadFixture(fixture);
      await act(patient, "grant", id, BUNDLE);
      await act(patient, "add", digest("pointer"), ZERO, ZERO);
      const head = await ask("head", patient);
      await act(registrar, "revoke", id);
      await act(registrar, "revokeAll");
      await act(registrar, "decide", head, VERDICT_DENY, ZERO);
      expect(await ask("isActive", contractTerms)).to.equal(true);
      expect(await ask("head", patient)).to.equal(head);
    });
  });

  describe("on the chart", () => {
    const position = (index: number) => ({
      blockNumber: BigInt(index),
      blockHash: ZERO,
      logIndex: 0,
      txHash: ZERO,
    });

    it("no act can be read as one of another kind, whatever its fields", async () => {
      const head = digest("head");
      const same = digest("same");
      const heads = [
        foldAct(head, {
          kind: "submit",
          entryId: ZERO,
          author: `0x${"00".repeat(20)}`,
          pointer: same,
          supersedes: same,
        }),
        foldAct(head, { kind: "add", entryId: ZERO, pointer: ZERO, wraps: same, supersedes: same }),
        foldAct(head, { kind: "decide", entryId: same, verdict: 1, wraps: same }),
        foldAct(head, { kind: "decide", entryId: same, verdict: 2, wraps: same }),
        foldAct(head, { kind: "batch", approved: [same], denied: [], wraps: same }),
        foldAct(head, { kind: "batch", approved: [], denied: [same], wraps: same }),
        foldAct(head, { kind: "note", digest: same }),
      ];
      expect(new Set(heads).size).to.equal(heads.length);
    });

    it("an entry cannot move from approved to denied by shifting the border of a batch", async () => {
      const { act, ask, patient, deployment } = await networkHelpers.loadFixture(fixture);
      const ids = [digest("a"), digest("b"), digest("c")];
      await act(patient, "decideBatch", ids.slice(0, 1), ids.slice(1), ZERO);
      const genesis = genesisHead({ ...deployment, patient: addressOf(patient) });
      const heads = [0, 1, 2, 3].map((border) =>
        foldAct(genesis, { kind: "batch", approved: ids.slice(0, border), denied: ids.slice(border), wraps: ZERO }),
      );
      expect(new Set(heads).size).to.equal(4);
      expect(heads.indexOf((await ask("head", patient)) as Hex)).to.equal(1);
    });

    it("the same history on another chain, contract or patient has another head", () => {
      const owner = {
        chainId: 1,
        carekey: addressOf({ address: `0x${"11".repeat(20)}` }),
        patient: addressOf({ address: `0x${"22".repeat(20)}` }),
      };
      const others = [
        { ...owner, chainId: 2 },
        { ...owner, carekey: owner.patient },
        { ...owner, patient: owner.carekey },
      ];
      const acts = [{ kind: "note" as const, digest: digest("vault"), ...position(1) }];
      const heads = [owner, ...others].map((it) => replay({ ...it, acts }).head);
      expect(new Set(heads).size).to.equal(4);
    });

    it("a clinician cannot approve the own entry", async () => {
      const { act, ask, patient, doctor, deployment } = await networkHelpers.loadFixture(fixture);
      const terms = termsOf(patient, doctor, { rights: WRITE });
      await act(patient, "grant", hashTerms(terms), BUNDLE);
      await act(doctor, "submit", toContractTerms(terms), digest("pointer"), ZERO);
      const entryId = await ask("head", patient);
      await act(doctor, "decide", entryId, VERDICT_APPROVE, ZERO);
      expect(await ask("head", patient)).to.equal(entryId);
      expect(await ask("head", doctor)).to.not.equal(genesisHead({ ...deployment, patient: addressOf(doctor) }));
    });
  });
});
