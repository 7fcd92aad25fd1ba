/**
 * @module test/e2e/15-emergency
 * Emergency access from the opt-in to the review: the card, the request, the second word, the veto, the records, the end.
 */
import { expect } from "chai";
import { accountState, addRecord, dealKeys, uploadContent } from "../../sdk/src/client/index.ts";
import { expectFitForAll } from "./support/axe.ts";
import { carekeyOf, registerNewcomer, verifyLongAgo } from "./support/newcomers.ts";
import {
  button,
  close,
  connectAndSignIn,
  expectNoComplaints,
  openApp,
  openTab,
  register,
  section,
  sheet,
  unlock,
  type E2ePerson,
} from "./support/person.ts";
import { shootFailure, world } from "./support/world.ts";

/** Accounts that no other file uses. */
const ACCOUNTS = { patient: 5, doctor: 7, colleague: 9 };
/** Everybody's registrar. */
const REGISTRAR = 0;
const REASON = "Found unconscious at the station";

describe("emergency access", function () {
  this.timeout(240_000);

  let patient: E2ePerson;
  let doctor: E2ePerson;
  let colleague: E2ePerson;
  let registrar: E2ePerson;

  before(async () => {
    const passphrase = "winter heron climbs the ninth lantern";
    const maja = await registerNewcomer(ACCOUNTS.patient, { role: 1, name: "Maja Berg", passphrase });
    await dealKeys(maja.carekey, maja.person);
    for (const [name, words] of [
      ["Allergies", "Penicillin: anaphylaxis"],
      ["Therapy notes", "Nobody's business"],
    ] as const) {
      const content = await uploadContent(maja.carekey, { source: new Blob([words]) });
      await addRecord(maja.carekey, maja.person, { name, type: "text/plain", fhir: null, content, scope: "general" });
    }
    for (const [account, name] of [
      [ACCOUNTS.doctor, "Dr Nils Ek"],
      [ACCOUNTS.colleague, "Dr Ines Roth"],
    ] as const) {
      const { person } = await registerNewcomer(account, { role: 2, name, passphrase });
      await verifyLongAgo(person);
    }
    const { registered } = await accountState(carekeyOf(REGISTRAR));
    const enter = async (name: string, account: number) => {
      const person = await openApp({ name, account, passphrase });
      await connectAndSignIn(person);
      await unlock(person);
      return person;
    };
    patient = await enter("Maja Berg", ACCOUNTS.patient);
    doctor = await enter("Dr Nils Ek", ACCOUNTS.doctor);
    colleague = await enter("Dr Ines Roth", ACCOUNTS.colleague);
    if (registered) {
      registrar = await enter("Medical registry", REGISTRAR);
    } else {
      registrar = await openApp({ name: "Medical registry", account: REGISTRAR, passphrase });
      await register(registrar, { kind: "registrar" });
    }
  });

  after(async () => {
    for (const person of [patient, doctor, colleague, registrar]) await person?.close();
  });

  afterEach(shootFailure);

  const banner = ({ page }: E2ePerson) => page.getByRole("alert").filter({ hasText: "emergency records" });
  const openEmergencies = async (person: E2ePerson) => {
    await person.page.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name: "Patients" }).click();
    await person.page.getByRole("link", { name: "Emergency access" }).click();
    await person.page.getByRole("heading", { level: 1, name: "Emergency access" }).waitFor();
  };

  async function ask(reason: string): Promise<void> {
    const { page } = doctor;
    await page.getByLabel("What happened, and why can the patient not be asked?").fill(reason);
    await page.getByLabel("Which colleague can confirm it?").fill("Roth");
    await page.getByRole("radio", { name: "Dr Ines Roth" }).check();
    await button(page, "Read it back").click();
    await button(sheet(doctor, "Ask for emergency access"), "Ask in your wallet").click();
    await section(doctor, "Your request").getByText("Waits for a second clinician").waitFor();
  }

  async function confirm(): Promise<void> {
    await openTab(colleague, "Me");
    await colleague.page.getByRole("link", { name: "Look at it" }).click();
    await button(colleague.page, "Confirm the emergency").click();
    const dialog = sheet(colleague, "Confirm the emergency");
    await button(dialog, "Confirm in your wallet").click();
    await section(colleague, "Confirmed by you").waitFor();
  }

  it("the patient turns it on, after an honest sentence, for the records they choose", async () => {
    const { page } = patient;
    await openTab(patient, "Me");
    await page.getByText("Emergency access is off").waitFor();
    await page.getByRole("link", { name: "Set up emergency access" }).click();
    await expectFitForAll(page, "emergency-off");
    await button(page, "Turn on emergency access").click();
    const form = sheet(patient, "Turn on emergency access");
    await form.getByText(/any 2 of the 3 keepers could read them if they worked together/).waitFor();
    await form.getByLabel("Allergies").check();
    await form.getByLabel("Your name").fill("Maja Berg");
    await form.getByLabel(/What helpers should know/).fill("Allergic to penicillin");
    await button(form, "Add a contact").click();
    await expectFitForAll(page, "emergency-form");
    await button(form, "Remove contact 1").click();
    await button(form, "Turn it on").click();
    await form.getByText("Emergency access is on. Print the card and carry it with you.").waitFor();
    await close(form);
    await page.getByText("Would open: Allergies.").waitFor();
    expect(patient.wallet.shown.map(({ primaryType }) => primaryType)).to.include("ConfigureEmergency");
  });

  it("the card prints what the patient wants helpers to know, and the code for clinicians", async () => {
    const { page } = patient;
    await page.getByRole("link", { name: "Print the card" }).click();
    const card = page.getByRole("region", { name: "Your emergency card" });
    await card.getByText("Allergic to penicillin").waitFor();
    await card.getByRole("img", { name: /as a QR code/ }).waitFor();
    await card.getByText(patient.wallet.address).waitFor();
    await expectFitForAll(page, "emergency-card");
    await page.emulateMedia({ media: "print" });
    expect(await button(page, "Print").isVisible()).to.equal(false);
    expect(await card.isVisible()).to.equal(true);
    await page.emulateMedia({ media: null });
  });

  it("a clinician follows the card’s code, says why and names a colleague; the patient is told at once", async () => {
    const { page } = doctor;
    await page.goto(`${world().stack.appUrl}/emergency/${patient.wallet.address}`);
    await unlock(doctor);
    await page.getByRole("heading", { level: 1, name: "Emergency access" }).waitFor();
    expect(await page.getByLabel("The patient’s account").inputValue()).to.equal(patient.wallet.address);
    await expectFitForAll(page, "emergency-ask");
    await ask(REASON);
    await openTab(patient, "Home");
    await banner(patient).getByText(REASON).waitFor();
    await expectFitForAll(patient.page, "emergency-banner");
  });

  it("a colleague confirms; the patient’s delay runs, and one press of the patient stops it", async () => {
    await confirm();
    await expectFitForAll(colleague.page, "emergency-confirmed");
    await openEmergencies(doctor);
    await section(doctor, "Your request").getByText("Opens soon").waitFor();
    expect(await doctor.page.getByRole("button", { name: /^Open emergency record/ }).count()).to.equal(0);
    await openTab(patient, "Records");
    await banner(patient)
      .getByText(/Nothing is open yet/)
      .waitFor();
    await button(banner(patient), "Stop it now").click();
    await banner(patient).waitFor({ state: "detached" });
    await openEmergencies(doctor);
    await section(doctor, "Before").getByText("Stopped", { exact: true }).waitFor();
  });

  it("without a delay, which asks for a warning to be accepted, the second word opens the records", async () => {
    const { page } = patient;
    await openTab(patient, "Me");
    await page.getByRole("link", { name: "Emergency settings" }).click();
    await button(page, "Change it").click();
    const form = sheet(patient, "Change emergency access");
    await form.getByLabel("No waiting").check();
    await button(form, "Save").click();
    await form.getByText("Confirm that nobody can stop it before it opens.").waitFor();
    await form.getByLabel("I understand, and want it to open at once").check();
    await button(form, "Save").click();
    await form.getByText("Emergency access is on.").waitFor();
    await close(form);
    await doctor.page.getByLabel("The patient’s account").fill(patient.wallet.address);
    await ask(REASON);
    await confirm();
    await openEmergencies(doctor);
    await button(doctor.page, /^Open emergency record/).click();
    await doctor.page.getByText("Penicillin: anaphylaxis").waitFor();
    await doctor.page.getByText("2 keepers opened it, and each kept a receipt.").waitFor();
    expect(await doctor.page.getByRole("button", { name: /^Open emergency record/ }).count()).to.equal(0);
    await expectFitForAll(doctor.page, "emergency-open");
    await button(doctor.page, "End it, I am done").click();
    await section(doctor, "Ask for emergency access").waitFor();
  });

  it("the registrar reviews both; use without need suspends the licence", async () => {
    await openTab(registrar, "Emergencies");
    const waiting = section(registrar, "Waiting for your review");
    const cards = waiting.getByRole("group", { name: "Emergency request by Dr Nils Ek" });
    await cards.nth(1).waitFor();
    await expectFitForAll(registrar.page, "emergency-review");
    await button(cards.nth(1), "There was need").click();
    await button(sheet(registrar, "There was need"), "Write it down").click();
    const reviewed = section(registrar, "Reviewed");
    await reviewed.getByText("Reviewed: there was need").waitFor();
    await button(cards.first(), "There was no need").click();
    await button(sheet(registrar, "There was no need"), "Suspend, and write it down").click();
    await reviewed.getByText("Reviewed: there was no need").waitFor();
    await openTab(doctor, "Today");
    await openEmergencies(doctor);
    await doctor.page.getByText("Your licence is not verified").waitFor();
    await openTab(patient, "Me");
    await patient.page.getByRole("link", { name: "Emergency settings" }).click();
    await patient.page.getByText("Reviewed: there was no need").waitFor();
    await expectFitForAll(patient.page, "emergency-history");
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(patient, doctor, colleague, registrar));
});
