/**
 * @module test/scripts/readme
 * The README's numbers and commands are those of the repository.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

function json<T>(path: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(join(ROOT, path), "utf8")));
}

describe("README", () => {
  it("shows the gas of the snapshot", () => {
    const gas = json("test/snapshots/gas.json", z.record(z.string(), z.number()));
    const table = /## Contracts\n([^]*?)\n## /.exec(readme)?.[1] ?? "";
    for (const name of [
      "register",
      "verify",
      "grant",
      "grantBySig",
      "revoke",
      "submit",
      "decide",
      "add",
      "whole life",
    ]) {
      expect(table, name).to.include(gas[name]?.toLocaleString("en"));
    }
  });

  it("shows the size of the code", () => {
    const sizes = json("test/snapshots/bytecode-size.json", z.record(z.string(), z.object({ deployed: z.number() })));
    expect(readme).to.include(`Code size: ${sizes["Carekey"]!.deployed.toLocaleString("en")} of`);
  });

  it("names commands that exist", () => {
    const { scripts } = json("package.json", z.object({ scripts: z.record(z.string(), z.string()) }));
    const commands = [...readme.matchAll(/npm (?:run )?([a-z-]+)/g)].map((match) => match[1]!);
    expect(commands).to.include.members(["start", "test", "check", "bench"]);
    for (const command of commands) expect(scripts, command).to.have.property(command);
  });

  it("names folders that exist", () => {
    for (const [, folder] of readme.matchAll(/^\| `([a-z/]+)\/`/gm)) {
      expect(() => readFileSync(join(ROOT, folder!)), folder).to.throw("EISDIR");
    }
  });
});
