/**
 * @module test/services/common
 * What both servers share: refusals, masked logs, configuration, rate limits, signatures.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Hono } from "hono";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { SdkError, isSdkError, type SdkErrorCode } from "../../../sdk/src/errors.ts";
import { originsSchema, parseEnvironment, portSchema, readDeployment } from "../../../services/common/config.ts";
import { errorHandler, errorReply, notFoundHandler, statusOf } from "../../../services/common/errors.ts";
import {
  clientAddress,
  createRateCounter,
  limitBody,
  rateLimit,
  requestLog,
  strictHeaders,
} from "../../../services/common/http.ts";
import { createLog, maskRecord } from "../../../services/common/log.ts";
import { createSignatureCheck, isSignedByKey } from "../../../services/common/signatures.ts";
import { expectRefusal } from "../../support/refusal.ts";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const silent = createLog({ name: "test", level: "silent" });

function captured() {
  const lines: string[] = [];
  return { lines, log: createLog({ name: "test" }, { write: (line: string) => void lines.push(line) }) };
}

describe("services/common", () => {
  describe("errors", () => {
    const cases: [SdkErrorCode, number][] = [
      ["MALFORMED", 400],
      ["SIGNATURE_INVALID", 401],
      ["CONSENT_REVOKED", 403],
      ["NOT_FOUND", 404],
      ["CONFLICT", 409],
      ["TOO_LARGE", 413],
      ["RATE_LIMITED", 429],
      ["CHAIN_UNAVAILABLE", 503],
      ["STORAGE_FULL", 507],
      ["DECRYPTION_FAILED", 500],
      ["INTERNAL", 500],
    ];
    for (const [code, status] of cases)
      it(`${code} leaves as ${status}`, () => expect(statusOf(code)).to.equal(status));

    it("keeps code, message and details of a refusal", () => {
      const { status, body } = errorReply(new SdkError("NO_CONSENT", "no", { details: { reason: "x" } }));
      expect({ status, body }).to.deep.equal({
        status: 403,
        body: { error: { code: "NO_CONSENT", message: "no", details: { reason: "x" } } },
      });
    });

    it("says nothing of what the caller must not know", () => {
      for (const error of [new Error("password=hunter2"), new SdkError("DECRYPTION_FAILED", "secret"), "text", null]) {
        const { status, body } = errorReply(error);
        expect(status).to.equal(500);
        expect(body.error).to.deep.equal({ code: "INTERNAL", message: "something went wrong on this server" });
      }
    });

    it("reach a Hono app's caller as JSON", async () => {
      const app = new Hono();
      app.onError(errorHandler(silent));
      app.notFound(notFoundHandler);
      app.get("/boom", () => {
        throw new Error("inside");
      });
      const response = await app.request("/boom");
      expect(response.status).to.equal(500);
      expect(await response.text()).to.not.include("inside");
      expect((await app.request("/elsewhere")).status).to.equal(404);
    });
  });

  describe("log", () => {
    const secrets = {
      address: ADDRESS,
      nested: {
        deep: [{ text: `patient ${ADDRESS} wrote` }],
        mail: "rosa@example.org",
        cid: "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
      },
      token: "abc",
      key: "0x" + "ab".repeat(32),
      bytes: new Uint8Array([1, 2, 3]),
    };

    it("masks addresses, digests, CIDs, mail addresses and secret fields wherever they stand", () => {
      const { lines, log } = captured();
      log.info(secrets, `done for ${ADDRESS} and rosa@example.org`);
      log.error(
        { err: new SdkError("MALFORMED", `bad ${ADDRESS}`, { cause: new Error("rosa@example.org") }) },
        "failed",
      );
      const text = lines.join("");
      for (const planted of [ADDRESS, ADDRESS.toLowerCase(), "rosa@example.org", "bafkrei", "abab", '"abc"']) {
        expect(text).to.not.include(planted);
      }
      expect(text).to.include('"code":"MALFORMED"');
    });

    it("keeps what helps: routes, codes, numbers", () => {
      const kept = { route: "/v1/views", status: 403, code: "NO_CONSENT", milliseconds: 7 };
      expect(maskRecord(kept)).to.deep.equal(kept);
    });
  });

  describe("config", () => {
    const schema = z.object({ PORT: portSchema, ORIGINS: originsSchema.optional() });

    it("parses once and drops empty variables", () => {
      const parsed = parseEnvironment(schema, { PORT: "3000", ORIGINS: "" });
      expect(parsed).to.deep.equal({ PORT: 3000 });
      expect(parseEnvironment(schema, { PORT: "0", ORIGINS: "http://a.test/x, https://b.test" }).ORIGINS).to.deep.equal(
        ["http://a.test", "https://b.test"],
      );
    });

    it("names every variable that is wrong", () => {
      try {
        parseEnvironment(schema, { PORT: "70000", ORIGINS: "nonsense" });
        expect.fail("accepted");
      } catch (error) {
        expect(isSdkError(error, "INVALID_ARGUMENT")).to.equal(true);
        if (isSdkError(error)) expect(error.details.variables).to.have.members(["PORT", "ORIGINS.0"]);
      }
    });

    it("tells a missing manifest from a broken one", async () => {
      const folder = mkdtempSync(join(tmpdir(), "carekey-config-"));
      const path = join(folder, "deployment.json");
      await expectRefusal(readDeployment(path), "NOT_FOUND");
      for (const text of ["{", "{}"]) {
        writeFileSync(path, text);
        await expectRefusal(readDeployment(path), "MALFORMED");
      }
      rmSync(folder, { recursive: true });
    });
  });

  describe("http", () => {
    function app() {
      const { lines, log } = captured();
      const hono = new Hono();
      hono.onError(errorHandler(silent));
      hono.use(requestLog(log), strictHeaders());
      hono.post("/echo/:id", limitBody(10), async (context) => context.text(await context.req.text()));
      hono.get(
        "/limited",
        rateLimit({ points: 2, seconds: 60, key: (context) => context.req.header("x-key") }),
        (context) => context.text("ok"),
      );
      return { hono, lines };
    }

    it("sets strict headers and logs the route pattern, never the path", async () => {
      const { hono, lines } = app();
      const response = await hono.request(`/echo/${ADDRESS}`, { method: "POST", body: "0123456789" });
      expect(await response.text()).to.equal("0123456789");
      expect(response.headers.get("cache-control")).to.equal("no-store");
      expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
      expect(response.headers.get("content-security-policy")).to.include("default-src 'none'");
      expect(lines.join("")).to.not.include(ADDRESS);
    });

    it("refuses a body above its limit", async () => {
      const { hono } = app();
      expect((await hono.request("/echo/1", { method: "POST", body: "0123456789a" })).status).to.equal(413);
    });

    it("counts per key, and says when to come back", async () => {
      const { hono } = app();
      const ask = (key: string) => hono.request("/limited", { headers: { "x-key": key } });
      expect([(await ask("a")).status, (await ask("a")).status, (await ask("b")).status]).to.deep.equal([
        200, 200, 200,
      ]);
      const refused = await ask("a");
      expect(refused.status).to.equal(429);
      const { error } = (await refused.json()) as { error: { details: { retryAfterSeconds: number } } };
      expect(error.details.retryAfterSeconds).to.be.within(1, 60);
      await expectRefusal(useUp(), "RATE_LIMITED");
    });

    it("takes the socket's address, not a header's", async () => {
      const hono = new Hono();
      hono.get("/", (context) => context.text(clientAddress(context) ?? "none"));
      const headers = { "x-forwarded-for": "6.6.6.6" };
      expect(await (await hono.request("/", { headers })).text()).to.equal("none");
      const bindings = { incoming: { socket: { remoteAddress: "10.0.0.7" } } };
      expect(await (await hono.request("/", { headers }, bindings)).text()).to.equal("10.0.0.7");
    });

    async function useUp() {
      const counter = createRateCounter({ points: 1, seconds: 60 });
      await counter.count("x");
      await counter.count("x");
    }
  });

  describe("signatures", () => {
    const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
    const digest = `0x${"22".repeat(32)}` as const;
    const noCode = { getCode: async () => undefined, readContract: () => Promise.reject(new Error("no code")) };
    const contract = (answer: () => Promise<string>) => ({
      getCode: async () => "0x60" as const,
      readContract: async () => (await answer()) as never,
    });

    it("of the account's own key need no chain", async () => {
      const signature = await account.sign({ hash: digest });
      expect(await isSignedByKey(account.address, digest, signature)).to.equal(true);
      expect(await isSignedByKey(ADDRESS, digest, signature)).to.equal(false);
      expect(await isSignedByKey(account.address, `0x${"23".repeat(32)}`, signature)).to.equal(false);
      for (const wrong of ["0x", `0x${"00".repeat(65)}`, `0x${"ff".repeat(65)}`] as const) {
        expect(await isSignedByKey(account.address, digest, wrong)).to.equal(false);
      }
    });

    it("of a smart account are for its code to judge", async () => {
      const input = { account: account.address, digest, signature: "0x1234" as const };
      expect(await createSignatureCheck(contract(async () => "0x1626ba7e"))(input)).to.equal(true);
      expect(await createSignatureCheck(contract(async () => "0xffffffff"))(input)).to.equal(false);
      expect(await createSignatureCheck(contract(() => Promise.reject(new Error("revert"))))(input)).to.equal(false);
      expect(await createSignatureCheck(noCode)(input)).to.equal(false);
    });

    it("are not guessed when the node is down", async () => {
      const down = { ...noCode, getCode: () => Promise.reject(new Error("down")) };
      await expectRefusal(
        createSignatureCheck(down)({ account: ADDRESS, digest, signature: "0x12" }),
        "CHAIN_UNAVAILABLE",
      );
    });
  });
});
