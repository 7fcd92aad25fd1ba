/**
 * @module test/e2e/02-licences
 * Point 2 of the main job: who works with patients is checked by a registrar first, and anybody can see that it was.
 */
import { expect } from "chai";
import { labReportPdf } from "../fixtures/lab-report-pdf.ts";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";
import { fileOf } from "./support/files.ts";
import {
  button,
  close,
  chooseFiles,
  expectNoComplaints,
  openTab,
  section,
  sheet,
  type E2ePerson,
} from "./support/person.ts";

/** Fills in the application and sends it. */
async function apply(person: E2ePerson, licenceNumber: string, scan?: string): Promise<void> {
  await openTab(person, "Today");
  await button(person.page, "Apply to the registrar").click();
  const form = sheet(person, "Apply to the registrar");
  await form.getByLabel("Licence number").fill(licenceNumber);
  if (scan !== undefined) await chooseFiles(person, form.getByLabel("Scan or photo of the licence"), scan);
  await button(form, "Send the application").click();
  await form.getByText("Your application is with the registrar.").waitFor();
  await close(form);
}

describe("licences", function () {
  this.timeout(180_000);
  afterEach(shootFailure);

  it("a doctor applies with name, speciality, licence number and a scan", async () => {
    const { doctor } = cast();
    await openTab(doctor, "Today");
    await doctor.page.getByText("Your licence is not verified yet").waitFor();
    await apply(doctor, "MC-1182", await fileOf("licence.pdf", await labReportPdf()));
    await doctor.page.getByText("Your application is with the registrar").first().waitFor();
  });

  it("the registrar sees the application and opens the scan", async () => {
    const { registrar } = cast();
    await openTab(registrar, "Applications");
    await button(registrar.page, "Open the application of Dr Ada Nwosu").click();
    const application = sheet(registrar, "Application of Dr Ada Nwosu");
    await application.getByText("MC-1182").waitFor();
    await application.getByText("Cardiology").waitFor();
    await button(application, "View the scan").click();
    await application.getByRole("img", { name: "Page 1 of 3" }).waitFor();
  });

  it("the registrar verifies the licence until a date", async () => {
    const { registrar, doctor } = cast();
    const application = sheet(registrar, "Application of Dr Ada Nwosu");
    await application.getByLabel("Valid until").fill("2028-06-30");
    await button(application, "Verify in your wallet").click();
    await application.getByText("Dr Ada Nwosu is verified. They have been told.").waitFor();
    await close(application);
    await section(registrar, "Licensed people").getByText("Until 30 June 2028").waitFor();
    await openTab(doctor, "Inbox");
    await doctor.page.getByText("verified your licence").waitFor();
    await openTab(doctor, "Today");
    await doctor.page.getByText("Your licence is verified").waitFor();
    await doctor.page.getByText("Until 30 June 2028").waitFor();
  });

  it("the registrar rejects another’s application with a reason, which the applicant reads", async () => {
    const { registrar, stranger } = cast();
    await apply(stranger, "MC-0000");
    await openTab(registrar, "Me");
    await openTab(registrar, "Applications");
    await button(registrar.page, "Open the application of Dr Emil Strand").click();
    const application = sheet(registrar, "Application of Dr Emil Strand");
    await application.getByText("No scan came with this application.").waitFor();
    await application.getByText("Reject", { exact: true }).click();
    expect(await button(application, "Reject and tell them").isEnabled()).to.equal(false);
    await application.getByLabel("Reason").fill("This number is not in our register.");
    await button(application, "Reject and tell them").click();
    await application.getByText("The application of Dr Emil Strand is rejected.").waitFor();
    await close(application);
    await openTab(stranger, "Inbox");
    await stranger.page.getByText("did not verify your licence").waitFor();
    await openTab(stranger, "Today");
    await stranger.page.getByText("The registrar wrote: “This number is not in our register.”").waitFor();
  });

  it("a patient cannot share with a doctor who is not verified", async () => {
    const { patient } = cast();
    await openTab(patient, "Sharing");
    await button(patient.page, "Share with someone").click();
    const share = sheet(patient, "Share with someone");
    await share.getByLabel("Search for your doctor").fill("Strand");
    await share.locator("label").filter({ hasText: "Dr Emil Strand" }).getByText("Not verified yet").waitFor();
    expect(await share.getByRole("radio", { name: "Dr Emil Strand" }).isDisabled()).to.equal(true);
    await button(share, "Go on").click();
    await share.getByRole("alert").getByText("Choose the person you want to share with.").waitFor();
    await patient.page.keyboard.press("Escape");
    await share.waitFor({ state: "hidden" });
  });

  it("a doctor who is not verified can write to nobody", async () => {
    const { stranger } = cast();
    await openTab(stranger, "Patients");
    await stranger.page.getByText("Nobody shares with you yet").waitFor();
    expect(await button(stranger.page, "New entry").count()).to.equal(0);
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(...Object.values(cast())));
});
