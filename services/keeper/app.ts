/**
 * @module services/keeper/app
 * The keeper's HTTP interface. Blocks in, blocks out; refusals as JSON. Opens no socket: everything comes in as ports.
 */
import { Hono, type Context } from "hono";
import { cors } from "hono/cors";
import { getAddress, hashTypedData, isAddress, isAddressEqual } from "viem/utils";
import type { Address } from "@carekey/sdk/bytes";
import { hashTerms, revokeAllTypedData, revokeTypedData } from "@carekey/sdk/consent";
import { SdkError } from "@carekey/sdk/errors";
import {
  BLOCK_CONTENT_TYPE,
  decodeActivation,
  decodeDeal,
  decodeOpeningsRequest,
  decodeReceiptsRequest,
  decodeSessionEnd,
  decodeSignedRevoke,
  decodeViewRequest,
  encodeAcknowledgement,
  encodeConsistency,
  encodeHead,
  encodeKeeperDeals,
  encodeOpenings,
  encodeReceiptsPage,
  hashReceipt,
  headDigest,
  isOpeningsRequestSigned,
  isReceiptsRequestSigned,
  receiptDigest,
  RECEIPTS_PAGE,
  type ChartHead,
  type KeeperHealth,
  type SignedHead,
  type SignedRevoke,
} from "@carekey/sdk/keeper";
import { errorHandler, notFoundHandler } from "../common/errors.ts";
import { createRateCounter, limitBody, rateLimit, requestLog, strictHeaders } from "../common/http.ts";
import { assertForMe, assertTime, checkSession } from "./checks.ts";
import { acceptDeal, activateDeal, listDeals } from "./deals.ts";
import type { KeeperPorts } from "./ports.ts";
import { createReleaser, seatOf } from "./release.ts";

const MAX_REQUEST_BYTES = 65_536;

