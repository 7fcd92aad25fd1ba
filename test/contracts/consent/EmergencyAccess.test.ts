import { emergencyContactCommitment, stopEmergencyTypedData } from "@carekey/sdk/consent";
import { EMERGENCY_JUSTIFIED, EMERGENCY_UNJUSTIFIED, emergencyAccessAbi } from "@carekey/sdk/contracts";
import { expect } from "chai";
import { DAY, NOBODY, ZERO, addressOf, digest, type Signer } from "../support/clinic.ts";
import {
  CLOSES,
  DELAY,
  NOW,
  OPENS,
  REASON,
  SALT,
  WEEK,
  newEmergencyChain,
  type EmergencyClinic,
} from "../support/emergency.ts";
import { sign } from "../support/signed-acts.ts";

const { ethers, networkHelpers, openEmergency, time } = await newEmergencyChain();

async function fixture() {
  return openEmergency();
}

const ACTORS = [
  "registrar",
  "patient",
  "contact",
  "doctor",
  "otherDoctor",
  "thirdDoctor",
  "youngDoctor",
  "hospital",
  "keeper",
  "otherPatient",
  "relayer",
] as const;
type Actor = (typeof ACTORS)[number];

type Row = {
  /** Who may. */
  allowed: readonly Actor[];
  args: (clinic: EmergencyClinic, id: string, actor: Actor) => readonly unknown[];
  /** The error of everybody else; a function where it depends on who. */
  refusal: string | ((actor: Actor) => string);
  /** What must have happened; gives the request. */
  before?: (clinic: EmergencyClinic) => Promise<string>;
};

const isClinician = (actor: Actor) => actor.endsWith("octor");
const notSenior = (actor: Actor) => (actor === "youngDoctor" ? "EmergencyTooEarly" : "EmergencyNotVerified");

/** Every function that writes, but for the signed ones. */
const MATRIX: Record<string, Row> = {
  configure: { allowed: ACTORS, args: () => [60, []], refusal: "" },
  disable: { allowed: ["patient"], args: () => [], refusal: "EmergencyNotEnabled" },
  request: {
    allowed: ["doctor", "otherDoctor", "thirdDoctor"],
    args: ({ patient }) => [patient, REASON],
    refusal: (actor) => (actor === "patient" ? "EmergencyOwnChart" : notSenior(actor)),
  },
  coSign: {
    allowed: ["otherDoctor", "thirdDoctor"],
    args: (_, id) => [id],
    refusal: (actor) =>
      actor === "patient" ? "EmergencyOwnChart" : actor === "doctor" ? "EmergencySameClinician" : notSenior(actor),
    before: ({ request }) => request(),
  },
  stop: {
    allowed: ["patient", "contact", "doctor", "otherDoctor"],
    args: (_, id) => [id, SALT],
    refusal: "EmergencyNotConcerned",
    before: ({ coSigned }) => coSigned(),
  },
  review: {
    allowed: ["registrar"],
    args: (_, id) => [id, true],
    refusal: "EmergencyNotRegistrar",
    before: async ({ coSigned }) => {
      const id = await coSigned();
      await time.increaseTo(CLOSES);
      return id;
    },
  },
};
const SIGNED = ["configureBySig", "disableBySig", "stopBySig"];

