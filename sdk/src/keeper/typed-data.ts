/**
 * @module keeper/typed-data
 * The EIP-712 messages of the keeper protocol. Session, Deal, Acknowledgement and Ticket are signed under Carekey's own domain;
 * Receipt and Head under the audit log's, which may one day judge them.
 */
import { encodeAbiParameters, keccak256 } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";
import type { Deployment } from "../deployment.ts";
import { domainFor } from "../signing.ts";

/** The part of a deployment that messages are bound to. */
export type KeeperDomain = Pick<Deployment, "chainId" | "carekey" | "auditLog">;

/** What a session key may be used for. */
export type SessionAudience = "keepers" | "gateway";

/** What a wallet signs once, so that the tab's own key can sign requests. */
export type SessionTerms = {
  owner: Address;
  /** Raw Ed25519 public key, 32 bytes. */
  key: Hex;
  /** {@link sessionAudience}. */
  audience: Hex;
  /** First second at which it is over; at most 8 hours ahead. */
  notAfter: number;
};

/** What a patient signs to hand the keepers shares of b. */
export type Deal = {
  patient: Address;
  generation: number;
  /** Rises with each deal of this patient, across generations. */
  version: number;
  /** t: how many keepers must answer. */
  threshold: number;
  /** n: how many keepers hold a share. */
  count: number;
  setHash: Hex;
  commitmentsHash: Hex;
  sharesHash: Hex;
  issuedAt: number;
};

const SESSION = [
  { name: "owner", type: "address" },
  { name: "key", type: "bytes32" },
  { name: "audience", type: "bytes32" },
  { name: "notAfter", type: "uint48" },
] as const;
const DEAL = [
  { name: "patient", type: "address" },
  { name: "generation", type: "uint32" },
  { name: "version", type: "uint32" },
  { name: "t", type: "uint8" },
  { name: "n", type: "uint8" },
  { name: "setHash", type: "bytes32" },
  { name: "commitmentsHash", type: "bytes32" },
  { name: "sharesHash", type: "bytes32" },
  { name: "issuedAt", type: "uint48" },
] as const;
const ACKNOWLEDGEMENT = [
  { name: "keeper", type: "address" },
  { name: "deal", type: "bytes32" },
] as const;
const TICKET = [
  { name: "body", type: "bytes32" },
  { name: "otp", type: "bool" },
  { name: "exp", type: "uint48" },
] as const;
const RECEIPT = [
  { name: "keeper", type: "address" },
  { name: "logGeneration", type: "uint32" },
  { name: "seq", type: "uint64" },
  { name: "leaf", type: "bytes32" },
] as const;
const HEAD = [
  { name: "keeper", type: "address" },
  { name: "logGeneration", type: "uint32" },
  { name: "term", type: "uint64" },
  { name: "slot", type: "uint64" },
  { name: "size", type: "uint64" },
  { name: "root", type: "bytes32" },
] as const;

/** keccak256(abi.encode(chainId, contract, audience)): a session for one service of one deployment is none for another. */
export function sessionAudience(deployment: Pick<Deployment, "chainId" | "carekey">, audience: SessionAudience): Hex {
  const types = [{ type: "uint256" }, { type: "address" }, { type: "string" }] as const;
  return keccak256(encodeAbiParameters(types, [BigInt(deployment.chainId), deployment.carekey, audience]));
}

/** Typed data of a {@link SessionTerms}. */
export function sessionTypedData(deployment: KeeperDomain, session: SessionTerms) {
  return {
    domain: domainFor(deployment),
    types: { Session: SESSION },
    primaryType: "Session",
    message: { ...session },
  } as const;
}

/** Typed data of a {@link Deal}. */
export function dealTypedData(deployment: KeeperDomain, deal: Deal) {
  const { threshold, count, ...rest } = deal;
  return {
    domain: domainFor(deployment),
    types: { Deal: DEAL },
    primaryType: "Deal",
    message: { ...rest, t: threshold, n: count },
  } as const;
}

/** Typed data by which a keeper says that it holds a good share of the deal with this EIP-712 hash. */
export function acknowledgementTypedData(deployment: KeeperDomain, message: { keeper: Address; deal: Hex }) {
  return {
    domain: domainFor(deployment),
    types: { Acknowledgement: ACKNOWLEDGEMENT },
    primaryType: "Acknowledgement",
    message,
  } as const;
}

/** Typed data of the gateway's word that a one-time code was entered for the body with this hash. */
export function ticketTypedData(deployment: KeeperDomain, message: { body: Hex; otp: boolean; exp: number }) {
  return { domain: domainFor(deployment), types: { Ticket: TICKET }, primaryType: "Ticket", message } as const;
}

/** Typed data of a receipt: shows the chain a leaf's hash only. */
export function receiptTypedData(
  deployment: KeeperDomain,
  message: { keeper: Address; logGeneration: number; seq: bigint; leaf: Hex },
) {
  return { domain: auditDomain(deployment), types: { Receipt: RECEIPT }, primaryType: "Receipt", message } as const;
}

/** Typed data of the head of a keeper's log. */
export function headTypedData(
  deployment: KeeperDomain,
  message: { keeper: Address; logGeneration: number; term: bigint; slot: bigint; size: bigint; root: Hex },
) {
  return { domain: auditDomain(deployment), types: { Head: HEAD }, primaryType: "Head", message } as const;
}

function auditDomain({ chainId, auditLog }: KeeperDomain) {
  return { name: "Carekey AuditLog", version: "1", chainId, verifyingContract: auditLog } as const;
}
