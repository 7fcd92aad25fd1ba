/**
 * @module records/bundle
 * The block of one consent: `[1, "bundle", sealed to the grantee, sealed to the patient]`, both bound to the consent id. Inside, padded to
 * a multiple of 1 KiB: for the grantee `[terms, [[label, tag, [[epoch, A]…]]…], [recordId, epoch, wrap] | null]`, for the
 * patient's other devices `[terms, [[tag, label]…], digest of the grantee's key document]`.
 */
import {
  asArgument,
  decodeBlock,
  encodeBlock,
  readArray,
  readBytes,
  readHex,
  readNullable,
  readText,
  readUint,
  type EncodedBlock,
} from "../block.ts";
import { assertBytes, fromHex, type Address, type Hex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type CborValue } from "../cbor.ts";
import { WRAP_BYTES, openEnvelope, sealEnvelope, type EnvelopeContext, type Random } from "../crypto/index.ts";
import { padBlock, unpadBlock } from "./padding.ts";
import type {
  BundleScope,
  BundleWrap,
  ChainContext,
  EpochKey,
  GranteePart,
  Opener,
  PatientPart,
  Recipient,
} from "./types.ts";

const MAX_EPOCH = 0xffffffff;

/**
 * Seals a bundle; its digest goes into the grant.
 * @throws SdkError INVALID_ARGUMENT for fields of wrong length or range; TOO_LARGE above 1 MiB.
 */
export async function sealBundle(input: {
  chain: ChainContext;
  consentId: Hex;
  patient: Recipient;
  grantee: Recipient;
  granteePart: GranteePart;
  patientPart: PatientPart;
  random?: Random;
}): Promise<EncodedBlock> {
  const { chain, consentId, patient, random } = input;
  const sealTo = (recipient: Recipient, value: CborValue) => {
    const context = contextOf(chain, consentId, patient.address, recipient);
    const options = { recipientPublicKey: recipient.publicKey, context, ...(random && { random }) };
    return sealEnvelope(options, padBlock(encodeCbor(value)));
  };
  const granteePart = asArgument("grantee's part", () => {
    const part = granteeToCbor(input.granteePart);
    granteeFromCbor(part);
    return part;
  });
  const patientPart = asArgument("patient's part", () => {
    const part = patientToCbor(input.patientPart);
    patientFromCbor(part);
    return part;
  });
  const forGrantee = await sealTo(input.grantee, granteePart);
  const forPatient = await sealTo(patient, patientPart);
  return encodeBlock("bundle", [forGrantee, forPatient]);
}

/**
 * Opens a bundle as its grantee. The caller checks that the terms hash to the consent id.
 * @param input - `patient`: who granted.
 * @throws SdkError DECRYPTION_FAILED when it is not for this person and consent; MALFORMED | UNSUPPORTED_VERSION
 */
export async function openBundleAsGrantee(input: {
  bytes: Uint8Array;
  chain: ChainContext;
  consentId: Hex;
  patient: Address;
  grantee: Opener;
}): Promise<GranteePart> {
  const [sealed] = decodeBlock(input.bytes, "bundle", 2);
  const context = contextOf(input.chain, input.consentId, input.patient, input.grantee);
  const part = readBytes(sealed, "grantee's part");
  return granteeFromCbor(decodeCbor(unpadBlock(await openEnvelope(openWith(input.grantee, context), part))));
}

/**
 * Opens a bundle as the patient who granted, on any device.
 * @throws SdkError DECRYPTION_FAILED | MALFORMED | UNSUPPORTED_VERSION
 */
export async function openBundleAsPatient(input: {
  bytes: Uint8Array;
  chain: ChainContext;
  consentId: Hex;
  patient: Opener;
}): Promise<PatientPart> {
  const [, sealed] = decodeBlock(input.bytes, "bundle", 2);
  const context = contextOf(input.chain, input.consentId, input.patient.address, input.patient);
  const part = readBytes(sealed, "patient's part");
  return patientFromCbor(decodeCbor(unpadBlock(await openEnvelope(openWith(input.patient, context), part))));
}

function openWith(opener: Opener, context: EnvelopeContext) {
  return { recipientSecret: opener.secret, context };
}

function contextOf(
  chain: ChainContext,
  consentId: Hex,
  patient: Address,
  recipient: { address: Address; keyHash: Hex },
): EnvelopeContext {
  return {
    chainId: chain.chainId,
    contract: chain.contract,
    purpose: "grant",
    sender: patient,
    recipient: recipient.address,
    recipientKeyHash: recipient.keyHash,
    id: fromHex(consentId, 32, "consent id"),
  };
}

function granteeToCbor(part: GranteePart): CborValue {
  return [part.terms, part.scopes.map(scopeToCbor), part.wrap === null ? null : wrapToCbor(part.wrap)];
}

function granteeFromCbor(value: CborValue): GranteePart {
  const [terms, scopes, wrap] = readArray(value, "grantee's part", 3);
  return {
    terms: readArray(terms, "terms"),
    scopes: readArray(scopes, "scopes").map(scopeFromCbor),
    wrap: readNullable(wrap, wrapFromCbor),
  };
}

function scopeToCbor(scope: BundleScope): CborValue {
  return [scope.label, fromHex(scope.tag, 32, "tag"), scope.keys.map(keyToCbor)];
}

function scopeFromCbor(value: CborValue): BundleScope {
  const [label, tag, keys] = readArray(value, "scope", 3);
  return {
    label: readText(label, "label", 256),
    tag: readHex(tag, "tag"),
    keys: readArray(keys, "scope keys").map(keyFromCbor),
  };
}

function keyToCbor({ epoch, key }: EpochKey): CborValue {
  assertBytes(key, 32, "scope key");
  return [epoch, key];
}

function keyFromCbor(value: CborValue): EpochKey {
  const [epoch, key] = readArray(value, "scope key", 2);
  return { epoch: readUint(epoch, "epoch", MAX_EPOCH), key: readBytes(key, "scope key", 32) };
}

function wrapToCbor({ recordId, epoch, wrap }: BundleWrap): CborValue {
  assertBytes(wrap, WRAP_BYTES, "wrap");
  return [fromHex(recordId, 32, "record id"), epoch, wrap];
}

function wrapFromCbor(value: CborValue): BundleWrap {
  const [recordId, epoch, wrap] = readArray(value, "wrap", 3);
  return {
    recordId: readHex(recordId, "record id"),
    epoch: readUint(epoch, "epoch", MAX_EPOCH),
    wrap: readBytes(wrap, "wrap", WRAP_BYTES),
  };
}

function patientToCbor(part: PatientPart): CborValue {
  const labels = part.labels.map(({ tag, label }) => [fromHex(tag, 32, "tag"), label]);
  return [part.terms, labels, fromHex(part.granteeKeyDocument, 32, "grantee's key document")];
}

function patientFromCbor(value: CborValue): PatientPart {
  const [terms, labels, granteeKeyDocument] = readArray(value, "patient's part", 3);
  return {
    terms: readArray(terms, "terms"),
    labels: readArray(labels, "labels").map((item) => {
      const [tag, label] = readArray(item, "label", 2);
      return { tag: readHex(tag, "tag"), label: readText(label, "label", 256) };
    }),
    granteeKeyDocument: readHex(granteeKeyDocument, "grantee's key document"),
  };
}
