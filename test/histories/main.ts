/**
 * @module test/histories/main
 * `npm run histories -- --count N --seed S [--acts A]`: random histories on the real chain and keepers, compared with a model.
 * History k of a run has the seed S + k. The last line is `N histories, D differences`; any difference is a failure.
 */
import { parseArgs } from "node:util";
import { startClinic } from "../services/keeper/support/clinic.ts";
import { playHistory } from "./history.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    acts: { type: "string", default: "40" },
    verbose: { type: "boolean", default: false },
  },
});

function wholeNumber(name: "count" | "seed" | "acts"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  process.stderr.write(`--${name} takes a whole number; not ${values[name]}\n`);
  process.exit(2);
}

const [count, seed, acts] = [wholeNumber("count"), wholeNumber("seed"), wholeNumber("acts")];
const clinic = await startClinic();
let differences = 0;
let opened = 0;
let refused = 0;
for (let index = 0; index < count; index++) {
  const result = await playHistory(clinic, seed + index, acts);
  differences += result.differences.length;
  opened += result.opened;
  refused += result.refused;
  if (values.verbose || result.differences.length > 0) {
    process.stdout.write(`\nhistory --seed ${seed + index} --count 1 --acts ${acts}\n`);
    for (const line of result.log) process.stdout.write(`  ${line}\n`);
    for (const line of result.differences) process.stdout.write(`  DIFFERENCE ${line}\n`);
  }
  if ((index + 1) % 20 === 0) process.stdout.write(`${index + 1} of ${count}\n`);
}
await clinic.close();
process.stdout.write(`\nseed ${seed}: ${opened} views opened a record, ${refused} did not\n`);
process.stdout.write(`${count} histories, ${differences} differences\n`);
process.exit(differences === 0 ? 0 : 1);
