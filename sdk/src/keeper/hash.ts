/**
 * @module keeper/hash
 * SHA-256 over the deterministic encoding of `[label, fields…]`: how requests, bodies and deals are named. And the keeper set's hash.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import { toHex, type Address, type Hex } from "../bytes.ts";
import { encodeCbor, type CborValue } from "../cbor.ts";

/** SHA-256 of the DAG-CBOR array `[label, fields…]`: two labels never give one hash. */
export function hashLabelled(label: string, ...fields: readonly CborValue[]): Hex {
  return toHex(sha256(encodeCbor([label, ...fields])));
}

/** keccak256(abi.encode(address[])) of the keepers in their order: what a deal names its keepers by. */
export function hashKeeperSet(keepers: readonly Address[]): Hex {
  return keccak256(encodeAbiParameters([{ type: "address[]" }], [[...keepers]]));
}
