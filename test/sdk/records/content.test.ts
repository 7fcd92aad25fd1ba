/**
 * @module test/sdk/records/content
 * Contents of any size: padded, streamed, resumed, sought, and never opened when anything is missing, added or moved.
 */
import { expect } from "chai";
import fc from "fast-check";
import { importFile } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { sha256 } from "@noble/hashes/sha2.js";
import type { CID } from "multiformats/cid";
import { concatBytes, toHex, u32be, type Hex } from "../../../sdk/src/bytes.ts";
import {
  CHUNK_BYTES,
  MAX_CONTENT_BYTES,
  cidOfDagPb,
  cidOfRaw,
  contentCid,
  decryptContent,
  digestOf,
  digestOfCid,
  encryptContent,
  hashContent,
  leafCount,
  leafSize,
  newFileKeys,
  paddedSize,
  type ContentSource,
  type EncryptedLeaf,
  type FileKeys,
} from "../../../sdk/src/records/index.ts";
import { RUNS, collect, expectCode, fixedRandom, flipped } from "./support.ts";

/** Bytes that never repeat within a file. */
function fileOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let offset = 0, word = 1; offset < size; offset++) {
    word = (word * 1_103_515_245 + 12_345) >>> 0;
    bytes[offset] = word >>> 16;
  }
  return bytes;
}

async function digestsOf(leaves: AsyncIterable<EncryptedLeaf>): Promise<Hex[]> {
  return (await collect(leaves)).map((leaf) => leaf.digest);
}

async function* inPieces(bytes: Uint8Array, sizes: Iterable<number>): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const size of sizes) {
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
  yield bytes.subarray(offset);
}

type Encrypted = { leaves: EncryptedLeaf[]; size: number; sha256: Hex; keys: FileKeys };

async function encrypt(bytes: Uint8Array<ArrayBuffer>, source: ContentSource = new Blob([bytes])): Promise<Encrypted> {
  const keys = newFileKeys();
  const leaves = await collect(encryptContent({ source, size: bytes.length, ...keys }));
  return { leaves, size: bytes.length, sha256: toHex(sha256(bytes)), keys };
}

async function decrypt(
  encrypted: Encrypted,
  change: Partial<Parameters<typeof decryptContent>[0]> & { served?: (index: number) => Uint8Array } = {},
): Promise<Uint8Array> {
  const { served, ...options } = change;
  const pieces = await collect(
    decryptContent({
      leaves: async (index) => served?.(index) ?? encrypted.leaves[index]!.bytes,
      ...encrypted.keys,
      size: encrypted.size,
      sha256: encrypted.sha256,
      leafDigests: encrypted.leaves.map((leaf) => leaf.digest),
      ...options,
    }),
  );
  return concatBytes(...pieces);
}

const SIZES = [0, 1, 4095, 4096, 4097, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3_333_333];

