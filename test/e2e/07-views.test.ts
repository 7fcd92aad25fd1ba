/**
 * @module test/e2e/07-views
 * Point 7 of the main job: whoever looks leaves a trace that only the patient can read.
 */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { parseResource, validateResource } from "@carekey/sdk/fhir";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";
import { button, expectNoComplaints, openTab, type E2ePerson } from "./support/person.ts";

/** The views in the log about one record. */
function viewsOf({ page }: E2ePerson, title: string) {
  return page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("link", { name: title }) });
}

describe("views", function () {
  this.timeout(120_000);
  afterEach(shootFailure);

  it("the patient opens the log with one signature", async () => {
    const { patient } = cast();
    await openTab(patient, "Activity");
    const shown = patient.wallet.shown.length;
    await button(patient.page, "Sign and show").click();
    await patient.page.getByText(/^\d+ views$/).waitFor();
    expect(patient.wallet.shown.length - shown).to.equal(1);
  });

  it("lists each view: who, which record, when and why", async () => {
    const { patient } = cast();
    for (const title of ["blood-results.json", "letter-from-harbour-clinic.pdf"]) {
      const view = viewsOf(patient, title);
      expect(await view.count(), title).to.equal(1);
      await view.getByText(`Dr Ada Nwosu opened ${title}`).waitFor();
      await view.getByText("Why: Preparing the operation on Monday").waitFor();
      expect(await view.getByRole("time").innerText()).to.match(/\d{4}/);
    }
  });

  it("gives the receipts of at least two keepers for each view, their signatures checked", async () => {
    const { patient } = cast();
    const view = viewsOf(patient, "letter-from-harbour-clinic.pdf");
    await view.getByText(/^Keepers \d(, \d)? and \d wrote it down$/).waitFor();
    await view.getByText("Receipts and technical details").click();
    const receipts = view.getByText(
      /^Keeper 0x[0-9a-fA-F]{40}, number \d+, at block \d+, .*: signature and place in its log verified$/,
    );
    expect(await receipts.count()).to.be.at.least(2);
  });

  it("finds views by record, person and reason", async () => {
    const { patient } = cast();
    await patient.page.getByRole("textbox", { name: "Search who looked" }).fill("harbour");
    await patient.page.getByText("One view").waitFor();
    await patient.page.getByRole("textbox", { name: "Search who looked" }).fill("operation on monday");
    await patient.page.getByText(/^\d+ views$/).waitFor();
    await patient.page.getByRole("textbox", { name: "Search who looked" }).fill("");
  });

  it("saves the log as a table, and as FHIR AuditEvents", async () => {
    const { page } = cast().patient;
    const saved = async (what: string): Promise<string> => {
      await button(page, "Save this list").click();
      const download = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: what }).click();
      return readFile(await (await download).path(), "utf8");
    };
    const count = Number(/^\d+/.exec(await page.getByText(/^\d+ views$/).innerText())![0]);
    const table = await saved("As a table (CSV)");
    expect(table.trim().split("\r\n")).to.have.length(count + 1);
    expect(table).to.include("blood-results.json").and.include("Preparing the operation on Monday");
    const bundle = parseResource(await saved("For health programs (FHIR)"));
    expect(validateResource(bundle)).to.include({ ok: true });
    const kinds = bundle.resourceType === "Bundle" ? bundle.entry?.map(({ resource }) => resource?.resourceType) : [];
    expect(kinds).to.deep.equal(Array(count).fill("AuditEvent"));
  });

  it("keeps the decisions in the same history", async () => {
    const { patient } = cast();
    await patient.page.getByText("What you decided").click();
    await patient.page
      .getByText(/You refused what/)
      .first()
      .waitFor();
    await patient.page
      .getByText(/You shared with/)
      .first()
      .waitFor();
    await patient.page.getByText(/You refused a request from/).waitFor();
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(cast().patient));
});
