/**
 * @module test/services/gateway/sign-in
 * Sign-in with Ethereum and all the ways to misuse it.
 */
import { expect } from "chai";
import { createSiweMessage } from "viem/siwe";
import { SESSION_COOKIE } from "@carekey/sdk/gateway";
import {
  ORIGIN,
  clientOf,
  openGateway,
  people,
  refusal,
  signedIn,
  startChain,
  temporaryFolder,
  type TestChain,
  type TestGateway,
} from "./fixture.ts";
import { codeOf } from "./codes.ts";

describe("sign-in", function () {
  this.timeout(240_000);
  let chain: TestChain;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: TestGateway;

  before(async () => {
    chain = await startChain();
    folder = await temporaryFolder();
    gateway = await openGateway(chain, folder.path);
  });
  after(async () => {
    await gateway.close();
    await chain.close();
    await folder.release();
  });

  type Fields = Parameters<typeof createSiweMessage>[0];
  async function message(changes: Partial<Fields> = {}): Promise<string> {
    const { nonce } = await clientOf(gateway.app).nonce();
    const now = gateway.clock.seconds * 1000;
    return createSiweMessage({
      domain: "localhost:3000",
      address: people.patient.address,
      uri: ORIGIN,
      version: "1",
      chainId: 31337,
      nonce,
      issuedAt: new Date(now),
      expirationTime: new Date(now + 60_000),
      ...changes,
    });
  }
  async function post(text: string, signer = people.patient): Promise<Response> {
    const signature = await signer.signMessage({ message: text });
    return gateway.app.request("/api/v1/session", {
      method: "POST",
      headers: { origin: ORIGIN, "content-type": "application/json" },
      body: JSON.stringify({ message: text, signature }),
    });
  }

  it("opens a session for the account that signed", async () => {
    const client = await signedIn(gateway, people.patient);
    expect((await client.session())?.address).to.equal(people.patient.address);
  });

  it("sets a cookie for this origin only, out of reach of scripts and of other sites", async () => {
    const response = await post(await message());
    expect(response.status).to.equal(200);
    const [cookie, ...others] = response.headers.getSetCookie();
    expect(others).to.have.length(0);
    const [pair, ...attributes] = cookie!.split("; ");
    expect(pair).to.match(new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}$`));
    expect(attributes).to.have.members(["Path=/", "HttpOnly", "Secure", "SameSite=Strict", "Max-Age=43200"]);
  });

  it("keeps no token in the database", async () => {
    const response = await post(await message());
    const token = /=([\w-]{43});/.exec(response.headers.getSetCookie()[0]!)![1]!;
    expect(await gateway.ports.store.sessions.find(token, gateway.clock.seconds)).to.equal(null);
  });

  it("takes a nonce once", async () => {
    const text = await message();
    expect((await post(text)).status).to.equal(200);
    expect(await refusal(await post(text))).to.deep.equal({ status: 401, code: "EXPIRED" });
  });

  it("lets exactly one of 30 simultaneous uses of a nonce through", async () => {
    const text = await message();
    const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await post(text)).status));
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
  });

  it("spends the nonce on a wrong signature too", async () => {
    const text = await message();
    expect(await refusal(await post(text, people.stranger))).to.deep.equal({ status: 401, code: "SIGNATURE_INVALID" });
    expect(await refusal(await post(text))).to.deep.equal({ status: 401, code: "EXPIRED" });
  });

  it("refuses a nonce that it never gave, and one that is five minutes old", async () => {
    expect(await refusal(await post(await message({ nonce: "0123456789abcdef0123456789abcdef" })))).to.deep.equal({
      status: 401,
      code: "EXPIRED",
    });
    const text = await message({ expirationTime: new Date((gateway.clock.seconds + 3600) * 1000) });
    gateway.clock.seconds += 300;
    expect(await refusal(await post(text))).to.deep.equal({ status: 401, code: "EXPIRED" });
  });

  const misuses: [string, Partial<Fields>, { status: number; code: string }][] = [
    ["for another domain", { domain: "evil.example" }, { status: 403, code: "FORBIDDEN" }],
    ["for another uri", { uri: "https://evil.example/" }, { status: 403, code: "FORBIDDEN" }],
    ["for a uri that only begins like ours", { uri: `${ORIGIN}.evil.example` }, { status: 403, code: "FORBIDDEN" }],
    ["for another chain", { chainId: 1 }, { status: 403, code: "FORBIDDEN" }],
    ["that is over", { expirationTime: new Date(Date.now() - 10_000) }, { status: 401, code: "EXPIRED" }],
    ["that never ends", { expirationTime: undefined }, { status: 401, code: "EXPIRED" }],
    ["that is not valid yet", { notBefore: new Date(Date.now() + 7_200_000) }, { status: 401, code: "EXPIRED" }],
    ["of another account", { address: people.doctor.address }, { status: 401, code: "SIGNATURE_INVALID" }],
  ];
  for (const [what, changes, expected] of misuses) {
    it(`refuses a message ${what}`, async () => {
      expect(await refusal(await post(await message(changes)))).to.deep.equal(expected);
    });
  }

  it("refuses a message with text beside the standard's", async () => {
    const text = await message();
    for (const odd of [`${text}\nExtra: yes`, text.replace("Version: 1", "Version: 1\nVersion: 1"), "hello"]) {
      expect(await refusal(await post(odd))).to.deep.equal({ status: 400, code: "MALFORMED" });
    }
  });

  it("refuses an account without code whose signature is of another shape", async () => {
    const response = await gateway.app.request("/api/v1/session", {
      method: "POST",
      headers: { origin: ORIGIN, "content-type": "application/json" },
      body: JSON.stringify({ message: await message(), signature: "0x1234" }),
    });
    expect(await refusal(response)).to.deep.equal({ status: 401, code: "SIGNATURE_INVALID" });
  });

  it("accepts a contract account that says yes (ERC-1271), and refuses one that says no", async () => {
    const yes = await deploy(chain, "631626ba7e60e01b5f5260205ff3"); // returns the magic value, whatever is asked
    const no = await deploy(chain, "60205ff3"); // returns zero
    for (const [address, status] of [
      [yes, 200],
      [no, 401],
    ] as const) {
      const text = await message({ address });
      const response = await gateway.app.request("/api/v1/session", {
        method: "POST",
        headers: { origin: ORIGIN, "content-type": "application/json" },
        body: JSON.stringify({ message: text, signature: "0x1234" }),
      });
      expect(response.status).to.equal(status);
    }
  });

  it("ends the session on the server at sign-out", async () => {
    const client = await signedIn(gateway, people.patient);
    const stolen = client.headers();
    await client.signOut();
    expect(await client.session()).to.equal(null);
    const response = await gateway.app.request("/api/v1/usage", { headers: stolen });
    expect(await refusal(response)).to.deep.equal({ status: 401, code: "NOT_SIGNED_IN" });
  });

  it("ends the session when its time is over, however much it was used", async () => {
    const client = await signedIn(gateway, people.patient);
    const { sessionSeconds, idleSeconds } = gateway.ports.limits;
    const end = gateway.clock.seconds + sessionSeconds;
    while (gateway.clock.seconds + idleSeconds <= end) {
      gateway.clock.seconds += idleSeconds - 1;
      await client.usage();
    }
    gateway.clock.seconds = end - 1;
    expect(await client.session()).not.to.equal(null);
    gateway.clock.seconds += 1;
    expect(await client.session()).to.equal(null);
    expect(await codeOf(client.usage())).to.equal("NOT_SIGNED_IN");
  });

  it("ends a session that nobody uses, and lists it no longer", async () => {
    const idle = await signedIn(gateway, people.patient);
    gateway.clock.seconds += gateway.ports.limits.idleSeconds - 1;
    expect(await idle.session()).not.to.equal(null);
    const used = await signedIn(gateway, people.patient);
    gateway.clock.seconds += 1;
    expect(await idle.session()).to.equal(null);
    expect(await codeOf(idle.usage())).to.equal("NOT_SIGNED_IN");
    expect(await used.sessions.list()).to.have.length(1);
  });

  it("refuses changes that come from another origin, or from none", async () => {
    const client = await signedIn(gateway, people.patient);
    const cookie = client.headers()["cookie"]!;
    const foreign: Record<string, string>[] = [
      { cookie },
      { cookie, origin: "https://evil.example" },
      { cookie, origin: "null" },
    ];
    for (const headers of foreign) {
      for (const path of ["/api/v1/slots/main", "/api/v0/pin/ls", "/api/v1/session/nonce"]) {
        const method = path.includes("slots") ? "PUT" : "POST";
        expect(await refusal(await gateway.app.request(path, { method, headers }))).to.deep.equal({
          status: 403,
          code: "FORBIDDEN",
        });
      }
    }
  });

  it("limits how often one visitor may try", async () => {
    const app = await gateway.variant({ limits: { visitorsPerMinute: 3 } });
    const client = clientOf(app);
    for (let count = 0; count < 3; count++) await client.nonce();
    expect(await codeOf(client.nonce())).to.equal("RATE_LIMITED");
  });
});

async function deploy(chain: TestChain, runtime: string): Promise<`0x${string}`> {
  const size = (runtime.length / 2).toString(16).padStart(2, "0");
  const bytecode = `0x60${size}600c60003960${size}6000f3${runtime}` as const;
  const hash = await chain.wallet.deployContract({ abi: [], bytecode, account: people.registrar });
  const receipt = await chain.publicClient.waitForTransactionReceipt({ hash });
  return receipt.contractAddress!;
}
