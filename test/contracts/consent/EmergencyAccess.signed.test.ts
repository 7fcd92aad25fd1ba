import type { Address, Hex } from "@carekey/sdk/bytes";
import {
  configureEmergencyTypedData,
  disableEmergencyTypedData,
  emergencyContactCommitment,
  stopEmergencyTypedData,
} from "@carekey/sdk/consent";
import { emergencyAccessAbi } from "@carekey/sdk/contracts";
import type { SigningDomain } from "@carekey/sdk/signing";
import { expect } from "chai";
import { ZERO, addressOf, digest, type Signer } from "../support/clinic.ts";
import { NOW, SALT, WEEK, newEmergencyChain, type EmergencyClinic } from "../support/emergency.ts";
import { sign, type SignableData } from "../support/signed-acts.ts";

const { ethers, networkHelpers, openEmergency, time } = await newEmergencyChain();

const CARRIED_AT = NOW + 100;
const DEADLINE = NOW + 200;

/** Emergency access of a smart account, whose owner's key is the relayer's, and a request that it may stop as a contact. */
async function fixture() {
  const clinic = await openEmergency();
  const wallet = await ethers.deployContract("ERC1271Account", [clinic.relayer]);
  const smart = { address: (await wallet.getAddress()) as Address };
  const { patient, call, contacts, relayer } = clinic;
  const also = [smart, relayer].map((account) =>
    emergencyContactCommitment(addressOf(patient), addressOf(account), SALT),
  );
  await call(patient, "configure", 60, [...contacts, ...also]);
  await call(relayer, "configure", 60, []);
  await networkHelpers.impersonateAccount(smart.address);
  await networkHelpers.setBalance(smart.address, 10n ** 18n);
  await call(await ethers.getSigner(smart.address), "configure", 60, []);
  await networkHelpers.stopImpersonatingAccount(smart.address);
  return { ...clinic, smart, id: await clinic.request() };
}
type World = EmergencyClinic & { smart: { address: Address }; id: Hex };

type Act = {
  name: string;
  event: string;
  isNumbered: boolean;
  replayError: string;
  build: (
    world: World,
    account: Address,
    deployment: SigningDomain<"emergencyAccess">,
    nonce: bigint,
  ) => { typedData: SignableData; args: readonly unknown[]; altered: readonly unknown[] };
};

const CONTACTS = [digest("a"), digest("b")];

const ACTS: readonly Act[] = [
  {
    name: "configureBySig",
    event: "EmergencyConfigured",
    isNumbered: true,
    replayError: "InvalidAccountNonce",
    build: (_, patient, deployment, nonce) => ({
      typedData: configureEmergencyTypedData({
        deployment,
        patient,
        delay: 300,
        contacts: CONTACTS,
        nonce,
        deadline: DEADLINE,
      }),
      args: [patient, 300, CONTACTS, nonce, DEADLINE],
      altered: [0, [digest("a")], nonce + 1n, DEADLINE + 1],
    }),
  },
  {
    name: "disableBySig",
    event: "EmergencyDisabled",
    isNumbered: true,
    replayError: "InvalidAccountNonce",
    build: (_, patient, deployment, nonce) => ({
      typedData: disableEmergencyTypedData({ deployment, patient, nonce, deadline: DEADLINE }),
      args: [patient, nonce, DEADLINE],
      altered: [nonce + 1n, DEADLINE + 1],
    }),
  },
  {
    name: "stopBySig",
    event: "EmergencyStopped",
    isNumbered: false,
    replayError: "EmergencyOver",
    build: ({ id }, account, deployment) => ({
      typedData: stopEmergencyTypedData({ deployment, account, id, salt: SALT, deadline: DEADLINE }),
      args: [account, id, SALT, DEADLINE],
      altered: [digest("another request"), ZERO, DEADLINE + 1],
    }),
  },
];

