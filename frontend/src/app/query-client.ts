/**
 * @module app/query-client
 * One query client. What it holds is forgotten as soon as no screen shows it, because it may be decrypted.
 */
import { QueryClient } from "@tanstack/react-query";
import { errorCodeOf } from "../lib/error-sentences.ts";

/** Failures that may pass by themselves. */
const PASSING = new Set(["CHAIN_UNAVAILABLE", "GATEWAY_UNAVAILABLE", "IPFS_UNAVAILABLE", "RATE_LIMITED"]);

/** A query client with Carekey's defaults. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A local network has no internet; the servers say themselves when they are away.
        networkMode: "always",
        // Long enough for the parts of one screen to share an answer; a screen that is opened shows what is new.
        staleTime: 1_000,
        gcTime: 0,
        retry: (failures, error) => failures < 2 && PASSING.has(errorCodeOf(error)),
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
