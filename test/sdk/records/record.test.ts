/**
 * @module test/sdk/records/record
 * The record block: opens with one DEK, binds manifest, content and author, and refuses everything else.
 */
import { expect } from "chai";
import fc from "fast-check";
import { privateKeyToAccount } from "viem/accounts";
import { hashTypedData, recoverTypedDataAddress } from "viem/utils";
import { fromHex, toHex, type Hex } from "../../../sdk/src/bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../../../sdk/src/cbor.ts";
import {
  EMPTY_SHA256,
  authoredTypedData,
  contentCid,
  decodeRecordBlock,
  digestOf,
  encryptContent,
  hashContent,
  hashCore,
  newFileKeys,
  openRecordBlock,
  openSealedDek,
  sealRecord,
  type Core,
  type FileKeys,
  type JsonValue,
  type Manifest,
} from "../../../sdk/src/records/index.ts";
import { CHAIN, RUNS, collect, doctor, expectCode, flipped, malformed, patient, stranger } from "./support.ts";

const signature: Hex = `0x${"5a".repeat(65)}`;
const core: Core = {
  name: "Blood count",
  type: "application/fhir+json",
  size: 0,
  sha256: EMPTY_SHA256,
  fhir: { resourceType: "DiagnosticReport", code: { text: "Blood count" }, values: [4.5, -1, 1e21, true, null] },
  author: doctor.address,
};
const manifest: Manifest = { core, content: null, signedAt: 1_790_000_100, signature, proposedScope: "labs" };
const sealTo = { chain: CHAIN, patient: patient.recipient };

