/**
 * @module test/services/keeper/emergency
 * Emergency views at real keepers on a real chain: they open nothing before the second clinician's word and the patient's delay, nothing
 * after a stop or three hours, nothing for anybody else, and nothing but what the patient chose.
 */
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { zeroHash, type Abi } from "viem";
import type { Hex } from "../../../sdk/src/bytes.ts";
import { EMERGENCY_TAG } from "../../../sdk/src/consent/index.ts";
import { emergencyAccessAbi } from "../../../sdk/src/contracts/index.ts";
import {
  deriveDealScalar,
  deriveRecordKey,
  deriveScopeKey,
  EMERGENCY_SCOPE_KEY,
  multiplyPoint,
  openWrap,
  sealWrap,
  type RecordTuple,
} from "../../../sdk/src/crypto/index.ts";
import {
  buildEmergencyBody,
  buildViewRequest,
  fetchReceipts,
  hashBody,
  openReason,
  RECEIPT_EMERGENCY,
  requestView,
  tupleOf,
  type KeeperClient,
  type ViewBody,
} from "../../../sdk/src/keeper/index.ts";
import { createChain } from "../../../services/keeper/adapters/chain.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { SENIORITY_SECONDS } from "./support/chain.ts";
import {
  DAY,
  HOUR,
  keeperOf,
  logSizes,
  MINUTE,
  ownPoint,
  random32,
  register,
  send,
  sessionOf,
  startClinic,
  verifyPerson,
  type Clinic,
  type Signer,
  type TestPerson,
} from "./support/clinic.ts";

const DELAY = 10 * MINUTE;

