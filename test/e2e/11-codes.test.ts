/**
 * @module test/e2e/11-codes
 * One-time codes and sessions: turned on under Me, asked for at a clinician's sign-in, before sharing and at a view; and ends that hold.
 */
import { expect } from "chai";
import { Secret, TOTP } from "otpauth";
import { addRecord, uploadContent, type Carekey } from "../../sdk/src/client/index.ts";
import { expectFitForAll } from "./support/axe.ts";
import { closedRecords, openChart } from "./support/clinic.ts";
import { registerNewcomer, verifyForAYear } from "./support/newcomers.ts";
import {
  button,
  close,
  connectAndSignIn,
  expectNoComplaints,
  openApp,
  openTab,
  section,
  sheet,
  unlock,
  type E2ePerson,
} from "./support/person.ts";
import { personCard, readBack } from "./support/sharing.ts";
import { shootFailure, world } from "./support/world.ts";

/** Accounts that no other file uses. */
const ACCOUNTS = { owner: 6, doctor: 8 };
const OWNER = "Aino Salmi";
const DOCTOR = "Dr Pia Lund";
const WORDS = "Blood group 0 positive";

/** Registers an account as its owner would, and signs in with a browser. */
async function join(name: string, account: number, role: 1 | 2): Promise<{ at: E2ePerson; carekey: Carekey }> {
  const at = await openApp({ name, account });
  const { passphrase } = at;
  const { carekey, person } = await registerNewcomer(account, { role, name, speciality: "Cardiology", passphrase });
  if (role === 1) {
    const content = await uploadContent(carekey, { source: new Blob([WORDS]) });
    await addRecord(carekey, person, { name: "note.txt", type: "text/plain", fhir: null, content, scope: "general" });
  }
  await carekey.gateway.signOut();
  await connectAndSignIn(at);
  await unlock(at);
  return { at, carekey };
}