/** JSON as `JSON.parse` gives it: no -0, no `__proto__` keys. */
const json = fc
  .jsonValue({ maxDepth: 6 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue)
  .filter((value) => !JSON.stringify(value).includes("__proto__"));

async function withContent(bytes: Uint8Array<ArrayBuffer>): Promise<{ manifest: Manifest; keys: FileKeys }> {
  const keys = newFileKeys();
  const source = new Blob([bytes]);
  const { size, sha256 } = await hashContent(source);
  const leaves = await collect(encryptContent({ source, size, ...keys }));
  const leafDigests = leaves.map((leaf) => leaf.digest);
  const content = { cid: contentCid(leafDigests, size).cid, leafDigests };
  return { manifest: { ...manifest, core: { ...core, size, sha256, fhir: null }, content }, keys };
}

describe("record block", () => {
  it("opens to its manifest, and its pointer is the sha-256 of the block", async () => {
    const sealed = await sealRecord({ ...manifest, sealTo });
    expect(sealed.pointer).to.equal(digestOf(sealed.bytes));
    expect(openRecordBlock(sealed)).to.deep.equal({ ...manifest, salt: sealed.salt });
  });

  it("carries any FHIR, name, type and scope", async () => {
    const text = (maxLength: number) =>
      fc.string({ maxLength, unit: "grapheme" }).filter((value) => value.length <= maxLength);
    const fields = fc.record({ fhir: json, name: text(60), type: text(30), proposedScope: fc.option(text(30)) });
    await fc.assert(
      fc.asyncProperty(fields, async ({ proposedScope, ...rest }) => {
        const sealed = await sealRecord({ ...manifest, core: { ...core, ...rest }, proposedScope });
        const opened = openRecordBlock(sealed);
        expect(opened.core).to.deep.equal({ ...core, ...rest });
        expect(opened.proposedScope).to.equal(proposedScope);
      }),
      { numRuns: RUNS },
    );
  });

  it("carries a content under the keys of that content", async () => {
    const { manifest: described, keys } = await withContent(new Uint8Array(3_000_000).fill(1));
    const sealed = await sealRecord({ ...described, keys });
    expect(sealed.dek).to.deep.equal(keys.dek);
    expect(openRecordBlock(sealed)).to.deep.equal({ ...described, salt: keys.salt });
  });

  it("hides how long the manifest is below 1 KiB", async () => {
    const lengths = new Set<number>();
    for (const name of ["", "x", "x".repeat(200)]) {
      lengths.add((await sealRecord({ ...manifest, core: { ...core, name } })).bytes.length);
    }
    expect(lengths).to.have.length(1);
  });

  it("takes a fresh DEK, salt and nonce each time", async () => {
    const [one, two] = [await sealRecord(manifest), await sealRecord(manifest)];
    expect(toHex(one.dek)).not.to.equal(toHex(two.dek));
    expect(toHex(one.salt)).not.to.equal(toHex(two.salt));
    expect(one.pointer).not.to.equal(two.pointer);
  });

  it("does not open under another DEK", async () => {
    const sealed = await sealRecord({ ...manifest, sealTo });
    for (const index of [0, 15, 31]) {
      await expectCode(
        () => openRecordBlock({ bytes: sealed.bytes, dek: flipped(sealed.dek, index) }),
        "DECRYPTION_FAILED",
      );
    }
    await expectCode(() => openRecordBlock({ bytes: sealed.bytes, dek: new Uint8Array(31) }), "INVALID_ARGUMENT");
  });

  it("refuses every malformed block", async () => {
    const sealed = await sealRecord({ ...manifest, sealTo });
    await fc.assert(
      fc.asyncProperty(malformed(sealed.bytes), async (bytes) => {
        const codes = ["DECRYPTION_FAILED", "MALFORMED", "UNSUPPORTED_VERSION"] as const;
        await expectCode(() => openRecordBlock({ bytes, dek: sealed.dek }), ...codes);
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses changes of single fields, each with its code", async () => {
    const sealed = await sealRecord({ ...manifest, sealTo });
    const fields = decodeCbor(sealed.bytes) as CborValue[];
    const openWith = (index: number, value: CborValue) => () =>
      openRecordBlock({ bytes: encodeCbor(fields.with(index, value)), dek: sealed.dek });
    await expectCode(openWith(0, 0), "UNSUPPORTED_VERSION");
    await expectCode(openWith(1, "wraps"), "UNSUPPORTED_VERSION");
    await expectCode(openWith(2, 0), "UNSUPPORTED_VERSION");
    await expectCode(openWith(3, new Uint8Array(16)), "DECRYPTION_FAILED");
    await expectCode(openWith(4, new Uint8Array(32)), "DECRYPTION_FAILED");
    await expectCode(openWith(5, null), "DECRYPTION_FAILED");
    await expectCode(openWith(6, new Uint8Array(24)), "DECRYPTION_FAILED");
    await expectCode(openWith(3, new Uint8Array(15)), "MALFORMED");
    await expectCode(() => openRecordBlock({ bytes: encodeCbor([...fields, 0]), dek: sealed.dek }), "MALFORMED");
  });

  describe("openSealedDek", () => {
    const as = { chain: CHAIN, author: doctor.address, patient: patient.opener };

    it("gives the patient the DEK", async () => {
      const { bytes, dek } = await sealRecord({ ...manifest, sealTo });
      expect(await openSealedDek({ bytes, ...as })).to.deep.equal(dek);
      expect(openRecordBlock({ bytes, dek }).core).to.deep.equal(core);
    });

    it("gives it to nobody else, and for no other author or chain", async () => {
      const { bytes } = await sealRecord({ ...manifest, sealTo });
      await expectCode(() => openSealedDek({ bytes, ...as, patient: stranger.opener }), "DECRYPTION_FAILED");
      await expectCode(() => openSealedDek({ bytes, ...as, author: stranger.address }), "DECRYPTION_FAILED");
      await expectCode(() => openSealedDek({ bytes, ...as, chain: { ...CHAIN, chainId: 1 } }), "DECRYPTION_FAILED");
    });

    it("refuses a sealed DEK moved into another block", async () => {
      const [one, two] = [await sealRecord({ ...manifest, sealTo }), await sealRecord({ ...manifest, sealTo })];
      const moved = (decodeCbor(two.bytes) as CborValue[]).with(5, decodeRecordBlock(one.bytes).sealedDek);
      await expectCode(() => openSealedDek({ bytes: encodeCbor(moved), ...as }), "DECRYPTION_FAILED");
    });

    it("says so when there is none", async () => {
      const { bytes } = await sealRecord(manifest);
      await expectCode(() => openSealedDek({ bytes, ...as }), "NOT_FOUND");
    });
  });

  describe("sealRecord", () => {
    it("refuses what could not be read back", async () => {
      let deep: JsonValue = null;
      for (let level = 0; level < 5000; level++) deep = [deep];
      const { manifest: described, keys } = await withContent(new Uint8Array(10));
      const content = described.content;
      const wrong: Partial<Parameters<typeof sealRecord>[0]>[] = [
        { signedAt: -1 },
        { signature: `0x${"00".repeat(8193)}` },
        { proposedScope: "x".repeat(257) },
        { core: { ...core, name: "x".repeat(1025) } },
        { core: { ...core, size: 5 } },
        { core: { ...core, sha256: digestOf(new Uint8Array(1)) } },
        { core: { ...described.core, size: 2_000_000 }, content, keys },
        {
          core: described.core,
          content: { cid: contentCid([digestOf(new Uint8Array(1))], 10).cid, leafDigests: content!.leafDigests },
          keys,
        },
        { core: described.core, content: { ...content!, leafDigests: [] }, keys },
        { core: described.core, content },
      ];
      for (const change of wrong) await expectCode(() => sealRecord({ ...manifest, ...change }), "INVALID_ARGUMENT");
      await expectCode(() => sealRecord({ ...manifest, core: { ...core, fhir: deep } }), "INVALID_ARGUMENT");
      await expectCode(() => sealRecord({ ...manifest, core: { ...core, fhir: "x".repeat(1_100_000) } }), "TOO_LARGE");
    });
  });
});

describe("core", () => {
  const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
  const deployment = { chainId: CHAIN.chainId, carekey: CHAIN.contract };

  it("has a hash that every field changes", () => {
    const changes: Partial<Core>[] = [
      {},
      { name: "Blood" },
      { type: "text/plain" },
      { size: 1 },
      { sha256: digestOf(new Uint8Array(1)) },
      { fhir: null },
      { author: stranger.address },
    ];
    expect(new Set(changes.map((change) => hashCore({ ...core, ...change })))).to.have.length(changes.length);
  });

  it("has the same hash whatever the order of keys in FHIR", () => {
    expect(hashCore({ ...core, fhir: { a: 1, bb: { c: 2, d: 3 } } })).to.equal(
      hashCore({ ...core, fhir: { bb: { d: 3, c: 2 }, a: 1 } }),
    );
  });

  it("keeps its hash through a record block, so that the signature survives", async () => {
    await fc.assert(
      fc.asyncProperty(json, async (fhir) => {
        const sealed = await sealRecord({ ...manifest, core: { ...core, fhir } });
        expect(hashCore(openRecordBlock(sealed).core)).to.equal(hashCore({ ...core, fhir }));
      }),
      { numRuns: 60 },
    );
  });

  it("is signed as typed data that recovers to its author", async () => {
    const typed = authoredTypedData({ deployment, patient: patient.address, core, signedAt: 5 });
    const signed = await account.signTypedData(typed);
    expect(await recoverTypedDataAddress({ ...typed, signature: signed })).to.equal(account.address);
    const moved = authoredTypedData({ deployment, patient: stranger.address, core, signedAt: 5 });
    expect(hashTypedData(moved)).not.to.equal(hashTypedData(typed));
    expect(typed.message.core).to.equal(hashCore(core));
  });

  it("refuses fields out of range", async () => {
    await expectCode(() => hashCore({ ...core, sha256: "0x12" }), "INVALID_ARGUMENT");
    await expectCode(() => hashCore({ ...core, size: 1.5 }), "INVALID_ARGUMENT");
    await expectCode(() => hashCore({ ...core, fhir: Number.NaN }), "INVALID_ARGUMENT");
    await expectCode(() => hashCore({ ...core, author: "0x12" }), "INVALID_ARGUMENT");
    expect(fromHex(hashCore(core))).to.have.length(32);
  });
});
