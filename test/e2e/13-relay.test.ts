/**
 * @module test/e2e/13-relay
 * Without money: a patient whose wallet is empty does the whole main job and is asked for signatures only. When Carekey's server does
 * not pay, the same act is offered at one's own cost; an answer that never comes back loses nothing and doubles nothing.
 */
import { expect } from "chai";
import { createPublicClient, http, numberToHex, type Address } from "viem";
import { listGrants, listOwnRecords, submitEntry } from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import type { Actor } from "../support/actors.ts";
import { expectFitForAll } from "./support/axe.ts";
import { fileOf } from "./support/files.ts";
import { inNode, registerNewcomer, verifyForAYear } from "./support/newcomers.ts";
import {
  button,
  chooseFiles,
  close,
  expectNoComplaints,
  openApp,
  openTab,
  prompts,
  register,
  sheet,
  unlock,
  type E2ePerson,
} from "./support/person.ts";
import { personCard, shareWith, stopSharing } from "./support/sharing.ts";
import { shootFailure, world } from "./support/world.ts";

/** An account of the mnemonic that the local chain gives nothing to. */
const EMPTY_ACCOUNT = 1_313;
/** Clinicians pay for what they send. */
const DOCTOR_ACCOUNT = 3;
const OSKAR = "Dr Oskar Lind";
const PASSPHRASE = "winter heron climbs the ninth lantern";
const SOME_ETHER = 10n ** 17n;

