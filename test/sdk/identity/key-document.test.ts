/**
 * @module test/sdk/identity/key-document
 * Key documents round-trip, chain, and refuse everything else.
 */
import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../sdk/src/bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../../../sdk/src/cbor.ts";
import { derivePersonKeys, newSeed } from "../../../sdk/src/crypto/index.ts";
import {
  decodeKeyDocument,
  encodeKeyDocument,
  fingerprint,
  isChained,
  keyHashOf,
  makeKeyDocument,
  type KeyDocument,
} from "../../../sdk/src/identity/index.ts";
import { digestOf } from "../../../sdk/src/records/index.ts";
import { RUNS, doctor, expectCode, flipped, malformed, patient } from "../records/support.ts";

const first = patient.document;
const nextKeys = derivePersonKeys(newSeed(), 1);
const next = makeKeyDocument({
  keys: nextKeys,
  address: patient.address,
  issuedAt: first.issuedAt + 60,
  display: { name: "Rosa Lindqvist" },
  previous: { document: first, signSecret: patient.keys.signSecret },
});

describe("key document", () => {
  it("decodes to what was encoded, and its digest is the sha-256 of the block", () => {
    for (const document of [first, next]) {
      const { bytes, digest } = encodeKeyDocument(document);
      expect(decodeKeyDocument(bytes)).to.deep.equal(document);
      expect(digest).to.equal(digestOf(bytes));
      expect(keyHashOf(digest)).to.equal(digest.slice(0, 42));
    }
  });

  it("carries any display fields", () => {
    const display = fc.dictionary(fc.string({ minLength: 1, maxLength: 64 }), fc.string({ maxLength: 200 }), {
      maxKeys: 32,
    });
    fc.assert(
      fc.property(display, (fields) => {
        fc.pre(!("__proto__" in fields) || !Object.hasOwn(fields, "__proto__"));
        const document = makeKeyDocument({ ...patient, issuedAt: 5, display: fields });
        expect(decodeKeyDocument(encodeKeyDocument(document).bytes).display).to.deep.equal({ ...fields });
      }),
      { numRuns: 50 },
    );
  });

  it("refuses fields that are out of range when it is made", async () => {
    const make = (change: Partial<{ issuedAt: number; display: Record<string, string> }>) => () =>
      makeKeyDocument({ ...patient, issuedAt: 5, display: {}, ...change });
    await expectCode(make({ issuedAt: -1 }), "INVALID_ARGUMENT");
    await expectCode(make({ issuedAt: 1.5 }), "INVALID_ARGUMENT");
    await expectCode(make({ display: { name: "x".repeat(513) } }), "INVALID_ARGUMENT");
    await expectCode(make({ display: { ["k".repeat(65)]: "x" } }), "INVALID_ARGUMENT");
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, ""]));
    await expectCode(make({ display: many }), "INVALID_ARGUMENT");
    await expectCode(() => encodeKeyDocument({ ...first, xwingPublicKey: new Uint8Array(1215) }), "INVALID_ARGUMENT");
    await expectCode(() => encodeKeyDocument({ ...first, signature: new Uint8Array(63) }), "INVALID_ARGUMENT");
  });

  it("refuses malformed blocks, or reads them as just what they say", async () => {
    const { bytes } = encodeKeyDocument(next);
    await fc.assert(
      fc.asyncProperty(malformed(bytes), async (block) => {
        let document: KeyDocument;
        try {
          document = decodeKeyDocument(block);
        } catch {
          await expectCode(() => decodeKeyDocument(block), "MALFORMED", "UNSUPPORTED_VERSION");
          return;
        }
        expect(toHex(encodeKeyDocument(document).bytes)).to.equal(toHex(block));
        expect(encodeKeyDocument(document).digest).not.to.equal(encodeKeyDocument(next).digest);
        expect(isChained(first, [document]), "an altered document is not chained").to.equal(false);
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses another version, type and suite as unsupported, a lone signature as malformed", async () => {
    const fields = decodeCbor(encodeKeyDocument(next).bytes) as CborValue[];
    const decodeWith = (index: number, value: CborValue) => () =>
      decodeKeyDocument(encodeCbor(fields.with(index, value)));
    await expectCode(decodeWith(0, 2), "UNSUPPORTED_VERSION");
    await expectCode(decodeWith(1, "vault"), "UNSUPPORTED_VERSION");
    await expectCode(decodeWith(3, 2), "UNSUPPORTED_VERSION");
    await expectCode(decodeWith(3, 0), "UNSUPPORTED_VERSION");
    await expectCode(decodeWith(8, null), "MALFORMED");
    await expectCode(decodeWith(9, null), "MALFORMED");
  });

  describe("isChained", () => {
    const third = makeKeyDocument({
      keys: derivePersonKeys(newSeed(), 2),
      address: patient.address,
      issuedAt: next.issuedAt,
      display: {},
      previous: { document: next, signSecret: nextKeys.signSecret },
    });

    it("holds for no, one and two successors", () => {
      expect(isChained(first, [])).to.equal(true);
      expect(isChained(first, [next])).to.equal(true);
      expect(isChained(first, [next, third])).to.equal(true);
    });

    it("fails when a link is left out, out of order, or another person's", () => {
      expect(isChained(first, [third])).to.equal(false);
      expect(isChained(next, [next])).to.equal(false);
      expect(isChained(first, [third, next])).to.equal(false);
      expect(isChained(doctor.document, [next])).to.equal(false);
    });

    it("fails for a key that a stolen wallet made: no signature of the previous key", () => {
      const thief = derivePersonKeys(newSeed(), 1);
      const forged = makeKeyDocument({ keys: thief, address: patient.address, issuedAt: next.issuedAt, display: {} });
      expect(isChained(first, [forged])).to.equal(false);
      expect(isChained(first, [{ ...forged, previous: next.previous, signature: next.signature }])).to.equal(false);
    });

    it("fails when any signed field or the signature changes", () => {
      const altered: KeyDocument[] = [
        { ...next, address: doctor.address },
        { ...next, issuedAt: next.issuedAt + 1 },
        { ...next, issuedAt: first.issuedAt - 1 },
        { ...next, display: { name: "Rosa" } },
        { ...next, xwingPublicKey: flipped(next.xwingPublicKey, 0) },
        { ...next, ed25519PublicKey: flipped(next.ed25519PublicKey, 0) },
        { ...next, signature: flipped(next.signature ?? new Uint8Array(64), 5) },
      ];
      for (const document of altered) expect(isChained(first, [document])).to.equal(false);
    });
  });

  it("is not made upon a document of another person, a later one, or with another secret", async () => {
    const make =
      (previous: { document: KeyDocument; signSecret: Uint8Array }, issuedAt = next.issuedAt) =>
      () =>
        makeKeyDocument({ keys: nextKeys, address: patient.address, issuedAt, display: {}, previous });
    const own = { document: first, signSecret: patient.keys.signSecret };
    await expectCode(make({ document: doctor.document, signSecret: doctor.keys.signSecret }), "INVALID_ARGUMENT");
    await expectCode(make({ ...own, signSecret: nextKeys.signSecret }), "INVALID_ARGUMENT");
    await expectCode(make(own, first.issuedAt - 1), "INVALID_ARGUMENT");
  });

  describe("fingerprint", () => {
    it("is 6 groups of 5 digits that change with the document", () => {
      expect(fingerprint(first)).to.match(/^(\d{5} ){5}\d{5}$/);
      expect(fingerprint(first)).to.equal(fingerprint(decodeKeyDocument(encodeKeyDocument(first).bytes)));
      expect(fingerprint(first)).not.to.equal(fingerprint(next));
    });
  });

  it("refuses to shorten a digest that is none", async () => {
    await expectCode(() => keyHashOf("0x1234"), "MALFORMED");
  });
});
