/**
 * @module test/e2e/support/seeded
 * One more stack, with the demo clinic on it, for the files that look at screens. It starts with the first test that asks for it and
 * stops after the last.
 */
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { startStack, type Stack } from "../../support/stack.ts";

/** The stack and a browser. */
export type Clinic = { stack: Stack; browser: Browser };

let started: Promise<Clinic> | null = null;

after(async function () {
  this.timeout(60_000);
  const running = await started?.catch(() => null);
  await running?.browser.close();
  await running?.stack.stop();
});

/** The demo clinic, inside a hook with time for the start (up to five minutes on a busy machine). */
export function clinic(): Promise<Clinic> {
  started ??= Promise.all([startStack({ app: true, seed: true }), launchBrowser()]).then(([stack, browser]) => ({
    stack,
    browser,
  }));
  return started;
}
