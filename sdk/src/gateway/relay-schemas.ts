/**
 * @module gateway/relay-schemas
 * The wire contract of the relay: signed acts that the gateway carries to the chain and pays for.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { concatBytes, fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import { addressSchema, digestSchema } from "./primitives.ts";

/** Largest call data of a relayed act, in bytes: the largest batch of decisions with a long contract signature. */
export const MAX_RELAY_BYTES = 32_768;

/** Why the gateway does not pay now. */
export const relayReasonSchema = z.enum([
  "off", // this gateway has no relay
  "balance", // its account is empty
  "budget", // what it may spend in a day is spent
  "quota", // what it pays for one person in a day is used up
  "gas", // this act costs more than it pays for
  "busy", // too many acts of this person are on their way
]);

/** A call that the gateway is asked to send: to which contract, with which data. */
export const relayRequestSchema = z.strictObject({
  to: addressSchema,
  data: z
    .string()
    .max(2 + 2 * MAX_RELAY_BYTES)
    .regex(/^0x([0-9a-f]{2}){4,}$/, "lower-case 0x-hex of whole bytes")
    .transform((value) => value as Hex),
});

/**
 * Where a relayed call stands. `sent`: handed to the network, perhaps not mined yet; `hashes` grows when it is sent again with
 * a higher fee, and the last one is the present one. `failed`: it will not take effect by this relay.
 */
export const relayedSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  state: z.enum(["sent", "done", "failed"]),
  hashes: z.array(digestSchema).min(1).max(32),
});

/** Acts of one person that may be on their way at once. */
export const MAX_OPEN_ACTS = 16;

/** An act that is on its way, with the call, so that whoever signed it knows it again. */
const openActSchema = relayedSchema.extend({ to: addressSchema, data: relayRequestSchema.shape.data });

/**
 * Whether the gateway would pay for the caller now, for how many more acts today, and what of the caller's is on its way: what was
 * sent before a page was closed is found again here.
 */
export const relayOfferSchema = z.object({
  available: z.boolean(),
  reason: relayReasonSchema.nullable(),
  left: z.int().nonnegative(),
  open: z.array(openActSchema).max(MAX_OPEN_ACTS),
});

/** The id of a relayed call: the same call has the same one, so that it is found again when the gateway's answer was lost. */
export function relayIdOf(call: { to: Address; data: Hex }): string {
  return toHex(sha256(concatBytes(fromHex(call.to), fromHex(call.data))).slice(0, 16)).slice(2);
}

/** Why the gateway does not pay now. */
export type RelayReason = z.output<typeof relayReasonSchema>;
/** Where a relayed call stands. */
export type Relayed = z.output<typeof relayedSchema>;
/** An act that is on its way. */
export type OpenAct = z.output<typeof openActSchema>;
/** What the gateway would pay for now. */
export type RelayOffer = z.output<typeof relayOfferSchema>;
