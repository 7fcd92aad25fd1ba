/**
 * @module keeper/deal
 * A deal hands each keeper one share of a patient's scalar b, sealed to that keeper. The patient's wallet signs it, keepers
 * acknowledge it, and the patient activates it. Layout: [1, "deal", [fields…], wallet signature, [commitments], [sealed shares]].
 */
import { hashTypedData, isAddressEqual, recoverAddress } from "viem/utils";
import {
  decodeBlock,
  encodeBlock,
  readAddress,
  readArray,
  readBytes,
  readHex,
  readNullable,
  readUint,
} from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { MAX_SHARES, splitSecret } from "../crypto/group.ts";
import { openEnvelope, sealEnvelope, type EnvelopeContext } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { hashKeeperSet, hashLabelled } from "./hash.ts";
import { readSignature, type SignTypedData } from "./session.ts";
import { acknowledgementTypedData, dealTypedData, type Deal, type KeeperDomain } from "./typed-data.ts";

/** A deal as readers need it: signed fields and the commitments that evaluations are proved against. */
export type SignedDeal = { deal: Deal; signature: Hex; commitments: Uint8Array[] };
/** A deal as keepers get it. */
export type DealBody = SignedDeal & {
  /** `sealedShares[i]` opens for the keeper with index i + 1 only. */
  sealedShares: Uint8Array[];
};
/** A keeper's key as a deal seals to it. */
export type KeeperKey = {
  address: Address;
  /** X-Wing public key, 1,216 bytes. */
  publicKey: Uint8Array;
  /** 20 bytes, as on chain. */
  keyHash: Hex;
};
/** A keeper's signed word that it stores a good share of a deal. */
export type Acknowledgement = { keeper: Address; signature: Hex };
/** The deals of a patient at one keeper. `previous` is answered for seven days; `pending` waits for activation. */
export type KeeperDeals = { active: SignedDeal | null; previous: SignedDeal | null; pending: SignedDeal | null };
/** Tells whether an account signed a digest; needed for smart accounts, whose signatures only the chain can judge. */
export type VerifySignature = (input: { account: Address; digest: Hex; signature: Hex }) => Promise<boolean>;

/** EIP-712 hash of a deal: what keepers acknowledge. */
export function hashDeal(deployment: KeeperDomain, deal: Deal): Hex {
  return hashTypedData(dealTypedData(deployment, deal));
}

/** SHA-256 over the commitments, bound in the deal. */
export function hashCommitments(commitments: readonly Uint8Array[]): Hex {
  return hashLabelled("carekey/deal-commitments/v1", [...commitments]);
}

/** SHA-256 over the sealed shares, bound in the deal. */
export function hashSealedShares(sealedShares: readonly Uint8Array[]): Hex {
  return hashLabelled("carekey/deal-shares/v1", [...sealedShares]);
}

/** The context that ties a sealed share to its deal, patient and keeper. */
export function shareContext(input: {
  deployment: KeeperDomain;
  deal: Pick<Deal, "patient" | "generation" | "version" | "commitmentsHash">;
  index: number;
  keeper: Pick<KeeperKey, "address" | "keyHash">;
}): EnvelopeContext {
  const { deployment, deal, index, keeper } = input;
  const { patient, generation, version, commitmentsHash } = deal;
  return {
    chainId: deployment.chainId,
    contract: deployment.carekey,
    purpose: "deal",
    sender: patient,
    recipient: keeper.address,
    recipientKeyHash: keeper.keyHash,
    id: fromHex(
      hashLabelled("carekey/deal/v1", fromHex(patient), generation, version, fromHex(commitmentsHash), index),
    ),
  };
}

/**
 * Splits b for the keepers, seals each share and has the patient's wallet sign the deal: one wallet signature.
 * `input.secret`: b, 32 bytes ({@link deriveDealScalar}).
 * `input.version`: above every earlier version of this patient.
 * `input.keepers`: the whole keeper set, in the deployment's order, keys verified against the chain.
 * @throws SdkError INVALID_ARGUMENT unless `1 < t <= n < 2t`.
 */
export async function buildDeal(input: {
  deployment: KeeperDomain;
  patient: Address;
  secret: Uint8Array;
  generation: number;
  version: number;
  threshold: number;
  keepers: readonly KeeperKey[];
  issuedAt: number;
  sign: SignTypedData;
}): Promise<DealBody> {
  const { deployment, patient, secret, generation, version, threshold, keepers, issuedAt } = input;
  const count = keepers.length;
  if (count >= 2 * threshold) throw new SdkError("INVALID_ARGUMENT", `${threshold} of ${count}: n must be below 2t`);
  const { commitments, shares } = splitSecret({ secret, threshold, count });
  const commitmentsHash = hashCommitments(commitments);
  const sealedShares = await Promise.all(
    keepers.map((keeper, position) => {
      const deal = { patient, generation, version, commitmentsHash };
      const context = shareContext({ deployment, deal, index: position + 1, keeper });
      return sealEnvelope({ recipientPublicKey: keeper.publicKey, context }, shares[position]!);
    }),
  );
  const deal: Deal = {
    patient,
    generation,
    version,
    threshold,
    count,
    setHash: hashKeeperSet(keepers.map(({ address }) => address)),
    commitmentsHash,
    sharesHash: hashSealedShares(sealedShares),
    issuedAt,
  };
  const signature = await input.sign(dealTypedData(deployment, deal));
  return { deal, signature, commitments, sealedShares };
}

