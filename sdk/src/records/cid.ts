/**
 * @module records/cid
 * CIDs (https://docs.ipfs.tech/concepts/content-addressing/) of Carekey: version 1, SHA-256, base32; raw for blocks and leaves, dag-pb for trees.
 */
import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create as createMultihash } from "multiformats/hashes/digest";
import { fromHex, toHex, type Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";

const SHA2_256 = 0x12;

/** The CID of the raw block whose sha-256 is `digest`. @throws SdkError MALFORMED when it is not 32 bytes. */
export function cidOfRaw(digest: Hex): string {
  return rawCid(digest).toString();
}

/** The CID of the dag-pb node whose sha-256 is `digest`. @throws SdkError MALFORMED when it is not 32 bytes. */
export function cidOfDagPb(digest: Hex): string {
  return CID.createV1(dagPb.code, createMultihash(SHA2_256, fromHex(digest, 32, "digest"))).toString();
}

/** The parsed CID of a raw block. */
export function rawCid(digest: Hex): CID {
  return CID.createV1(raw.code, createMultihash(SHA2_256, fromHex(digest, 32, "digest")));
}

/**
 * The sha-256 that a CID names.
 * @throws SdkError MALFORMED when it is no CIDv1 in base32 of a raw block or dag-pb node hashed with SHA-256.
 */
export function digestOfCid(cid: string): Hex {
  let parsed: CID;
  try {
    parsed = CID.parse(cid);
  } catch (cause) {
    throw new SdkError("MALFORMED", "not a CID", { cause });
  }
  const known = parsed.code === raw.code || parsed.code === dagPb.code;
  if (parsed.version !== 1 || !known || parsed.multihash.code !== SHA2_256 || parsed.toString() !== cid) {
    throw new SdkError("MALFORMED", "CID: expected version 1, raw or dag-pb, SHA-256, base32");
  }
  return toHex(parsed.multihash.digest);
}
