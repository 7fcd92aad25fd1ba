/**
 * @module keeper/receipt
 * The receipts that keepers write before they answer: a hash-linked leaf per release, signed, in an append-only Merkle log.
 * Only the leaf's hash ever goes to a chain; its content goes to the patient.
 */
import { encodeAbiParameters, hashTypedData, keccak256, toBytes } from "viem/utils";
import { readAddress, readArray, readHex, readUint } from "../block.ts";
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { SdkError } from "../errors.ts";
import { isSignedByOwnKey } from "./deal.ts";
import { hashLeaf } from "./merkle.ts";
import { readSignature } from "./session.ts";
import { headTypedData, receiptTypedData, type KeeperDomain } from "./typed-data.ts";

/** What a receipt is about. */
export const RECEIPT_VIEW = 1;
/** An emergency view. */
export const RECEIPT_EMERGENCY = 2;
/** A request under a consent of this patient that was refused. */
export const RECEIPT_REFUSED = 3;

/** One line of a keeper's log. */
export type Receipt = {
  keeper: Address;
  logGeneration: number;
  /** From 1, without gaps. */
  seq: number;
  /** Leaf of the line before; zero for the first. */
  previousLeaf: Hex;
  /** Keeper's clock, seconds. */
  issuedAt: number;
  consentId: Hex;
  patient: Address;
  grantee: Address;
  tag: Hex;
  epoch: number;
  recordId: Hex;
  viewNo: number;
  bodyHash: Hex;
  /** {@link RECEIPT_VIEW}, {@link RECEIPT_EMERGENCY} or {@link RECEIPT_REFUSED}. */
  kind: number;
  blockNumber: number;
  blockHash: Hex;
  /** keccak256 of the sealed reason. */
  reasonHash: Hex;
  /** 32 random bytes: keeps a leaf from being guessed. */
  salt: Hex;
};

/** A receipt with the keeper's signature over its leaf. */
export type SignedReceipt = { receipt: Receipt; signature: Hex };

/** The head of a keeper's log. `term` and `slot` are 0 until delegates seal. */
export type Head = { keeper: Address; logGeneration: number; term: number; slot: number; size: number; root: Hex };
/** A head with the keeper's signature. */
export type SignedHead = { head: Head; signature: Hex };

const T_RECEIPT = keccak256(toBytes("carekey/receipt/v1"));
const LEAF = [
  "bytes32", // T_RECEIPT
  "uint256", // chainId
  "address", // auditLog
  "address", // keeper
  "uint32", // logGeneration
  "uint64", // seq
  "bytes32", // previousLeaf
  "uint48", // issuedAt
  "bytes32", // consentId
  "address", // patient
  "address", // grantee
  "bytes32", // tag
  "uint32", // epoch
  "bytes32", // recordId
  "uint32", // viewNo
  "bytes32", // bodyHash
  "uint8", // kind
  "uint256", // blockNumber
  "bytes32", // blockHash
  "bytes32", // reasonHash
  "bytes32", // salt
].map((type) => ({ type }));

/** The leaf of a receipt, 32 bytes. */
export function hashReceipt(deployment: KeeperDomain, receipt: Receipt): Hex {
  const encoded = encodeAbiParameters(LEAF, [
    T_RECEIPT,
    BigInt(deployment.chainId),
    deployment.auditLog,
    receipt.keeper,
    receipt.logGeneration,
    BigInt(receipt.seq),
    receipt.previousLeaf,
    receipt.issuedAt,
    receipt.consentId,
    receipt.patient,
    receipt.grantee,
    receipt.tag,
    receipt.epoch,
    receipt.recordId,
    receipt.viewNo,
    receipt.bodyHash,
    receipt.kind,
    BigInt(receipt.blockNumber),
    receipt.blockHash,
    receipt.reasonHash,
    receipt.salt,
  ]);
  return toHex(hashLeaf(fromHex(keccak256(encoded))));
}

/** EIP-712 digest that a keeper signs for a leaf. */
export function receiptDigest(
  deployment: KeeperDomain,
  { keeper, logGeneration, seq }: Pick<Receipt, "keeper" | "logGeneration" | "seq">,
  leaf: Hex,
): Hex {
  return hashTypedData(receiptTypedData(deployment, { keeper, logGeneration, seq: BigInt(seq), leaf }));
}

/** EIP-712 digest that a keeper signs for a head. */
export function headDigest(deployment: KeeperDomain, head: Head): Hex {
  const { keeper, logGeneration, root } = head;
  const numbers = { term: BigInt(head.term), slot: BigInt(head.slot), size: BigInt(head.size) };
  return hashTypedData(headTypedData(deployment, { keeper, logGeneration, root, ...numbers }));
}

