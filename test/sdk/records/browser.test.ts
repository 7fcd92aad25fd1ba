/**
 * @module test/sdk/records/browser
 * Keys, ciphers, records and contents work in Chromium, in a page and in a worker, from the same sources.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { launchBrowser } from "../../support/browser.ts";

/** The scripts of the bundle, by their paths on the server. */
async function bundle(): Promise<Map<string, string>> {
  const entry = fileURLToPath(new URL("./browser-entry.ts", import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "entry" } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("nothing was built");
  return new Map(output.output.flatMap((file) => (file.type === "chunk" ? [[`/${file.fileName}`, file.code]] : [])));
}

describe("formats in a browser", function () {
  this.timeout(240_000);
  let server: Server;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const scripts = await bundle();
    server = createServer((request, response) => {
      const script = scripts.get(request.url ?? "");
      response.writeHead(200, { "content-type": script === undefined ? "text/html" : "text/javascript" });
      response.end(script ?? "<!doctype html><title>formats</title>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  after(async () => {
    await browser?.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it("run in a page", async () => {
    await page.addScriptTag({ url: "/entry.js", type: "module" });
    await page.waitForFunction("'outcome' in globalThis");
    expect(await page.evaluate("globalThis.outcome")).to.equal("fine");
  });

  it("run in a worker", async () => {
    const outcome = await page.evaluate(
      `new Promise((resolve) => {
        const worker = new Worker("/entry.js", { type: "module" });
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => resolve("failed: " + event.message);
      })`,
    );
    expect(outcome).to.equal("fine");
  });
});
