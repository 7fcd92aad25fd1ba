/**
 * @module crypto/tuple
 * The tuple that names one record under one scope epoch of one patient. Keepers release keys for tuples only.
 */
import { encodeAbiParameters } from "viem/utils";
import { fromHex, type Address, type Hex } from "../bytes.ts";

/** (chain, contract, patient, tag, epoch, recordId): what a wrap, a view request and a receipt are bound to. */
export type RecordTuple = {
  chainId: number;
  /** The Carekey contract. */
  contract: Address;
  patient: Address;
  /** Opaque scope tag, 32 bytes. */
  tag: Hex;
  /** Chart-wide epoch of the scope key, u32. */
  epoch: number;
  /** The record's pointer: the sha-256 of its record block, 32 bytes. */
  recordId: Hex;
};

const PARAMETERS = [
  { type: "uint256" },
  { type: "address" },
  { type: "address" },
  { type: "bytes32" },
  { type: "uint32" },
  { type: "bytes32" },
] as const;

/** abi.encode of the tuple: 192 bytes. */
export function encodeTuple(tuple: RecordTuple): Uint8Array<ArrayBuffer> {
  const { chainId, contract, patient, tag, epoch, recordId } = tuple;
  return fromHex(encodeAbiParameters(PARAMETERS, [BigInt(chainId), contract, patient, tag, epoch, recordId]));
}
