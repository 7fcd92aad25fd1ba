/**
 * @module services/gateway/routes/health
 * Whether the gateway and what it stands on are up: for people, start scripts and monitors.
 */
import { createRoute } from "@hono/zod-openapi";
import { healthReplySchema } from "@carekey/sdk/gateway";
import { createRoutes, jsonReply } from "../openapi.ts";
import type { Ports } from "../ports.ts";

const PATIENCE_MS = 3_000;

/** The route `/health`. */
export function healthRoutes({ chain, blocks, store, version }: Ports) {
  return createRoutes().openapi(
    createRoute({
      tags: ["health"],
      method: "get",
      path: "/",
      summary: "State of the gateway, the chain's node, block storage and database",
      responses: {
        200: jsonReply(healthReplySchema, "All is up"),
        503: jsonReply(healthReplySchema, "Something is down"),
      },
    }),
    async (context) => {
      const [block, ipfs, database] = await Promise.all([
        within(
          chain.block().then(({ number }) => Number(number)),
          null,
        ),
        within(blocks.isUp(), false),
        within(store.isUp(), false),
      ]);
      const isUp = block !== null && ipfs && database;
      const health = {
        version,
        chain: { ok: block !== null, block },
        ipfs: { ok: ipfs },
        database: { ok: database },
      };
      return isUp
        ? context.json({ status: "ok", ...health } as const, 200)
        : context.json({ status: "degraded", ...health } as const, 503);
    },
  );
}

/** The value, or `otherwise` when it fails or takes too long. */
async function within<T, O>(work: Promise<T>, otherwise: O): Promise<T | O> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<O>((resolve) => (timer = setTimeout(() => resolve(otherwise), PATIENCE_MS)));
  try {
    return await Promise.race([work.catch(() => otherwise), patience]);
  } finally {
    clearTimeout(timer);
  }
}
