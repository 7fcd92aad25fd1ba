/**
 * @module test/services/gateway/app
 * What every reply has in common: headers, errors, limits; and the routes about the gateway itself and the app's files.
 */
import { expect } from "chai";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDeployment } from "@carekey/sdk/deployment";
import { createLog } from "../../../services/common/log.ts";
import { codeOf } from "./codes.ts";
import {
  ORIGIN,
  clientOf,
  fileBody,
  kubo,
  openGateway,
  people,
  refusal,
  signedIn,
  startChain,
  temporaryFolder,
  type TestChain,
  type TestGateway,
} from "./fixture.ts";

describe("the gateway's app", function () {
  this.timeout(240_000);
  let chain: TestChain;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: TestGateway;
  const lines: string[] = [];

  before(async () => {
    chain = await startChain();
    folder = await temporaryFolder();
    const appDirectory = join(folder.path, "app");
    await mkdir(join(appDirectory, "assets"), { recursive: true });
    await writeFile(join(folder.path, "secret.txt"), "secret");
    await writeFile(join(appDirectory, "index.html"), "<!doctype html><title>Carekey</title>");
    await writeFile(join(appDirectory, "assets", "index-B4ty7Qx2.js"), "console.log(1)");
    await writeFile(join(appDirectory, "icon.svg"), "<svg/>");
    const log = createLog({ name: "gateway" }, { write: (line: string) => void lines.push(line) });
    gateway = await openGateway(chain, folder.path, { appDirectory, log });
  });
  after(async () => {
    await gateway.close();
    await chain.close();
    await folder.release();
  });

  const get = (path: string) => gateway.app.request(path);

  describe("replies", () => {
    it("are not stored, sniffed, framed or read by other sites", async () => {
      for (const path of ["/api/v1/session", "/api/v1/nothing", "/api/v1/usage", "/health"]) {
        const { headers } = await get(path);
        expect(headers.get("cache-control")).to.equal("no-store");
        expect(headers.get("x-content-type-options")).to.equal("nosniff");
        expect(headers.get("referrer-policy")).to.equal("no-referrer");
        expect(headers.get("content-security-policy")).to.contain("default-src 'none'");
        expect(headers.get("cross-origin-resource-policy")).to.equal("same-origin");
        expect(headers.get("access-control-allow-origin")).to.equal(null);
      }
    });

    it("ask for https once the app is on https", async () => {
      expect((await get("/health")).headers.get("strict-transport-security")).to.equal(null);
      const app = await gateway.variant({ origins: ["https://carekey.example"] });
      expect((await app.request("/health")).headers.get("strict-transport-security")).to.equal("max-age=31536000");
    });

    it("to unknown paths of the API are refusals, not the app", async () => {
      for (const path of ["/api/v1/nothing", "/api/v2/session", "/api"]) {
        expect(await refusal(await get(path))).to.deep.equal({ status: 404, code: "NOT_FOUND" });
      }
    });

    it("to broken and oversized JSON are refusals", async () => {
      const post = (body: string) =>
        gateway.app.request("/api/v1/session", {
          method: "POST",
          headers: { origin: ORIGIN, "content-type": "application/json" },
          body,
        });
      expect(await refusal(await post("{"))).to.deep.equal({ status: 400, code: "MALFORMED" });
      expect(await refusal(await post("{}"))).to.deep.equal({ status: 400, code: "MALFORMED" });
      expect(await refusal(await post(" ".repeat(600_001)))).to.deep.equal({ status: 413, code: "TOO_LARGE" });
    });

    it("to what breaks inside say nothing of it", async () => {
      const store = {
        ...gateway.ports.store,
        sessions: { ...gateway.ports.store.sessions, find: () => Promise.reject(new Error("password=hunter2")) },
      };
      const app = await gateway.variant({ store });
      const response = await app.request("/api/v1/usage", { headers: { cookie: "__Host-carekey=x" } });
      expect(response.status).to.equal(500);
      const text = await response.text();
      expect(text).not.to.contain("hunter2");
      expect(text).to.contain("INTERNAL");
    });
  });

  describe("health", () => {
    it("names the state of chain, IPFS and database, and the version", async () => {
      const health = await clientOf(gateway.app).health();
      const block = Number((await chain.client.block()).number);
      expect(health).to.deep.equal({
        status: "ok",
        version: "0.0.0-test",
        chain: { ok: true, block },
        ipfs: { ok: true },
        database: { ok: true },
      });
    });
  });

  describe("documentation", () => {
    it("describes every JSON route, and needs no other server", async () => {
      const document = (await (await get("/api/openapi.json")).json()) as { paths: Record<string, object> };
      const routes = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(routes).to.have.members([
        "GET /health",
        "POST /api/v1/session/nonce",
        "POST /api/v1/session",
        "GET /api/v1/session",
        "DELETE /api/v1/session",
        "GET /api/v1/sessions",
        "DELETE /api/v1/sessions",
        "DELETE /api/v1/sessions/{id}",
        "GET /api/v1/codes",
        "POST /api/v1/codes/app",
        "POST /api/v1/codes/mail",
        "POST /api/v1/codes/{way}/confirm",
        "POST /api/v1/codes/{way}/off",
        "POST /api/v1/codes/backup",
        "POST /api/v1/codes/send",
        "POST /api/v1/codes/check",
        "POST /api/v1/tickets",
        "GET /api/v1/slots",
        "PUT /api/v1/slots/{id}",
        "DELETE /api/v1/slots/{id}",
        "POST /api/v1/messages",
        "GET /api/v1/messages",
        "DELETE /api/v1/messages/{id}",
        "POST /api/v1/key-documents",
        "GET /api/v1/key-documents/{address}",
        "GET /api/v1/directory",
        "GET /api/v1/entries/discarded",
        "POST /api/v1/entries/{entryId}/discard",
        "GET /api/v1/relay",
        "POST /api/v1/relay",
        "GET /api/v1/relay/{id}",
        "GET /api/v1/notifications",
        "POST /api/v1/notifications/read",
        "GET /api/v1/notifications/preferences",
        "PUT /api/v1/notifications/preferences",
        "PUT /api/v1/notifications/contacts",
        "POST /api/v1/views",
        "GET /api/v1/usage",
      ]);
      const page = await get("/api/docs");
      const text = await page.text();
      for (const route of routes) expect(text).to.contain(route.split(" ")[1]);
      expect(text).not.to.match(/(src|href)="https?:/);
      expect(text).not.to.contain("<script");
    });
  });

  describe("metrics and logs", () => {
    it("hold nobody's address, digest or word", async () => {
      const client = await signedIn(gateway, people.doctor);
      await client.putSlot("canary-slot", { kind: "passphrase", data: Uint8Array.of(1) });
      await client.searchDirectory("canary-search");
      await codeOf(client.getKeyDocuments(people.patient.address));
      const put = await kubo(gateway.app, client, "block/put", fileBody(new TextEncoder().encode("canary-block")));
      const { Key } = (await put.json()) as { Key: string };
      await kubo(gateway.app, client, `block/get?arg=${Key}`);
      await get(`/records/canary-path/${people.patient.address}`);

      const metrics = await (await get("/metrics")).text();
      expect(metrics).to.contain(
        'carekey_gateway_request_seconds_count{method="PUT",route="/api/v1/slots/:id",status="204"}',
      );
      expect(lines.length).to.be.greaterThan(5);
      for (const text of [metrics, ...lines]) {
        expect(text.toLowerCase()).not.to.match(/canary/);
        expect(text).not.to.contain(Key);
        for (const person of Object.values(people)) {
          expect(text.toLowerCase()).not.to.contain(person.address.slice(2).toLowerCase());
        }
      }
    });
  });

  describe("the app's files", () => {
    it("include the deployment, fresh each time", async () => {
      const response = await get("/deployment.json");
      expect(parseDeployment(await response.json())).to.deep.equal(chain.deployment);
      expect(response.headers.get("cache-control")).to.equal("no-cache");
    });

    it("begin with a page under a strict policy", async () => {
      const response = await get("/");
      expect(await response.text()).to.contain("<title>Carekey</title>");
      expect(response.headers.get("cache-control")).to.equal("no-cache");
      expect(response.headers.get("cross-origin-opener-policy")).to.equal("same-origin");
      expect(response.headers.get("content-security-policy")!.split("; ")).to.include.members([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' http://127.0.0.1:8545 http://127.0.0.1:3101 http://127.0.0.1:3102 http://127.0.0.1:3103",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
      ]);
    });

    it("give the page to every path of the app, and nothing to files that are not there", async () => {
      for (const path of ["/records", "/records/0x1234", "/patients/a/b", "/%E0%A4%A"]) {
        const response = await get(path);
        expect(response.status).to.equal(200);
        expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
      }
      expect(await refusal(await get("/assets/gone-B4ty7Qx2.js"))).to.deep.equal({ status: 404, code: "NOT_FOUND" });
    });

    it("are kept by browsers for good only when their name holds a hash", async () => {
      const asset = await get("/assets/index-B4ty7Qx2.js");
      expect(asset.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
      expect(asset.headers.get("content-type")).to.equal("text/javascript; charset=utf-8");
      expect(asset.headers.get("content-security-policy")).to.contain("script-src 'self'");
      expect((await get("/icon.svg")).headers.get("cache-control")).to.equal("no-cache");
    });

    it("are those of the newest build, without a restart", async () => {
      const assets = join(folder.path, "app", "assets");
      const [old, fresh] = ["index-Zz9old00.js", "index-Zz9new00.js"];
      await writeFile(join(assets, old), "console.log(2)");
      expect((await get(`/assets/${old}`)).status).to.equal(200);
      await rename(join(assets, old), join(assets, fresh));
      expect(await (await get(`/assets/${fresh}`)).text()).to.equal("console.log(2)");
      expect(await refusal(await get(`/assets/${old}`))).to.deep.equal({ status: 404, code: "NOT_FOUND" });
    });

    it("are only those that were built", async () => {
      await symlink(join(folder.path, "secret.txt"), join(folder.path, "app", "link.txt"));
      for (const path of [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e%5c%2e%2e%5csecret.txt",
        "/%00secret.txt",
        "/link.txt",
      ]) {
        expect(await (await get(path)).text()).not.to.equal("secret");
      }
    });

    it("are not served by a gateway without a folder of them", async () => {
      const app = await gateway.variant({ appDirectory: null });
      expect((await app.request("/")).status).to.equal(404);
      expect((await app.request("/deployment.json")).status).to.equal(200);
    });
  });
});
