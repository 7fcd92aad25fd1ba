/**
 * @module test/frontend/workers/upload-engine
 * Both passes of an upload, with the sdk's real encryption, into a block store in memory.
 */
import { createHash } from "node:crypto";
import { expect } from "chai";
import { toHex, type Hex } from "@carekey/sdk/bytes";
import { isSdkError, SdkError, type SdkErrorCode } from "@carekey/sdk/errors";
import { contentCid, decryptContent, digestOf } from "@carekey/sdk/records";
import { hashFile, LEAVES_IN_FLIGHT, uploadFile } from "../../../frontend/src/workers/upload-engine.ts";

const MIB = 1024 * 1024;
const dek = new Uint8Array(32).fill(1);
const salt = new Uint8Array(16).fill(2);

/** Blocks in memory that count how many are under way, and can be told to fail. */
function memoryBlocks(delayMs = 3) {
  const blocks = new Map<string, Uint8Array>();
  const seen = { puts: 0, underway: 0, most: 0 };
  let failure: { after: number; code: SdkErrorCode } | null = null;
  return {
    blocks,
    seen,
    failAfter: (after: number, code: SdkErrorCode) => void (failure = { after, code }),
    async putRaw(bytes: Uint8Array): Promise<Hex> {
      seen.puts += 1;
      seen.underway += 1;
      seen.most = Math.max(seen.most, seen.underway);
      const isRefused = failure !== null && seen.puts > failure.after;
      await new Promise((resolve) => setTimeout(resolve, delayMs + Math.random() * 4));
      seen.underway -= 1;
      if (isRefused) throw new SdkError(failure!.code, "as the test wants");
      const digest = digestOf(bytes);
      blocks.set(digest, bytes);
      return digest;
    },
    putDagPb(bytes: Uint8Array): Promise<string> {
      blocks.set("root", bytes);
      return Promise.resolve("root");
    },
    has: (digest: string) => Promise.resolve(blocks.has(digest)),
  };
}

/** Bytes without a pattern that encryption or padding could hide behind. */
function fileOf(size: number): { file: Blob; bytes: Uint8Array<ArrayBuffer>; sha256: Hex } {
  const bytes = new Uint8Array(size).map((_, index) => (index * 2_654_435_761) >>> 24);
  return { file: new Blob([bytes]), bytes, sha256: toHex(createHash("sha256").update(bytes).digest()) };
}

async function codeOf(promise: Promise<unknown>): Promise<SdkErrorCode | "none" | "other"> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return isSdkError(error) ? error.code : "other";
  }
}

const go = () => new AbortController().signal;

