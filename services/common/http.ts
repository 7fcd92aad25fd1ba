/**
 * @module services/common/http
 * Small middlewares that both servers put before their routes: strict headers, request log, body limits, rate limits.
 */
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { SdkError } from "@carekey/sdk/errors";
import type { Log } from "./log.ts";

/** Headers of every reply: nothing is stored, sniffed, framed or run. A route may set its own policy afterwards. */
export function strictHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    const set = (name: string, value: string) => headers.has(name) || headers.set(name, value);
    set("Cache-Control", "no-store");
    set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    set("Referrer-Policy", "no-referrer");
    set("X-Content-Type-Options", "nosniff");
  };
}

/** Logs method, route pattern (never the path, which may hold an address), status and milliseconds. */
export function requestLog(log: Log): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now();
    await next();
    const milliseconds = Math.round(performance.now() - start);
    log.info(
      { method: context.req.method, route: context.req.routePath, status: context.res.status, milliseconds },
      "request",
    );
  };
}

/**
 * Refuses request bodies above `bytes`, announced or streamed.
 * @throws SdkError TOO_LARGE
 */
export function limitBody(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new SdkError("TOO_LARGE", `the request is above ${bytes} bytes`);
    },
  });
}

/** Options of {@link rateLimit}. */
export type RateLimitOptions = {
  /** Requests allowed per window. */
  points: number;
  /** Length of the window in seconds. */
  seconds: number;
  /** Whose requests are counted together; the client's network address by default. */
  key?: (context: Context) => string | undefined;
};

/** A counter of uses per key and window, in memory. */
export type RateCounter = {
  /** Counts one use. @throws SdkError RATE_LIMITED with `details.retryAfterSeconds`. */
  count(key: string): Promise<void>;
};

/** A {@link RateCounter} of `points` uses per `seconds`. */
export function createRateCounter(options: { points: number; seconds: number }): RateCounter {
  const limiter = new RateLimiterMemory({ points: options.points, duration: options.seconds });
  return {
    async count(key) {
      try {
        await limiter.consume(key);
      } catch (cause) {
        if (!(cause instanceof RateLimiterRes)) throw cause;
        const retryAfterSeconds = Math.ceil(cause.msBeforeNext / 1000);
        throw new SdkError("RATE_LIMITED", "too many requests", { details: { retryAfterSeconds } });
      }
    },
  };
}

/**
 * Counts requests per client.
 * @throws SdkError RATE_LIMITED
 */
export function rateLimit(options: RateLimitOptions): MiddlewareHandler {
  const counter = createRateCounter(options);
  const key = options.key ?? clientAddress;
  return async (context, next) => {
    await counter.count(key(context) ?? "unknown");
    await next();
  };
}

/** The client's network address as the socket says it; forwarded headers are not believed. Undefined under `app.request`. */
export function clientAddress(context: Context): string | undefined {
  const bindings: unknown = context.env;
  if (typeof bindings !== "object" || bindings === null || !("incoming" in bindings)) return undefined;
  const incoming = bindings.incoming as { socket?: { remoteAddress?: string } } | undefined;
  return incoming?.socket?.remoteAddress;
}
