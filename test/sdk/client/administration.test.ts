/**
 * @module test/sdk/client/administration
 * The registrar's log: what the chain has, and what only the registrar noted.
 */
import { expect } from "chai";
import {
  applyAsClinician,
  decideApplication,
  listAdministrativeActs,
  listApplications,
  restorePerson,
  suspendPerson,
} from "../../../sdk/src/client/index.ts";
import { sharedClientClinic, type Actor, type ClientClinic } from "./support/clinic.ts";

describe("administrative acts", function () {
  this.timeout(240_000);
  let clinic: ClientClinic;
  let nurse: Actor;

  before(async () => {
    clinic = await sharedClientClinic();
    nurse = await clinic.join(2, "Nurse Tom Ericsson");
  });

  const actsAbout = async ({ person }: Actor) =>
    (await listAdministrativeActs(clinic.registrar.carekey, clinic.registrar.person)).filter(
      ({ account }) => account === person.address,
    );

  it("keeps a rejection with its reason, of which the chain knows nothing", async () => {
    const form = { name: nurse.name, speciality: "Nursing", licenceNumber: "N-7", scan: null };
    await applyAsClinician(nurse.carekey, nurse.person, form);
    const { carekey, person } = clinic.registrar;
    const application = (await listApplications(carekey, person)).find(({ from }) => from === nurse.person.address)!;
    await decideApplication(carekey, person, { application, verdict: "rejected", reason: "No such licence" });
    const acts = await actsAbout(nurse);
    expect(acts).to.have.length(1);
    expect(acts[0]).to.include({ kind: "rejected", reason: "No such licence", by: person.address, chain: null });
  });

  it("lists confirmed, suspended and restored licences by the chain, newest first, with who decided", async () => {
    await clinic.licence(nurse);
    await suspendPerson(clinic.registrar.carekey, nurse.person.address);
    await restorePerson(clinic.registrar.carekey, nurse.person.address);
    const acts = await actsAbout(nurse);
    expect(acts.map(({ kind }) => kind)).to.deep.equal(["restored", "suspended", "verified"]);
    for (const act of acts) {
      expect(act).to.include({ by: clinic.registrar.person.address, byName: "Medical council" });
      expect(act.name).to.equal("Nurse Tom Ericsson");
      expect(act.chain!.txHash).to.match(/^0x[0-9a-f]{64}$/);
    }
    expect(acts[2]!.validUntil).to.be.greaterThan(acts[2]!.at);
  });

  it("lists who was put in office", async () => {
    const acts = await listAdministrativeActs(clinic.registrar.carekey, clinic.registrar.person);
    const offices = acts.filter(({ account }) => account === clinic.registrar.person.address).map(({ kind }) => kind);
    expect(offices).to.have.members(["registrar-appointed", "administrator-appointed"]);
  });
});