/** Opens the share of one keeper. @throws SdkError DECRYPTION_FAILED, MALFORMED when there is no such seat. */
export async function openShare(input: {
  deployment: KeeperDomain;
  body: DealBody;
  index: number;
  keeper: Pick<KeeperKey, "address" | "keyHash">;
  secret: Uint8Array;
}): Promise<Uint8Array> {
  const { deployment, body, index, keeper, secret } = input;
  const sealed = body.sealedShares[index - 1];
  if (sealed === undefined) throw new SdkError("MALFORMED", "the deal has no such seat");
  return openEnvelope(
    { recipientSecret: secret, context: shareContext({ deployment, deal: body.deal, index, keeper }) },
    sealed,
  );
}

/**
 * Checks that a deal is well-formed, of this keeper set and signed by its patient.
 * @param verify - needed for patients with smart accounts; by default only the account's own key counts.
 * @throws SdkError MALFORMED for numbers or hashes that do not fit, SIGNATURE_INVALID for another signer.
 */
export async function assertSignedDeal(
  deployment: KeeperDomain & { keepers: readonly { address: Address }[] },
  { deal, signature, commitments }: SignedDeal,
  verify: VerifySignature = isSignedByOwnKey,
): Promise<void> {
  const refuse = (problem: string) => new SdkError("MALFORMED", `deal: ${problem}`);
  const { threshold, count } = deal;
  if (threshold < 2 || threshold > count || count >= 2 * threshold || count > MAX_SHARES) {
    throw refuse(`${threshold} of ${count} is not allowed`);
  }
  if (commitments.length !== threshold) throw refuse("not as many commitments as its threshold");
  if (hashCommitments(commitments) !== deal.commitmentsHash) throw refuse("other commitments than those signed");
  const addresses = deployment.keepers.map(({ address }) => address);
  if (count !== addresses.length || deal.setHash !== hashKeeperSet(addresses)) throw refuse("another keeper set");
  const digest = hashDeal(deployment, deal);
  if (!(await verify({ account: deal.patient, digest, signature }))) {
    throw new SdkError("SIGNATURE_INVALID", "the deal is not signed by its patient");
  }
}

/** Whether a keeper acknowledged the deal with this hash. */
export async function isAcknowledgedBy(
  deployment: KeeperDomain,
  dealHash: Hex,
  { keeper, signature }: Acknowledgement,
): Promise<boolean> {
  const digest = hashTypedData(acknowledgementTypedData(deployment, { keeper, deal: dealHash }));
  return isSignedByOwnKey({ account: keeper, digest, signature });
}

/** Whether the account's own secp256k1 key made the signature. */
export const isSignedByOwnKey: VerifySignature = async ({ account, digest, signature }) => {
  if (signature.length !== 132) return false;
  try {
    return isAddressEqual(await recoverAddress({ hash: digest, signature }), account);
  } catch {
    return false; // not a signature at all
  }
};

/** Encodes what keepers get. */
export function encodeDeal(body: DealBody): Uint8Array {
  return encodeBlock("deal", [...signedDealToArray(body), body.sealedShares]).bytes;
}

/** Decodes {@link encodeDeal}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeDeal(bytes: Uint8Array): DealBody {
  const [fields, signature, commitments, sealedShares] = decodeBlock(bytes, "deal", 4);
  const signed = signedDealFromArray([fields!, signature!, commitments!]);
  const shares = readArray(sealedShares, "sealed shares", signed.deal.count).map((share) =>
    readBytes(share, "share", 1169),
  );
  if (hashSealedShares(shares) !== signed.deal.sharesHash) {
    throw new SdkError("MALFORMED", "deal: other sealed shares than those signed");
  }
  return { ...signed, sealedShares: shares };
}

/** Encodes the answer of a keeper that is asked for a patient's deals. */
export function encodeKeeperDeals(deals: KeeperDeals): Uint8Array {
  const optional = (deal: SignedDeal | null) => (deal === null ? null : signedDealToArray(deal));
  return encodeBlock("deals", [optional(deals.active), optional(deals.previous), optional(deals.pending)]).bytes;
}

/** Decodes {@link encodeKeeperDeals}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeKeeperDeals(bytes: Uint8Array): KeeperDeals {
  const [active, previous, pending] = decodeBlock(bytes, "deals", 3);
  return {
    active: readNullable(active, signedDealFromArray),
    previous: readNullable(previous, signedDealFromArray),
    pending: readNullable(pending, signedDealFromArray),
  };
}

function signedDealToArray({ deal, signature, commitments }: SignedDeal): CborValue[] {
  const fields = [
    fromHex(deal.patient),
    deal.generation,
    deal.version,
    deal.threshold,
    deal.count,
    fromHex(deal.setHash),
    fromHex(deal.commitmentsHash),
    fromHex(deal.sharesHash),
    deal.issuedAt,
  ];
  return [fields, fromHex(signature), commitments];
}

function signedDealFromArray(value: CborValue): SignedDeal {
  const [fields, signature, commitments] = readArray(value, "deal", 3);
  const [patient, generation, version, threshold, count, setHash, commitmentsHash, sharesHash, issuedAt] = readArray(
    fields,
    "deal fields",
    9,
  );
  return {
    deal: {
      patient: readAddress(patient, "patient"),
      generation: readUint(generation, "generation", 2 ** 32 - 1),
      version: readUint(version, "version", 2 ** 32 - 1),
      threshold: readUint(threshold, "threshold", MAX_SHARES),
      count: readUint(count, "count", MAX_SHARES),
      setHash: readHex(setHash, "setHash"),
      commitmentsHash: readHex(commitmentsHash, "commitmentsHash"),
      sharesHash: readHex(sharesHash, "sharesHash"),
      issuedAt: readUint(issuedAt, "issuedAt", 2 ** 48 - 1),
    },
    signature: readSignature(signature),
    commitments: readArray(commitments, "commitments").map((commitment) => readBytes(commitment, "commitment", 32)),
  };
}
