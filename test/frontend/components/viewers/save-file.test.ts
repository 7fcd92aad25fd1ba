/**
 * @module test/frontend/components/viewers/save-file
 * Saving piece by piece: what arrives is what was sent, and a failure of any kind leaves nothing behind.
 */
import { expect } from "chai";
import { SdkError } from "@carekey/sdk/errors";
import {
  MEMORY_LIMIT_BYTES,
  STREAM_FROM_BYTES,
  savingOf,
  writeStream,
  type SaveTarget,
} from "../../../../frontend/src/components/viewers/save-file.ts";
import { expectRefusal } from "../../../support/refusal.ts";

/** A disk with one place on it. What is written shows only once it is closed, as in a browser. */
function diskWith(file: { fails?: Error; removes?: boolean; before?: number[] } = {}) {
  const disk = { content: file.before ?? null, isRemoved: false };
  const target: SaveTarget = {
    getFile: () => Promise.resolve({ size: disk.content?.length ?? 0 }),
    createWritable: () => {
      const pending: number[] = [];
      return Promise.resolve({
        write: (piece: Uint8Array) =>
          file.fails === undefined ? Promise.resolve(void pending.push(...piece)) : Promise.reject(file.fails),
        close: () => Promise.resolve(void (disk.content = pending)),
        abort: () => Promise.resolve(void pending.splice(0)),
      });
    },
    ...(file.removes === false ? {} : { remove: () => Promise.resolve(void (disk.isRemoved = true)) }),
  };
  return { disk, target };
}

/** A stream of pieces that ends with an error, if one is given. */
function streamOf(pieces: number[][], error?: Error): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(new Uint8Array(piece));
      else if (error !== undefined) controller.error(error);
      else controller.close();
    },
  });
}

describe("writeStream", () => {
  it("writes every piece in order, and reports the bytes done", async () => {
    const { disk, target } = diskWith();
    const done: number[] = [];
    await writeStream(target, streamOf([[1, 2], [3]]), { onProgress: (bytes) => done.push(bytes) });
    expect(disk).to.deep.equal({ content: [1, 2, 3], isRemoved: false });
    expect(done).to.deep.equal([2, 3]);
  });

  it("leaves nothing of a file that proves damaged at its end, and keeps the reason", async () => {
    const { disk, target } = diskWith();
    const damaged = new SdkError("DECRYPTION_FAILED", "does not open");
    await expectRefusal(writeStream(target, streamOf([[1, 2], [3]], damaged)), "DECRYPTION_FAILED");
    expect(disk).to.deep.equal({ content: null, isRemoved: true });
  });

  it("leaves nothing where the browser cannot remove, either", async () => {
    const { disk, target } = diskWith({ removes: false });
    const damaged = new SdkError("DECRYPTION_FAILED", "does not open");
    await expectRefusal(writeStream(target, streamOf([[1]], damaged)), "DECRYPTION_FAILED");
    expect(disk.content).to.equal(null);
  });

  it("keeps an older file of that name when the new one fails", async () => {
    const { disk, target } = diskWith({ before: [9, 9] });
    const damaged = new SdkError("DECRYPTION_FAILED", "does not open");
    await expectRefusal(writeStream(target, streamOf([[1]], damaged)), "DECRYPTION_FAILED");
    expect(disk).to.deep.equal({ content: [9, 9], isRemoved: false });
  });

  it("stops when told, and leaves nothing", async () => {
    const { disk, target } = diskWith();
    const controller = new AbortController();
    const stopped = writeStream(target, streamOf([[1], [2], [3]]), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expectRefusal(stopped, "CANCELLED");
    expect(disk).to.deep.equal({ content: null, isRemoved: true });
  });

  it("passes on that the disk is full, and leaves nothing", async () => {
    const full = new RangeError("no room");
    const { disk, target } = diskWith({ fails: full });
    expect(await writeStream(target, streamOf([[1]])).catch((error: unknown) => error)).to.equal(full);
    expect(disk).to.deep.equal({ content: null, isRemoved: true });
  });
});

describe("savingOf", () => {
  it("streams large files where the browser can, and warns of very large ones where it cannot", () => {
    expect(savingOf(STREAM_FROM_BYTES - 1, true)).to.equal("memory");
    expect(savingOf(STREAM_FROM_BYTES, true)).to.equal("stream");
    expect(savingOf(MEMORY_LIMIT_BYTES + 1, true)).to.equal("stream");
    expect(savingOf(MEMORY_LIMIT_BYTES, false)).to.equal("memory");
    expect(savingOf(MEMORY_LIMIT_BYTES + 1, false)).to.equal("warned");
  });
});
