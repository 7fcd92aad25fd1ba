/**
 * @module test/e2e/16-keys
 * Keys for life: ways to unlock that come and go, the kit on paper, new keys after a leak, and a new wallet.
 */
import { expect } from "chai";
import { addAuthenticator, type Authenticator } from "./support/authenticator.ts";
import { expectFitForAll } from "./support/axe.ts";
import { shootFailure } from "./support/world.ts";
import {
  button,
  close,
  connectAndSignIn,
  expectNoComplaints,
  openApp,
  openTab,
  prompts,
  readCode,
  register,
  section,
  sheet,
  typeGroups,
  unlock,
  type E2ePerson,
} from "./support/person.ts";

/** Accounts that no other file uses. */
const ACCOUNTS = { owner: 17 };

describe("keys for life", function () {
  this.timeout(240_000);

  let owner: E2ePerson;
  let authenticator: Authenticator;

  before(async () => {
    owner = await openApp({ name: "Signe Holm", account: ACCOUNTS.owner });
    authenticator = await addAuthenticator(owner);
    await register(owner, { kind: "patient" });
  });

  after(() => owner?.close());

  afterEach(shootFailure);

  const lock = async () => {
    await openTab(owner, "Me");
    await owner.page.getByRole("main").getByRole("button", { name: "Lock now" }).click();
    await owner.page.getByRole("heading", { level: 1, name: "Unlock your records" }).waitFor();
  };
  const ways = () => section(owner, "Ways to unlock");
  const unlocked = () => owner.page.getByRole("navigation", { name: "Main" }).first().waitFor();

  describe("ways to unlock", () => {
    it("a passkey is set up, and the list says what there is", async () => {
      await openTab(owner, "Me");
      await ways().getByText("Two ways to unlock, one is on paper").waitFor();
      await button(ways(), "Add a passkey").click();
      const add = sheet(owner, "Add a passkey");
      await add.getByLabel("What do you call this device?").fill("Kitchen laptop");
      await button(add, "Add the passkey").click();
      await add.getByText("The passkey is set up. Next time you unlock with one tap.").waitFor();
      await close(add);
      await ways().getByText("Passkey: Kitchen laptop").waitFor();
      await ways().getByText("Three ways to unlock, one is on paper").waitFor();
      expect(await authenticator.count()).to.equal(1);
    });

    it("unlocks with one tap", async () => {
      await lock();
      await button(owner.page, "Unlock with your passkey").click();
      await unlocked();
    });

    it("the passphrase stays as long as nothing but passkeys would remain", async () => {
      await openTab(owner, "Me");
      await ways().getByText("Passkey: Kitchen laptop").waitFor();
      expect(await button(ways(), /^Remove: Passphrase/).count()).to.equal(0);
    });

    it("a lost passkey locks nobody out", async () => {
      await lock();
      await authenticator.lose();
      await button(owner.page, "Unlock with your passkey").click();
      await owner.page.getByText("You stopped this").waitFor();
      await unlock(owner);
    });

    it("a passkey is removed, and the sheet says what remains", async () => {
      await openTab(owner, "Me");
      await button(ways(), "Remove: Passkey: Kitchen laptop").click();
      const remove = sheet(owner, "Remove: Passkey: Kitchen laptop");
      await remove.getByText("Your records still open with the recovery code on paper and your passphrase.").waitFor();
      await button(remove, "Remove it").click();
      await close(remove);
      await ways().getByText("Two ways to unlock, one is on paper").waitFor();
      await lock();
      expect(await button(owner.page, "Unlock with your passkey").count()).to.equal(0);
      await unlock(owner);
    });

    it("the wallet unlocks only after the person asked for it and read the warning", async () => {
      await openTab(owner, "Me");
      await button(ways(), "Let your wallet unlock").click();
      const ask = sheet(owner, "Let your wallet unlock");
      await ask.getByText(/whoever steals your wallet can read all your records/).waitFor();
      await button(ask, "I understand, go on").click();
      await close(ask);
      const shown = owner.wallet.shown.at(-1)!;
      expect(shown.primaryType).to.equal("UnlockRecords");
      expect(JSON.stringify(shown.message)).to.include("Whoever gets it, or steals this wallet, can read them.");
      await lock();
      await button(owner.page, "Use your wallet’s signature instead").click();
      await unlocked();
      await openTab(owner, "Me");
      await button(ways(), "Remove: Your wallet’s signature").click();
      const remove = sheet(owner, "Remove: Your wallet’s signature");
      await button(remove, "Remove it").click();
      await close(remove);
    });

    it("a new passphrase takes the place of the old one, in a second browser too", async () => {
      await openTab(owner, "Me");
      await button(ways(), "Change passphrase").click();
      const change = sheet(owner, "Set a new passphrase");
      const old = owner.passphrase;
      owner.passphrase = "seven quiet otters borrow a violin";
      await change.getByLabel("Passphrase", { exact: true }).fill(owner.passphrase);
      await change.getByLabel("The same passphrase again").fill(owner.passphrase);
      await button(change, "Save").click();
      await close(change);
      const second = await openApp({ name: "Signe's phone", account: ACCOUNTS.owner, passphrase: old });
      try {
        await connectAndSignIn(second);
        await second.page.getByLabel("Passphrase", { exact: true }).fill(old);
        await button(second.page, /^Unlock$/).click();
        await second.page.getByText("That does not open your records").waitFor();
        second.passphrase = owner.passphrase;
        await unlock(second);
      } finally {
        await second.close();
      }
    });
  });

  describe("the recovery kit", () => {
    it("is shown when asked for, prints the code and its QR, and is checked by two groups", async () => {
      await openTab(owner, "Me");
      await owner.page.getByRole("link", { name: "Print the kit" }).click();
      await owner.page.getByRole("heading", { level: 1, name: "Recovery kit" }).waitFor();
      const kit = owner.page.getByRole("region", { name: "Your recovery kit" });
      expect(await kit.count()).to.equal(0);
      await button(owner.page, "Show the kit").click();
      const groups = (await kit.getByRole("list", { name: "Recovery code" }).getByRole("listitem").allInnerTexts()).map(
        (line) => line.replace(/^\d+\s+/, "").trim(),
      );
      expect(groups.join(" ")).to.equal(owner.recoveryCode);
      await kit.getByRole("img", { name: "The recovery code as a QR code" }).waitFor();
      await kit.getByText(owner.wallet.address).waitFor();
      await owner.page.emulateMedia({ media: "print" });
      expect(await owner.page.getByRole("navigation", { name: "Main" }).first().isVisible()).to.equal(false);
      expect(await kit.isVisible()).to.equal(true);
      await owner.page.emulateMedia({ media: null });
      await button(owner.page, "I have it on paper: check it").click();
      expect(await typeGroups(owner, groups)).to.equal(2);
      await button(owner.page, "Check").click();
      await owner.page.getByText("Your paper is right").waitFor();
    });
  });

  describe("new keys after a leak", () => {
    const newPassphrase = "forty brave lanterns cross the fjord";

    it("begin with a new paper and a new passphrase, and say what cannot be taken back", async () => {
      await openTab(owner, "Me");
      await section(owner, "New keys").getByRole("link", { name: "Make new keys" }).click();
      await owner.page.getByRole("heading", { level: 1, name: "New keys" }).waitFor();
      await owner.page.getByText(/cannot be taken back/).waitFor();
      await expectFitForAll(owner.page, "new-keys-1-why");
      await button(owner.page, "Begin").click();
      const groups = await readCode(owner);
      expect(groups.join(" ")).to.not.equal(owner.recoveryCode);
      await expectFitForAll(owner.page, "new-keys-2-code");
      await owner.page.getByLabel("I have written it down or printed it").check();
      await button(owner.page, "Continue").click();
      await owner.page.getByRole("heading", { name: "Check your new code" }).waitFor();
      await typeGroups(owner, groups);
      await button(owner.page, "Check").click();
      await owner.page.getByLabel("Passphrase", { exact: true }).fill(newPassphrase);
      await owner.page.getByLabel("The same passphrase again").fill(newPassphrase);
      await button(owner.page, "Continue").click();
      await owner.page.getByRole("heading", { level: 2, name: "Make the new keys" }).waitFor();
      await expectFitForAll(owner.page, "new-keys-3-sign");
      owner.recoveryCode = groups.join(" ");
    });

    it("break off with the tab, and go on after unlocking with the new passphrase", async () => {
      // The first signature seals the earlier keys; the second, for the new public key, never comes.
      const asked = owner.wallet.requests.length;
      await button(owner.page, "Make new keys").click();
      while (prompts(owner, asked).length === 0) await owner.page.waitForTimeout(20);
      owner.wallet.refuseNext();
      await owner.page.getByText("You said no in your wallet").waitFor();
      owner.passphrase = newPassphrase;
      await owner.page.reload();
      await unlock(owner);
      await openTab(owner, "Me");
      await section(owner, "New keys").getByText("Your new keys are not finished yet").waitFor();
      await expectFitForAll(owner.page, "new-keys-4-me");
      await owner.page.getByRole("link", { name: "Go on with the new keys" }).click();
      await button(owner.page, "Go on").click();
      await owner.page.getByText("Your new keys are in force", { exact: true }).waitFor();
      await expectFitForAll(owner.page, "new-keys-5-done");
    });

    it("make the old passphrase and the old paper useless, and the new ones work", async () => {
      await lock();
      await unlock(owner, "code");
      await openTab(owner, "Me");
      await ways().getByText("Two ways to unlock, one is on paper").waitFor();
    });
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(owner));
});
