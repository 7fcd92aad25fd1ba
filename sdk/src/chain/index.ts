/**
 * @module chain
 * Reads of the contracts over a node, and calls of them from a wallet.
 */
export { chainOf, createChainClient } from "./client.ts";
export type { AdministrativeEvent } from "./administration.ts";
export type { BlockRef, ChainClient, ConsentState, GrantedEvent, Identity } from "./client.ts";
export type { EmergencyReads, EmergencyRequested, EmergencyStopped } from "./emergency.ts";
export type { Attestation, IdLink, OrganisationReads } from "./organisations.ts";
export type { SuccessionReads } from "./succession.ts";
export { createEventReader, guarded, type EventReader } from "./events.ts";
export { chainFailure } from "./failure.ts";
export { readLogsInRanges } from "./logs.ts";
export { sendCall, withAbi } from "./send.ts";
export { simulateInTime, type SimulatedOn } from "./simulate.ts";
export { transactionEvents, type TransactionEvents } from "./transaction.ts";
export type { ContractCall, SendCall, SentCall, WriteArgs, WriteName } from "./send.ts";
