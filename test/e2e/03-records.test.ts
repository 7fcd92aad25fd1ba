/**
 * @module test/e2e/03-records
 * Point 3 of the main job: the patient brings files of any kind and size, finds them again and reads them.
 */
import { expect } from "chai";
import type { Locator } from "playwright-core";
import { PHOTOGRAPH_SIZE } from "../fixtures/photograph.ts";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";
import { IMAGING_BYTES, fileOf, sha256Of, tamperedCopy, writePatientFiles } from "./support/files.ts";
import { holdUploadsAfter } from "./support/network.ts";
import {
  button,
  close,
  chooseFiles,
  expectNoComplaints,
  openTab,
  prompts,
  sheet,
  unlock,
  type E2ePerson,
} from "./support/person.ts";

/** Blocks of the three small files, and a few of the imaging file. */
const BLOCKS_BEFORE_THE_MIDDLE = 16;
const UPLOAD_PATIENCE = { timeout: IMAGING_BYTES / 1000 };

/** A file in the upload tray. */
function onItsWay({ page }: E2ePerson, name: string): Locator {
  return page.getByRole("group", { name, exact: true });
}

/** A row of the timeline. */
function row({ page }: E2ePerson, title: string | RegExp): Locator {
  return page.getByRole("main").getByRole("link", { name: title });
}

/** Opens the record with this title. */
async function openRecord(person: E2ePerson, title: string): Promise<void> {
  await openTab(person, "Records");
  await row(person, title).click();
  await person.page.getByRole("heading", { level: 1, name: title }).waitFor();
}