describe("upload engine", () => {
  describe("hashFile", () => {
    it("gives the file's sha-256 and ends its progress at the size", async () => {
      const { file, sha256 } = fileOf(5 * MIB + 3);
      const progress: number[] = [];
      expect(await hashFile(file, { signal: go(), onProgress: (done) => progress.push(done) })).to.equal(sha256);
      expect(progress.at(-1)).to.equal(file.size);
      expect(progress).to.deep.equal([...progress].sort((left, right) => left - right));
    });

    it("stops with CANCELLED", async () => {
      expect(await codeOf(hashFile(fileOf(10).file, { signal: AbortSignal.abort() }))).to.equal("CANCELLED");
    });

    it("says FILE_CHANGED when the browser can no longer read the file", async () => {
      const gone = new (class extends Blob {
        override slice(): Blob {
          throw new DOMException("moved", "NotReadableError");
        }
      })(["moved"]);
      expect(await codeOf(hashFile(gone, { signal: go() }))).to.equal("FILE_CHANGED");
    });
  });

  describe("uploadFile", () => {
    it("stores ciphertext that opens to the same bytes", async () => {
      const { file, bytes, sha256 } = fileOf(3 * MIB + 17);
      const store = memoryBlocks();
      const { cid, leafDigests } = await uploadFile(
        { file, dek, salt, sha256, done: [] },
        { blocks: store, signal: go() },
      );
      expect(cid).to.equal(contentCid(leafDigests, file.size).cid);
      const opened: Uint8Array[] = [];
      const leaves = (index: number) => Promise.resolve(store.blocks.get(leafDigests[index]!)!);
      for await (const piece of decryptContent({ leaves, dek, salt, size: file.size, sha256, leafDigests })) {
        opened.push(piece);
      }
      expect(Buffer.concat(opened).equals(Buffer.from(bytes))).to.equal(true);
    });

    it("keeps four leaves under way and no more", async () => {
      const { file, sha256 } = fileOf(12 * MIB);
      const store = memoryBlocks(60);
      await uploadFile({ file, dek, salt, sha256, done: [] }, { blocks: store, signal: go() });
      expect(store.seen.most).to.equal(LEAVES_IN_FLIGHT);
    });

    it("tells the unbroken run of stored leaves in order, whatever the order in which they arrive", async () => {
      const { file, sha256 } = fileOf(9 * MIB);
      const runs: (readonly Hex[])[] = [];
      const { leafDigests } = await uploadFile(
        { file, dek, salt, sha256, done: [] },
        { blocks: memoryBlocks(), signal: go(), onStored: (stored) => runs.push([...stored]) },
      );
      for (const run of runs) expect(run).to.deep.equal(leafDigests.slice(0, run.length));
      expect(runs.at(-1)).to.deep.equal(leafDigests);
    });

    it("goes on after the leaves that are stored and ends at the same address", async () => {
      const { file, sha256 } = fileOf(6 * MIB);
      const store = memoryBlocks();
      const whole = await uploadFile({ file, dek, salt, sha256, done: [] }, { blocks: store, signal: go() });
      const before = store.seen.puts;
      const done = whole.leafDigests.slice(0, 4);
      const rest = await uploadFile({ file, dek, salt, sha256, done }, { blocks: store, signal: go() });
      expect(rest).to.deep.equal(whole);
      expect(store.seen.puts - before).to.equal(whole.leafDigests.length - 4);
    });

    it("begins anew when the server no longer has the leaves", async () => {
      const { file, sha256 } = fileOf(3 * MIB);
      const whole = await uploadFile({ file, dek, salt, sha256, done: [] }, { blocks: memoryBlocks(), signal: go() });
      const emptied = memoryBlocks();
      const again = await uploadFile(
        { file, dek, salt, sha256, done: whole.leafDigests.slice(0, 2) },
        { blocks: emptied, signal: go() },
      );
      expect(again).to.deep.equal(whole);
      expect(emptied.seen.puts).to.equal(whole.leafDigests.length);
    });

    it("encrypts nothing further under a used key when the bytes changed: FILE_CHANGED", async () => {
      const { file, sha256 } = fileOf(3 * MIB);
      const store = memoryBlocks();
      const { leafDigests } = await uploadFile({ file, dek, salt, sha256, done: [] }, { blocks: store, signal: go() });
      const before = store.seen.puts;
      const changed = new Blob([new Uint8Array(3 * MIB).fill(9)]);
      const done = leafDigests.slice(0, 1);
      const code = await codeOf(
        uploadFile({ file: changed, dek, salt, sha256, done }, { blocks: store, signal: go() }),
      );
      expect(code).to.equal("FILE_CHANGED");
      expect(store.seen.puts).to.equal(before);
    });

    it("stores an empty file as one leaf", async () => {
      const { file, sha256 } = fileOf(0);
      const { leafDigests } = await uploadFile(
        { file, dek, salt, sha256, done: [] },
        { blocks: memoryBlocks(), signal: go() },
      );
      expect(leafDigests).to.have.length(1);
    });

    for (const code of ["IPFS_UNAVAILABLE", "NOT_SIGNED_IN", "QUOTA_EXCEEDED", "STORAGE_FULL"] as const) {
      it(`fails with ${code} and keeps the leaves stored before`, async () => {
        const { file, sha256 } = fileOf(10 * MIB);
        const store = memoryBlocks();
        store.failAfter(5, code);
        let stored: readonly Hex[] = [];
        const upload = uploadFile(
          { file, dek, salt, sha256, done: [] },
          { blocks: store, signal: go(), onStored: (all) => void (stored = [...all]) },
        );
        expect(await codeOf(upload)).to.equal(code);
        expect(stored.length).to.be.within(1, 5);
      });
    }

    it("stops with CANCELLED between two leaves", async () => {
      const { file, sha256 } = fileOf(8 * MIB);
      const control = new AbortController();
      const store = memoryBlocks();
      const upload = uploadFile(
        { file, dek, salt, sha256, done: [] },
        { blocks: store, signal: control.signal, onStored: () => control.abort() },
      );
      expect(await codeOf(upload)).to.equal("CANCELLED");
      expect(store.seen.puts).to.be.lessThan(9);
    });
  });
});
