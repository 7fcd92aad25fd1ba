/**
 * @module test
 * `npm test`: the tests, three runners at a time, and at the end one plain line `N passed, N failed`.
 * `--only PART` (repeatable; the names are in test/parts.ts) runs a part, `--lanes 1` one after another. `rescue` and `screens` run when they
 * are named, or with SLOW=1.
 */
import { parseArgs } from "node:util";
import { runNode, tool } from "./common/run.ts";
import { buildApp, isAppStale } from "./start/app.ts";
import { inLanes } from "./test/lanes.ts";
import { PARTS, type Counts, type Part } from "./test/parts.ts";

const names = PARTS.map(({ name }) => name);
const usual = PARTS.filter(({ isSlow }) => isSlow !== true || process.env["SLOW"] === "1").map(({ name }) => name);
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: usual },
    lanes: { type: "string", default: "3" },
  },
});
const unknown = values.only.filter((name) => !names.includes(name));
if (unknown.length > 0 || !/^[1-9]$/.test(values.lanes)) {
  process.stderr.write(`--only takes: ${names.join(", ")}; --lanes takes a number from 1 to 9\n`);
  process.exit(2);
}
const chosen = PARTS.filter(({ name }) => values.only.includes(name));
const width = Math.max(...chosen.map(({ name }) => name.length));

// The runners and what they have started end with this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

// What runners share is made once: two builds at once would be in each other's way. The app is built while others run.
const app = chosen.some(({ needsApp }) => needsApp) && isAppStale() ? buildApp() : Promise.resolve();
// Awaited by each part that needs it: a failed build must not surface as an unhandled rejection before.
app.catch(() => undefined);

async function buildContracts(): Promise<void> {
  const { code, output } = await runNode([tool("hardhat"), "build", "--quiet"]);
  if (code !== 0) throw new Error(`the contracts do not compile:\n${output.trim()}`);
}

/** Runs one part, its lines marked with its name. A runner that broke, or ran nothing, is a failure of its own. */
async function run({ name, needsApp, run: runPart }: Part): Promise<Counts & { name: string; seconds: number }> {
  const startedAt = performance.now();
  const print = (line: string): void => void process.stdout.write(`${name.padEnd(width)} | ${line}\n`);
  try {
    if (needsApp) await app;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return { name, passed: 0, failed: 1, skipped: 0, seconds: (performance.now() - startedAt) / 1000 };
  }
  const { passed, failed, skipped, code } = await runPart(print);
  const isBroken = failed === 0 && (code !== 0 || passed === 0);
  if (isBroken) print(passed === 0 ? "ran no test" : `ended with code ${code}`);
  const seconds = (performance.now() - startedAt) / 1000;
  print(`done in ${seconds.toFixed(0)} s`);
  return { name, passed, failed: failed + (isBroken ? 1 : 0), skipped, seconds };
}

try {
  await buildContracts();
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n\n0 passed, 1 failed\n`);
  process.exit(1);
}
const results = await inLanes(chosen, Number(values.lanes), run);
process.stdout.write("\n");
for (const { name, passed, failed, skipped, seconds } of results) {
  const extra = skipped > 0 ? ` ${skipped} skipped` : "";
  process.stdout.write(
    `${name.padEnd(width)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed${extra}  ${seconds.toFixed(0)} s\n`,
  );
}
const sum = (of: "passed" | "failed"): number => results.reduce((total, result) => total + result[of], 0);
process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed\n`);
process.exit(sum("failed") === 0 ? 0 : 1);
