/**
 * @module test/e2e/21-states
 * What people see when something is missing, full, away, damaged or changed: a sentence and a next step on every such screen, fit for
 * everybody. Servers are cut off or answer with their own documented refusals; nothing is made to look like a success.
 */
import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Browser, Locator, Page } from "playwright-core";
import { chainOf } from "@carekey/sdk/chain";
import { createCarekey, pinKey, setPassphrase, unlockWithPassphrase, type Carekey } from "@carekey/sdk/client";
import { carekeyAbi } from "@carekey/sdk/contracts";
import { derivePersonKeys, encodeRecoveryCode, newSeed } from "@carekey/sdk/crypto";
import type { SdkErrorCode } from "@carekey/sdk/errors";
import { ERROR_CODE_HEADER } from "@carekey/sdk/ipfs";
import { DEMO_PASSPHRASE, demoPrivateKey } from "../../scripts/common/people.ts";
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
  visitWithoutWallet,
  type Visitor,
} from "./support/axe.ts";
import { cutOff, holdUploadsAfter } from "./support/network.ts";
import { clinic } from "./support/seeded.ts";

/** Accounts of the demo clinic, and some that nobody has used. */
const ACCOUNTS = { registrar: 0, rosa: 1, okafor: 2, henrik: 5, halfway: 8, newcomer: 9 } as const;

