/**
 * @module lib/fees
 * Words about the network fee: usually Carekey’s server pays it, and then people need not know more than "free".
 */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { formatEther } from "viem";
import { relayState, type Carekey, type NotPaidReason, type OwnCost } from "@carekey/sdk/client";
import { queryKeys } from "./query-keys.ts";

const REASONS: Readonly<Record<NotPaidReason, string>> = {
  off: "This server pays for nobody.",
  balance: "It has nothing left to pay with for the moment. It usually pays again within a day.",
  budget: "It has spent what it may spend in a day. Tomorrow it pays again.",
  quota: "It has paid for as much of yours as it pays for in a day. Tomorrow it pays again.",
  gas: "This is larger than what it pays for. Smaller parts, one after another, are free.",
  busy: "Too much of yours is still on its way. In a few minutes it pays again.",
  unreachable: "It does not answer. As soon as it does, this is free again.",
  "signed-out": "You are not signed in to it any more. Reload this page and sign in, and this is free again.",
};

/** Why the server does not pay, and when it will. */
export function notPaidWords(reason: NotPaidReason): string {
  return REASONS[reason];
}

/** A fee with two digits that matter, such as "0.00012 ETH". */
export function feeWords({ wei, currency }: Pick<OwnCost, "wei" | "currency">): string {
  const [whole, fraction = ""] = formatEther(wei).split(".");
  const zeros = /^0*/.exec(fraction)![0].length;
  const digits = whole === "0" ? zeros + 2 : 2;
  const shown = fraction.slice(0, digits).replace(/0+$/, "");
  return `${shown === "" ? whole : `${whole}.${shown}`} ${currency}`;
}

/** Whether the server pays for this person now. */
export function relayQuery(carekey: Carekey) {
  return queryOptions({
    queryKey: queryKeys.relay(carekey.wallet.account.address),
    queryFn: () => relayState(carekey),
    staleTime: 30_000,
    // A wallet's window takes the focus and gives it back: that is no reason to ask.
    refetchOnWindowFocus: false,
  });
}

/** The line on the cost of an act that the own wallet always pays for. */
export const OWN_FEE_WORDS = "The network takes a small fee. Your wallet shows it before you confirm.";

/** The line on the cost of an act before it is confirmed; null until it is known. */
export function useFeeWords(carekey: Carekey): string | null {
  const { data } = useQuery(relayQuery(carekey));
  if (data === undefined) return null;
  if (data.available) return "This is free.";
  if (data.reason === "off") return OWN_FEE_WORDS;
  return "Carekey’s server does not pay the network fee now. You are asked before your wallet pays.";
}
