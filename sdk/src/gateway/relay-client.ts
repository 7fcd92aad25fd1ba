/**
 * @module gateway/relay-client
 * The calls of `/api/v1/relay`, typed.
 */
import type { Address, Hex } from "../bytes.ts";
import type { Caller } from "./call.ts";
import { relayOfferSchema, relayedSchema, type RelayOffer, type Relayed } from "./relay-schemas.ts";

/** Signed acts that the gateway sends and pays for. */
export type RelayClient = {
  /** Whether the gateway would pay for a signed act of the caller now, and what of the caller's is on its way. */
  offer(): Promise<RelayOffer>;
  /**
   * Hands in a signed act of the caller for the gateway to send and pay for; the same call again is no second one. Throws
   * CONTRACT_REVERTED (the contract would refuse it), RELAY_UNAVAILABLE (`details.reason`), FORBIDDEN (no such act, or somebody
   * else's), RATE_LIMITED.
   */
  send(call: { to: Address; data: Hex }): Promise<Relayed>;
  /** Where a relayed act of the caller stands. Throws NOT_FOUND. */
  state(id: string): Promise<Relayed>;
};

/** The relay's part of the gateway's client. */
export function relayClient(call: Caller): RelayClient {
  const path = "/api/v1/relay";
  return {
    offer: () => call(path, relayOfferSchema),
    send: ({ to, data }) => call(path, relayedSchema, { method: "POST", body: { to, data }, isRepeatable: true }),
    state: (id) => call(`${path}/${id}`, relayedSchema),
  };
}
