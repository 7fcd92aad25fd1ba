/**
 * @module test/sdk/records/browser-entry
 * What the browser test bundles: a run through keys, ciphers, records and contents, in a page or in a worker, without anything of Node.
 */
import { equalBytes } from "../../../sdk/src/bytes.ts";
import { openEnvelope, sealEnvelope, signBytes, verifyBytes } from "../../../sdk/src/crypto/index.ts";
import {
  contentCid,
  decryptContent,
  encryptContent,
  hashContent,
  newFileKeys,
  openRecordBlock,
  sealRecord,
} from "../../../sdk/src/records/index.ts";
import { CHAIN, collect, doctor, patient } from "./parties.ts";

/** Seals and opens an envelope, a content of three leaves and its record; returns what went wrong, or "fine". */
async function run(): Promise<string> {
  const text = new TextEncoder().encode("across the page");
  const context = {
    ...CHAIN,
    purpose: "inbox" as const,
    sender: patient.address,
    recipient: doctor.address,
    recipientKeyHash: doctor.recipient.keyHash,
    id: text,
  };
  const sealed = await sealEnvelope({ recipientPublicKey: doctor.recipient.publicKey, context }, text);
  const opened = await openEnvelope({ recipientSecret: doctor.opener.secret, context }, sealed);
  if (!equalBytes(opened, text)) return "envelope";
  if (!verifyBytes(doctor.keys.signPublicKey, text, signBytes(doctor.keys.signSecret, text))) return "signature";

  const source = new Blob([new Uint8Array(2_500_000).fill(9)]);
  const { size, sha256 } = await hashContent(source);
  const keys = newFileKeys();
  const leaves = await collect(encryptContent({ source, size, sha256, ...keys }));
  const leafDigests = leaves.map((leaf) => leaf.digest);
  const core = { name: "scan", type: "image/png", size, sha256, fhir: null, author: patient.address };
  const content = { cid: contentCid(leafDigests, size).cid, leafDigests };
  const record = await sealRecord({ core, content, keys, signature: null, signedAt: 1, proposedScope: null });
  const manifest = openRecordBlock(record);
  const pieces = await collect(
    decryptContent({
      leaves: async (index) => leaves[index]!.bytes,
      ...manifest.core,
      leafDigests: manifest.content?.leafDigests ?? [],
      dek: record.dek,
      salt: manifest.salt,
    }),
  );
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return total === size ? "fine" : "content";
}

const outcome = run().catch((error: unknown) => String(error));
if ("document" in globalThis) Object.assign(globalThis, { outcome });
else void outcome.then((text) => postMessage(text));
