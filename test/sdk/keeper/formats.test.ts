/**
 * @module test/sdk/keeper/formats
 * The wire formats of the keeper protocol: vectors, round trips, and everything else refused.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { hashTypedData } from "viem/utils";
import { fromHex, toHex, type Hex } from "../../../sdk/src/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../sdk/src/cbor.ts";
import { newEnvelopeKeys } from "../../../sdk/src/crypto/index.ts";
import { isSdkError } from "../../../sdk/src/errors.ts";
import {
  assertSession,
  bodyFromArray,
  bodyToArray,
  buildViewBody,
  createSession,
  decodeAcknowledgement,
  decodeActivation,
  decodeConsistency,
  decodeDeal,
  decodeHead,
  decodeKeeperDeals,
  decodeOpenings,
  decodeOpeningsRequest,
  decodeReceiptsPage,
  decodeReceiptsRequest,
  decodeSignedRevoke,
  decodeViewRequest,
  encodeAcknowledgement,
  encodeActivation,
  encodeConsistency,
  encodeDeal,
  encodeHead,
  encodeKeeperDeals,
  encodeOpenings,
  encodeOpeningsRequest,
  encodeReceiptsPage,
  encodeReceiptsRequest,
  encodeSignedRevoke,
  encodeViewRequest,
  hashBody,
  hashCommitments,
  hashDeal,
  hashKeeperSet,
  hashOpeningsRequest,
  hashReceipt,
  hashRequest,
  hashSealedShares,
  headDigest,
  isRefusalCode,
  receiptDigest,
  sessionAudience,
  sessionTypedData,
  ticketTypedData,
  viewNoticeDigest,
  viewNoticeId,
  verifyHeadSignature,
  type DealBody,
  type LoggedReceipt,
  type Opening,
  type OpeningsRequest,
  type Receipt,
  type ViewBody,
  type ViewRequest,
} from "../../../sdk/src/keeper/index.ts";
import { expectRefusal } from "../../support/refusal.ts";

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const hex32 = (digit: string): Hex => `0x${digit.repeat(64)}`;
const deployment = { chainId: 31337, carekey: address("1"), auditLog: address("2") };
const signature: Hex = `0x${"ab".repeat(65)}`;

const body: ViewBody = {
  chainId: 31337,
  contract: address("1"),
  patient: address("3"),
  reader: address("4"),
  terms: {
    patient: address("3"),
    grantee: address("4"),
    organisation: address("0"),
    scopes: [hex32("5")],
    fromEpoch: 1,
    rights: 1,
    notBefore: 1_700_000_000,
    expiresAt: 1_800_000_000,
    maxViews: 3,
    flags: 2,
    about: { scopes: "Lab results", purpose: "Treatment", salt: hex32("6") },
  },
  dealVersion: 7,
  tag: hex32("5"),
  epoch: 2,
  recordId: hex32("8"),
  viewNo: 1,
  nonce: `0x${"9".repeat(32)}`,
  sealedReason: new Uint8Array(40).fill(10),
  at: 1_750_000_000,
  exp: 1_750_000_060,
};
const session = {
  terms: {
    owner: address("4"),
    key: hex32("b"),
    audience: sessionAudience(deployment, "keepers"),
    notAfter: 1_750_001_000,
  },
  signature,
};
const request: ViewRequest = {
  body,
  keeper: address("c"),
  replyKey: new Uint8Array(1216).fill(13),
  session,
  signature: new Uint8Array(64).fill(14),
  ticket: { body: hex32("d"), otp: true, exp: 1_750_000_060, signature },
};
const receipt: Receipt = {
  keeper: address("c"),
  logGeneration: 1,
  seq: 5,
  previousLeaf: hex32("e"),
  issuedAt: 1_750_000_001,
  consentId: hex32("f"),
  patient: address("3"),
  grantee: address("4"),
  tag: hex32("5"),
  epoch: 2,
  recordId: hex32("8"),
  viewNo: 1,
  bodyHash: hex32("7"),
  kind: 1,
  blockNumber: 99,
  blockHash: hex32("1"),
  reasonHash: hex32("2"),
  salt: hex32("3"),
};
const commitments = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const sealedShares = [1, 2, 3].map((fill) => new Uint8Array(1169).fill(fill));
const deal: DealBody = {
  deal: {
    patient: address("3"),
    generation: 0,
    version: 7,
    threshold: 2,
    count: 3,
    setHash: hashKeeperSet([address("a"), address("b"), address("c")]),
    commitmentsHash: hashCommitments(commitments),
    sharesHash: hashSealedShares(sealedShares),
    issuedAt: 1_750_000_000,
  },
  signature,
  commitments,
  sealedShares,
};
const head = {
  head: { keeper: address("c"), logGeneration: 1, term: 0, slot: 0, size: 5, root: hex32("4") },
  signature,
};
const logged: LoggedReceipt = {
  receipt,
  signature,
  nonce: body.nonce,
  sealedReason: body.sealedReason,
  proof: [new Uint8Array(32).fill(5)],
};
const receiptsRequest = {
  keeper: address("c"),
  patient: address("3"),
  after: 4,
  at: 1_750_000_000,
  exp: 1_750_000_060,
  session,
  signature: new Uint8Array(64).fill(6),
};
const openingsRequest: OpeningsRequest = {
  keeper: address("c"),
  terms: body.terms!,
  at: 1_750_000_000,
  exp: 1_750_000_060,
  session,
  signature: new Uint8Array(64).fill(7),
};
const openings: Opening[] = [
  { viewNo: 1, recordId: hex32("8"), openedAt: 1_750_000_001 },
  { viewNo: 3, recordId: hex32("9"), openedAt: 1_750_000_500 },
];

/** Every format: its bytes, and what decodes them. */
const formats: [string, Uint8Array, (bytes: Uint8Array) => unknown, unknown][] = [
  ["view-request", encodeViewRequest(request), decodeViewRequest, request],
  ["deal", encodeDeal(deal), decodeDeal, deal],
  [
    "deals",
    encodeKeeperDeals({ active: signedPart(deal), previous: null, pending: null }),
    decodeKeeperDeals,
    { active: signedPart(deal), previous: null, pending: null },
  ],
  [
    "acknowledgement",
    encodeAcknowledgement({ keeper: address("c"), signature }),
    decodeAcknowledgement,
    { keeper: address("c"), signature },
  ],
  [
    "activation",
    encodeActivation({ patient: address("3"), version: 7, acknowledgements: [{ keeper: address("c"), signature }] }),
    decodeActivation,
    { patient: address("3"), version: 7, acknowledgements: [{ keeper: address("c"), signature }] },
  ],
  ["receipts-request", encodeReceiptsRequest(receiptsRequest), decodeReceiptsRequest, receiptsRequest],
  [
    "receipts",
    encodeReceiptsPage({ receipts: [logged], head, more: false }),
    decodeReceiptsPage,
    { receipts: [logged], head, more: false },
  ],
  ["openings-request", encodeOpeningsRequest(openingsRequest), decodeOpeningsRequest, openingsRequest],
  ["openings", encodeOpenings(openings), decodeOpenings, openings],
  ["head", encodeHead(head), decodeHead, head],
  ["consistency", encodeConsistency(logged.proof), decodeConsistency, logged.proof],
  [
    "revoke",
    encodeSignedRevoke({ kind: "one", patient: address("3"), consentId: hex32("f"), deadline: 9, signature }),
    decodeSignedRevoke,
    { kind: "one", patient: address("3"), consentId: hex32("f"), deadline: 9, signature },
  ],
  [
    "revoke of all",
    encodeSignedRevoke({ kind: "all", patient: address("3"), signedAt: 8, deadline: 9, signature }),
    decodeSignedRevoke,
    { kind: "all", patient: address("3"), signedAt: 8, deadline: 9, signature },
  ],
];

