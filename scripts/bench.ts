/**
 * @module bench
 * `npm run bench`: what Carekey promises about speed and cost, measured and compared within this run.
 * `--only gas|crypto|ipfs|view|release` (repeatable); `--json FILE` writes the list, too. Fails when a goal is missed.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { crypto_ } from "./bench/crypto.ts";
import { gas } from "./bench/gas.ts";
import { ipfs } from "./bench/ipfs.ts";
import { release } from "./bench/release.ts";
import type { BenchResult } from "./bench/result.ts";
import { view } from "./bench/view.ts";

const PARTS = [gas, crypto_, ipfs, view, release];
const names = PARTS.map(({ name }) => name);
const { values } = parseArgs({
  options: { only: { type: "string", multiple: true, default: names }, json: { type: "string" } },
});
const unknown = values.only.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`--only takes: ${names.join(", ")}; not ${unknown.join(", ")}\n`);
  process.exit(2);
}

const results: BenchResult[] = [];
for (const part of PARTS) if (values.only.includes(part.name)) results.push(...(await part.run()));

const round = (value: number | null): string =>
  value === null ? "-" : value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
const rows = results.map(({ name, value, unit, reference, ratio, goal, ok }) => [
  name,
  `${round(value)} ${unit}`,
  round(reference),
  ratio === null ? "-" : ratio.toFixed(2),
  goal,
  ok ? "ok" : "MISSED",
]);
const table = [["what", "measured", "reference", "ratio", "goal", ""], ...rows];
const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
for (const row of table) {
  process.stdout.write(
    `${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  ")}\n`,
  );
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
const missed = results.filter(({ ok }) => !ok).length;
process.stdout.write(`\n${results.length - missed} goals met, ${missed} missed\n`);
process.exit(missed === 0 ? 0 : 1);
