/**
 * @module lib/codes
 * Which one-time codes a person has turned on, for every screen that asks for one.
 */
import { queryOptions } from "@tanstack/react-query";
import type { Carekey } from "@carekey/sdk/client";
import { queryKeys } from "./query-keys.ts";

/** The ways that are on. Asked anew by every screen: a code may have been used in another tab. */
export function codesQuery(carekey: Carekey) {
  return queryOptions({
    queryKey: queryKeys.codes(carekey.wallet.account.address),
    queryFn: () => carekey.gateway.codes.state(),
    staleTime: 0,
  });
}
