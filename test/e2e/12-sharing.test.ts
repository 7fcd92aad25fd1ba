/**
 * @module test/e2e/12-sharing
 * Sharing beyond whole parts and doctors: one record for a relative, members of an organisation, and numbers that lead to accounts.
 */
import { expect } from "chai";
import type { Address } from "viem";
import {
  addRecord,
  openSharedRecord,
  openViewSession,
  readSharedChart,
  shortAddress,
  uploadContent,
  type Carekey,
  type Person,
} from "../../sdk/src/client/index.ts";
import { expectRefusal } from "../support/refusal.ts";
import { expectFitForAll } from "./support/axe.ts";
import { shootFailure } from "./support/world.ts";
import { inNode, registerNewcomer, verifyForAYear } from "./support/newcomers.ts";
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
import { personCard } from "./support/sharing.ts";

/** Accounts that no other file uses. */
const ACCOUNTS = { patient: 14, hospital: 15, sister: 16, clerk: 18 };
const PASSPHRASE = "winter heron climbs the ninth lantern";

describe("sharing with a relative, a member, and by number", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  let patient: E2ePerson;
  let sister: E2ePerson;
  let hospital: E2ePerson;
  let clerk: { carekey: Carekey; person: Person };

  before(async () => {
    await registerNewcomer(ACCOUNTS.sister, { role: 1, name: "Her sister", passphrase: PASSPHRASE });
    clerk = await registerNewcomer(ACCOUNTS.clerk, { role: 1, name: "The clerk", passphrase: PASSPHRASE });
    patient = await openApp({ name: "Tove Lind", account: ACCOUNTS.patient });
    await register(patient, { kind: "patient" });
    const { carekey, person: own } = await inNode(ACCOUNTS.patient, PASSPHRASE);
    for (const name of ["Vaccination card", "Letter about my knee"]) {
      const content = await uploadContent(carekey, { source: new Blob([`${name}, in full`]) });
      await addRecord(carekey, own, { name, type: "text/plain", fhir: null, content, scope: "general" });
    }
    sister = await openApp({ name: "Her sister", account: ACCOUNTS.sister });
    await connectAndSignIn(sister);
    await unlock(sister);
    await openTab(patient, "Records");
    await patient.page.reload();
    await unlock(patient);
  });

  after(async () => {
    for (const person of [patient, sister, hospital]) await person?.close();
  });

  /** Chooses somebody by address. */
  async function chooseByAddress(share: ReturnType<typeof sheet>, address: Address): Promise<void> {
    await share.getByLabel("Search for your doctor").fill(address);
    await share.getByRole("radio", { name: shortAddress(address) }).check();
    await share.getByText("Nobody has checked who this is").waitFor();
  }

  describe("one record", () => {
    it("is shared from its page, until the patient stops it, for two views, after an honest warning", async () => {
      await openTab(patient, "Records");
      await patient.page
        .getByRole("link", { name: /Vaccination card/ })
        .first()
        .click();
      await patient.page.getByRole("link", { name: "Share this record" }).click();
      const share = sheet(patient, "Share one record");
      await share.waitFor();
      await chooseByAddress(share, sister.wallet.address);
      await button(share, "Go on").click();
      await share.getByText("Say how you call this person.").waitFor();
      await share.getByLabel("What do you call this person?").fill("My sister Maja");
      await expectFitForAll(patient.page, "share-with-a-relative");
      await button(share, "Go on").click();
      await share.getByText("Vaccination card").waitFor();
      await button(share, "Go on").click();
      await share.getByRole("radio", { name: "Until I stop it" }).check();
      await share.getByRole("radio", { name: "A number of times" }).check();
      await share.getByLabel("At most this many times").fill("2");
      await share.getByLabel("What is it for?").fill("Our journey");
      await share.getByLabel("Your name, as they shall see it").fill("Tove Lind");
      await button(share, "Go on").click();
      await share
        .getByText(/My sister Maja can read your record from now until you stop it, at most 2 times/)
        .waitFor();
      await expectFitForAll(patient.page, "share-one-record");
      await button(share, "Sign and share").click();
      await share.getByText("You share with My sister Maja. They can see it now.").waitFor();
      await close(share);
      const grant = patient.wallet.shown.findLast(({ primaryType }) => primaryType === "Grant");
      expect(JSON.stringify(grant)).to.not.include("Vaccination");
    });

    it("is all that the relative sees, and each opening counts", async () => {
      await openTab(sister, "Sharing");
      await section(sister, "Shared with you").getByRole("link", { name: "Tove Lind" }).click();
      await sister.page.getByText("One more record is not shared with you.").waitFor();
      await button(sister.page, /^Open One record of /).click();
      await button(sheet(sister, "Why are you looking?"), "Open the records").click();
      await sister.page.getByText("Vaccination card, in full").waitFor();
      await sister.page.getByText("One more view is allowed.").waitFor();
      await expectFitForAll(sister.page, "shared-with-you");
    });

    it("is listed under the name that the patient gave, with the views that are left", async () => {
      await openTab(patient, "Sharing");
      const card = personCard(patient, "My sister Maja");
      await card.getByText("Can read one record").waitFor();
      await card.getByText(/until you stop it$/).waitFor();
      await button(patient.page, "Show last views").click();
      const open = sheet(patient, "Open your access log");
      await button(open, "Sign in my wallet").click();
      await close(open);
      await card.getByText("1 of 2 views left").waitFor();
      await expectFitForAll(patient.page, "who-can-see-what");
    });
  });

  describe("an organisation", () => {
    it("registers, applies, and adds a member once the registrar has verified it", async () => {
      hospital = await openApp({ name: "City Hospital", account: ACCOUNTS.hospital });
      await register(hospital, { kind: "organisation", what: "Hospital" });
      await hospital.page.getByText("Your organisation is not verified yet").waitFor();
      await button(hospital.page, "Apply to the registrar").waitFor();
      await verifyForAYear(hospital.wallet.address);
      await hospital.page.reload();
      await unlock(hospital);
      await button(hospital.page, "Add a member").click();
      const add = sheet(hospital, "Add a member");
      await add.getByLabel("Who works for you?").fill(clerk.person.address);
      await add.getByRole("radio", { name: shortAddress(clerk.person.address) }).check();
      await expectFitForAll(hospital.page, "add-a-member");
      await button(add, "Add them").click();
      await add.getByText(/belongs to you now\.$/).waitFor();
      await close(add);
      await expectFitForAll(hospital.page, "organisation");
    });

    it("answers for its member: the patient shares with them while they work there", async () => {
      await openTab(patient, "Sharing");
      await button(patient.page, "Share with someone").click();
      const share = sheet(patient, "Share with someone");
      await chooseByAddress(share, clerk.person.address);
      await share.getByLabel("What do you call this person?").fill("The clerk");
      await share.getByRole("radio", { name: "Only while they work for City Hospital" }).check();
      await button(share, "Go on").click();
      await share.getByRole("checkbox", { name: "General health" }).check();
      await button(share, "Go on").click();
      await share.getByLabel("What is it for?").fill("My invoice");
      await button(share, "Go on").click();
      await share.getByText(/The clerk, while working for City Hospital, can read/).waitFor();
      await button(share, "Sign and share").click();
      await share.getByText("You share with The clerk. They can see it now.").waitFor();
      await close(share);
      await personCard(patient, "The clerk").getByText("Only while working for City Hospital.").waitFor();
    });

    it("ends it by itself when the member leaves", async () => {
      const { carekey, person } = clerk;
      const { items } = await readSharedChart(carekey, person, patient.wallet.address);
      const session = await openViewSession(carekey);
      const view = { item: items[0]!, reason: "Invoice", session };
      await openSharedRecord(carekey, person, view);
      await button(hospital.page, /^End the membership of /).click();
      const end = sheet(hospital, /^End the membership of /);
      await button(end, "End the membership").click();
      await end.getByText(/no longer belongs to you/).waitFor();
      await close(end);
      await expectRefusal(openSharedRecord(carekey, person, view), "NOT_VERIFIED");
    });
  });

  describe("a hospital number", () => {
    it("is linked by the hospital, and reaches the patient", async () => {
      await button(hospital.page, "Link a number").click();
      const link = sheet(hospital, "Link a number");
      await link.getByLabel("Patient’s address").fill(patient.wallet.address);
      await link.getByLabel("The number").fill("4711");
      await button(link, "Link it").click();
      await link.getByText("Linked. The patient has it now, and decides who sees it.").waitFor();
      await close(link);
    });

    it("is shown by the patient to whom they want, who finds the account and who vouches for it", async () => {
      await openTab(patient, "Me");
      await button(patient.page, "Show it: Hospital number 4711").click();
      const shown = sheet(patient, "Hospital number 4711");
      await shown.getByRole("img", { name: "Code for Hospital number 4711" }).waitFor();
      const text = await shown.getByLabel("The same as text").inputValue();
      await expectFitForAll(patient.page, "show-a-number");
      await close(shown);
      await hospital.page.getByLabel("What the patient showed you").fill(text);
      await button(hospital.page, "Check it").click();
      await hospital.page.getByText("Hospital number 4711, given out by City Hospital").waitFor();
      await expectFitForAll(hospital.page, "check-a-number");
    });
  });

  describe("the console", () => {
    it("holds nothing unexplained", () => expectNoComplaints(patient, sister, hospital));
  });
});