async function prepare(
  act: Act,
  options: { smart?: boolean; signer?: Signer; deployment?: Partial<SigningDomain<"emergencyAccess">> } = {},
) {
  const world = await networkHelpers.loadFixture(fixture);
  const account = options.smart === true ? world.smart.address : addressOf(world.relayer);
  const { typedData, args, altered } = act.build(world, account, { ...world.domain, ...options.deployment }, 0n);
  const signature = await sign(options.signer ?? world.relayer, typedData);
  await time.setNextBlockTimestamp(CARRIED_AT);
  const carry = (values = args) => world.call(world.keeper, act.name, ...values, signature);
  return { ...world, account, args, altered, signature, carry };
}

describe("EmergencyAccess, by signature", () => {
  it("covers every signed entry point", () => {
    const names = emergencyAccessAbi.filter((item) => item.type === "function").map((item) => item.name);
    expect(ACTS.map(({ name }) => name).sort()).to.deep.equal(names.filter((name) => name.endsWith("BySig")).sort());
  });

  for (const act of ACTS) {
    describe(act.name, () => {
      it("acts for the account that signed, whoever carries it", async () => {
        const { emergency, carry, see, account } = await prepare(act);
        await expect(carry()).to.emit(emergency, act.event);
        expect(await see("nonces", account)).to.equal(act.isNumbered ? 1n : 0n);
      });

      it("refuses somebody else's signature, and one carried for another account", async () => {
        const { doctor, patient } = await networkHelpers.loadFixture(fixture);
        const other = await prepare(act, { signer: doctor });
        await expect(other.carry())
          .to.be.revertedWithCustomError(other.emergency, "SignatureInvalid")
          .withArgs(other.account);
        const { emergency, carry, args } = await prepare(act);
        await expect(carry([patient.address, ...args.slice(1)]))
          .to.be.revertedWithCustomError(emergency, "SignatureInvalid")
          .withArgs(patient.address);
      });

      it("accepts a smart account that calls the signature its own, and refuses one that does not", async () => {
        const own = await prepare(act, { smart: true });
        await expect(own.carry()).to.emit(own.emergency, act.event);
        const foreign = await prepare(act, { smart: true, signer: own.doctor });
        await expect(foreign.carry())
          .to.be.revertedWithCustomError(foreign.emergency, "SignatureInvalid")
          .withArgs(foreign.account);
      });

      it("refuses a second use", async () => {
        const { emergency, carry } = await prepare(act);
        await carry();
        await expect(carry()).to.be.revertedWithCustomError(emergency, act.replayError);
      });

      it("refuses a signature for another chain, for Carekey itself, and for a twin", async () => {
        const { deployment } = await networkHelpers.loadFixture(fixture);
        for (const foreign of [{ chainId: 1 }, { emergencyAccess: deployment.carekey }]) {
          const { emergency, carry, account } = await prepare(act, { deployment: foreign });
          await expect(carry()).to.be.revertedWithCustomError(emergency, "SignatureInvalid").withArgs(account);
        }
        const { args, signature, account, keeper } = await prepare(act);
        const twin = await ethers.deployContract("EmergencyAccess", [deployment.carekey, WEEK]);
        await expect(
          twin
            .connect(keeper)
            .getFunction(act.name)
            .send(...args, signature),
        )
          .to.be.revertedWithCustomError(twin, "SignatureInvalid")
          .withArgs(account);
      });

      it("works in the last second and not after it", async () => {
        const last = await prepare(act);
        await time.setNextBlockTimestamp(DEADLINE);
        await expect(last.carry()).to.emit(last.emergency, act.event);
        const late = await prepare(act);
        await time.setNextBlockTimestamp(DEADLINE + 1);
        await expect(late.carry()).to.be.revertedWithCustomError(late.emergency, "SignatureExpired").withArgs(DEADLINE);
      });

      it("binds each of its arguments", async () => {
        const { emergency, carry, args, altered, account } = await prepare(act);
        expect(altered.length).to.equal(args.length - 1);
        for (const [index, value] of altered.entries()) {
          const values = args.map((argument, position) => (position === index + 1 ? value : argument));
          expect(values).to.not.deep.equal(args);
          await time.setNextBlockTimestamp(CARRIED_AT + index);
          await expect(carry(values), `argument ${index + 1}`)
            .to.be.revertedWithCustomError(emergency, "SignatureInvalid")
            .withArgs(account);
        }
      });
    });
  }
});
