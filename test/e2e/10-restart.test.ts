/**
 * @module test/e2e/10-restart
 * Point 10 of the main job: everything is killed in the middle of the work and started again, and nothing is lost.
 */
import { cast } from "./support/cast.ts";
import { openChart } from "./support/clinic.ts";
import { fileOf } from "./support/files.ts";
import { holdUploadsAfter } from "./support/network.ts";
import { button, chooseFiles, close, expectNoComplaints, openTab, sheet } from "./support/person.ts";
import { killStack, shootFailure, startAgain } from "./support/world.ts";

const FILE_BYTES = 12e6;

describe("restart", function () {
  this.timeout(300_000);
  afterEach(shootFailure);

  it("an upload whose servers are killed waits, and says so", async () => {
    const { patient } = cast();
    await openTab(patient, "Records");
    const network = await holdUploadsAfter(patient.page, 5);
    const film = await fileOf("heart-sounds.wav", new Uint8Array(FILE_BYTES).fill(7));
    await chooseFiles(patient, button(patient.page, "Add files"), film);
    await network.isStuck;
    await killStack();
    await network.release();
    await patient.page.getByText("Waiting for the file store").waitFor();
  });

  it("after a start on the same data the upload goes on, and is added", async () => {
    const { patient } = cast();
    await startAgain();
    const film = patient.page.getByRole("group", { name: "heart-sounds.wav", exact: true });
    // The queue tries again by itself every quarter of a minute: nobody has to press what is gone by now.
    const tryNow = button(patient.page, "Try now");
    if (await tryNow.isVisible()) await tryNow.click({ timeout: 5_000 }).catch(() => undefined);
    await film.getByText("Ready to add.").waitFor();
    await button(film, /^Add to my records/).click();
    const add = sheet(patient, "Add this file to your records");
    await button(add, "Continue in your wallet").click();
    await add.getByText("One file is in your records.").waitFor();
    await close(add);
  });

  it("every record, consent and decision is still there", async () => {
    const { patient, doctor } = cast();
    await patient.page.getByText("Your history is complete and unchanged").waitFor();
    await patient.page.getByText("9 records", { exact: true }).waitFor();
    await patient.page.getByRole("main").getByRole("link", { name: "letter-from-harbour-clinic.pdf" }).click();
    await patient.page.getByRole("img", { name: "Page 1 of 3" }).waitFor();
    await openTab(patient, "Sharing");
    await patient.page.getByText("Can add entries, which wait for your approval").waitFor();
    await openChart(doctor, "Rosa Lindqvist");
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(cast().patient, cast().doctor));
});
