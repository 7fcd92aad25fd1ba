/**
 * @module test/e2e/17-succession
 * A new wallet for the same person: guardians are named and know what that means, a lost wallet is replaced by two of them unless the
 * old one objects, and a wallet at hand hands over by itself. Nobody here has any money.
 */
import { expect } from "chai";
import {
  addRecord,
  handOverShare,
  listWards,
  shortAddress,
  uploadContent,
  vouchFor,
  type Ward,
} from "../../sdk/src/client/index.ts";
import type { Actor } from "../support/actors.ts";
import { expectFitForAll } from "./support/axe.ts";
import { registerNewcomer } from "./support/newcomers.ts";
import {
  button,
  close,
  connectAndSignIn,
  expectNoComplaints,
  openApp,
  openTab,
  prompts,
  section,
  sheet,
  unlock,
  type E2ePerson,
} from "./support/person.ts";
import { shootFailure, world } from "./support/world.ts";

/** Accounts that no other file uses, and that the local chain gives nothing to. */
const ACCOUNTS = { old: 30, anna: 31, bo: 32, cia: 33, next: 34, last: 35 };
const NAMES = { old: "Olof Ek", anna: "Anna", bo: "Bo", cia: "Cia", next: "Olof’s new phone", last: "Olof’s tablet" };
const PASSPHRASE = "winter heron climbs the ninth lantern";