describe("states", function () {
  this.timeout(120_000);
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    ({ stack, browser } = await clinic());
  });

  /** One person for a whole `describe`, unlocked. */
  function asVisitor(account: number): void {
    before(async () => {
      visitor = await visit(stack, browser, account);
      ({ page } = visitor);
      await enter(page);
    });
    after(() => visitor.close());
  }

  /** The flows of a demo person without a browser. */
  function carekeyOf(account: number): Carekey {
    const deployment = { ...stack.deployment, gatewayUrl: stack.appUrl };
    const transport = http(deployment.rpcUrl);
    const signer = privateKeyToAccount(demoPrivateKey(account));
    return createCarekey({
      deployment,
      wallet: createWalletClient({ account: signer, chain: chainOf(deployment), transport }),
    });
  }

  const button = (name: string | RegExp, scope: Page | Locator = page) => scope.getByRole("button", { name });

  describe("on the way in", () => {
    afterEach(() => visitor?.close());

    it("no wallet: what one is, and the demo wallet with its pop-ups", async () => {
      const guest = await visitWithoutWallet(stack, browser);
      ({ page } = guest);
      await button("Connect your wallet").click();
      const dialog = await sheet(page, "Connect your wallet");
      await dialog.getByText("No wallet was found in this browser").waitFor();
      await expectFitForAll(page, "no-wallet");
      await button(/Demo wallet/i, dialog).click();
      const popUp = await sheet(page, "Demo wallet");
      await expectFitForAll(page, "demo-wallet-people");
      await button(/Henrik Dahl/, popUp).click();
      await button("Sign in").click();
      await popUp.getByText("Carekey asks you to sign a message").waitFor();
      await expectFitForAll(page, "demo-wallet-sign");
      await button("Refuse", popUp).click();
      await page.getByText("You said no in your wallet").waitFor();
      await expectFitForAll(page, "sign-in-refused");
      await guest.close();
    });

    it("a damaged way to unlock, and the paper of another account", async () => {
      visitor = await visit(stack, browser, ACCOUNTS.henrik);
      ({ page } = visitor);
      await page.route("**/api/v1/slots", async (route) => {
        const response = await route.fetch();
        const body = (await response.json()) as { slots: { data: string }[] };
        await route.fulfill({ response, json: { slots: body.slots.map((slot) => ({ ...slot, data: "0x7b" })) } });
      });
      await connect(page);
      await button("Sign in").click();
      await page.getByLabel("Passphrase", { exact: true }).fill(DEMO_PASSPHRASE);
      await button("Unlock").click();
      await page.getByText("This way to unlock is damaged").waitFor();
      await expectFitForAll(page, "unlock-damaged");
      await button("Use your recovery code instead").click();
      await page.getByLabel("Recovery code").fill(encodeRecoveryCode(newSeed()));
      await button("Unlock").click();
      await page.getByText("This belongs to another account").waitFor();
      await expectFitForAll(page, "unlock-other-account");
    });

    it("a registration that broke off goes on where it stopped", async () => {
      const carekey = carekeyOf(ACCOUNTS.halfway);
      const keys = derivePersonKeys(newSeed(), 0);
      const { address } = carekey.wallet.account;
      const person = { address, generation: 0, earlier: [], next: null, keys, keyDocumentDigest: "0x" } as const;
      await setPassphrase(carekey, person, DEMO_PASSPHRASE);
      visitor = await visit(stack, browser, ACCOUNTS.halfway);
      ({ page } = visitor);
      await connect(page);
      await button("Sign in").click();
      await page.getByRole("heading", { level: 1, name: "Go on where you stopped" }).waitFor();
      await expectFitForAll(page, "resume");
    });

    it("the recovery code on paper", async () => {
      visitor = await visit(stack, browser, ACCOUNTS.newcomer);
      ({ page } = visitor);
      await connect(page);
      await button("Sign in").click();
      await page.getByRole("radio", { name: /I am a patient/ }).click();
      await button("Continue").click();
      await page.getByRole("heading", { level: 1, name: "Your recovery code" }).waitFor();
      await page.emulateMedia({ media: "print" });
      expect(await page.getByRole("region", { name: "Your recovery code" }).getByRole("listitem").count()).to.equal(14);
      expect(await button("Continue").isVisible()).to.equal(false);
      await expectFitForAll(page, "print-recovery-code");
    });
  });

  describe("for a patient", () => {
    asVisitor(ACCOUNTS.rosa);
    afterEach(() => page.emulateMedia({ media: "screen" }));

    /** Lets the gateway answer each block with a refusal of its own, until the returned function is called. */
    async function refuseBlocks(code: SdkErrorCode): Promise<() => Promise<void>> {
      const blocks = "**/api/v0/block/put*";
      await page.route(blocks, (route) =>
        route.fulfill({
          status: 507,
          headers: { [ERROR_CODE_HEADER]: code },
          json: { Message: "as the gateway says it", Code: 0, Type: "error" },
        }),
      );
      return () => page.unroute(blocks);
    }

    it("space used up, and a server that is full", async () => {
      await openTab(page, "Records");
      const restore = await refuseBlocks("QUOTA_EXCEEDED");
      const chooser = page.waitForEvent("filechooser");
      await button("Add files").click();
      const buffer = Buffer.from("Two tablets at noon.\n");
      await (await chooser).setFiles([{ name: "too-much.txt", mimeType: "text/plain", buffer }]);
      await page.getByText("Your storage space is used up").waitFor();
      await expectFitForAll(page, "quota");
      await restore();
      const mend = await refuseBlocks("STORAGE_FULL");
      await button("Try again").click();
      await page.getByText("There is no space left").waitFor();
      await expectFitForAll(page, "storage-full");
      await mend();
      await button("Try again").click();
      await button("Add to my records: too-much.txt").waitFor();
    });

    it("the file store away, while a record is opened", async () => {
      await openTab(page, "Records");
      const restore = await cutOff(page, /\/api\/v0\//);
      await page.getByRole("main").getByRole("link", { name: "Discharge letter.txt" }).click();
      await page.getByText("The file store does not answer").first().waitFor();
      await expectFitForAll(page, "ipfs-away");
      await restore();
    });

    it("the server away, then the network", async () => {
      for (const [name, address, sentence] of [
        ["gateway", `${stack.appUrl}/api/**`, "The Carekey server does not answer"],
        ["chain", `${stack.deployment.rpcUrl}/**`, "The network does not answer"],
      ] as const) {
        await openTab(page, "Home");
        const restore = await cutOff(page, address);
        await openTab(page, "Sharing");
        await page.getByText(sentence).first().waitFor();
        await expectFitForAll(page, `${name}-away`);
        await restore();
        await button("Try again").first().click();
        await page.getByText("Who can see what", { exact: true }).waitFor();
      }
    });

    it("a key that is another one since they met, until its digits are compared", async () => {
      const rosa = carekeyOf(ACCOUNTS.rosa);
      const person = await unlockWithPassphrase(rosa, DEMO_PASSPHRASE);
      const { address } = privateKeyToAccount(demoPrivateKey(ACCOUNTS.okafor));
      await pinKey(rosa, person, address, `0x${"11".repeat(32)}`);
      await page.reload();
      await page.getByLabel("Passphrase", { exact: true }).fill(DEMO_PASSPHRASE);
      await button("Unlock").click();
      await openTab(page, "Sharing");
      const card = page.getByRole("group", { name: "Dr Amara Okafor", exact: true });
      await card.getByText("Dr Amara Okafor has a new key since you last met").waitFor();
      await expectFitForAll(page, "key-changed");
      await button("Compare and confirm", card).click();
      const compare = await sheet(page, "Is this really Dr Amara Okafor?");
      await compare.getByRole("group", { name: "Fingerprint of Dr Amara Okafor" }).waitFor();
      await expectFitForAll(page, "key-compare");
      await button("Every group is the same", compare).click();
      await compare.getByText("From now on this is the key of Dr Amara Okafor.").waitFor();
      await compare.getByRole("button", { name: "Close", exact: true }).last().click();
      await card.getByText("New key since you last met", { exact: true }).waitFor({ state: "detached" });
      await card.getByText("Technical details").click();
      await expectFitForAll(page, "sharing-details");
    });

    it("a record on paper", async () => {
      await openTab(page, "Records");
      await page.locator("main a[href^='/records/']").first().click();
      await page.getByText("Technical details").first().waitFor();
      await settle(page);
      await page.emulateMedia({ media: "print" });
      expect(await page.getByRole("navigation", { name: "Main" }).filter({ visible: true }).count()).to.equal(0);
      const { width } = (await page.getByRole("main").boundingBox())!;
      expect(width / page.viewportSize()!.width, "of the paper's width").to.be.above(0.9);
      await expectFitForAll(page, "print-record");
    });

    it("the question before it locks", async () => {
      await page.clock.install();
      await page.reload();
      await page.getByLabel("Passphrase", { exact: true }).fill(DEMO_PASSPHRASE);
      await button("Unlock").click();
      await page.getByRole("navigation", { name: "Main" }).first().waitFor();
      await page.clock.fastForward("09:15");
      await sheet(page, "Are you still there?");
      await expectFitForAll(page, "still-there");
    });
  });

  describe("for a clinician", () => {
    asVisitor(ACCOUNTS.okafor);
    /** Restores what a test cut off, and closes what it left open. */
    afterEach(async () => {
      await page.unrouteAll({ behavior: "ignoreErrors" });
      for (let open = await page.getByRole("dialog").count(); open > 0; open--) await page.keyboard.press("Escape");
    });

    async function openChart(): Promise<void> {
      await openTab(page, "Patients", "My patients");
      await page.locator("main a[href^='/patients/']").first().click();
      await button("New entry").waitFor();
      await settle(page);
    }

    async function openForm(kind: string): Promise<Locator> {
      await button("New entry").click();
      await button(kind, await sheet(page, "What do you want to write?")).click();
      return sheet(page, new RegExp(`^${kind}`));
    }

    it("filters behind one button", async () => {
      await openChart();
      await button("Filter").click();
      await page.getByLabel("Part").selectOption({ index: 1 });
      await button("Filter 1 in use").waitFor();
      await expectFitForAll(page, "chart-filters");
      await button("Clear").click();
    });

    it("too few keepers: how many answer, and what can still be done", async () => {
      await openChart();
      for (const { url } of stack.deployment.keepers.slice(1)) await cutOff(page, `${url}/**`);
      await button(/^Open .* of /)
        .first()
        .click();
      const why = await sheet(page, "Why are you looking?");
      await why.getByRole("radio", { name: "Another reason" }).click();
      await why.getByLabel("In your words").fill("Follow-up");
      await button("Open the records", why).click();
      await page.getByText("Too few keepers answer just now").waitFor();
      await page.getByText("1 of 3 keepers answers, and opening a record takes 2.").waitFor();
      await page.getByText("clinicians can still write entries").waitFor();
      await expectFitForAll(page, "keepers-away");
    });

    for (const { kind, fill } of [
      { kind: "Diagnosis", fill: { Diagnosis: "Sore elbow" } },
      { kind: "Prescription", fill: { Medicine: "Paracetamol", "How to take it": "One tablet at night" } },
      { kind: "Lab report", fill: { Test: "Blood sugar", Result: "131" } },
      { kind: "Visit note", fill: { Findings: "Feels well." } },
    ]) {
      it(`reading back: ${kind}`, async () => {
        await openChart();
        const form = await openForm(kind);
        for (const [label, value] of Object.entries(fill))
          await form.getByRole("textbox", { name: label, exact: true }).fill(value);
        await page.keyboard.press("Tab");
        await button("Read it back", form).click();
        await button("Sign and send", form).waitFor();
        await expectFitForAll(page, `review-${kind}`);
        await button("Back to the form", form).click();
        await button("Cancel", form).click();
      });
    }

    it("what was typed is offered again after the tab was closed, and a file on its way can be stopped", async () => {
      await page.reload();
      await page.getByLabel("Passphrase", { exact: true }).fill(DEMO_PASSPHRASE);
      await button("Unlock").click();
      await openChart();
      const form = await openForm("Visit note");
      await form.getByText("You began this before").waitFor();
      expect(await form.getByLabel("Findings").inputValue()).to.equal("Feels well.");
      await expectFitForAll(page, "entry-draft");
      const scan = { name: "x-ray.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(3_000_000, 7) };
      const chooser = page.waitForEvent("filechooser");
      await form.getByLabel("Attach a file (optional)").click();
      await (await chooser).setFiles([scan]);
      const uploads = await holdUploadsAfter(page, 1);
      await button("Read it back", form).click();
      await button("Sign and send", form).click();
      await uploads.isStuck;
      await expectFitForAll(page, "entry-uploading");
      await button("Stop sending the file", form).click();
      await form.getByText("Stopped").first().waitFor();
      await uploads.release();
      await button("Back to the form", form).click();
      expect(await form.getByLabel("Findings").inputValue()).to.equal("Feels well.");
      await button("Begin anew", form).click();
      await form.getByText("You began this before").waitFor({ state: "detached" });
      expect(await form.getByLabel("Findings").inputValue()).to.equal("");
    });
  });

  describe("for the registrar", () => {
    asVisitor(ACCOUNTS.registrar);

    it("the scan of a licence", async () => {
      await openTab(page, "Applications");
      await button("Open the application of Dr Lena Fischer").click();
      const application = await sheet(page, /^Application of/);
      await button("View the scan", application).click();
      await application.getByText("issued for demonstration").waitFor();
      await expectFitForAll(page, "scan");
      await closeSheet(page);
    });
  });

  describe("for somebody with two roles", () => {
    it("switches between them", async () => {
      const { carekey: contract } = stack.deployment;
      const { wallet, chain } = carekeyOf(ACCOUNTS.registrar);
      const role = await chain.publicClient.readContract({
        address: contract,
        abi: carekeyAbi,
        functionName: "REGISTRAR_ROLE",
      });
      const { address } = privateKeyToAccount(demoPrivateKey(ACCOUNTS.henrik));
      const hash = await wallet.writeContract({
        address: contract,
        abi: carekeyAbi,
        functionName: "grantRole",
        args: [role, address],
      });
      await chain.publicClient.waitForTransactionReceipt({ hash });
      visitor = await visit(stack, browser, ACCOUNTS.henrik);
      ({ page } = visitor);
      await enter(page);
      await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
      await expectFitForAll(page, "two-roles-patient");
      await page
        .getByRole("radiogroup", { name: "What you are here for" })
        .filter({ visible: true })
        .getByText("Registrar")
        .click();
      await page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
      await expectFitForAll(page, "two-roles-registrar");
      await visitor.close();
    });
  });
});
