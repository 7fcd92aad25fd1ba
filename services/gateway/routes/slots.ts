/**
 * @module services/gateway/routes/slots
 * Unlock slots: sealed seeds that only their owner may list, replace and remove.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { fromHex, toHex } from "@carekey/sdk/bytes";
import { MAX_SLOTS, putSlotRequestSchema, slotIdSchema, slotsReplySchema } from "@carekey/sdk/gateway";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

const TAG = { tags: ["slots"] };
const params = z.object({ id: slotIdSchema });

/** Routes under `/slots`, behind sign-in. */
export function slotRoutes({ store, now }: Ports) {
  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "My unlock slots",
        responses: { 200: jsonReply(slotsReplySchema, "All slots of the person signed in") },
      }),
      async (context) => {
        const slots = await store.slots.list(context.var.person);
        return context.json({ slots: slots.map((slot) => ({ ...slot, data: toHex(slot.data) })) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "put",
        path: "/{id}",
        summary: "Save or replace one of my unlock slots",
        request: { params, ...jsonBody(putSlotRequestSchema) },
        responses: {
          204: { description: "Saved" },
          ...refusals({ 409: `CONFLICT: ${MAX_SLOTS} slots already`, 413: "TOO_LARGE" }),
        },
      }),
      async (context) => {
        const { kind, data } = context.req.valid("json");
        const { id } = context.req.valid("param");
        await store.slots.save({
          person: context.var.person,
          id,
          kind,
          data: fromHex(data),
          now: now(),
          max: MAX_SLOTS,
        });
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "delete",
        path: "/{id}",
        summary: "Remove one of my unlock slots",
        request: { params },
        responses: { 204: { description: "Gone" } },
      }),
      async (context) => {
        await store.slots.remove(context.var.person, context.req.valid("param").id);
        return context.body(null, 204);
      },
    );
}
