/**
 * @module test/services/keeper/openings
 * What a keeper says about used view numbers, to whom, and for how long a number is one opening.
 */
import { expect } from "chai";
import {
  OPENING_SECONDS,
  buildOpeningsRequest,
  decodeOpenings,
  decodeOpeningsRequest,
  encodeOpenings,
  encodeOpeningsRequest,
  type Opening,
  type OpeningsRequest,
  type Session,
} from "../../../sdk/src/keeper/index.ts";
import { hashTerms, type ConsentTerms } from "../../../sdk/src/consent/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { grant, makeTerms, random32, sessionOf, view, type Clinic, type TestKeeper } from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";

describe("keepers and numbered views", function () {
  this.timeout(20_000);
  let clinic: Clinic;
  let keeper: TestKeeper;
  let session: Session;
  before(async () => {
    clinic = await sharedClinic();
    keeper = clinic.keepers[0]!;
    session = await sessionOf(clinic, clinic.doctor);
  });

  function ask(terms: ConsentTerms, alter: (request: OpeningsRequest) => OpeningsRequest = (request) => request) {
    return buildOpeningsRequest({ keeper: keeper.identity.address, terms, session, now: clinic.clock.now() }).then(
      (request) => keeper.client.openings(alter(request)),
    );
  }

  describe("asked by the reader", () => {
    it("are those that were answered, with record and time", async () => {
      const terms = await grant(clinic, { maxViews: 3 });
      const recordId = random32();
      expect(await ask(terms)).to.deep.equal([]);
      await view(clinic, { terms, body: { viewNo: 2, recordId }, keepers: [keeper.client, clinic.clients[1]!] });
      expect(await ask(terms)).to.deep.equal([{ viewNo: 2, recordId, openedAt: clinic.clock.now() }]);
    });

    it("are none under terms that were never granted, or that differ in one field", async () => {
      const terms = await grant(clinic, { maxViews: 3 });
      await view(clinic, { terms, body: { viewNo: 1 } });
      expect(await ask(makeTerms(clinic, { maxViews: 3 }))).to.deep.equal([]);
      expect(await ask({ ...terms, maxViews: 4 })).to.deep.equal([]);
    });
  });

  describe("asked by the patient", () => {
    it("are the same", async () => {
      const terms = await grant(clinic, { maxViews: 3 });
      const recordId = random32();
      await view(clinic, { terms, body: { viewNo: 1, recordId }, keepers: [keeper.client, clinic.clients[1]!] });
      const own = await sessionOf(clinic, clinic.patient);
      const now = clinic.clock.now();
      const request = await buildOpeningsRequest({ keeper: keeper.identity.address, terms, session: own, now });
      expect(await keeper.client.openings(request)).to.deep.equal([{ viewNo: 1, recordId, openedAt: now }]);
    });

    it("are refused under terms that name another patient", async () => {
      const terms = await grant(clinic, { maxViews: 3 });
      const own = await sessionOf(clinic, clinic.patient);
      const others = { ...terms, patient: clinic.otherDoctor.address };
      const now = clinic.clock.now();
      const request = await buildOpeningsRequest({
        keeper: keeper.identity.address,
        terms: others,
        session: own,
        now,
      });
      await expectRefusal(keeper.client.openings(request), "SIGNATURE_INVALID", "session-owner");
    });
  });

  describe("asked by anybody else", () => {
    it("are refused to another reader, with another session, at another keeper, late, and when altered", async () => {
      const terms = await grant(clinic, { maxViews: 3 });
      const other = await sessionOf(clinic, clinic.otherDoctor);
      const stolen = { terms: other.terms, signature: other.signature };
      await expectRefusal(
        ask(terms, (request) => ({ ...request, session: stolen })),
        "SIGNATURE_INVALID",
        "session-owner",
      );
      await expectRefusal(ask({ ...terms, grantee: clinic.otherDoctor.address }), "SIGNATURE_INVALID", "session-owner");
      await expectRefusal(
        ask(terms, (request) => ({ ...request, keeper: clinic.keepers[1]!.identity.address })),
        "FORBIDDEN",
        "other-keeper",
      );
      await expectRefusal(
        ask(terms, (request) => ({ ...request, at: request.at - 61, exp: request.exp - 61 })),
        "EXPIRED",
        "request-over",
      );
      await expectRefusal(
        ask(terms, (request) => ({ ...request, terms: { ...terms, maxViews: 2 } })),
        "SIGNATURE_INVALID",
      );
    });
  });

  describe("a number that opened a record", () => {
    it("opens it again for ten minutes at every keeper that knows it, and not a second longer", async () => {
      const terms = await grant(clinic, { maxViews: 1 });
      const body = { viewNo: 1, recordId: random32() };
      await view(clinic, { terms, body });
      clinic.clock.advance(OPENING_SECONDS - 1);
      await view(clinic, { terms, body, session: await sessionOf(clinic, clinic.doctor) });
      clinic.clock.advance(1);
      await expectRefusal(
        view(clinic, { terms, body, session: await sessionOf(clinic, clinic.doctor) }),
        "VIEW_LIMIT_REACHED",
        "opening-over",
      );
      session = await sessionOf(clinic, clinic.doctor);
    });

    it("taken by another record at the first keeper is used up nowhere else", async () => {
      const terms = await grant(clinic, { maxViews: 1 });
      await view(clinic, { terms, body: { viewNo: 1 }, keepers: clinic.clients.slice(0, 2) });
      await expectRefusal(view(clinic, { terms, body: { viewNo: 1 } }), "VIEW_LIMIT_REACHED", "view-used");
      expect(clinic.keepers[2]!.ports.store.openingsOf(terms.patient, hashTerms(terms))).to.deep.equal([]);
    });
  });

  describe("the format", () => {
    it("comes back as it was, and refuses another version and more fields", async () => {
      const openings: Opening[] = [{ viewNo: 7, recordId: random32(), openedAt: 5 }];
      expect(decodeOpenings(encodeOpenings(openings))).to.deep.equal(openings);
      const terms = makeTerms(clinic, { maxViews: 1 });
      const request = await buildOpeningsRequest({ keeper: keeper.identity.address, terms, session, now: 9 });
      expect(decodeOpeningsRequest(encodeOpeningsRequest(request))).to.deep.equal(request);
      expect(() => decodeOpenings(encodeOpeningsRequest(request)))
        .to.throw()
        .with.property("code", "UNSUPPORTED_VERSION");
    });
  });
});
