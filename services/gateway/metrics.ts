/**
 * @module services/gateway/metrics
 * Prometheus metrics. Labels are route patterns and statuses: no address, digest or path ever becomes one.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Metrics of one app: a middleware that measures, and the route that shows. */
export function createMetrics(): { measure: MiddlewareHandler; routes: Hono } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "carekey_gateway_request_seconds",
    help: "Seconds from a request to its reply",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
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