describe("keepers in an emergency", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  let thirdDoctor: TestPerson;
  before(async () => {
    clinic = await startClinic();
    thirdDoctor = await register(clinic, 6, 2);
    await verifyPerson(clinic, thirdDoctor.address);
    clinic.clock.advance(SENIORITY_SECONDS);
  });
  after(() => clinic.close());

  /** A new day and a new round, so that no test hears of another one's requests. */
  beforeEach(async () => {
    clinic.clock.advance(DAY);
    await act(clinic.patient.account, "configure", [DELAY, [random32()]]);
  });
  afterEach(async () => {
    const [settings] = await read("settingsOf", [clinic.patient.address]);
    if ((settings as { enabled: boolean }).enabled) await act(clinic.patient.account, "disable", []);
  });

  async function act(account: Signer, functionName: string, args: readonly unknown[]): Promise<void> {
    const { chain } = clinic;
    const abi: Abi = emergencyAccessAbi;
    const hash = await chain.walletOf(account).writeContract({
      address: chain.emergencyAccess,
      abi,
      functionName,
      args,
    });
    const { status } = await chain.client.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`${functionName} reverted`);
  }

  function read(functionName: string, args: readonly unknown[]): Promise<readonly unknown[]> {
    const abi: Abi = emergencyAccessAbi;
    const { chain } = clinic;
    return chain.client.readContract({ address: chain.emergencyAccess, abi, functionName, args }) as Promise<
      readonly unknown[]
    >;
  }

  async function ask(requester = clinic.doctor): Promise<Hex> {
    await act(requester.account, "request", [clinic.patient.address, random32()]);
    return clinic.chain.client.readContract({
      address: clinic.chain.emergencyAccess,
      abi: emergencyAccessAbi,
      functionName: "latestOf",
      args: [requester.address],
    });
  }

  const coSign = (id: Hex, by = clinic.otherDoctor) => act(by.account, "coSign", [id]);

  async function pass(seconds: number): Promise<void> {
    clinic.clock.advance(seconds);
    await clinic.chain.mine();
  }

  /** A request of `doctor`, co-signed, and open. */
  async function opened(): Promise<Hex> {
    const id = await ask();
    await coSign(id);
    await pass(DELAY);
    return id;
  }

  async function roundNow(): Promise<number> {
    const [settings] = await read("settingsOf", [clinic.patient.address]);
    return (settings as { round: number }).round;
  }

  async function bodyOf(overrides: Partial<ViewBody> = {}, reader = clinic.doctor): Promise<ViewBody> {
    const body = await buildEmergencyBody({
      deployment: clinic.deployment,
      patient: clinic.patient.address,
      reader: reader.address,
      dealVersion: clinic.deal.deal.version,
      epoch: await roundNow(),
      recordId: random32(),
      reason: "Found unconscious",
      patientKey: { publicKey: clinic.patient.keys.xwingPublicKey, keyHash: clinic.patient.keyHash },
      now: clinic.clock.now(),
    });
    return { ...body, ...overrides };
  }

  async function view(
    input: { body?: Partial<ViewBody>; reader?: TestPerson; keepers?: readonly KeeperClient[]; emergencyId?: Hex } = {},
  ) {
    const reader = input.reader ?? clinic.doctor;
    const body = await bodyOf(input.body, reader);
    const { deployment, clients, deal } = clinic;
    const session = await sessionOf(clinic, reader);
    const named = input.emergencyId === undefined ? {} : { emergencyId: input.emergencyId };
    const result = await requestView({
      deployment,
      keepers: input.keepers ?? clients,
      deal,
      body,
      session,
      ...named,
    });
    return { ...result, body };
  }

  it("open a record for the requester, with receipts that say it was an emergency, under which request and why", async () => {
    const id = await opened();
    const { point, body, receipts, answers } = await view({ emergencyId: id });
    expect(point).to.deep.equal(ownPoint(clinic, body));
    expect(answers).to.have.length(2);
    for (const { receipt } of receipts) {
      expect(receipt).to.include({ kind: RECEIPT_EMERGENCY, consentId: id, viewNo: 0, tag: EMERGENCY_TAG });
    }
    const reason = await openReason({
      deployment: clinic.deployment,
      patient: clinic.patient.address,
      reader: clinic.doctor.address,
      patientKeyHash: clinic.patient.keyHash,
      nonce: body.nonce,
      sealedReason: body.sealedReason,
      secret: clinic.patient.keys.xwingSecret,
    });
    expect(reason).to.equal("Found unconscious");
  });

  it("show the patient the receipts of an emergency, in their logs, and answer the same body again with the same one", async () => {
    const id = await opened();
    const session = await sessionOf(clinic, clinic.doctor);
    const body = await bodyOf();
    const { deployment, clients, deal } = clinic;
    const ask = () => requestView({ deployment, keepers: clients, deal, body, session });
    const leaves = new Set([...(await ask()).answers, ...(await ask()).answers].map(({ leaf }) => leaf));
    const logs = await fetchReceipts({
      deployment,
      keepers: clients,
      session: await sessionOf(clinic, clinic.patient),
      patient: clinic.patient.address,
      now: clinic.clock.now(),
    });
    for (const { problem } of logs) expect(problem).to.equal(null);
    const about = logs.flatMap(({ receipts }) => receipts).filter(({ receipt }) => receipt.consentId === id);
    expect(about.length).to.be.within(2, 3);
    for (const { receipt } of about) expect(receipt).to.include({ kind: RECEIPT_EMERGENCY, bodyHash: hashBody(body) });
    for (const leaf of leaves) expect(about.map((each) => each.leaf)).to.include(leaf);
  });

  it("open a record with one keeper down, and not with two", async () => {
    await opened();
    const [first, second, third] = clinic.clients as [KeeperClient, KeeperClient, KeeperClient];
    const down = { ...third, view: () => Promise.reject(new Error("down")) };
    expect((await view({ keepers: [first, second, down] })).answers).to.have.length(2);
    const alsoDown = { ...second, view: () => Promise.reject(new Error("down")) };
    await expectRefusal(view({ keepers: [first, alsoDown, down] }), "TOO_FEW_KEEPERS");
  });

  it("take receipts for another request as misbehaviour", async () => {
    await opened();
    await expectRefusal(view({ emergencyId: random32() }), "KEEPER_MISBEHAVED");
  });

  describe("refuse", () => {
    async function refuses(code: Parameters<typeof expectRefusal>[1], reason: string, input = {}) {
      const before = logSizes(clinic);
      await expectRefusal(view(input), code, reason);
      expect(logSizes(clinic), "no receipt of what was refused").to.deep.equal(before);
    }

    it("somebody who never asked", async () => {
      await refuses("NO_CONSENT", "no-emergency", { reader: thirdDoctor });
    });

    it("a requester whom nobody confirmed, while there is time for it and afterwards", async () => {
      await ask();
      await refuses("NO_CONSENT", "emergency-not-co-signed");
      await pass(15 * MINUTE);
      await refuses("CONSENT_EXPIRED", "emergency-lapsed");
    });

    it("in the last second of the delay, and no longer in the next", async () => {
      await coSign(await ask());
      await pass(DELAY - 1);
      await refuses("NO_CONSENT", "emergency-waiting");
      await pass(1);
      expect((await view()).answers).to.have.length(2);
    });

    it("as long as the chain's time or their own clock is before the opening", async () => {
      await coSign(await ask());
      // The clock is there, the chain is not: it may not know of a stop.
      clinic.clock.advance(DELAY);
      await refuses("NO_CONSENT", "emergency-waiting");
      await clinic.chain.mine();
      expect((await view()).answers).to.have.length(2);
    });

    it("when the chain stands still and three hours are over by their own clock", async () => {
      await opened();
      clinic.clock.advance(3 * HOUR - 1);
      expect((await view()).answers).to.have.length(2);
      clinic.clock.advance(1);
      await refuses("CONSENT_EXPIRED", "emergency-closed");
    });

    for (const [name, who] of [
      ["the patient", () => clinic.patient],
      ["the requester", () => clinic.doctor],
      ["the second clinician", () => clinic.otherDoctor],
    ] as const) {
      it(`after ${name} stopped it, before it opened and after`, async () => {
        const vetoed = await ask();
        await coSign(vetoed);
        await act(who().account, "stop", [vetoed, zeroHash]);
        await pass(DELAY);
        await refuses("CONSENT_REVOKED", "emergency-stopped");
        const ended = await opened();
        expect((await view()).answers).to.have.length(2);
        await act(who().account, "stop", [ended, zeroHash]);
        await refuses("CONSENT_REVOKED", "emergency-stopped");
      });
    }

    it("after the patient turned it off, also when it is on again", async () => {
      await opened();
      await act(clinic.patient.account, "disable", []);
      await refuses("CONSENT_REVOKED", "emergency-stopped");
      await act(clinic.patient.account, "configure", [0, []]);
      await refuses("CONSENT_REVOKED", "emergency-stopped");
    });

    it("the second clinician and a third, who may not read", async () => {
      await opened();
      for (const reader of [clinic.otherDoctor, thirdDoctor]) {
        await refuses("NO_CONSENT", "no-emergency", { reader });
      }
    });

    it("another patient's records", async () => {
      await opened();
      const other = await register(clinic, 12, 1);
      const [keeper] = clinic.keepers as [Clinic["keepers"][number]];
      const { request } = await buildViewRequest({
        body: await bodyOf({ patient: other.address }),
        keeper: keeper.identity.address,
        session: await sessionOf(clinic, clinic.doctor),
      });
      await expectRefusal(keeper.client.view(request), "NO_CONSENT", "no-emergency");
    });

    it("a scope of the patient's, which is not the emergency scope", async () => {
      await opened();
      await refuses("NOT_IN_SCOPE", "other-scope", { body: { tag: random32() } });
    });

    it("records chosen before the patient turned it off and on again, and those of a later choice", async () => {
      await opened();
      const round = await roundNow();
      for (const epoch of [round - 1, round + 1]) await refuses("NOT_IN_SCOPE", "other-round", { body: { epoch } });
    });

    it("a number, since there is nothing to count", async () => {
      await opened();
      await refuses("VIEW_LIMIT_REACHED", "view-number", { body: { viewNo: 1 } });
    });

    for (const [name, who, reason] of [
      ["requester", () => clinic.doctor, "licence"],
      ["second clinician", () => clinic.otherDoctor, "co-signer"],
    ] as const) {
      it(`when the ${name} is suspended, and when just restored`, async () => {
        await opened();
        await send(clinic, clinic.registrar, "suspend", [who().address]);
        await refuses("NOT_VERIFIED", reason);
        await send(clinic, clinic.registrar, "restore", [who().address]);
        await refuses("NOT_VERIFIED", reason);
        await pass(SENIORITY_SECONDS);
        expect((await view()).answers).to.have.length(2);
      });
    }

    it("a request under the session of somebody else", async () => {
      await opened();
      const body = await bodyOf();
      const session = await sessionOf(clinic, thirdDoctor);
      const { deployment, clients, deal } = clinic;
      await expectRefusal(requestView({ deployment, keepers: clients, deal, body, session }), "SIGNATURE_INVALID");
    });

    it("a co-signature that waits for confirmations", async () => {
      const keepers = clinic.keepers.map(({ folder, identity, ports }) => {
        const deployment = { ...ports.deployment, confirmations: 3 };
        const chain = createChain(deployment, clinic.chain.rpcUrl);
        return keeperOf(folder, identity, { ...ports, deployment, chain }).client;
      });
      await act(clinic.patient.account, "configure", [0, []]);
      await coSign(await ask());
      await refuses("NO_CONSENT", "not-confirmed", { keepers });
      await clinic.chain.mine();
      await refuses("NO_CONSENT", "not-confirmed", { keepers });
      await clinic.chain.mine();
      expect((await view({ keepers })).answers).to.have.length(2);
    });

    it("for ever what they once saw stopped, whatever the chain says later", async () => {
      const id = await opened();
      for (const { ports } of clinic.keepers) {
        ports.store.markRevoked(clinic.patient.address, id, clinic.clock.now());
      }
      await refuses("CONSENT_REVOKED", "emergency-stopped");
    });
  });

  describe("a record outside the chosen ones", () => {
    it("stays shut: an emergency's answer opens no wrap but those of the emergency scope", async () => {
      await opened();
      const { patient, deployment } = clinic;
      const recordId = random32();
      const dek = new Uint8Array(randomBytes(32));
      const b = deriveDealScalar(patient.seed, 0);
      const wrapOf = async (scopeKey: Uint8Array, tag: Hex, epoch: number) => {
        const tuple: RecordTuple = {
          chainId: deployment.chainId,
          contract: deployment.carekey,
          patient: patient.address,
          tag,
          epoch,
          recordId,
        };
        const recordKey = deriveRecordKey({ scopeKey, point: multiplyPoint(b, tuple), tuple });
        return { tuple, wrap: await sealWrap({ recordKey, dek, tuple }) };
      };
      // The reader even has the key of the scope in which the record lies, from a consent of long ago.
      const scopeKey = deriveScopeKey(patient.seed, "labs", 0);
      const filed = await wrapOf(scopeKey, random32(), 0);
      const { point, body } = await view({ body: { recordId } });
      const tuple = tupleOf(body);
      const open = (key: Uint8Array, wrap: Uint8Array, under: RecordTuple) =>
        openWrap({ recordKey: deriveRecordKey({ scopeKey: key, point, tuple: under }), wrap, tuple: under });
      await expectRefusal(open(EMERGENCY_SCOPE_KEY, filed.wrap, filed.tuple), "DECRYPTION_FAILED");
      await expectRefusal(open(scopeKey, filed.wrap, filed.tuple), "DECRYPTION_FAILED");
      await expectRefusal(open(scopeKey, filed.wrap, tuple), "DECRYPTION_FAILED");
      // Had the patient chosen it, it would open.
      const chosen = await wrapOf(EMERGENCY_SCOPE_KEY, EMERGENCY_TAG, body.epoch);
      expect(await open(EMERGENCY_SCOPE_KEY, chosen.wrap, tuple)).to.deep.equal(dek);
    });
  });
});
