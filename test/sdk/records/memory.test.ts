/**
 * @module test/sdk/records/memory
 * Encrypting and decrypting a large file takes no more memory than a small one: 32 MB by default, 300 MB with SLOW=1.
 * Runs in a process of its own, so that the peak is its alone.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

type Report = { sizeBytes: number; liveGrowth: number; residentGrowth: number };

/** What may be under way at once, whatever the file's size: four leaves with their plaintexts, and what waits beside them. */
const LIVE_LIMIT = 26 * 2 ** 20;
/** The same with the garbage that the collector has not fetched yet. */
const RESIDENT_LIMIT = 160 * 2 ** 20;
const sizes = process.env.SLOW === "1" ? [32e6, 300e6] : [32e6];

describe("memory of content", function () {
  this.timeout(120_000);

  for (const size of sizes) {
    it(`stays flat over encrypting and decrypting ${size / 1e6} MB`, async () => {
      const script = fileURLToPath(new URL("./memory-probe.ts", import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, String(size)]);
      const report = JSON.parse(stdout) as Report;
      expect(report.sizeBytes).to.equal(size);
      expect(report.liveGrowth).to.be.lessThan(LIVE_LIMIT);
      expect(report.residentGrowth).to.be.lessThan(RESIDENT_LIMIT);
    });
  }
});