describe("one-time codes and sessions", function () {
  this.timeout(240_000);
  let owner: E2ePerson;
  let doctor: E2ePerson;
  let doctorCodes: string[] = [];
  let ownerCodes: string[] = [];

  before(async () => {
    ({ at: owner } = await join(OWNER, ACCOUNTS.owner, 1));
    const joined = await join(DOCTOR, ACCOUNTS.doctor, 2);
    doctor = joined.at;
    await verifyForAYear(joined.carekey.wallet.account.address);
  });

  after(async () => {
    await owner?.close();
    await doctor?.close();
  });

  afterEach(shootFailure);

  const codesCard = (person: E2ePerson) => section(person, "One-time codes");
  const field = "One-time code";

  /** Reads the backup codes off the sheet and closes it. */
  async function takeBackupCodes(open: ReturnType<typeof sheet>): Promise<string[]> {
    const list = open.getByRole("list", { name: "Backup codes" });
    await list.waitFor();
    const codes = await list.getByRole("listitem").allInnerTexts();
    await button(open, "I have them on paper").click();
    await open.waitFor({ state: "hidden" });
    return codes.map((code) => code.trim());
  }

  it("turns an app on by its secret, with a first code, and backup codes shown once", async () => {
    await openTab(doctor, "Me");
    await expectFitForAll(doctor.page, "codes-off");
    await button(codesCard(doctor), "Set up the app").click();
    const setUp = sheet(doctor, "Set up an authenticator app");
    await button(setUp, "Show the code to scan").click();
    await setUp.getByRole("img", { name: "The secret of your one-time codes as a QR code" }).waitFor();
    await expectFitForAll(doctor.page, "codes-secret");
    const secret = (await setUp.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).innerText()).replaceAll(" ", "");
    const app = new TOTP({ secret: Secret.fromBase32(secret) });
    await setUp.getByLabel("First code").fill("000000");
    await button(setUp, "Turn on").click();
    await setUp.getByText("That is not").first().waitFor();
    await setUp.getByLabel("First code").fill(app.generate());
    await button(setUp, "Turn on").click();
    await setUp.getByRole("list", { name: "Backup codes" }).waitFor();
    await expectFitForAll(doctor.page, "codes-backup");
    doctorCodes = await takeBackupCodes(setUp);
    expect(doctorCodes).to.have.length(10);
    await codesCard(doctor).getByText("10 codes are left.").waitFor();
  });

  it("turns codes by mail on, which the outbox of this machine shows", async () => {
    await openTab(owner, "Me");
    await button(codesCard(owner), "Set up mail").click();
    const setUp = sheet(owner, "Set up codes by mail");
    await setUp.getByLabel("Your mail address").fill("aino@example.org");
    await button(setUp, "Send a first code").click();
    await setUp.getByText("A code is on its way to aino@example.org.").waitFor();
    await setUp.getByLabel("First code").fill(await lastMailCode());
    await button(setUp, "Turn on").click();
    ownerCodes = await takeBackupCodes(setUp);
    await codesCard(owner).getByText("On, to a…@example.org").waitFor();
  });

  it("a patient enters a code before sharing, and the grant says that a code is asked for", async () => {
    const share = await readBack(owner, {
      find: "Lund",
      name: DOCTOR,
      read: ["General health"],
      purpose: "Second opinion",
      asksForCode: true,
    });
    await share.getByText(/with a one-time code each time/).waitFor();
    await button(share, "Sign and share").click();
    await share.getByLabel(field).fill("000000");
    await button(share, "Share with this code").click();
    await share.getByText("That is not the right code").waitFor();
    await expectFitForAll(owner.page, "codes-share");
    await button(share, "Send me a code by mail").click();
    await share.getByText("A code is on its way to a…@example.org.").waitFor();
    await share.getByLabel(field).fill(await lastMailCode());
    await button(share, "Share with this code").click();
    await share.getByText(`You share with ${DOCTOR}. They can see it now.`).waitFor();
    await close(share);
    await personCard(owner, DOCTOR).getByText("With a one-time code").waitFor();
  });

  it("a clinician's sign-in opens nothing before the code", async () => {
    await openTab(doctor, "Me");
    await button(doctor.page, "Lock and sign out").click();
    await button(doctor.page, "Sign in").click();
    await doctor.page.getByRole("heading", { level: 1, name: "Enter your one-time code" }).waitFor();
    await doctor.page.getByLabel(field).fill("AAAAA-AAAAA");
    await button(doctor.page, "Go on").click();
    await doctor.page.getByText("That is not the right code").waitFor();
    await expectFitForAll(doctor.page, "codes-sign-in");
    expect(await doctor.page.getByLabel("Passphrase", { exact: true }).count()).to.equal(0);
    await doctor.page.getByLabel(field).fill(doctorCodes.pop()!);
    await button(doctor.page, "Go on").click();
    await unlock(doctor);
  });

  it("a record whose owner asks for a code opens with one, and not without", async () => {
    await openChart(doctor, OWNER);
    await closedRecords(doctor, "General health").first().click();
    const why = sheet(doctor, "Why are you looking?");
    await button(why, "Open the records").click();
    await doctor.page.getByLabel(field).fill(doctorCodes.pop()!);
    await expectFitForAll(doctor.page, "codes-view");
    expect(await doctor.page.getByText(WORDS).count()).to.equal(0);
    await button(doctor.page, "Open with this code").click();
    await doctor.page.getByText(WORDS).waitFor();
  });

  it("a sign-in elsewhere is seen, and ended there at once", async () => {
    const left = await openApp({ name: "Aino’s old phone", account: ACCOUNTS.owner });
    try {
      await connectAndSignIn(left);
      await unlock(left);
      await openTab(owner, "Home");
      await openTab(owner, "Me");
      const card = section(owner, "Where you are signed in");
      await button(card, /^End: /)
        .first()
        .click();
      const end = sheet(owner, /^End: /);
      await expectFitForAll(owner.page, "codes-sessions");
      await button(end, "End it").click();
      await end.getByText("Ended. 3 of 3 keepers know.").waitFor();
      await close(end);
      expect(await button(card, /^End: /).count()).to.equal(0);
      // Its next question to the gateway, which open screens ask every half minute, locks it.
      await left.page.getByRole("link", { name: "Sharing", exact: true }).first().click();
      await button(left.page, "Sign in").waitFor();
      expectNoComplaints(left);
    } finally {
      await left.close();
    }
  });

  it("is turned off by a code, and leaves everything as it was", async () => {
    for (const [person, codes, name] of [
      [doctor, doctorCodes, "Authenticator app"],
      [owner, ownerCodes, "Codes by mail"],
    ] as const) {
      await openTab(person, "Me");
      await button(codesCard(person), `Turn off: ${name}`).click();
      const off = sheet(person, /^Turn off/);
      await off.getByLabel(field).fill(codes.at(-1)!);
      await button(off, "Turn it off").click();
      await off.getByText("Turned off.").waitFor();
      await close(off);
    }
    expectNoComplaints(owner, doctor);
  });

  /** The code of the newest mail in the outbox. */
  async function lastMailCode(): Promise<string> {
    const page = await (await fetch(new URL("/outbox", world().stack.gatewayUrl))).text();
    return /<pre>\s*(\d{6}) is your code/.exec(page)![1]!;
  }
});
