/**
 * @module test/sdk/gateway/client
 * How the gateway's client keeps its session, reads refusals and mistrusts replies.
 */
import { expect } from "chai";
import { SESSION_COOKIE, createCookieJar, createGatewayClient } from "@carekey/sdk/gateway";
import { codeOf } from "../../services/gateway/codes.ts";

const ORIGIN = "https://carekey.example";

/** A client of a server that gives `replies` one after the other, and the requests that it saw. */
function clientOf(...replies: (Response | Error)[]) {
  const seen: { url: string; init: RequestInit }[] = [];
  const client = createGatewayClient({
    baseUrl: `${ORIGIN}/somewhere`,
    chainId: 31337,
    retry: { attempts: 3, delayMs: 1 },
    fetch: (url, init) => {
      seen.push({ url: String(url), init: init! });
      const reply = replies.shift() ?? new Error("no more replies");
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
    },
  });
  return { client, seen };
}
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
const refusal = (code: string, status: number, details?: object) =>
  json({ error: { code, message: "no", details } }, status);

describe("cookie jar", () => {
  const response = (cookie: string) => new Response(null, { headers: { "set-cookie": cookie } });

  it("carries the session cookie and the origin, and nothing before there is one", () => {
    const jar = createCookieJar(ORIGIN);
    expect(jar.headers()).to.deep.equal({ origin: ORIGIN });
    jar.keep(response(`${SESSION_COOKIE}=abc; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=10`));
    expect(jar.headers()).to.deep.equal({ origin: ORIGIN, cookie: `${SESSION_COOKIE}=abc` });
  });

  it("ignores other cookies, and forgets its own when it is cleared", () => {
    const jar = createCookieJar(ORIGIN);
    jar.keep(response("other=1; Path=/"));
    expect(jar.headers()).to.deep.equal({ origin: ORIGIN });
    jar.keep(response(`${SESSION_COOKIE}=abc; Path=/`));
    jar.keep(response(`${SESSION_COOKIE}=; Max-Age=0; Path=/`));
    expect(jar.headers()).to.deep.equal({ origin: ORIGIN });
  });
});

describe("gateway client", () => {
  it("asks the wallet to sign for its own origin, whatever the gateway says, and sends the cookie from then on", async () => {
    const { client, seen } = clientOf(
      json({ nonce: "0123456789abcdef", expiresAt: 2_000_000_000, domain: "evil.example" }),
      json({ address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", expiresAt: 2_000_000_000, needsCode: false }, 200, {
        "set-cookie": `${SESSION_COOKIE}=token; Path=/`,
      }),
      json({ slots: [] }),
    );
    let signed = "";
    const session = await client.signIn({
      address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      signMessage: (message) => {
        signed = message;
        return Promise.resolve("0x12");
      },
    });
    expect(session.address).to.equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    expect(signed).to.match(/^carekey\.example wants you to sign in/);
    expect(signed)
      .to.contain(`URI: ${ORIGIN}\n`)
      .and.to.contain("Chain ID: 31337\n")
      .and.to.contain("Nonce: 0123456789abcdef\n");
    expect(JSON.parse(seen[1]!.init.body as string)).to.deep.equal({ message: signed, signature: "0x12" });
    await client.listSlots();
    expect(seen[2]!.url).to.equal(`${ORIGIN}/api/v1/slots`);
    expect(seen[2]!.init.headers).to.include({ cookie: `${SESSION_COOKIE}=token`, origin: ORIGIN });
  });

  it("follows no redirect", async () => {
    const { client, seen } = clientOf(json({ session: null }));
    await client.session();
    expect(seen[0]!.init.redirect).to.equal("error");
  });

  it("gives the gateway's code and details", async () => {
    const { client } = clientOf(refusal("RATE_LIMITED", 429, { retryAfterSeconds: 7 }));
    try {
      await client.usage();
      expect.fail("it was refused");
    } catch (error) {
      expect(error).to.deep.include({ code: "RATE_LIMITED", details: { retryAfterSeconds: 7 } });
    }
  });

  it("calls a reply outside its schema MALFORMED", async () => {
    for (const body of [
      {},
      { slots: [{ id: "a" }] },
      { slots: [{ id: "a", kind: "k", data: "0xzz", updatedAt: 1 }] },
    ]) {
      expect(await codeOf(clientOf(json(body)).client.listSlots())).to.equal("MALFORMED");
    }
    expect(await codeOf(clientOf(new Response("<html>")).client.listSlots())).to.equal("MALFORMED");
  });

  it("calls an error page GATEWAY_UNAVAILABLE behind a failing proxy, INTERNAL otherwise", async () => {
    const page = (status: number) => new Response("<html>", { status });
    expect(await codeOf(clientOf(page(502), page(502), page(502)).client.usage())).to.equal("GATEWAY_UNAVAILABLE");
    expect(await codeOf(clientOf(page(500)).client.usage())).to.equal("INTERNAL");
  });

  it("tries a read again when the connection fails, and a write never", async () => {
    const failed = () => new TypeError("fetch failed");
    const reading = clientOf(failed(), failed(), json({ slots: [] }));
    expect(await reading.client.listSlots()).to.deep.equal([]);
    expect(await codeOf(clientOf(failed(), failed(), failed(), json({ slots: [] })).client.listSlots())).to.equal(
      "GATEWAY_UNAVAILABLE",
    );
    const writing = clientOf(failed(), new Response(null, { status: 204 }));
    expect(await codeOf(writing.client.putSlot("a", { kind: "k", data: Uint8Array.of(1) }))).to.equal(
      "GATEWAY_UNAVAILABLE",
    );
    expect(writing.seen).to.have.length(1);
  });

  it("reads the health of a degraded gateway", async () => {
    const health = {
      status: "degraded",
      version: "1",
      chain: { ok: false, block: null },
      ipfs: { ok: true },
      database: { ok: true },
    };
    expect(await clientOf(json(health, 503)).client.health()).to.deep.equal(health);
  });
});
