/**
 * @module test/e2e/08-taking-back
 * Point 8 of the main job: what is taken back, runs out or was never given stays closed, and a server that is away says so.
 */
import { expect } from "chai";
import { createPublicClient, http } from "viem";
import { grantConsent, prepareGrant } from "@carekey/sdk/client";
import { cast } from "./support/cast.ts";
import { closedRecords, openChart } from "./support/clinic.ts";
import { fileOf } from "./support/files.ts";
import { cutOff } from "./support/network.ts";
import { inNode } from "./support/newcomers.ts";
import { button, chooseFiles, close, expectNoComplaints, openTab, section, sheet, unlock } from "./support/person.ts";
import { shareWith } from "./support/sharing.ts";
import { shootFailure, world } from "./support/world.ts";

const ROSA = "Rosa Lindqvist";
const ROSA_ACCOUNT = 10;
const TITLES = /letter-from-harbour|rash-|blood-results|ct-of-the-chest|hypertension|lisinopril/i;
/** How long the consent that runs out by itself holds: enough to open the chart and one record on a busy machine. */
const SHORT_SECONDS = 30;

/** Resolves when the wall clock passes `at` seconds. */
function until(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, at * 1000 - Date.now() + 500));
}

describe("taking back", function () {
  this.timeout(240_000);
  let expiresAt = 0;
  let sentBefore = 0;

  /** Transactions so far that may be the patient's: by the own account, or by the one that pays for others. */
  async function countSent(): Promise<number> {
    const { rpcUrl, relayer } = world().stack.deployment;
    const chain = createPublicClient({ transport: http(rpcUrl) });
    const payers = [cast().patient.wallet.address, relayer!];
    const counts = await Promise.all(payers.map((address) => chain.getTransactionCount({ address })));
    return counts.reduce((total, count) => total + count);
  }

  afterEach(shootFailure);

  it("after a revocation the doctor’s open tab opens nothing that was not opened before, and says why", async () => {
    const { patient, doctor } = cast();
    await openTab(patient, "Sharing");
    await button(patient.page, "Stop sharing with Dr Ada Nwosu: Can read General health and Lab results").click();
    const stop = sheet(patient, "Stop sharing with Dr Ada Nwosu");
    await stop.waitFor();
    await openChart(doctor, ROSA);
    await closedRecords(doctor, "Lab results").last().click();
    await doctor.page.getByRole("row").filter({ hasText: "Hemoglobin" }).waitFor();

    await button(stop, "Stop sharing").click();
    await stop.getByText("Stopped. Dr Ada Nwosu can open nothing more of this.").waitFor();
    await closedRecords(doctor, "General health").first().click();
    await doctor.page.getByText("The patient has stopped sharing this").waitFor();
    await doctor.page.getByText("Nothing was opened.").waitFor();
    expect(await doctor.page.getByRole("heading", { level: 3, name: TITLES }).count()).to.equal(0);
    await close(stop);
  });

  it("the patient reads what had been opened and cannot be taken back", async () => {
    const { patient } = cast();
    const past = section(patient, "Shared before").getByRole("listitem");
    const ended = past.filter({ hasText: "Could read General health and Lab results" });
    await ended.getByText(/^You stopped it on /).waitFor();
    await ended.getByText(/^Opened before it ended, and not to be taken back: \d+ records\./).waitFor();
    await ended.getByRole("link", { name: "blood-results.json" }).waitFor();
  });

  it("a consent for a short time opens as long as it holds", async () => {
    const { doctor } = cast();
    const { carekey, person } = await inNode(ROSA_ACCOUNT, cast().patient.passphrase);
    const prepared = await prepareGrant(carekey, person, {
      grantee: doctor.wallet.address,
      granteeName: "Dr Ada Nwosu",
      scopes: ["labs"],
      rights: ["read"],
      expiresAt: (expiresAt = carekey.now() + SHORT_SECONDS),
      purpose: "A quick look",
    });
    await grantConsent(carekey, person, prepared, { patientName: ROSA });
    sentBefore = await countSent();
    await openTab(doctor, "Today");
    await openChart(doctor, ROSA);
    await closedRecords(doctor, "Lab results").last().click();
    await doctor.page.getByRole("row").filter({ hasText: "Hemoglobin" }).waitFor();
  });

  it("a stranger’s browser shows nothing of the patient", async () => {
    const { stranger, patient } = cast();
    await stranger.page.goto(`${world().stack.appUrl}/patients/${patient.wallet.address}`);
    await unlock(stranger);
    await stranger.page.getByText("Nothing is shared with you").waitFor();
    expect(await button(stranger.page, /^Open /).count()).to.equal(0);
    expect(await stranger.page.locator("body").innerText())
      .to.not.match(TITLES)
      .and.not.contain("Rosa");
  });

  it("the registrar’s browser shows nothing of the patient", async () => {
    const { registrar, patient } = cast();
    for (const path of ["records", "patients", `patients/${patient.wallet.address}`]) {
      await registrar.page.goto(`${world().stack.appUrl}/${path}`);
      await unlock(registrar);
      await registrar.page.getByRole("heading", { level: 1 }).waitFor();
      expect(await registrar.page.locator("body").innerText(), path)
        .to.not.match(TITLES)
        .and.not.contain("Rosa");
    }
    await openTab(registrar, "Applications");
  });

  it("and closes by itself when it runs out, without a transaction", async () => {
    const { doctor, patient } = cast();
    await until(expiresAt);
    await closedRecords(doctor, "Lab results").click();
    await doctor.page.getByText("The time for which this was shared is over").waitFor();
    expect(await countSent()).to.equal(sentBefore);
    await openTab(patient, "Home");
    await openTab(patient, "Sharing");
    await section(patient, "Shared before").getByText("It ended by itself on ").waitFor();
  });

  it("with two keepers away, says how many answer and what still works", async () => {
    const { doctor, patient } = cast();
    await shareWith(patient, { find: "Nwosu", name: "Dr Ada Nwosu", read: ["General health"], purpose: "After all" });
    await openTab(doctor, "Today");
    await openChart(doctor, ROSA);
    const { pids } = world().stack;
    const away = [pids["keeper-1"]!, pids["keeper-2"]!];
    for (const pid of away) process.kill(pid, "SIGSTOP");
    try {
      await closedRecords(doctor, "General health").last().click();
      await doctor.page.getByText("Too few keepers answer just now").waitFor();
      await doctor.page.getByText("1 of 3 keepers answers, and opening a record takes 2.").waitFor();
      await doctor.page.getByText("Patients can still open their own records").waitFor();
      await openTab(patient, "Records");
      await patient.page.getByRole("main").getByRole("link", { name: "letter-from-harbour-clinic.pdf" }).click();
      await patient.page.getByRole("img", { name: "Page 1 of 3" }).waitFor();
    } finally {
      for (const pid of away) process.kill(pid, "SIGCONT");
    }
    await button(doctor.page, "Try again").click();
    await doctor.page.getByRole("heading", { level: 3, name: "letter-from-harbour-clinic.pdf" }).waitFor();
  });

  it("with the server away, says so in a sentence, and an upload waits and goes on", async () => {
    const { patient } = cast();
    await openTab(patient, "Records");
    const restore = await cutOff(patient.page, `${world().stack.appUrl}/api/**`);
    try {
      await patient.page.getByRole("main").getByRole("link", { name: "ct-of-the-chest.dcm" }).click();
      await button(patient.page, "Download").click();
      await patient.page.getByText("The file store does not answer").waitFor();
      await openTab(patient, "Records");
      await patient.page.getByText("The Carekey server does not answer").first().waitFor();
      const note = await fileOf("note-to-self.txt", "Ask about the CT.");
      await chooseFiles(patient, button(patient.page, "Add files"), note);
      await patient.page.getByText("Waiting for the file store").waitFor();
    } finally {
      await restore();
    }
    await button(patient.page, "Try now").click();
    await patient.page
      .getByRole("group", { name: "note-to-self.txt", exact: true })
      .getByText("Ready to add.")
      .waitFor();
    await button(patient.page, "Remove note-to-self.txt").click();
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(...Object.values(cast())));
});
