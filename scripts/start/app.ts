/**
 * @module start/app
 * Builds the frontend when there is no build yet, or sources are newer than it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runNode, tool } from "../common/run.ts";
import { isStale } from "../common/stale.ts";

/** The folder the gateway serves. */
export const APP_FOLDER = join(ROOT, "frontend/dist");

const SOURCES = [
  "frontend/src",
  "frontend/public",
  "frontend/index.html",
  "frontend/vite.config.ts",
  "sdk/src",
  "package-lock.json",
];

/** Whether there is a built app. */
export function isAppBuilt(): boolean {
  return existsSync(join(APP_FOLDER, "index.html"));
}

/** Whether the built app is missing or older than what it is built from. */
export function isAppStale(): boolean {
  return isStale("frontend/dist/index.html", SOURCES);
}

/**
 * Builds the frontend.
 * @throws Error with Vite's own words when it fails.
 */
export async function buildApp(): Promise<void> {
  const { code, output } = await runNode([tool("vite"), "build", "frontend", "--logLevel", "error"], {
    environment: { NO_COLOR: "1" },
  });
  if (code !== 0) throw new Error(`the app could not be built:\n${output.split("\n").slice(0, 40).join("\n")}`);
}