/** The keeper as a Hono app. */
export function createApp(ports: KeeperPorts): Hono {
  const { deployment, identity, chain, store, clock, log, settings } = ports;
  const releaser = createReleaser(ports);
  const readerRate = createRateCounter({ points: settings.viewsPerMinute, seconds: 60 });
  const app = new Hono();

  app.use(requestLog(log));
  app.use(strictHeaders());
  app.use(
    cors({ origin: [...settings.origins], allowMethods: ["GET", "POST"], allowHeaders: ["Content-Type"], maxAge: 600 }),
  );
  app.use("/v1/*", rateLimit({ points: settings.requestsPerMinute, seconds: 60 }));
  app.use("/v1/*", limitBody(MAX_REQUEST_BYTES));
  app.onError(errorHandler(log));
  app.notFound(notFoundHandler);

  app.get("/health", async (context) => {
    const block = await chain.latestBlock().then(
      ({ number }) => number,
      () => null,
    );
    const health: KeeperHealth = {
      status: block === null ? "degraded" : "ok",
      address: identity.address,
      index: seatOf(ports),
      block,
    };
    return context.json(health);
  });

  app.get("/v1/key-document", (context) => sendBlock(context, identity.keyDocument.bytes));

  app.post("/v1/deals", async (context) => {
    const deal = decodeDeal(await bodyOf(context));
    return sendBlock(context, encodeAcknowledgement(await acceptDeal(ports, deal)));
  });

  app.post("/v1/deals/activate", async (context) => {
    await activateDeal(ports, decodeActivation(await bodyOf(context)));
    return context.body(null, 204);
  });

  app.get("/v1/deals/:patient", (context) =>
    sendBlock(context, encodeKeeperDeals(listDeals(ports, addressOf(context.req.param("patient"))))),
  );

  app.get("/v1/charts/:patient/head", async (context) => {
    const word: ChartHead = await chain.chartHead(addressOf(context.req.param("patient")));
    return context.json(word);
  });

  app.post("/v1/views", async (context) => {
    const request = decodeViewRequest(await bodyOf(context));
    await readerRate.count(request.session.terms.key);
    return sendBlock(context, await releaser.release(request));
  });

  app.post("/v1/openings", async (context) => {
    const request = decodeOpeningsRequest(await bodyOf(context));
    const { terms, session } = request;
    assertForMe(ports, request.keeper);
    assertTime(ports, request);
    // Both sides of a consent may know what is left of it.
    const isPatient = isAddressEqual(session.terms.owner, terms.patient);
    await checkSession(ports, session, isPatient ? terms.patient : terms.grantee);
    if (!isOpeningsRequestSigned(request)) throw new SdkError("SIGNATURE_INVALID", "not signed by the session's key");
    return sendBlock(context, encodeOpenings(store.openingsOf(terms.patient, hashTerms(terms))));
  });

  app.post("/v1/receipts", async (context) => {
    const request = decodeReceiptsRequest(await bodyOf(context));
    assertForMe(ports, request.keeper);
    assertTime(ports, request);
    await checkSession(ports, request.session, request.patient);
    if (!isReceiptsRequestSigned(request)) throw new SdkError("SIGNATURE_INVALID", "not signed by the session's key");
    // Head and proofs are read without an await between them, so that they belong together.
    const { receipts, more } = store.receiptsOf(request.patient, request.after, RECEIPTS_PAGE);
    const unsigned = store.logHead();
    const head = await signHead(unsigned);
    const signed = await Promise.all(
      receipts.map(async (logged) => ({
        ...logged,
        signature: await identity.sign(
          receiptDigest(deployment, logged.receipt, hashReceipt(deployment, logged.receipt)),
        ),
      })),
    );
    return sendBlock(context, encodeReceiptsPage({ receipts: signed, head, more }));
  });

  app.get("/v1/head", async (context) => sendBlock(context, encodeHead(await signHead(store.logHead()))));

  app.get("/v1/log/consistency", (context) => {
    const [from, to] = [Number(context.req.query("from") ?? NaN), Number(context.req.query("to") ?? NaN)];
    return sendBlock(context, encodeConsistency(store.consistency(from, to)));
  });

  app.post("/v1/revokes", async (context) => {
    await acceptRevoke(decodeSignedRevoke(await bodyOf(context)));
    return context.body(null, 204);
  });

  app.post("/v1/sessions/end", async (context) => {
    const session = decodeSessionEnd(await bodyOf(context));
    await checkSession(ports, session, session.terms.owner);
    store.endSession(session.terms.key, session.terms.notAfter);
    return context.body(null, 204);
  });

  app.post("/v1/sessions/end-others", async (context) => {
    const session = decodeSessionEnd(await bodyOf(context), "others");
    await checkSession(ports, session, session.terms.owner);
    store.endOtherSessions(session.terms);
    return context.body(null, 204);
  });

  async function signHead(unsigned: ReturnType<typeof store.logHead>): Promise<SignedHead> {
    const head = { keeper: identity.address, term: 0, slot: 0, ...unsigned };
    return { head, signature: await identity.sign(headDigest(deployment, head)) };
  }

  /** A revoke counts here from the moment the patient hands it over, whatever becomes of the transaction. */
  async function acceptRevoke(revoke: SignedRevoke): Promise<void> {
    const { patient: account, deadline, signature } = revoke;
    const now = clock.now();
    if (now > deadline) throw new SdkError("EXPIRED", "the revoke's deadline has passed");
    const digest =
      revoke.kind === "one"
        ? hashTypedData(revokeTypedData({ deployment, patient: account, consentId: revoke.consentId, deadline }))
        : hashTypedData(revokeAllTypedData({ deployment, patient: account, signedAt: revoke.signedAt, deadline }));
    if (!(await chain.isSignedBy({ account, digest, signature }))) {
      throw new SdkError("SIGNATURE_INVALID", "the revoke is not signed by the patient");
    }
    if (revoke.kind === "one") store.markRevoked(account, revoke.consentId, now);
    else if (revoke.signedAt <= now) store.raiseRevokedBefore(account, revoke.signedAt);
    else throw new SdkError("INVALID_ARGUMENT", "the revoke is dated ahead of time");
  }

  return app;
}

async function bodyOf(context: Context): Promise<Uint8Array> {
  return new Uint8Array(await context.req.arrayBuffer());
}

function sendBlock(context: Context, bytes: Uint8Array): Response {
  return context.body(new Uint8Array(bytes), 200, { "Content-Type": BLOCK_CONTENT_TYPE });
}

function addressOf(text: string): Address {
  if (!isAddress(text, { strict: false })) throw new SdkError("INVALID_ARGUMENT", "not an address");
  return getAddress(text);
}
