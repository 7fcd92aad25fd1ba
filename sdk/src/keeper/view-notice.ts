/**
 * @module keeper/view-notice
 * What a keeper tells the gateway after it released a view, so that the patient hears of it at once: whose record was opened and when,
 * not by whom and not which (docs/decisions/0112).
 */
import { concat, hashTypedData, keccak256, stringToHex } from "viem/utils";
import type { Address, Hex } from "../bytes.ts";
import { ACCOUNT, domainFor, type SigningDomain } from "../signing.ts";

/** One view. `id`: {@link viewNoticeId}. `at`: when the keeper released it, seconds. */
export type NoticedView = { patient: Address; id: Hex; at: number };

const VIEW = [
  { name: "patient", type: "address" },
  { name: "id", type: "bytes32" },
  { name: "at", type: "uint48" },
] as const;

/**
 * Names a view, the same from each keeper. Made from the request's nonce, which the gateway never sees: from the hash of a body, of
 * which it signs tickets, it would learn whose record a reader asked for.
 */
export function viewNoticeId(nonce: Hex): Hex {
  return keccak256(concat([stringToHex("carekey/view-notice/v1"), nonce]));
}

/** The EIP-712 hash that a keeper signs: ViewNotice(address account,View[] views). */
export function viewNoticeDigest(deployment: SigningDomain, keeper: Address, views: readonly NoticedView[]): Hex {
  return hashTypedData({
    domain: domainFor(deployment),
    types: { ViewNotice: [ACCOUNT, { name: "views", type: "View[]" }], View: VIEW },
    primaryType: "ViewNotice",
    message: { account: keeper, views },
  });
}