describe("content", function () {
  this.timeout(240_000);

  describe("paddedSize", () => {
    it("is 4,096 up to 4,096 bytes, then Padmé: at most 12 % more, few different sizes", () => {
      for (const [size, padded] of [
        [0, 4096],
        [1, 4096],
        [4096, 4096],
        [4097, 4352],
        [5000, 5120],
        [65_535, 65_536],
        [65_537, 67_584],
        [1_000_000, 1_015_808],
        [2 ** 32, 2 ** 32],
        [2 ** 32 + 1, 2 ** 32 + 2 ** 26],
      ] as const) {
        expect(paddedSize(size), `padded size of ${size}`).to.equal(padded);
      }
    });

    it("never shrinks, never grows by more than 12 %, and keeps what is padded", () => {
      fc.assert(
        fc.property(fc.nat(MAX_CONTENT_BYTES - 1), (size) => {
          const padded = paddedSize(size);
          expect(padded)
            .to.be.at.least(size)
            .and.at.most(Math.max(4096, size * 1.12));
          expect(padded).to.be.at.most(paddedSize(size + 1));
          if (padded <= MAX_CONTENT_BYTES) expect(paddedSize(padded)).to.equal(padded);
        }),
        { numRuns: 1000 },
      );
    });

    it("refuses what is no size, or too large", async () => {
      for (const size of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
        await expectCode(() => paddedSize(size), "INVALID_ARGUMENT");
      }
      await expectCode(() => paddedSize(MAX_CONTENT_BYTES + 1), "TOO_LARGE");
    });
  });

  describe("encryptContent and decryptContent", () => {
    for (const size of SIZES) {
      it(`bring back ${size} bytes`, async () => {
        const bytes = fileOf(size);
        const encrypted = await encrypt(bytes);
        expect(encrypted.leaves.map((leaf) => leaf.index)).to.deep.equal(encrypted.leaves.map((_, index) => index));
        expect(encrypted.leaves).to.have.length(leafCount(size));
        for (const { index, bytes: leaf, digest } of encrypted.leaves) {
          expect(leaf).to.have.length(leafSize(size, index));
          expect(leaf.length).to.be.at.most(2 ** 20);
          expect(digest).to.equal(digestOf(leaf));
        }
        expect(toHex(sha256(await decrypt(encrypted)))).to.equal(encrypted.sha256);
      });
    }

    it("give the same leaves however the source is cut", async () => {
      const bytes = fileOf(2 * CHUNK_BYTES + 77);
      const keys = newFileKeys(fixedRandom("pieces"));
      const leavesOf = (source: ContentSource) => digestsOf(encryptContent({ source, size: bytes.length, ...keys }));
      const wanted = await leavesOf(new Blob([bytes]));
      const cuts = fc.array(fc.nat(CHUNK_BYTES * 2), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(cuts, async (sizes) => {
          expect(await leavesOf(inPieces(bytes, sizes))).to.deep.equal(wanted);
        }),
        { numRuns: 12 },
      );
    });

    it("give leaves that differ with the key, the salt and the place", async () => {
      const bytes = new Uint8Array(3 * CHUNK_BYTES);
      const one = await encrypt(bytes);
      const other = await encrypt(bytes);
      const digests = [...one.leaves, ...other.leaves].map((leaf) => leaf.digest);
      expect(new Set(digests)).to.have.length(digests.length);
    });

    it("give any range of bytes from the leaves it touches only", async () => {
      const bytes = fileOf(4 * CHUNK_BYTES + 500);
      const encrypted = await encrypt(bytes);
      const place = fc.nat(bytes.length);
      await fc.assert(
        fc.asyncProperty(place, place, async (left, right) => {
          const [start, end] = left < right ? [left, right] : [right, left];
          const asked: number[] = [];
          const served = (index: number) => {
            asked.push(index);
            return encrypted.leaves[index]!.bytes;
          };
          const range = await decrypt(encrypted, { start, end, served });
          expect(Buffer.compare(range, bytes.subarray(start, end))).to.equal(0);
          if (start > 0 || end < bytes.length) {
            expect(asked.length).to.be.at.most(Math.ceil((end - start) / CHUNK_BYTES) + 1);
          }
        }),
        {
          numRuns: 25,
          examples: [
            [CHUNK_BYTES - 1, CHUNK_BYTES + 1],
            [CHUNK_BYTES, 2 * CHUNK_BYTES],
            [7, 7],
          ],
        },
      );
    });

    it("keep at most four leaves under way, and stop when the reader stops", async () => {
      const encrypted = await encrypt(new Uint8Array(9 * CHUNK_BYTES));
      let asked = 0;
      const leaves = async (index: number) => {
        asked++;
        return encrypted.leaves[index]!.bytes;
      };
      const { size, leaves: all } = encrypted;
      const reader = decryptContent({
        leaves,
        ...encrypted.keys,
        size,
        sha256: encrypted.sha256,
        leafDigests: all.map((leaf) => leaf.digest),
      });
      await reader.next();
      expect(asked).to.be.at.most(6);
      await reader.return();
      const after = asked;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(asked).to.equal(after);
    });

    it("refuse a range outside the file", async () => {
      const encrypted = await encrypt(fileOf(10));
      for (const range of [{ start: -1 }, { end: 11 }, { start: 5, end: 4 }, { start: 0.5 }]) {
        await expectCode(() => decrypt(encrypted, range), "INVALID_ARGUMENT");
      }
    });

    it("refuse keys of other lengths", async () => {
      const keys = newFileKeys();
      const start = (change: Partial<FileKeys>) => () =>
        encryptContent({ source: new Blob([]), size: 0, ...keys, ...change }).next();
      await expectCode(start({ dek: new Uint8Array(31) }), "INVALID_ARGUMENT");
      await expectCode(start({ salt: new Uint8Array(17) }), "INVALID_ARGUMENT");
    });
  });

  describe("a damaged content", () => {
    const size = 2 * CHUNK_BYTES + 9000;
    let encrypted: Encrypted;

    before(async () => {
      encrypted = await encrypt(fileOf(size));
    });

    it("does not open with a turned bit in any leaf, also when its digest is adjusted", async () => {
      const place = fc.tuple(fc.nat(2), fc.nat(), fc.nat(7), fc.boolean());
      await fc.assert(
        fc.asyncProperty(place, async ([index, offset, bit, adjusted]) => {
          const leaf = encrypted.leaves[index]!.bytes;
          const bad = flipped(leaf, offset % leaf.length, bit);
          const digests = encrypted.leaves.map(({ digest }) => digest);
          const leafDigests = adjusted ? digests.with(index, digestOf(bad)) : digests;
          const served = (asked: number) => (asked === index ? bad : encrypted.leaves[asked]!.bytes);
          await expectCode(() => decrypt(encrypted, { leafDigests, served }), "DECRYPTION_FAILED");
        }),
        { numRuns: 15 },
      );
    });

    it("does not open with leaves cut, extended, swapped, left out or added", async () => {
      const leaves = encrypted.leaves.map(({ bytes }) => bytes);
      const [a, b, c] = leaves as [Uint8Array, Uint8Array, Uint8Array];
      const served: Uint8Array[][] = [
        [a, b, c.slice(0, -1)],
        [a, b, concatBytes(c, new Uint8Array(1))],
        [b, a, c],
        [a, a, c],
        [a, b],
        [a, c],
        [a, b, new Uint8Array()],
      ];
      for (const list of served) {
        const serve = (index: number) => list[index] ?? new Uint8Array();
        await expectCode(() => decrypt(encrypted, { served: serve }), "DECRYPTION_FAILED");
        const leafDigests = list.map(digestOf);
        await expectCode(() => decrypt(encrypted, { served: serve, leafDigests }), "DECRYPTION_FAILED");
      }
      const four = [a, b, c, c].map(digestOf);
      await expectCode(() => decrypt(encrypted, { leafDigests: four }), "DECRYPTION_FAILED");
    });

    it("does not open cut to fewer whole leaves, not even with size and digests adjusted", async () => {
      const two = encrypted.leaves.slice(0, 2);
      const change = { size: 2 * CHUNK_BYTES, leafDigests: two.map(({ digest }) => digest) };
      await expectCode(() => decrypt(encrypted, change), "DECRYPTION_FAILED");
    });

    it("does not open under another DEK or salt", async () => {
      const { dek, salt } = encrypted.keys;
      await expectCode(() => decrypt(encrypted, { dek: flipped(dek, 3) }), "DECRYPTION_FAILED");
      await expectCode(() => decrypt(encrypted, { salt: flipped(salt, 3) }), "DECRYPTION_FAILED");
    });

    it("does not open to its last piece under another hash or size", async () => {
      await expectCode(() => decrypt(encrypted, { sha256: digestOf(new Uint8Array()) }), "DECRYPTION_FAILED");
      await expectCode(() => decrypt(encrypted, { size: size - 1 }), "DECRYPTION_FAILED");
      await expectCode(() => decrypt(encrypted, { size: size + 1 }), "DECRYPTION_FAILED");
    });

    it("gives the reader the store's own error when a leaf cannot be fetched", async () => {
      const gone = () => {
        throw new Error("gone");
      };
      const outcome = await decrypt(encrypted, { served: gone }).catch((error: Error) => error.message);
      expect(outcome).to.equal("gone");
    });
  });

  describe("a source that is not what it was said to be", () => {
    const keys = newFileKeys();
    const run = (change: Partial<Parameters<typeof encryptContent>[0]>) => async () => {
      const given: number[] = [];
      const source = new Blob([fileOf(2 * CHUNK_BYTES)]);
      try {
        for await (const leaf of encryptContent({ source, size: 2 * CHUNK_BYTES, ...keys, ...change }))
          given.push(leaf.index);
      } finally {
        expect(given, "the last leaf is held back").not.to.include(1);
      }
    };

    it("stops with FILE_CHANGED when it is longer or shorter", async () => {
      await expectCode(run({ source: new Blob([fileOf(2 * CHUNK_BYTES + 1)]) }), "FILE_CHANGED");
      await expectCode(run({ source: new Blob([fileOf(2 * CHUNK_BYTES - 1)]) }), "FILE_CHANGED");
      await expectCode(run({ source: inPieces(fileOf(5), []) }), "FILE_CHANGED");
    });

    it("stops with FILE_CHANGED when its hash is another", async () => {
      await expectCode(run({ sha256: digestOf(fileOf(3)) }), "FILE_CHANGED");
    });

    it("passes on the error of the source", async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield fileOf(10);
        throw new Error("unplugged");
      }
      const outcome = await run({ source: failing() })().catch((error: Error) => error.message);
      expect(outcome).to.equal("unplugged");
    });
  });

  describe("resuming", () => {
    const bytes = fileOf(3 * CHUNK_BYTES + 5);
    const source = new Blob([bytes]);
    const keys = newFileKeys();
    const announced = { size: bytes.length, sha256: toHex(sha256(bytes)) };

    it("gives exactly the leaves from the one asked for", async () => {
      const all = await collect(encryptContent({ source, ...announced, ...keys }));
      for (let fromLeaf = 0; fromLeaf <= all.length; fromLeaf++) {
        const rest = await collect(encryptContent({ source, ...announced, ...keys, fromLeaf }));
        expect(rest.map((leaf) => [leaf.index, leaf.digest])).to.deep.equal(
          all.slice(fromLeaf).map((leaf) => [leaf.index, leaf.digest]),
        );
      }
    });

    it("gives nothing when one byte changed: no nonce meets two texts", async () => {
      const changed = new Blob([flipped(bytes, 1)]);
      const leaves = encryptContent({ source: changed, ...announced, ...keys, fromLeaf: 2 });
      await expectCode(() => leaves.next(), "FILE_CHANGED");
    });

    it("needs a file that can be read twice, its hash, and a leaf that exists", async () => {
      const resume = (change: Partial<Parameters<typeof encryptContent>[0]>) => () =>
        encryptContent({ source, ...announced, ...keys, fromLeaf: 1, ...change }).next();
      await expectCode(resume({ source: inPieces(bytes, []) }), "INVALID_ARGUMENT");
      const withoutHash = { source, size: bytes.length, ...keys, fromLeaf: 1 };
      await expectCode(() => encryptContent(withoutHash).next(), "INVALID_ARGUMENT");
      for (const fromLeaf of [-1, 0.5, 99]) await expectCode(resume({ fromLeaf }), "INVALID_ARGUMENT");
    });
  });

  describe("hashContent", () => {
    it("gives size and hash of a Blob and of a stream, and tells how far it is", async () => {
      const bytes = fileOf(2 * CHUNK_BYTES + 1);
      const read: number[] = [];
      const wanted = { size: bytes.length, sha256: toHex(sha256(bytes)) };
      expect(await hashContent(new Blob([bytes]), { onProgress: (count) => read.push(count) })).to.deep.equal(wanted);
      expect(read).to.deep.equal([CHUNK_BYTES, 2 * CHUNK_BYTES, bytes.length]);
      expect(await hashContent(inPieces(bytes, [1, 2, 3]))).to.deep.equal(wanted);
    });

    it("stops when it is cancelled", async () => {
      await expectCode(() => hashContent(new Blob([fileOf(9)]), { signal: AbortSignal.abort() }), "CANCELLED");
    });
  });

  describe("contentCid", () => {
    /** What IPFS itself makes of the same leaves. */
    async function imported(leaves: Iterable<Uint8Array>): Promise<{ cid: string; blocks: Set<string> }> {
      const blocks = new Set<string>();
      const store = {
        put: async (cid: CID) => {
          blocks.add(cid.toString());
          return cid;
        },
      };
      const result = await importFile({ content: leaves }, store, {
        cidVersion: 1,
        rawLeaves: true,
        chunker: fixedSize({ chunkSize: 2 ** 20 }),
        layout: balanced({ maxChildrenPerNode: 174 }),
        reduceSingleLeafToSelf: true,
      });
      return { cid: result.cid.toString(), blocks };
    }

    for (const size of [0, 5000, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES + 3]) {
      it(`is what IPFS gives to a content of ${size} bytes`, async () => {
        const { leaves } = await encrypt(fileOf(size));
        const dag = contentCid(
          leaves.map((leaf) => leaf.digest),
          size,
        );
        const wanted = await imported(leaves.map((leaf) => leaf.bytes));
        expect(dag.cid).to.equal(wanted.cid);
        expect(
          new Set([...dag.nodes.map((node) => node.cid), ...leaves.map((leaf) => cidOfRaw(leaf.digest))]),
        ).to.deep.equal(wanted.blocks);
        for (const node of dag.nodes) expect(node.cid).to.equal(cidOfDagPb(digestOf(node.bytes)));
        if (dag.nodes.length > 0) expect(dag.nodes.at(-1)?.cid).to.equal(dag.cid);
      });
    }

    it("is what IPFS gives when one node cannot hold all links", async () => {
      // Equal leaves stand for 176 different ones: two nodes of 174 and 2 links, and a root above them.
      const size = 175 * CHUNK_BYTES;
      expect(leafCount(size))
        .to.be.greaterThan(174)
        .and.lessThan(2 * 174);
      const full = new Uint8Array(2 ** 20);
      const count = leafCount(size);
      const last = new Uint8Array(leafSize(size, count - 1));
      const digests = Array.from({ length: count }, (_, index) => digestOf(index === count - 1 ? last : full));
      const dag = contentCid(digests, size);
      function* leaves() {
        for (let index = 0; index < count; index++) yield index === count - 1 ? last : full;
      }
      expect(dag.cid).to.equal((await imported(leaves())).cid);
      expect(dag.nodes).to.have.length(3);
    });

    it("refuses another number of leaves than the size has", async () => {
      await expectCode(() => contentCid([], 5), "INVALID_ARGUMENT");
      await expectCode(() => contentCid([digestOf(u32be(1)), digestOf(u32be(2))], 5), "INVALID_ARGUMENT");
    });
  });

  describe("CIDs", () => {
    it("name a digest and give it back", () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
          const digest = toHex(bytes);
          expect(digestOfCid(cidOfRaw(digest))).to.equal(digest);
          expect(digestOfCid(cidOfDagPb(digest))).to.equal(digest);
          expect(cidOfRaw(digest)).to.match(/^bafkrei[a-z2-7]{52}$/);
        }),
        { numRuns: RUNS },
      );
    });

    it("are refused in any other form", async () => {
      const others = [
        "",
        "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD", // version 0
        "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", // dag-cbor
        "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA", // base58
        "bafkqaaa", // identity hash
      ];
      for (const cid of others) await expectCode(() => digestOfCid(cid), "MALFORMED");
      await fc.assert(
        fc.asyncProperty(fc.string({ maxLength: 70 }), async (text) => {
          await expectCode(() => digestOfCid(text), "MALFORMED");
        }),
        { numRuns: RUNS },
      );
    });
  });
});
