/**
 * @module services/gateway/routes/outbox
 * The mails of a gateway that has no mail server, as a plain page for whoever sits at this machine.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { html } from "hono/html";
import { SdkError } from "@carekey/sdk/errors";
import { clientAddress } from "../../common/http.ts";
import { isLoopback } from "../loopback.ts";
import type { Outbox } from "../ports.ts";

const SHOWN = 100;

/** The route `/outbox`. */
export function outboxRoutes(outbox: Outbox): Hono {
  return new Hono().use(onlyThisMachine()).get("/", async (context) => {
    const mails = await outbox.list(SHOWN);
    context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    return context.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width" />
            <meta name="color-scheme" content="light dark" />
            <title>Carekey outbox</title>
          </head>
          <body>
            <h1>Outbox</h1>
            <p>This gateway has no mail server. What it would have sent stays here for a day, newest first.</p>
            ${mails.length === 0 ? html`<p>No mail yet.</p>` : mails.map(mailOf)}
          </body>
        </html>`,
    );
  });
}

function mailOf({ to, subject, text, sentAt }: Awaited<ReturnType<Outbox["list"]>>[number]) {
  const time = new Date(sentAt * 1000).toISOString();
  return html`<article>
    <h2>${subject}</h2>
    <p>To ${to}, <time datetime="${time}">${time.replace("T", " ").slice(0, 19)} UTC</time></p>
    <pre>${text}</pre>
  </article>`;
}

/**
 * Refuses callers from elsewhere: other machines, proxies that speak for them, and pages whose own name was made to point here.
 * @throws SdkError NOT_FOUND
 */
function onlyThisMachine(): MiddlewareHandler {
  return async (context, next) => {
    const client = clientAddress(context);
    const isNamedSo = isLoopback(new URL(context.req.url).hostname);
    const isProxied = ["forwarded", "x-forwarded-for", "x-real-ip"].some(
      (name) => context.req.header(name) !== undefined,
    );
    if (!isNamedSo || isProxied || (client !== undefined && !isLoopback(client))) {
      throw new SdkError("NOT_FOUND", "no such path");
    }
    await next();
  };
}
