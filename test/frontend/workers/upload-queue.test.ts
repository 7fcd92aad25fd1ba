/**
 * @module test/frontend/workers/upload-queue
 * The upload queue over a real sealed store and an uploader that the test drives by hand.
 */
import { expect } from "chai";
import type { Hex } from "@carekey/sdk/bytes";
import { SdkError, type SdkErrorCode } from "@carekey/sdk/errors";
import { deriveQueueKey, sealedJobStore, type RowStore } from "../../../frontend/src/workers/upload-job.ts";
import { createUploadQueue, type UploadQueue, type UploadState } from "../../../frontend/src/workers/upload-queue.ts";
import type { Uploader } from "../../../frontend/src/workers/uploader.ts";

const CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
const LEAF: Hex[] = [0, 1, 2].map((index): Hex => `0x${String(index).repeat(64)}`);
const VAULT_KEY = new Uint8Array(32).fill(7);

/** A table in memory that outlives the queues of one test, as IndexedDB outlives a page. */
function memoryRows(): RowStore & { rows: Map<string, Uint8Array> } {
  const rows = new Map<string, Uint8Array>();
  return {
    rows,
    list: () => Promise.resolve([...rows].map(([id, sealed]) => ({ id, sealed }))),
    put: (id, sealed) => Promise.resolve(void rows.set(id, sealed)),
    remove: (id) => Promise.resolve(void rows.delete(id)),
  };
}

/** An uploader whose uploads end when the test says so; hashes are the file's text. */
function handUploader() {
  const uploads: {
    input: Parameters<Uploader["upload"]>[0];
    options: Parameters<Uploader["upload"]>[1];
    finish(): void;
    fail(code: SdkErrorCode): void;
  }[] = [];
  let isClosed = false;
  const uploader: Uploader = {
    async hash(file, { signal }) {
      const text = await file.text();
      if (signal.aborted) throw new SdkError("CANCELLED", "stopped");
      return `0x${text.padEnd(64, "0").slice(0, 64)}`;
    },
    upload: (input, options) =>
      new Promise((resolve, reject) => {
        options.signal.addEventListener("abort", () => reject(new SdkError("CANCELLED", "stopped")));
        uploads.push({
          input,
          options,
          finish: () => resolve({ cid: CID, leafDigests: LEAF }),
          fail: (code) => reject(new SdkError(code, "as the test wants")),
        });
      }),
    close: () => void (isClosed = true),
  };
  return { uploader, uploads, isClosed: () => isClosed };
}

async function visit(rows: RowStore, vaultKey = VAULT_KEY) {
  const hand = handUploader();
  const timers: (() => void)[] = [];
  let nowMs = 1_000;
  const queue = createUploadQueue({
    jobs: sealedJobStore(rows, await deriveQueueKey(vaultKey)),
    uploader: hand.uploader,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    nowMs: () => (nowMs += 1_000),
    later: (call) => {
      timers.push(call);
      return () => void timers.splice(timers.indexOf(call), 1);
    },
  });
  await queue.load();
  return { queue, ...hand, timers };
}

const chosen = (text: string, name = "blood-test.pdf") => ({
  file: new Blob([text]),
  name,
  type: "application/pdf",
  scope: "labs",
});

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(condition(), "the state that the test waits for").to.equal(true);
}

const stateOf = (queue: UploadQueue, index = 0): UploadState | undefined => queue.snapshot().items[index]?.state;
const idOf = (queue: UploadQueue, index = 0): string => queue.snapshot().items[index]!.id;

