/**
 * @module services/gateway/routes/app-files
 * The built frontend, under the strictest policy it can live with, and the deployment that it reads first.
 */
import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { SdkError } from "@carekey/sdk/errors";
import type { Deployment } from "@carekey/sdk/deployment";
import type { Ports } from "../ports.ts";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};
const IMMUTABLE = "public, max-age=31536000, immutable";
const HASHED = /^assets\/.+[-.][\w-]{8,}\.\w+$/;

/**
 * The Content-Security-Policy of the page and its workers: scripts and styles of its own files only, calls to itself, the
 * chain's node and the keepers only, and no HTML from strings but through the page's own Trusted Types policy.
 */
export function appPolicy(deployment: Pick<Deployment, "rpcUrl" | "gatewayUrl" | "keepers">): string {
  const servers = [deployment.rpcUrl, deployment.gatewayUrl, ...deployment.keepers.map((keeper) => keeper.url)];
  const origins = [...new Set(servers.filter((url) => url !== "").map((url) => new URL(url).origin))];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${origins.join(" ")}`,
    "img-src 'self' blob: data:",
    "font-src 'self' data:",
    "worker-src 'self'",
    "frame-src 'self' blob:",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
  ].join("; ");
}

/** Routes of the app at `/`. Only files that were listed are opened, so that nothing but what was built can be asked for. */
export function appFileRoutes({ appDirectory, deployment }: Ports): Hono {
  const app = new Hono();
  app.get("/deployment.json", (context) => context.json(deployment, 200, { "Cache-Control": "no-cache" }));
  if (appDirectory === null) return app;

  const read = createReader(appDirectory);
  const policy = appPolicy(deployment);
  app.get("*", compress(), async (context, next) => {
    const { pathname } = new URL(context.req.url);
    if (/^\/(api|health|metrics|outbox)(\/|$)/.test(pathname)) return next();
    const path = decodePath(pathname);
    // Every path of the app gives the page; what is named like a file is one or none.
    const name = extname(path) === "" ? "index.html" : path;
    const bytes = await read(name);
    if (bytes === null) throw new SdkError("NOT_FOUND", "no such file");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()");
    context.header("Content-Security-Policy", policy);
    context.header("Content-Type", TYPES[extname(name)] ?? "application/octet-stream");
    context.header("Cache-Control", HASHED.test(name) ? IMMUTABLE : "no-cache");
    return context.body(new Uint8Array(bytes));
  });
  return app;
}

/** Reads files of the app by their listed names; null when there is none such. An unknown name may come from a newer build. */
function createReader(directory: string): (name: string) => Promise<Buffer | null> {
  let files = new Set<string>();
  return async (name) => {
    if (!files.has(name)) files = await listFiles(directory);
    if (!files.has(name)) return null;
    try {
      return await readFile(join(directory, name));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  };
}

async function listFiles(directory: string): Promise<Set<string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Set(files.map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/")));
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname).slice(1) || "index.html";
  } catch {
    return "index.html";
  }
}
