/**
 * @module services/gateway/app
 * The gateway as a table of routes over its ports. Opens no socket and reads no environment.
 */
import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { SdkError } from "@carekey/sdk/errors";
import { errorHandler, notFoundHandler } from "../common/errors.ts";
import { limitBody, rateLimit, requestLog, strictHeaders } from "../common/http.ts";
import { createBlockDoor, type BlockDoor } from "./block-door.ts";
import { createCodeLimit, limitCodes } from "./codes/limit.ts";
import { createMetrics } from "./metrics.ts";
import { createRoutes } from "./openapi.ts";
import type { Ports } from "./ports.ts";
import { appFileRoutes } from "./routes/app-files.ts";
import { codeRoutes } from "./routes/codes.ts";
import { directoryRoutes, keyDocumentRoutes } from "./routes/directory.ts";
import { docsRoutes } from "./routes/docs.ts";
import { entryRoutes } from "./routes/entries.ts";
import { healthRoutes } from "./routes/health.ts";
import { kuboRoutes } from "./routes/kubo.ts";
import { messageRoutes } from "./routes/messages.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { outboxRoutes } from "./routes/outbox.ts";
import { relayRoutes } from "./routes/relay.ts";
import { sessionRoutes } from "./routes/session.ts";
import { openSessionRoutes } from "./routes/sessions.ts";
import { slotRoutes } from "./routes/slots.ts";
import { ticketRoutes } from "./routes/tickets.ts";
import { usageRoutes } from "./routes/usage.ts";
import { viewRoutes } from "./routes/views.ts";
import { checkOrigin, requireSession } from "./session.ts";

const MAX_JSON_BYTES = 600_000;

/** The app and what the process runs beside it. */
export async function createApp(ports: Ports) {
  const { limits, log, origins, version } = ports;
  const door: BlockDoor = createBlockDoor(ports);
  const metrics = createMetrics(ports.relay);
  const handleError = errorHandler(log);

  const app = createRoutes();
  app.onError((error, context) => handleError(asSdkError(error), context));
  app.notFound(notFoundHandler);
  app.use(requestLog(log), metrics.measure, strictHeaders(), siteHeaders(origins));
  app.use("/api/*", checkOrigin(origins));
  app.use("/api/v1/*", limitBody(MAX_JSON_BYTES));
  for (const path of ["session", "views"]) {
    app.use(`/api/v1/${path}/*`, rateLimit({ points: limits.visitorsPerMinute, seconds: 60 }));
  }

  const signedIn = requireSession(ports, { perMinute: limits.requestsPerMinute });
  const countTry = createCodeLimit(ports);
  const halfSignedIn = requireSession(ports, { perMinute: limits.requestsPerMinute, halfOpen: true });
  app.use("/api/v1/codes/*", halfSignedIn, limitCodes(countTry));
  app.use("/api/v1/tickets/*", signedIn);
  for (const path of [
    "slots",
    "messages",
    "key-documents",
    "directory",
    "entries",
    "relay",
    "notifications",
    "usage",
    "sessions",
  ]) {
    app.use(`/api/v1/${path}/*`, signedIn);
  }

  app.route("/health", healthRoutes(ports));
  app.route("/api/v1/session", sessionRoutes(ports));
  app.route("/api/v1/sessions", openSessionRoutes(ports));
  app.route("/api/v1/codes", codeRoutes(ports));
  app.route("/api/v1/tickets", ticketRoutes(ports, countTry));
  app.route("/api/v1/slots", slotRoutes(ports));
  app.route("/api/v1/messages", messageRoutes(ports));
  app.route("/api/v1/key-documents", keyDocumentRoutes(ports));
  app.route("/api/v1/directory", directoryRoutes(ports));
  app.route("/api/v1/entries", entryRoutes(ports, door));
  app.route("/api/v1/relay", relayRoutes(ports));
  app.route("/api/v1/notifications", notificationRoutes(ports));
  app.route("/api/v1/usage", usageRoutes(ports));
  app.route("/api/v1/views", viewRoutes(ports));
  app.route("/api/v0", kuboRoutes(ports, door));
  app.route("/api", docsRoutes(app, version));
  app.route("/metrics", metrics.routes);
  if (ports.outbox !== null) app.route("/outbox", outboxRoutes(ports.outbox));
  app.route("/", appFileRoutes(ports));
  return { app, door };
}

/** Hono's own complaints about a body as ours. */
function asSdkError(error: Error): Error {
  return error instanceof HTTPException && error.status === 400
    ? new SdkError("MALFORMED", "the request body cannot be read", { cause: error })
    : error;
}

/** Headers about the whole site; a route's own come first. */
function siteHeaders(origins: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    await next();
    context.res.headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (origins[0]?.startsWith("https:")) context.res.headers.set("Strict-Transport-Security", "max-age=31536000");
  };
}
