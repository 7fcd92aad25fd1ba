/**
 * @module test/services/gateway/mail
 * Mail: over SMTP to a real mail server, or kept in the outbox that only this machine may read.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { SMTPServer } from "smtp-server";
import { createSmtpMailer, noMailer } from "../../../services/gateway/mail/smtp.ts";
import { codeOf } from "./codes.ts";
import { openGateway, refusal, startChain, temporaryFolder, type TestChain, type TestGateway } from "./fixture.ts";

const DAY = 86_400;

describe("mail", function () {
  this.timeout(60_000);

  describe("over SMTP", () => {
    type Received = { from: string; to: string[]; data: string };
    let server: SMTPServer;
    let url: string;
    const received: Received[] = [];

    before(async () => {
      server = new SMTPServer({
        authOptional: true,
        disabledCommands: ["STARTTLS"],
        onData(stream, session, callback) {
          const { mailFrom, rcptTo } = session.envelope;
          void text(stream).then((data) => {
            const from = mailFrom === false ? "" : mailFrom.address;
            received.push({ from, to: rcptTo.map(({ address }) => address), data });
            callback();
          });
        },
      });
      server.listen(0, "127.0.0.1");
      await once(server.server, "listening");
      url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    });
    after(() => new Promise<void>((resolve) => server.close(() => resolve())));
    beforeEach(() => received.splice(0));

    it("hands a mail to the mail server, for its one recipient", async () => {
      const mailer = createSmtpMailer({ url, from: "Carekey <no-reply@clinic.example>" });
      await mailer.send({ to: "ann@example.org", subject: "Your code", text: "123456 is your code.\n" });
      mailer.close();
      expect(received).to.have.length(1);
      const [{ from, to, data }] = received as [Received];
      expect({ from, to }).to.deep.equal({ from: "no-reply@clinic.example", to: ["ann@example.org"] });
      expect(data).to.include("Subject: Your code\r\n");
      expect(data).to.include("123456 is your code.");
    });

    it("adds no recipient or header that hides in an address or a subject", async () => {
      const mailer = createSmtpMailer({ url, from: "no-reply@clinic.example" });
      await mailer.send({ to: "ann@example.org", subject: "Code\r\nBcc: eve@example.org", text: "x" });
      await codeOf(mailer.send({ to: "ann@example.org, eve@example.org", subject: "Code", text: "x" }));
      mailer.close();
      expect(received.flatMap(({ to }) => to)).not.to.include("eve@example.org");
      for (const { data } of received) expect(data).not.to.match(/^Bcc:/im);
    });

    it("says so when the mail server does not answer", async () => {
      const mailer = createSmtpMailer({ url: "smtp://127.0.0.1:1", from: "no-reply@clinic.example" });
      expect(await codeOf(mailer.send({ to: "ann@example.org", subject: "x", text: "x" }))).to.equal(
        "MAIL_UNAVAILABLE",
      );
      mailer.close();
    });

    it("says so when the gateway has none", async () => {
      const mail = { to: "ann@example.org", subject: "x", text: "x" };
      expect(await codeOf(noMailer.send(mail))).to.equal("MAIL_UNAVAILABLE");
    });
  });

  describe("outbox", () => {
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

    const send = (subject: string, body = "x") =>
      gateway.ports.mailer.send({ to: "ann@example.org", subject, text: body });
    const page = async () => (await gateway.app.request("http://localhost:3000/outbox")).text();

    it("shows what would have been sent, newest first, as text", async () => {
      await send("First");
      await send("Second", "<script>alert(1)</script>");
      const shown = await page();
      expect(shown.indexOf("Second")).to.be.greaterThan(0).and.lessThan(shown.indexOf("First"));
      expect(shown).to.include("&lt;script&gt;").and.not.to.include("<script>");
      expect(shown).to.include("ann@example.org");
    });

    it("is stored, framed and run nowhere", async () => {
      const { headers } = await gateway.app.request("http://localhost:3000/outbox");
      expect(headers.get("cache-control")).to.equal("no-store");
      expect(headers.get("content-security-policy")).to.include("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get("x-content-type-options")).to.equal("nosniff");
    });

    it("is there for this machine only", async () => {
      const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
      const ask = async (host: string, init: RequestInit = {}, env = {}) =>
        gateway.app.request(`${host}/outbox`, init, env);
      expect((await ask("http://127.0.0.1:3000", {}, from("::ffff:127.0.0.1"))).status).to.equal(200);
      const strangers = [
        ask("http://evil.example:3000"),
        ask("http://127.0.0.1.evil.example:3000"),
        ask("http://192.168.1.7:3000"),
        ask("http://localhost:3000", {}, from("192.168.1.9")),
        ask("http://localhost:3000", { headers: { "x-forwarded-for": "203.0.113.9" } }, from("127.0.0.1")),
      ];
      for (const response of await Promise.all(strangers)) {
        expect(await refusal(response)).to.deep.equal({ status: 404, code: "NOT_FOUND" });
      }
    });

    it("is not there when mail is really sent", async () => {
      const app = await gateway.variant({ outbox: null });
      expect((await app.request("http://localhost:3000/outbox")).status).to.equal(404);
    });

    it("forgets a mail after a day", async () => {
      await send("Old");
      gateway.clock.seconds += DAY;
      await gateway.ports.store.purge(gateway.clock.seconds);
      expect(await page()).to.include("Old");
      await gateway.ports.store.purge(gateway.clock.seconds + 1);
      expect(await page()).to.include("No mail yet");
    });
  });
});
