/**
 * @module services/gateway/codes/limit
 * How often codes may be tried, by person and by network address: beside the lock, which counts wrong ones only.
 */
import type { Context, MiddlewareHandler } from "hono";
import { clientAddress, createRateCounter } from "../../common/http.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

/** Counts one try. @throws SdkError RATE_LIMITED */
export type CodeLimit = (context: Context<SignedIn>) => Promise<void>;

/** The counters of one app. */
export function createCodeLimit({ limits }: Pick<Ports, "limits">): CodeLimit {
  const byPerson = createRateCounter({ points: limits.codesPerHour, seconds: 3_600 });
  const byNetwork = createRateCounter({ points: 5 * limits.codesPerHour, seconds: 3_600 });
  return async (context) => {
    await byPerson.count(context.var.person);
    await byNetwork.count(clientAddress(context) ?? "unknown");
  };
}

/** Counts every request that is more than a question. @throws SdkError RATE_LIMITED */
export function limitCodes(count: CodeLimit): MiddlewareHandler<SignedIn> {
  return async (context, next) => {
    if (context.req.method !== "GET") await count(context);
    await next();
  };
}
