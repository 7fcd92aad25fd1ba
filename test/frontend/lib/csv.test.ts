/**
 * @module test/frontend/lib/csv
 * Tables that a spreadsheet opens without running anything in them.
 */
import { expect } from "chai";
import { csvBlob, csvTime, toCsv } from "../../../frontend/src/lib/csv.ts";

describe("csv", () => {
  it("quotes what needs quotes", () => {
    expect(toCsv(["a", "b"], [['said "yes", then\nno', "plain"]])).to.equal(
      'a,b\r\n"said ""yes"", then\nno",plain\r\n',
    );
  });

  it("defuses a cell that a spreadsheet would run", () => {
    const starts = ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0+", "＝", "＋", "－", "＠"];
    for (const start of starts) {
      const cell = toCsv(["a"], [[`${start}cmd|' /C calc'!A0`]]).slice("a\r\n".length);
      expect(cell.replace(/^"/, ""), JSON.stringify(start)).to.match(/^'/);
    }
  });

  it("leaves harmless words alone", () => {
    expect(toCsv(["a"], [["2 + 2 = 4"], ["a-b@c"]])).to.equal("a\r\n2 + 2 = 4\r\na-b@c\r\n");
  });

  it("writes times in UTC, and files with a mark for UTF-8", async () => {
    expect(csvTime(0)).to.equal("1970-01-01T00:00:00.000Z");
    const bytes = new Uint8Array(await csvBlob("ä").arrayBuffer());
    expect([...bytes]).to.deep.equal([0xef, 0xbb, 0xbf, 0xc3, 0xa4]);
  });
});