/**
 * Checks a receipt's signature, and that it says what is expected.
 * @param expected - fields that must be equal, such as the body's hash and the record id.
 * @returns the leaf.
 * @throws SdkError KEEPER_MISBEHAVED
 */
export async function verifyReceipt(
  deployment: KeeperDomain,
  { receipt, signature }: SignedReceipt,
  expected: Partial<Receipt> = {},
): Promise<Hex> {
  for (const [field, value] of Object.entries(expected)) {
    const found = receipt[field as keyof Receipt];
    if (String(found).toLowerCase() !== String(value).toLowerCase()) {
      throw misbehaved(receipt.keeper, `the receipt's ${field} is not that of the request`);
    }
  }
  const leaf = hashReceipt(deployment, receipt);
  const digest = receiptDigest(deployment, receipt, leaf);
  if (!(await isSignedByOwnKey({ account: receipt.keeper, digest, signature }))) {
    throw misbehaved(receipt.keeper, "the receipt is not signed by the keeper");
  }
  return leaf;
}

/** Checks the signature of a head. @throws SdkError KEEPER_MISBEHAVED */
export async function verifyHeadSignature(deployment: KeeperDomain, { head, signature }: SignedHead): Promise<void> {
  if (!(await isSignedByOwnKey({ account: head.keeper, digest: headDigest(deployment, head), signature }))) {
    throw misbehaved(head.keeper, "the log's head is not signed by the keeper");
  }
}

/** The error for a keeper whose answer does not verify. */
export function misbehaved(keeper: Address, problem: string): SdkError {
  return new SdkError("KEEPER_MISBEHAVED", problem, { details: { keeper } });
}

/** A receipt and its signature as an array, in the written order of the type. */
export function receiptToArray({ receipt, signature }: SignedReceipt): CborValue[] {
  return [
    fromHex(receipt.keeper),
    receipt.logGeneration,
    receipt.seq,
    fromHex(receipt.previousLeaf),
    receipt.issuedAt,
    fromHex(receipt.consentId),
    fromHex(receipt.patient),
    fromHex(receipt.grantee),
    fromHex(receipt.tag),
    receipt.epoch,
    fromHex(receipt.recordId),
    receipt.viewNo,
    fromHex(receipt.bodyHash),
    receipt.kind,
    receipt.blockNumber,
    fromHex(receipt.blockHash),
    fromHex(receipt.reasonHash),
    fromHex(receipt.salt),
    fromHex(signature),
  ];
}

/** Reads {@link receiptToArray}. @throws SdkError MALFORMED */
export function receiptFromArray(value: CborValue | undefined): SignedReceipt {
  const fields = readArray(value, "receipt", 19);
  const u32 = (position: number, title: string) => readUint(fields[position], title, 2 ** 32 - 1);
  return {
    receipt: {
      keeper: readAddress(fields[0], "keeper"),
      logGeneration: u32(1, "logGeneration"),
      seq: readUint(fields[2], "seq"),
      previousLeaf: readHex(fields[3], "previousLeaf"),
      issuedAt: readUint(fields[4], "issuedAt", 2 ** 48 - 1),
      consentId: readHex(fields[5], "consentId"),
      patient: readAddress(fields[6], "patient"),
      grantee: readAddress(fields[7], "grantee"),
      tag: readHex(fields[8], "tag"),
      epoch: u32(9, "epoch"),
      recordId: readHex(fields[10], "recordId"),
      viewNo: u32(11, "viewNo"),
      bodyHash: readHex(fields[12], "bodyHash"),
      kind: readUint(fields[13], "kind", 3),
      blockNumber: readUint(fields[14], "blockNumber"),
      blockHash: readHex(fields[15], "blockHash"),
      reasonHash: readHex(fields[16], "reasonHash"),
      salt: readHex(fields[17], "salt"),
    },
    signature: readSignature(fields[18]),
  };
}

/** `[keeper, logGeneration, term, slot, size, root, signature]`. */
export function headToArray({ head, signature }: SignedHead): CborValue[] {
  const { keeper, logGeneration, term, slot, size, root } = head;
  return [fromHex(keeper), logGeneration, term, slot, size, fromHex(root), fromHex(signature)];
}

/** Reads {@link headToArray}. @throws SdkError MALFORMED */
export function headFromArray(value: CborValue | undefined): SignedHead {
  const [keeper, logGeneration, term, slot, size, root, signature] = readArray(value, "head", 7);
  return {
    head: {
      keeper: readAddress(keeper, "keeper"),
      logGeneration: readUint(logGeneration, "logGeneration", 2 ** 32 - 1),
      term: readUint(term, "term"),
      slot: readUint(slot, "slot"),
      size: readUint(size, "size"),
      root: readHex(root, "root"),
    },
    signature: readSignature(signature),
  };
}
