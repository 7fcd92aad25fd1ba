/**
 * @module lib/refresh
 * Asks again for what has changed, also when the first answer is still on its way: that one may be older than the change, and a query
 * client takes it for the newest.
 */
import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Has everything under `queryKey` asked for again. Never rejects; resolves when the screens that are open have their answers. */
export async function refresh(queryClient: QueryClient, queryKey: QueryKey): Promise<void> {
  const isFirstOnItsWay = queryClient
    .getQueryCache()
    .findAll({ queryKey })
    .some(({ state }) => state.data === undefined && state.fetchStatus !== "idle");
  await queryClient.invalidateQueries({ queryKey });
  if (isFirstOnItsWay) await queryClient.invalidateQueries({ queryKey });
}
