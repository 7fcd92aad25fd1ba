/**
 * @module test/e2e/14-notifications
 * News as it comes: on the bell of every open tab without a reload, in plain words, once, through a crash of the gateway; and by mails
 * that say nothing.
 */
import { expect } from "chai";
import type { Locator, Route } from "playwright-core";
import {
  addRecord,
  grantConsent,
  openSharedRecord,
  openViewSession,
  prepareGrant,
  readSharedChart,
  requestAccess,
  submitEntry,
  uploadContent,
} from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import type { Actor } from "../support/actors.ts";
import { expectFitForAll } from "./support/axe.ts";
import { registerNewcomer, verifyForAYear } from "./support/newcomers.ts";
import {
  button,
  connectAndSignIn,
  expectNoComplaints,
  openApp,
  openTab,
  section,
  unlock,
  type E2ePerson,
} from "./support/person.ts";
import { stopSharing } from "./support/sharing.ts";
import { shootFailure, world } from "./support/world.ts";

/** Accounts that no other file on this stack uses. */
const ACCOUNTS = { patient: 1, doctor: 2 };
const PATIENT = "Vera Holm";
const DOCTOR = "Dr Jon Vik";
const ADDRESS = "vera@example.org";
const YEAR = 365 * 86_400;
const HALF_A_DAY = 43_200;
/** Words that would tell a reader of the mail what Carekey is about, and names. */
const TELLING = /record|doctor|patient|health|medic|lab|result|emergenc|consent|share|request|Vera|Vik|0x/i;

