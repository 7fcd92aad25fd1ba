import type { Address } from "@carekey/sdk/bytes";
import { carekeyAbi } from "@carekey/sdk/contracts";
import { expect } from "chai";
import { ADMIN_DELAY, addressOf, digest, newChain, type Clinic, type Signer } from "./support/clinic.ts";
import { CARRIED_AT, DEADLINE, SIGNED_ACTS, sign, type SignedAct } from "./support/signed-acts.ts";

const { ethers, networkHelpers, openClinic, time } = await newChain();

async function fixture() {
  const clinic = await openClinic();
  // A smart account whose owner's key is the stranger's, and an account without code. Neither has a role yet.
  const { stranger } = clinic;
  const wallet = await ethers.deployContract("ERC1271Account", [stranger]);
  return { ...clinic, wallet: { address: (await wallet.getAddress()) as Address } };
}

type Options = { account?: { address: string }; signer?: Signer; deployment?: Clinic["deployment"] };

async function prepare(act: SignedAct, { account, signer, deployment }: Options = {}) {
  const clinic = await networkHelpers.loadFixture(fixture);
  const person = account ?? clinic.stranger;
  if (act.needsRegistration) {
    // As the account itself, whatever it is.
    await networkHelpers.impersonateAccount(person.address);
    await networkHelpers.setBalance(person.address, 10n ** 18n);
    const self = await ethers.getSigner(person.address);
    await clinic.act(self, "register", 1, digest("first key"));
    await networkHelpers.stopImpersonatingAccount(person.address);
  }
  const { typedData, args, altered } = act.build({
    account: addressOf(person),
    grantee: addressOf(clinic.doctor),
    deployment: deployment ?? clinic.deployment,
    nonce: 0n,
    deadline: DEADLINE,
  });
  const signature = await sign(signer ?? clinic.stranger, typedData);
  await time.setNextBlockTimestamp(CARRIED_AT);
  const carry = (values = args) => clinic.act(clinic.relayer, act.functionName, ...values, signature);
  return { ...clinic, person, args, altered, signature, carry };
}

