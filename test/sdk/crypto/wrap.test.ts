/**
 * @module test/sdk/crypto/wrap
 * A wrap opens with both halves of its key and for one tuple only.
 */
import { expect } from "chai";
import fc from "fast-check";
import { toHex, type Hex } from "../../../sdk/src/bytes.ts";
import { deriveRecordKey, openWrap, rowTag, sealWrap, type RecordTuple } from "../../../sdk/src/crypto/index.ts";
import { CHAIN, RUNS, damaged, expectCode, flipped, patient, stranger } from "../records/support.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex32 = (byte: string): Hex => `0x${byte.repeat(32)}`;
const tuple: RecordTuple = { ...CHAIN, patient: patient.address, tag: hex32("a1"), epoch: 2, recordId: hex32("b2") };
const scopeKey = new Uint8Array(32).fill(1);
const point = new Uint8Array(32).fill(2);
const dek = new Uint8Array(32).fill(3);
const recordKey = deriveRecordKey({ scopeKey, point, tuple });

describe("wrap", () => {
  it("opens to the DEK", async () => {
    await fc.assert(
      fc.asyncProperty(bytes32, bytes32, bytes32, async (key, product, secret) => {
        const derived = deriveRecordKey({ scopeKey: key, point: product, tuple });
        const wrap = await sealWrap({ recordKey: derived, dek: secret, tuple });
        expect(wrap).to.have.length(48);
        expect(await openWrap({ recordKey: derived, wrap, tuple })).to.deep.equal(new Uint8Array(secret));
      }),
      { numRuns: RUNS },
    );
  });

  it("does not open with one half of the key wrong", async () => {
    const wrap = await sealWrap({ recordKey, dek, tuple });
    for (const halves of [
      { scopeKey: flipped(scopeKey, 31), point },
      { scopeKey, point: flipped(point, 0) },
    ]) {
      const wrong = deriveRecordKey({ ...halves, tuple });
      await expectCode(() => openWrap({ recordKey: wrong, wrap, tuple }), "DECRYPTION_FAILED");
    }
  });

  const otherTuples: Partial<RecordTuple>[] = [
    { chainId: 1 },
    { contract: stranger.address },
    { patient: stranger.address },
    { tag: hex32("a2") },
    { epoch: 3 },
    { recordId: hex32("b3") },
  ];
  for (const other of otherTuples) {
    it(`is bound to the tuple's ${Object.keys(other)[0]}, by its key and by its data`, async () => {
      const wrap = await sealWrap({ recordKey, dek, tuple });
      const moved = { ...tuple, ...other };
      expect(deriveRecordKey({ scopeKey, point, tuple: moved })).not.to.deep.equal(recordKey);
      await expectCode(() => openWrap({ recordKey, wrap, tuple: moved }), "DECRYPTION_FAILED");
    });
  }

  it("refuses every damage with one code", async () => {
    const wrap = await sealWrap({ recordKey, dek, tuple });
    await fc.assert(
      fc.asyncProperty(damaged(wrap), async (bytes) => {
        await expectCode(() => openWrap({ recordKey, wrap: bytes, tuple }), "DECRYPTION_FAILED");
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses keys of other lengths", async () => {
    await expectCode(() => deriveRecordKey({ scopeKey: new Uint8Array(31), point, tuple }), "INVALID_ARGUMENT");
    await expectCode(() => deriveRecordKey({ scopeKey, point: new Uint8Array(33), tuple }), "INVALID_ARGUMENT");
    await expectCode(() => sealWrap({ recordKey, dek: new Uint8Array(16), tuple }), "INVALID_ARGUMENT");
    await expectCode(() => sealWrap({ recordKey: new Uint8Array(16), dek, tuple }), "INVALID_ARGUMENT");
  });

  describe("rowTag", () => {
    it("is 16 bytes that change with tag, record and epoch", () => {
      const tags = [
        rowTag(hex32("a1"), hex32("b2"), 0),
        rowTag(hex32("a2"), hex32("b2"), 0),
        rowTag(hex32("a1"), hex32("b3"), 0),
        rowTag(hex32("a1"), hex32("b2"), 1),
      ];
      for (const tag of tags) expect(tag).to.have.length(16);
      expect(new Set(tags.map(toHex))).to.have.length(4);
    });

    it("refuses a tag or record id of another length", async () => {
      await expectCode(() => rowTag("0x00", hex32("b2"), 0), "MALFORMED");
      await expectCode(() => rowTag(hex32("a1"), "0x00", 0), "MALFORMED");
      await expectCode(() => rowTag(hex32("a1"), hex32("b2"), -1), "INVALID_ARGUMENT");
    });
  });
});
