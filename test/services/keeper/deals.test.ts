/**
 * @module test/services/keeper/deals
 * How a patient's shares reach the keepers, when a deal comes into force, and what keepers do not take.
 */
import { expect } from "chai";
import { deriveDealScalar, sealEnvelope, splitSecret } from "../../../sdk/src/crypto/index.ts";
import {
  buildDeal,
  createKeeperClient,
  dealTypedData,
  distributeDeal,
  fetchDeal,
  hashCommitments,
  hashDeal,
  hashSealedShares,
  isAcknowledgedBy,
  readDealState,
  requestView,
  shareContext,
  type DealBody,
} from "../../../sdk/src/keeper/index.ts";
import { openStore } from "../../../services/keeper/adapters/store.ts";
import { createApp } from "../../../services/keeper/app.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { testAccount } from "./support/chain.ts";
import {
  bodyFor,
  DAY,
  fetchOf,
  grant,
  keeperKeys,
  keeperOf,
  makeDeal,
  ownPoint,
  register,
  sessionOf,
  signWith,
  startClinic,
  type Clinic,
  type TestPerson,
} from "./support/clinic.ts";

describe("keeper deals", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  let henrik: TestPerson;
  before(async () => {
    clinic = await startClinic();
    henrik = await register(clinic, 5, 1);
  });
  after(() => clinic.close());

  const deliver = (body: DealBody, keepers = clinic.clients) =>
    distributeDeal({ deployment: clinic.deployment, keepers, body });
  const stateOf = (patient: TestPerson) =>
    readDealState({ deployment: clinic.deployment, keepers: clinic.clients, patient: patient.address });

  describe("before any deal", () => {
    it("there is none, and the next version is 1", async () => {
      expect(await stateOf(henrik)).to.deep.include({ current: null, holders: 0, total: 3, nextVersion: 1 });
      const { deployment, clients: keepers } = clinic;
      await expectRefusal(fetchDeal({ deployment, keepers, patient: henrik.address }), "NO_DEAL");
    });
  });

  describe("a deal", () => {
    it("is acknowledged by each keeper over its hash, and in force when all have it", async () => {
      const body = await makeDeal(clinic, henrik);
      const delivery = await deliver(body);
      expect(delivery).to.deep.include({ active: true, refusals: [] });
      for (const acknowledgement of delivery.acknowledgements) {
        const { deployment } = clinic;
        expect(await isAcknowledgedBy(deployment, hashDeal(deployment, body.deal), acknowledgement)).to.equal(true);
        expect(
          await isAcknowledgedBy(deployment, hashDeal(deployment, { ...body.deal, version: 2 }), acknowledgement),
        ).to.equal(false);
      }
      const { current, holders, nextVersion } = await stateOf(henrik);
      expect(current?.deal).to.deep.equal(body.deal);
      expect({ holders, nextVersion }).to.deep.equal({ holders: 3, nextVersion: 2 });
    });

    it("handed over twice is the same deal", async () => {
      const { current } = await stateOf(clinic.patient);
      expect((await deliver(clinic.deal)).active).to.equal(true);
      expect((await stateOf(clinic.patient)).current).to.deep.equal(current);
    });

    it("waits while one keeper is down, and is in force a day later with t of n", async () => {
      const body = await makeDeal(clinic, henrik, { version: 2 });
      const two = clinic.clients.slice(0, 2);
      const first = await deliver(body, two);
      expect(first).to.deep.include({ active: false, activatedAt: [] });
      expect(first.refusals.map(({ code, reason }) => ({ code, reason }))).to.deep.equal([
        { code: "CONFLICT", reason: "acknowledgements" },
        { code: "CONFLICT", reason: "acknowledgements" },
      ]);
      expect((await stateOf(henrik)).current?.deal.version).to.equal(1);
      clinic.clock.advance(DAY - 1);
      expect((await deliver(body, two)).activatedAt).to.have.length(0);
      clinic.clock.advance(1);
      expect((await deliver(body, two)).activatedAt).to.have.length(2);
      const { current, holders } = await stateOf(henrik);
      expect({ version: current?.deal.version, holders }).to.deep.equal({ version: 2, holders: 2 });
    });

    it("is not put in force by false or repeated acknowledgements", async () => {
      const body = await makeDeal(clinic, henrik, { version: 5 });
      const client = clinic.clients[0]!;
      const mine = await client.submitDeal(body);
      const forged = clinic.clients.slice(1).map(({ address }) => ({ keeper: address, signature: mine.signature }));
      const stranger = { keeper: testAccount(4).address, signature: mine.signature };
      for (const acknowledgements of [[mine, mine, mine], [mine, ...forged], [mine, stranger, stranger], []]) {
        const attempt = client.activateDeal({ patient: henrik.address, version: 5, acknowledgements });
        await expectRefusal(attempt, "CONFLICT", "acknowledgements");
      }
      await expectRefusal(
        client.activateDeal({ patient: henrik.address, version: 6, acknowledgements: [] }),
        "NO_DEAL",
      );
    });
  });

  describe("a replaced deal", () => {
    it("is answered for seven days more, and both deals give the same point", async () => {
      const next = await makeDeal(clinic, clinic.patient, { version: 2 });
      const old = clinic.deal;
      const terms = await grant(clinic, { expiresAt: clinic.clock.now() + 30 * DAY });
      expect((await deliver(next)).active).to.equal(true);
      const open = async (deal: DealBody) => {
        const body = await bodyFor(clinic, terms, { dealVersion: deal.deal.version });
        const session = await sessionOf(clinic, clinic.doctor);
        const { deployment, clients: keepers } = clinic;
        const { point } = await requestView({ deployment, keepers, deal, body, session });
        expect(point).to.deep.equal(ownPoint(clinic, body));
      };
      await open(old);
      await open(next);
      clinic.clock.advance(7 * DAY - 1);
      await open(old);
      clinic.clock.advance(1);
      await expectRefusal(open(old), "NO_DEAL", "deal-version");
      await open(next);
      const { previous } = await clinic.clients[0]!.deals(clinic.patient.address);
      expect(previous).to.equal(null);
    });
  });

  describe("a keeper does not take a deal", () => {
    const refused = async (body: DealBody, code: Parameters<typeof expectRefusal>[1], reason?: string) => {
      const before = clinic.keepers[0]!.ports.store.newestVersion(body.deal.patient);
      await expectRefusal(clinic.clients[0]!.submitDeal(body), code, reason);
      expect(clinic.keepers[0]!.ports.store.newestVersion(body.deal.patient)).to.equal(before);
    };

    it("signed by another wallet", async () =>
      refused(await makeDeal(clinic, henrik, { version: 20, sign: signWith(testAccount(4)) }), "SIGNATURE_INVALID"));

    it("of somebody who is not registered", async () => {
      const account = testAccount(7);
      const stranger = { ...henrik, address: account.address, account };
      await refused(await makeDeal(clinic, stranger), "NOT_REGISTERED");
    });

    it("whose version does not rise", async () =>
      refused(await makeDeal(clinic, henrik, { version: 1 }), "CONFLICT", "version"));

    it("of another secret under the same generation", async () => {
      const secret = deriveDealScalar(new Uint8Array(32).fill(9), 0);
      await refused(await makeDeal(clinic, henrik, { version: 21, secret }), "CONFLICT", "secret");
    });

    it("made for another deployment or keeper set", async () => {
      const elsewhere = { ...clinic.deployment, carekey: testAccount(8).address };
      await refused(await makeDeal(clinic, henrik, { version: 22, deployment: elsewhere }), "SIGNATURE_INVALID");
      const keepers = keeperKeys(clinic).toReversed();
      await refused(await makeDeal(clinic, henrik, { version: 22, keepers }), "MALFORMED");
    });

    it("with a share that is sealed to another keeper, or not what the commitments say", async () => {
      const body = await makeDeal(clinic, henrik, { version: 23 });
      const [first, second, third] = body.sealedShares as [Uint8Array, Uint8Array, Uint8Array];
      await refused(await resigned(body, { sealedShares: [second, first, third] }), "INVALID_ARGUMENT", "sealing");
      // Commitments of the same secret, but of another polynomial: the seal opens, the share does not fit.
      const { commitments } = await makeDeal(clinic, henrik, { version: 23 });
      await refused(await resigned(body, { commitments }), "INVALID_ARGUMENT", "sealing");
      const bent = await bentDeal();
      await refused(bent, "INVALID_ARGUMENT", "share");
    });

    it("whose threshold breaks 1 < t <= n < 2t", async () => {
      const four = [...keeperKeys(clinic), ...keeperKeys(clinic).slice(0, 1)];
      await expectRefusal(makeDeal(clinic, henrik, { version: 24, keepers: four }), "INVALID_ARGUMENT");
      const body = await makeDeal(clinic, henrik, { version: 24 });
      const deal = { ...body.deal, threshold: 1 };
      const signature = await signWith(henrik.account)(dealTypedData(clinic.deployment, deal));
      await refused({ ...body, deal, signature }, "MALFORMED");
    });

    it("when it has no seat", async () => {
      const deployment = { ...clinic.deployment, keepers: clinic.deployment.keepers.slice(1) };
      const { folder, identity, ports } = clinic.keepers[0]!;
      const { client } = keeperOf(folder, identity, { ...ports, deployment });
      await expectRefusal(client.submitDeal(await makeDeal(clinic, henrik, { version: 25 })), "CONFLICT", "no-seat");
      expect((await client.health()).index).to.equal(0);
    });

    /** A deal whose shares are sealed well but belong to another polynomial than its commitments. */
    async function bentDeal(): Promise<DealBody> {
      const secret = deriveDealScalar(henrik.seed, 0);
      const [one, other] = [
        splitSecret({ secret, threshold: 2, count: 3 }),
        splitSecret({ secret, threshold: 2, count: 3 }),
      ];
      const body = await makeDeal(clinic, henrik, { version: 26 });
      const commitmentsHash = hashCommitments(one.commitments);
      const sealedShares = await Promise.all(
        keeperKeys(clinic).map((keeper, position) =>
          sealEnvelope(
            {
              recipientPublicKey: keeper.publicKey,
              context: shareContext({
                deployment: clinic.deployment,
                deal: { ...body.deal, commitmentsHash },
                index: position + 1,
                keeper,
              }),
            },
            other.shares[position]!,
          ),
        ),
      );
      return resigned(body, { commitments: one.commitments, sealedShares });
    }

    async function resigned(
      body: DealBody,
      fields: Partial<Pick<DealBody, "commitments" | "sealedShares">>,
    ): Promise<DealBody> {
      const changed = { ...body, ...fields };
      const deal = {
        ...body.deal,
        commitmentsHash: hashCommitments(changed.commitments),
        sharesHash: hashSealedShares(changed.sealedShares),
      };
      return { ...changed, deal, signature: await signWith(henrik.account)(dealTypedData(clinic.deployment, deal)) };
    }
  });

  describe("a new generation", () => {
    it("takes another secret, and an earlier one cannot come back", async () => {
      const secret = deriveDealScalar(henrik.seed, 1);
      expect((await deliver(await makeDeal(clinic, henrik, { version: 30, generation: 1, secret }))).active).to.equal(
        true,
      );
      const back = await makeDeal(clinic, henrik, { version: 31 });
      await expectRefusal(clinic.clients[0]!.submitDeal(back), "CONFLICT", "generation");
    });
  });

  describe("readers", () => {
    it("mistrust a keeper that serves a deal which its patient did not sign", async () => {
      const { folder, identity, ports } = clinic.keepers[0]!;
      const forged = await buildDeal({
        deployment: clinic.deployment,
        patient: clinic.patient.address,
        secret: deriveDealScalar(new Uint8Array(32).fill(3), 0),
        generation: 0,
        version: 99,
        threshold: 2,
        keepers: keeperKeys(clinic),
        issuedAt: clinic.clock.now(),
        sign: signWith(testAccount(4)),
      });
      const store = { ...ports.store, dealsOf: () => ({ active: forged, previous: null, pending: null }) };
      const { client } = keeperOf(folder, identity, { ...ports, store });
      const keepers = [client, clinic.clients[1]!, clinic.clients[2]!];
      const state = await readDealState({ deployment: clinic.deployment, keepers, patient: clinic.patient.address });
      expect(state.current?.deal.version).to.equal(2);
      expect(state.refusals).to.deep.equal([{ keeper: client.address, code: "KEEPER_MISBEHAVED" }]);
    });
  });

  describe("a restart", () => {
    it("leaves deals and logs as they were", async () => {
      const before = await stateOf(clinic.patient);
      const sizes = clinic.keepers.map(({ ports }) => ports.store.logHead());
      for (const keeper of clinic.keepers) {
        keeper.ports.store.close();
        keeper.ports.store = openStore(`${keeper.folder}/keeper.sqlite`, keeper.identity.address);
      }
      expect(clinic.keepers.map(({ ports }) => ports.store.logHead())).to.deep.equal(sizes);
      const clients = clinic.keepers.map(({ ports, client }) => ({ ...client, fetch: fetchOf(createApp(ports)) }));
      const keepers = clients.map((client) => createKeeperClient(client));
      const { deployment, patient } = clinic;
      expect(await readDealState({ deployment, keepers, patient: patient.address })).to.deep.equal(before);
    });
  });
});
