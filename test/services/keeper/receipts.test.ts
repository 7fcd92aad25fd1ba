/**
 * @module test/services/keeper/receipts
 * The patient's access log: complete, proved, private; and signed revokes that keepers honour before the chain does.
 */
import { expect } from "chai";
import { hashTerms, revokeAllTypedData, revokeTypedData } from "../../../sdk/src/consent/index.ts";
import {
  buildReceiptsRequest,
  fetchReceipts,
  hashBody,
  openReason,
  submitRevoke,
  verifyLogGrowth,
  type KeeperClient,
  type ReceiptsPage,
  type SignedRevoke,
} from "../../../sdk/src/keeper/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { testAccount } from "./support/chain.ts";
import {
  bodyFor,
  grant,
  keeperOf,
  logSizes,
  type makeTerms,
  MINUTE,
  random32,
  register,
  send,
  sessionOf,
  signWith,
  startClinic,
  view,
  type Clinic,
  type TestPerson,
} from "./support/clinic.ts";

describe("keeper receipts", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  let other: TestPerson;
  before(async () => {
    clinic = await startClinic();
    other = await register(clinic, 5, 1);
  });
  after(() => clinic.close());

  async function read(person = clinic.patient, keepers: readonly KeeperClient[] = clinic.clients) {
    const { deployment, clock } = clinic;
    const session = await sessionOf(clinic, person);
    return fetchReceipts({ deployment, keepers, session, patient: person.address, now: clock.now() });
  }

  describe("read by the patient", () => {
    it("are the views of the chart, each with its place in the keeper's log and its reason", async () => {
      const terms = await grant(clinic);
      const bodies = [await bodyFor(clinic, terms), await bodyFor(clinic, terms)];
      for (const body of bodies) await view(clinic, { terms, body });
      const logs = await read();
      expect(logs.map(({ problem }) => problem)).to.deep.equal([null, null, null]);
      for (const body of bodies) {
        const about = logs.flatMap(({ receipts }) =>
          receipts.filter(({ receipt }) => receipt.bodyHash === hashBody(body)),
        );
        expect(about.length).to.be.at.least(2);
        const { receipt, nonce, sealedReason } = about[0]!;
        expect(receipt).to.include({ consentId: hashTerms(terms), grantee: clinic.doctor.address, kind: 1 });
        const reason = await openReason({
          deployment: clinic.deployment,
          patient: receipt.patient,
          reader: receipt.grantee,
          patientKeyHash: clinic.patient.keyHash,
          nonce,
          sealedReason,
          secret: clinic.patient.keys.xwingSecret,
        });
        expect(reason).to.equal("Follow-up visit");
      }
    });

    it("are linked leaf to leaf without gaps", async () => {
      const { receipts } = (await read())[0]!;
      expect(receipts.map(({ receipt }) => receipt.seq)).to.deep.equal(receipts.map((_, index) => index + 1));
      for (const [index, { receipt }] of receipts.entries()) {
        expect(receipt.previousLeaf).to.equal(receipts[index - 1]?.leaf ?? `0x${"00".repeat(32)}`);
      }
    });

    it("go on after a sequence number", async () => {
      const { deployment, clients: keepers, patient, clock } = clinic;
      const session = await sessionOf(clinic, patient);
      const after = new Map(keepers.map(({ address }) => [address, 1]));
      const [log] = await fetchReceipts({
        deployment,
        keepers,
        session,
        patient: patient.address,
        now: clock.now(),
        after,
      });
      expect(log!.receipts[0]?.receipt.seq ?? 2).to.equal(2);
    });

    it("come in pages", async () => {
      const terms = await grant(clinic);
      const keeper = clinic.keepers[0]!;
      const start = keeper.ports.store.logHead().size;
      for (let count = 0; count < 3; count++) await view(clinic, { terms });
      const paged = { ...keeper.ports, store: { ...keeper.ports.store } };
      paged.store.receiptsOf = (patient, after) => keeper.ports.store.receiptsOf(patient, after, 1);
      const { client } = keeperOf(keeper.folder, keeper.identity, paged);
      const [log] = await read(clinic.patient, [client]);
      expect(log!.receipts.length).to.equal(keeper.ports.store.logHead().size);
      expect(log!.receipts.length).to.be.at.least(start);
    });
  });

  describe("asked for by anybody else", () => {
    it("are refused to the reader, a stranger, the registrar, and another patient", async () => {
      for (const index of [2, 4, 0, 5]) {
        const account = testAccount(index);
        const session = await sessionOf(clinic, { address: account.address, account });
        const { deployment, clients: keepers, patient, clock } = clinic;
        const logs = await fetchReceipts({ deployment, keepers, session, patient: patient.address, now: clock.now() });
        for (const { problem, receipts } of logs) {
          expect({ code: problem?.code, count: receipts.length }).to.deep.equal({
            code: "SIGNATURE_INVALID",
            count: 0,
          });
        }
      }
    });

    it("another patient's own log holds nothing of this chart", async () => {
      for (const { receipts, problem } of await read(other))
        expect({ receipts, problem }).to.deep.equal({ receipts: [], problem: null });
    });

    it("a request is for one keeper, one minute and its own fields", async () => {
      const session = await sessionOf(clinic, clinic.patient);
      const [first, second] = clinic.clients as [KeeperClient, KeeperClient, KeeperClient];
      const request = await buildReceiptsRequest({
        keeper: first.address,
        patient: clinic.patient.address,
        after: 0,
        session,
        now: clinic.clock.now(),
      });
      await expectRefusal(second.receipts(request), "FORBIDDEN", "other-keeper");
      await expectRefusal(second.receipts({ ...request, keeper: second.address }), "SIGNATURE_INVALID");
      await expectRefusal(first.receipts({ ...request, after: 1 }), "SIGNATURE_INVALID");
      clinic.clock.advance(MINUTE);
      await expectRefusal(first.receipts(request), "EXPIRED", "request-over");
    });
  });

  describe("a keeper that changes its log", () => {
    const lying = (alter: (page: ReceiptsPage) => ReceiptsPage): KeeperClient => {
      const client = clinic.clients[0]!;
      return { ...client, receipts: async (request) => alter(await client.receipts(request)) };
    };
    const lies: [string, (page: ReceiptsPage) => ReceiptsPage][] = [
      [
        "a receipt altered",
        (page) => ({
          ...page,
          receipts: page.receipts.map((item) => ({ ...item, receipt: { ...item.receipt, recordId: random32() } })),
        }),
      ],
      [
        "a proof altered",
        (page) => ({ ...page, receipts: page.receipts.map((item) => ({ ...item, proof: item.proof.slice(1) })) }),
      ],
      [
        "a reason altered",
        (page) => ({ ...page, receipts: page.receipts.map((item) => ({ ...item, sealedReason: new Uint8Array(9) })) }),
      ],
      [
        "a root altered",
        (page) => ({ ...page, head: { ...page.head, head: { ...page.head.head, root: random32() } } }),
      ],
      ["its receipts repeated", (page) => ({ ...page, receipts: [...page.receipts, ...page.receipts] })],
      [
        "another keeper's head",
        (page) => ({ ...page, head: { ...page.head, head: { ...page.head.head, keeper: testAccount(4).address } } }),
      ],
    ];
    for (const [name, alter] of lies) {
      it(`is caught with ${name}`, async () => {
        const [log] = await read(clinic.patient, [lying(alter)]);
        expect(log!.problem?.code).to.equal("KEEPER_MISBEHAVED");
      });
    }

    it("is caught when it no longer extends a head that it signed", async () => {
      const [log] = await read();
      const known = log!.head!;
      await view(clinic, { terms: await grant(clinic) });
      const { deployment, patient, clock, clients } = clinic;
      const session = await sessionOf(clinic, patient);
      const ask = (keeper: KeeperClient) =>
        fetchReceipts({
          deployment,
          keepers: [keeper],
          session,
          patient: patient.address,
          now: clock.now(),
          known: [known],
        });
      expect((await ask(clients[0]!))[0]!.problem).to.equal(null);
      // A log of the same length with other leaves: its proof cannot lead to the old root.
      const forked = { ...clients[0]!, consistency: async () => [new Uint8Array(32)] };
      expect((await ask(forked))[0]!.problem?.code).to.equal("KEEPER_MISBEHAVED");
      const newer = (await ask(clients[0]!))[0]!.head!;
      await expectRefusal(verifyLogGrowth(clients[0]!, newer, known), "KEEPER_MISBEHAVED");
    });
  });

  describe("a signed revoke handed to the keepers", () => {
    const signed = async (
      terms: ReturnType<typeof makeTerms>,
      signer = 1,
      deadline = clinic.clock.now() + 600,
    ): Promise<SignedRevoke> => {
      const consentId = hashTerms(terms);
      const patient = clinic.patient.address;
      const typedData = revokeTypedData({ deployment: clinic.deployment, patient, consentId, deadline });
      return { kind: "one", patient, consentId, deadline, signature: await signWith(testAccount(signer))(typedData) };
    };

    it("closes the consent before any transaction, and for ever", async () => {
      const terms = await grant(clinic);
      await view(clinic, { terms });
      const outcome = await submitRevoke({ keepers: clinic.clients, revoke: await signed(terms) });
      expect(outcome).to.deep.include({ refusals: [] });
      expect(outcome.accepted).to.have.length(3);
      const before = logSizes(clinic);
      await expectRefusal(view(clinic, { terms }), "CONSENT_REVOKED", "revoked");
      expect(logSizes(clinic)).to.deep.equal(before);
    });

    it("of another signer, for another deployment, or late, is refused and changes nothing", async () => {
      const terms = await grant(clinic);
      const client = clinic.clients[0]!;
      await expectRefusal(client.revoke(await signed(terms, 2)), "SIGNATURE_INVALID");
      const elsewhere = { ...clinic.deployment, chainId: 1 };
      const deadline = clinic.clock.now() + 600;
      const patient = clinic.patient.address;
      const foreign = revokeTypedData({ deployment: elsewhere, patient, consentId: hashTerms(terms), deadline });
      const signature = await signWith(clinic.patient.account)(foreign);
      await expectRefusal(
        client.revoke({ kind: "one", patient, consentId: hashTerms(terms), deadline, signature }),
        "SIGNATURE_INVALID",
      );
      await expectRefusal(client.revoke(await signed(terms, 1, clinic.clock.now() - 1)), "EXPIRED");
      expect((await view(clinic, { terms })).answers).to.have.length(2);
    });

    it("of everything closes what was granted until then, and nothing later", async () => {
      const terms = await grant(clinic);
      const patient = clinic.patient.address;
      const revokeAll = async (signedAt: number): Promise<SignedRevoke> => {
        const deadline = clinic.clock.now() + 600;
        const typedData = revokeAllTypedData({ deployment: clinic.deployment, patient, signedAt, deadline });
        return {
          kind: "all",
          patient,
          signedAt,
          deadline,
          signature: await signWith(clinic.patient.account)(typedData),
        };
      };
      await expectRefusal(clinic.clients[0]!.revoke(await revokeAll(clinic.clock.now() + 60)), "INVALID_ARGUMENT");
      await submitRevoke({ keepers: clinic.clients, revoke: await revokeAll(clinic.clock.now()) });
      await expectRefusal(view(clinic, { terms }), "CONSENT_REVOKED");
      clinic.clock.advance(1);
      expect((await view(clinic, { terms: await grant(clinic) })).answers).to.have.length(2);
    });

    it("names the keepers that did not take it", async () => {
      const terms = await grant(clinic);
      const down: KeeperClient = {
        ...clinic.clients[0]!,
        url: "",
        revoke: () => Promise.reject(new TypeError("down")),
      };
      const outcome = await submitRevoke({ keepers: [down, clinic.clients[1]!], revoke: await signed(terms) });
      expect(outcome).to.deep.equal({
        accepted: [clinic.clients[1]!.address],
        refusals: [{ keeper: down.address, code: "INTERNAL" }],
      });
    });
  });

  it("a consistency proof beyond the log is refused", async () => {
    await expectRefusal(clinic.clients[0]!.consistency(0, 10_000), "INVALID_ARGUMENT");
    await expectRefusal(clinic.clients[0]!.consistency(3, 1), "INVALID_ARGUMENT");
  });

  it("a chart's head is the one that keepers name", async () => {
    const terms = await grant(clinic);
    const { head } = await view(clinic, { terms });
    await send(clinic, clinic.patient.account, "note", [random32()]);
    expect((await view(clinic, { terms })).head).to.not.equal(head);
  });
});
