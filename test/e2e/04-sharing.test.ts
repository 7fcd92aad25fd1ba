/**
 * @module test/e2e/04-sharing
 * Point 4 of the main job: the patient shares a part of the chart with a doctor, knows what is signed, and can say no.
 */
import { expect } from "chai";
import { z } from "zod";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";
import { pressOn, tabTo } from "./support/keyboard.ts";
import {
  button,
  close,
  expectNoComplaints,
  openTab,
  prompts,
  section,
  sheet,
  type E2ePerson,
} from "./support/person.ts";
import { personCard, readBack } from "./support/sharing.ts";

const seconds = z.coerce.number();
const shownGrantSchema = z.object({
  terms: z.object({
    grantee: z.string(),
    rights: seconds,
    notBefore: seconds,
    expiresAt: seconds,
    about: z.object({ scopes: z.string(), purpose: z.string() }),
  }),
});

/** The terms that the wallet showed last. */
function shownTerms({ wallet }: E2ePerson) {
  const grant = wallet.shown.findLast(({ primaryType }) => primaryType === "Grant");
  return shownGrantSchema.parse(grant?.message).terms;
}

const inStockholm = (at: number): string =>
  new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Stockholm",
  }).format(at * 1000);

describe("sharing", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  it("the patient finds the doctor by name, by speciality and by address", async () => {
    const { patient, doctor } = cast();
    await openTab(patient, "Sharing");
    await button(patient.page, "Share with your doctor").click();
    const share = sheet(patient, "Share with someone");
    const found = share.getByRole("radio", { name: "Dr Ada Nwosu" });
    const nobody = share.getByText("Nobody found");
    for (const query of ["nwosu", "cardio", doctor.wallet.address]) {
      await share.getByLabel("Search for your doctor").fill("zzz nobody is called this");
      await nobody.waitFor();
      await share.getByLabel("Search for your doctor").fill(query);
      await found.waitFor();
      expect(await share.getByRole("radio").count(), query).to.equal(1);
    }
    await found.click();
    await share.getByText("Is this really Dr Ada Nwosu?").waitFor();
    await patient.page.keyboard.press("Escape");
  });

  it("the paragraph that is read back says what the wallet shows, in one prompt", async () => {
    const { patient, doctor } = cast();
    const share = await readBack(patient, {
      find: "Nwosu",
      name: "Dr Ada Nwosu",
      read: ["General health", "Lab results"],
      purpose: "Second opinion before my operation",
    });
    const paragraph = await share.locator("p").filter({ hasText: "Dr Ada Nwosu can read" }).innerText();
    const asked = patient.wallet.requests.length;
    await button(share, "Sign and share").click();
    await share.getByText("You share with Dr Ada Nwosu. They can see it now.").waitFor();
    await close(share);

    const { about, grantee, rights, expiresAt } = shownTerms(patient);
    expect(about).to.deep.equal({
      scopes: "General health and Lab results",
      purpose: "Second opinion before my operation",
    });
    expect({ grantee, rights }).to.deep.equal({ grantee: doctor.wallet.address, rights: 1 });
    const inOrder = ["can read your record", inStockholm(expiresAt), about.scopes, about.purpose];
    const places = inOrder.map((words) => paragraph.indexOf(words));
    expect(places, paragraph).to.not.include(-1);
    expect(places).to.deep.equal([...places].sort((left, right) => left - right));
    expect(prompts(patient, asked)).to.deep.equal(["eth_signTypedData_v4"]);
  });

  it("shows who can see what: the person, the fingerprint, the parts, the rights, the end", async () => {
    const { patient } = cast();
    const card = personCard(patient, "Dr Ada Nwosu");
    await card.getByText("Verified", { exact: true }).waitFor();
    await card.getByText("Can read General health and Lab results").waitFor();
    await card.getByText(/^Since .*, until \d+ \w+ \d{4}$/).waitFor();
    await card.getByText("Why: Second opinion before my operation").waitFor();
    await card.getByText("Technical details").click();
    const fingerprint = card.getByRole("group", { name: "Fingerprint of Dr Ada Nwosu" });
    expect(await fingerprint.innerText()).to.match(/^(\d{4,6}\s*){4,}$/);
  });

  it("a refused signature shares nothing and says so, and trying again works", async () => {
    const { patient } = cast();
    const share = await readBack(patient, {
      find: "Cardiology",
      name: "Dr Ada Nwosu",
      write: true,
      purpose: "Notes of our visits",
    });
    patient.wallet.refuseNext();
    await button(share, "Sign and share").click();
    await share.getByText("You said no in your wallet").waitFor();
    await share.getByText("Nothing was shared and nothing has changed.").waitFor();
    expect(await patient.page.getByText("Can add entries, which wait").count()).to.equal(0);
    await button(share, "Try again").click();
    await share.getByText("You share with Dr Ada Nwosu. They can see it now.").waitFor();
    await close(share);
    await personCard(patient, "Dr Ada Nwosu").getByText("Can add entries, which wait for your approval").waitFor();
  });

  it("the doctor asks for more", async () => {
    const { patient, doctor } = cast();
    await openTab(doctor, "Patients");
    await button(doctor.page, "Ask a patient for access").click();
    const ask = sheet(doctor, "Ask for access");
    await ask.getByLabel("Patient’s address").fill(patient.wallet.address);
    await ask.getByRole("checkbox", { name: "General health" }).uncheck();
    await ask.getByRole("checkbox", { name: "Mental health" }).check();
    await ask.getByLabel("Why").fill("To see whether stress plays a part");
    await ask.getByLabel("A line to the patient (optional)").fill("We can talk about it first.");
    await button(ask, "Send the request").click();
    await ask.getByText("Your request was sent.").waitFor();
    await close(ask);
  });

  it("the patient refuses with a reason, and both see it afterwards", async () => {
    const { patient, doctor } = cast();
    await openTab(patient, "Home");
    await patient.page.getByText("One person asks to see your records").click();
    const request = patient.page.getByRole("group", { name: "Request from Dr Ada Nwosu" });
    await request.getByText("Asks to read Mental health").waitFor();
    await request.getByText("“We can talk about it first.”").waitFor();
    await button(request, "Refuse").click();
    const refuse = sheet(patient, "Refuse the request from Dr Ada Nwosu");
    await refuse.getByLabel("Why do you refuse?").fill("I would rather keep this to myself.");
    await button(refuse, "Refuse").click();
    await refuse.getByText("Refused. Nothing was shared, and both of you keep a note of it.").waitFor();
    await close(refuse);
    await patient.page.getByText("One request you answered").click();
    await patient.page.getByText("Your reason: “I would rather keep this to myself.”").waitFor();
    await openTab(doctor, "Inbox");
    const asked = section(doctor, "Requests you sent");
    await asked.getByText("Answer: “I would rather keep this to myself.”").waitFor();
    await asked.getByText("Refused", { exact: true }).waitFor();
  });

  it("grants with the keyboard alone", async () => {
    const { page } = cast().patient;
    await pressOn(page, "Sharing");
    await page.getByRole("heading", { level: 1, name: "Sharing" }).waitFor();
    await pressOn(page, "Share with someone");
    await tabTo(page, /^Search for your doctor/);
    await page.keyboard.type("Ada Nwosu");
    await page.getByRole("radio", { name: "Dr Ada Nwosu" }).waitFor();
    await pressOn(page, "Dr Ada Nwosu", "Space");
    await pressOn(page, "Go on");
    await page.getByRole("heading", { name: "What?" }).waitFor();
    await pressOn(page, /^Images/, "Space");
    await pressOn(page, "Go on");
    await page.getByRole("heading", { name: "How long, and why?" }).waitFor();
    await tabTo(page, /^One month/);
    await page.keyboard.press("ArrowUp");
    await tabTo(page, /^What is it for\?/);
    await page.keyboard.type("Look at my CT");
    await pressOn(page, "Go on");
    await page.getByRole("heading", { name: "Read it back" }).waitFor();
    await button(page, "Sign and share").waitFor();
    await pressOn(page, "Sign and share", "Space");
    const share = sheet(cast().patient, "Share with someone");
    await share.getByText("You share with Dr Ada Nwosu. They can see it now.").waitFor();
    await pressOn(page, "Close");
    await page.getByText("Can read Images").waitFor();
    const { about, expiresAt, notBefore } = shownTerms(cast().patient);
    expect(about).to.deep.equal({ scopes: "Images", purpose: "Look at my CT" });
    expect(expiresAt - notBefore).to.be.within(7 * 86_400, 7 * 86_400 + 120);
  });

  it("revokes with the keyboard alone", async () => {
    const { page } = cast().patient;
    await pressOn(page, "Stop sharing with Dr Ada Nwosu: Can read Images");
    const stop = sheet(cast().patient, "Stop sharing with Dr Ada Nwosu");
    await stop.waitFor();
    await pressOn(page, "Stop sharing");
    await stop.getByText("Stopped. Dr Ada Nwosu can open nothing more of this.").waitFor();
    await pressOn(page, "Close");
    const past = section(cast().patient, "Shared before");
    await past.getByText("Could read Images").waitFor();
    await past.getByText(/^You stopped it on /).waitFor();
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(cast().patient, cast().doctor));
});
