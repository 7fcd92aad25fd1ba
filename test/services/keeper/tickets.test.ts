/**
 * @module test/services/keeper/tickets
 * View tickets under a consent that asks for a one-time code: every other use than the one it was made for is refused by each keeper.
 */
import { expect } from "chai";
import { FLAG_OTP, type ConsentTerms } from "../../../sdk/src/consent/index.ts";
import { isSdkError } from "../../../sdk/src/errors.ts";
import { TICKET_SECONDS } from "../../../sdk/src/gateway/index.ts";
import {
  buildViewRequest,
  hashBody,
  hashTicketSubject,
  requestView,
  ticketTypedData,
  type KeeperClient,
  type Session,
  type Ticket,
  type ViewBody,
} from "../../../sdk/src/keeper/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { testAccount } from "./support/chain.ts";
import { bodyFor, grant, logSizes, random32, sessionOf, signWith, type Clinic } from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";

const GATEWAY_ACCOUNT = 9;
/** More than the seconds that clocks may differ by. */
const FAR_AHEAD = 31;

describe("keepers and view tickets", function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let terms: ConsentTerms;
  let session: Session;
  before(async () => {
    clinic = await sharedClinic();
    terms = await grant(clinic, { flags: FLAG_OTP });
    session = await sessionOf(clinic, clinic.doctor);
  });

  /** A ticket as the gateway makes it, or as somebody else would. */
  async function ticketFor(fields: Partial<Ticket> & Pick<Ticket, "body">, signer = GATEWAY_ACCOUNT): Promise<Ticket> {
    const ticket = { otp: true, exp: clinic.clock.now() + TICKET_SECONDS, ...fields };
    return { ...ticket, signature: await signWith(testAccount(signer))(ticketTypedData(clinic.deployment, ticket)) };
  }
  const rightTicket = (body: ViewBody, by = session) => ticketFor({ body: hashTicketSubject(body, by.terms.key) });
  async function ask(keeper: KeeperClient, body: ViewBody, ticket: Ticket | null, by = session): Promise<Uint8Array> {
    const { request } = await buildViewRequest({ body, keeper: keeper.address, session: by, ticket });
    return keeper.view(request);
  }

  /** Every way but the right one, each asked of each keeper. `make` gives what is sent instead. */
  const attacks: [
    name: string,
    reason: string,
    make: (body: ViewBody) => Promise<{ body?: ViewBody; ticket: Ticket | null; by?: Session }>,
  ][] = [
    ["no ticket", "no-ticket", async () => ({ ticket: null })],
    [
      "a ticket for another record",
      "other-ticket",
      async (body) => ({ body: { ...body, recordId: random32() }, ticket: await rightTicket(body) }),
    ],
    [
      "a ticket for another view number",
      "other-ticket",
      async (body) => ({ body: { ...body, viewNo: 1 }, ticket: await rightTicket(body) }),
    ],
    [
      "a ticket for another nonce, that is, a second view of the same record",
      "other-ticket",
      async (body) => ({ body: { ...body, nonce: `0x${"22".repeat(16)}` }, ticket: await rightTicket(body) }),
    ],
    [
      "another session's ticket, of the same reader",
      "other-ticket",
      async (body) => ({ ticket: await rightTicket(body), by: await sessionOf(clinic, clinic.doctor) }),
    ],
    [
      "another reader's ticket",
      "other-ticket",
      async (body) => {
        const own = await grant(clinic, { flags: FLAG_OTP, grantee: clinic.otherDoctor.address });
        const by = await sessionOf(clinic, clinic.otherDoctor);
        return { body: await bodyFor(clinic, own), ticket: await rightTicket(body), by };
      },
    ],
    [
      "a ticket for the body alone",
      "other-ticket",
      async (body) => ({ ticket: await ticketFor({ body: hashBody(body) }) }),
    ],
    [
      "a ticket without the bit",
      "other-ticket",
      async (body) => ({ ticket: await ticketFor({ body: hashTicketSubject(body, session.terms.key), otp: false }) }),
    ],
    [
      "a ticket in its last moment",
      "ticket-over",
      async (body) => ({
        ticket: await ticketFor({ body: hashTicketSubject(body, session.terms.key), exp: clinic.clock.now() }),
      }),
    ],
    [
      "a ticket that would live too long",
      "ticket-too-long",
      async (body) => ({
        ticket: await ticketFor({
          body: hashTicketSubject(body, session.terms.key),
          exp: clinic.clock.now() + TICKET_SECONDS + FAR_AHEAD,
        }),
      }),
    ],
    [
      "a ticket whose life was drawn out",
      "ticket-signature",
      async (body) => {
        const ticket = await rightTicket(body);
        return { ticket: { ...ticket, exp: ticket.exp + 1 } };
      },
    ],
    [
      "a ticket by somebody else's key",
      "ticket-signature",
      async (body) => ({ ticket: await ticketFor({ body: hashTicketSubject(body, session.terms.key) }, 4) }),
    ],
    [
      "a ticket without a signature",
      "ticket-signature",
      async (body) => ({ ticket: { ...(await rightTicket(body)), signature: "0x" } }),
    ],
  ];
  for (const [name, reason, make] of attacks) {
    it(`${name} opens nothing at any keeper, and leaves no receipt`, async () => {
      const body = await bodyFor(clinic, terms);
      const sent = await make(body);
      const before = logSizes(clinic);
      for (const keeper of clinic.clients) {
        await expectRefusal(ask(keeper, sent.body ?? body, sent.ticket, sent.by), "OTP_REQUIRED", reason);
      }
      expect(logSizes(clinic)).to.deep.equal(before);
      // The right one still works: no keeper let itself be confused.
      expect(await ask(clinic.clients[0]!, body, await rightTicket(body))).to.be.instanceOf(Uint8Array);
    });
  }

  it("is good for one answer of each keeper, also when it is asked for again at once", async () => {
    for (const keeper of clinic.clients) {
      const body = await bodyFor(clinic, terms);
      const ticket = await rightTicket(body);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () =>
          ask(keeper, body, ticket).then(
            () => "opened",
            (error: unknown) => (isSdkError(error) ? String(error.details["reason"]) : "?"),
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === "opened")).to.have.length(1);
      expect(outcomes.filter((outcome) => outcome === "ticket-used")).to.have.length(19);
      await expectRefusal(ask(keeper, body, await rightTicket(body)), "OTP_REQUIRED", "ticket-used");
    }
  });

  it("lets 100 uses of one view number open exactly one record at each keeper", async () => {
    const limited = await grant(clinic, { flags: FLAG_OTP, maxViews: 1 });
    for (const keeper of clinic.clients) {
      const opened = await Promise.all(
        Array.from({ length: 100 }, async () => {
          const body = await bodyFor(clinic, limited, { viewNo: 1 });
          return ask(keeper, body, await rightTicket(body)).then(
            () => "opened",
            (error: unknown) => (isSdkError(error) ? error.code : "?"),
          );
        }),
      );
      expect(opened.filter((outcome) => outcome === "opened")).to.have.length(1);
      expect(opened.filter((outcome) => outcome === "VIEW_LIMIT_REACHED")).to.have.length(99);
    }
  });

  it("lets 100 readers' tabs that race for one view number through all keepers open exactly one record", async () => {
    const limited = await grant(clinic, { flags: FLAG_OTP, maxViews: 1 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, async () => {
        const body = await bodyFor(clinic, limited, { viewNo: 1 });
        const { deployment, clients: keepers, deal } = clinic;
        await requestView({ deployment, keepers, deal, body, session, ticket: await rightTicket(body) });
        return body.recordId;
      }),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
  });
});
