/**
 * @module services/gateway/routes/messages
 * The sealed inbox. Who sent a message is inside its envelope; here the sender is counted in memory, never stored.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { fromHex, toHex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import {
  messageIdSchema,
  messagesQuerySchema,
  messagesReplySchema,
  sendMessageRequestSchema,
} from "@carekey/sdk/gateway";
import { createRateCounter } from "../../common/http.ts";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

const TAG = { tags: ["messages"] };

/** Routes under `/messages`, behind sign-in. */
export function messageRoutes({ store, chain, wakes, now, limits }: Ports) {
  const sent = createRateCounter({ points: limits.messagesPerHour, seconds: 3_600 });
  const sentToOne = createRateCounter({ points: Math.ceil(limits.messagesPerHour / 4), seconds: 3_600 });
  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/",
        summary: "Leave a sealed message in a registered person's inbox; the same one again is no error",
        request: jsonBody(sendMessageRequestSchema),
        responses: {
          204: { description: "It waits in the inbox" },
          ...refusals({
            403: "NOT_REGISTERED: nobody has this address",
            409: "CONFLICT: this id was used for other bytes",
            413: "TOO_LARGE",
            429: "RATE_LIMITED",
            507: "QUOTA_EXCEEDED: the inbox is full",
          }),
        },
      }),
      async (context) => {
        const { to, id, sealed, quiet = false } = context.req.valid("json");
        await sent.count(context.var.person);
        await sentToOne.count(`${context.var.person}:${to}`);
        const isQuiet = quiet || to === context.var.person;
        const { role } = await chain.identityOf(to);
        if (role === 0) throw new SdkError("NOT_REGISTERED", "nobody is registered under this address");
        await store.inbox.add({ to, id, sealed: fromHex(sealed), now: now(), maxBytes: limits.inboxBytes, isQuiet });
        wakes.publish([to]);
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "My messages after a cursor, oldest first",
        request: { query: messagesQuerySchema },
        responses: { 200: jsonReply(messagesReplySchema, "A page of the inbox") },
      }),
      async (context) => {
        const { after, limit } = context.req.valid("query");
        const found = await store.inbox.list(context.var.person, after, limit + 1);
        const messages = found.slice(0, limit).map((message) => ({ ...message, sealed: toHex(message.sealed) }));
        return context.json({ messages, more: found.length > limit }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "delete",
        path: "/{id}",
        summary: "Acknowledge one of my messages: its content is erased",
        request: { params: z.object({ id: messageIdSchema }) },
        responses: { 204: { description: "Gone" } },
      }),
      async (context) => {
        await store.inbox.acknowledge(context.var.person, context.req.valid("param").id, now());
        return context.body(null, 204);
      },
    );
}
