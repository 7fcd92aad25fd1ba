/**
 * @module test/sdk/crypto/envelope
 * Envelopes open for one person under one context, and follow RFC 9180 as a second implementation reads it.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { expect } from "chai";
import fc from "fast-check";
import { concatBytes, toHex, utf8 } from "../../../sdk/src/bytes.ts";
import {
  ENVELOPE_OVERHEAD,
  SUITE,
  envelopeInfo,
  openEnvelope,
  sealEnvelope,
  type EnvelopeContext,
} from "../../../sdk/src/crypto/index.ts";
import { CHAIN, RUNS, damaged, doctor, expectCode, fixedRandom, patient, stranger } from "../records/support.ts";

const context: EnvelopeContext = {
  ...CHAIN,
  purpose: "grant",
  sender: patient.address,
  recipient: doctor.address,
  recipientKeyHash: doctor.recipient.keyHash,
  id: new Uint8Array(32).fill(9),
};
const seal = (plaintext: Uint8Array, under = context) =>
  sealEnvelope({ recipientPublicKey: doctor.recipient.publicKey, context: under }, plaintext);
const open = (bytes: Uint8Array, under = context, secret = doctor.opener.secret) =>
  openEnvelope({ recipientSecret: secret, context: under }, bytes);

describe("envelope", () => {
  it("opens to what was sealed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (plaintext) => {
        const sealed = await seal(plaintext);
        expect(sealed).to.have.length(plaintext.length + ENVELOPE_OVERHEAD);
        expect(await open(sealed)).to.deep.equal(new Uint8Array(plaintext));
      }),
      { numRuns: 20 },
    );
  });

  it("is different each time", async () => {
    expect(toHex(await seal(utf8("same")))).not.to.equal(toHex(await seal(utf8("same"))));
  });

  it("is what RFC 9180 computes from the X-Wing secret by another implementation", async () => {
    const plaintext = utf8("base mode, sequence number 0, no additional data");
    const sealed = await seal(plaintext);
    const shared = ml_kem768_x25519.decapsulate(sealed.slice(1, 1121), doctor.opener.secret);
    // RFC 9180, sections 4 and 5.1: KEM 0x647a (X-Wing), KDF 0x0001, AEAD 0x0003
    const suiteId = concatBytes(utf8("HPKE"), new Uint8Array([0x64, 0x7a, 0, 1, 0, 3]));
    const labeledExtract = (salt: Uint8Array, label: string, ikm: Uint8Array) =>
      extract(sha256, concatBytes(utf8("HPKE-v1"), suiteId, utf8(label), ikm), salt);
    const labeledExpand = (prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
      expand(
        sha256,
        prk,
        concatBytes(new Uint8Array([0, length]), utf8("HPKE-v1"), suiteId, utf8(label), info),
        length,
      );
    const none = new Uint8Array();
    const schedule = concatBytes(
      new Uint8Array([0]),
      labeledExtract(none, "psk_id_hash", none),
      labeledExtract(none, "info_hash", envelopeInfo(context)),
    );
    const secret = labeledExtract(shared, "secret", none);
    const key = labeledExpand(secret, "key", schedule, 32);
    const nonce = labeledExpand(secret, "base_nonce", schedule, 12);
    expect(chacha20poly1305(key, nonce).decrypt(sealed.slice(1121))).to.deep.equal(new Uint8Array(plaintext));
  });

  it("opens for nobody else", async () => {
    const sealed = await seal(utf8("for the doctor"));
    await expectCode(() => open(sealed, context, stranger.opener.secret), "DECRYPTION_FAILED");
  });

  describe("under another context", () => {
    const others: Partial<EnvelopeContext>[] = [
      { chainId: 1 },
      { contract: stranger.address },
      { purpose: "rotate" },
      { sender: stranger.address },
      { recipient: stranger.address },
      { recipientKeyHash: stranger.recipient.keyHash },
      { id: new Uint8Array(32).fill(8) },
      { id: new Uint8Array(31).fill(9) },
    ];
    for (const other of others) {
      it(`does not open: ${Object.keys(other)[0]} ${String(Object.values(other)[0]).slice(0, 12)}`, async () => {
        const sealed = await seal(utf8("bound"));
        await expectCode(() => open(sealed, { ...context, ...other }), "DECRYPTION_FAILED");
      });
    }
  });

  it("refuses every damage with one code, another suite with UNSUPPORTED_VERSION", async () => {
    const sealed = await seal(utf8("sixteen bytes or so"));
    await fc.assert(
      fc.asyncProperty(damaged(sealed), async (bytes) => {
        const isOtherSuite = bytes.length > 0 && bytes[0] !== SUITE;
        await expectCode(() => open(bytes), isOtherSuite ? "UNSUPPORTED_VERSION" : "DECRYPTION_FAILED");
      }),
      { numRuns: RUNS },
    );
  });

  it("says the same of every failure", async () => {
    const sealed = await seal(utf8("secret"));
    const cut = await expectCode(() => open(sealed.slice(0, 1136)), "DECRYPTION_FAILED");
    const foreign = await expectCode(() => open(sealed, context, stranger.opener.secret), "DECRYPTION_FAILED");
    expect([cut.message, cut.details, cut.cause]).to.deep.equal([foreign.message, foreign.details, foreign.cause]);
  });

  it("refuses a public key or secret that is none", async () => {
    const sealTo = (recipientPublicKey: Uint8Array) => sealEnvelope({ recipientPublicKey, context }, utf8("x"));
    await expectCode(() => sealTo(new Uint8Array(1215)), "INVALID_ARGUMENT");
    await expectCode(() => sealTo(new Uint8Array(1216).fill(255)), "INVALID_ARGUMENT");
    await expectCode(async () => open(await seal(utf8("x")), context, new Uint8Array(31)), "INVALID_ARGUMENT");
  });

  it("is the same twice from the same randomness, as vectors need it", async () => {
    const sealFixed = () =>
      sealEnvelope({ recipientPublicKey: doctor.recipient.publicKey, context, random: fixedRandom("e") }, utf8("x"));
    expect(await sealFixed()).to.deep.equal(await sealFixed());
  });
});
