/**
 * @module vite.config
 * How the app is built: no inline script or style, one bundle per route, and a Content Security Policy that the page
 * carries itself, so that it holds wherever the files are served from.
 */
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where `npm start` serves the gateway; the development server passes its requests on. */
const gatewayUrl = process.env.CAREKEY_GATEWAY_URL ?? "http://127.0.0.1:3000";

/** What the page may do. The gateway narrows `connect-src` further, to the servers of its deployment. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' http: https:",
  "worker-src 'self'",
  "frame-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types default",
].join("; ");

/** Writes the policy into the built page. The development server needs inline scripts, so it goes without. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "carekey-content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

/** The three modules of Mantine that write `<style>` elements, which the policy forbids. */
const styleWriters = /@mantine\/core\/esm\/core\/.*\/(InlineStyles|MantineClasses|MantineCssVariables)\.mjs$/;

/** Lets those modules draw through `lib/adopted-style.tsx`, which uses constructable style sheets instead. */
function adoptedStyles(): Plugin {
  const found = new Set<string>();
  return {
    name: "carekey-adopted-styles",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      const writer = styleWriters.exec(id.split("?")[0]!);
      if (writer === null) return null;
      found.add(writer[1]!);
      return { code: code.replaceAll('"react/jsx-runtime"', '"/src/lib/adopted-style.tsx"'), map: null };
    },
    buildEnd(error) {
      if (error === undefined && found.size !== 3) {
        this.error(`expected three modules of Mantine that write styles, found ${[...found].join(", ") || "none"}`);
      }
    },
  };
}

/**
 * What several routes share, in a few chunks: left alone, a hundred small ones are asked for before the first screen. The FHIR
 * definitions are loaded only where a resource is read or made.
 */
const sharedModules = {
  name: "shared",
  test: (id: string) => !/medplum|sdk\/src\/fhir/.test(id),
  minShareCount: 2,
  entriesAware: true,
  entriesAwareMergeThreshold: 24_000,
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), contentSecurityPolicy(), adoptedStyles()],
  build: {
    target: "es2023",
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    // An inlined asset would be a data: URL, which the policy allows for images only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: [sharedModules] } } },
  },
  worker: { format: "es" },
  server: {
    port: 5173,
    proxy: { "/api": gatewayUrl, "/deployment.json": gatewayUrl, "/health": gatewayUrl },
  },
});
