/**
 * @module chain
 * Reads of the Carekey contract over a node, and calls of it from a wallet.
 */
export { chainOf, createChainClient } from "./client.ts";
export type { BlockRef, ChainClient, ConsentState, GrantedEvent, Identity, LicenceEvent } from "./client.ts";
export { chainFailure } from "./failure.ts";
export { readLogsInRanges } from "./logs.ts";
export { sendCall } from "./send.ts";
export type { SendCall, SentCall } from "./send.ts";
