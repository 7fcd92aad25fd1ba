/**
 * @module check
 * `npm run check`: what a change must pass, in the order in which it is cheapest to fail. Snapshots of gas, bytecode
 * size and storage layout are compared by the contracts' tests. `--only STEP` (repeatable), `--skip STEP`.
 */
import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import { ROOT, runNode, tool } from "./common/run.ts";

type Step = { name: string; title: string; command: readonly string[] };

const generators = globSync("scripts/export-*.ts", { cwd: ROOT }).toSorted();

const STEPS: readonly Step[] = [
  { name: "format", title: "format", command: [tool("prettier"), "--check", "--log-level", "warn", "."] },
  { name: "lint", title: "lint TypeScript", command: [tool("eslint"), ".", "--max-warnings", "0"] },
  {
    name: "lint",
    title: "lint Solidity",
    command: [tool("solhint"), "contracts/**/*.sol", "--max-warnings", "0", "--noPoster", "--disc"],
  },
  { name: "types", title: "types", command: [tool("tsc"), "-p", "tsconfig.json"] },
  { name: "types", title: "types of the app", command: [tool("tsc"), "-p", "frontend/tsconfig.json", "--noEmit"] },
  { name: "generated", title: "exports of the sdk exist", command: ["scripts/check-subpaths.ts"] },
  ...generators.map((script) => ({ name: "generated", title: `${script} is fresh`, command: [script, "--check"] })),
  { name: "test", title: "tests and snapshots", command: ["scripts/test.ts"] },
];

const names = [...new Set(STEPS.map(({ name }) => name))];
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: names },
    skip: { type: "string", multiple: true, default: [] },
  },
});
const unknown = [...values.only, ...values.skip].filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`--only and --skip take: ${names.join(", ")}; not ${unknown.join(", ")}\n`);
  process.exit(2);
}
const chosen = STEPS.filter(({ name }) => values.only.includes(name) && !values.skip.includes(name));

let failed = 0;
for (const { name, title, command } of chosen) {
  const startedAt = performance.now();
  const isLong = name === "test";
  const { code, output } = await runNode(command, {
    environment: { NO_COLOR: "1" },
    ...(isLong ? { onLine: (line: string) => process.stdout.write(`${line}\n`) } : {}),
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${title} (${seconds} s)\n`);
  if (code === 0) continue;
  failed += 1;
  if (!isLong) process.stdout.write(`${output.trim()}\n\n`);
}
process.stdout.write(`${chosen.length - failed} checks passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
