/**
 * @module test/sdk/records/blocks
 * Wraps, bundles, rotations and messages: each opens for those it is for, tells others nothing, and is never misread.
 */
import { expect } from "chai";
import fc from "fast-check";
import { toHex, type Address, type Hex } from "../../../sdk/src/bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../../../sdk/src/cbor.ts";
import { rowTag } from "../../../sdk/src/crypto/index.ts";
import { SdkError } from "../../../sdk/src/errors.ts";
import {
  MAX_WRAP_ROWS,
  decodeWraps,
  digestOf,
  encodeScopes,
  encodeWraps,
  epochOfScopes,
  findWrap,
  openBundleAsGrantee,
  openBundleAsPatient,
  openMessage,
  openScopes,
  sealBundle,
  sealMessage,
  type GranteePart,
  type PatientPart,
  type Recipient,
  type ScopeKey,
  type WrapRow,
} from "../../../sdk/src/records/index.ts";
import { CHAIN, RUNS, damaged, doctor, expectCode, malformed, patient, personCalled, stranger } from "./support.ts";

const hex32 = (byte: number): Hex => toHex(new Uint8Array(32).fill(byte));
const key = (byte: number) => new Uint8Array(32).fill(byte);

/** Opening damaged bytes is refused with a known code, or (where the damage is in somebody else's part) changes nothing. */
async function refusedOrSame(open: () => Promise<unknown>, original: unknown): Promise<void> {
  let opened: unknown;
  try {
    opened = await open();
  } catch (error) {
    expect(error).to.be.instanceOf(SdkError);
    expect((error as SdkError).code).to.be.oneOf(["DECRYPTION_FAILED", "MALFORMED", "UNSUPPORTED_VERSION"]);
    return;
  }
  expect(opened).to.deep.equal(original);
}

