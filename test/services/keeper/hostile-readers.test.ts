/**
 * @module test/services/keeper/hostile-readers
 * Requests that were altered, replayed, stolen or raced: none of them opens anything, and each refusal says why.
 */
import { expect } from "chai";
import { combineEvaluations, verifyEvaluation } from "../../../sdk/src/crypto/index.ts";
import { isSdkError, type SdkErrorCode } from "../../../sdk/src/errors.ts";
import {
  buildViewRequest,
  createSession,
  encodeSessionEnd,
  encodeViewRequest,
  openAnswer,
  tupleOf,
  type Session,
  type ViewBody,
  type ViewRequest,
} from "../../../sdk/src/keeper/index.ts";
import { hashTerms, type ConsentTerms } from "../../../sdk/src/consent/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { testAccount } from "./support/chain.ts";
import {
  bodyFor,
  grant,
  HOUR,
  keeperOf,
  logSizes,
  ownPoint,
  random32,
  sessionOf,
  signWith,
  view,
  type Clinic,
  type TestKeeper,
} from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";

describe("keepers and hostile readers", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  let keeper: TestKeeper;
  let terms: ConsentTerms;
  before(async () => {
    clinic = await sharedClinic();
    keeper = clinic.keepers[0]!;
    terms = await grant(clinic, { expiresAt: clinic.clock.now() + 365 * 86_400 });
  });

  async function requestFor(body: ViewBody, session?: Session) {
    return buildViewRequest({
      body,
      keeper: keeper.identity.address,
      session: session ?? (await sessionOf(clinic, clinic.doctor)),
    });
  }

  describe("a request altered after it was signed", () => {
    const alterations: [string, (request: ViewRequest) => ViewRequest, SdkErrorCode, string][] = [
      ["another record", inBody({ recordId: random32() }), "SIGNATURE_INVALID", "request-signature"],
      ["another epoch", inBody({ epoch: 9 }), "SIGNATURE_INVALID", "request-signature"],
      ["another view number", inBody({ viewNo: 1 }), "SIGNATURE_INVALID", "request-signature"],
      ["another nonce", inBody({ nonce: `0x${"11".repeat(16)}` }), "SIGNATURE_INVALID", "request-signature"],
      ["another deal", inBody({ dealVersion: 9 }), "SIGNATURE_INVALID", "request-signature"],
      ["another reason", inBody({ sealedReason: new Uint8Array(300) }), "SIGNATURE_INVALID", "request-signature"],
      [
        "a later end",
        ({ body, ...rest }) => ({ ...rest, body: { ...body, exp: body.exp - 1 } }),
        "SIGNATURE_INVALID",
        "request-signature",
      ],
      [
        "another reply key",
        (request) => ({ ...request, replyKey: request.replyKey.map((byte) => byte ^ 1) }),
        "SIGNATURE_INVALID",
        "request-signature",
      ],
      [
        "another signature",
        (request) => ({ ...request, signature: request.signature.map((byte) => byte ^ 1) }),
        "SIGNATURE_INVALID",
        "request-signature",
      ],
      ["another chain", inBody({ chainId: 1 }), "FORBIDDEN", "other-deployment"],
      ["another contract", inBody({ contract: testAccount(8).address }), "FORBIDDEN", "other-deployment"],
      ["another keeper", (request) => ({ ...request, keeper: testAccount(8).address }), "FORBIDDEN", "other-keeper"],
    ];
    for (const [name, alter, code, reason] of alterations) {
      it(`with ${name} is refused`, async () => {
        const { request } = await requestFor(await bodyFor(clinic, terms));
        const before = logSizes(clinic);
        await expectRefusal(keeper.client.view(alter(request)), code, reason);
        expect(logSizes(clinic)).to.deep.equal(before);
      });
    }
  });

  describe("the request's minute", () => {
    for (const [name, at, exp, code, reason] of [
      ["lives longer than a minute", 0, 61, "INVALID_ARGUMENT", "lives-too-long"],
      ["is over", -60, 0, "EXPIRED", "request-over"],
      ["is dated more than 30 s ahead", 31, 60, "EXPIRED", "from-the-future"],
    ] as const) {
      it(`is refused when it ${name}`, async () => {
        const now = clinic.clock.now();
        const { request } = await requestFor(await bodyFor(clinic, terms, { at: now + at, exp: now + exp }));
        await expectRefusal(keeper.client.view(request), code, reason);
      });
    }

    it("is accepted in its last second, and 30 s ahead", async () => {
      const now = clinic.clock.now();
      for (const [at, exp] of [
        [-59, 1],
        [30, 60],
      ] as const) {
        const { request } = await requestFor(await bodyFor(clinic, terms, { at: now + at, exp: now + exp }));
        expect(await keeper.client.view(request)).to.be.instanceOf(Uint8Array);
      }
    });
  });

  describe("a session", () => {
    async function refusesSession(session: Session, code: SdkErrorCode, reason?: string) {
      const { request } = await requestFor(await bodyFor(clinic, terms), session);
      await expectRefusal(keeper.client.view(request), code, reason);
    }
    const make = (input: Partial<Parameters<typeof createSession>[0]>) =>
      createSession({
        deployment: clinic.deployment,
        owner: clinic.doctor.address,
        audience: "keepers",
        notAfter: clinic.clock.now() + HOUR,
        sign: signWith(clinic.doctor.account),
        ...input,
      });

    it("signed by another wallet is refused", async () =>
      refusesSession(await make({ sign: signWith(testAccount(4)) }), "SIGNATURE_INVALID"));

    it("for the gateway is refused", async () =>
      refusesSession(await make({ audience: "gateway" }), "SIGNATURE_INVALID", "session-audience"));

    it("made for another deployment is refused", async () => {
      for (const other of [{ chainId: 1 }, { carekey: testAccount(8).address }]) {
        const session = await make({ deployment: { ...clinic.deployment, ...other } });
        await refusesSession(session, "SIGNATURE_INVALID", "session-audience");
      }
    });

    it("of another deployment is refused although its audience is put right", async () => {
      const foreign = await make({ deployment: { ...clinic.deployment, carekey: testAccount(8).address } });
      const right = await make({});
      await refusesSession(
        { ...foreign, terms: { ...foreign.terms, audience: right.terms.audience } },
        "SIGNATURE_INVALID",
      );
    });

    it("longer than eight hours is refused", async () =>
      refusesSession(
        await make({ notAfter: clinic.clock.now() + 8 * HOUR + 31 }),
        "INVALID_ARGUMENT",
        "session-too-long",
      ));

    it("whose end was moved is refused", async () => {
      const session = await make({});
      await refusesSession(
        { ...session, terms: { ...session.terms, notAfter: session.terms.notAfter + 1 } },
        "SIGNATURE_INVALID",
      );
    });

    it("with another key put in is refused", async () => {
      const [session, other] = [await make({}), await make({})];
      const stolen = { ...other, signature: session.signature, terms: { ...session.terms, key: other.terms.key } };
      await refusesSession(stolen, "SIGNATURE_INVALID");
    });

    it("works in its last second and not at its end", async () => {
      const session = await make({ notAfter: clinic.clock.now() + 2 });
      clinic.clock.advance(1);
      expect((await view(clinic, { terms, session })).answers).to.have.length(2);
      clinic.clock.advance(1);
      await refusesSession(session, "EXPIRED", "session-over");
    });

    it("ended by its own key stays ended", async () => {
      const session = await make({});
      await keeper.client.endSession(session);
      await refusesSession(session, "EXPIRED", "session-ended");
    });

    it("of another tab ends with all that end no later than the one that asks, and the one that asks goes on", async () => {
      // Short ones, so that the sessions of other tests are all younger.
      const now = clinic.clock.now();
      const [elder, same, asking, younger] = await Promise.all(
        [60, 120, 120, 121].map((seconds) => make({ notAfter: now + seconds })),
      );
      const otherPerson = await make({
        owner: clinic.otherDoctor.address,
        notAfter: now + 300,
        sign: signWith(clinic.otherDoctor.account),
      });
      await keeper.client.endOtherSessions(asking!);
      await refusesSession(elder!, "EXPIRED", "session-ended");
      await refusesSession(same!, "EXPIRED", "session-ended");
      for (const session of [asking!, younger!]) {
        const { request } = await requestFor(await bodyFor(clinic, terms), session);
        expect(await keeper.client.view(request)).to.be.instanceOf(Uint8Array);
      }
      await keeper.client.endOtherSessions(otherPerson);
      await keeper.client.endOtherSessions(younger!);
      await refusesSession(asking!, "EXPIRED", "session-ended");
      await expectRefusal(keeper.client.endOtherSessions(asking!), "EXPIRED", "session-ended");
      await expectRefusal(keeper.client.endOtherSessions(elder!), "EXPIRED", "session-ended");
    });

    it("cannot end others by anybody else's key, by another person's name, or by the end of itself", async () => {
      const [session, other] = [await make({}), await make({})];
      const forged = await make({ owner: clinic.otherDoctor.address });
      await expectRefusal(keeper.client.endOtherSessions({ ...session, sign: other.sign }), "SIGNATURE_INVALID");
      await expectRefusal(keeper.client.endOtherSessions(forged), "SIGNATURE_INVALID");
      const ownEnd = await encodeSessionEnd(session);
      const reply = await keeper.app.request("/v1/sessions/end-others", {
        method: "POST",
        body: new Uint8Array(ownEnd),
      });
      expect(reply.status).to.equal(400);
      const { request } = await requestFor(await bodyFor(clinic, terms), other);
      expect(await keeper.client.view(request)).to.be.instanceOf(Uint8Array);
    });

    it("cannot be ended by anybody else", async () => {
      const [session, other] = [await make({}), await make({})];
      await expectRefusal(keeper.client.endSession({ ...session, sign: other.sign }), "SIGNATURE_INVALID");
      const { request } = await requestFor(await bodyFor(clinic, terms), session);
      expect(await keeper.client.view(request)).to.be.instanceOf(Uint8Array);
    });
  });

  describe("what comes in while a view is being checked", () => {
    /** The same keeper, to which something happens while it asks its node, or unseals its share. */
    function interrupted(when: "at the node" | "at the share", happens: () => void): TestKeeper {
      const { folder, identity, ports } = keeper;
      const chain: typeof ports.chain = {
        ...ports.chain,
        readConsent: async (query) => {
          const snapshot = await ports.chain.readConsent(query);
          if (when === "at the node") happens();
          return snapshot;
        },
      };
      const unsealing = {
        ...ports.identity,
        get xwingSecret() {
          if (when === "at the share") happens();
          return ports.identity.xwingSecret;
        },
      };
      return keeperOf(folder, identity, { ...ports, chain, identity: unsealing });
    }

    it("a revoke that was handed over and confirmed counts", async () => {
      const { store } = keeper.ports;
      const mine = await grant(clinic);
      const { request } = await requestFor(await bodyFor(clinic, mine));
      const before = store.logHead();
      const revoke = () => store.markRevoked(mine.patient, hashTerms(mine), clinic.clock.now());
      await expectRefusal(interrupted("at the share", revoke).client.view(request), "CONSENT_REVOKED", "revoked");
      expect(store.logHead()).to.deep.equal(before);
    });

    it("the end of a session counts", async () => {
      for (const when of ["at the node", "at the share"] as const) {
        const session = await sessionOf(clinic, clinic.doctor);
        const { request } = await requestFor(await bodyFor(clinic, terms), session);
        const end = () => keeper.ports.store.endSession(session.terms.key, session.terms.notAfter);
        await expectRefusal(interrupted(when, end).client.view(request), "EXPIRED", "session-ended");
      }
    });

    it("the last second of a consent counts", async () => {
      const mine = await grant(clinic, { expiresAt: clinic.clock.now() + 30 });
      const { request } = await requestFor(await bodyFor(clinic, mine));
      const wait = () => clinic.clock.advance(30);
      await expectRefusal(interrupted("at the share", wait).client.view(request), "CONSENT_EXPIRED", "expired");
    });
  });

  describe("numbers", () => {
    it("above the limit, or 0 under a limit, open nothing; nor does a number without a limit", async () => {
      const limited = await grant(clinic, { maxViews: 2 });
      for (const viewNo of [0, 3]) {
        await expectRefusal(view(clinic, { terms: limited, body: { viewNo } }), "VIEW_LIMIT_REACHED", "view-number");
      }
      await expectRefusal(view(clinic, { terms, body: { viewNo: 1 } }), "VIEW_LIMIT_REACHED", "view-number");
    });

    it("used for one record open it again, and no other", async () => {
      const limited = await grant(clinic, { maxViews: 1 });
      const recordId = random32();
      for (let time = 0; time < 2; time++) {
        expect((await view(clinic, { terms: limited, body: { viewNo: 1, recordId } })).answers).to.have.length(2);
      }
      await expectRefusal(view(clinic, { terms: limited, body: { viewNo: 1 } }), "VIEW_LIMIT_REACHED", "view-used");
    });

    it("raced by 100 requests for 100 records open exactly one record", async function () {
      this.timeout(240_000);
      const limited = await grant(clinic, { maxViews: 1 });
      const session = await sessionOf(clinic, clinic.doctor);
      const template = await bodyFor(clinic, limited, { viewNo: 1 });
      const opened = await Promise.all(
        Array.from({ length: 100 }, async (_, number) => {
          const nonce: ViewBody["nonce"] = `0x${number.toString(16).padStart(32, "0")}`;
          const { request } = await requestFor({ ...template, recordId: random32(), nonce }, session);
          return keeper.client.view(request).then(
            () => "opened",
            (error: unknown) => (isSdkError(error) ? error.code : "?"),
          );
        }),
      );
      expect(opened.filter((outcome) => outcome === "opened")).to.have.length(1);
      expect(opened.filter((outcome) => outcome === "VIEW_LIMIT_REACHED")).to.have.length(99);
    });

    it("raced at all keepers at once never open two records", async function () {
      this.timeout(240_000);
      const limited = await grant(clinic, { maxViews: 1 });
      const session = await sessionOf(clinic, clinic.doctor);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => view(clinic, { terms: limited, body: { viewNo: 1 }, session })),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled").length).to.be.at.most(1);
    });
  });

  describe("a nonce", () => {
    it("used for another body is refused", async () => {
      const body = await bodyFor(clinic, terms);
      await view(clinic, { terms, body });
      await expectRefusal(view(clinic, { terms, body: { ...body, recordId: random32() } }), "CONFLICT", "nonce-used");
    });

    it("repeated with the very same body gives the same receipt, without a second line in the log", async () => {
      const body = await bodyFor(clinic, terms);
      const session = await sessionOf(clinic, clinic.doctor);
      const first = await requestFor(body, session);
      const once = await openAnswer(
        clinic.deployment,
        first.request,
        first.replyKeys.secret,
        await keeper.client.view(first.request),
      );
      const size = keeper.ports.store.logHead().size;
      clinic.clock.advance(5);
      const second = await requestFor(body, session);
      const again = await openAnswer(
        clinic.deployment,
        second.request,
        second.replyKeys.secret,
        await keeper.client.view(second.request),
      );
      expect(again.receipt).to.deep.equal(once.receipt);
      expect(keeper.ports.store.logHead().size).to.equal(size);
    });

    it("raced by 50 copies of one request writes one receipt", async () => {
      const { request } = await requestFor(await bodyFor(clinic, terms));
      const { size } = keeper.ports.store.logHead();
      await Promise.all(Array.from({ length: 50 }, () => keeper.client.view(request)));
      expect(keeper.ports.store.logHead().size).to.equal(size + 1);
    });
  });

  it("an answer opens with the reply key of its own request only", async () => {
    const session = await sessionOf(clinic, clinic.doctor);
    const body = await bodyFor(clinic, terms);
    const [mine, other] = [await requestFor(body, session), await requestFor(body, session)];
    const sealed = await keeper.client.view(mine.request);
    await expectRefusal(
      openAnswer(clinic.deployment, mine.request, other.replyKeys.secret, sealed),
      "DECRYPTION_FAILED",
    );
    await expectRefusal(
      openAnswer(clinic.deployment, other.request, mine.replyKeys.secret, sealed),
      "DECRYPTION_FAILED",
    );
  });

  it("one keeper's answer alone is not the point, and no second one can be made from it", async () => {
    const body = await bodyFor(clinic, terms);
    const { request, replyKeys } = await requestFor(body);
    const { evaluation, proof } = await openAnswer(
      clinic.deployment,
      request,
      replyKeys.secret,
      await keeper.client.view(request),
    );
    const { commitments } = clinic.deal;
    expect(verifyEvaluation({ commitments, index: 1, tuple: tupleOf(body), evaluation, proof })).to.equal(true);
    expect(evaluation).to.not.deep.equal(ownPoint(clinic, body));
    expect(
      combineEvaluations(
        [
          { index: 1, evaluation },
          { index: 2, evaluation },
        ],
        2,
      ),
    ).to.not.deep.equal(ownPoint(clinic, body));
  });

  describe("malformed requests", () => {
    const post = (path: string, body: BodyInit) => keeper.app.request(path, { method: "POST", body });

    it("are refused without a word about the inside", async () => {
      for (const body of ["", "{}", new Uint8Array([0xff]), new Uint8Array(500)]) {
        for (const path of [
          "/v1/views",
          "/v1/deals",
          "/v1/deals/activate",
          "/v1/receipts",
          "/v1/revokes",
          "/v1/sessions/end",
        ]) {
          const response = await post(path, body);
          expect(response.status, path).to.equal(400);
          expect((await response.json()) as object).to.have.nested.property("error.code", "MALFORMED");
        }
      }
    });

    it("above 64 KiB are refused before they are read", async () => {
      const response = await post("/v1/views", new Uint8Array(70_000));
      expect(response.status).to.equal(413);
      expect((await response.json()) as object).to.have.nested.property("error.code", "TOO_LARGE");
    });

    it("with any byte changed are refused or answered as another request, never by a fault", async function () {
      this.timeout(240_000);
      const { request } = await requestFor(await bodyFor(clinic, terms));
      const bytes = encodeViewRequest(request);
      for (let position = 0; position < bytes.length; position += 41) {
        const altered = bytes.map((byte, index) => (index === position ? byte ^ 0x21 : byte));
        const response = await post("/v1/views", new Uint8Array(altered));
        expect(response.status, `byte ${position}`).to.be.within(400, 499);
      }
    });
  });
});

function inBody(fields: Partial<ViewBody>): (request: ViewRequest) => ViewRequest {
  return ({ body, ...rest }) => ({ ...rest, body: { ...body, ...fields } });
}
