/**
 * @module test/sdk/client/organisations
 * Organisations attest their members, and keepers ask at every view: a consent to a member is worth nothing to anybody else.
 */
import { expect } from "chai";
import {
  attestMember,
  findPeople,
  listConsents,
  listMembers,
  openViewSession,
  organisationsOf,
  prepareGrant,
  restorePerson,
  suspendPerson,
  type SharedItem,
} from "../../../sdk/src/client/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import {
  addText,
  itemsUnder,
  openOn,
  share,
  sharedClientClinic,
  textOf,
  type Actor,
  type ClientClinic,
} from "./support/clinic.ts";

const YEAR = 365 * 86_400;

describe("organisations", function () {
  this.timeout(120_000);
  let clinic: ClientClinic;
  let patient: Actor;
  let hospital: Actor;
  let clerk: Actor;
  before(async () => {
    clinic = await sharedClientClinic();
    patient = await clinic.join(1, "Nils Berg");
    clerk = await clinic.join(1, "A clerk");
    hospital = await clinic.join(3, "City Hospital", { speciality: "Hospital" });
    await clinic.licence(hospital);
    await addText(patient, "Invoice", "general", "three nights");
  });

  const attest = (organisation: Actor, member: Actor, validUntil = organisation.carekey.now() + YEAR) =>
    attestMember(organisation.carekey, { member: member.person.address, validUntil });
  const end = (organisation: Actor, member: Actor) => attest(organisation, member, 0);

  async function shareWithMember(member: Actor, organisation: Actor): Promise<SharedItem> {
    const [id] = await share(patient, member, { organisation: organisation.person.address });
    return (await itemsUnder(member, patient, id!))[0]!;
  }

  it("cannot attest anybody before a registrar has verified them", async () => {
    const stranger = await clinic.join(3, "Clinic of nobody");
    await expectRefusal(attest(stranger, clerk), "CONTRACT_REVERTED");
  });

  it("have members, whom everybody can look up while it lasts", async () => {
    const nurse = await clinic.join(2, "Nurse Berit", { speciality: "Nursing" });
    await attest(hospital, nurse);
    const [membership] = await organisationsOf(nurse.carekey, nurse.person.address);
    expect(membership!.organisation.name).to.equal("City Hospital");
    const members = async () =>
      (await listMembers(hospital.carekey, hospital.person)).map(({ member }) => member.address);
    expect(await members()).to.include(nurse.person.address);
    await end(hospital, nurse);
    expect(await organisationsOf(nurse.carekey, nurse.person.address)).to.deep.equal([]);
    expect(await members()).to.not.include(nurse.person.address);
  });

  it("are named in what the patient signs and sees", async () => {
    await attest(hospital, clerk);
    const prepared = await prepareGrant(patient.carekey, patient.person, {
      grantee: clerk.person.address,
      granteeName: "The clerk",
      scopes: ["general"],
      rights: ["read"],
      expiresAt: patient.carekey.now() + 3600,
      purpose: "Billing",
      organisation: hospital.person.address,
    });
    expect(prepared.paragraph).to.include("The clerk, while working for City Hospital,");
    await shareWithMember(clerk, hospital);
    const [newest] = await listConsents(patient.carekey, patient.person);
    expect(newest!.organisation?.name).to.equal("City Hospital");
    await end(hospital, clerk);
  });

  it("let a member read, and no longer once they have left, without the patient doing anything", async () => {
    await attest(hospital, clerk);
    const item = await shareWithMember(clerk, hospital);
    const session = await openViewSession(clerk.carekey);
    expect(await textOf(await openOn(clerk.carekey, clerk.person, item, session))).to.equal("three nights");
    await end(hospital, clerk);
    await expectRefusal(openOn(clerk.carekey, clerk.person, item, session), "NOT_VERIFIED");
    await attest(hospital, clerk);
    await openOn(clerk.carekey, clerk.person, item, session);
    await end(hospital, clerk);
  });

  it("that are suspended let nobody read, until they are restored", async () => {
    await attest(hospital, clerk);
    const item = await shareWithMember(clerk, hospital);
    await suspendPerson(clinic.registrar.carekey, hospital.person.address);
    await expectRefusal(openOn(clerk.carekey, clerk.person, item), "NOT_VERIFIED");
    await expectRefusal(shareWithMember(clerk, hospital), "NOT_VERIFIED", "organisation");
    await restorePerson(clinic.registrar.carekey, hospital.person.address);
    await openOn(clerk.carekey, clerk.person, item);
    await end(hospital, clerk);
  });

  it("do not stand in for one another: a member of another one reads nothing", async () => {
    const insurer = await clinic.join(3, "Northern Insurance", { speciality: "Insurer" });
    await clinic.licence(insurer);
    await attest(hospital, clerk);
    const item = await shareWithMember(clerk, hospital);
    await end(hospital, clerk);
    await attest(insurer, clerk);
    await expectRefusal(openOn(clerk.carekey, clerk.person, item), "NOT_VERIFIED");
    const renamed = { ...item.grant.terms, organisation: insurer.person.address };
    const forged = { ...item, grant: { ...item.grant, terms: renamed } };
    await expectRefusal(openOn(clerk.carekey, clerk.person, forged), "NO_CONSENT");
    await expectRefusal(shareWithMember(clerk, hospital), "NOT_VERIFIED", "membership");
  });

  it("may read themselves what is shared with them, as an insurer or a laboratory does", async () => {
    const laboratory = await clinic.join(3, "Harbour Laboratory", { speciality: "Laboratory" });
    await expectRefusal(share(patient, laboratory), "NOT_VERIFIED");
    await clinic.licence(laboratory);
    const [id] = await share(patient, laboratory);
    const [item] = await itemsUnder(laboratory, patient, id!);
    expect(await textOf(await openOn(laboratory.carekey, laboratory.person, item!))).to.equal("three nights");
  });
});

describe("family", function () {
  this.timeout(120_000);

  it("is found by address alone, reads without a licence, and bears the name that the patient gave", async () => {
    const clinic = await sharedClientClinic();
    const patient = await clinic.join(1, "Nils Berg");
    const daughter = await clinic.join(1, "Freja");
    await addText(patient, "Letter", "general", "dear Nils");
    const find = (query: string) => findPeople(patient.carekey, { query });
    expect((await find(daughter.person.address)).map(({ address }) => address)).to.deep.equal([
      daughter.person.address,
    ]);
    expect(await find(`0x${"7".repeat(40)}`)).to.deep.equal([]);
    const { registrar } = clinic;
    for (const query of [registrar.person.address, registrar.name]) {
      const found = (await find(query)).map(({ address }) => address);
      expect(found, "nobody shares with the registrar").to.not.include(registrar.person.address);
    }
    const [id] = await share(patient, { ...daughter, name: "My daughter Freja" });
    const [item] = await itemsUnder(daughter, patient, id!);
    expect(await textOf(await openOn(daughter.carekey, daughter.person, item!))).to.equal("dear Nils");
    const [consent] = await listConsents(patient.carekey, patient.person);
    expect(consent!.grantee.name).to.equal("My daughter Freja");
    expect(consent!.grantee.verified).to.equal(false);
  });
});
