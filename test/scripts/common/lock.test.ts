/**
 * @module test/scripts/common/lock
 * One process per folder, and no lock that a crash leaves stuck.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LockedError, lockDirectory } from "../../../scripts/common/lock.ts";

describe("folder lock", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "carekey-lock-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is released", () => {
    lockDirectory(folder, "a test").release();
    const again = lockDirectory(folder, "a test");
    expect(again.takenOver).to.equal(false);
    again.release();
  });

  it("names the living process that holds it", () => {
    writeFileSync(join(folder, "lock"), `${process.ppid} \n`);
    expect(() => lockDirectory(folder, "a test"))
      .to.throw(LockedError)
      .with.property("pid", process.ppid);
  });

  it("is taken over from a process that is gone", () => {
    writeFileSync(join(folder, "lock"), "999999999 1\n");
    const lock = lockDirectory(folder, "a test");
    expect(lock.takenOver).to.equal(true);
    expect(readFileSync(join(folder, "lock"), "utf8")).to.match(new RegExp(`^${process.pid} `));
  });

  it("is taken over when its process id belongs to another process by now", function () {
    if (process.platform !== "linux") this.skip();
    writeFileSync(join(folder, "lock"), `${process.ppid} 1\n`);
    expect(lockDirectory(folder, "a test").takenOver).to.equal(true);
  });

  it("is taken over when a crash left it empty", () => {
    writeFileSync(join(folder, "lock"), "");
    expect(lockDirectory(folder, "a test").takenOver).to.equal(true);
  });
});