describe("upload queue", () => {
  describe("add", () => {
    it("uploads one file at a time and keeps finished ones as ready", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("a1", "one.pdf"), chosen("b2", "two.pdf")]);
      await until(() => uploads.length === 1);
      expect(queue.snapshot().items.map(({ state }) => state)).to.deep.equal(["uploading", "queued"]);
      uploads[0]!.finish();
      await until(() => uploads.length === 2);
      uploads[1]!.finish();
      await until(() => stateOf(queue, 1) === "ready");
      expect(queue.snapshot().items.map(({ state }) => state)).to.deep.equal(["ready", "ready"]);
    });

    it("makes a fresh key for each file", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("aa", "one.pdf"), chosen("aa", "two.pdf")]);
      await until(() => uploads.length === 1);
      uploads[0]!.finish();
      await until(() => uploads.length === 2);
      expect(uploads[0]!.input.dek).to.have.length(32);
      expect(uploads[0]!.input.salt).to.have.length(16);
      expect(uploads[0]!.input.dek).to.not.deep.equal(uploads[1]!.input.dek);
    });

    it("stores nothing about the file in clear", async () => {
      const rows = memoryRows();
      const { queue, uploads } = await visit(rows);
      await queue.add([chosen("c0ffee", "hiv-result.pdf")]);
      await until(() => uploads.length === 1);
      for (const sealed of rows.rows.values()) {
        const stored = Buffer.from(sealed).toString("latin1");
        expect(stored).to.not.include("hiv-result");
        expect(stored).to.not.include("application/pdf");
        expect(stored).to.not.include("c0ffee");
        expect(stored).to.not.include(Buffer.from(uploads[0]!.input.dek).toString("latin1"));
      }
      expect(rows.rows.size).to.equal(1);
    });
  });

  describe("pause and resume", () => {
    it("goes on after the leaves that were stored, under the same key", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      uploads[0]!.options.onStored(LEAF.slice(0, 2));
      queue.pause(idOf(queue));
      expect(stateOf(queue)).to.equal("paused");
      expect(uploads[0]!.options.signal.aborted).to.equal(true);
      queue.resume(idOf(queue));
      await until(() => uploads.length === 2);
      expect(uploads[1]!.input.done).to.deep.equal(LEAF.slice(0, 2));
      expect(uploads[1]!.input.dek).to.deep.equal(uploads[0]!.input.dek);
    });

    it("lets the next file go on while one is paused", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("a1", "one.pdf"), chosen("b2", "two.pdf")]);
      await until(() => uploads.length === 1);
      queue.pause(idOf(queue));
      await until(() => uploads.length === 2);
      expect(queue.snapshot().items.map(({ state }) => state)).to.deep.equal(["paused", "uploading"]);
    });
  });

  describe("after a reload", () => {
    async function interrupted(rows: RowStore) {
      const first = await visit(rows);
      await first.queue.add([chosen("abcd")]);
      await until(() => first.uploads.length === 1);
      first.uploads[0]!.options.onStored(LEAF.slice(0, 1));
      await until(() => true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { dek } = first.uploads[0]!.input;
      const keptDek = dek.slice();
      first.queue.close();
      return keptDek;
    }

    it("asks for the file again and goes on where it stopped", async () => {
      const rows = memoryRows();
      const dek = await interrupted(rows);
      const { queue, uploads } = await visit(rows);
      expect(stateOf(queue)).to.equal("needs-file");
      queue.chooseAgain(idOf(queue), new Blob(["abcd"]));
      await until(() => uploads.length === 1);
      expect(uploads[0]!.input.done).to.deep.equal(LEAF.slice(0, 1));
      expect(uploads[0]!.input.dek).to.deep.equal(dek);
    });

    it("takes a dropped file of the same name and size as the one begun", async () => {
      const rows = memoryRows();
      await interrupted(rows);
      const { queue, uploads } = await visit(rows);
      await queue.add([chosen("abcd")]);
      await until(() => uploads.length === 1);
      expect(queue.snapshot().items).to.have.length(1);
      expect(uploads[0]!.input.done).to.deep.equal(LEAF.slice(0, 1));
    });

    it("refuses a file of another size with FILE_CHANGED", async () => {
      const rows = memoryRows();
      await interrupted(rows);
      const { queue, uploads } = await visit(rows);
      queue.chooseAgain(idOf(queue), new Blob(["abcde"]));
      expect(queue.snapshot().items[0]).to.include({ state: "changed", problem: "FILE_CHANGED" });
      expect(uploads).to.have.length(0);
    });

    it("refuses a file of the same size and other bytes with FILE_CHANGED, and encrypts none of it", async () => {
      const rows = memoryRows();
      await interrupted(rows);
      const { queue, uploads } = await visit(rows);
      queue.chooseAgain(idOf(queue), new Blob(["abce"]));
      await until(() => stateOf(queue) === "changed");
      expect(queue.snapshot().items[0]!.problem).to.equal("FILE_CHANGED");
      expect(uploads).to.have.length(0);
    });

    it("still takes the right file after a wrong one", async () => {
      const rows = memoryRows();
      await interrupted(rows);
      const { queue, uploads } = await visit(rows);
      queue.chooseAgain(idOf(queue), new Blob(["abce"]));
      await until(() => stateOf(queue) === "changed");
      queue.chooseAgain(idOf(queue), new Blob(["abcd"]));
      await until(() => uploads.length === 1);
      expect(uploads[0]!.input.done).to.deep.equal(LEAF.slice(0, 1));
    });

    it("encrypts a changed file under a new key, from the beginning", async () => {
      const rows = memoryRows();
      const dek = await interrupted(rows);
      const { queue, uploads } = await visit(rows);
      queue.chooseAgain(idOf(queue), new Blob(["abce"]));
      await until(() => stateOf(queue) === "changed");
      await queue.startOver(idOf(queue));
      await until(() => uploads.length === 1);
      expect(uploads[0]!.input.done).to.deep.equal([]);
      expect(uploads[0]!.input.dek).to.not.deep.equal(dek);
    });

    it("keeps a finished upload ready to add", async () => {
      const rows = memoryRows();
      const first = await visit(rows);
      await first.queue.add([chosen("abcd")]);
      await until(() => first.uploads.length === 1);
      first.uploads[0]!.finish();
      await until(() => stateOf(first.queue) === "ready");
      const { queue } = await visit(rows);
      expect(stateOf(queue)).to.equal("ready");
      const finished = queue.finished(idOf(queue));
      expect(finished).to.include({ name: "blood-test.pdf", size: 4, scope: "labs" });
      expect(finished.content.cid).to.equal(CID);
      expect(finished.content.dek).to.have.length(32);
    });

    it("does not show another person's uploads on the same device", async () => {
      const rows = memoryRows();
      await interrupted(rows);
      const { queue } = await visit(rows, new Uint8Array(32).fill(8));
      expect(queue.snapshot().items).to.deep.equal([]);
      expect(rows.rows.size).to.equal(1);
    });

    it("ignores a row that was altered", async () => {
      const rows = memoryRows();
      await interrupted(rows);
      for (const sealed of rows.rows.values()) sealed[sealed.length - 1]! ^= 1;
      const { queue } = await visit(rows);
      expect(queue.snapshot().items).to.deep.equal([]);
    });
  });

  describe("when storage says no", () => {
    for (const code of ["QUOTA_EXCEEDED", "STORAGE_FULL", "NOT_SIGNED_IN"] as const) {
      it(`waits as a whole on ${code} until the person tries again`, async () => {
        const { queue, uploads, timers } = await visit(memoryRows());
        await queue.add([chosen("a1", "one.pdf"), chosen("b2", "two.pdf")]);
        await until(() => uploads.length === 1);
        uploads[0]!.fail(code);
        await until(() => queue.snapshot().waiting === code);
        expect(queue.snapshot().items.map(({ state }) => state)).to.deep.equal(["queued", "queued"]);
        expect(timers).to.have.length(0);
        queue.tryAgain();
        await until(() => uploads.length === 2);
        expect(queue.snapshot().waiting).to.equal(null);
      });
    }

    it("tries again by itself when the file store does not answer", async () => {
      const { queue, uploads, timers } = await visit(memoryRows());
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      uploads[0]!.fail("IPFS_UNAVAILABLE");
      await until(() => timers.length === 1);
      expect(queue.snapshot().waiting).to.equal("IPFS_UNAVAILABLE");
      timers[0]!();
      await until(() => uploads.length === 2);
    });

    it("leaves one broken file behind and goes on with the next", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("a1", "one.pdf"), chosen("b2", "two.pdf")]);
      await until(() => uploads.length === 1);
      uploads[0]!.fail("CID_MISMATCH");
      await until(() => uploads.length === 2);
      expect(queue.snapshot().items[0]).to.include({ state: "failed", problem: "CID_MISMATCH" });
    });

    it("says STORAGE_FULL when the device itself cannot keep the queue", async () => {
      const rows = memoryRows();
      rows.put = () => Promise.reject(new SdkError("STORAGE_FULL", "no space on the device"));
      const { queue } = await visit(rows);
      await queue.add([chosen("ab")]);
      expect(queue.snapshot().waiting).to.equal("STORAGE_FULL");
    });
  });

  describe("finished, lost and remove", () => {
    it("refuses to give an unfinished upload to the chart", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      expect(() => queue.finished(idOf(queue)))
        .to.throw(SdkError)
        .with.property("code", "INVALID_ARGUMENT");
      expect(() => queue.finished("nobody"))
        .to.throw(SdkError)
        .with.property("code", "NOT_FOUND");
    });

    it("stays ready however often it is read, so that a refused signature loses nothing", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      uploads[0]!.finish();
      await until(() => stateOf(queue) === "ready");
      expect(queue.finished(idOf(queue))).to.deep.equal(queue.finished(idOf(queue)));
      expect(stateOf(queue)).to.equal("ready");
    });

    it("asks for the file again when the server dropped the ciphertext", async () => {
      const { queue, uploads } = await visit(memoryRows());
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      uploads[0]!.finish();
      await until(() => stateOf(queue) === "ready");
      await queue.lost(idOf(queue));
      expect(stateOf(queue)).to.equal("needs-file");
      queue.chooseAgain(idOf(queue), new Blob(["ab"]));
      await until(() => uploads.length === 2);
      expect(uploads[1]!.input.done).to.deep.equal([]);
      expect(uploads[1]!.input.dek).to.deep.equal(uploads[0]!.input.dek);
    });

    it("forgets a removed file, on the device too", async () => {
      const rows = memoryRows();
      const { queue, uploads } = await visit(rows);
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      await queue.remove(idOf(queue));
      expect(uploads[0]!.options.signal.aborted).to.equal(true);
      expect(queue.snapshot().items).to.deep.equal([]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(rows.rows.size).to.equal(0);
    });

    it("files an upload under the scope chosen last", async () => {
      const rows = memoryRows();
      const { queue, uploads } = await visit(rows);
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      await queue.setScope(idOf(queue), "imaging");
      const { queue: later } = await visit(rows);
      expect(later.snapshot().items[0]!.scope).to.equal("imaging");
    });
  });

  describe("close", () => {
    it("ends the upload, closes the uploader and overwrites the keys", async () => {
      const { queue, uploads, isClosed } = await visit(memoryRows());
      await queue.add([chosen("ab")]);
      await until(() => uploads.length === 1);
      const { dek } = uploads[0]!.input;
      queue.close();
      expect(isClosed()).to.equal(true);
      expect(uploads[0]!.options.signal.aborted).to.equal(true);
      expect(dek.every((byte) => byte === 0)).to.equal(true);
    });
  });
});
