/**
 * @module test/e2e/06-decisions
 * Point 6 of the main job: nothing becomes part of a chart before the patient has said so, and nothing vanishes from it.
 */
import { expect } from "chai";
import type { Locator } from "playwright-core";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";
import { closedRecords, openChart, readBackAndSend } from "./support/clinic.ts";
import { fileOf } from "./support/files.ts";
import { button, chooseFiles, close, expectNoComplaints, openTab, prompts, section, sheet } from "./support/person.ts";

const ROSA = "Rosa Lindqvist";

/** A row of the patient's timeline. */
function row(title: string | RegExp): Locator {
  return cast().patient.page.getByRole("main").getByRole("link", { name: title });
}

/** An entry that waits for the patient. */
function waiting(title: RegExp): Locator {
  return cast()
    .patient.page.getByRole("group", { name: title })
    .filter({ has: button(cast().patient.page, "Approve") });
}

describe("decisions", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  it("the patient sees what waits, and looks at it first", async () => {
    const { patient } = cast();
    await openTab(patient, "Home");
    await patient.page.getByText("5 entries to approve or refuse").click();
    await patient.page.getByRole("heading", { name: "5 entries wait for you" }).waitFor();
    const note = waiting(/^Before the operation/);
    await note.getByText(/Visit note by Dr Ada Nwosu, sent /).waitFor();
    await button(note, "Look at it first").click();
    await note.getByRole("cell", { name: "Heart and lungs are fine." }).waitFor();
    await note.getByRole("img", { name: "Page 1 of 3" }).waitFor();
  });

  it("the patient approves one entry", async () => {
    const { patient } = cast();
    await button(waiting(/hypertension/i), "Approve").click();
    const approve = sheet(patient, "Approve this entry");
    await approve.getByText(/becomes part of your records, filed under General health\./).waitFor();
    await button(approve, "Continue in your wallet").click();
    await approve.getByText("One entry added to your records.").waitFor();
    await close(approve);
    await patient.page.getByRole("heading", { name: "4 entries wait for you" }).waitFor();
  });

  it("the patient denies one entry with a reason", async () => {
    const { patient } = cast();
    await button(waiting(/asthma/i), "Refuse").click();
    const refuse = sheet(patient, "Refuse this entry");
    await refuse.getByLabel("Why do you refuse?").fill("I never had asthma.");
    await button(refuse, "Continue in your wallet").click();
    await refuse.getByText("One entry refused. Your history keeps a note of it.").waitFor();
    await close(refuse);
  });

  it("the patient approves many entries in one confirmation", async () => {
    const { patient } = cast();
    await patient.page.getByRole("heading", { name: "3 entries wait for you" }).waitFor();
    await patient.page.getByRole("checkbox", { name: "Choose all" }).check();
    await button(patient.page, "Approve chosen").click();
    const approve = sheet(patient, "Approve 3 entries");
    const asked = patient.wallet.requests.length;
    await button(approve, "Continue in your wallet").click();
    await approve.getByText("3 entries added to your records.").waitFor();
    expect(prompts(patient, asked)).to.deep.equal(["eth_signTypedData_v4"]);
    await close(approve);
  });

  it("approved entries appear in the timeline and in the summary", async () => {
    const { patient } = cast();
    await patient.page.getByText("8 records", { exact: true }).waitFor();
    await row(/hypertension.*Diagnosis · Dr Ada Nwosu · General health/i).waitFor();
    await row(/lisinopril.*Prescription · Dr Ada Nwosu · Medicines/i).waitFor();
    await row(/Before the operation.*Visit note · Dr Ada Nwosu/).waitFor();
    await openTab(patient, "Home");
    await patient.page
      .getByText(/lisinopril/i)
      .first()
      .waitFor();
    await patient.page
      .getByText(/hypertension/i)
      .first()
      .waitFor();
  });

  it("denied entries are listed as denied, and the author reads why", async () => {
    const { patient, doctor } = cast();
    await openTab(patient, "Records");
    await button(patient.page, "Filter").click();
    await patient.page.getByLabel("Show", { exact: true }).selectOption("What you refused");
    await patient.page.getByText("One record of 9").waitFor();
    await row(/You refused this/).waitFor();
    await button(patient.page, "Clear").click();
    await openTab(doctor, "Inbox");
    await doctor.page.getByText("did not approve your entry").waitFor();
    await doctor.page.getByText("“I never had asthma.”").waitFor();
    await openChart(doctor, ROSA);
    await section(doctor, "What you wrote").getByText("Not approved").waitFor();
  });

  it("the patient amends a record of their own, and both versions stand there with their dates", async () => {
    const { patient } = cast();
    await openTab(patient, "Records");
    await row("rash-on-the-arm.jpg").click();
    const newer = await fileOf("rash-is-gone.txt", "The rash is gone since Monday.");
    await chooseFiles(patient, button(patient.page, "Add a newer version"), newer);
    const upload = patient.page.getByRole("group", { name: "rash-is-gone.txt", exact: true });
    await upload.getByText("New version of a record you have").waitFor();
    await button(upload, /^Add to my records/).click();
    const add = sheet(patient, "Add this file to your records");
    await button(add, "Continue in your wallet").click();
    await add.getByText("One file is in your records.").waitFor();
    await close(add);
    await row(/rash-is-gone\.txt.*Newer version/).click();
    const versions = section(patient, "Versions").getByRole("listitem");
    await versions.nth(1).waitFor();
    expect(await versions.nth(0).innerText()).to.match(
      /rash-is-gone\.txt \(shown above\)\s+.*\d{4}.* by you\s+Stands today/,
    );
    expect(await versions.nth(1).innerText()).to.match(/rash-on-the-arm\.jpg\s+.*\d{4}.* by you\s+Older version/);
  });

  it("the author amends an entry, and the patient decides about that, too", async () => {
    const { patient, doctor } = cast();
    await openChart(doctor, ROSA);
    await button(doctor.page, "Filter").click();
    await doctor.page.getByLabel("Written by").selectOption("Dr Ada Nwosu");
    const own = closedRecords(doctor, "General health");
    while ((await own.count()) > 0) {
      const left = await own.count();
      await own.first().click();
      await own.nth(left - 1).waitFor({ state: "detached" });
    }
    const card = doctor.page
      .getByRole("listitem")
      .filter({ has: doctor.page.getByRole("heading", { name: /hypertension/i }) });
    await button(card, "Write a new version").click();
    const form = sheet(doctor, `Diagnosis for ${ROSA}`);
    expect(await form.getByRole("textbox", { name: "Diagnosis", exact: true }).inputValue()).to.match(/hypertension/i);
    await form.getByLabel("Severity").selectOption("Mild");
    await readBackAndSend(form);

    await openTab(patient, "Home");
    await patient.page.getByText("One entry to approve or refuse").click();
    const entry = waiting(/hypertension/i);
    await entry.getByText("It would replace an entry that you have.").waitFor();
    await button(entry, "Approve").click();
    const approve = sheet(patient, "Approve this entry");
    await button(approve, "Continue in your wallet").click();
    await approve.getByText("One entry added to your records.").waitFor();
    await close(approve);
    await row(/hypertension.*Newer version/i).click();
    const versions = section(patient, "Versions").getByRole("listitem");
    await versions.nth(1).waitFor();
    expect(await versions.nth(0).innerText()).to.match(/by Dr Ada Nwosu\s+Stands today/);
    expect(await versions.nth(1).innerText()).to.match(/by Dr Ada Nwosu\s+Older version/);
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(...Object.values(cast())));
});