describe("notifications", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  let patient: E2ePerson;
  let secondTab: E2ePerson;
  let doctor: E2ePerson;
  let vera: Actor;
  let vik: Actor;

  before(async () => {
    const passphrase = "winter heron climbs the ninth lantern";
    vera = await registerNewcomer(ACCOUNTS.patient, { role: 1, name: PATIENT, passphrase });
    vik = await registerNewcomer(ACCOUNTS.doctor, { role: 2, name: DOCTOR, passphrase });
    await verifyForAYear(vik.person.address);
    const content = await uploadContent(vera.carekey, { source: new Blob(["Worse on stairs."]) });
    const note = { name: "knee.txt", type: "text/plain", fhir: null, content, scope: "general" };
    await addRecord(vera.carekey, vera.person, note);
    patient = await openApp({ name: PATIENT, account: ACCOUNTS.patient, passphrase });
    doctor = await openApp({ name: DOCTOR, account: ACCOUNTS.doctor, passphrase });
    for (const person of [patient, doctor]) {
      await connectAndSignIn(person);
      await unlock(person);
    }
    const page = await patient.context.newPage();
    secondTab = { ...patient, page };
    await page.goto(world().stack.appUrl);
    await unlock(secondTab);
    // A tab in the background draws once a second.
    await patient.page.bringToFront();
  });

  after(async () => {
    await patient?.close();
    await doctor?.close();
  });

  const ask = (purpose: string) =>
    requestAccess(vik.carekey, vik.person, {
      patient: vera.person.address,
      scopes: ["general"],
      rights: ["read"],
      expiresAt: vik.carekey.now() + YEAR,
      purpose,
      message: "",
    });

  /** The bell as it says this many. */
  const bell = ({ page }: E2ePerson, unread: number) =>
    page.getByRole("link", { name: unread === 0 ? "Notifications" : `Notifications, ${unread} unread`, exact: true });

  async function openNews(person: E2ePerson): Promise<Locator> {
    await person.page
      .getByRole("link", { name: /^Notifications/ })
      .first()
      .click();
    await person.page.getByRole("heading", { level: 1, name: "Notifications" }).waitFor();
    return person.page.getByRole("main").getByRole("listitem");
  }

  it("a request rings in every open tab, without a reload", async () => {
    await ask("Knee pain");
    for (const tab of [patient, secondTab]) await bell(tab, 1).first().waitFor();
  });

  it("says who and why, and leads to where one answers; what was read is read in the other tab, too", async () => {
    const rows = await openNews(patient);
    const request = rows.filter({ hasText: `${DOCTOR} asks to see your records.` });
    await request.getByText("“Knee pain”").waitFor();
    await request.getByText("New", { exact: true }).waitFor();
    await expectFitForAll(patient.page, "notifications-list");
    await request.getByRole("link").click();
    await patient.page.getByRole("heading", { level: 1, name: "Sharing" }).waitFor();
    for (const tab of [patient, secondTab]) await bell(tab, 0).first().waitFor();
  });

  it("what is shared in one step tells the doctor once, and an entry tells the patient", async () => {
    await (await openNews(doctor)).filter({ hasText: "The registrar confirmed your licence." }).waitFor();
    await button(doctor.page, "Mark all as read").click();
    await bell(doctor, 0).first().waitFor();
    const prepared = await prepareGrant(vera.carekey, vera.person, {
      grantee: vik.person.address,
      granteeName: DOCTOR,
      scopes: ["general"],
      rights: ["read", "write"],
      expiresAt: vera.carekey.now() + YEAR,
      purpose: "Knee pain",
    });
    await grantConsent(vera.carekey, vera.person, prepared, { patientName: PATIENT });
    await bell(doctor, 1).first().waitFor();
    const shared = doctor.page.getByRole("link", { name: `${PATIENT} shares records with you.` });
    await shared.waitFor();
    expect(await shared.count()).to.equal(1);

    const terms = prepared.terms.find(({ rights }) => rights === WRITE)!;
    const fhir = { resourceType: "Condition", code: { text: "Sore knee" } };
    const entry = { terms, name: "Sore knee", type: "application/fhir+json", fhir, content: null };
    await submitEntry(vik.carekey, vik.person, { ...entry, proposedScope: "general" });
    // Two consents that another device gave, and the entry.
    await bell(patient, 3).first().waitFor();
    const rows = await openNews(patient);
    await rows.filter({ hasText: `${DOCTOR} sent you an entry for your records.` }).waitFor();
    await rows.filter({ hasText: `You let ${DOCTOR} read records of yours.` }).waitFor();
    await rows.getByRole("button", { name: /^Mark as read: You let .* add entries/ }).click();
    await bell(patient, 2).first().waitFor();
    await button(patient.page, "Mark all as read").click();
    await bell(patient, 0).first().waitFor();
  });

  it("a view is told at once, and by whom as soon as the access log is open in this tab", async () => {
    const { items } = await readSharedChart(vik.carekey, vik.person, vera.person.address);
    const session = await openViewSession(vik.carekey);
    await openSharedRecord(vik.carekey, vik.person, { item: items[0]!, reason: "Knee pain", session });
    for (const tab of [patient, secondTab]) await bell(tab, 1).first().waitFor();
    const rows = await openNews(patient);
    await rows.getByRole("link", { name: "A record of yours was opened." }).click();
    await button(patient.page, "Sign and show").click();
    await bell(secondTab, 0).first().waitFor();
    await bell(patient, 1).first().waitFor();
    await openNews(patient);
    await button(patient.page, `Mark as read: ${DOCTOR} opened a record of yours.`).click();
    await bell(patient, 0).first().waitFor();
    await rows.getByRole("link", { name: `${DOCTOR} opened a record of yours.` }).waitFor();
  });

  it("what the person does in this tab is listed, and does not ring", async () => {
    await stopSharing(patient, DOCTOR, "Can read General health");
    const row = (await openNews(patient)).filter({ hasText: `You took back that ${DOCTOR} may read your records.` });
    await row.getByText("If it was not you, make new keys under Me.").waitFor();
    await row.getByText("New", { exact: true }).waitFor({ state: "detached" });
    await bell(patient, 0).first().waitFor();
  });

  it("a mail comes only when it is wanted, and has no telling word", async () => {
    await vera.carekey.gateway.codes.beginMail(ADDRESS);
    await vera.carekey.gateway.codes.confirm("mail", /<pre>\s*(\d{6}) is your code/.exec(await outbox())![1]!);
    await ask("Before wanting mail");
    await bell(patient, 1).first().waitFor();
    expect(mailsOf(await outbox())).to.have.length(0);
    await openTab(patient, "Me");
    const card = section(patient, "Notifications");
    await card.getByText("Emergencies are always told.").waitFor();
    await expectFitForAll(patient.page, "notifications-card");
    await card.getByRole("checkbox", { name: "Also by mail" }).check();
    let mails: string[] = [];
    for (const end = Date.now() + 20_000; mails.length === 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      mails = mailsOf(await outbox());
    }
    expect(mails).to.have.length(1);
    expect(mails[0]).to.include("Something new").and.not.match(TELLING);
  });

  it("what was turned off neither rings nor is listed", async () => {
    const card = section(patient, "Notifications");
    // The second and third box are pressed while the first is being saved.
    const slowly = async (route: Route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    };
    await patient.page.route("**/notifications/preferences", slowly, { times: 1 });
    const shared = card.getByRole("checkbox", { name: "Each time something of yours is shared, or stopped" });
    await shared.uncheck();
    await card.getByRole("checkbox", { name: "Requests, answers, and what somebody shares with you" }).uncheck();
    await shared.check();
    await bell(patient, 0).first().waitFor();
    await ask("Nobody hears of this");
    const rows = await openNews(patient);
    await rows.first().waitFor();
    await rows.filter({ hasText: "asks to see your records" }).first().waitFor({ state: "detached" });
    await bell(patient, 0).first().waitFor();
  });

  it("an end that is near is told once, and stays read on this device", async () => {
    const { page } = secondTab;
    await page.clock.setFixedTime(Date.now() + (YEAR - HALF_A_DAY) * 1000);
    await page.reload();
    await unlock(secondTab);
    await bell(secondTab, 1).first().waitFor();
    const words = new RegExp(`^What you share with ${DOCTOR} ends by itself on `);
    await (await openNews(secondTab)).getByText(words).waitFor();
    await button(page, "Mark all as read").click();
    await bell(secondTab, 0).first().waitFor();
    await page.reload();
    await unlock(secondTab);
    const end = (await openNews(secondTab)).filter({ hasText: words });
    await end.waitFor();
    expect(await end.getByText("New", { exact: true }).count()).to.equal(0);
  });

  it("a crash of the gateway loses nothing and doubles nothing, and the bell rings again by itself", async () => {
    const cursors = async () =>
      (await vik.carekey.gateway.notifications.list()).notifications.map(({ cursor }) => cursor);
    await openNews(doctor);
    await button(doctor.page, "Mark all as read").click();
    await bell(doctor, 0).first().waitFor();
    const before = await cursors();
    process.kill(world().stack.pids["gateway"]!, "SIGKILL");
    await verifyForAYear(vik.person.address);
    // The gateway has to start anew, and the tab to try again.
    await bell(doctor, 1).first().waitFor({ timeout: 90_000 });
    const after = await cursors();
    expect(after.slice(1)).to.deep.equal(before);
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(patient, doctor));

  async function outbox(): Promise<string> {
    return (await fetch(new URL("/outbox", world().stack.gatewayUrl))).text();
  }

  /** The mails about news to the patient's address; those with codes are others. */
  function mailsOf(page: string): string[] {
    const mails = page
      .split("<article>")
      .filter((mail) => mail.includes(`To ${ADDRESS}`) && !mail.includes("your code"));
    return mails.map((mail) => mail.replace(`To ${ADDRESS}`, ""));
  }
});
