/**
 * @module services/gateway/metrics
 * Prometheus metrics. Labels are route patterns and statuses: no address, digest or path ever becomes one.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Relay } from "./relay/types.ts";

/** Metrics of one app: a middleware that measures, and the route that shows. */
export function createMetrics(relay: Relay | null): { measure: MiddlewareHandler; routes: Hono } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "carekey_gateway_request_seconds",
    help: "Seconds from a request to its reply",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  if (relay !== null) measureRelay(registry, relay);
  return {
    async measure(context, next) {
      const end = duration.startTimer();
      await next();
      end({ method: context.req.method, route: routePath(context, -1), status: String(context.res.status) });
    },
    routes: new Hono().get("/", async (context) =>
      context.body(await registry.metrics(), 200, { "Content-Type": registry.contentType }),
    ),
  };
}

/** The relay's figures: how many acts, not whose. Read when somebody looks; a node that does not answer leaves the last ones. */
function measureRelay(registry: Registry, relay: Relay): void {
  const figures = () => relay.figures().catch(() => null);
  new Gauge({
    name: "carekey_gateway_relay_acts",
    help: "Relayed acts since the start, by what became of them, and those open now",
    labelNames: ["state"] as const,
    registers: [registry],
    async collect() {
      for (const [state, value] of Object.entries((await figures())?.acts ?? {})) this.set({ state }, value);
    },
  });
  new Gauge({
    name: "carekey_gateway_relay_balance_ether",
    help: "What the relay's account holds",
    registers: [registry],
    async collect() {
      const read = await figures();
      if (read !== null) this.set(read.balanceEther);
    },
  });
}
