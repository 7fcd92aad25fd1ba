/**
 * @module test/services/gateway/one-time-codes
 * One-time codes: every way to guess, repeat, share or misuse one, and the ways back after a lock.
 */
import { expect } from "chai";
import { Secret, TOTP } from "otpauth";
import type { HDAccount } from "viem/accounts";
import type { Hex } from "@carekey/sdk/bytes";
import { isSdkError } from "@carekey/sdk/errors";
import { CODE_LOCK_SECONDS, PASS_SECONDS, type CodeEntry, type GatewayClient } from "@carekey/sdk/gateway";
import { codeOf } from "./codes.ts";
import {
  clientOf,
  openGateway,
  people,
  signedIn,
  startChain,
  temporaryFolder,
  type FreshGateway,
  type TestChain,
  type TestGateway,
} from "./fixture.ts";

const BODY: Hex = `0x${"ab".repeat(32)}`;
const STEP = 30;

describe("one-time codes", function () {
  this.timeout(120_000);
  let chain: TestChain;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let opened: TestGateway;
  let gateway: FreshGateway;

  before(async () => {
    chain = await startChain();
    await chain.register([people.patient, 1], [people.doctor, 2]);
  });
  before(async () => {
    folder = await temporaryFolder();
    opened = await openGateway(chain, folder.path, { limits: { codesPerHour: 1_000 } });
  });
  beforeEach(async () => {
    gateway = await opened.anew();
  });
  after(async () => {
    await opened.close();
    await folder.release();
    await chain.close();
  });

  const appCode = (secret: string, shift = 0): CodeEntry => ({
    way: "app",
    code: new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: (gateway.clock.seconds + shift * STEP) * 1000,
    }),
  });
  const nextStep = () => (gateway.clock.seconds += STEP);
  /** A code of six digits that no near step has. */
  const wrongCode = (secret: string): CodeEntry => {
    const right = [-1, 0, 1].map((shift) => appCode(secret, shift).code);
    return { way: "app", code: ["000000", "111111", "222222", "333333"].find((code) => !right.includes(code))! };
  };
  const lastMailCode = async () => {
    const [mail] = await gateway.ports.outbox!.list(1);
    return { to: mail!.to, code: /^(\d{6}) /.exec(mail!.text)![1]! };
  };

  async function turnOnApp(person: HDAccount) {
    const client = await signedIn(gateway, person);
    const { secret, uri } = await client.codes.beginApp();
    const backup = (await client.codes.confirm("app", appCode(secret).code))!;
    nextStep();
    return { client, secret, uri, backup };
  }
  async function turnOnMail(client: GatewayClient, address = "ann@example.org", entry?: CodeEntry) {
    await client.codes.beginMail(address, entry);
    return client.codes.confirm("mail", (await lastMailCode()).code);
  }
  async function lock(client: GatewayClient, secret: string): Promise<void> {
    for (let index = 0; index < 5; index++) await codeOf(client.codes.check("approval", wrongCode(secret)));
  }

  describe("turning on", () => {
    it("gives a secret that authenticator apps understand, and ten backup codes, once", async () => {
      const { client, secret, uri, backup } = await turnOnApp(people.doctor);
      expect(uri).to.include("issuer=Carekey").and.include(`secret=${secret}`).and.not.include(people.doctor.address);
      expect(backup).to.have.length(10);
      for (const code of backup) expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
      expect(await client.codes.state()).to.deep.equal({
        app: true,
        mail: null,
        backupLeft: 10,
        locks: [],
        entered: [],
      });
    });

    it("is not on before the first code, and refuses a wrong one", async () => {
      const client = await signedIn(gateway, people.doctor);
      const { secret } = await client.codes.beginApp();
      expect(await codeOf(client.codes.confirm("app", wrongCode(secret).code))).to.equal("OTP_WRONG");
      expect((await client.codes.state()).app).to.equal(false);
      expect(await codeOf(client.codes.check("approval", appCode(secret)))).to.equal("OTP_OFF");
    });

    it("adds and removes nothing without a code once codes are on", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      expect(await codeOf(client.codes.beginMail("eve@example.org"))).to.equal("OTP_REQUIRED");
      expect(await codeOf(client.codes.beginApp(appCode(secret)))).to.equal("CONFLICT");
      nextStep();
      expect(await codeOf(client.codes.turnOff("app", wrongCode(secret)))).to.equal("OTP_WRONG");
      await client.codes.turnOff("app", appCode(secret));
      expect(await client.codes.state()).to.deep.equal({
        app: false,
        mail: null,
        backupLeft: 0,
        locks: [],
        entered: [],
      });
    });

    it("keeps neither secret, address nor code in the database in clear", async () => {
      const { client, secret, backup } = await turnOnApp(people.doctor);
      await turnOnMail(client, "ann@example.org", appCode(secret));
      const [app, mail] = (await gateway.ports.store.factors.of(people.doctor.address)).map(({ sealed }) =>
        Buffer.from(sealed).toString("latin1"),
      );
      expect(app! + mail!)
        .to.not.include(secret)
        .and.not.include("ann@");
      const plainHash = { hash: backup[0]!.replace("-", ""), purpose: "backup-code", now: 0 };
      expect(await gateway.ports.store.secrets.consume(plainHash)).to.equal(false);
    });
  });

  describe("a code", () => {
    it("of an app is taken one step early and one step late, not two", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      gateway.clock.seconds += 10 * STEP;
      expect(await codeOf(client.codes.check("approval", appCode(secret, -2)))).to.equal("OTP_WRONG");
      expect(await codeOf(client.codes.check("approval", appCode(secret, 2)))).to.equal("OTP_WRONG");
      expect(await codeOf(client.codes.check("approval", appCode(secret, -1)))).to.equal("none");
      expect(await codeOf(client.codes.check("approval", appCode(secret, 1)))).to.equal("none");
    });

    it("of an app is taken once, and none of an earlier step after it", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      gateway.clock.seconds += 10 * STEP;
      const entry = appCode(secret);
      expect(await codeOf(client.codes.check("approval", entry))).to.equal("none");
      expect(await codeOf(client.codes.check("approval", entry))).to.equal("OTP_WRONG");
      expect(await codeOf(client.codes.check("view", entry))).to.equal("OTP_WRONG");
      expect(await codeOf(client.codes.check("approval", appCode(secret, -1)))).to.equal("OTP_WRONG");
    });

    for (const way of ["app", "mail", "backup"] as const) {
      it(`(${way}) lets exactly one of 100 parallel uses through`, async () => {
        const { client, secret, backup } = await turnOnApp(people.doctor);
        await turnOnMail(client, "ann@example.org", appCode(secret));
        nextStep();
        if (way === "mail") await client.codes.send("approval");
        const code = { app: appCode(secret).code, mail: (await lastMailCode()).code, backup: backup[0]! }[way];
        const uses = Array.from({ length: 100 }, () => codeOf(client.codes.check("approval", { way, code })));
        const outcomes = await Promise.all(uses);
        expect(outcomes.filter((outcome) => outcome === "none")).to.have.length(1);
        for (const outcome of outcomes) expect(outcome).to.be.oneOf(["none", "OTP_WRONG", "OTP_LOCKED"]);
      });
    }

    it("by mail goes to the confirmed address, serves the purpose it was sent for, for ten minutes, once", async () => {
      const client = await signedIn(gateway, people.patient);
      await turnOnMail(client);
      const check = (purpose: "approval" | "view", code: string) =>
        codeOf(client.codes.check(purpose, { way: "mail", code }));
      await client.codes.send("approval");
      const { to, code } = await lastMailCode();
      expect(to).to.equal("ann@example.org");
      expect(await check("view", code)).to.equal("OTP_WRONG");
      expect(await check("approval", code)).to.equal("none");
      expect(await check("approval", code)).to.equal("OTP_WRONG");
      await client.codes.send("approval");
      gateway.clock.seconds += 600;
      expect(await check("approval", (await lastMailCode()).code)).to.equal("OTP_WRONG");
    });

    it("by mail ends when another is sent", async () => {
      const client = await signedIn(gateway, people.patient);
      await turnOnMail(client);
      await client.codes.send("approval");
      const { code } = await lastMailCode();
      await client.codes.send("approval");
      if (code === (await lastMailCode()).code) return; // one in a million
      expect(await codeOf(client.codes.check("approval", { way: "mail", code }))).to.equal("OTP_WRONG");
    });

    it("of another person is wrong, whatever its way", async () => {
      const doctor = await turnOnApp(people.doctor);
      await turnOnMail(doctor.client, "ann@example.org", appCode(doctor.secret));
      const patient = await turnOnApp(people.patient);
      await turnOnMail(patient.client, "bob@example.org", appCode(patient.secret));
      nextStep();
      await doctor.client.codes.send("approval");
      const stolen: CodeEntry[] = [
        appCode(doctor.secret),
        { way: "mail", code: (await lastMailCode()).code },
        { way: "backup", code: doctor.backup[0]! },
      ];
      for (const entry of stolen) {
        expect(await codeOf(patient.client.codes.check("approval", entry))).to.equal("OTP_WRONG");
        expect(await codeOf(doctor.client.codes.check("approval", entry))).to.equal("none");
      }
    });

    it("from the paper list is taken once, in any spelling", async () => {
      const { client, backup } = await turnOnApp(people.doctor);
      const spelled = backup[0]!.toLowerCase().replace("-", " ").replaceAll("0", "o").replaceAll("1", "l");
      expect(await codeOf(client.codes.check("approval", { way: "backup", code: spelled }))).to.equal("none");
      expect(await codeOf(client.codes.check("approval", { way: "backup", code: backup[0]! }))).to.equal("OTP_WRONG");
      expect((await client.codes.state()).backupLeft).to.equal(9);
    });

    it("from an old paper list ends when a new one is made", async () => {
      const { client, secret, backup } = await turnOnApp(people.doctor);
      const renewed = await client.codes.renewBackupCodes(appCode(secret));
      expect(await codeOf(client.codes.check("approval", { way: "backup", code: backup[0]! }))).to.equal("OTP_WRONG");
      expect(await codeOf(client.codes.check("approval", { way: "backup", code: renewed[0]! }))).to.equal("none");
    });
  });

  describe("wrong codes", () => {
    it("are counted down, and the sixth try is refused even when it is right", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      for (const triesLeft of [4, 3, 2, 1, 0]) {
        const error: unknown = await client.codes.check("approval", wrongCode(secret)).catch((cause: unknown) => cause);
        expect(isSdkError(error, "OTP_WRONG") && error.details["triesLeft"]).to.equal(triesLeft);
      }
      const until = gateway.clock.seconds + CODE_LOCK_SECONDS;
      const error: unknown = await client.codes.check("approval", appCode(secret)).catch((cause: unknown) => cause);
      expect(isSdkError(error, "OTP_LOCKED") && error.details["until"]).to.equal(until);
      expect((await client.codes.state()).locks).to.deep.equal([{ way: "app", until }]);
    });

    it("in parallel get no more than five tries", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, () => codeOf(client.codes.check("approval", wrongCode(secret)))),
      );
      expect(outcomes.filter((outcome) => outcome === "OTP_WRONG")).to.have.length(5);
      expect(outcomes.filter((outcome) => outcome === "OTP_LOCKED")).to.have.length(35);
    });

    it("lock for a quarter of an hour, and for twice as long the next time", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      await lock(client, secret);
      gateway.clock.seconds += CODE_LOCK_SECONDS - 1;
      expect(await codeOf(client.codes.check("approval", appCode(secret)))).to.equal("OTP_LOCKED");
      gateway.clock.seconds += 1;
      await lock(client, secret);
      gateway.clock.seconds += 2 * CODE_LOCK_SECONDS - 1;
      expect(await codeOf(client.codes.check("approval", appCode(secret)))).to.equal("OTP_LOCKED");
      gateway.clock.seconds += 1;
      expect(await codeOf(client.codes.check("approval", appCode(secret)))).to.equal("none");
    });

    it("leave a way back by a backup code, which lifts the lock", async () => {
      const { client, secret, backup } = await turnOnApp(people.doctor);
      await lock(client, secret);
      expect(await codeOf(client.codes.check("approval", { way: "backup", code: backup[3]! }))).to.equal("none");
      expect(await codeOf(client.codes.check("approval", appCode(secret)))).to.equal("none");
    });

    it("leave a way back by mail to the confirmed address", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      await turnOnMail(client, "ann@example.org", appCode(secret));
      nextStep();
      await lock(client, secret);
      await client.codes.send("approval");
      const entry = { way: "mail", code: (await lastMailCode()).code } as const;
      expect(await codeOf(client.codes.check("approval", entry))).to.equal("none");
      expect(await codeOf(client.codes.check("approval", appCode(secret)))).to.equal("none");
    });

    it("on paper and by mail are counted, too", async () => {
      const { client, backup } = await turnOnApp(people.doctor);
      for (let index = 0; index < 5; index++) {
        const entry = { way: "backup", code: `0000${index}-00000` } as const;
        expect(await codeOf(client.codes.check("approval", entry))).to.equal("OTP_WRONG");
      }
      expect(await codeOf(client.codes.check("approval", { way: "backup", code: backup[0]! }))).to.equal("OTP_LOCKED");
    });
  });

  describe("limits", () => {
    it("count tries by person, by network address, and mails by person", async () => {
      const app = await gateway.variant({ limits: { codesPerHour: 8, mailCodesPerHour: 2 } });
      const tight = { app, clock: gateway.clock };
      const client = await signedIn(tight, people.patient);
      await turnOnMail(client);
      await client.codes.send("approval");
      expect(await codeOf(client.codes.send("approval"))).to.equal("RATE_LIMITED");
      const outcomes = [];
      for (let index = 0; index < 8; index++)
        outcomes.push(await codeOf(client.codes.check("approval", { way: "backup", code: "000000" })));
      expect(outcomes.at(-1)).to.equal("RATE_LIMITED");
      const others = [people.stranger, people.nurse, people.doctor, people.registrar, people.gateway];
      const codes: string[] = [];
      for (const person of others) {
        const other = await signedIn(tight, person);
        for (let index = 0; index < 8; index++) codes.push(await codeOf(other.codes.send("approval")));
      }
      expect(codes.filter((code) => code === "RATE_LIMITED")).to.have.length.greaterThan(0);
    });

    it("count mails by mail address, so that nobody's mailbox is filled by many", async () => {
      const app = await gateway.variant({ limits: { mailCodesPerHour: 2 } });
      const begin = async (person: HDAccount) =>
        codeOf((await signedIn({ app, clock: gateway.clock }, person)).codes.beginMail("Victim@example.org"));
      expect(await begin(people.patient)).to.equal("none");
      expect(await begin(people.doctor)).to.equal("none");
      expect(await begin(people.stranger)).to.equal("RATE_LIMITED");
    });
  });

  describe("at sign-in", () => {
    it("of a clinician the session opens nothing before the code", async () => {
      const { secret, client: earlier } = await turnOnApp(people.doctor);
      const client = await signedIn(gateway, people.doctor);
      expect((await client.session())?.needsCode).to.equal(true);
      for (const path of ["slots", "messages", "entries/discarded", "usage", "directory", "sessions"]) {
        const reply = await gateway.app.request(`/api/v1/${path}`, { headers: client.headers() });
        expect(((await reply.json()) as { error: { code: string } }).error.code, path).to.equal("OTP_REQUIRED");
      }
      const block = await gateway.app.request("/api/v0/block/put", { method: "POST", headers: client.headers() });
      expect(block.headers.get("x-carekey-error")).to.equal("OTP_REQUIRED");
      for (const refused of [
        client.codes.beginApp(),
        client.codes.turnOff("app", appCode(secret)),
        client.codes.check("view", appCode(secret)),
        client.codes.ticket(BODY, appCode(secret)),
      ]) {
        expect(await codeOf(refused)).to.equal("OTP_REQUIRED");
      }
      await client.codes.check("sign-in", appCode(secret));
      expect((await client.session())?.needsCode).to.equal(false);
      expect(await codeOf(client.listSlots())).to.equal("none");
      expect(await codeOf(earlier.listSlots())).to.equal("none");
    });

    it("the wait for the code ends after ten minutes", async () => {
      const { secret } = await turnOnApp(people.doctor);
      const client = await signedIn(gateway, people.doctor);
      gateway.clock.seconds += 600;
      expect(await codeOf(client.codes.check("sign-in", appCode(secret)))).to.equal("NOT_SIGNED_IN");
    });

    it("one session's code opens no other session", async () => {
      const { secret } = await turnOnApp(people.doctor);
      const [first, second] = [await signedIn(gateway, people.doctor), await signedIn(gateway, people.doctor)];
      await first.codes.check("sign-in", appCode(secret));
      expect(await codeOf(second.listSlots())).to.equal("OTP_REQUIRED");
    });

    it("asks no patient, and no clinician who did not turn codes on", async () => {
      expect((await (await signedIn(gateway, people.doctor)).session())?.needsCode).to.equal(false);
      await turnOnApp(people.patient);
      expect((await (await signedIn(gateway, people.patient)).session())?.needsCode).to.equal(false);
    });

    it("asks while the chain cannot say who it is", async () => {
      await turnOnApp(people.patient);
      const chainAway = { ...gateway.ports.chain, identityOf: () => Promise.reject(new Error("away")) };
      const client = await signedIn(
        { app: await gateway.variant({ chain: chainAway }), clock: gateway.clock },
        people.patient,
      );
      expect((await client.session())?.needsCode).to.equal(true);
    });
  });

  describe("tickets", () => {
    it("need a code, and none again on this session for five minutes", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      expect(await codeOf(client.codes.ticket(BODY))).to.equal("OTP_REQUIRED");
      const ticket = await client.codes.ticket(BODY, appCode(secret));
      expect(ticket).to.deep.include({ body: BODY, otp: true, exp: gateway.clock.seconds + 60 });
      gateway.clock.seconds += PASS_SECONDS - 1;
      expect(await codeOf(client.codes.ticket(BODY))).to.equal("none");
      gateway.clock.seconds += 1;
      expect(await codeOf(client.codes.ticket(BODY))).to.equal("OTP_REQUIRED");
    });

    it("are given to no other session on one session's code, nor on a code for something else", async () => {
      const { client, secret } = await turnOnApp(people.doctor);
      const other = await signedIn(gateway, people.doctor);
      await other.codes.check("sign-in", appCode(secret));
      expect(await codeOf(other.codes.ticket(BODY))).to.equal("OTP_REQUIRED");
      nextStep();
      await other.codes.check("approval", appCode(secret));
      expect(await codeOf(other.codes.ticket(BODY))).to.equal("OTP_REQUIRED");
      nextStep();
      await client.codes.ticket(BODY, appCode(secret));
      expect(await codeOf(other.codes.ticket(BODY))).to.equal("OTP_REQUIRED");
    });

    it("are not given to who has no codes, or is not signed in", async () => {
      expect(await codeOf((await signedIn(gateway, people.doctor)).codes.ticket(BODY))).to.equal("OTP_OFF");
      expect(await codeOf(clientOf(gateway.app).codes.ticket(BODY))).to.equal("NOT_SIGNED_IN");
    });
  });

  describe("sessions", () => {
    it("are listed with a coarse device, and ended one by one or all but this", async () => {
      const [phone, desk, third] = await Promise.all([1, 2, 3].map(() => signedIn(gateway, people.patient)));
      const list = await phone!.sessions.list();
      expect(list).to.have.length(3);
      expect(list.filter(({ isThisOne }) => isThisOne)).to.have.length(1);
      expect(list[0]!.device).to.equal("Another program");
      const desks = (await desk!.sessions.list()).find(({ isThisOne }) => isThisOne)!;
      await phone!.sessions.end(desks.id);
      expect(await codeOf(desk!.listSlots())).to.equal("NOT_SIGNED_IN");
      expect(await codeOf(third!.listSlots())).to.equal("none");
      await phone!.sessions.endOthers();
      expect(await codeOf(third!.listSlots())).to.equal("NOT_SIGNED_IN");
      expect(await phone!.sessions.list()).to.have.length(1);
    });

    it("of others cannot be ended, nor is a token told by an id", async () => {
      const [patient, doctor] = [await signedIn(gateway, people.patient), await signedIn(gateway, people.doctor)];
      const [own] = await patient.sessions.list();
      await doctor.sessions.end(own!.id);
      expect(await codeOf(patient.listSlots())).to.equal("none");
      expect(patient.headers()["cookie"]).to.not.include(own!.id);
    });

    it("that were copied answer no more after sign-out", async () => {
      const client = await signedIn(gateway, people.patient);
      const copied = client.headers();
      await client.signOut();
      const reply = await gateway.app.request("/api/v1/slots", { headers: copied });
      expect(reply.status).to.equal(401);
    });
  });
});
