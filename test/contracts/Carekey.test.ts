import { WRITE, hashTerms, toContractTerms } from "@carekey/sdk/consent";
import { carekeyAbi, carekeyErrorNames, decodeRevert } from "@carekey/sdk/contracts";
import type { Hex } from "@carekey/sdk/bytes";
import { expect } from "chai";
import carekeyModule from "../../ignition/modules/Carekey.ts";
import {
  ADMIN_DELAY,
  DAY,
  NOBODY,
  START,
  ZERO,
  addressOf,
  digest,
  newChain,
  termsOf,
  type Clinic,
} from "./support/clinic.ts";
import { CARRIED_AT, DEADLINE, SIGNED_ACTS, sign } from "./support/signed-acts.ts";

const { connection, ethers, networkHelpers, openClinic, time } = await newChain();

const ADMIN_ROLE = ZERO;
const REGISTRAR_ROLE = digest("REGISTRAR_ROLE");

async function fixture() {
  const clinic = await openClinic();
  const { patient, doctor, otherDoctor, hospital, registrar, act } = clinic;
  // Everybody could write if only a consent in their name were asked for: what decides below is who they are.
  const writers = [registrar, patient, doctor, otherDoctor, hospital, clinic.otherHospital, clinic.keeper];
  for (const grantee of [...writers, clinic.stranger]) {
    if (grantee === patient) continue;
    await act(patient, "grant", hashTerms(termsOf(patient, grantee, { rights: WRITE })), digest("bundle"));
  }
  await act(registrar, "beginDefaultAdminTransfer", clinic.relayer);
  return clinic;
}

const ACTORS = [
  "registrar",
  "patient",
  "doctor",
  "otherDoctor",
  "hospital",
  "otherHospital",
  "keeper",
  "stranger",
  "relayer",
] as const;
type Actor = (typeof ACTORS)[number];
const EVERYBODY: readonly Actor[] = ACTORS;
const REGISTERED: readonly Actor[] = ["patient", "doctor", "otherDoctor", "hospital", "otherHospital", "keeper"];

type Row = {
  /** Who may. */
  allowed: readonly Actor[];
  args: (clinic: Clinic, actor: Actor) => readonly unknown[];
  /** The error of everybody else. */
  refusal: string;
  /** What must have happened. */
  before?: (clinic: Clinic) => Promise<unknown>;
};

const onlyRegistrar = (args: Row["args"]): Row => ({
  allowed: ["registrar"],
  args,
  refusal: "AccessControlUnauthorizedAccount",
});
const forAll = (...args: readonly unknown[]): Row => ({ allowed: EVERYBODY, args: () => args, refusal: "" });

/** Every function that writes, but for the signed ones, which ask who signed and not who calls. */
const MATRIX: Record<string, Row> = {
  register: {
    allowed: EVERYBODY.filter((actor) => !REGISTERED.includes(actor)),
    args: () => [1, digest("key")],
    refusal: "IdentityAlreadyRegistered",
  },
  rotateKey: { allowed: REGISTERED, args: () => [digest("new key")], refusal: "IdentityNotRegistered" },
  verify: onlyRegistrar(({ otherDoctor }) => [otherDoctor.address, START + 99 * DAY, digest("licence")]),
  suspend: onlyRegistrar(({ doctor }) => [doctor.address]),
  restore: {
    ...onlyRegistrar(({ doctor }) => [doctor.address]),
    before: ({ act, registrar, doctor }) => act(registrar, "suspend", doctor),
  },
  attestMembership: {
    allowed: ["hospital"],
    args: ({ doctor }) => [doctor.address, START + 9 * DAY],
    refusal: "IdentityNotVerifiedOrganisation",
  },
  linkId: {
    allowed: ["hospital"],
    args: ({ patient }) => [digest("blinded id"), patient.address],
    refusal: "IdentityNotVerifiedOrganisation",
  },
  grant: forAll(digest("consent"), digest("bundle")),
  revoke: forAll(digest("consent")),
  revokeAll: forAll(),
  submit: {
    allowed: ["doctor"],
    args: (clinic, actor) => [
      toContractTerms(termsOf(clinic.patient, clinic[actor], { rights: WRITE })),
      digest("pointer"),
      ZERO,
    ],
    refusal: "RecordAuthorNotVerified",
  },
  add: forAll(digest("pointer"), ZERO, ZERO),
  decide: forAll(digest("entry"), 1, ZERO),
  decideBatch: forAll([digest("entry")], [], ZERO),
  note: forAll(digest("vault")),
  grantRole: onlyRegistrar(({ keeper }) => [REGISTRAR_ROLE, keeper.address]),
  revokeRole: onlyRegistrar(({ registrar }) => [REGISTRAR_ROLE, registrar.address]),
  beginDefaultAdminTransfer: onlyRegistrar(({ keeper }) => [keeper.address]),
  cancelDefaultAdminTransfer: onlyRegistrar(() => []),
  changeDefaultAdminDelay: onlyRegistrar(() => [DAY]),
  rollbackDefaultAdminDelay: onlyRegistrar(() => []),
  acceptDefaultAdminTransfer: {
    allowed: ["relayer"],
    args: () => [],
    refusal: "AccessControlInvalidDefaultAdmin",
    before: () => time.increase(ADMIN_DELAY + 1),
  },
  renounceRole: {
    allowed: EVERYBODY,
    args: (clinic, actor) => [REGISTRAR_ROLE, clinic[actor].address],
    refusal: "",
  },
};