describe("EmergencyAccess", () => {
  describe("deployment", () => {
    it("signs as Carekey, version 1, at its own address", async () => {
      const { emergency, domain } = await networkHelpers.loadFixture(fixture);
      const [, name, version, chainId, contract] = await emergency.getFunction("eip712Domain").staticCall();
      expect([name, version, Number(chainId), contract]).to.deep.equal([
        "Carekey",
        "1",
        domain.chainId,
        domain.emergencyAccess,
      ]);
    });

    it("says how old a verification must be", async () => {
      const { see } = await networkHelpers.loadFixture(fixture);
      expect(await see("seniority")).to.equal(BigInt(WEEK));
    });

    it("has no role in the law and takes no money", async () => {
      const { carekey, domain, ask, relayer } = await networkHelpers.loadFixture(fixture);
      for (const role of [ZERO, digest("REGISTRAR_ROLE")]) {
        expect(await ask("hasRole", role, domain.emergencyAccess)).to.equal(false);
      }
      expect(await carekey.getFunction("owner").staticCall()).to.not.equal(domain.emergencyAccess);
      await expect(relayer.sendTransaction({ to: domain.emergencyAccess, value: 1n })).to.be.revert(ethers);
    });
  });

  describe("who may call what", () => {
    it("is said below for every function that writes", () => {
      const writing = emergencyAccessAbi
        .filter((item) => item.type === "function" && !["view", "pure"].includes(item.stateMutability))
        .map((item) => ("name" in item ? item.name : ""));
      expect([...Object.keys(MATRIX), ...SIGNED].sort()).to.deep.equal(writing.sort());
    });

    for (const [functionName, row] of Object.entries(MATRIX)) {
      for (const actor of ACTORS) {
        const isAllowed = row.allowed.includes(actor);
        it(`${functionName}: ${actor} ${isAllowed ? "may" : "may not"}`, async () => {
          const clinic = await networkHelpers.loadFixture(fixture);
          const id = (await row.before?.(clinic)) ?? ZERO;
          const call = clinic.call(clinic[actor], functionName, ...row.args(clinic, id, actor));
          if (isAllowed) {
            await call;
            return;
          }
          const refusal = typeof row.refusal === "string" ? row.refusal : row.refusal(actor);
          await expect(call).to.be.revertedWithCustomError(clinic.emergency, refusal);
        });
      }
    }

    it("is a clinician only for requests and co-signatures", () => {
      for (const name of ["request", "coSign"]) expect(MATRIX[name]!.allowed.every(isClinician), name).to.equal(true);
    });
  });

  describe("configure", () => {
    it("turns it on, changes it, and says so", async () => {
      const { emergency, call, see, otherPatient, contacts } = await networkHelpers.loadFixture(fixture);
      await expect(call(otherPatient, "configure", 0, contacts))
        .to.emit(emergency, "EmergencyConfigured")
        .withArgs(otherPatient.address, 0, 0, contacts);
      expect(await see("settingsOf", otherPatient)).to.deep.equal([[true, 0n, 0n], contacts]);
      await call(otherPatient, "configure", 5, []);
      expect(await see("settingsOf", otherPatient)).to.deep.equal([[true, 5n, 0n], []]);
    });

    it("takes a delay of a day and not a second more", async () => {
      const { emergency, call, otherPatient } = await networkHelpers.loadFixture(fixture);
      await expect(call(otherPatient, "configure", DAY + 1, []))
        .to.be.revertedWithCustomError(emergency, "EmergencyDelayTooLong")
        .withArgs(DAY + 1, DAY);
      await call(otherPatient, "configure", DAY, []);
    });

    it("takes five contacts and not six", async () => {
      const { emergency, call, otherPatient } = await networkHelpers.loadFixture(fixture);
      const six = Array.from({ length: 6 }, (_, index) => digest(`contact ${index}`));
      await expect(call(otherPatient, "configure", 0, six))
        .to.be.revertedWithCustomError(emergency, "EmergencyTooManyContacts")
        .withArgs(6, 5);
      await call(otherPatient, "configure", 0, six.slice(1));
    });

    it("refuses what changes nothing", async () => {
      const { emergency, call, patient, contacts } = await networkHelpers.loadFixture(fixture);
      await expect(call(patient, "configure", DELAY, contacts))
        .to.be.revertedWithCustomError(emergency, "EmergencySettingsUnchanged")
        .withArgs(patient.address);
    });

    it("leaves the opening time of a request that runs", async () => {
      const { call, see, patient, contacts, coSigned } = await networkHelpers.loadFixture(fixture);
      const id = await coSigned();
      await call(patient, "configure", 0, contacts);
      expect(((await see("requestOf", id)) as { opensAt: bigint }).opensAt).to.equal(BigInt(OPENS));
    });
  });

  describe("disable", () => {
    it("forgets the contacts and voids every request, also after it is turned on again", async () => {
      const { emergency, call, see, patient, doctor, coSigned, contacts } = await networkHelpers.loadFixture(fixture);
      const id = await coSigned();
      await time.increaseTo(OPENS);
      expect(await see("isActive", patient, doctor)).to.equal(true);
      await expect(call(patient, "disable")).to.emit(emergency, "EmergencyDisabled").withArgs(patient.address);
      expect(await see("settingsOf", patient)).to.deep.equal([[false, 0n, 1n], []]);
      expect(await see("isOpen", id)).to.equal(false);
      await expect(call(patient, "configure", DELAY, contacts))
        .to.emit(emergency, "EmergencyConfigured")
        .withArgs(patient.address, DELAY, 1, contacts);
      expect(await see("isActive", patient, doctor)).to.equal(false);
      expect(await see("isOpen", id)).to.equal(false);
    });

    it("refuses when it is off", async () => {
      const { emergency, call, patient } = await networkHelpers.loadFixture(fixture);
      await call(patient, "disable");
      await expect(call(patient, "disable"))
        .to.be.revertedWithCustomError(emergency, "EmergencyNotEnabled")
        .withArgs(patient.address);
    });
  });

  describe("request", () => {
    it("names the request, and says until when it waits for the second clinician", async () => {
      const { emergency, see, patient, doctor, request } = await networkHelpers.loadFixture(fixture);
      const id = await request(doctor, NOW + 10);
      const [event] = await emergency.queryFilter(emergency.filters["EmergencyRequested"]!());
      expect(event && "args" in event ? [...event.args] : []).to.deep.equal([
        id,
        patient.address,
        doctor.address,
        REASON,
        BigInt(NOW + 10 + 900),
      ]);
      expect(await see("requestOf", id)).to.deep.equal([
        patient.address,
        BigInt(NOW + 10),
        0n,
        doctor.address,
        0n,
        0n,
        0n,
        NOBODY,
      ]);
      expect(await see("isOpen", id)).to.equal(true);
      expect(await see("isActive", patient, doctor)).to.equal(false);
    });

    it("refuses where the patient has not turned it on", async () => {
      const { emergency, call, doctor, otherPatient } = await networkHelpers.loadFixture(fixture);
      await expect(call(doctor, "request", otherPatient, REASON))
        .to.be.revertedWithCustomError(emergency, "EmergencyNotEnabled")
        .withArgs(otherPatient.address);
    });

    it("refuses without a reason", async () => {
      const { emergency, call, doctor, patient } = await networkHelpers.loadFixture(fixture);
      await expect(call(doctor, "request", patient, ZERO)).to.be.revertedWithCustomError(
        emergency,
        "EmergencyReasonMissing",
      );
    });

    it("refuses a clinician's own chart", async () => {
      const { emergency, call, doctor } = await networkHelpers.loadFixture(fixture);
      await call(doctor, "configure", 0, []);
      await expect(call(doctor, "request", doctor, REASON))
        .to.be.revertedWithCustomError(emergency, "EmergencyOwnChart")
        .withArgs(doctor.address);
    });

    it("refuses a suspended clinician, and one whose licence is over", async () => {
      const { emergency, act, call, registrar, doctor, otherDoctor, patient } =
        await networkHelpers.loadFixture(fixture);
      await act(registrar, "suspend", doctor);
      await act(registrar, "verify", otherDoctor, NOW + 100, digest("short"));
      await time.increaseTo(NOW + 100);
      for (const account of [doctor, otherDoctor]) {
        await expect(call(account, "request", patient, REASON))
          .to.be.revertedWithCustomError(emergency, "EmergencyNotVerified")
          .withArgs(account.address);
      }
    });

    it("refuses a second one while the first runs, about whomever", async () => {
      const { emergency, call, doctor, otherPatient, request } = await networkHelpers.loadFixture(fixture);
      const id = await request();
      await call(otherPatient, "configure", 0, []);
      await expect(call(doctor, "request", otherPatient, REASON))
        .to.be.revertedWithCustomError(emergency, "EmergencyAlreadyOpen")
        .withArgs(doctor.address, id);
    });

    it("lets two clinicians ask about one patient", async () => {
      const { see, request, doctor, thirdDoctor } = await networkHelpers.loadFixture(fixture);
      const ids = [await request(doctor), await request(thirdDoctor)];
      for (const id of ids) expect(await see("isOpen", id)).to.equal(true);
      expect(ids[0]).to.not.equal(ids[1]);
    });
  });

  describe("coSign", () => {
    it("starts the patient's delay", async () => {
      const { emergency, call, see, patient, otherDoctor, request } = await networkHelpers.loadFixture(fixture);
      const id = await request();
      await time.setNextBlockTimestamp(NOW + 20);
      await expect(call(otherDoctor, "coSign", id))
        .to.emit(emergency, "EmergencyCoSigned")
        .withArgs(id, patient.address, otherDoctor.address, OPENS, CLOSES);
      const { coSigner, opensAt } = (await see("requestOf", id)) as { coSigner: string; opensAt: bigint };
      expect([coSigner, opensAt]).to.deep.equal([otherDoctor.address, BigInt(OPENS)]);
    });

    it("opens at once when the patient chose no delay", async () => {
      const { call, see, patient, doctor, otherDoctor, contacts, request } = await networkHelpers.loadFixture(fixture);
      await call(patient, "configure", 0, contacts);
      await call(otherDoctor, "coSign", await request());
      expect(await see("isActive", patient, doctor)).to.equal(true);
    });

    it("refuses an unknown request", async () => {
      const { emergency, call, otherDoctor } = await networkHelpers.loadFixture(fixture);
      await expect(call(otherDoctor, "coSign", digest("none")))
        .to.be.revertedWithCustomError(emergency, "EmergencyUnknown")
        .withArgs(digest("none"));
    });

    it("refuses the requester, the patient, and a second co-signature", async () => {
      const { emergency, call, doctor, otherDoctor, thirdDoctor, patient, request } =
        await networkHelpers.loadFixture(fixture);
      const id = await request();
      await expect(call(doctor, "coSign", id))
        .to.be.revertedWithCustomError(emergency, "EmergencySameClinician")
        .withArgs(doctor.address);
      await expect(call(patient, "coSign", id))
        .to.be.revertedWithCustomError(emergency, "EmergencyOwnChart")
        .withArgs(patient.address);
      await call(otherDoctor, "coSign", id);
      await expect(call(thirdDoctor, "coSign", id))
        .to.be.revertedWithCustomError(emergency, "EmergencyAlreadyCoSigned")
        .withArgs(id, otherDoctor.address);
    });

    it("refuses after a stop, and after the patient turned it off", async () => {
      const { emergency, call, otherDoctor, patient, request, stop } = await networkHelpers.loadFixture(fixture);
      const stopped = await request();
      await stop(patient, stopped);
      const voided = await request();
      await call(patient, "disable");
      for (const id of [stopped, voided]) {
        await expect(call(otherDoctor, "coSign", id))
          .to.be.revertedWithCustomError(emergency, "EmergencyOver")
          .withArgs(id);
      }
    });
  });

  describe("stop", () => {
    const STOPPERS = ["patient", "contact", "doctor", "otherDoctor"] as const;
    for (const name of STOPPERS) {
      it(`keeps it shut when ${name} stops it before the opening, and shuts it afterwards`, async () => {
        for (const hadOpened of [false, true]) {
          const clinic = await networkHelpers.loadFixture(fixture);
          const { emergency, see, patient, doctor, coSigned, stop } = clinic;
          const id = await coSigned();
          if (hadOpened) await time.increaseTo(OPENS);
          await expect(stop(clinic[name], id, SALT))
            .to.emit(emergency, "EmergencyStopped")
            .withArgs(id, patient.address, clinic[name].address, hadOpened);
          await time.increaseTo(OPENS + 60);
          expect(await see("isActive", patient, doctor)).to.equal(false);
          expect(await see("isOpen", id)).to.equal(false);
        }
      });
    }

    it("ends a request that nobody co-signed", async () => {
      const { emergency, patient, request, stop } = await networkHelpers.loadFixture(fixture);
      const id = await request();
      await expect(stop(patient, id))
        .to.emit(emergency, "EmergencyStopped")
        .withArgs(id, patient.address, patient.address, false);
    });

    it("refuses a contact without the salt, with another patient's, and one that was removed", async () => {
      const { emergency, call, patient, otherPatient, contact, relayer, coSigned, stop } =
        await networkHelpers.loadFixture(fixture);
      const id = await coSigned();
      const refused = async (account: Signer, salt: `0x${string}`) =>
        expect(stop(account, id, salt))
          .to.be.revertedWithCustomError(emergency, "EmergencyNotConcerned")
          .withArgs(id, account.address);
      await refused(contact, ZERO);
      await refused(relayer, SALT);
      const elsewhere = emergencyContactCommitment(addressOf(otherPatient), addressOf(relayer), SALT);
      await call(otherPatient, "configure", 0, [elsewhere]);
      await refused(relayer, SALT);
      await call(patient, "configure", DELAY, []);
      await refused(contact, SALT);
    });

    it("finds each of five contacts", async () => {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { call, see, patient, stop, request } = clinic;
      const people = [clinic.contact, clinic.relayer, clinic.hospital, clinic.keeper, clinic.otherPatient];
      const of = ({ address }: Signer) => emergencyContactCommitment(addressOf(patient), addressOf({ address }), SALT);
      await call(patient, "configure", DELAY, people.map(of));
      const id = await request();
      for (const account of people) await clinic.emergency.connect(account).getFunction("stop").staticCall(id, SALT);
      await stop(people[4]!, id, SALT);
      expect(await see("isOpen", id)).to.equal(false);
    });

    it("refuses an unknown request, and a second stop", async () => {
      const { emergency, patient, coSigned, stop } = await networkHelpers.loadFixture(fixture);
      await expect(stop(patient, digest("none")))
        .to.be.revertedWithCustomError(emergency, "EmergencyUnknown")
        .withArgs(digest("none"));
      const id = await coSigned();
      await stop(patient, id);
      await expect(stop(patient, id)).to.be.revertedWithCustomError(emergency, "EmergencyOver").withArgs(id);
    });

    it("lets the same clinician ask again, which the patient can stop again", async () => {
      const { see, doctor, patient, request, stop } = await networkHelpers.loadFixture(fixture);
      const first = await request();
      await stop(patient, first);
      const second = await request();
      expect(second).to.not.equal(first);
      await stop(patient, second);
      expect(await see("isActive", patient, doctor)).to.equal(false);
    });
  });

  describe("isActive", () => {
    async function opened() {
      const clinic = await networkHelpers.loadFixture(fixture);
      const id = await clinic.coSigned();
      await time.increaseTo(OPENS);
      return { ...clinic, id };
    }

    it("is for the requester and that patient, and tells request, round and times", async () => {
      const clinic = await opened();
      const { see, patient, doctor, id } = clinic;
      expect(await see("activeRequest", patient, doctor)).to.deep.equal([id, 0n, BigInt(OPENS), BigInt(CLOSES)]);
      const nothing = [ZERO, 0n, 0n, 0n];
      for (const reader of [clinic.otherDoctor, clinic.thirdDoctor, clinic.contact, clinic.registrar, patient]) {
        expect(await see("activeRequest", patient, reader)).to.deep.equal(nothing);
      }
      expect(await see("activeRequest", clinic.otherPatient, doctor)).to.deep.equal(nothing);
    });

    for (const name of ["doctor", "otherDoctor"] as const) {
      it(`ends with the suspension of ${name}, and a restored licence is too young`, async () => {
        const clinic = await opened();
        const { act, see, registrar, patient, doctor } = clinic;
        await act(registrar, "suspend", clinic[name]);
        expect(await see("isActive", patient, doctor)).to.equal(false);
        await act(registrar, "restore", clinic[name]);
        expect(await see("isActive", patient, doctor)).to.equal(false);
      });

      it(`ends with the licence of ${name}`, async () => {
        const clinic = await opened();
        const { act, see, registrar, patient, doctor } = clinic;
        await act(registrar, "verify", clinic[name], OPENS + 100, digest("short"));
        await time.increaseTo(OPENS + 99);
        expect(await see("isActive", patient, doctor)).to.equal(true);
        await time.increaseTo(OPENS + 100);
        expect(await see("isActive", patient, doctor)).to.equal(false);
      });
    }
  });

  describe("review", () => {
    async function over() {
      const clinic = await networkHelpers.loadFixture(fixture);
      const id = await clinic.coSigned();
      await time.increaseTo(CLOSES);
      return { ...clinic, id };
    }

    it("writes down that there was need", async () => {
      const { emergency, call, see, registrar, patient, id } = await over();
      await expect(call(registrar, "review", id, true))
        .to.emit(emergency, "EmergencyReviewed")
        .withArgs(id, patient.address, registrar.address, true);
      expect(((await see("requestOf", id)) as { verdict: bigint }).verdict).to.equal(BigInt(EMERGENCY_JUSTIFIED));
    });

    it("writes down that there was none only while the requester is suspended", async () => {
      const { emergency, act, call, see, registrar, patient, doctor, id } = await over();
      await expect(call(registrar, "review", id, false))
        .to.be.revertedWithCustomError(emergency, "EmergencyNotSuspended")
        .withArgs(id, doctor.address);
      await act(registrar, "suspend", doctor);
      await expect(call(registrar, "review", id, false))
        .to.emit(emergency, "EmergencyReviewed")
        .withArgs(id, patient.address, registrar.address, false);
      expect(((await see("requestOf", id)) as { verdict: bigint }).verdict).to.equal(BigInt(EMERGENCY_UNJUSTIFIED));
    });

    it("refuses a request that runs, an unknown one, and a second review", async () => {
      const { emergency, call, registrar, request } = await networkHelpers.loadFixture(fixture);
      const id = await request();
      await expect(call(registrar, "review", id, true))
        .to.be.revertedWithCustomError(emergency, "EmergencyNotOver")
        .withArgs(id);
      await expect(call(registrar, "review", digest("none"), true))
        .to.be.revertedWithCustomError(emergency, "EmergencyUnknown")
        .withArgs(digest("none"));
      await time.increaseTo(NOW + 2_000);
      await call(registrar, "review", id, true);
      await expect(call(registrar, "review", id, true))
        .to.be.revertedWithCustomError(emergency, "EmergencyAlreadyReviewed")
        .withArgs(id, EMERGENCY_JUSTIFIED);
    });

    for (const name of ["doctor", "otherDoctor", "patient"] as const) {
      it(`refuses a registrar who took part as ${name}`, async () => {
        const clinic = await over();
        const { emergency, act, call, registrar, id } = clinic;
        await act(registrar, "grantRole", digest("REGISTRAR_ROLE"), clinic[name]);
        await expect(call(clinic[name], "review", id, true))
          .to.be.revertedWithCustomError(emergency, "EmergencyOwnReview")
          .withArgs(id, clinic[name].address);
      });
    }
  });

  it("knows a contact by patient, account and salt", async () => {
    const { see, patient, contact, contacts } = await networkHelpers.loadFixture(fixture);
    expect(await see("contactCommitment", patient, contact, SALT)).to.equal(contacts[0]);
  });

  it("lets a signed stop name the salt, so that a contact needs no gas", async () => {
    const { call, see, contact, relayer, domain, coSigned } = await networkHelpers.loadFixture(fixture);
    const id = await coSigned();
    const deadline = NOW + DAY;
    const typedData = stopEmergencyTypedData({
      deployment: domain,
      account: addressOf(contact),
      id,
      salt: SALT,
      deadline,
    });
    await call(relayer, "stopBySig", contact, id, SALT, deadline, await sign(contact, typedData));
    expect(await see("isOpen", id)).to.equal(false);
  });
});
