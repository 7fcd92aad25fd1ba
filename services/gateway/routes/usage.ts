/**
 * @module services/gateway/routes/usage
 * How much the person signed in stores.
 */
import { createRoute } from "@hono/zod-openapi";
import { usageReplySchema } from "@carekey/sdk/gateway";
import { createRoutes, jsonReply } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

/** Routes under `/usage`, behind sign-in. */
export function usageRoutes({ store, limits }: Ports) {
  return createRoutes<SignedIn>().openapi(
    createRoute({
      tags: ["usage"],
      method: "get",
      path: "/",
      summary: "What I store, and what I may",
      responses: { 200: jsonReply(usageReplySchema, "Bytes, blocks and pins") },
    }),
    async (context) =>
      context.json({ ...(await store.ledger.usageOf(context.var.person)), quotaBytes: limits.quotaBytes }, 200),
  );
}
