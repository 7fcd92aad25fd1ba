/**
 * @module test/e2e/09-honesty
 * Point 9 of the main job: a server that lies is caught and named, a wallet that changes is noticed, and a "no" costs nothing.
 */
import { expect } from "chai";
import { encodeEventTopics } from "viem";
import { carekeyAbi } from "@carekey/sdk/contracts";
import { demoPrivateKey } from "../../scripts/common/people.ts";
import { cast } from "./support/cast.ts";
import { openChart } from "./support/clinic.ts";
import { lieAboutLogs, type ServedLog } from "./support/network.ts";
import { button, connectAndSignIn, expectNoComplaints, openApp, openTab, sheet, unlock } from "./support/person.ts";
import { shootFailure, world } from "./support/world.ts";

const ROSA = "Rosa Lindqvist";
const [ADDED] = encodeEventTopics({ abi: carekeyAbi, eventName: "Added" });

const isAdded = ({ topics }: ServedLog): boolean => topics[0] === ADDED;

/** Expects the patient’s Records to say so while the node passes all logs through `lie`, and to be whole again after a reload. */
async function warnedOf(lie: (logs: ServedLog[]) => ServedLog[], sentence: RegExp): Promise<void> {
  const { patient } = cast();
  const reloadRecords = async (): Promise<void> => {
    await patient.page.reload();
    await unlock(patient);
    await openTab(patient, "Records");
  };
  const stop = await lieAboutLogs(patient.page, world().stack.deployment.rpcUrl, lie);
  try {
    await reloadRecords();
    const warnings = patient.page.getByRole("alert");
    await warnings.getByText("Your history does not match what is registered").waitFor();
    await warnings.getByText(sentence).waitFor();
  } finally {
    await stop();
  }
  await reloadRecords();
  await patient.page.getByText("Your history is complete and unchanged").waitFor();
}

describe("honesty", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  it("a node that hides an entry is caught, and the entry is named", () =>
    warnedOf(
      (logs) => logs.filter((log) => log !== logs.filter(isAdded)[1]),
      /^“blood-results\.json” of .* is missing\.$/,
    ));

  it("a node that changes an entry is caught, and the entry is named", () =>
    warnedOf((logs) => {
      const target = logs.filter(isAdded)[1];
      const change = ({ data }: ServedLog) => data.replace(/^0x../, (byte) => (byte === "0x00" ? "0x01" : "0x00"));
      return logs.map((log) => (log === target ? { ...log, data: change(log) } : log));
    }, /^“blood-results\.json” of .* was changed\.$/));

  it("a key document that is not the chain’s is warned of, and nothing is sealed to it", async () => {
    const { doctor, stranger } = cast();
    const documents = `${world().stack.appUrl}/api/v1/key-documents`;
    const isDoctors = ({ href }: URL): boolean =>
      href.toLowerCase() === `${documents}/${doctor.wallet.address}`.toLowerCase();
    const device = await openApp({ name: "Rosa’s new phone", account: 10 });
    try {
      await device.page.route(isDoctors, async (route) => {
        await route.fulfill({ response: await route.fetch({ url: `${documents}/${stranger.wallet.address}` }) });
      });
      await connectAndSignIn(device);
      await unlock(device);
      const shown = device.wallet.shown.length;
      await openTab(device, "Sharing");
      await device.page
        .getByText(/^The key of .* cannot be trusted$/)
        .first()
        .waitFor();
      await button(device.page, "Share with someone").click();
      const share = sheet(device, "Share with someone");
      await share.getByLabel("Search for your doctor").fill(doctor.wallet.address);
      await share.getByRole("radio", { name: /^0x/ }).click();
      await share.getByText("We were given a key that is not the registered one.").waitFor();
      await button(share, "Go on").click();
      await share.getByText("This person’s key cannot be trusted, so nothing can be shared.").waitFor();
      expect(device.wallet.shown.length).to.equal(shown);
      expectNoComplaints(device);
    } finally {
      await device.close();
    }
  });

  it("a wallet on another network is noticed, and one click switches back", async () => {
    const { patient } = cast();
    await patient.wallet.switchChain(1);
    await patient.page.getByRole("heading", { name: "Your wallet is on another network" }).waitFor();
    expect(await patient.page.locator("body").innerText()).to.not.contain("Dr Ada Nwosu");
    await button(patient.page, "Switch network").click();
    await patient.page.getByRole("heading", { name: "Unlock your records" }).waitFor();
    await unlock(patient);
  });

  it("another account in the wallet locks, and wipes what was on the screen", async () => {
    const { patient } = cast();
    await openTab(patient, "Records");
    await patient.page.getByText("letter-from-harbour-clinic.pdf").first().waitFor();
    await patient.wallet.switchAccount(demoPrivateKey(13));
    await button(patient.page, "Sign in").waitFor();
    expect(await patient.page.locator("body").innerText()).to.not.contain("letter-from-harbour-clinic");
    await patient.wallet.switchAccount(demoPrivateKey(10));
    await patient.page
      .getByRole("heading", { name: "Unlock your records" })
      .or(button(patient.page, "Sign in"))
      .waitFor();
    await patient.page.getByLabel("Passphrase", { exact: true }).waitFor();
    await unlock(patient);
    await openTab(patient, "Records");
    await patient.page.getByText("letter-from-harbour-clinic.pdf").first().waitFor();
  });

  it("locks by itself after ten minutes, with a countdown first", async () => {
    const device = await openApp({ name: "Rosa’s tablet", account: 10 });
    try {
      await device.page.clock.install();
      await device.page.reload();
      await connectAndSignIn(device);
      await unlock(device);
      await device.page.clock.fastForward("09:15");
      const warning = sheet(device, "Are you still there?");
      await warning.getByText(/Carekey locks itself in \d+ seconds/).waitFor();
      await button(warning, "Stay unlocked").click();
      await warning.waitFor({ state: "hidden" });
      await device.page.clock.fastForward("10:05");
      await device.page.getByRole("heading", { name: "Unlock your records" }).waitFor();
      expect(await device.page.getByRole("navigation", { name: "Main" }).count()).to.equal(0);
      expectNoComplaints(device);
    } finally {
      await device.close();
    }
  });

  it("a refused signature keeps what was written in the form", async () => {
    const { doctor } = cast();
    await openChart(doctor, ROSA);
    await button(doctor.page, "New entry").click();
    await button(sheet(doctor, "What do you want to write?"), "Visit note").click();
    const form = sheet(doctor, `Visit note for ${ROSA}`);
    await form.getByLabel("Findings").fill("A page of careful words.");
    await button(form, "Read it back").click();
    doctor.wallet.refuseNext();
    await button(form, "Sign and send").click();
    await form.getByText("You said no in your wallet").waitFor();
    await button(form, "Back to the form").click();
    expect(await form.getByLabel("Findings").inputValue()).to.equal("A page of careful words.");
    await button(form, "Cancel").click();
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(...Object.values(cast())));
});
