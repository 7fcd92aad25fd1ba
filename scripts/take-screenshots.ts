/**
 * @module take-screenshots
 * Takes the README's pictures from a running `npm start` with its demo clinic: `node scripts/take-screenshots.ts [app URL]`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./common/browser.ts";
import { DEMO_PASSPHRASE } from "./common/people.ts";
import { ROOT } from "./common/run.ts";

const FOLDER = join(ROOT, "docs/screenshots");
const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

/** One picture: whose screen, which tab, on what. */
type Shot = { file: string; who: string; tab: string; view: { width: number; height: number }; dark?: boolean };

const SHOTS: readonly Shot[] = [
  { file: "patient-home", who: "Rosa Lindqvist", tab: "Home", view: DESK },
  { file: "patient-sharing-phone", who: "Rosa Lindqvist", tab: "Sharing", view: PHONE },
  { file: "patient-records-dark", who: "Rosa Lindqvist", tab: "Records", view: DESK, dark: true },
  { file: "clinician-patients", who: "Dr Amara Okafor", tab: "Patients", view: DESK },
  { file: "registrar-applications", who: "Ines Moreau", tab: "Applications", view: DESK },
];

async function acceptInDemoWallet(page: Page): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: "Accept" }).click();
}

async function enter(page: Page, appUrl: string, who: string): Promise<void> {
  await page.goto(appUrl);
  await page.getByRole("button", { name: "Connect your wallet" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Demo wallet/ })
    .click();
  await page.getByRole("button", { name: new RegExp(who) }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  await acceptInDemoWallet(page);
  await page.getByLabel("Passphrase", { exact: true }).fill(DEMO_PASSPHRASE);
  await page.getByRole("button", { name: "Unlock" }).click();
  await page.getByRole("navigation", { name: "Main" }).first().waitFor();
}

async function take(browser: Browser, appUrl: string, shot: Shot): Promise<void> {
  const context = await browser.newContext({
    viewport: shot.view,
    colorScheme: shot.dark === true ? "dark" : "light",
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await enter(page, appUrl, shot.who);
  const bar = page.getByRole("navigation", { name: "Main" }).filter({ visible: true });
  await bar.getByRole("link", { name: shot.tab, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: shot.tab }).waitFor();
  await page.waitForFunction(() => document.querySelector("main .mantine-Skeleton-root") === null);
  await page.screenshot({ path: join(FOLDER, `${shot.file}.png`) });
  await context.close();
}

const appUrl = process.argv[2] ?? "http://localhost:3000";
mkdirSync(FOLDER, { recursive: true });
const browser = await launchBrowser();
try {
  for (const shot of SHOTS) {
    await take(browser, appUrl, shot);
    console.log(`docs/screenshots/${shot.file}.png`);
  }
} finally {
  await browser.close();
}