describe("a new wallet for the same person", function () {
  this.timeout(240_000);

  /** Everybody at a device without a screen. */
  let nodes: Record<keyof typeof ACCOUNTS, Actor>;
  let old: E2ePerson;
  let anna: E2ePerson;
  let next: E2ePerson;
  let last: E2ePerson;

  const enter = async (who: keyof typeof ACCOUNTS) => {
    const person = await openApp({ name: NAMES[who], account: ACCOUNTS[who], passphrase: PASSPHRASE });
    await connectAndSignIn(person);
    await unlock(person);
    return person;
  };

  before(async () => {
    const people = Object.keys(ACCOUNTS) as (keyof typeof ACCOUNTS)[];
    const joined = people.map(async (who) => {
      const passphrase = PASSPHRASE;
      return [who, await registerNewcomer(ACCOUNTS[who], { role: 1, name: NAMES[who], passphrase })] as const;
    });
    nodes = Object.fromEntries(await Promise.all(joined)) as typeof nodes;
    const { carekey, person } = nodes.old;
    for (const name of ["Letter about my knee", "Vaccination card"]) {
      const content = await uploadContent(carekey, { source: new Blob([`${name}, in full`]) });
      await addRecord(carekey, person, { name, type: "text/plain", fhir: null, content, scope: "general" });
    }
    [old, anna, next] = await Promise.all([enter("old"), enter("anna"), enter("next")]);
  });

  after(async () => {
    for (const person of [old, anna, next, last]) await person?.close();
  });

  afterEach(shootFailure);

  const addressOf = (who: keyof typeof ACCOUNTS) => nodes[who].person.address;
  const wardOf = async ({ carekey, person }: Actor): Promise<Ward> => {
    const wards = await listWards(carekey, person);
    return wards.find(({ patient }) => patient === addressOf("old"))!;
  };
  /** A guardian confirms the new wallet without looking at a screen. */
  const vouch = async (guardian: Actor) => vouchFor(guardian.carekey, await wardOf(guardian), addressOf("next"));
  const follow = async ({ page }: E2ePerson, tab: string, link: string, heading: string) => {
    await page.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name: tab, exact: true }).click();
    await page.getByRole("main").getByRole("link", { name: link }).click();
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  };
  const choose = async ({ page }: E2ePerson, question: string, who: "anna" | "bo" | "cia") => {
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(question).fill(addressOf(who));
    await dialog.getByRole("radio", { name: shortAddress(addressOf(who)) }).click();
    await dialog.getByLabel("How do you call this person?").fill(NAMES[who]);
  };
  const digitsOf = async ({ page }: E2ePerson) => {
    const digits = page.getByRole("group", { name: "Fingerprint of this wallet" });
    return (await digits.innerText()).trim().split(/\s+/);
  };
  const warning = ({ page }: E2ePerson) => page.getByRole("alert").filter({ hasText: "have lost this wallet" });

  it("three people are named, after an honest word about what two of them could do", async () => {
    await follow(old, "Me", "Name guardians", "Guardians");
    await old.page.getByText("Two guardians who work together against you could open your records").waitFor();
    await expectFitForAll(old.page, "guardians-none");
    await button(old.page, "Name guardians").click();
    const name = sheet(old, "Name guardians");
    for (const [index, who] of (["anna", "bo", "cia"] as const).entries()) {
      await choose(old, `Who is guardian ${index + 1}?`, who);
      await name.getByText(`Is this really ${NAMES[who]}?`).waitFor();
      if (index === 0) await expectFitForAll(old.page, "guardians-choose");
      await button(name, `Choose ${NAMES[who]}`).click();
    }
    await name.getByText("3 of 3 chosen").waitFor();
    await button(name, "Name them").click();
    await name.getByText("Say who you are, or they do not know whom to help.").waitFor();
    await name.getByLabel("Your name, as they shall see it").fill(NAMES.old);
    await expectFitForAll(old.page, "guardians-confirm");
    await button(name, "Name them").click();
    await name.getByText("Your guardians are named. Tell them that they are.").waitFor();
    await close(name);
    await old.page.getByText("Anna, Bo and Cia.").waitFor();
    await expectFitForAll(old.page, "guardians-named");
    expect(old.wallet.shown.at(-1)!.primaryType).to.equal("SetGuardians");
  });

  it("a guardian reads what that means, and finds what may be asked for on the phone", async () => {
    await follow(anna, "Me", "See what a guardian does", "You are a guardian");
    await section(anna, NAMES.old).getByText("You hold one sealed part of a key.").waitFor();
    await anna.page.getByText(addressOf("old")).waitFor();
    await expectFitForAll(anna.page, "guardian-of");
  });

  it("the new wallet asks a guardian, and says what to tell", async () => {
    const { page } = next;
    await follow(next, "Me", "See how it works", "New wallet");
    await page.getByRole("radio", { name: "It is lost" }).check();
    await page.getByLabel("The address of your old wallet").fill("Storgatan 1");
    await button(page, "Go on").click();
    await page.getByText("An address begins with 0x").waitFor();
    await expectFitForAll(page, "new-wallet-start");
    await page.getByLabel("The address of your old wallet").fill(addressOf("old"));
    await button(page, "Go on").click();
    await button(page, "Ask a guardian").click();
    await choose(next, "Who is your guardian?", "anna");
    await sheet(next, "Ask a guardian").getByLabel("A line to your guardian").fill("I lost my phone on Monday");
    await expectFitForAll(page, "new-wallet-ask");
    await button(sheet(next, "Ask a guardian"), "Ask").click();
    await sheet(next, "Ask a guardian").getByText("Now call Anna.").waitFor();
    await close(sheet(next, "Ask a guardian"));
    await page.getByText("Anna was asked").waitFor();
    await expectFitForAll(page, "new-wallet-guardians");
  });

  it("a guardian confirms only with the digits that the person reads out", async () => {
    await openTab(anna, "Me");
    await anna.page.getByText("Olof Ek may need you as a guardian").waitFor();
    await anna.page.getByRole("link", { name: "Look at it" }).click();
    await anna.page.getByText("“I lost my phone on Monday”").waitFor();
    await button(anna.page, "Check who it is").click();
    const check = sheet(anna, "Is it really Olof Ek?");
    const heard = await digitsOf(next);
    expect(await check.getByText(heard[3]!).count(), "the digits are not on the guardian’s screen").to.equal(0);
    for (const [group, digits] of [heard[0]!, "00000", heard[2]!].entries()) {
      await check.getByLabel(`Group ${group + 1}`).fill(digits);
    }
    await button(check, "Compare").click();
    await check.getByText("These are not the digits").waitFor();
    await expectFitForAll(anna.page, "guardian-wrong-digits");
    await check.getByLabel("Group 2").fill(heard[1]!);
    await button(check, "Compare").click();
    await button(check, "Yes, it is Olof Ek").waitFor();
    await expectFitForAll(anna.page, "guardian-confirm");
    await button(check, "Yes, it is Olof Ek").click();
    await check.getByText("You confirmed it.").waitFor();
    await close(check);
    await anna.page.getByText("1 of 2 guardians have confirmed it.").waitFor();
  });

  it("the old wallet is warned on every screen, and stops it with one press", async () => {
    await vouch(nodes.bo);
    await openTab(old, "Me");
    await openTab(old, "Records");
    await warning(old)
      .getByText(/it can take over your records/)
      .waitFor();
    await expectFitForAll(old.page, "succession-warning");
    await button(warning(old), "Stop it now").click();
    await warning(old).waitFor({ state: "detached" });
    await openTab(next, "Me");
    await next.page.getByRole("link", { name: "Go on with the move" }).click();
    await next.page.getByText("None of the 2 guardians who are needed has confirmed it yet.").waitFor();
    expect(old.wallet.shown.at(-1)!.primaryType).to.equal("Veto");
  });

  it("without an objection the waiting time ends, also while the page is closed and nothing happens", async () => {
    await Promise.all([vouch(nodes.anna), vouch(nodes.bo)]);
    await next.page.reload();
    await unlock(next);
    await follow(next, "Me", "Go on with the move", "New wallet");
    await next.page.getByText(/^Enough guardians have confirmed it. The waiting time ends/).waitFor();
    await next.page.getByText("Anna confirmed it").waitFor();
    await expectFitForAll(next.page, "new-wallet-waiting");
    await next.page.getByRole("heading", { name: "The waiting time is over" }).waitFor();
    await button(next.page, "Go on with this wallet").click();
    await next.page.getByText("0 of 2 parts have arrived.").waitFor();
    await expectFitForAll(next.page, "new-wallet-parts");
  });

  it("two guardians hand over their parts, and the records open in the new wallet", async () => {
    const { page } = next;
    await handOverShare(nodes.bo.carekey, nodes.bo.person, await wardOf(nodes.bo), addressOf("next"));
    await openTab(anna, "Me");
    await follow(anna, "Me", "See what a guardian does", "You are a guardian");
    await button(anna.page, "Hand over my part").click();
    await anna.page.getByText("You handed over your part to Olof Ek").waitFor();
    await openTab(next, "Me");
    await page.getByRole("link", { name: "Go on with the move" }).click();
    await page.getByText("0 of 2 records open here").waitFor();
    await button(page, "Take my records over").click();
    await page.getByText("Your records are here", { exact: true }).waitFor();
    await expectFitForAll(page, "new-wallet-done");
    await page.getByRole("main").getByRole("link", { name: "See my records" }).click();
    await page.getByRole("link", { name: /Letter about my knee/ }).click();
    await page.getByText("Letter about my knee, in full").waitFor();
    expect(prompts(next, 0)).to.not.include("eth_sendTransaction");
  });

  it("with both wallets at hand the old one hands over, after the digits were compared", async () => {
    last = await enter("last");
    await follow(last, "Me", "See how it works", "New wallet");
    await last.page.getByLabel("The address of your old wallet").fill(addressOf("next"));
    await last.page.getByLabel("A line to yourself").fill("It is me, from the tablet");
    await button(last.page, "Ask my old wallet").click();
    const digits = await digitsOf(last);
    await expectFitForAll(last.page, "new-wallet-both");
    await openTab(next, "Me");
    await next.page.getByRole("link", { name: "Look at it" }).first().click();
    await next.page.getByText("“It is me, from the tablet”").waitFor();
    await expectFitForAll(next.page, "old-wallet-asked");
    await button(next.page, "That is me: hand over").click();
    const hand = sheet(next, "Hand over to your new wallet");
    await hand.getByText(digits[5]!).waitFor();
    await expectFitForAll(next.page, "old-wallet-hand-over");
    await button(hand, "The digits are the same: hand over").click();
    await next.page.getByText("Your records go on in your new wallet").waitFor();
    await openTab(last, "Me");
    await last.page.getByRole("link", { name: "Go on with the move" }).click();
    await button(last.page, "Take my records over").click();
    await last.page.getByText("Your records are here", { exact: true }).waitFor();
  });

  it("who looks at a chart is led from the old wallet to the new one and back", async () => {
    const { page } = anna;
    await page.goto(`${world().stack.appUrl}/patients/${addressOf("old")}`);
    await unlock(anna);
    await page.getByRole("link", { name: "open the chart that goes on" }).waitFor();
    await expectFitForAll(page, "chart-goes-on");
    await page.getByRole("link", { name: "open the chart that goes on" }).click();
    await page.getByRole("link", { name: "Open the earlier chart" }).waitFor();
    expect(new URL(page.url()).pathname).to.equal(`/patients/${addressOf("next")}`);
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(old, anna, next, last));
});
