/**
 * @module test/e2e/support/axe
 * Looks at a screen as people with other eyes and hands do: axe's rules, room at 320 px, targets for a thumb, one heading.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe, { type RunOptions } from "axe-core";
import { expect } from "chai";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { demoPrivateKey, DEMO_PASSPHRASE } from "../../../scripts/common/people.ts";
import type { Stack } from "../../support/stack.ts";
import { installWallet, type TestWallet } from "../../support/wallet.ts";

/** A window and a colour scheme; `rules`: the only ones of axe's that are asked there, all by default. */
type View = { name: string; width: number; height: number; colorScheme: "light" | "dark"; rules?: string[] };

/** Pixels: WCAG 2.2 asks for 24, Carekey for a thumb. */
const TARGET = 44;
/** How long a screen may take on a busy machine, milliseconds. */
const PATIENCE = 45_000;
const DESK = { width: 1280, height: 860 };
const NARROW = { width: 320, height: 640 };

/** What looks at both the colours and the room: everything else was asked at this width already, in the other colours. */
const DRAWN_RULES = ["color-contrast", "link-in-text-block", "target-size"];

const ALL_VIEWS: readonly View[] = [
  { name: "light-1280", ...DESK, colorScheme: "light" },
  { name: "dark-320", ...NARROW, colorScheme: "dark" },
  { name: "dark-1280", ...DESK, colorScheme: "dark", rules: DRAWN_RULES },
  { name: "light-320", ...NARROW, colorScheme: "light", rules: DRAWN_RULES },
];
let screensChecked = 0;

/** The views to check the next screen in: the narrow dark one and the wide light one in turn; with SLOW=1 all four for every screen. */
function nextViews(): readonly View[] {
  if (process.env["SLOW"] === "1") return ALL_VIEWS;
  return [ALL_VIEWS[screensChecked++ % 2]!];
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A person of the demo clinic at a browser. */
export type Visitor = { page: Page; wallet: TestWallet; close(): Promise<void> };

/** A browser context at a desk, with motion reduced. */
async function deskOf(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/Stockholm",
    viewport: DESK,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE);
  return context;
}

/** Opens the app in a browser that has no wallet. */
export async function visitWithoutWallet(stack: Stack, browser: Browser): Promise<Omit<Visitor, "wallet">> {
  const context = await deskOf(browser);
  const page = await context.newPage();
  await page.goto(stack.appUrl);
  return { page, close: () => context.close() };
}

/** Opens the app for the holder of the mnemonic's account `account`. */
export async function visit(stack: Stack, browser: Browser, account: number): Promise<Visitor> {
  const context = await deskOf(browser);
  const { rpcUrl, chainId } = stack.deployment;
  const wallet = await installWallet(context, { privateKey: demoPrivateKey(account), rpcUrl, chainId });
  const page = await context.newPage();
  await page.goto(stack.appUrl);
  return { page, wallet, close: () => context.close() };
}

/** Connects the wallet: the sign-in screen follows. */
export async function connect(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Connect your wallet" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Test wallet/ })
    .click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
}

/** Connects, signs in and unlocks as one of the demo clinic. */
export async function enter(page: Page): Promise<void> {
  await connect(page);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Passphrase", { exact: true }).fill(DEMO_PASSPHRASE);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await page.getByRole("navigation", { name: "Main" }).first().waitFor();
}

/** Opens a tab and waits for its content. */
export async function openTab(page: Page, name: string, heading = name): Promise<void> {
  const bar = page.getByRole("navigation", { name: "Main" }).filter({ visible: true });
  await bar.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  await settle(page);
}

/** The open sheet with this title. */
export async function sheet(page: Page, title: string | RegExp): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.waitFor();
  return dialog;
}

/** Closes the open sheet. */
export async function closeSheet(page: Page): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Waits until nothing on the screen is still loading. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("[role=status][aria-busy=true]") === null);
}

/** Asserts that the screen, as it is now, is fit for everybody in every view. */
export async function expectFitForAll(page: Page, screen: string): Promise<void> {
  await settle(page);
  const problems: string[] = [];
  for (const view of nextViews()) {
    await page.emulateMedia({ colorScheme: view.colorScheme });
    await page.setViewportSize({ width: view.width, height: view.height });
    await page.waitForFunction(isDrawnIn, view.colorScheme);
    await settle(page);
    await shoot(page, `${screen}-${view.name}`);
    const found = [...(await axeProblems(page, view.rules)), ...(await page.evaluate(layoutProblems, TARGET))];
    problems.push(...found.map((problem) => `${view.name}: ${problem}`));
  }
  await page.setViewportSize(DESK);
  expect(problems, screen).to.deep.equal([]);
}

/** Runs in the page: the scheme has been taken over, and no colour is on its way to another. */
function isDrawnIn(scheme: string): boolean {
  const isTakenOver = document.documentElement.dataset["mantineColorScheme"] === scheme;
  return isTakenOver && document.getAnimations().every(({ playState }) => playState !== "running");
}

async function axeProblems(page: Page, rules: string[] | undefined): Promise<string[]> {
  const options: RunOptions = {
    runOnly: rules === undefined ? { type: "tag", values: TAGS } : { type: "rule", values: rules },
    resultTypes: ["violations"],
  };
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(document, options),
    options,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any }) => `${id} (${help}): ${html.slice(0, 200)} ${any[0]?.message ?? ""}`),
  );
}

/** Runs in the page: what axe does not look at. */
function layoutProblems(target: number): string[] {
  const problems: string[] = [];
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const named = (element: Element): string =>
    `<${element.tagName.toLowerCase()}> ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60)}`;

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} px wide in a window of ${clientWidth}`);
  for (const box of document.querySelectorAll("[role=dialog], [role=dialog] *, main *")) {
    const { overflowX, textOverflow, display } = getComputedStyle(box);
    if (overflowX === "visible" || display === "inline" || !isShown(box) || box.scrollWidth <= box.clientWidth + 1)
      continue;
    // What scrolls on purpose can be reached by keyboard; what ends in dots says so; 1 px is for screen readers.
    const isMeant = box.matches("[tabindex='0'], input, textarea, select") || textOverflow === "ellipsis";
    if (!isMeant && box.clientWidth > 1) problems.push(`clipped sideways: ${named(box)}`);
  }

  const dialogs = [...document.querySelectorAll("[role=dialog]")].filter(isShown);
  const scopes = dialogs.length > 0 ? dialogs : [document];
  for (const control of scopes.flatMap((scope) => [...scope.querySelectorAll("button, a[href], summary")])) {
    // A link within a sentence has the size of its words.
    if (!isShown(control) || getComputedStyle(control).display === "inline") continue;
    // Hidden until it has the focus.
    const { width, height, bottom } = control.getBoundingClientRect();
    if (bottom + scrollY < 0) continue;
    if (width < target - 0.5 || height < target - 0.5) {
      problems.push(`too small to touch, ${Math.round(width)} × ${Math.round(height)} px: ${named(control)}`);
    }
  }

  const headings = [...document.querySelectorAll("h1")].filter(isShown);
  if (headings.length !== 1) problems.push(`${headings.length} headings of level 1`);
  if (!/^\S.* · Carekey$/.test(document.title)) problems.push(`the document is called “${document.title}”`);
  return problems;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (process.env["E2E_SHOTS"] !== "1") return;
  const folder = join(import.meta.dirname, "../.shots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `a11y-${name.replaceAll(/[^\w-]+/g, "-")}.png`), fullPage: true });
}
