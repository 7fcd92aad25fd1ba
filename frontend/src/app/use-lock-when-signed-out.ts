/**
 * @module app/use-lock-when-signed-out
 * Locks as soon as the gateway answers that this browser is signed in no longer: ended from another one, or unused for too long.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { errorCodeOf } from "../lib/error-sentences.ts";

/** Watches what queries and acts are refused with. Open screens ask every half minute at the latest. */
export function useLockWhenSignedOut(lock: () => void): void {
  const queryClient = useQueryClient();
  const check = useEffectEvent((error: unknown) => {
    if (error !== null && errorCodeOf(error) === "NOT_SIGNED_IN") lock();
  });
  useEffect(() => {
    const stopQueries = queryClient.getQueryCache().subscribe(({ type, query }) => {
      if (type === "updated" && query.state.status === "error") check(query.state.error);
    });
    const stopActs = queryClient.getMutationCache().subscribe(({ type, mutation }) => {
      if (type === "updated" && mutation.state.status === "error") check(mutation.state.error);
    });
    return () => {
      stopQueries();
      stopActs();
    };
  }, [queryClient]);
}
