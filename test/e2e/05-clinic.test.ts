/**
 * @module test/e2e/05-clinic
 * Point 5 of the main job: the doctor opens what is shared through the keepers, and writes to the patient.
 */
import { expect } from "chai";
import { labReportPdf } from "../fixtures/lab-report-pdf.ts";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";
import { closedRecords, diagnosis, openChart, writeEntry } from "./support/clinic.ts";
import { fileOf } from "./support/files.ts";
import { button, close, expectNoComplaints, openTab, section, sheet } from "./support/person.ts";

const ROSA = "Rosa Lindqvist";

describe("clinic", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  it("the doctor finds the patient and opens the chart, whose history is verified", async () => {
    const { doctor } = cast();
    await openChart(doctor, ROSA);
    await doctor.page.getByText(/^You may read: General health and Lab results – until /).waitFor();
    await doctor.page.getByText("Shared for: Second opinion before my operation").waitFor();
  });

  it("titles stay closed, and what is not shared is only counted", async () => {
    const { doctor } = cast();
    const images = doctor.page.getByRole("listitem").filter({ hasText: "Images" });
    await images.getByText("No longer shared").waitFor();
    expect(await doctor.page.getByText("letter-from-harbour-clinic").count()).to.equal(0);
    expect(await closedRecords(doctor, "General health").count()).to.equal(2);
    expect(await closedRecords(doctor, "Lab results").count()).to.equal(1);
  });

  it("the doctor is asked once why, and opens a record through the keepers", async () => {
    const { doctor } = cast();
    const { page } = doctor;
    await closedRecords(doctor, "Lab results").click();
    const why = sheet(doctor, "Why are you looking?");
    await why.getByRole("radio", { name: "Another reason" }).check();
    await why.getByLabel("In your words").fill("Preparing the operation on Monday");
    await button(why, "Open the records").click();
    await page.getByRole("heading", { level: 3, name: "Laboratory report" }).waitFor();
    await page.getByRole("row").filter({ hasText: "Hemoglobin" }).waitFor();
    await page.getByText("You look because: Preparing the operation on Monday").waitFor();
    const asked = doctor.wallet.requests.length;
    await closedRecords(doctor, "General health").last().click();
    await page.getByRole("heading", { level: 3, name: "letter-from-harbour-clinic.pdf" }).waitFor();
    await page.getByRole("img", { name: "Page 1 of 3" }).waitFor();
    expect(doctor.wallet.requests.slice(asked)).to.deep.equal([]);
    const keepers = page.getByText("Keepers that answered, each with a receipt").first().locator("xpath=..");
    expect((await keepers.textContent())!.match(/0x[0-9a-fA-F]{40}/g)).to.have.length.of.at.least(2);
  });

  it("the doctor narrows the list, and hides and shows an open record", async () => {
    const { doctor } = cast();
    const { page } = doctor;
    await button(page, "Filter").click();
    await page.getByLabel("Part").selectOption("Lab results");
    await button(page, "Filter 1 in use").waitFor();
    await page.getByText("1 of 4 records").waitFor();
    await button(page, "Hide").click();
    await page.getByRole("row").filter({ hasText: "Hemoglobin" }).waitFor({ state: "detached" });
    await button(page, "Show").click();
    await page.getByRole("row").filter({ hasText: "Hemoglobin" }).waitFor();
    await page.getByLabel("Part").selectOption("All parts");
    const search = page.getByLabel("Search the records");
    await search.fill("harbour");
    await page.getByText("1 of 4 records").waitFor();
    await search.fill("");
    await page.getByText("4 records", { exact: true }).waitFor();
  });

  it("the doctor submits a diagnosis, with a code from everyday words", async () => {
    await writeEntry(cast().doctor, ROSA, diagnosis("high blood pressure", /hypertension/i));
  });

  it("the doctor submits a prescription", async () => {
    await writeEntry(cast().doctor, ROSA, {
      kind: "Prescription",
      fill: async (form) => {
        await form.getByRole("textbox", { name: "Medicine", exact: true }).fill("lisinopril");
        await form.getByRole("option").first().click();
        await form.getByLabel("Strength and form (optional)").fill("10 mg tablet");
        await form.getByLabel("How to take it").fill("1 tablet in the morning");
      },
    });
  });

  it("the doctor submits a lab report", async () => {
    await writeEntry(cast().doctor, ROSA, {
      kind: "Lab report",
      fill: async (form) => {
        await form.getByRole("textbox", { name: "Test", exact: true }).fill("blood sugar");
        await form.getByRole("option").first().click();
        await form.getByRole("textbox", { name: "Result", exact: true }).fill("131");
        await form.getByLabel("Normal from").fill("70");
        await form.getByLabel("Normal to").fill("99");
      },
    });
  });

  it("the doctor submits a visit note with an attachment", async () => {
    await writeEntry(cast().doctor, ROSA, {
      kind: "Visit note",
      fill: async (form) => {
        await form.getByLabel("Title").fill("Before the operation");
        await form.getByLabel("Findings").fill("Heart and lungs are fine.");
      },
      attachment: await fileOf("ecg.pdf", await labReportPdf()),
    });
  });

  it("a form can be read back, corrected and left without a trace in the wallet", async () => {
    const { doctor } = cast();
    const shown = doctor.wallet.shown.length;
    await button(doctor.page, "New entry").click();
    await button(sheet(doctor, "What do you want to write?"), "Diagnosis").click();
    const form = sheet(doctor, `Diagnosis for ${ROSA}`);
    await button(form, "Read it back").click();
    await form.getByText("Enter a diagnosis").waitFor();
    await button(form, "Cancel").click();
    expect(doctor.wallet.shown.length).to.equal(shown);
  });

  it("a suspended doctor can neither open nor write, until the licence is restored", async () => {
    const { doctor, registrar } = cast();
    await openTab(registrar, "Applications");
    await button(registrar.page, "Suspend Dr Ada Nwosu").click();
    const suspend = sheet(registrar, "Suspend Dr Ada Nwosu");
    await button(suspend, "Suspend in your wallet").click();
    await suspend.getByText("Dr Ada Nwosu is suspended from now on.").waitFor();
    await close(suspend);

    await closedRecords(doctor, "General health").click();
    await doctor.page.getByText("no current licence on record").waitFor();
    await button(doctor.page, "New entry").click();
    await button(sheet(doctor, "What do you want to write?"), "Diagnosis").click();
    const form = sheet(doctor, `Diagnosis for ${ROSA}`);
    await form.getByRole("textbox", { name: "Diagnosis", exact: true }).fill("Written while suspended");
    await button(form, "Read it back").click();
    await button(form, "Sign and send").click();
    await form
      .getByText(/licence/i)
      .first()
      .waitFor();
    await button(form, "Back to the form").click();
    await button(form, "Cancel").click();

    await button(registrar.page, "Restore Dr Ada Nwosu").click();
    const restore = sheet(registrar, "Restore Dr Ada Nwosu");
    await button(restore, "Restore in your wallet").click();
    await restore.getByText("Dr Ada Nwosu may work on Carekey again.").waitFor();
    await close(restore);
    await writeEntry(doctor, ROSA, diagnosis("asthma", /asthma/i));
  });

  it("everything that was sent waits for the patient", async () => {
    const { doctor } = cast();
    const sent = section(doctor, "What you wrote");
    await sent.getByText("Waiting for the patient").nth(4).waitFor();
    expect(await sent.getByText("Waiting for the patient").count()).to.equal(5);
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(...Object.values(cast())));
});
