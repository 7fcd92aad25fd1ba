/**
 * @module test
 * `npm test`: every test there is, one runner after another, and at the end one plain line `N passed, N failed`.
 * `--only contracts|solidity|sdk|services|scripts|frontend|e2e` (repeatable) runs a part.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ROOT, runNode, tool } from "./common/run.ts";
import { buildApp, isAppStale } from "./start/app.ts";

/** What one runner counted. */
type Counts = { passed: number; failed: number; skipped: number };
/** One runner; `run` gets a function that prints a line. */
type Part = { name: string; run: (print: (line: string) => void) => Promise<Counts & { code: number }> };

const mochaReport = z.object({
  stats: z.object({ passes: z.int(), failures: z.int(), pending: z.int() }),
});

/** A mocha run over `pattern`, in a process of its own, with its counts from a JSON report. */
function mocha(name: string, pattern: string, timeout: number): Part {
  return {
    name,
    run: async (print) => {
      const files = globSync(pattern, { cwd: ROOT }).toSorted();
      if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, code: 1 };
      const folder = mkdtempSync(join(tmpdir(), "carekey-test-"));
      const report = join(folder, "report.json");
      try {
        const reporter = ["--reporter", "scripts/common/mocha-reporter.cjs", "--reporter-option", `output=${report}`];
        const args = [tool("mocha"), ...reporter, "--timeout", String(timeout), "--forbid-only", ...files];
        const { code } = await runNode(args, { onLine: print });
        if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, code: code === 0 ? 1 : code };
        const { stats } = mochaReport.parse(JSON.parse(readFileSync(report, "utf8")));
        return { passed: stats.passes, failed: stats.failures, skipped: stats.pending, code };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A `hardhat test` run; its counts are read from the summary that Hardhat prints. */
function hardhat(name: string, runner: "mocha" | "solidity"): Part {
  return {
    name,
    run: async (print) => {
      const environment = { NO_COLOR: "1", HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
      const { code, output } = await runNode([tool("hardhat"), "test", runner], { environment });
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

const PARTS: readonly Part[] = [
  hardhat("contracts", "mocha"),
  hardhat("solidity", "solidity"),
  mocha("sdk", "test/{sdk,fixtures}/**/*.test.ts", 60_000),
  mocha("services", "test/services/**/*.test.ts", 120_000),
  mocha("frontend", "test/frontend/**/*.test.{ts,tsx}", 60_000),
  mocha("scripts", "test/scripts/**/*.test.ts", 60_000),
  mocha("e2e", "test/e2e/**/*.test.ts", 300_000),
];

const { values } = parseArgs({ options: { only: { type: "string", multiple: true, default: [] } } });
const unknown = values.only.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  process.stderr.write(`--only takes: ${PARTS.map(({ name }) => name).join(", ")}; not ${unknown.join(", ")}\n`);
  process.exit(2);
}
const chosen = PARTS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const rows: string[] = [];
for (const part of chosen) {
  const startedAt = performance.now();
  process.stdout.write(`\n== ${part.name}\n`);
  if (part.name === "e2e" && isAppStale()) await buildApp();
  const result = await part.run((line) => process.stdout.write(`${line}\n`));
  // A runner that broke without counting a failure, or ran nothing, is a failure of its own.
  const broken = result.failed === 0 && (result.code !== 0 || result.passed === 0) ? 1 : 0;
  if (broken === 1)
    process.stdout.write(`${part.name}: ${result.passed === 0 ? "ran no test" : `ended with code ${result.code}`}\n`);
  total.passed += result.passed;
  total.failed += result.failed + broken;
  total.skipped += result.skipped;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  rows.push(
    `${part.name.padEnd(10)} ${String(result.passed).padStart(5)} passed ${String(result.failed + broken).padStart(4)} failed` +
      `${result.skipped > 0 ? ` ${result.skipped} skipped` : ""}  ${seconds} s`,
  );
}
process.stdout.write(`\n${rows.join("\n")}\n\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 ? 0 : 1);
