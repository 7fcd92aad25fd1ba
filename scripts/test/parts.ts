/**
 * @module test/parts
 * The runners of `npm test`: what each runs, and how its counts are read.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ROOT, runNode, tool } from "../common/run.ts";

/** What one runner counted. */
export type Counts = { passed: number; failed: number; skipped: number };
/** One runner. `run` gets a function that prints a line. */
export type Part = {
  name: string;
  /** Needs the built app. */
  needsApp: boolean;
  /** Runs only when it is named, or with SLOW=1. */
  isSlow?: boolean;
  run: (print: (line: string) => void) => Promise<Counts & { code: number }>;
};

/** For every process that the tests start, and those that these start. */
const ENVIRONMENT = {
  NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --require ${JSON.stringify(join(import.meta.dirname, "quick-wasm.cjs"))}`,
};

const mochaReport = z.object({
  stats: z.object({ passes: z.int(), failures: z.int(), pending: z.int() }),
});

/** A mocha run over `pattern`, in a process of its own, with its counts from a JSON report. */
function mocha(name: string, pattern: string | string[], timeout: number, needsApp = false): Part {
  return {
    name,
    needsApp,
    run: async (print) => {
      const files = globSync(pattern, { cwd: ROOT }).toSorted();
      if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, code: 1 };
      const folder = mkdtempSync(join(tmpdir(), "carekey-test-"));
      const report = join(folder, "report.json");
      try {
        const reporter = ["--reporter", "scripts/common/mocha-reporter.cjs", "--reporter-option", `output=${report}`];
        const limits = ["--timeout", String(timeout), "--forbid-only"];
        const args = [tool("mocha"), ...reporter, ...limits, ...files];
        const { code } = await runNode(args, { onLine: print, environment: ENVIRONMENT });
        if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, code: code === 0 ? 1 : code };
        const { stats } = mochaReport.parse(JSON.parse(readFileSync(report, "utf8")));
        return { passed: stats.passes, failed: stats.failures, skipped: stats.pending, code };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A `hardhat test` run over what is already compiled; its counts are read from the summary that Hardhat prints. */
function hardhat(name: string, runner: "mocha" | "solidity"): Part {
  return {
    name,
    needsApp: false,
    run: async (print) => {
      const environment = { NO_COLOR: "1", HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
      const args = [tool("hardhat"), "test", runner, "--no-compile"];
      const { code, output } = await runNode(args, { environment });
      const summary = output.split("\n").findIndex((line) => /^\s*\d+ (passing|failing)\b/.test(line));
      for (const line of output.split("\n").slice(code === 0 ? Math.max(summary, 0) : 0))
        if (line.trim() !== "") print(line);
      const count = (word: string): number =>
        [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].reduce(
          (sum, match) => sum + Number(match[1]),
          0,
        );
      return { passed: count("passing"), failed: count("failing"), skipped: count("(?:pending|skipped)"), code };
    },
  };
}

/**
 * All runners. The longest first: lanes that take the next one whenever they are free then end at about the same time.
 * Timeouts are for a machine on which three runners share two cores.
 */
export const PARTS: readonly Part[] = [
  // What came to the main job, each file with people of its own.
  mocha("access", "test/e2e/1[1-46]*.test.ts", 300_000, true),
  // Waits more than it works: it leaves the cores to the browsers beside it.
  mocha("client", "test/sdk/client/**/*.test.ts", 240_000),
  // The main job, one cast through all files.
  mocha("e2e", "test/e2e/{0,10}*.test.ts", 300_000, true),
  mocha("gateway", "test/services/{common,gateway}/**/*.test.ts", 240_000),
  // Keepers, and what goes through all servers.
  mocha(
    "keepers",
    ["test/services/keeper/**/*.test.ts", "test/services/*.test.ts", "test/histories/**/*.test.ts"],
    240_000,
  ),
  // When the patient cannot act, or has lost the wallet: the longest journeys. The client's tests go the same ways without a browser.
  { ...mocha("rescue", "test/e2e/1[57]*.test.ts", 300_000, true), isSlow: true },
  // Every screen and every refusal; with SLOW=1 in light and dark, at 1280 and 320 px, else in one view in turn.
  { ...mocha("screens", "test/e2e/2*.test.ts", 300_000, true), isSlow: true },
  mocha("sdk", ["test/fixtures/**/*.test.ts", "test/sdk/!(client)/**/*.test.ts", "test/sdk/*.test.ts"], 120_000),
  mocha("scripts", "test/scripts/**/*.test.ts", 120_000),
  hardhat("contracts", "mocha"),
  hardhat("solidity", "solidity"),
  mocha("frontend", "test/frontend/**/*.test.{ts,tsx}", 120_000),
];
