/**
 * @module test/e2e/20-accessibility
 * Every screen and every sheet, in light and dark, on a desk and at 320 px: no axe violation, nothing cut off, nothing too small.
 * On the stack with the demo clinic, so that each screen has something on it.
 */
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import type { Stack } from "../support/stack.ts";
import {
  closeSheet,
  connect,
  enter,
  expectFitForAll,
  openTab,
  settle,
  sheet,
  visit,
  type Visitor,
} from "./support/axe.ts";
import { clinic } from "./support/seeded.ts";

/** Accounts of the demo clinic, and one that nobody has used. */
const ACCOUNTS = { registrar: 0, patient: 1, clinician: 2, applicant: 4, newcomer: 7 } as const;

describe("accessibility", function () {
  this.timeout(180_000);
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    ({ stack, browser } = await clinic());
  });

  /** One person for a whole `describe`, signed in once. */
  function asVisitor(account: number, options: { isUnlocked: boolean }): void {
    before(async () => {
      visitor = await visit(stack, browser, account);
      ({ page } = visitor);
      if (options.isUnlocked) await enter(page);
    });
    after(() => visitor.close());
  }

  /** Opens the notifications by the bell. */
  async function openNotifications(): Promise<void> {
    await page
      .getByRole("link", { name: /^Notifications/ })
      .filter({ visible: true })
      .click();
    await page.getByRole("heading", { level: 1, name: "Notifications" }).waitFor();
    await settle(page);
  }

  /** A sheet left open by a failure must not fail the screens after it. */
  async function closeWhatIsOpen(): Promise<void> {
    for (let open = await page.getByRole("dialog").count(); open > 0; open--) await page.keyboard.press("Escape");
  }

  describe("on the way in", () => {
    asVisitor(ACCOUNTS.newcomer, { isUnlocked: false });

    it("the first page and the choice of a wallet", async () => {
      await page.getByRole("button", { name: "Connect your wallet" }).waitFor();
      await expectFitForAll(page, "landing");
      await page.getByRole("button", { name: "Connect your wallet" }).click();
      await sheet(page, "Connect your wallet");
      await expectFitForAll(page, "connect");
      await closeSheet(page);
    });

    it("signing in, and the wrong network", async () => {
      await connect(page);
      await expectFitForAll(page, "sign-in");
      await visitor.wallet.switchChain(1);
      await page.getByRole("heading", { name: "Your wallet is on another network" }).waitFor();
      await expectFitForAll(page, "wrong-network");
      await page.getByRole("button", { name: "Switch network" }).click();
      await page.getByRole("button", { name: "Sign in" }).click();
    });

    it("every step of the registration", async () => {
      const next = page.getByRole("button", { name: "Continue" });
      await page.getByRole("heading", { level: 1, name: "Welcome to Carekey" }).waitFor();
      await page.getByRole("radio", { name: /I am a doctor/ }).click();
      await expectFitForAll(page, "register-1-doctor");
      await page.getByRole("radio", { name: /I am a patient/ }).click();
      await expectFitForAll(page, "register-1-patient");
      await next.click();
      await page.getByRole("heading", { level: 1, name: "Your recovery code" }).waitFor();
      await expectFitForAll(page, "register-2-code");
      const items = await page.getByRole("region", { name: "Your recovery code" }).getByRole("listitem").all();
      const groups = await Promise.all(
        items.map(async (item) => (await item.innerText()).replace(/^\d+\s+/, "").trim()),
      );
      await page.getByLabel("I have written it down or printed it").check();
      await next.click();
      await page.getByRole("heading", { level: 1, name: "Check your recovery code" }).waitFor();
      await page.getByRole("button", { name: "Check" }).click();
      await expectFitForAll(page, "register-3-check-wrong");
      for (const field of await page.getByLabel(/^Group \d+$/).all()) {
        const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? "");
        await field.fill(groups[Number(/\d+/.exec(label)![0]) - 1]!);
      }
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByLabel("Passphrase", { exact: true }).fill("correct horse");
      await expectFitForAll(page, "register-4-passphrase");
      const passphrase = "winter heron climbs the ninth lantern";
      await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
      await page.getByLabel("The same passphrase again").fill(passphrase);
      await next.click();
      await page.getByRole("heading", { level: 1, name: "Register" }).waitFor();
      await expectFitForAll(page, "register-5-review");
      await page.getByRole("button", { name: "Register" }).click();
      await page.getByRole("button", { name: "Set up the keepers" }).waitFor();
      await expectFitForAll(page, "register-6-keepers");
      await page.getByRole("button", { name: "Set up the keepers" }).click();
      await page.getByRole("button", { name: "Open Carekey" }).waitFor();
      await expectFitForAll(page, "register-7-done");
    });

    it("an empty account, and unlocking it", async () => {
      await page.getByRole("button", { name: "Open Carekey" }).click();
      for (const tab of ["Home", "Records", "Sharing", "Activity"]) {
        await openTab(page, tab);
        await expectFitForAll(page, `empty-${tab}`);
      }
      await openNotifications();
      await page.getByRole("heading", { name: "Nothing new" }).waitFor();
      await expectFitForAll(page, "empty-notifications");
      await page.getByRole("button", { name: "Lock now" }).first().click();
      await page.getByRole("heading", { level: 1, name: "Unlock your records" }).waitFor();
      await expectFitForAll(page, "unlock");
      await page.getByLabel("Passphrase", { exact: true }).fill("not the one that was chosen");
      await page.getByRole("button", { name: "Unlock", exact: true }).click();
      await page.getByText("Technical details").waitFor();
      await expectFitForAll(page, "unlock-wrong");
      await page.getByRole("button", { name: "Use your recovery code instead" }).click();
      await expectFitForAll(page, "unlock-code");
    });
  });

  describe("for a patient", () => {
    asVisitor(ACCOUNTS.patient, { isUnlocked: true });
    afterEach(closeWhatIsOpen);

    it("home", async () => {
      await openTab(page, "Home");
      await expectFitForAll(page, "home");
    });

    it("records with a file on its way", async () => {
      await openTab(page, "Records");
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Add files" }).click();
      const buffer = Buffer.from("Take one tablet in the morning.\n");
      await (await chooser).setFiles([{ name: "how-to-take-it.txt", mimeType: "text/plain", buffer }]);
      const add = page.getByRole("button", { name: "Add to my records: how-to-take-it.txt" });
      await add.waitFor();
      await expectFitForAll(page, "records");
      await add.click();
      await sheet(page, "Add this file to your records");
      await expectFitForAll(page, "records-add-sheet");
      await closeSheet(page);
    });

    it("an entry that waits, its preview, approving and refusing", async () => {
      await openTab(page, "Records");
      await page.getByRole("button", { name: "Look at it first" }).first().click();
      await expectFitForAll(page, "records-preview");
      await page.getByRole("button", { name: "Approve", exact: true }).first().click();
      await sheet(page, /^Approve/);
      await expectFitForAll(page, "approve-sheet");
      await closeSheet(page);
      await page.getByRole("button", { name: "Refuse", exact: true }).first().click();
      await sheet(page, /^Refuse/);
      await expectFitForAll(page, "refuse-sheet");
    });

    it("each record with its viewer, people, versions and proof", async () => {
      await openTab(page, "Records");
      const links = await page.locator("main a[href^='/records/']").all();
      const paths = new Set(await Promise.all(links.map((link) => link.getAttribute("href"))));
      expect(paths.size).to.be.greaterThan(1);
      let index = 0;
      for (const path of paths) {
        await openTab(page, "Records");
        await page.locator(`main a[href='${path}']`).first().click();
        await page.getByText("Technical details").first().waitFor();
        await settle(page);
        await page.evaluate(() =>
          document.querySelectorAll("main details").forEach((each) => each.toggleAttribute("open", true)),
        );
        await expectFitForAll(page, `record-${++index}`);
      }
    });

    it("sharing: people, requests, refusing one, stopping", async () => {
      await openTab(page, "Sharing");
      await expectFitForAll(page, "sharing");
      await page.getByRole("button", { name: "Refuse" }).first().click();
      await sheet(page, /^Refuse the request/);
      await expectFitForAll(page, "sharing-refuse-sheet");
      await closeSheet(page);
      await page
        .getByRole("button", { name: /^Stop sharing/ })
        .first()
        .click();
      await sheet(page, /^Stop sharing/);
      await expectFitForAll(page, "sharing-stop-sheet");
    });

    it("each step of sharing with someone", async () => {
      await openTab(page, "Sharing");
      await page.getByRole("button", { name: "Share with someone" }).first().click();
      const dialog = await sheet(page, "Share with someone");
      const next = dialog.getByRole("button", { name: "Go on" });
      await next.click();
      await expectFitForAll(page, "share-1-who-missing");
      await dialog.getByRole("radio", { name: /Brandt/ }).click();
      await expectFitForAll(page, "share-1-who");
      await next.click();
      await dialog.getByRole("heading", { name: "What?" }).waitFor();
      await dialog.getByRole("checkbox", { name: "Write" }).check();
      await expectFitForAll(page, "share-2-what");
      const part = dialog.getByRole("checkbox", { name: "General" });
      if (!(await part.isChecked())) await part.check();
      await next.click();
      await dialog.getByRole("radio", { name: "Another day" }).click();
      await dialog.getByRole("radio", { name: /^A number of times/ }).check();
      await expectFitForAll(page, "share-3-how");
      await dialog.getByRole("radio", { name: "Another day" }).press("ArrowUp");
      await dialog.getByLabel("What is it for?").fill("Check-up before my operation");
      await next.click();
      await dialog.getByRole("heading", { name: "Read it back" }).waitFor();
      await expectFitForAll(page, "share-4-read-back");
    });

    it("activity: history, and who looked", async () => {
      await openTab(page, "Activity");
      await expectFitForAll(page, "activity");
      await page.getByText("What you decided").click();
      await expectFitForAll(page, "activity-history");
      await page.getByText("Who looked", { exact: true }).click();
      const show = page.getByRole("button", { name: "Sign and show" });
      await show.click();
      await show.waitFor({ state: "detached" });
      await expectFitForAll(page, "activity-log");
    });

    it("notifications", async () => {
      await openNotifications();
      await page.getByRole("button", { name: "Mark all as read" }).waitFor();
      await expectFitForAll(page, "notifications");
    });

    it("me, and a new passphrase", async () => {
      await openTab(page, "Me");
      await page.getByText("Technical details").first().click();
      await expectFitForAll(page, "me");
      await page.getByRole("button", { name: "Change passphrase" }).click();
      await sheet(page, "Set a new passphrase");
      await expectFitForAll(page, "me-passphrase-sheet");
    });

    it("guardians and a new wallet, and naming a guardian", async () => {
      for (const [link, heading] of [
        ["Name guardians", "Guardians"],
        ["See how it works", "New wallet"],
      ] as const) {
        await openTab(page, "Me");
        await page.getByRole("link", { name: link }).click();
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        await expectFitForAll(page, heading);
      }
      await openTab(page, "Me");
      await page.getByRole("link", { name: "Name guardians" }).click();
      await page.getByRole("button", { name: "Name guardians" }).click();
      const dialog = await sheet(page, "Name guardians");
      await dialog.getByRole("radio", { name: /Brandt/ }).click();
      await dialog.getByRole("button", { name: /^Choose .*Brandt/ }).waitFor();
      await expectFitForAll(page, "guardians-sheet");
    });

    it("a page that does not exist", async () => {
      await page.evaluate(() => {
        history.pushState(null, "", "/nowhere");
        dispatchEvent(new PopStateEvent("popstate"));
      });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expectFitForAll(page, "not-found");
    });

    it("the keyboard sees where it is, and skips to the content", async () => {
      await openTab(page, "Home");
      const skip = page.getByRole("link", { name: "Skip to the content" });
      expect(await skip.evaluate((link) => link === document.querySelector("#root :is(a, button, input)"))).to.equal(
        true,
      );
      await skip.focus();
      await page.waitForFunction((link) => link.getBoundingClientRect().top >= 0, await skip.elementHandle());
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal("main");
      const main = page.locator("main");
      const stops = await main.locator("a[href], button:not([disabled]), summary").filter({ visible: true }).count();
      expect(stops).to.be.greaterThan(3);
      for (let count = 0; count < stops; count++) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(() => {
          const element = document.activeElement!;
          // A choice or a search field may carry the ring on the box around it.
          const rings = [element, ...(element.matches("input") ? [element.parentElement!] : [])].map((each) =>
            getComputedStyle(each),
          );
          return {
            name: element.textContent ?? element.tagName,
            isRinged: rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
          };
        });
        expect(focused.isRinged, `the focus ring of ${focused.name}`).to.equal(true);
      }
    });

    it("keeps still for those who asked for less motion", async () => {
      await openTab(page, "Sharing");
      await page.getByRole("button", { name: "Share with someone" }).first().click();
      await sheet(page, "Share with someone");
      const moving = await page.evaluate(() =>
        document
          .getAnimations()
          .map(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0))
          .filter((duration) => duration > 20),
      );
      expect(moving).to.deep.equal([]);
    });
  });

  describe("for a clinician", () => {
    asVisitor(ACCOUNTS.clinician, { isUnlocked: true });
    afterEach(closeWhatIsOpen);

    async function openChart(): Promise<void> {
      await openTab(page, "Patients", "My patients");
      await page.locator("main a[href^='/patients/']").first().click();
      await page.getByRole("button", { name: "New entry" }).waitFor();
      await settle(page);
    }

    it("today, patients, inbox, me, notifications", async () => {
      for (const tab of ["Today", "Patients", "Inbox", "Me"]) {
        await openTab(page, tab, tab === "Patients" ? "My patients" : tab);
        await expectFitForAll(page, `clinician-${tab}`);
      }
      await openNotifications();
      await expectFitForAll(page, "clinician-notifications");
    });

    it("asking for access", async () => {
      await openTab(page, "Patients", "My patients");
      await page
        .getByRole("button", { name: /^Ask .*access$/ })
        .first()
        .click();
      const dialog = await sheet(page, "Ask for access");
      await dialog.getByRole("button", { name: "Send the request" }).click();
      await expectFitForAll(page, "clinician-ask-sheet");
    });

    it("a chart, why one looks, and an open record", async () => {
      await openChart();
      await expectFitForAll(page, "chart");
      await page
        .getByRole("button", { name: /^Open .* of / })
        .first()
        .click();
      const why = await sheet(page, "Why are you looking?");
      await why.getByRole("radio", { name: "Another reason" }).click();
      await expectFitForAll(page, "chart-why-sheet");
      await why.getByLabel("In your words").fill("Follow-up");
      await why.getByRole("button", { name: "Open the records" }).click();
      await page.getByText("Technical details").first().waitFor();
      await page.getByText("Technical details").first().click();
      await expectFitForAll(page, "chart-open");
    });

    for (const kind of ["Diagnosis", "Prescription", "Lab report", "Visit note", "Letter or other file"]) {
      it(`writing: ${kind}`, async () => {
        await openChart();
        await page.getByRole("button", { name: "New entry" }).click();
        const choice = await sheet(page, "What do you want to write?");
        if (kind === "Diagnosis") await expectFitForAll(page, "entry-choice");
        await choice.getByRole("button", { name: kind }).click();
        const form = await sheet(page, new RegExp(`^${kind}`));
        await form.getByRole("button", { name: "Read it back" }).click();
        await expectFitForAll(page, `entry-${kind}`);
        if (kind !== "Visit note") return;
        await form.getByLabel("Title").fill("Follow-up");
        await form.getByRole("textbox").nth(2).fill("Feels well.");
        await form.getByRole("button", { name: "Read it back" }).click();
        await form.getByRole("button", { name: "Sign and send" }).waitFor();
        await expectFitForAll(page, "entry-review");
      });
    }
  });

  describe("for a clinician without a licence", () => {
    asVisitor(ACCOUNTS.applicant, { isUnlocked: true });

    it("today, and the application", async () => {
      await openTab(page, "Today");
      await expectFitForAll(page, "applicant-today");
      await page.getByRole("button", { name: "Send it again with changes" }).click();
      await page.getByRole("dialog").waitFor();
      await expectFitForAll(page, "licence-sheet");
    });
  });

  describe("for the registrar", () => {
    asVisitor(ACCOUNTS.registrar, { isUnlocked: true });
    afterEach(closeWhatIsOpen);

    it("applications, licensed people, me, notifications", async () => {
      for (const tab of ["Applications", "Emergencies", "Log", "Me"]) {
        await openTab(page, tab);
        await expectFitForAll(page, `registrar-${tab}`);
      }
      await openNotifications();
      await expectFitForAll(page, "registrar-notifications");
    });

    it("an application", async () => {
      await openTab(page, "Applications");
      await page.getByRole("button", { name: "Open the application of Dr Lena Fischer" }).click();
      await page.getByRole("dialog").waitFor();
      await expectFitForAll(page, "application-sheet");
    });

    it("suspending a licence", async () => {
      await openTab(page, "Applications");
      await page
        .getByRole("button", { name: /^Suspend / })
        .first()
        .click();
      await sheet(page, /^Suspend /);
      await expectFitForAll(page, "suspend-sheet");
    });
  });
});
