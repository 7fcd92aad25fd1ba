/**
 * @module gateway/primitives
 * The values that the gateway's schemas share: addresses, digests, bytes as 0x-hex, times.
 */
import { z } from "zod";
import { getAddress } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";

/** At most `maxBytes` bytes as lower-case 0x-hex. */
export const hexBytesSchema = (maxBytes: number) =>
  z
    .string()
    .max(2 + 2 * maxBytes)
    .regex(/^0x([0-9a-f]{2})*$/, "lower-case 0x-hex of whole bytes")
    .transform((value) => value as Hex);

/** An Ethereum address, answered with its checksum. */
export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "an address of 20 bytes")
  .transform((value): Address => getAddress(value));
/** 32 bytes as lower-case 0x-hex. */
export const digestSchema = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, "32 bytes as lower-case 0x-hex")
  .transform((value) => value as Hex);
/** Whole seconds. */
export const timestampSchema = z.int().nonnegative();
