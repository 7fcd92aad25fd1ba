/**
 * @module test/services/keeper/hostile-keepers
 * One keeper in three that lies, forwards or listens, with everything a former reader kept: it changes nothing and learns nothing.
 */
import { expect } from "chai";
import { splitSecret, deriveDealScalar, evaluateShare, newEnvelopeKeys } from "../../../sdk/src/crypto/index.ts";
import {
  buildViewRequest,
  createKeeperClient,
  encodeViewRequest,
  hashReceipt,
  openAnswer,
  openShare,
  receiptDigest,
  requestView,
  sealAnswer,
  tupleOf,
  type KeeperClient,
  type ViewAnswer,
  type ViewRequest,
} from "../../../sdk/src/keeper/index.ts";
import { isSdkError, SdkError } from "../../../sdk/src/errors.ts";
import { createChain } from "../../../services/keeper/adapters/chain.ts";
import type { KeeperPorts } from "../../../services/keeper/ports.ts";
import { createReleaser } from "../../../services/keeper/release.ts";
import { expectRefusal } from "../../support/refusal.ts";
import {
  bodyFor,
  fetchOf,
  grant,
  keeperOf,
  logSizes,
  ownPoint,
  random32,
  revoke,
  sessionOf,
  view,
  type Clinic,
} from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";

/** What a hostile keeper makes of the honest answer to a request. */
type Lie = (answer: ViewAnswer, request: ViewRequest) => ViewAnswer | Promise<ViewAnswer>;

