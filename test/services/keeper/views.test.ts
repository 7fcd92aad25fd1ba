/**
 * @module test/services/keeper/views
 * What a consent opens, and what it does not: scope, epoch, window, revocation, licence, organisation; by the second.
 */
import { expect } from "chai";
import { hashTerms, EMERGENCY_TAG, FLAG_LICENSED, FLAG_OTP, WRITE } from "../../../sdk/src/consent/index.ts";
import { carekeyAbi } from "../../../sdk/src/contracts/index.ts";
import { dealTypedData, hashBody, openReason, requestView, verifyReceipt } from "../../../sdk/src/keeper/index.ts";
import { createChain } from "../../../services/keeper/adapters/chain.ts";
import { expectRefusal } from "../../support/refusal.ts";
import {
  bodyFor,
  DAY,
  grant,
  HOUR,
  keeperOf,
  logSizes,
  makeTerms,
  MINUTE,
  ownPoint,
  random32,
  register,
  revoke,
  send,
  sessionOf,
  signWith,
  verifyPerson,
  view,
  type Clinic,
} from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";
import { testAccount } from "./support/chain.ts";

describe("keeper views", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  before(async () => {
    clinic = await sharedClinic();
  });

  describe("under an active consent", () => {
    it("give the reader exactly what the patient computes alone", async () => {
      const terms = await grant(clinic);
      const body = await bodyFor(clinic, terms);
      const session = await sessionOf(clinic, clinic.doctor);
      const { deployment, clients: keepers, deal } = clinic;
      const result = await requestView({ deployment, keepers, deal, body, session });
      expect(result.point).to.deep.equal(ownPoint(clinic, body));
      expect(result.bodyHash).to.equal(hashBody(body));
      expect(result.answers).to.have.length(2);
      expect(result.head).to.equal(await headOf(clinic));
    });

    it("leave a signed receipt at each keeper, with a reason that only the patient reads", async () => {
      const terms = await grant(clinic);
      const before = logSizes(clinic);
      const body = await bodyFor(clinic, terms);
      const session = await sessionOf(clinic, clinic.doctor);
      const { deployment, clients: keepers, deal } = clinic;
      const { receipts } = await requestView({ deployment, keepers, deal, body, session });
      for (const receipt of receipts) {
        await verifyReceipt(deployment, receipt, { consentId: hashTerms(terms), bodyHash: hashBody(body) });
      }
      expect(Math.max(...logSizes(clinic).map((size, index) => size - before[index]!))).to.equal(1);
      const reason = {
        deployment,
        patient: terms.patient,
        reader: terms.grantee,
        patientKeyHash: clinic.patient.keyHash,
        nonce: body.nonce,
        sealedReason: body.sealedReason,
      };
      expect(await openReason({ ...reason, secret: clinic.patient.keys.xwingSecret })).to.equal("Follow-up visit");
      const asDoctor = openReason({ ...reason, secret: clinic.doctor.keys.xwingSecret });
      await expectRefusal(asDoctor, "DECRYPTION_FAILED");
    });

    it("go on with one keeper down", async () => {
      const terms = await grant(clinic);
      const result = await view(clinic, { terms, keepers: clinic.clients.slice(1) });
      expect(result.answers.map(({ index }) => index)).to.have.members([2, 3]);
    });

    it("name how many keepers are missing when two are down", async () => {
      const terms = await grant(clinic);
      const error = await expectRefusal(view(clinic, { terms, keepers: clinic.clients.slice(2) }), "TOO_FEW_KEEPERS");
      expect(error.details).to.include({ answered: 1, needed: 2, total: 3 });
    });
  });

  describe("are refused", () => {
    it("without a grant, although the terms are well-formed and signed for by the reader", async () => {
      const before = logSizes(clinic);
      await expectRefusal(view(clinic, { terms: makeTerms(clinic) }), "NO_CONSENT", "not-granted");
      expect(logSizes(clinic)).to.deep.equal(before);
    });

    it("when any field of the granted terms is changed", async () => {
      const terms = await grant(clinic);
      for (const altered of [
        { expiresAt: terms.expiresAt + 1 },
        { maxViews: 3 },
        { fromEpoch: 1 },
        { scopes: [...terms.scopes, random32()] },
        { about: { ...terms.about, purpose: "Research" } },
      ]) {
        await expectRefusal(view(clinic, { terms: { ...terms, ...altered } }), "NO_CONSENT", "not-granted");
      }
    });

    it("for a scope outside the terms, and always for the emergency scope", async () => {
      const terms = await grant(clinic);
      await expectRefusal(view(clinic, { terms, body: { tag: random32() } }), "NOT_IN_SCOPE", "other-scope");
      await expectRefusal(view(clinic, { terms, body: { tag: EMERGENCY_TAG } }), "NOT_IN_SCOPE", "other-scope");
    });

    it("for an epoch before fromEpoch, and not for that one or later", async () => {
      const terms = await grant(clinic, { fromEpoch: 5 });
      await expectRefusal(view(clinic, { terms, body: { epoch: 4 } }), "NOT_IN_SCOPE", "earlier-epoch");
      for (const epoch of [5, 6]) expect((await view(clinic, { terms, body: { epoch } })).answers).to.have.length(2);
    });

    it("under a consent to write", async () => {
      const terms = await grant(clinic, { rights: WRITE, scopes: [] });
      await expectRefusal(view(clinic, { terms }), "NO_CONSENT", "not-a-read-consent");
    });

    it("under a consent with one-time codes, without a ticket", async () => {
      const terms = await grant(clinic, { flags: FLAG_OTP });
      await expectRefusal(view(clinic, { terms }), "OTP_REQUIRED", "no-ticket");
    });

    it("from a deal that is not in force", async () => {
      const terms = await grant(clinic);
      const body = await bodyFor(clinic, terms, { dealVersion: 7 });
      const session = await sessionOf(clinic, clinic.doctor);
      const deal = { ...clinic.deal, deal: { ...clinic.deal.deal, version: 7 } };
      const { deployment, clients: keepers } = clinic;
      await expectRefusal(requestView({ deployment, keepers, deal, body, session }), "SIGNATURE_INVALID");
      const resigned = await resign(clinic, deal);
      await expectRefusal(
        requestView({ deployment, keepers, deal: resigned, body, session }),
        "NO_DEAL",
        "deal-version",
      );
    });
  });

  describe("after a revoke", () => {
    it("are refused at once for what was not opened yet", async () => {
      const terms = await grant(clinic);
      await view(clinic, { terms });
      await revoke(clinic, terms);
      const before = logSizes(clinic);
      await expectRefusal(view(clinic, { terms }), "CONSENT_REVOKED", "revoked");
      expect(logSizes(clinic)).to.deep.equal(before);
    });

    it("are refused for the very record that was opened before", async () => {
      const terms = await grant(clinic);
      const recordId = random32();
      await view(clinic, { terms, body: { recordId } });
      await revoke(clinic, terms);
      await expectRefusal(view(clinic, { terms, body: { recordId } }), "CONSENT_REVOKED");
    });

    it("of an id before its grant are refused too", async () => {
      const terms = makeTerms(clinic);
      await revoke(clinic, terms);
      await expectRefusal(view(clinic, { terms }), "CONSENT_REVOKED");
    });

    it("of everything are refused, and a consent granted afterwards opens", async () => {
      const terms = await grant(clinic);
      clinic.clock.advance(1);
      await send(clinic, clinic.patient.account, "revokeAll", []);
      await expectRefusal(view(clinic, { terms }), "CONSENT_REVOKED");
      clinic.clock.advance(1);
      expect((await view(clinic, { terms: await grant(clinic) })).answers).to.have.length(2);
    });
  });

  describe("at the edges of the window, without any transaction", () => {
    it("open in the last second and not at expiry", async () => {
      const terms = await grant(clinic, { expiresAt: clinic.clock.now() + 100 });
      clinic.clock.advance(99);
      expect((await view(clinic, { terms })).answers).to.have.length(2);
      clinic.clock.advance(1);
      await expectRefusal(view(clinic, { terms }), "CONSENT_EXPIRED", "expired");
      clinic.clock.advance(1);
      await expectRefusal(view(clinic, { terms }), "CONSENT_EXPIRED", "expired");
    });

    it("count the later of chain time and clock against expiry", async () => {
      const terms = await grant(clinic, { expiresAt: clinic.clock.now() + 100 });
      const slow = { now: () => clinic.clock.now() - 20 };
      clinic.clock.advance(100);
      await clinic.chain.mine();
      // A keeper whose own clock is behind still sees the block's time.
      const keepers = clinic.keepers.map(
        ({ folder, identity, ports }) => keeperOf(folder, identity, { ...ports, clock: slow }).client,
      );
      await expectRefusal(
        view(clinic, { terms, keepers, body: { at: slow.now(), exp: slow.now() + 60 } }),
        "CONSENT_EXPIRED",
      );
    });

    it("do not open before notBefore, and do in that second once a block has that time", async () => {
      const notBefore = clinic.clock.now() + 50;
      const terms = await grant(clinic, { notBefore });
      clinic.clock.advance(49);
      await clinic.chain.mine();
      await expectRefusal(view(clinic, { terms }), "NO_CONSENT", "not-yet");
      clinic.clock.advance(1);
      await expectRefusal(view(clinic, { terms }), "NO_CONSENT", "not-yet");
      await clinic.chain.mine();
      expect((await view(clinic, { terms })).answers).to.have.length(2);
    });
  });

  describe("under LICENSED", () => {
    it("open for a verified clinician, not once suspended, and again when restored", async () => {
      const terms = await grant(clinic, { flags: FLAG_LICENSED });
      expect((await view(clinic, { terms })).answers).to.have.length(2);
      await send(clinic, clinic.registrar, "suspend", [clinic.doctor.address]);
      await expectRefusal(view(clinic, { terms }), "NOT_VERIFIED", "licence");
      await send(clinic, clinic.registrar, "restore", [clinic.doctor.address]);
      expect((await view(clinic, { terms })).answers).to.have.length(2);
    });

    it("are refused to an unverified clinician and to a licence that ran out, by the second", async () => {
      const newcomer = await register(clinic, 10, 2);
      const terms = await grant(clinic, { flags: FLAG_LICENSED, grantee: newcomer.address });
      const session = await sessionOf(clinic, newcomer);
      await expectRefusal(view(clinic, { terms, session }), "NOT_VERIFIED", "licence");
      const validUntil = clinic.clock.now() + 30;
      await verifyPerson(clinic, newcomer.address, validUntil);
      clinic.clock.advance(29);
      expect((await view(clinic, { terms, session })).answers).to.have.length(2);
      clinic.clock.advance(1);
      await expectRefusal(view(clinic, { terms, session }), "NOT_VERIFIED", "licence");
    });
  });

  describe("for a member of an organisation", () => {
    it("open while organisation and membership are current only", async () => {
      const hospital = await register(clinic, 11, 3);
      const terms = await grant(clinic, { organisation: hospital.address });
      await expectRefusal(view(clinic, { terms }), "NOT_VERIFIED", "organisation");
      await verifyPerson(clinic, hospital.address);
      await expectRefusal(view(clinic, { terms }), "NOT_VERIFIED", "membership");
      const until = clinic.clock.now() + HOUR;
      await send(clinic, hospital.account, "attestMembership", [clinic.doctor.address, until]);
      expect((await view(clinic, { terms })).answers).to.have.length(2);
      await send(clinic, clinic.registrar, "suspend", [hospital.address]);
      await expectRefusal(view(clinic, { terms }), "NOT_VERIFIED", "organisation");
      await send(clinic, clinic.registrar, "restore", [hospital.address]);
      clinic.clock.advance(HOUR);
      await expectRefusal(view(clinic, { terms }), "NOT_VERIFIED", "membership");
    });
  });

  describe("by people without a consent", () => {
    for (const [name, index] of [
      ["a stranger", 4],
      ["the registrar", 0],
      ["the gateway's owner", 9],
      ["another verified doctor", 3],
    ] as const) {
      it(`${name} opens nothing, with own terms or with the doctor's`, async () => {
        const account = testAccount(index);
        const session = await sessionOf(clinic, { address: account.address, account });
        const granted = await grant(clinic);
        const own = { ...granted, grantee: account.address };
        await expectRefusal(view(clinic, { terms: own, session }), "NO_CONSENT", "not-granted");
        await expectRefusal(view(clinic, { terms: granted, session }), "SIGNATURE_INVALID", "session-owner");
        const asSelf = { reader: account.address };
        await expectRefusal(view(clinic, { terms: granted, session, body: asSelf }), "FORBIDDEN", "other-grantee");
      });
    }
  });

  it("a consent of one patient opens nothing of another", async () => {
    const other = testAccount(5).address;
    const terms = await grant(clinic);
    const body = await bodyFor(clinic, terms, { patient: other });
    const session = await sessionOf(clinic, clinic.doctor);
    const deal = await resign(clinic, { ...clinic.deal, deal: { ...clinic.deal.deal, patient: other } }, 5);
    const { deployment, clients: keepers } = clinic;
    await expectRefusal(requestView({ deployment, keepers, deal, body, session }), "FORBIDDEN", "other-patient");
    const moved = { ...terms, patient: other };
    const movedBody = await bodyFor(clinic, moved);
    await expectRefusal(
      requestView({ deployment, keepers, deal, body: movedBody, session }),
      "NO_CONSENT",
      "not-granted",
    );
  });

  describe("on a public chain", () => {
    it("are refused when the node lags or runs ahead of the clock", async () => {
      const terms = await grant(clinic, { expiresAt: clinic.clock.now() + 30 * DAY });
      const strict = clinic.keepers.map(({ folder, identity, ports }) =>
        keeperOf(folder, identity, { ...ports, settings: { ...ports.settings, requireFreshHead: true } }),
      );
      const keepers = strict.map(({ client }) => client);
      await clinic.chain.mine();
      clinic.clock.advance(MINUTE);
      expect((await view(clinic, { terms, keepers })).answers).to.have.length(2);
      clinic.clock.advance(1);
      const stale = await expectRefusal(view(clinic, { terms, keepers }), "TOO_FEW_KEEPERS");
      expect(stale.details.refusals).to.deep.include({
        keeper: keepers[0]!.address,
        code: "CHAIN_UNAVAILABLE",
        reason: "stale-head",
      });
      await clinic.chain.mine();
      const behind = (seconds: number) => ({ now: () => clinic.clock.now() - seconds });
      for (const [seconds, opens] of [
        [30, true],
        [31, false],
      ] as const) {
        const slow = strict.map(({ folder, identity, ports }) =>
          keeperOf(folder, identity, { ...ports, clock: behind(seconds) }),
        );
        const at = clinic.clock.now() - seconds;
        const attempt = view(clinic, { terms, keepers: slow.map(({ client }) => client), body: { at, exp: at + 60 } });
        if (opens) expect((await attempt).answers).to.have.length(2);
        else {
          const { details } = await expectRefusal(attempt, "TOO_FEW_KEEPERS");
          expect(JSON.stringify(details.refusals)).to.include("clock-skew");
        }
      }
    });

    it("wait until a grant has the configured confirmations", async () => {
      const deployment = { ...clinic.deployment, confirmations: 3 };
      const keepers = clinic.keepers.map(
        ({ folder, identity, ports }) =>
          keeperOf(folder, identity, { ...ports, deployment, chain: createChain(deployment, clinic.chain.rpcUrl) })
            .client,
      );
      const terms = await grant(clinic);
      await clinic.chain.mine();
      await expectRefusal(view(clinic, { terms, keepers }), "NO_CONSENT", "not-confirmed");
      await clinic.chain.mine();
      expect((await view(clinic, { terms, keepers })).answers).to.have.length(2);
    });
  });
});

async function headOf({ chain, patient }: Clinic) {
  return chain.client.readContract({
    address: chain.carekey,
    abi: carekeyAbi,
    functionName: "head",
    args: [patient.address],
  });
}

async function resign(clinic: Clinic, deal: Clinic["deal"], account = 1): Promise<Clinic["deal"]> {
  const signature = await signWith(testAccount(account))(dealTypedData(clinic.deployment, deal.deal));
  return { ...deal, signature };
}
