/**
 * @module test/e2e/support/world
 * What all end-to-end tests share: one running stack with the built app, one browser. Importing this file starts both before the
 * first test and stops them after the last.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { KEEPER_COUNT } from "../../../scripts/start/options.ts";
import { isPortFree } from "../../../scripts/common/ports.ts";
import { freePort } from "../../support/ports.ts";
import { startStack, type Stack, type StackPorts } from "../../support/stack.ts";

/** The running stack and browser. */
export type World = { stack: Stack; browser: Browser; ports: StackPorts };

let started: World | null = null;

before(async function () {
  this.timeout(300_000);
  const ports = await choosePorts();
  const [stack, browser] = await Promise.all([startStack({ app: true, ports }), launchBrowser()]);
  started = { stack, browser, ports };
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

/** Free ports that stay the same when the stack is started again: the keepers' ones in a row. */
async function choosePorts(): Promise<StackPorts> {
  for (;;) {
    const [app, chain, keeper] = [await freePort(), await freePort(), await freePort()];
    const keepers = Array.from({ length: KEEPER_COUNT }, (_, index) => keeper + index);
    const areFree = await Promise.all(keepers.map((port) => isPortFree(port)));
    if (areFree.every(Boolean) && new Set([app, chain, ...keepers]).size === KEEPER_COUNT + 2)
      return { app, chain, keeper };
  }
}

/** Kills every process of the stack at once, as a power cut would. */
export async function killStack(): Promise<void> {
  const { stack } = world();
  const ended = stack.kill();
  for (const pid of Object.values(stack.pids)) process.kill(pid, "SIGKILL");
  await ended;
}

/** Starts the stack again on the same data and ports, after it was killed. */
export async function startAgain(): Promise<void> {
  const { stack, ports } = world();
  started = { ...world(), stack: await startStack({ app: true, data: stack.data, ports }) };
}

/** Where screenshots of failures go. */
function shotPath(name: string): string {
  const folder = join(import.meta.dirname, "../.shots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name.replaceAll(/[^\w-]+/g, "-")}.png`);
}

/** An `afterEach` hook: what everybody saw when a test failed. */
export async function shootFailure(this: Mocha.Context): Promise<void> {
  if (this.currentTest?.state !== "failed") return;
  const pages = world()
    .browser.contexts()
    .flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    await page.screenshot({ path: shotPath(`failed ${this.currentTest.title} ${index + 1}`), fullPage: true });
  }
}
