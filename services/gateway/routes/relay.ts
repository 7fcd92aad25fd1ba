/**
 * @module services/gateway/routes/relay
 * Signed acts that the gateway sends and pays for. What it may carry is in `relay/allow-list.ts`; who asks must be who signed.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { SdkError } from "@carekey/sdk/errors";
import { relayOfferSchema, relayRequestSchema, relayedSchema } from "@carekey/sdk/gateway";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import { allowedActs, assertOwnAct } from "../relay/allow-list.ts";
import type { SignedIn } from "../session.ts";

const TAG = { tags: ["relay"] };

/** Routes under `/relay`, behind sign-in. */
export function relayRoutes({ deployment, relay }: Pick<Ports, "deployment" | "relay">) {
  const allowed = allowedActs(deployment);
  const open = () => {
    if (relay !== null) return relay;
    throw new SdkError("RELAY_UNAVAILABLE", "this gateway has no relay", { details: { reason: "off" } });
  };
  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "Whether a signed act of mine would be paid for now, and which are on their way",
        responses: { 200: jsonReply(relayOfferSchema, "The offer") },
      }),
      async (context) => {
        const off = { available: false, reason: "off" as const, left: 0, open: [] };
        return context.json(relay === null ? off : await relay.offer(context.var.person), 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/",
        summary: "Send a signed act of mine and pay for it; the same one again is answered with how it stands",
        request: jsonBody(relayRequestSchema),
        responses: {
          202: jsonReply(relayedSchema, "It is saved and handed to the network"),
          ...refusals({
            403: "FORBIDDEN: not an act that is paid for, or not the caller's",
            422: "CONTRACT_REVERTED: the contract would refuse it (details: errorName, args)",
            503: "RELAY_UNAVAILABLE (details: reason), CHAIN_UNAVAILABLE",
          }),
        },
      }),
      async (context) => {
        const call = context.req.valid("json");
        assertOwnAct(allowed, context.var.person, call);
        return context.json(await open().send(context.var.person, call), 202);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/{id}",
        summary: "Where a relayed act of mine stands",
        request: { params: z.object({ id: relayedSchema.shape.id }) },
        responses: { 200: jsonReply(relayedSchema, "Its state"), ...refusals({ 404: "NOT_FOUND" }) },
      }),
      async (context) => context.json(await open().status(context.var.person, context.req.valid("param").id), 200),
    );
}