describe("wraps block", () => {
  const row = (tag: number, record: number, epoch: number): WrapRow => ({
    recordId: hex32(record),
    rowTag: rowTag(hex32(tag), hex32(record), epoch),
    wrap: new Uint8Array(48).fill(record),
  });
  const wraps = { generation: 1, rows: [row(1, 10, 0), row(1, 11, 2), row(2, 10, 0)] };

  it("decodes to what was encoded", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const rows = fc.array(fc.record({ recordId: bytes(32).map(toHex), rowTag: bytes(16), wrap: bytes(48) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.nat(2 ** 31), rows, (generation, list) => {
        const { bytes: block, digest } = encodeWraps({ generation, rows: list });
        expect(JSON.stringify(decodeWraps(block))).to.equal(JSON.stringify({ generation, rows: list }));
        expect(digest).to.equal(digestOf(block));
      }),
      { numRuns: RUNS },
    );
  });

  it("gives a wrap to who knows the tag and an epoch", () => {
    const find = (tag: number, record: number, epochs: number[]) =>
      findWrap(wraps, { tag: hex32(tag), recordId: hex32(record), epochs });
    expect(find(1, 11, [0, 1, 2, 3])).to.deep.equal({ epoch: 2, wrap: wraps.rows[1]!.wrap });
    expect(find(2, 10, [0])).to.deep.equal({ epoch: 0, wrap: wraps.rows[2]!.wrap });
    expect(find(1, 11, [0, 1])).to.equal(null);
    expect(find(2, 11, [0, 2])).to.equal(null);
    expect(find(1, 12, [0])).to.equal(null);
  });

  it("holds up to 8,500 rows within 1 MiB, no more", async () => {
    const rows = Array.from({ length: MAX_WRAP_ROWS }, () => row(1, 1, 0));
    expect(encodeWraps({ generation: 0, rows }).bytes.length).to.be.lessThan(2 ** 20);
    await expectCode(() => encodeWraps({ generation: 0, rows: [...rows, row(1, 1, 0)] }), "TOO_LARGE");
  });

  it("refuses rows of wrong lengths", async () => {
    const encode = (change: Partial<WrapRow>) => () =>
      encodeWraps({ generation: 0, rows: [{ ...row(1, 1, 0), ...change }] });
    await expectCode(encode({ rowTag: new Uint8Array(15) }), "INVALID_ARGUMENT");
    await expectCode(encode({ wrap: new Uint8Array(49) }), "INVALID_ARGUMENT");
    await expectCode(encode({ recordId: "0x00" }), "INVALID_ARGUMENT");
    await expectCode(() => encodeWraps({ generation: -1, rows: [] }), "INVALID_ARGUMENT");
  });

  it("refuses malformed blocks, or reads them as just what they say", async () => {
    const { bytes } = encodeWraps(wraps);
    await fc.assert(
      fc.asyncProperty(malformed(bytes), async (block) => {
        let decoded: ReturnType<typeof decodeWraps>;
        try {
          decoded = decodeWraps(block);
        } catch {
          await expectCode(() => decodeWraps(block), "MALFORMED", "UNSUPPORTED_VERSION");
          return;
        }
        expect(toHex(encodeWraps(decoded).bytes)).to.equal(toHex(block));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("bundle", () => {
  const consentId = hex32(7);
  const terms: CborValue[] = [new Uint8Array(20), "words for the person", 5];
  const granteePart: GranteePart = {
    terms,
    scopes: [
      {
        label: "Labs",
        tag: hex32(1),
        keys: [
          { epoch: 0, key: key(1) },
          { epoch: 3, key: key(2) },
        ],
      },
      { label: "Imaging", tag: hex32(2), keys: [{ epoch: 0, key: key(3) }] },
    ],
    wrap: { recordId: hex32(9), epoch: 3, wrap: new Uint8Array(48).fill(4) },
  };
  const patientPart: PatientPart = {
    terms,
    labels: [{ tag: hex32(1), label: "Labs" }],
    granteeKeyDocument: doctor.keyDocument,
  };
  const seal = (change: Partial<GranteePart> = {}) =>
    sealBundle({
      chain: CHAIN,
      consentId,
      patient: patient.recipient,
      grantee: doctor.recipient,
      granteePart: { ...granteePart, ...change },
      patientPart,
    });
  const asGrantee = { chain: CHAIN, consentId, patient: patient.address, grantee: doctor.opener };
  const asPatient = { chain: CHAIN, consentId, patient: patient.opener };

  it("opens for the grantee and for the patient, to each their part", async () => {
    const { bytes, digest } = await seal();
    expect(digest).to.equal(digestOf(bytes));
    expect(await openBundleAsGrantee({ bytes, ...asGrantee })).to.deep.equal(granteePart);
    expect(await openBundleAsPatient({ bytes, ...asPatient })).to.deep.equal(patientPart);
  });

  it("opens without scopes and wraps, as a consent to write is", async () => {
    const { bytes } = await seal({ scopes: [], wrap: null });
    expect(await openBundleAsGrantee({ bytes, ...asGrantee })).to.deep.equal({ terms, scopes: [], wrap: null });
  });

  it("has the same size for one scope as for three", async () => {
    const one = await seal({ scopes: granteePart.scopes.slice(0, 1), wrap: null });
    const three = await seal({ scopes: [...granteePart.scopes, granteePart.scopes[0]!] });
    expect(three.bytes.length).to.equal(one.bytes.length);
  });

  it("opens for nobody else, and neither part as the other", async () => {
    const { bytes } = await seal();
    await expectCode(() => openBundleAsGrantee({ bytes, ...asGrantee, grantee: stranger.opener }), "DECRYPTION_FAILED");
    await expectCode(() => openBundleAsGrantee({ bytes, ...asGrantee, grantee: patient.opener }), "DECRYPTION_FAILED");
    await expectCode(() => openBundleAsPatient({ bytes, ...asPatient, patient: doctor.opener }), "DECRYPTION_FAILED");
  });

  it("opens for no other consent, patient, chain or contract", async () => {
    const { bytes } = await seal();
    const open = (change: Partial<typeof asGrantee>) => () => openBundleAsGrantee({ bytes, ...asGrantee, ...change });
    await expectCode(open({ consentId: hex32(8) }), "DECRYPTION_FAILED");
    await expectCode(open({ patient: stranger.address }), "DECRYPTION_FAILED");
    await expectCode(open({ chain: { ...CHAIN, chainId: 1 } }), "DECRYPTION_FAILED");
    await expectCode(open({ chain: { ...CHAIN, contract: stranger.address } }), "DECRYPTION_FAILED");
  });

  it("refuses keys of wrong lengths when it is sealed", async () => {
    const scope = { label: "Labs", tag: hex32(1), keys: [{ epoch: 0, key: new Uint8Array(31) }] };
    await expectCode(() => seal({ scopes: [scope] }), "INVALID_ARGUMENT");
    await expectCode(() => seal({ scopes: [{ ...scope, keys: [{ epoch: -1, key: key(1) }] }] }), "INVALID_ARGUMENT");
    await expectCode(
      () => seal({ wrap: { recordId: hex32(1), epoch: 0, wrap: new Uint8Array(47) } }),
      "INVALID_ARGUMENT",
    );
  });

  it("refuses malformed blocks, or is not touched by damage to the other part", async () => {
    const { bytes } = await seal();
    await fc.assert(
      fc.asyncProperty(malformed(bytes), fc.boolean(), async (block, patientOpens) => {
        if (patientOpens) await refusedOrSame(() => openBundleAsPatient({ bytes: block, ...asPatient }), patientPart);
        else await refusedOrSame(() => openBundleAsGrantee({ bytes: block, ...asGrantee }), granteePart);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("scopes block", function () {
  this.timeout(240_000);
  const keys: ScopeKey[] = [{ tag: hex32(1), epoch: 4, key: key(5) }];
  const patientKeys: ScopeKey[] = [...keys, { tag: hex32(2), epoch: 4, key: key(6) }];
  const seal = (recipients: readonly Recipient[]) =>
    encodeScopes({
      chain: CHAIN,
      epoch: 4,
      patient: patient.recipient,
      patientKeys,
      grants: recipients.map((recipient) => ({ recipient, keys })),
    });
  const open = (bytes: Uint8Array, opener = doctor.opener, owner: Address = patient.address) =>
    openScopes({ bytes, chain: CHAIN, patient: owner, opener });

  it("opens for every recipient and for the patient, to each their keys", async () => {
    const { bytes } = await seal([doctor.recipient]);
    expect(epochOfScopes(bytes)).to.equal(4);
    expect(await open(bytes)).to.deep.equal({ epoch: 4, keys });
    expect(await open(bytes, patient.opener)).to.deep.equal({ epoch: 4, keys: patientKeys });
  });

  it("opens for nobody else, and for no other patient or epoch", async () => {
    const { bytes } = await seal([doctor.recipient]);
    await expectCode(() => open(bytes, stranger.opener), "DECRYPTION_FAILED");
    await expectCode(() => open(bytes, doctor.opener, stranger.address), "DECRYPTION_FAILED");
    const moved = encodeCbor((decodeCbor(bytes) as CborValue[]).with(2, 5));
    await expectCode(() => open(moved), "DECRYPTION_FAILED");
  });

  it("has parts of one size, their number a multiple of 8, in no order", async () => {
    const people = Array.from({ length: 8 }, (_, index) =>
      personCalled(`p${index}`, toHex(new Uint8Array(20).fill(index + 1))),
    );
    for (const [count, parts] of [
      [0, 8],
      [7, 8],
      [8, 16],
    ] as const) {
      const { bytes } = await seal(people.slice(0, count).map((person) => person.recipient));
      const sealed = (decodeCbor(bytes) as CborValue[])[3] as Uint8Array[];
      expect(sealed).to.have.length(parts);
      expect(new Set(sealed.map((part) => part.length))).to.have.length(1);
    }
    const sizes = [await seal([]), await seal([doctor.recipient])].map((block) => block.bytes.length);
    expect(sizes[0]).to.equal(sizes[1]);
    const places = new Set<number>();
    for (let round = 0; round < 12; round++) {
      const { bytes } = await seal([]);
      const sealed = (decodeCbor(bytes) as CborValue[])[3] as Uint8Array[];
      for (const [place, part] of sealed.entries()) {
        const alone = encodeCbor([1, "scopes", 4, [part]]);
        if (
          await open(alone, patient.opener).then(
            () => true,
            () => false,
          )
        )
          places.add(place);
      }
    }
    expect(places.size, "the patient's part moves").to.be.greaterThan(1);
  });

  it("refuses keys of wrong lengths and epochs out of range", async () => {
    const grants = [{ recipient: doctor.recipient, keys: [{ tag: hex32(1), epoch: 0, key: new Uint8Array(5) }] }];
    const base = { chain: CHAIN, epoch: 1, patient: patient.recipient, patientKeys: [], grants: [] };
    await expectCode(() => encodeScopes({ ...base, grants }), "INVALID_ARGUMENT");
    await expectCode(() => encodeScopes({ ...base, epoch: 2 ** 32 }), "INVALID_ARGUMENT");
  });

  it("refuses malformed blocks, or is not touched by damage to other parts", async () => {
    const { bytes } = await seal([doctor.recipient]);
    await fc.assert(
      fc.asyncProperty(malformed(bytes), (block) => refusedOrSame(() => open(block), { epoch: 4, keys })),
      { numRuns: RUNS },
    );
  });
});

describe("message", () => {
  const id = new Uint8Array(16).fill(3);
  const body: CborValue = { consent: hex32(1), terms: [1, "two", new Uint8Array(3)], reason: null };
  const sender = { address: doctor.address, keyDocument: doctor.keyDocument, signSecret: doctor.keys.signSecret };
  const seal = (change: Partial<Parameters<typeof sealMessage>[0]> = {}) =>
    sealMessage({
      chain: CHAIN,
      id,
      sender,
      recipient: patient.recipient,
      kind: "request",
      body,
      sentAt: 99,
      ...change,
    });
  const signKeyOf = async (address: Address, keyDocument: Hex) =>
    address === doctor.address && keyDocument === doctor.keyDocument ? doctor.keys.signPublicKey : null;
  const as = { chain: CHAIN, id, recipient: patient.opener, signKeyOf };

  it("opens to kind, body, sender and time", async () => {
    const bytes = await seal();
    expect(await openMessage({ bytes, ...as })).to.deep.equal({
      kind: "request",
      body,
      sender: doctor.address,
      keyDocument: doctor.keyDocument,
      sentAt: 99,
    });
  });

  it("does not name the sender outside, and hides its length below 1 KiB", async () => {
    const [short, long] = [await seal({ body: null }), await seal({ body: "x".repeat(500) })];
    expect(short.length).to.equal(long.length);
    expect(toHex(short)).not.to.include(doctor.address.slice(2).toLowerCase());
  });

  it("opens for nobody else, under no other id or chain", async () => {
    const bytes = await seal();
    await expectCode(() => openMessage({ bytes, ...as, recipient: stranger.opener }), "DECRYPTION_FAILED");
    await expectCode(() => openMessage({ bytes, ...as, id: new Uint8Array(16) }), "DECRYPTION_FAILED");
    await expectCode(() => openMessage({ bytes, ...as, chain: { ...CHAIN, chainId: 5 } }), "DECRYPTION_FAILED");
  });

  it("is refused when another person wrote it in the sender's name", async () => {
    const bytes = await seal({ sender: { ...sender, signSecret: stranger.keys.signSecret } });
    await expectCode(() => openMessage({ bytes, ...as }), "SIGNATURE_INVALID");
  });

  it("is refused when the key document it names is not the sender's", async () => {
    const bytes = await seal({ sender: { ...sender, keyDocument: stranger.keyDocument } });
    await expectCode(() => openMessage({ bytes, ...as }), "SIGNATURE_INVALID");
    await expectCode(
      async () => openMessage({ bytes: await seal(), ...as, signKeyOf: async () => null }),
      "SIGNATURE_INVALID",
    );
  });

  it("is refused with every damage", async () => {
    const bytes = await seal();
    await fc.assert(
      fc.asyncProperty(damaged(bytes), async (block) => {
        await expectCode(() => openMessage({ bytes: block, ...as }), "DECRYPTION_FAILED", "UNSUPPORTED_VERSION");
      }),
      { numRuns: RUNS },
    );
  });

  it("takes ids of 16 bytes and times that can be read back only", async () => {
    await expectCode(() => seal({ id: new Uint8Array(15) }), "INVALID_ARGUMENT");
    await expectCode(() => seal({ sentAt: -1 }), "INVALID_ARGUMENT");
    const bytes = await seal();
    await expectCode(() => openMessage({ bytes, ...as, id: new Uint8Array(17) }), "INVALID_ARGUMENT");
  });
});