/** What the vectors hold: every hash that is signed or stored. */
const hashes = {
  keeperSet: deal.deal.setHash,
  commitments: deal.deal.commitmentsHash,
  sealedShares: deal.deal.sharesHash,
  deal: hashDeal(deployment, deal.deal),
  sessionAudience: session.terms.audience,
  session: hashTypedData(sessionTypedData(deployment, session.terms)),
  ticket: hashTypedData(ticketTypedData(deployment, { body: hex32("d"), otp: true, exp: 1_750_000_060 })),
  body: hashBody(body),
  emergencyBody: hashBody({ ...body, terms: null }),
  request: hashRequest(request),
  openingsRequest: hashOpeningsRequest(openingsRequest),
  receiptLeaf: hashReceipt(deployment, receipt),
  receipt: receiptDigest(deployment, receipt, hashReceipt(deployment, receipt)),
  head: headDigest(deployment, head.head),
  viewNoticeId: viewNoticeId(body.nonce),
  viewNotice: viewNoticeDigest(deployment, address("c"), [
    { patient: body.patient, id: viewNoticeId(body.nonce), at: 1_750_000_000 },
  ]),
};
const VECTORS = new URL("../../vectors/keeper.json", import.meta.url);

describe("keeper/formats", function () {
  this.timeout(120_000);

  it("has the hashes and encodings of the vectors", () => {
    expect(existsSync(VECTORS)).to.equal(true);
    const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as { hashes: unknown; encodings: Record<string, Hex> };
    expect(hashes).to.deep.equal(vectors.hashes);
    for (const [name, bytes] of formats) expect(toHex(bytes), name).to.equal(vectors.encodings[name]);
  });

  for (const [name, bytes, decode, value] of formats) {
    describe(name, () => {
      it("survives the round trip", () => {
        expect(JSON.stringify(decode(bytes), lowerCase)).to.equal(JSON.stringify(value, lowerCase));
      });

      it("refuses every truncation, trailing bytes, another version, another type, fields too many or too few", () => {
        const refused = (altered: Uint8Array, codes = ["MALFORMED"]) =>
          expect(() => decode(altered))
            .to.throw()
            .that.satisfies((error: unknown) => isSdkError(error) && codes.includes(error.code));
        for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 60))
          refused(bytes.slice(0, length));
        refused(new Uint8Array([...bytes, 0]));
        const array = decodeCbor(bytes);
        if (!Array.isArray(array)) throw new Error("not a block");
        refused(encodeCbor([2, ...array.slice(1)]), ["UNSUPPORTED_VERSION"]);
        refused(encodeCbor([1, "other", ...array.slice(2)]), ["UNSUPPORTED_VERSION"]);
        refused(encodeCbor([...array, 1]));
        refused(encodeCbor(array.slice(0, -1)));
        for (let position = 2; position < array.length; position++) {
          for (const wrong of [{ a: 1 }, -1, 1.5, "text"]) refused(encodeCbor(array.with(position, wrong)));
        }
      });

      it("never gives the same value for other bytes", () => {
        fc.assert(
          fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
            const altered = bytes.map((byte, index) => (index === position ? byte ^ mask : byte));
            let decoded: unknown;
            try {
              decoded = decode(altered);
            } catch (error) {
              return isSdkError(error);
            }
            return JSON.stringify(decoded, lowerCase) !== JSON.stringify(value, lowerCase);
          }),
          { numRuns: 60 },
        );
      });
    });
  }

  it("a body has another hash for every field", () => {
    const others: Partial<ViewBody>[] = [
      { chainId: 1 },
      { contract: address("9") },
      { patient: address("9") },
      { reader: address("9") },
      { terms: null },
      { dealVersion: 8 },
      { tag: hex32("9") },
      { epoch: 3 },
      { recordId: hex32("9") },
      { viewNo: 2 },
      { nonce: `0x${"1".repeat(32)}` },
      { sealedReason: new Uint8Array(41) },
      { at: 1 },
      { exp: 1 },
    ];
    const all = [body, ...others.map((fields) => ({ ...body, ...fields }))].map((each) => hashBody(each));
    expect(new Set(all).size).to.equal(all.length);
    expect(bodyFromArray(bodyToArray({ ...body, terms: null })).terms).to.equal(null);
  });

  it("a receipt has another leaf for every field, and on another chain or log", () => {
    const leaves = Object.keys(receipt).map((field) => {
      const value = receipt[field as keyof Receipt];
      const other =
        typeof value === "number" ? value + 1 : value.replace(/^0x./, value.startsWith("0x9") ? "0x8" : "0x9");
      return hashReceipt(deployment, { ...receipt, [field]: other });
    });
    leaves.push(
      hashReceipt(deployment, receipt),
      hashReceipt({ ...deployment, chainId: 1 }, receipt),
      hashReceipt({ ...deployment, auditLog: address("9") }, receipt),
    );
    expect(new Set(leaves).size).to.equal(leaves.length);
  });

  it("a revoke names either one consent or a time", () => {
    for (const fields of [
      [fromHex(address("3")), null, null, 9, fromHex(signature)],
      [fromHex(address("3")), fromHex(hex32("f")), 8, 9, fromHex(signature)],
    ]) {
      expect(() => decodeSignedRevoke(encodeCbor([1, "revoke", ...fields])))
        .to.throw()
        .that.satisfies((error: unknown) => isSdkError(error, "MALFORMED"));
    }
  });

  it("a head with a foreign signature is noticed", () =>
    expectRefusal(verifyHeadSignature(deployment, head), "KEEPER_MISBEHAVED"));

  it("codes of keepers are a closed list", () => {
    expect(isRefusalCode("NO_CONSENT")).to.equal(true);
    for (const code of ["KEEPER_MISBEHAVED", "TOO_FEW_KEEPERS", "constructor", ""])
      expect(isRefusalCode(code)).to.equal(false);
  });

  describe("a session", () => {
    it("has a key that cannot be exported, and signs with it", async () => {
      const made = await createSession({
        deployment,
        owner: address("4"),
        audience: "keepers",
        notAfter: 1_750_001_000,
        sign: async () => signature,
      });
      expect(JSON.stringify(made)).to.not.include("private");
      expect(await made.sign(new Uint8Array(3))).to.have.length(64);
      const expected = { deployment, owner: address("4"), audience: "keepers" as const, now: 1_750_000_000 };
      assertSession(made, expected);
      const cases = [
        [{ owner: address("5") }, "SIGNATURE_INVALID"],
        [{ audience: "gateway" as const }, "SIGNATURE_INVALID"],
        [{ now: 1_750_001_000 }, "EXPIRED"],
        [{ now: 1_750_001_000 - 8 * 3600 - 31 }, "INVALID_ARGUMENT"],
      ] as const;
      for (const [fields, code] of cases) {
        expect(() => assertSession(made, { ...expected, ...fields }))
          .to.throw()
          .that.satisfies((error: unknown) => isSdkError(error, code));
      }
    });
  });

  describe("a reason", () => {
    it("of any length up to its limit gives few sizes, and a longer one is refused", async () => {
      const keys = newEnvelopeKeys();
      const seal = (reason: string) =>
        buildViewBody({
          deployment,
          terms: body.terms!,
          dealVersion: 1,
          tag: hex32("5"),
          epoch: 1,
          recordId: hex32("8"),
          reason,
          patientKey: { publicKey: keys.publicKey, keyHash: address("7") },
          now: 1,
        });
      const [none, short, long] = [await seal(""), await seal("Visit"), await seal("a".repeat(800))];
      expect(none.sealedReason.length).to.equal(short.sealedReason.length);
      expect(long.sealedReason.length).to.be.at.most(2048);
      await expectRefusal(seal("a".repeat(1000)), "TOO_LARGE");
      await expectRefusal(seal("a".repeat(3000)), "TOO_LARGE");
    });
  });
});

function signedPart({ deal: fields, signature: wallet, commitments: points }: DealBody) {
  return { deal: fields, signature: wallet, commitments: points };
}

/** JSON in which bytes are lists, addresses lower-case and keys sorted. */
function lowerCase(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.toLowerCase();
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
