/**
 * @module lib/address
 * Addresses as people type them.
 */
import type { Address } from "@carekey/sdk/bytes";

/** Whether a text is an address. */
export function isAddress(text: string): text is Address {
  return /^0x[0-9a-fA-F]{40}$/.test(text);
}
