/**
 * @module test/e2e/support/person
 * A person with a browser and a wallet of their own, doing what people do: finding things by what they are called.
 */
import { expect } from "chai";
import type { BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { demoPrivateKey } from "../../../scripts/common/people.ts";
import { installWallet, type TestWallet } from "../../support/wallet.ts";
import { world } from "./world.ts";

/** A person at a browser. */
export type E2ePerson = {
  name: string;
  page: Page;
  context: BrowserContext;
  wallet: TestWallet;
  passphrase: string;
  /** The recovery code as it was shown, once registered. */
  recoveryCode: string;
  /** Complaints of the page's console and uncaught errors: none are expected. */
  complaints: string[];
  close(): Promise<void>;
};

/** How long a step of the interface may take on a slow machine, milliseconds. */
const PATIENCE = 45_000;

/** Messages that say nothing about the app: a server that a test stopped, a call that a test refused. */
const EXPECTED_COMPLAINTS = [/Failed to load resource/, /net::ERR_/];

/**
 * Opens the app in a browser context of its own.
 * options.account: index of a funded account of the local chain.
 */
export async function openApp(options: {
  name: string;
  account: number;
  passphrase?: string;
  context?: BrowserContextOptions;
}): Promise<E2ePerson> {
  const { browser, stack } = world();
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/Stockholm",
    viewport: { width: 1280, height: 860 },
    ...options.context,
  });
  context.setDefaultTimeout(PATIENCE);
  const wallet = await installWallet(context, {
    privateKey: demoPrivateKey(options.account),
    rpcUrl: stack.deployment.rpcUrl,
    chainId: stack.deployment.chainId,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (!EXPECTED_COMPLAINTS.some((pattern) => pattern.test(message.text()))) complaints.push(message.text());
  });
  await page.goto(stack.appUrl);
  return {
    name: options.name,
    page,
    context,
    wallet,
    passphrase: options.passphrase ?? "winter heron climbs the ninth lantern",
    recoveryCode: "",
    complaints,
    close: () => context.close(),
  };
}

/** What the person had to confirm in the wallet since request number `from`, sign-in and acts, in order. */
export function prompts({ wallet }: Pick<E2ePerson, "wallet">, from: number): string[] {
  const asking = new Set(["eth_signTypedData_v4", "eth_sendTransaction", "personal_sign"]);
  return wallet.requests
    .slice(from)
    .map(({ method }) => method)
    .filter((method) => asking.has(method));
}

/** A button by its words. */
export function button(scope: Page | Locator, name: string | RegExp): Locator {
  return scope.getByRole("button", { name });
}

/** Connects the wallet and signs in to the gateway. */
export async function connectAndSignIn({ page }: E2ePerson): Promise<void> {
  await button(page, "Connect your wallet").click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Test wallet/ })
    .click();
  await button(page, "Sign in").click();
}

/** Goes through the registration wizard. @returns the person with the recovery code. */
export async function register(
  person: E2ePerson,
  role:
    | { kind: "patient" }
    | { kind: "clinician"; speciality: string }
    | { kind: "organisation"; what: string }
    | { kind: "registrar" },
): Promise<void> {
  const { page, passphrase } = person;
  await connectAndSignIn(person);
  await page.getByRole("heading", { name: "Welcome to Carekey" }).waitFor();
  if (role.kind === "clinician") {
    await page.getByRole("radio", { name: /I am a doctor/ }).click();
    await page.getByLabel("Your name and title").fill(person.name);
    await page.getByLabel("Speciality").fill(role.speciality);
  } else if (role.kind === "organisation") {
    await page.getByRole("radio", { name: /We are a hospital/ }).click();
    await page.getByLabel("Name of your organisation").fill(person.name);
    await page.getByLabel("What are you?").selectOption(role.what);
  } else if (role.kind === "registrar") {
    await page.getByLabel("Name of your office").fill(person.name);
  }
  await button(page, "Continue").click();
  const groups = await readCode(person);
  person.recoveryCode = groups.join(" ");
  await page.getByLabel("I have written it down or printed it").check();
  await button(page, "Continue").click();
  await page.getByRole("heading", { name: "Check your recovery code" }).waitFor();
  await typeGroups(person, groups);
  await button(page, "Check").click();
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByLabel("The same passphrase again").fill(passphrase);
  await button(page, "Continue").click();
  await button(page, "Register").click();
  if (role.kind === "patient") {
    await button(page, "Set up the keepers").click();
    await button(page, "Open Carekey").click();
  }
  await page.getByRole("navigation", { name: "Main" }).first().waitFor();
}

/** The groups of the recovery code that the screen shows. */
export async function readCode({ page }: Pick<E2ePerson, "page">): Promise<string[]> {
  const items = page.getByRole("region", { name: "Your recovery code" }).getByRole("listitem");
  await items.first().waitFor();
  return (await items.allInnerTexts()).map((line) => line.replace(/^\d+\s+/, "").trim());
}

/** Types the groups that the check asks for. @returns how many these were. */
export async function typeGroups({ page }: Pick<E2ePerson, "page">, groups: readonly string[]): Promise<number> {
  const fields = page.getByLabel(/^Group \d+$/);
  await fields.first().waitFor();
  for (const field of await fields.all()) {
    const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? "");
    await field.fill(groups[Number(/\d+/.exec(label)![0]) - 1]!);
  }
  return fields.count();
}

/** Unlocks on a device that knows nothing yet. */
export async function unlock(person: E2ePerson, by: "passphrase" | "code" = "passphrase"): Promise<void> {
  const { page } = person;
  if (by === "passphrase") {
    await page.getByLabel("Passphrase", { exact: true }).fill(person.passphrase);
  } else {
    await button(page, "Use your recovery code instead").click();
    await page.getByLabel("Recovery code").fill(person.recoveryCode);
  }
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await page.getByRole("navigation", { name: "Main" }).first().waitFor();
}

/** The open sheet with this title. */
export function sheet({ page }: Pick<E2ePerson, "page">, title: string | RegExp): Locator {
  return page.getByRole("dialog", { name: title });
}

/** Closes a sheet whose act is done, by its last button. */
export async function close(done: Locator): Promise<void> {
  await done.getByRole("button", { name: "Close", exact: true }).last().click();
  await done.waitFor({ state: "hidden" });
}

/** The part of the screen under this heading. */
export function section({ page }: Pick<E2ePerson, "page">, title: string | RegExp): Locator {
  return page.locator("section", { has: page.getByRole("heading", { level: 2, name: title }) });
}

/** Chooses files as a person does: the button, then the file window. */
export async function chooseFiles({ page }: E2ePerson, opener: Locator, ...paths: string[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await opener.click();
  await (await chooser).setFiles(paths);
}

/** Opens one of the tabs by its name. */
export async function openTab({ page }: E2ePerson, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Asserts that nothing went wrong in the page that the person was not told of. */
export function expectNoComplaints(...people: readonly E2ePerson[]): void {
  for (const { name, complaints } of people) expect(complaints, name).to.deep.equal([]);
}
