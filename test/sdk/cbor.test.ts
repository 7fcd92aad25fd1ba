/**
 * @module test/sdk/cbor
 * Only the one deterministic spelling of a value is accepted.
 */
import { expect } from "chai";
import fc from "fast-check";
import { decodeCbor, encodeCbor, type CborValue } from "../../sdk/src/cbor.ts";
import { SdkError } from "../../sdk/src/errors.ts";

function refusalOf(bytes: Uint8Array): unknown {
  try {
    return decodeCbor(bytes);
  } catch (error) {
    return error instanceof SdkError ? error.code : error;
  }
}

const values: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

describe("cbor", () => {
  it("reads back what it writes", () => {
    fc.assert(fc.property(values, (value) => void expect(decodeCbor(encodeCbor(value))).to.deep.equal(value)));
  });

  it("refuses trailing bytes", () => {
    expect(refusalOf(new Uint8Array([...encodeCbor([1]), 0]))).to.equal("MALFORMED");
  });

  it("refuses a longer spelling of a number and unsorted keys", () => {
    expect(refusalOf(new Uint8Array([0x18, 0x01]))).to.equal("MALFORMED");
    expect(refusalOf(new Uint8Array([0xa2, 0x61, 0x62, 1, 0x61, 0x61, 2]))).to.equal("MALFORMED");
  });

  it("refuses nesting that would overflow the stack", () => {
    expect(refusalOf(new Uint8Array([...new Uint8Array(100_000).fill(0x81), 1]))).to.equal("MALFORMED");
  });

  it("gives MALFORMED or a value for any bytes, never another error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(refusalOf(bytes)).not.to.be.instanceOf(Error);
      }),
    );
  });
});
