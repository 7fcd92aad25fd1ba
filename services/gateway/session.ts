/**
 * @module services/gateway/session
 * Who is calling: the session cookie, the origin check, and the middlewares that routes behind sign-in share.
 */
import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Address } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { SESSION_COOKIE } from "@carekey/sdk/gateway";
import { createRateCounter } from "../common/http.ts";
import type { Ports, Session } from "./ports.ts";

/** What handlers behind {@link requireSession} find in their context. */
export type SignedIn = { Variables: { person: Address; session: Session } };

/** Seconds after which a use of a session is noted again. */
const TOUCH_SECONDS = 60;

/** Hash under which a token or nonce is stored. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Sets the session cookie. `__Host-`: secure, this origin only, whole site. */
export function setSessionCookie(context: Context, token: string, seconds: number): void {
  setCookie(context, SESSION_COOKIE, token, {
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Strict",
    maxAge: seconds,
  });
}

/** Makes the browser forget the session cookie. */
export function clearSessionCookie(context: Context): void {
  deleteCookie(context, SESSION_COOKIE, { path: "/", secure: true, httpOnly: true, sameSite: "Strict" });
}

/** The session of a request; null without one, and for one that nobody used for too long. */
export async function readSession(ports: Pick<Ports, "store" | "now" | "limits">, context: Context) {
  const token = getCookie(context, SESSION_COOKIE);
  if (token === undefined || token.length > 128) return null;
  const session = await ports.store.sessions.find(hashSecret(token), ports.now());
  return session !== null && isInUse(ports, session) ? session : null;
}

/** Whether a session was used lately enough to be used again. */
export function isInUse({ now, limits }: Pick<Ports, "now" | "limits">, { lastUsedAt }: Session): boolean {
  return now() < lastUsedAt + limits.idleSeconds;
}

/**
 * Lets only signed-in people through, each `perMinute` times. Sessions that wait for a one-time code pass with `halfOpen` only.
 * @throws SdkError NOT_SIGNED_IN, OTP_REQUIRED (`details.purpose` "sign-in"), RATE_LIMITED
 */
export function requireSession(
  ports: Pick<Ports, "store" | "now" | "limits">,
  options: { perMinute: number; halfOpen?: boolean },
): MiddlewareHandler<SignedIn> {
  const counter = createRateCounter({ points: options.perMinute, seconds: 60 });
  return async (context, next) => {
    const session = await readSession(ports, context);
    if (session === null) throw new SdkError("NOT_SIGNED_IN", "sign in first");
    await counter.count(session.address);
    context.set("person", session.address);
    context.set("session", session);
    if (options.halfOpen !== true) assertOpen(context);
    if (ports.now() - session.lastUsedAt >= TOUCH_SECONDS) await ports.store.sessions.touch(session.hash, ports.now());
    await next();
  };
}

/**
 * Refuses a session whose sign-in still waits for its one-time code.
 * @throws SdkError OTP_REQUIRED
 */
export function assertOpen(context: Context<SignedIn>): void {
  if (!context.var.session.needsCode) return;
  throw new SdkError("OTP_REQUIRED", "enter a one-time code to finish signing in", { details: { purpose: "sign-in" } });
}

/**
 * Refuses what changes something unless it names one of our own origins.
 * @throws SdkError FORBIDDEN
 */
export function checkOrigin(origins: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const isSafe = ["GET", "HEAD", "OPTIONS"].includes(context.req.method);
    const origin = context.req.header("origin");
    if (!isSafe && (origin === undefined || !origins.includes(origin))) {
      throw new SdkError("FORBIDDEN", "the request comes from another origin");
    }
    await next();
  };
}