describe("SignedActs", () => {
  it("covers every signed entry point of the contract", () => {
    const names = carekeyAbi.filter((item) => item.type === "function").map((item) => item.name);
    expect(SIGNED_ACTS.map((act) => act.functionName).sort()).to.deep.equal(
      names.filter((name) => name.endsWith("BySig")).sort(),
    );
  });

  for (const act of SIGNED_ACTS) {
    describe(act.functionName, () => {
      it("acts for the account that signed, whoever carries it", async () => {
        const { carekey, carry, ask, person } = await prepare(act);
        const receipt = await (await carry()).wait();
        const [log] = receipt?.logs ?? [];
        expect(receipt?.logs.length).to.equal(1);
        const parsed = log === undefined ? null : carekey.interface.parseLog(log);
        expect(parsed?.name).to.equal(act.event);
        expect(parsed?.args[0]).to.equal(person.address);
        expect(await ask("nonces", person)).to.equal(act.isNumbered ? 1n : 0n);
      });

      it("refuses somebody else's signature", async () => {
        const { doctor } = await networkHelpers.loadFixture(fixture);
        const { carekey, carry, ask, person } = await prepare(act, { signer: doctor });
        await expect(carry()).to.be.revertedWithCustomError(carekey, "SignatureInvalid").withArgs(person.address);
        expect(await ask("nonces", person)).to.equal(0n);
      });

      it("refuses a signature carried for another account", async () => {
        const { carekey, carry, args, doctor } = await prepare(act);
        await expect(carry([doctor.address, ...args.slice(1)]))
          .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
          .withArgs(doctor.address);
      });

      it("accepts a smart account that calls the signature its own (ERC-1271)", async () => {
        const { wallet } = await networkHelpers.loadFixture(fixture);
        const { carekey, carry } = await prepare(act, { account: wallet });
        await expect(carry()).to.emit(carekey, act.event);
      });

      it("refuses a smart account that does not", async () => {
        const { wallet, doctor } = await networkHelpers.loadFixture(fixture);
        const { carekey, carry } = await prepare(act, { account: wallet, signer: doctor });
        await expect(carry()).to.be.revertedWithCustomError(carekey, "SignatureInvalid").withArgs(wallet.address);
      });

      it("refuses a second use", async () => {
        const { carekey, carry } = await prepare(act);
        await carry();
        await expect(carry()).to.be.revertedWithCustomError(carekey, act.replayError);
      });

      it("refuses a signature for another chain", async () => {
        const { deployment } = await networkHelpers.loadFixture(fixture);
        const { carekey, carry, person } = await prepare(act, { deployment: { ...deployment, chainId: 1 } });
        await expect(carry()).to.be.revertedWithCustomError(carekey, "SignatureInvalid").withArgs(person.address);
      });

      it("refuses a signature for another contract", async () => {
        const { args, signature, registrar, relayer, person } = await prepare(act);
        const twin = await ethers.deployContract("Carekey", [registrar, ADMIN_DELAY]);
        await time.setNextBlockTimestamp(CARRIED_AT + 1);
        await expect(
          twin
            .connect(relayer)
            .getFunction(act.functionName)
            .send(...args, signature),
        )
          .to.be.revertedWithCustomError(twin, "SignatureInvalid")
          .withArgs(person.address);
      });

      it("works in the last second and not after it", async () => {
        const atDeadline = await prepare(act);
        await time.setNextBlockTimestamp(DEADLINE);
        await expect(atDeadline.carry()).to.emit(atDeadline.carekey, act.event);
        const tooLate = await prepare(act);
        await time.setNextBlockTimestamp(DEADLINE + 1);
        await expect(tooLate.carry())
          .to.be.revertedWithCustomError(tooLate.carekey, "SignatureExpired")
          .withArgs(DEADLINE);
      });

      it("binds each of its arguments", async () => {
        const { carekey, carry, args, altered, person } = await prepare(act);
        expect(altered.length).to.equal(args.length - 1);
        for (const [index, value] of altered.entries()) {
          const values = args.map((argument, position) => (position === index + 1 ? value : argument));
          expect(values).to.not.deep.equal(args);
          await time.setNextBlockTimestamp(CARRIED_AT + index);
          await expect(carry(values), `argument ${index + 1}`)
            .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
            .withArgs(person.address);
        }
      });

      it("accepts the key of an account that delegates to code (EIP-7702)", async () => {
        const { carekey, carry, person } = await prepare(act);
        // Code that answers nothing, where the account's own key still counts.
        await networkHelpers.setCode(person.address, "0x00");
        await time.setNextBlockTimestamp(CARRIED_AT);
        await expect(carry()).to.emit(carekey, act.event);
      });

      it("refuses signatures of a wrong length", async () => {
        const { carekey, args, act: send, relayer, person } = await prepare(act);
        for (const signature of ["0x", `0x${"11".repeat(64)}`, `0x${"11".repeat(66)}`]) {
          await time.setNextBlockTimestamp(CARRIED_AT);
          await expect(send(relayer, act.functionName, ...args, signature))
            .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
            .withArgs(person.address);
        }
      });
    });
  }

  it("takes numbered signatures in their order only", async () => {
    const { carekey, act, ask, deployment, patient, relayer } = await networkHelpers.loadFixture(fixture);
    const note = SIGNED_ACTS.find(({ functionName }) => functionName === "noteBySig");
    if (note === undefined) throw new Error("noteBySig is not in the table");
    const carry = async (nonce: bigint) => {
      const context = {
        account: addressOf(patient),
        grantee: addressOf(patient),
        deployment,
        nonce,
        deadline: DEADLINE,
      };
      const { typedData, args } = note.build(context);
      return act(relayer, "noteBySig", ...args, await sign(patient, typedData));
    };
    await expect(carry(1n)).to.be.revertedWithCustomError(carekey, "InvalidAccountNonce").withArgs(patient.address, 0n);
    await carry(0n);
    await carry(1n);
    expect(await ask("nonces", patient)).to.equal(2n);
  });
});