describe("records", function () {
  this.timeout(Math.max(180_000, 4 * UPLOAD_PATIENCE.timeout));
  afterEach(shootFailure);

  let files: Awaited<ReturnType<typeof writePatientFiles>>;
  let network: Awaited<ReturnType<typeof holdUploadsAfter>>;

  before(async () => {
    files = await writePatientFiles();
  });

  it("takes a PDF, a FHIR R4 bundle, a photograph and a DICOM file at once, and shows the progress of each", async () => {
    const { patient } = cast();
    await openTab(patient, "Records");
    network = await holdUploadsAfter(patient.page, BLOCKS_BEFORE_THE_MIDDLE);
    const opener = button(patient.page, "Add your first file");
    await chooseFiles(patient, opener, files.letter, files.blood, files.photo, files.scan);
    await patient.page.getByText("Encrypted on this device. Nobody else can read these files.").waitFor();
    for (const name of ["letter-from-harbour-clinic.pdf", "blood-results.json", "rash-on-the-arm.jpg"]) {
      await onItsWay(patient, name).getByText("Ready to add.").waitFor();
    }
    await network.isStuck;
    const scan = onItsWay(patient, "ct-of-the-chest.dcm");
    await scan.getByText(/Encrypted on this device, then sent\. [\d.]+ MB of /).waitFor();
    await scan.getByRole("progressbar", { name: /ct-of-the-chest\.dcm: \d+ percent/ }).waitFor();
  });

  it("pauses an upload and goes on with it", async () => {
    const { patient } = cast();
    const scan = onItsWay(patient, "ct-of-the-chest.dcm");
    await button(scan, "Pause").click();
    await scan.getByText(/^Paused\. .* are stored\.$/).waitFor();
    await button(scan, "Go on").click();
    await button(scan, "Pause").waitFor();
  });

  it("asks for the same file after a reload in the middle of it, and refuses another with a sentence", async () => {
    const { patient } = cast();
    await patient.page.reload();
    await network.release();
    await unlock(patient);
    const scan = onItsWay(patient, "ct-of-the-chest.dcm");
    await scan.getByText(/Choose the same file again to go on\. [\d.]+ MB of .* are stored already\./).waitFor();
    for (const other of [await tamperedCopy(files.scan), await fileOf("short.dcm", "not a scan")]) {
      await chooseFiles(patient, button(scan, /Choose the (same|right) file/), other);
      await scan.getByText("This is not the file you began with. Nothing of it was sent.").waitFor();
    }
  });

  it("goes on where it stopped once the same file is chosen", async () => {
    const { patient } = cast();
    const scan = onItsWay(patient, "ct-of-the-chest.dcm");
    let sent = 0;
    patient.page.on("request", (request) => (sent += Number(request.url().includes("/block/put"))));
    await chooseFiles(patient, button(scan, "Choose the right file"), files.scan);
    await scan.getByText("Ready to add.").waitFor(UPLOAD_PATIENCE);
    const all = Math.ceil(IMAGING_BYTES / 1_048_560);
    expect(sent).to.be.greaterThan(0).and.lessThan(all);
  });

  it("adds them to the chart with a wallet confirmation for each", async () => {
    const { patient } = cast();
    const asked = patient.wallet.requests.length;
    await button(patient.page, "Add all 4 to my records").click();
    const confirm = sheet(patient, "Add 4 files to your records");
    await confirm.getByText("Your wallet asks 4 times, once for each file.").waitFor();
    await confirm.getByText("This is free.").waitFor();
    await button(confirm, "Continue in your wallet").click();
    await confirm.getByText("4 files are in your records.").waitFor();
    await close(confirm);
    expect(prompts(patient, asked)).to.deep.equal(Array(4).fill("eth_signTypedData_v4"));
  });

  it("takes files that are dropped anywhere on the page, and says so while they are over it", async () => {
    const { page } = cast().patient;
    const dataTransfer = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      for (const name of ["first.txt", "second.txt"])
        transfer.items.add(new File([name], name, { type: "text/plain" }));
      return transfer;
    });
    await page.dispatchEvent("main", "dragenter", { dataTransfer });
    await page.getByText("Drop your files").waitFor();
    await page.dispatchEvent("main", "drop", { dataTransfer });
    for (const name of ["first.txt", "second.txt"]) {
      const file = onItsWay(cast().patient, name);
      await file.getByText("Ready to add.").waitFor();
      await button(page, `Remove ${name}`).click();
      await file.waitFor({ state: "detached" });
    }
    expect(await page.getByText("Drop your files").count()).to.equal(0);
  });

  it("shows all of them in one timeline, under a history that is complete", async () => {
    const { patient } = cast();
    await patient.page.getByText("Your history is complete and unchanged").waitFor();
    await patient.page.getByText("4 records", { exact: true }).waitFor();
    await row(patient, /letter-from-harbour-clinic\.pdf.*Document · You · General health/).waitFor();
    await row(patient, /Laboratory report.*Lab report · You · Lab results/).waitFor();
    await row(patient, /rash-on-the-arm\.jpg.*Photo · You · General health/).waitFor();
    await row(patient, /ct-of-the-chest\.dcm.*Imaging · You · Images/).waitFor();
  });

  it("narrows the timeline by kind, author and date", async () => {
    const { page } = cast().patient;
    const count = page.getByRole("status").filter({ hasText: /records?( of \d+)?$/ });
    await button(page, "Filter").click();
    await page.getByLabel("Kind").selectOption("Photo");
    await count.getByText("One record of 4").waitFor();
    await row(cast().patient, "rash-on-the-arm.jpg").waitFor();
    await button(page, "Clear").click();
    await page.getByLabel("Written by").selectOption("You");
    await count.getByText("4 records of 4").waitFor();
    await button(page, "Clear").click();
    await page.getByLabel("Until", { exact: true }).fill("2026-11-20");
    await count.getByText("One record of 4").waitFor();
    await row(cast().patient, "Laboratory report").waitFor();
    await page.getByLabel("Until", { exact: true }).fill("");
    await page.getByLabel("From", { exact: true }).fill("2026-11-21");
    await count.getByText("3 records of 4").waitFor();
    await button(page, "Clear").click();
    await count.getByText("4 records", { exact: true }).waitFor();
  });

  it("finds a record by words of its title, which only this device can read", async () => {
    const { page } = cast().patient;
    await page.getByLabel("Search your records").fill("harbour letter");
    await page.getByText("One record of 4").waitFor();
    await row(cast().patient, "letter-from-harbour-clinic.pdf").waitFor();
    await button(page, "Clear the search").click();
  });

  it("draws a PDF page by page", async () => {
    const { patient } = cast();
    await openRecord(patient, "letter-from-harbour-clinic.pdf");
    const canvas = patient.page.getByRole("img", { name: "Page 1 of 3" });
    await patient.page.getByText("Collected 20 November 2026").waitFor({ state: "attached" });
    const isDrawn = await canvas.evaluate((element: HTMLCanvasElement) => {
      const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
      return data.some((value, index) => index % 4 === 0 && value < 100 && data[index + 3] === 255);
    });
    expect(isDrawn).to.equal(true);
  });

  it("shows a photograph", async () => {
    const { patient } = cast();
    await openRecord(patient, "rash-on-the-arm.jpg");
    const picture = patient.page.getByRole("img", { name: "rash-on-the-arm.jpg" });
    await picture.waitFor();
    const size = await picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return { width: image.naturalWidth, height: image.naturalHeight };
    });
    expect(size).to.deep.equal(PHOTOGRAPH_SIZE);
  });

  it("reads FHIR results as a table with values, ranges and flags", async () => {
    const { patient } = cast();
    await openRecord(patient, "Laboratory report");
    const resultOf = async (test: RegExp): Promise<string[]> => {
      const row = patient.page.getByRole("row").filter({ has: patient.page.getByRole("rowheader", { name: test }) });
      await row.waitFor();
      return (await row.getByRole("cell").allInnerTexts()).slice(0, 3).map((cell) => cell.trim());
    };
    expect(await resultOf(/Hemoglobin/)).to.deep.equal(["11.2 g/dL", "Low", "12 – 16"]);
    expect(await resultOf(/Glucose/)).to.deep.equal(["131 mg/dL", "High", "70 – 99"]);
    expect(await resultOf(/Potassium/)).to.deep.equal(["6.8 mmol/L", "Critically high", "3.5 – 5.1"]);
  });

  it("gives the imaging file back byte for byte", async () => {
    const { patient } = cast();
    await openRecord(patient, "ct-of-the-chest.dcm");
    // With SLOW=1 the file is large enough for the dialog that asks where to save, which no test can answer.
    await patient.page.evaluate(() => Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
    const download = patient.page.waitForEvent("download", UPLOAD_PATIENCE);
    await button(patient.page, "Download").click();
    const saved = await download;
    expect(saved.suggestedFilename()).to.equal("ct-of-the-chest.dcm");
    expect(await sha256Of(await saved.path())).to.equal(await sha256Of(files.scan));
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(cast().patient));
});
