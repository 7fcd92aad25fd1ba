/**
 * @module services/gateway/routes/session
 * Signing in and out, and who is signed in.
 */
import { createRoute } from "@hono/zod-openapi";
import {
  HALF_OPEN_SECONDS,
  nonceReplySchema,
  sessionReplySchema,
  sessionSchema,
  signInRequestSchema,
} from "@carekey/sdk/gateway";
import { deviceLabel } from "../device-label.ts";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import { clearSessionCookie, hashSecret, readSession, setSessionCookie } from "../session.ts";
import { isCodeNeeded, issueNonce, verifySignIn } from "../sign-in.ts";

const TAG = { tags: ["session"] };

/** Routes under `/session`. */
export function sessionRoutes(ports: Ports) {
  const { store, random, now, limits } = ports;
  return createRoutes()
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/nonce",
        summary: "A nonce to sign in with: single use, five minutes",
        responses: { 200: jsonReply(nonceReplySchema, "The nonce") },
      }),
      async (context) => context.json(await issueNonce(ports), 200),
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/",
        summary: "Sign in with Ethereum (EIP-4361); sets the session cookie",
        request: jsonBody(signInRequestSchema),
        responses: {
          200: jsonReply(sessionSchema, "The session"),
          ...refusals({ 401: "EXPIRED, SIGNATURE_INVALID", 403: "FORBIDDEN: another domain, uri or chain" }),
        },
      }),
      async (context) => {
        const address = await verifySignIn(ports, context.req.valid("json"));
        const token = Buffer.from(random(32)).toString("base64url");
        const needsCode = await isCodeNeeded(ports, address);
        const createdAt = now();
        const expiresAt = createdAt + (needsCode ? HALF_OPEN_SECONDS : limits.sessionSeconds);
        await store.sessions.save({
          hash: hashSecret(token),
          address,
          createdAt,
          lastUsedAt: createdAt,
          expiresAt,
          device: deviceLabel(context.req.header("user-agent")),
          needsCode,
          passes: {},
        });
        setSessionCookie(context, token, limits.sessionSeconds);
        return context.json({ address, expiresAt, needsCode }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "Who is signed in",
        responses: { 200: jsonReply(sessionReplySchema, "The session, or null") },
      }),
      async (context) => {
        const session = await readSession(ports, context);
        if (session === null) return context.json({ session }, 200);
        const { address, expiresAt, needsCode } = session;
        return context.json({ session: { address, expiresAt, needsCode } }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "delete",
        path: "/",
        summary: "Sign out: the session ends on the server",
        responses: { 204: { description: "Signed out" } },
      }),
      async (context) => {
        const session = await readSession(ports, context);
        if (session !== null) await store.sessions.end(session.hash);
        clearSessionCookie(context);
        return context.body(null, 204);
      },
    );
}
