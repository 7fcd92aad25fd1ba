/**
 * @module test/sdk/crypto/vectors
 * Known answers for every format of keys and ciphers: what one build wrote, each later build must read and write alike.
 */
import { expect } from "chai";
import { fromHex, toHex, type Hex } from "../../../sdk/src/bytes.ts";
import {
  decodeRecoveryCode,
  derivePersonKeys,
  deriveRecordKey,
  deriveScopeKey,
  deriveTag,
  encodeRecoveryCode,
  encodeTuple,
  envelopeInfo,
  openEnvelope,
  openSecretSlot,
  openSlot,
  openWrap,
  rowTag,
  sealEnvelope,
  sealSecretSlot,
  sealSlot,
  sealWrap,
  type EnvelopeContext,
  type RecordTuple,
  type SecretSource,
} from "../../../sdk/src/crypto/index.ts";
import { CHAIN, doctor, fixedRandom, patient } from "../records/support.ts";
import { asVector, frozen } from "../records/vector-file.ts";

const seed = Uint8Array.from({ length: 32 }, (_, index) => index);

describe("vectors of keys and ciphers", function () {
  this.timeout(120_000);

  it("keys: everything derived from a seed", () => {
    const keys = derivePersonKeys(seed, 1);
    const scopes = [
      { scope: "labs", epoch: 0 },
      { scope: "labs", epoch: 1 },
      { scope: "mental-health", epoch: 4_294_967_295 },
    ].map(({ scope, epoch }) => ({
      scope,
      epoch,
      key: deriveScopeKey(seed, scope, epoch),
      tag: deriveTag(seed, scope),
    }));
    const made = { source: "spec section 4: info = 'carekey/' ‖ length-prefixed label parts", keys, scopes };
    expect(asVector(made)).to.deep.equal(frozen("keys", made));
  });

  it("recovery-code: seeds and how they are spelled", () => {
    const seeds = [new Uint8Array(32), new Uint8Array(32).fill(255), seed];
    const made = seeds.map((value) => ({ seed: value, code: encodeRecoveryCode(value) }));
    const vectors = frozen("recovery-code", made) as { seed: Hex; code: string }[];
    expect(asVector(made)).to.deep.equal(vectors);
    for (const { seed: wanted, code } of vectors) expect(toHex(decodeRecoveryCode(code))).to.equal(wanted);
  });

  it("envelope: HPKE with X-Wing under a context", async () => {
    const context: EnvelopeContext = {
      ...CHAIN,
      purpose: "grant",
      sender: patient.address,
      recipient: doctor.address,
      recipientKeyHash: doctor.recipient.keyHash,
      id: new Uint8Array(32).fill(7),
    };
    const plaintext = new TextEncoder().encode("for the doctor only");
    const random = fixedRandom("envelope");
    const sealed = await sealEnvelope({ recipientPublicKey: doctor.recipient.publicKey, context, random }, plaintext);
    const recipientSecret = doctor.opener.secret;
    const made = {
      context,
      info: envelopeInfo(context),
      recipientSecret,
      ekm: fixedRandom("envelope")(64),
      plaintext,
      sealed,
    };
    const vector = frozen("envelope", made) as { sealed: Hex; recipientSecret: Hex; plaintext: Hex };
    expect(asVector(made)).to.deep.equal(vector);
    const opened = await openEnvelope(
      { recipientSecret: fromHex(vector.recipientSecret), context },
      fromHex(vector.sealed),
    );
    expect(toHex(opened)).to.equal(vector.plaintext);
  });

  it("wrap: record key, wrap and row tag of a tuple", async () => {
    const tuple: RecordTuple = {
      ...CHAIN,
      patient: patient.address,
      tag: deriveTag(seed, "labs"),
      epoch: 2,
      recordId: toHex(new Uint8Array(32).fill(0xb2)),
    };
    const scopeKey = deriveScopeKey(seed, "labs", 2);
    const point = new Uint8Array(32).fill(0xc3);
    const dek = new Uint8Array(32).fill(0xd4);
    const recordKey = deriveRecordKey({ scopeKey, point, tuple });
    const wrap = await sealWrap({ recordKey, dek, tuple });
    const row = rowTag(tuple.tag, tuple.recordId, tuple.epoch);
    const made = { tuple, encodedTuple: encodeTuple(tuple), scopeKey, point, recordKey, dek, wrap, rowTag: row };
    const vector = frozen("wrap", made) as { wrap: Hex; dek: Hex };
    expect(asVector(made)).to.deep.equal(vector);
    expect(toHex(await openWrap({ recordKey, wrap: fromHex(vector.wrap), tuple }))).to.equal(vector.dek);
  });

  it("slot: a seed sealed under a passphrase", async () => {
    const owner = { chainId: CHAIN.chainId, address: patient.address };
    const passphrase = "correct horse battery staple harbour";
    const slot = await sealSlot({ seed, generation: 1, owner, passphrase, random: fixedRandom("slot") });
    const made = { owner, passphrase, seed, slot };
    const vector = frozen("slot", made) as { slot: unknown; seed: Hex };
    expect(asVector(made)).to.deep.equal(vector);
    const opened = await openSlot({ slot: vector.slot, owner, passphrase });
    expect(toHex(opened.seed)).to.equal(vector.seed);
  });

  it("secret-slot: a seed sealed under a passkey and under a wallet", () => {
    const owner = { chainId: CHAIN.chainId, address: patient.address };
    const salt = toHex(fixedRandom("slot salt")(32));
    const credential = toHex(fixedRandom("credential")(20));
    const sources: { source: SecretSource; secret: Uint8Array }[] = [
      { source: { kind: "passkey", kdf: { name: "webauthn-prf", salt, credential } }, secret: fixedRandom("prf")(32) },
      { source: { kind: "wallet", kdf: { name: "eip712-signature", salt } }, secret: fixedRandom("signature")(65) },
    ];
    const made = sources.map(({ source, secret }) => {
      const fields = { source, secret, seed, generation: 1, owner, label: "Chrome on Linux", createdAt: 1_795_219_200 };
      return { owner, secret, seed, slot: sealSecretSlot({ ...fields, random: fixedRandom("secret slot") }) };
    });
    const vectors = frozen("secret-slot", made) as { slot: unknown; secret: Hex; seed: Hex }[];
    expect(asVector(made)).to.deep.equal(vectors);
    for (const vector of vectors) {
      const opened = openSecretSlot({ slot: vector.slot, owner, secret: fromHex(vector.secret) });
      expect(toHex(opened.seed)).to.equal(vector.seed);
    }
  });
});
