/**
 * @module test/e2e/support/world
 * What all end-to-end tests share: one running stack with the built app, one browser. Importing this file starts both before the
 * first test and stops them after the last.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { startStack, type Stack } from "../../support/stack.ts";

/** The running stack and browser. */
export type World = { stack: Stack; browser: Browser };

let started: World | null = null;

before(async function () {
  this.timeout(300_000);
  const [stack, browser] = await Promise.all([startStack({ app: true }), launchBrowser()]);
  started = { stack, browser };
});

after(async function () {
  this.timeout(60_000);
  await started?.browser.close();
  await started?.stack.stop();
  started = null;
});

/** The world, inside a test or hook. */
export function world(): World {
  if (started === null) throw new Error("the stack is not up: call world() inside a test or a hook");
  return started;
}

/** Puts another stack in the world, after the one before was stopped or killed. */
export function replaceStack(stack: Stack): void {
  started = { ...world(), stack };
}

/** Where screenshots of failures and, with E2E_SHOTS=1, of every screen go. */
export function shotPath(name: string): string {
  const folder = join(import.meta.dirname, "../.shots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name.replaceAll(/[^\w-]+/g, "-")}.png`);
}
