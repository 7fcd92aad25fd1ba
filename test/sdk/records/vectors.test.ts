/**
 * @module test/sdk/records/vectors
 * Known answers for every block and for contents: what one build wrote, each later build must read and write alike.
 */
import { expect } from "chai";
import { fromHex, toHex, utf8, type Hex } from "../../../sdk/src/bytes.ts";
import { derivePersonKeys, rowTag } from "../../../sdk/src/crypto/index.ts";
import { decodeKeyDocument, encodeKeyDocument, fingerprint, makeKeyDocument } from "../../../sdk/src/identity/index.ts";
import {
  CHUNK_BYTES,
  EMPTY_SHA256,
  contentCid,
  decodeWraps,
  digestOf,
  emptyVault,
  encodeScopes,
  encodeWraps,
  encryptContent,
  hashContent,
  hashCore,
  newFileKeys,
  openBundleAsGrantee,
  openBundleAsPatient,
  openMessage,
  openRecordBlock,
  openScopes,
  openSealedDek,
  openVault,
  paddedSize,
  sealBundle,
  sealMessage,
  sealRecord,
  sealVault,
  type Core,
} from "../../../sdk/src/records/index.ts";
import { CHAIN, collect, doctor, fixedRandom, patient } from "./support.ts";
import { asVector, frozen } from "./vector-file.ts";

const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte);
const hex32 = (byte: number): Hex => toHex(filled(byte));
const people = {
  patient: { address: patient.address, seed: patient.keys.seed, keyDocument: patient.keyDocument },
  doctor: { address: doctor.address, seed: doctor.keys.seed, keyDocument: doctor.keyDocument },
};

