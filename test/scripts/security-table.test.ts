/**
 * @module test/scripts/security-table
 * Every test that docs/security.md points to exists, under the name that is given there.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const ROOT = join(import.meta.dirname, "../..");

describe("the table of threats", () => {
  const document = readFileSync(join(ROOT, "docs/security.md"), "utf8");
  const rows = document.split("\n").filter((line) => line.includes("`test/") && line.startsWith("|"));

  it("names a test for each attack", () => {
    const attacks = /## Attacks\n([^]*?)\n## /.exec(document)?.[1]?.split("\n") ?? [];
    expect(rows)
      .to.have.lengthOf(attacks.filter((line) => line.startsWith("|")).length - 2)
      .above(20);
  });

  it("names tests that exist", () => {
    for (const row of rows) {
      for (const [, path, titles] of row.matchAll(/`(test\/[^`]+)`([^`|]*)/g)) {
        const file = join(ROOT, path!);
        expect(existsSync(file), path).to.equal(true);
        const source = readFileSync(file, "utf8");
        for (const [, title] of titles!.matchAll(/“(.*?)”/g)) {
          expect(source.includes(`it("${title!}"`), `${path!}: ${title!}`).to.equal(true);
        }
      }
    }
  });
});
