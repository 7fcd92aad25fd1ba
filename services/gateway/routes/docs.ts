/**
 * @module services/gateway/routes/docs
 * The API's description as OpenAPI, and as a plain page without scripts.
 */
import { Hono } from "hono";
import { html } from "hono/html";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "hono";

type Operation = { summary?: string; tags?: string[]; responses?: Record<string, { description?: string }> };
const METHODS = ["get", "post", "put", "delete"] as const;

/** Routes `/api/docs` and `/api/openapi.json`, over the routes declared in `described`. */
export function docsRoutes<E extends Env>(described: OpenAPIHono<E>, version: string) {
  const document = described.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Carekey gateway",
      version,
      description:
        "Ciphertext and sealed envelopes only. All but /session and /health needs a session cookie; calls that change something need the app's Origin. Blocks travel by Kubo's RPC under /api/v0.",
    },
  });
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation: Operation | undefined = item?.[method];
      return operation === undefined ? [] : [{ path, method: method.toUpperCase(), ...operation }];
    }),
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Carekey gateway API</title>
      </head>
      <body>
        <h1>Carekey gateway API</h1>
        <p>${document.info.description}</p>
        <p>Machine-readable: <a href="/api/openapi.json">openapi.json</a></p>
        <table>
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">Path</th>
              <th scope="col">What it does</th>
              <th scope="col">Answers</th>
            </tr>
          </thead>
          <tbody>
            ${operations.map(
              ({ method, path, summary, responses }) =>
                html`<tr>
                  <td>${method}</td>
                  <td><code>${path}</code></td>
                  <td>${summary}</td>
                  <td>
                    ${Object.entries(responses ?? {})
                      .map(([status, { description }]) => `${status} ${description}`)
                      .join("; ")}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </body>
    </html>`;
  return new Hono()
    .get("/docs", (context) => {
      context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
      return context.html(page);
    })
    .get("/openapi.json", (context) => context.json(document));
}
