/**
 * @module check-subpaths
 * Every subpath that the sdk exports loads, exports something, and nothing else can be reached.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./common/run.ts";

const manifest = z
  .object({ name: z.string(), exports: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, "sdk/package.json"), "utf8")));

const problems: string[] = [];
for (const subpath of Object.keys(manifest.exports)) {
  const name = `${manifest.name}${subpath.slice(1)}`;
  try {
    const loaded: unknown = await import(name);
    const names = Object.keys(z.record(z.string(), z.unknown()).parse({ ...Object(loaded) }));
    if (names.length === 0) problems.push(`${name} exports nothing`);
    if (names.includes("default")) problems.push(`${name} has a default export`);
  } catch (error) {
    problems.push(`${name} does not load: ${String(error)}`);
  }
}
const deep = `${manifest.name}/src/errors.ts`;
const reached = await import(deep).then(
  () => true,
  () => false,
);
if (reached) problems.push(`${deep} can be imported: deep imports must be impossible`);

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);
