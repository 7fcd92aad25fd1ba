/**
 * @module gateway/cookie-jar
 * One session cookie kept in memory, for runtimes whose fetch keeps none (Node). Browsers keep the cookie themselves.
 */
import { SESSION_COOKIE } from "./schemas.ts";

/** Holds the session cookie of one gateway. */
export type CookieJar = {
  /** Headers that carry the cookie and name the origin; empty in a browser, which sets both itself. */
  headers(): Record<string, string>;
  /** Takes over the cookie that a response sets or clears. */
  keep(response: Response): void;
};

/** Whether this runtime sets `Cookie` and `Origin` by itself. */
function isBrowser(): boolean {
  return "location" in globalThis && typeof globalThis.location?.origin === "string";
}

/**
 * A jar for the gateway at `origin` (scheme, host and port).
 * In a browser it stays empty: the HttpOnly cookie is not visible to scripts, and is sent on the same origin anyway.
 */
export function createCookieJar(origin: string): CookieJar {
  if (isBrowser()) return { headers: () => ({}), keep: () => undefined };
  let cookie: string | null = null;
  return {
    headers: () => ({ origin, ...(cookie === null ? {} : { cookie: `${SESSION_COOKIE}=${cookie}` }) }),
    keep: (response) => {
      for (const line of response.headers.getSetCookie()) {
        const match = /^([^=;]+)=([^;]*)/.exec(line);
        if (match?.[1] !== SESSION_COOKIE) continue;
        cookie = match[2] === "" || /;\s*max-age=0(;|$)/i.test(line) ? null : match[2]!;
      }
    },
  };
}
