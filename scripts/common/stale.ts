/**
 * @module common/stale
 * Whether what was built is older than what it is built from.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./run.ts";

/** The file that Hardhat writes at the end of each build that succeeds, and what it builds from. */
const CONTRACTS = {
  output: "cache/compile-cache.json",
  sources: ["contracts", "hardhat.config.ts", "package-lock.json"],
};

/** Whether `output` is missing, or one of `sources` (files or folders) is newer. All are paths below the root. */
export function isStale(output: string, sources: readonly string[]): boolean {
  const built = newest(join(ROOT, output));
  return built === 0 || sources.some((path) => newest(join(ROOT, path)) > built);
}

/** Whether the contracts have to be compiled. */
export function areContractsStale(): boolean {
  return isStale(CONTRACTS.output, CONTRACTS.sources);
}

/** The latest modification time below `path`, in milliseconds; 0 when there is nothing. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