describe("without money", function () {
  this.timeout(240_000);
  afterEach(shootFailure);

  let patient: E2ePerson;
  let doctor: Actor;
  before(async () => {
    doctor = await registerNewcomer(DOCTOR_ACCOUNT, { role: 2, name: OSKAR, passphrase: PASSPHRASE });
    await verifyForAYear(doctor.person.address);
    patient = await openApp({ name: "Nils Aho", account: EMPTY_ACCOUNT });
  });
  after(async () => {
    await patient?.close();
  });

  const chain = () => createPublicClient({ transport: http(world().stack.deployment.rpcUrl) });
  const setBalance = (address: Address, wei: bigint) =>
    chain().request({ method: "hardhat_setBalance" as never, params: [address, numberToHex(wei)] as never });

  /** Runs `work` while the account that pays for others is empty. */
  async function withoutRelay(work: () => Promise<void>): Promise<void> {
    const relayer = world().stack.deployment.relayer!;
    const before = await chain().getBalance({ address: relayer });
    await setBalance(relayer, 0n);
    try {
      await work();
    } finally {
      await setBalance(relayer, before);
    }
  }

  /** Lets the upload of a text finish. @returns the sheet that asks before it is added to the records. */
  async function readyToAdd(name: string, words: string) {
    await openTab(patient, "Records");
    await chooseFiles(patient, button(patient.page, "Add files"), await fileOf(name, words));
    const row = patient.page.getByRole("group", { name, exact: true });
    await row.getByText("Ready to add.").waitFor();
    await row.getByRole("button", { name: /Add to my records/ }).click();
    return sheet(patient, "Add this file to your records");
  }

  const inTimeline = (name: string) => patient.page.getByRole("main").getByRole("link", { name: new RegExp(name) });

  it("registers with an empty wallet, and reads that it is free", async () => {
    await register(patient, { kind: "patient" });
    expect(prompts(patient, 0)).to.deep.equal(["personal_sign", "eth_signTypedData_v4", "eth_signTypedData_v4"]);
    expect(patient.wallet.shown.map(({ primaryType }) => primaryType)).to.include("Register");
  });

  it("adds a record by one signature", async () => {
    const asked = patient.wallet.requests.length;
    const add = await readyToAdd("first-letter.txt", "All is well.");
    await add.getByText("This is free.").waitFor();
    await button(add, "Continue in your wallet").click();
    await add.getByText("One file is in your records.").waitFor();
    await close(add);
    await inTimeline("first-letter").waitFor();
    expect(prompts(patient, asked)).to.deep.equal(["eth_signTypedData_v4"]);
  });

  it("shares, and approves two entries of the doctor in one confirmation", async () => {
    const asked = patient.wallet.requests.length;
    await shareWith(patient, {
      find: "Oskar",
      name: OSKAR,
      read: ["General health"],
      write: true,
      purpose: "First visit",
    });
    const grants = await listGrants(doctor.carekey, doctor.person);
    const mine = ({ patient: who }: { patient: Address }) => who === patient.wallet.address;
    const { terms } = grants.find((grant) => mine(grant) && grant.terms.rights === WRITE)!;
    for (const name of ["Visit in March", "Visit in May"]) {
      const fhir = { resourceType: "Condition", code: { text: name } };
      const entry = { terms, name, type: "application/fhir+json", fhir, content: null, proposedScope: "general" };
      await submitEntry(doctor.carekey, doctor.person, entry);
    }
    await openTab(patient, "Home");
    await openTab(patient, "Records");
    await patient.page.getByRole("heading", { name: "2 entries wait for you" }).waitFor();
    await patient.page.getByRole("checkbox", { name: "Choose all" }).check();
    await button(patient.page, "Approve chosen").click();
    const approve = sheet(patient, "Approve 2 entries");
    await button(approve, "Continue in your wallet").click();
    await approve.getByText("2 entries added to your records.").waitFor();
    await close(approve);
    expect(prompts(patient, asked)).to.deep.equal(Array(3).fill("eth_signTypedData_v4"));
    expect(patient.wallet.shown.at(-1)!.primaryType).to.equal("DecideBatch");
  });

  it("stops sharing, and the key of that part is changed before the next record", async () => {
    const asked = patient.wallet.requests.length;
    await stopSharing(patient, OSKAR, "Can read General health");
    const add = await readyToAdd("second-letter.txt", "Nobody else reads this.");
    await button(add, "Continue in your wallet").click();
    await add.getByText("One file is in your records.").waitFor();
    await close(add);
    expect(prompts(patient, asked)).to.deep.equal(Array(3).fill("eth_signTypedData_v4"));
    const kinds = patient.wallet.shown.slice(-3).map(({ primaryType }) => primaryType);
    expect(kinds).to.deep.equal(["Revoke", "Note", "Add"]);
  });

  it("is told the truth when a stop was signed but not sent: the keepers have closed it, and it can be finished", async () => {
    const { page } = patient;
    const rights = "Can read Lab results";
    await shareWith(patient, { find: "Oskar", name: OSKAR, read: ["Lab results"], purpose: "Results" });
    const stop = sheet(patient, `Stop sharing with ${OSKAR}`);
    await withoutRelay(async () => {
      await button(page, `Stop sharing with ${OSKAR}: ${rights}`).click();
      await button(stop, "Stop sharing").click();
      await button(stop, "Not now").click();
      await stop.getByText("Closed already, but not finished").waitFor();
      await expectFitForAll(page, "relay-3-half-stopped");
      await button(stop, "Later").click();
      await personCard(patient, OSKAR).getByText("Closed, not finished").waitFor();
      await expectFitForAll(page, "relay-4-half-stopped-card");
    });
    await button(page, `Finish stopping with ${OSKAR}: ${rights}`).click();
    await button(stop, "Finish stopping").click();
    await stop.getByText(`Stopped. ${OSKAR} can open nothing more of this.`).waitFor();
    await close(stop);
    await page.getByText("New entries get a new key").waitFor({ state: "hidden" });
  });

  it("has spent nothing, and could not have", async () => {
    const { address } = patient.wallet;
    expect(await chain().getBalance({ address })).to.equal(0n);
    expect(await chain().getTransactionCount({ address })).to.equal(0);
    expect(prompts(patient, 0)).to.not.include("eth_sendTransaction");
  });

  describe("when the server does not pay", () => {
    it("an empty wallet is told so, and the file stays ready", async () => {
      await withoutRelay(async () => {
        const add = await readyToAdd("third-letter.txt", "Later.");
        await button(add, "Continue in your wallet").click();
        await add.getByText("Carekey’s server does not pay the network fee now").waitFor();
        await add.getByText(/your wallet holds less than that/).waitFor();
        await expectFitForAll(patient.page, "relay-1-empty-wallet");
        await button(add, "Not now").last().click();
        await add.getByText("You stopped this").waitFor();
        await patient.page.keyboard.press("Escape");
        await patient.page.getByRole("group", { name: "third-letter.txt" }).getByText("Ready to add.").waitFor();
      });
    });

    it("the same act is offered at one's own cost", async () => {
      await setBalance(patient.wallet.address, SOME_ETHER);
      const asked = patient.wallet.requests.length;
      await withoutRelay(async () => {
        const row = patient.page.getByRole("group", { name: "third-letter.txt", exact: true });
        await row.getByRole("button", { name: /Add to my records/ }).click();
        const add = sheet(patient, "Add this file to your records");
        await button(add, "Continue in your wallet").click();
        await add.getByText(/^You can pay it yourself: about 0\.0+\d+ ETH\./).waitFor();
        await expectFitForAll(patient.page, "relay-2-pay-yourself");
        await button(add, "Pay the fee yourself").click();
        await add.getByText("One file is in your records.").waitFor();
        await close(add);
      });
      await inTimeline("third-letter").waitFor();
      expect(prompts(patient, asked)).to.deep.equal(["eth_sendTransaction"]);
      const { address } = patient.wallet;
      expect(await chain().getTransactionCount({ address })).to.equal(1);
      await setBalance(address, 0n);
    });
  });

  it("an answer that never came back: after a reload the record is there, once, and the file is not on its way any more", async () => {
    const { page } = patient;
    const add = await readyToAdd("fourth-letter.txt", "Sent once.");
    const handIn = (url: URL) => url.pathname === "/api/v1/relay";
    const { promise: isTaken, resolve: taken } = Promise.withResolvers<void>();
    await page.route(handIn, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await route.fetch();
      taken(); // and the page never hears of it
    });
    await button(add, "Continue in your wallet").click();
    await isTaken;
    await page.unroute(handIn);
    await page.reload();
    await unlock(patient);
    await openTab(patient, "Records");
    await inTimeline("fourth-letter").waitFor();
    await page.getByRole("group", { name: "fourth-letter.txt", exact: true }).waitFor({ state: "detached" });
    const { carekey, person } = await inNode(EMPTY_ACCOUNT, patient.passphrase);
    const { records } = await listOwnRecords(carekey, person);
    const fourth = records.filter(({ manifest }) => manifest?.core.name === "fourth-letter.txt");
    expect(fourth).to.have.length(1);
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(patient));
});