describe("Carekey", () => {
  describe("deployment", () => {
    it("makes the initial registrar registrar and default admin", async () => {
      const { ask, registrar } = await networkHelpers.loadFixture(fixture);
      expect(await ask("REGISTRAR_ROLE")).to.equal(REGISTRAR_ROLE);
      expect(await ask("hasRole", REGISTRAR_ROLE, registrar)).to.equal(true);
      expect(await ask("hasRole", ADMIN_ROLE, registrar)).to.equal(true);
      expect(await ask("owner")).to.equal(registrar.address);
      expect(await ask("defaultAdminDelay")).to.equal(BigInt(ADMIN_DELAY));
    });

    it("refuses to be born without a registrar", async () => {
      const { carekey } = await networkHelpers.loadFixture(fixture);
      await expect(ethers.deployContract("Carekey", [NOBODY, ADMIN_DELAY]))
        .to.be.revertedWithCustomError(carekey, "AccessControlInvalidDefaultAdmin")
        .withArgs(NOBODY);
    });

    it("signs as Carekey, version 1, on this chain and at this address", async () => {
      const { carekey, deployment } = await networkHelpers.loadFixture(fixture);
      const [fields, name, version, chainId, verifyingContract] = await carekey
        .getFunction("eip712Domain")
        .staticCall();
      expect([fields, name, version, Number(chainId), verifyingContract]).to.deep.equal([
        "0x0f",
        "Carekey",
        "1",
        deployment.chainId,
        deployment.carekey,
      ]);
    });

    it("takes no money", async () => {
      const { deployment, stranger } = await networkHelpers.loadFixture(fixture);
      await expect(stranger.sendTransaction({ to: deployment.carekey, value: 1n })).to.be.revert(ethers);
    });

    it("works through the Ignition module, with its parameters and without", async () => {
      const { registrar, keeper } = await networkHelpers.loadFixture(fixture);
      const byDefault = await connection.ignition.deploy(carekeyModule);
      expect(await byDefault.carekey.getFunction("owner").staticCall()).to.equal(registrar.address);
      const { carekey } = await connection.ignition.deploy(carekeyModule, {
        parameters: { Carekey: { initialRegistrar: keeper.address, adminTransferDelay: 7 } },
      });
      expect(await carekey.getFunction("owner").staticCall()).to.equal(keeper.address);
      expect(await carekey.getFunction("defaultAdminDelay").staticCall()).to.equal(7n);
      expect(await carekey.getFunction("hasRole").staticCall(REGISTRAR_ROLE, registrar)).to.equal(false);
    });

    it("comes with emergency access that asks for a week by default, or for what the parameter says", async () => {
      const { registrar } = await networkHelpers.loadFixture(fixture);
      const byDefault = await connection.ignition.deploy(carekeyModule);
      expect(await byDefault.emergencyAccess.getFunction("seniority").staticCall()).to.equal(BigInt(7 * DAY));
      const [, patient] = await ethers.getSigners();
      await byDefault.emergencyAccess.connect(patient!).getFunction("configure").send(60, []);
      const ask = () => byDefault.emergencyAccess.getFunction("request").send(patient, digest("reason"));
      await expect(ask()).to.be.revertedWithCustomError(byDefault.emergencyAccess, "EmergencyNotVerified");
      await byDefault.carekey.getFunction("register").send(2, digest("key"));
      await byDefault.carekey.getFunction("verify").send(registrar, START + 99 * DAY, digest("licence"));
      // It reads the licences of the contract beside it.
      await expect(ask()).to.be.revertedWithCustomError(byDefault.emergencyAccess, "EmergencyTooEarly");
      const { emergencyAccess } = await connection.ignition.deploy(carekeyModule, {
        parameters: { Carekey: { emergencySeniority: 9 } },
      });
      expect(await emergencyAccess.getFunction("seniority").staticCall()).to.equal(9n);
    });
  });

  describe("who may call what", () => {
    it("is said below for every function that writes", () => {
      const writing = carekeyAbi
        .filter((item) => item.type === "function" && !["view", "pure"].includes(item.stateMutability))
        .map((item) => ("name" in item ? item.name : ""));
      expect([...Object.keys(MATRIX), ...SIGNED_ACTS.map((act) => act.functionName)].sort()).to.deep.equal(
        writing.sort(),
      );
    });

    for (const [functionName, row] of Object.entries(MATRIX)) {
      for (const actor of ACTORS) {
        const isAllowed = row.allowed.includes(actor);
        it(`${functionName}: ${actor} ${isAllowed ? "may" : "may not"}`, async () => {
          const clinic = await networkHelpers.loadFixture(fixture);
          const { carekey, act } = clinic;
          await row.before?.(clinic);
          const call = act(clinic[actor], functionName, ...row.args(clinic, actor));
          if (isAllowed) await call;
          else await expect(call).to.be.revertedWithCustomError(carekey, row.refusal);
        });
      }
    }

    for (const act of SIGNED_ACTS) {
      it(`${act.functionName}: whoever carries it, the registrar included, only the one who signed acts`, async () => {
        const clinic = await networkHelpers.loadFixture(fixture);
        const { carekey, deployment, stranger, doctor } = clinic;
        if (act.needsRegistration) await clinic.act(stranger, "register", 1, digest("first key"));
        const { typedData, args } = act.build({
          account: addressOf(stranger),
          grantee: addressOf(doctor),
          deployment,
          nonce: 0n,
          deadline: DEADLINE,
        });
        for (const actor of ACTORS.filter((name) => name !== "stranger")) {
          await time.setNextBlockTimestamp(CARRIED_AT);
          await expect(clinic.act(clinic[actor], act.functionName, ...args, await sign(clinic[actor], typedData)))
            .to.be.revertedWithCustomError(carekey, "SignatureInvalid")
            .withArgs(stranger.address);
        }
        await expect(clinic.act(clinic.registrar, act.functionName, ...args, await sign(stranger, typedData))).to.emit(
          carekey,
          act.event,
        );
      });
    }
  });

  describe("a registrar", () => {
    it("is appointed and dismissed by the default admin", async () => {
      const { carekey, act, registrar, keeper, otherDoctor } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "grantRole", REGISTRAR_ROLE, keeper);
      await act(keeper, "verify", otherDoctor, START + 99 * DAY, digest("licence"));
      await act(registrar, "revokeRole", REGISTRAR_ROLE, keeper);
      await expect(act(keeper, "suspend", otherDoctor))
        .to.be.revertedWithCustomError(carekey, "AccessControlUnauthorizedAccount")
        .withArgs(keeper.address, REGISTRAR_ROLE);
    });

    it("hands the default admin over in two steps, with time to notice between them", async () => {
      const { carekey, act, ask, registrar, keeper, relayer } = await networkHelpers.loadFixture(fixture);
      await act(registrar, "beginDefaultAdminTransfer", keeper);
      await expect(act(keeper, "acceptDefaultAdminTransfer")).to.be.revertedWithCustomError(
        carekey,
        "AccessControlEnforcedDefaultAdminDelay",
      );
      await expect(act(relayer, "acceptDefaultAdminTransfer")).to.be.revertedWithCustomError(
        carekey,
        "AccessControlInvalidDefaultAdmin",
      );
      await time.increase(ADMIN_DELAY + 1);
      await act(keeper, "acceptDefaultAdminTransfer");
      expect(await ask("owner")).to.equal(keeper.address);
    });
  });

  describe("a refusal", () => {
    it("reads as name and arguments in the sdk", async () => {
      const { carekey, patient, stranger } = await networkHelpers.loadFixture(fixture);
      const data = carekey.interface.encodeErrorResult("RecordNotGrantee", [patient.address, stranger.address]);
      expect(decodeRevert(data as Hex)).to.deep.equal({
        errorName: "RecordNotGrantee",
        args: [patient.address, stranger.address],
      });
      expect(decodeRevert("0x")).to.equal(null);
      expect(decodeRevert("0xdeadbeef")).to.equal(null);
      expect(carekeyErrorNames).to.include.members(["ConsentAlreadyUsed", "InvalidAccountNonce"]);
    });
  });
});
