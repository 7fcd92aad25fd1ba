/**
 * @module services/gateway/routes/sessions
 * Where the person is signed in, and ending it there.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { sessionIdSchema, sessionListSchema } from "@carekey/sdk/gateway";
import { createRoutes, jsonReply } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import { isInUse, type SignedIn } from "../session.ts";

const TAG = { tags: ["session"] };
const ID_LENGTH = 32;

/** A session's public id: half of the hash of its token, from which nobody gets to the token. */
function idOf(hash: string): string {
  return hash.slice(0, ID_LENGTH);
}

/** Routes under `/sessions`, behind sign-in. */
export function openSessionRoutes(ports: Ports) {
  const { store, now } = ports;
  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "Where I am signed in",
        responses: { 200: jsonReply(sessionListSchema, "My open sessions, newest first") },
      }),
      async (context) => {
        const all = await store.sessions.list(context.var.person, now());
        const sessions = all.filter((session) => isInUse(ports, session));
        const reply = sessions.map(({ hash, device, createdAt, lastUsedAt }) => ({
          id: idOf(hash),
          device,
          createdAt,
          lastUsedAt,
          isThisOne: hash === context.var.session.hash,
        }));
        return context.json({ sessions: reply }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "delete",
        path: "/",
        summary: "End all my sessions but this one",
        responses: { 204: { description: "Ended" } },
      }),
      async (context) => {
        await store.sessions.endOthers(context.var.person, context.var.session.hash);
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "delete",
        path: "/{id}",
        summary: "End one of my sessions; one that is gone is no error",
        request: { params: z.object({ id: sessionIdSchema }) },
        responses: { 204: { description: "Ended" } },
      }),
      async (context) => {
        const { id } = context.req.valid("param");
        const mine = await store.sessions.list(context.var.person, now());
        const chosen = mine.find(({ hash }) => idOf(hash) === id);
        if (chosen !== undefined) await store.sessions.end(chosen.hash);
        return context.body(null, 204);
      },
    );
}