describe("vectors of blocks and contents", () => {
  it("key-document: two chained documents", () => {
    const second = makeKeyDocument({
      keys: derivePersonKeys(filled(1), 1),
      address: patient.address,
      issuedAt: 1_790_000_500,
      display: { name: "Rosa Lindqvist", city: "Malmö" },
      previous: { document: patient.document, signSecret: patient.keys.signSecret },
    });
    const made = [patient.document, second].map((document) => ({
      document,
      ...encodeKeyDocument(document),
      fingerprint: fingerprint(document),
    }));
    const vectors = frozen("key-document", made) as { document: unknown; bytes: Hex; digest: Hex }[];
    expect(asVector(made)).to.deep.equal(vectors);
    for (const { document, bytes } of vectors) {
      expect(asVector(decodeKeyDocument(fromHex(bytes)))).to.deep.equal(document);
    }
  });

  it("padding: sizes of contents", () => {
    const sizes = [0, 1, 4096, 4097, 5000, 65_537, 1_000_000, CHUNK_BYTES, CHUNK_BYTES + 1, 300_000_000, 2 ** 32 + 1];
    const made = sizes.map((size) => ({ size, padded: paddedSize(size) }));
    expect(asVector(made)).to.deep.equal(frozen("padding", made));
  });

  it("content: leaves, digests and CIDs", async () => {
    const made = [];
    for (const size of [0, 11, 4097, CHUNK_BYTES, 2 * CHUNK_BYTES + 5]) {
      const keys = newFileKeys(fixedRandom(`content ${size}`));
      const source = new Blob([filled(0x61, size)]);
      const { sha256 } = await hashContent(source);
      const leaves = await collect(encryptContent({ source, size, ...keys, sha256 }));
      const digests = leaves.map((leaf) => leaf.digest);
      const starts = leaves.map((leaf) => leaf.bytes.slice(0, 32));
      made.push({
        plaintext: `${size} times 0x61`,
        size,
        sha256,
        ...keys,
        starts,
        digests,
        ...contentCid(digests, size),
      });
    }
    expect(asVector(made)).to.deep.equal(frozen("content", made));
  });

  it("record: a record block sealed to the patient", async () => {
    const core: Core = {
      name: "Blood count",
      type: "application/fhir+json",
      size: 0,
      sha256: EMPTY_SHA256,
      fhir: { resourceType: "DiagnosticReport", status: "final", value: 4.5, note: null },
      author: doctor.address,
    };
    const manifest = {
      core,
      content: null,
      signedAt: 1_790_000_100,
      signature: toHex(filled(5, 65)),
      proposedScope: "labs",
    };
    const sealed = await sealRecord({
      ...manifest,
      sealTo: { chain: CHAIN, patient: patient.recipient },
      random: fixedRandom("record"),
    });
    const made = { chain: CHAIN, people, manifest, coreHash: hashCore(core), sealed };
    const vector = frozen("record", made) as {
      manifest: object;
      sealed: { bytes: Hex; dek: Hex; pointer: Hex; salt: Hex };
    };
    expect(asVector(made)).to.deep.equal(vector);
    const bytes = fromHex(vector.sealed.bytes);
    const dek = await openSealedDek({ bytes, chain: CHAIN, author: doctor.address, patient: patient.opener });
    expect(toHex(dek)).to.equal(vector.sealed.dek);
    expect(digestOf(bytes)).to.equal(vector.sealed.pointer);
    expect(asVector(openRecordBlock({ bytes, dek }))).to.deep.equal({ ...vector.manifest, salt: vector.sealed.salt });
  });

  it("wraps: two rows", () => {
    const row = (record: number, epoch: number) => ({
      recordId: hex32(record),
      rowTag: rowTag(hex32(0xa1), hex32(record), epoch),
      wrap: filled(record, 48),
    });
    const wraps = { generation: 1, rows: [row(1, 0), row(2, 3)] };
    const made = { wraps, ...encodeWraps(wraps) };
    const vector = frozen("wraps", made) as { wraps: unknown; bytes: Hex };
    expect(asVector(made)).to.deep.equal(vector);
    expect(asVector(decodeWraps(fromHex(vector.bytes)))).to.deep.equal(vector.wraps);
  });

  it("bundle: one scope and one wrap", async () => {
    const consentId = hex32(7);
    const terms = [filled(1, 20), "care", 5];
    const granteePart = {
      terms,
      scopes: [{ label: "Labs", tag: hex32(0xa1), keys: [{ epoch: 0, key: filled(2) }] }],
      wrap: { recordId: hex32(3), epoch: 0, wrap: filled(4, 48) },
    };
    const patientPart = {
      terms,
      labels: [{ tag: hex32(0xa1), label: "Labs" }],
      granteeKeyDocument: doctor.keyDocument,
    };
    const block = await sealBundle({
      chain: CHAIN,
      consentId,
      patient: patient.recipient,
      grantee: doctor.recipient,
      granteePart,
      patientPart,
      random: fixedRandom("bundle"),
    });
    const made = { chain: CHAIN, people, consentId, granteePart, patientPart, ...block };
    const vector = frozen("bundle", made) as { bytes: Hex; granteePart: unknown; patientPart: unknown };
    expect(asVector(made)).to.deep.equal(vector);
    const bytes = fromHex(vector.bytes);
    const forGrantee = { bytes, chain: CHAIN, consentId, patient: patient.address, grantee: doctor.opener };
    expect(asVector(await openBundleAsGrantee(forGrantee))).to.deep.equal(vector.granteePart);
    const forPatient = { bytes, chain: CHAIN, consentId, patient: patient.opener };
    expect(asVector(await openBundleAsPatient(forPatient))).to.deep.equal(vector.patientPart);
  });

  it("scopes: one rotation for one grantee", async () => {
    const keys = [{ tag: hex32(0xa1), epoch: 4, key: filled(5) }];
    const block = await encodeScopes({
      chain: CHAIN,
      epoch: 4,
      patient: patient.recipient,
      patientKeys: keys,
      grants: [{ recipient: doctor.recipient, keys }],
      random: fixedRandom("scopes"),
    });
    const made = { chain: CHAIN, people, keys, ...block };
    const vector = frozen("scopes", made) as { bytes: Hex; keys: unknown };
    expect(asVector(made)).to.deep.equal(vector);
    for (const opener of [patient.opener, doctor.opener]) {
      const opened = await openScopes({ bytes: fromHex(vector.bytes), chain: CHAIN, patient: patient.address, opener });
      expect(asVector(opened)).to.deep.equal({ epoch: 4, keys: vector.keys });
    }
  });

  it("vault: one entry in each map", async () => {
    const updatedAt = 1_790_000_200;
    const state = {
      ...emptyVault(),
      scopes: { labs: { updatedAt, label: "Labs", tag: hex32(0xa1), generation: 0 } },
      rotations: { [hex32(1)]: { updatedAt, epoch: 1, scopes: ["labs"] } },
      consents: { [hex32(2)]: { updatedAt, terms: ["care", 5], bundle: hex32(3), granteeKeyDocument: null } },
      contacts: {
        [doctor.address.toLowerCase()]: { updatedAt, keyDocument: doctor.keyDocument, name: "Amara", confirmed: true },
      },
      entries: { [hex32(4)]: { updatedAt, scope: "labs", reason: null } },
      checkpoints: {
        [`${patient.address.toLowerCase()}/1024`]: {
          updatedAt,
          index: 1024,
          head: hex32(5),
          blockNumber: 9,
          blockHash: hex32(6),
        },
      },
      requests: {
        [toHex(filled(7, 16))]: { updatedAt, verdict: "refused" as const, grantee: doctor.address, reason: "not now" },
      },
      seeds: { "0": { updatedAt, seed: filled(8) } },
    };
    const context = { ...CHAIN, patient: patient.address, generation: 0 };
    const vaultKey = patient.keys.vaultKey;
    const sealed = sealVault({ state, vaultKey, context, random: fixedRandom("vault") });
    const made = { context, vaultKey, state, ...sealed };
    const vector = frozen("vault", made) as { state: unknown; blocks: { bytes: Hex }[] };
    expect(asVector(made)).to.deep.equal(vector);
    const getBlock = async () => utf8("");
    const opened = await openVault({ bytes: fromHex(vector.blocks[0]!.bytes), vaultKey, context, getBlock });
    expect(asVector(opened)).to.deep.equal(vector.state);
  });

  it("message: a request for access", async () => {
    const id = filled(9, 16);
    const content = {
      kind: "request" as const,
      body: { scopes: ["labs"], reason: "second opinion" },
      sentAt: 1_790_000_300,
    };
    const sealed = await sealMessage({
      chain: CHAIN,
      id,
      sender: { address: doctor.address, keyDocument: doctor.keyDocument, signSecret: doctor.keys.signSecret },
      recipient: patient.recipient,
      ...content,
      random: fixedRandom("message"),
    });
    const made = { chain: CHAIN, people, id, content, sealed };
    const vector = frozen("message", made) as { sealed: Hex; content: object };
    expect(asVector(made)).to.deep.equal(vector);
    const signKeyOf = async () => doctor.keys.signPublicKey;
    const opened = await openMessage({
      bytes: fromHex(vector.sealed),
      chain: CHAIN,
      id,
      recipient: patient.opener,
      signKeyOf,
    });
    const named = { sender: doctor.address, keyDocument: doctor.keyDocument };
    expect(asVector(opened)).to.deep.equal({ ...vector.content, ...named });
  });
});