describe("hostile keepers", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  before(async () => {
    clinic = await sharedClinic();
  });

  /** Keeper `seat` (from 1) as one that does its work, and then alters what it sends. */
  function liar(seat: number, lie: Lie): KeeperClient {
    const { ports, client } = clinic.keepers[seat - 1]!;
    const releaser = createReleaser(ports);
    return {
      ...client,
      view: async (request) => {
        await releaser.release(request);
        return sealAnswer(clinic.deployment, request, await lie(await honestAnswer(ports, seat, request), request));
      },
    };
  }

  /** What the keeper with this seat has just released, in clear. */
  async function honestAnswer(ports: KeeperPorts, index: number, { body }: ViewRequest): Promise<ViewAnswer> {
    const { deployment } = clinic;
    const { identity, store, chain } = ports;
    const { active } = store.dealsOf(body.patient);
    const share = await openShare({ deployment, body: active!, index, keeper: identity, secret: identity.xwingSecret });
    const { receipt } = store.receiptsOf(body.patient, store.logHead().size - 1, 1).receipts[0]!;
    const signature = await identity.sign(receiptDigest(deployment, receipt, hashReceipt(deployment, receipt)));
    const { head, block } = await chain.readConsent({
      patient: body.patient,
      consentId: receipt.consentId,
      grantee: body.reader,
      organisation: null,
    });
    return {
      ...evaluateShare({ share, tuple: tupleOf(body) }),
      dealVersion: active!.deal.version,
      index,
      receipt: { receipt, signature },
      head,
      blockNumber: block.number,
      blockHash: block.hash,
    };
  }

  const wrongShare: Lie = (answer, { body }) => {
    const { shares } = splitSecret({ secret: deriveDealScalar(new Uint8Array(32).fill(7), 0), threshold: 2, count: 3 });
    return { ...answer, ...evaluateShare({ share: shares[0]!, tuple: tupleOf(body) }) };
  };
  const lies: [string, Lie][] = [
    ["a wrong share, proved correctly", wrongShare],
    ["a broken proof", (answer) => ({ ...answer, proof: answer.proof.map((byte) => byte ^ 1) })],
    [
      "an evaluation of another record",
      async (answer, request) => {
        const other = { ...request.body, recordId: random32() };
        const { shares } = splitSecret({ secret: deriveDealScalar(clinic.patient.seed, 0), threshold: 2, count: 3 });
        return { ...answer, ...evaluateShare({ share: shares[0]!, tuple: tupleOf(other) }) };
      },
    ],
    ["another deal's version", (answer) => ({ ...answer, dealVersion: answer.dealVersion + 1 })],
    ["another keeper's seat", (answer) => ({ ...answer, index: answer.index === 3 ? 2 : 3 })],
    [
      "a receipt with a forged signature",
      (answer) => ({
        ...answer,
        receipt: { ...answer.receipt, signature: `0x${"1b".repeat(65)}` },
      }),
    ],
    ["a receipt about another record", (answer) => altered(answer, { recordId: random32() })],
    ["a receipt about another reader", (answer) => altered(answer, { grantee: clinic.otherDoctor.address })],
    ["a receipt under another consent", (answer) => altered(answer, { consentId: random32() })],
    ["a receipt that says it refused", (answer) => altered(answer, { kind: 3 })],
  ];

  describe("one that answers with", () => {
    for (const [name, lie] of lies) {
      it(`${name} is noticed, and the other two suffice`, async () => {
        const terms = await grant(clinic);
        const body = await bodyFor(clinic, terms);
        const session = await sessionOf(clinic, clinic.doctor);
        const { deployment, deal, clients } = clinic;
        const cheat = liar(1, lie);
        const result = await requestView({
          deployment,
          deal,
          body,
          session,
          keepers: [cheat, clients[1]!, clients[2]!],
        });
        expect(result.point).to.deep.equal(ownPoint(clinic, body));
        expect(result.answers.map(({ index }) => index)).to.have.members([2, 3]);
        const error = await expectRefusal(
          view(clinic, { terms, keepers: [cheat, liar(2, lie), clients[2]!] }),
          "KEEPER_MISBEHAVED",
        );
        expect(error.details.keepers).to.have.members([cheat.address, clients[1]!.address]);
      });
    }

    it("an honest answer, altered in nothing, passes (so that the lies above are what is noticed)", async () => {
      const terms = await grant(clinic);
      const result = await view(clinic, { terms, keepers: [liar(1, (answer) => answer), liar(2, (answer) => answer)] });
      expect(result.answers).to.have.length(2);
    });
  });

  describe("heads", () => {
    const invented: Lie = (answer) => ({ ...answer, head: random32() });

    it("that one keeper invents lose against two that agree", async () => {
      const terms = await grant(clinic);
      const { clients } = clinic;
      const result = await view(clinic, { terms, keepers: [liar(1, invented), clients[1]!, clients[2]!] });
      expect(result.answers.map(({ index }) => index)).to.have.members([2, 3]);
    });

    it("on which no two keepers agree stop the view", async () => {
      const terms = await grant(clinic);
      const attempt = view(clinic, { terms, keepers: [liar(1, invented), clinic.clients[1]!] });
      const error = await expectRefusal(attempt, "HEADS_DISAGREE");
      expect(error.details.heads).to.have.length(2);
    });

    it("that differ because the chart grew in between agree at the second asking", async () => {
      const terms = await grant(clinic);
      let asked = 0;
      const late = liar(1, (answer) => (asked++ === 0 ? { ...answer, head: random32() } : answer));
      expect((await view(clinic, { terms, keepers: [late, clinic.clients[1]!] })).answers).to.have.length(2);
    });
  });

  describe("refusals", () => {
    it("that one keeper invents do not become the reader's error", async () => {
      const terms = await grant(clinic);
      const cheat: KeeperClient = {
        ...clinic.clients[0]!,
        view: () => Promise.reject(new SdkError("CONSENT_REVOKED", "a lie")),
      };
      expect(
        (await view(clinic, { terms, keepers: [cheat, clinic.clients[1]!, clinic.clients[2]!] })).answers,
      ).to.have.length(2);
      const down = createKeeperClient({ ...clinic.clients[1]!, fetch: () => Promise.reject(new TypeError("down")) });
      const error = await expectRefusal(
        view(clinic, { terms, keepers: [cheat, down, clinic.clients[2]!] }),
        "TOO_FEW_KEEPERS",
      );
      expect(error.details).to.deep.include({ answered: 1, needed: 2, total: 3 });
      expect(error.details.refusals).to.have.deep.members([
        { keeper: cheat.address, code: "CONSENT_REVOKED" },
        { keeper: down.address, code: "KEEPER_UNAVAILABLE" },
      ]);
    });

    it("in a form that no keeper speaks are told as such", async () => {
      const answers = [
        new Response("<html>", { status: 502 }),
        Response.json({ error: { code: "EVIL", message: "" } }, { status: 403 }),
      ];
      for (const answer of answers) {
        const odd = createKeeperClient({ ...clinic.clients[0]!, fetch: () => Promise.resolve(answer) });
        await expectRefusal(odd.head(), "KEEPER_REFUSED");
      }
    });
  });

  describe("one that forwards an honest reader's request", () => {
    it("gets nothing from the others: the request names one keeper", async () => {
      const terms = await grant(clinic);
      const body = await bodyFor(clinic, terms);
      const session = await sessionOf(clinic, clinic.doctor);
      const { request } = await buildViewRequest({ body, keeper: clinic.clients[0]!.address, session });
      const before = logSizes(clinic);
      await expectRefusal(clinic.clients[1]!.view(request), "FORBIDDEN", "other-keeper");
      const renamed = { ...request, keeper: clinic.clients[1]!.address };
      await expectRefusal(clinic.clients[1]!.view(renamed), "SIGNATURE_INVALID", "request-signature");
      const redirected = { ...renamed, replyKey: newEnvelopeKeys().publicKey };
      await expectRefusal(clinic.clients[1]!.view(redirected), "SIGNATURE_INVALID", "request-signature");
      expect(logSizes(clinic)).to.deep.equal(before);
    });

    it("cannot read the answer that another keeper gave, even with the reader's later keys", async () => {
      const terms = await grant(clinic);
      const session = await sessionOf(clinic, clinic.doctor);
      const body = await bodyFor(clinic, terms);
      const asked = await buildViewRequest({ body, keeper: clinic.clients[1]!.address, session });
      const sealed = await clinic.clients[1]!.view(asked.request);
      for (const secret of [
        clinic.doctor.keys.xwingSecret,
        clinic.keepers[0]!.identity.xwingSecret,
        clinic.keepers[1]!.identity.xwingSecret,
      ]) {
        await expectRefusal(openAnswer(clinic.deployment, asked.request, secret, sealed), "DECRYPTION_FAILED");
      }
    });
  });

  describe("a former reader who kept every key", () => {
    it("opens nothing new with one keeper on his side", async () => {
      const terms = await grant(clinic);
      const session = await sessionOf(clinic, clinic.doctor);
      await view(clinic, { terms, session });
      await revoke(clinic, terms);
      // The bad keeper answers whatever its own chain says, by pretending that nothing was revoked.
      const { folder, identity, ports } = clinic.keepers[0]!;
      const blind = keeperOf(folder, identity, {
        ...ports,
        store: { ...ports.store, isRevoked: () => false, markRevoked: () => undefined },
        chain: {
          ...ports.chain,
          readConsent: async (query) => ({ ...(await ports.chain.readConsent(query)), revokedAt: 0, revokedBefore: 0 }),
        },
      });
      const body = await bodyFor(clinic, terms);
      const { deployment, deal } = clinic;
      const keepers = [blind.client, clinic.clients[1]!, clinic.clients[2]!];
      const error = await expectRefusal(requestView({ deployment, deal, body, session, keepers }), "CONSENT_REVOKED");
      expect(error.details.answered).to.equal(1);
      // The honest keepers also refuse what the bad one prepares for them.
      const { request } = await buildViewRequest({ body, keeper: clinic.clients[2]!.address, session });
      const raw = await clinic.keepers[2]!.app.request("/v1/views", {
        method: "POST",
        body: new Uint8Array(encodeViewRequest(request)),
      });
      expect(raw.status).to.equal(403);
    });

    it("opens nothing by a keeper whose node forgot the revoke, once that keeper has seen it", async () => {
      const terms = await grant(clinic);
      await revoke(clinic, terms);
      await expectRefusal(view(clinic, { terms }), "CONSENT_REVOKED");
      const amnesiac = clinic.keepers.map(
        ({ folder, identity, ports }) =>
          keeperOf(folder, identity, {
            ...ports,
            chain: {
              ...ports.chain,
              readConsent: async (query) => ({ ...(await ports.chain.readConsent(query)), revokedAt: 0 }),
            },
          }).client,
      );
      await expectRefusal(view(clinic, { terms, keepers: amnesiac }), "CONSENT_REVOKED");
    });
  });

  it("a chain node that is down makes a keeper refuse, never guess", async () => {
    const terms = await grant(clinic);
    const cutOff = clinic.keepers.map(({ folder, identity, ports }) =>
      keeperOf(folder, identity, { ...ports, chain: createChain(clinic.deployment, "http://127.0.0.1:1") }),
    );
    const error = await expectRefusal(
      view(clinic, { terms, keepers: cutOff.map(({ client }) => client) }),
      "TOO_FEW_KEEPERS",
    );
    expect(JSON.stringify(error.details.refusals)).to.include("CHAIN_UNAVAILABLE");
    const health = await cutOff[0]!.client.health();
    expect(health).to.deep.include({ status: "degraded", block: null, index: 1 });
  });

  it("a view that was given up says so", async () => {
    const terms = await grant(clinic);
    const keepers = clinic.clients.map((client) => createKeeperClient({ ...client, fetch: neverAnswered }));
    const attempt = view(clinic, { terms, keepers, signal: AbortSignal.timeout(50) });
    await expectRefusal(attempt, "CANCELLED");
  });

  it("a keeper that never answers is given up after its time", async () => {
    const client = createKeeperClient({ ...clinic.clients[0]!, fetch: neverAnswered, timeoutMilliseconds: 30 });
    const error: unknown = await client.health().catch((caught: unknown) => caught);
    expect(isSdkError(error, "KEEPER_UNAVAILABLE")).to.equal(true);
    expect(
      await createKeeperClient({ ...clinic.clients[0]!, fetch: fetchOf(clinic.keepers[0]!.app) }).health(),
    ).to.include({ status: "ok" });
  });
});

/** A fetch that ends only when it is given up, also before it began. */
function neverAnswered(_: unknown, init?: RequestInit): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Error("aborted"));
    if (init?.signal?.aborted) stop();
    else init?.signal?.addEventListener("abort", stop);
  });
}

function altered(answer: ViewAnswer, fields: Partial<ViewAnswer["receipt"]["receipt"]>): ViewAnswer {
  return { ...answer, receipt: { ...answer.receipt, receipt: { ...answer.receipt.receipt, ...fields } } };
}
