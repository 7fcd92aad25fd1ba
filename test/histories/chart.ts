/**
 * @module test/histories/chart
 * One patient's chart for real: own accounts on the real chain, real keepers, real bundles, rotations and wraps. Readers are hostile:
 * they keep every key that they were ever given and ask for anything.
 */
import { randomBytes } from "node:crypto";
import { zeroAddress } from "viem";
import { equalBytes, type Address, type Hex } from "../../sdk/src/bytes.ts";
import { endOf } from "../../sdk/src/client/consents.ts";
import { epochsFrom, type Rotation } from "../../sdk/src/client/epochs.ts";
import {
  FLAG_LICENSED,
  FLAG_OTP,
  READ,
  hashTerms,
  revokeAllTypedData,
  revokeTypedData,
  termsToArray,
  toContractTerms,
  type ConsentTerms,
} from "../../sdk/src/consent/index.ts";
import { carekeyAbi } from "../../sdk/src/contracts/index.ts";
import {
  combineEvaluations,
  deriveDealScalar,
  deriveRecordKey,
  deriveScopeKey,
  deriveTag,
  multiplyPoint,
  openWrap,
  sealWrap,
  verifyEvaluation,
  type RecordTuple,
} from "../../sdk/src/crypto/index.ts";
import { isSdkError } from "../../sdk/src/errors.ts";
import { TICKET_SECONDS } from "../../sdk/src/gateway/index.ts";
import {
  buildViewBody,
  buildViewRequest,
  createKeeperClient,
  distributeDeal,
  fetchReceipts,
  hashTicketSubject,
  openAnswer,
  submitRevoke,
  ticketTypedData,
  tupleOf,
  type DealBody,
  type Session,
  type SignedRevoke,
  type Ticket,
  type ViewBody,
} from "../../sdk/src/keeper/index.ts";
import {
  encodeScopes,
  openBundleAsGrantee,
  openScopes,
  sealBundle,
  type Opener,
  type Recipient,
} from "../../sdk/src/records/index.ts";
import {
  HOUR,
  fetchOf,
  logSizes,
  makeDeal,
  random32,
  register,
  send,
  sessionOf,
  signWith,
  startKeeper,
  verifyPerson,
  type Clinic,
  type TestPerson,
} from "../services/keeper/support/clinic.ts";
import { testAccount } from "../services/keeper/support/chain.ts";

/** Index of the account that signs tickets, as the clinic deploys it. */
const GATEWAY_ACCOUNT = 9;
/** How long a call may take: the machine may be busy, and nothing here depends on time-outs. */
const PATIENCE_MILLISECONDS = 120_000;
/** First account that no other test uses. */
const FIRST_ACCOUNT = 1000;

/** A consent and what came of it. */
export type RealConsent = { terms: ConsentTerms; grantedAt: number };
/** A record as it lies there: wrapped once. */
export type RealRecord = { id: string; pointer: Hex; scope: string; epoch: number; wrap: Uint8Array; dek: Uint8Array };
/** What a view's ticket speaks for; only `own` is for this very body in this very session. */
export type TicketKind = "none" | "own" | "other body" | "other session";
/** A view as it is sent, and by whom it was made. */
export type AskedView = { by: string; body: ViewBody; session: Session; ticket: Ticket | null };
/** How a view went. */
export type RealOutcome = { opens: boolean; receipts: boolean[]; isLiveOnChain: boolean };

let accountsUsed = 0;

/** Starts a chart with its people on a running clinic. */
export async function startChart(clinic: Clinic, readers: readonly { name: string; role: number }[]) {
  const { chain, clock, deployment } = clinic;
  const newPerson = async (role: number): Promise<TestPerson> => {
    const index = FIRST_ACCOUNT + accountsUsed++;
    await chain.request("hardhat_setBalance", [testAccount(index).address, "0x8ac7230489e80000"]);
    return register(clinic, index, role);
  };
  const patient = await newPerson(1);
  const organisation = await newPerson(3);
  await verifyPerson(clinic, organisation.address);
  const people = new Map<string, TestPerson>();
  for (const { name, role } of readers) {
    const person = await newPerson(role);
    people.set(name, person);
    if (role === 2) await verifyPerson(clinic, person.address);
  }
  const chainContext = { chainId: deployment.chainId, contract: deployment.carekey };
  const keys = new Map<string, Map<string, Uint8Array>>(
    readers.map(({ name }) => [name, new Map<string, Uint8Array>()]),
  );
  const consents = new Map<string, RealConsent>();
  const rotations: Rotation[] = [];
  const down = new Set<number>();
  const clientsBy = (isReached: (place: number) => boolean) =>
    clinic.keepers.map(({ identity }, place) =>
      createKeeperClient({
        address: identity.address,
        url: deployment.keepers[place]!.url,
        timeoutMilliseconds: PATIENCE_MILLISECONDS,
        fetch: async (input, init) => {
          if (!isReached(place)) throw new TypeError("connection refused");
          return fetchOf(clinic.keepers[place]!.app)(input, init);
        },
      }),
    );
  const clients = clientsBy((place) => !down.has(place));
  const allClients = clientsBy(() => true);

  async function hand(version: number): Promise<DealBody> {
    const secret = deriveDealScalar(patient.seed, 0);
    const body = await makeDeal(clinic, patient, { secret, version });
    const delivery = await distributeDeal({ deployment, keepers: allClients, body });
    if (!delivery.active) throw new Error("the deal is not active");
    return body;
  }
  let deal = await hand(1);

  const tagOf = (scope: string): Hex => deriveTag(patient.seed, scope);
  const epochs = () => epochsFrom(rotations);
  const person = (name: string): TestPerson => people.get(name)!;
  const openerOf = (one: TestPerson): Opener => ({
    address: one.address,
    secret: one.keys.xwingSecret,
    keyHash: one.keyHash,
  });
  const recipientOf = (one: TestPerson): Recipient => ({
    address: one.address,
    publicKey: one.keys.xwingPublicKey,
    keyHash: one.keyHash,
  });
  const nameOf = (address: Address): string =>
    [...people].find(([, one]) => one.address.toLowerCase() === address.toLowerCase())![0];
  const keep = (name: string, scope: string, epoch: number, key: Uint8Array) =>
    void keys.get(name)!.set(`${scope}/${epoch}`, key);

  async function chainStateOf({ terms }: RealConsent) {
    const read = { abi: carekeyAbi, address: chain.carekey } as const;
    const [[grantedAt, revokedAt], revokedBefore] = await Promise.all([
      chain.client.readContract({ ...read, functionName: "stateOf", args: [patient.address, hashTerms(terms)] }),
      chain.client.readContract({ ...read, functionName: "revokedBefore", args: [patient.address] }),
    ]);
    return { grantedAt, revokedAt, revokedBefore };
  }

  /** Every consent with its end as the patient's client reckons it from the chain. */
  async function endedConsents() {
    return Promise.all(
      [...consents.values()].map(async (consent) => ({
        ...consent,
        endedAt: endOf(consent.terms, await chainStateOf(consent), clock.now()),
      })),
    );
  }

  const chart = {
    /** Grants; the reader opens the bundle and keeps the keys. */
    async grant(
      id: string,
      wish: {
        reader: string;
        scopes: readonly string[];
        fromEpoch: number;
        notBefore: number;
        expiresAt: number;
        maxViews: number;
        needsLicence: boolean;
        needsMembership: boolean;
        needsCode: boolean;
      },
    ): Promise<void> {
      const reader = person(wish.reader);
      const terms: ConsentTerms = {
        patient: patient.address,
        grantee: reader.address,
        organisation: wish.needsMembership ? organisation.address : zeroAddress,
        scopes: wish.scopes.map(tagOf),
        fromEpoch: wish.fromEpoch,
        rights: READ,
        notBefore: wish.notBefore,
        expiresAt: wish.expiresAt,
        maxViews: wish.maxViews,
        flags: (wish.needsLicence ? FLAG_LICENSED : 0) | (wish.needsCode ? FLAG_OTP : 0),
        about: { scopes: wish.scopes.join(", "), purpose: "Treatment", salt: random32() },
      };
      const consentId = hashTerms(terms);
      const bundle = await sealBundle({
        chain: chainContext,
        consentId,
        patient: recipientOf(patient),
        grantee: recipientOf(reader),
        granteePart: {
          terms: termsToArray(terms),
          scopes: wish.scopes.map((scope) => ({
            label: scope,
            tag: tagOf(scope),
            keys: epochs()
              .epochsOf(tagOf(scope))
              .filter((epoch) => epoch >= wish.fromEpoch)
              .map((epoch) => ({ epoch, key: deriveScopeKey(patient.seed, scope, epoch) })),
          })),
          wrap: null,
        },
        patientPart: { terms: termsToArray(terms), labels: [], granteeKeyDocument: random32() },
      });
      await send(clinic, patient.account, "grant", [consentId, bundle.digest]);
      const part = await openBundleAsGrantee({
        bytes: bundle.bytes,
        chain: chainContext,
        consentId,
        patient: patient.address,
        grantee: openerOf(reader),
      });
      for (const { label, keys: given } of part.scopes) {
        for (const { epoch, key } of given) keep(wish.reader, label, epoch, key);
      }
      consents.set(id, { terms, grantedAt: clock.now() });
    },

    /** Takes one back on chain. */
    revoke: (id: string) => send(clinic, patient.account, "revoke", [hashTerms(consents.get(id)!.terms)]),

    revokeAll: () => send(clinic, patient.account, "revokeAll", []),

    /** Hands a signed revoke to the keepers that are up; nothing goes on chain. Null revokes all. @returns who took it. */
    async handOver(id: string | null): Promise<boolean[]> {
      const deadline = clock.now() + HOUR;
      const common = { patient: patient.address, deadline };
      const sign = signWith(patient.account);
      let revoke: SignedRevoke;
      if (id === null) {
        const signedAt = clock.now();
        const signature = await sign(revokeAllTypedData({ deployment, patient: patient.address, signedAt, deadline }));
        revoke = { kind: "all", ...common, signedAt, signature };
      } else {
        const consentId = hashTerms(consents.get(id)!.terms);
        const signature = await sign(revokeTypedData({ deployment, patient: patient.address, consentId, deadline }));
        revoke = { kind: "one", ...common, consentId, signature };
      }
      const { accepted } = await submitRevoke({ keepers: clients, revoke });
      return clients.map(({ address }) => accepted.includes(address));
    },

    /** Rotates scopes as the patient's client does: for those whose consent has not ended. */
    async rotate(scopes: readonly string[]): Promise<void> {
      const epoch = epochs().chartEpoch + 1;
      const given = scopes.map((scope) => ({
        tag: tagOf(scope),
        epoch,
        key: deriveScopeKey(patient.seed, scope, epoch),
      }));
      const tagsOf = new Map<string, Set<Hex>>();
      for (const { terms, endedAt } of await endedConsents()) {
        if (endedAt !== null) continue;
        const name = nameOf(terms.grantee);
        tagsOf.set(name, new Set([...(tagsOf.get(name) ?? []), ...terms.scopes]));
      }
      const block = await encodeScopes({
        chain: chainContext,
        epoch,
        patient: recipientOf(patient),
        patientKeys: given,
        grants: [...tagsOf].flatMap(([name, tags]) => {
          const shared = given.filter(({ tag }) => tags.has(tag));
          return shared.length === 0 ? [] : [{ recipient: recipientOf(person(name)), keys: shared }];
        }),
      });
      await send(clinic, patient.account, "note", [block.digest]);
      rotations.push({ digest: block.digest, epoch, tags: scopes.map(tagOf), announcedAt: clock.now() });
      for (const [name, one] of people) {
        const opened = await openScopes({
          bytes: block.bytes,
          chain: chainContext,
          patient: patient.address,
          opener: openerOf(one),
        }).catch((error: unknown) => {
          if (isSdkError(error, "DECRYPTION_FAILED")) return { keys: [] };
          throw error;
        });
        for (const { tag, key } of opened.keys)
          keep(
            name,
            scopes.find((scope) => tagOf(scope) === tag)!,
            epoch,
            key,
          );
      }
    },

    /** Whether the patient's client would rotate a scope before its next wrap. */
    async mustRotate(scope: string): Promise<boolean> {
      const holders = (await endedConsents()).map(({ terms, endedAt }) => ({ tags: terms.scopes, endedAt }));
      return epochs().mustRotate(tagOf(scope), holders);
    },

    /** Adds a record under the scope's newest epoch. */
    async add(id: string, scope: string): Promise<RealRecord> {
      const epoch = epochs().currentOf(tagOf(scope));
      const pointer = random32();
      const dek = new Uint8Array(randomBytes(32));
      const tuple = tupleFor(pointer, scope, epoch);
      const recordKey = deriveRecordKey({
        scopeKey: deriveScopeKey(patient.seed, scope, epoch),
        point: multiplyPoint(deriveDealScalar(patient.seed, 0), tuple),
        tuple,
      });
      const wrap = await sealWrap({ recordKey, dek, tuple });
      await send(clinic, patient.account, "add", [pointer, random32(), `0x${"00".repeat(32)}`]);
      return { id, pointer, scope, epoch, wrap, dek };
    },

    /** A body for one view, the session it is asked in, and the gateway's ticket: for both, for another body, or for another session. */
    async ask(view: {
      by: string;
      consent: string;
      record: RealRecord;
      scope: string;
      epoch: number;
      viewNo: number;
      ticket: TicketKind;
    }): Promise<AskedView> {
      const body = await buildViewBody({
        deployment,
        terms: consents.get(view.consent)!.terms,
        dealVersion: deal.deal.version,
        tag: tagOf(view.scope),
        epoch: view.epoch,
        recordId: view.record.pointer,
        viewNo: view.viewNo,
        reason: "Follow-up",
        patientKey: { publicKey: patient.keys.xwingPublicKey, keyHash: patient.keyHash },
        now: clock.now(),
      });
      const { by, ticket: kind } = view;
      const session = await sessionOf(clinic, person(by));
      if (kind === "none") return { by, body, session, ticket: null };
      const ticketSession = kind === "other session" ? await sessionOf(clinic, person(by)) : session;
      const subject = kind === "other body" ? random32() : hashTicketSubject(body, ticketSession.terms.key);
      const unsigned = { body: subject, otp: true, exp: clock.now() + TICKET_SECONDS };
      const signature = await signWith(testAccount(GATEWAY_ACCOUNT))(ticketTypedData(deployment, unsigned));
      return { by, body, session, ticket: { ...unsigned, signature } };
    },

    /** Sends a body to every keeper as one reader, and tries to open the record with what comes back and what the reader holds. */
    async view(by: string, asked: AskedView & { deal: DealBody }, record: RealRecord): Promise<RealOutcome> {
      const { body, ticket, deal: provedBy } = asked;
      const before = logSizes(clinic);
      const session = by === asked.by ? asked.session : await sessionOf(clinic, person(by));
      const answers = await Promise.all(
        clients.map(async (keeper, place) => {
          const { request, replyKeys } = await buildViewRequest({ body, keeper: keeper.address, session, ticket });
          const sealed = await keeper.view(request).catch((error: unknown) => {
            if (isSdkError(error)) return null;
            throw error;
          });
          if (sealed === null) return null;
          const answer = await openAnswer(deployment, request, replyKeys.secret, sealed);
          const tuple = tupleOf(body);
          const { evaluation, proof } = answer;
          const proved = { commitments: provedBy.commitments, index: place + 1, tuple, evaluation, proof };
          if (!verifyEvaluation(proved)) throw new Error(`keeper ${place} released what is not its share`);
          return { index: place + 1, evaluation, blockNumber: answer.blockNumber };
        }),
      );
      const receipts = logSizes(clinic).map((size, place) => size > before[place]!);
      const released = answers.filter((answer) => answer !== null);
      if (released.length < deployment.threshold) return { opens: false, receipts, isLiveOnChain: false };
      const isLiveOnChain = await chain.client.readContract({
        abi: carekeyAbi,
        address: chain.carekey,
        functionName: "isActive",
        args: [toContractTerms(body.terms!)],
        blockNumber: BigInt(released[0]!.blockNumber),
      });
      const point = combineEvaluations(released.slice(0, deployment.threshold), deployment.threshold);
      return { opens: await opens(by, body, point, record), receipts, isLiveOnChain };
    },

    /** The bodies that each keeper's log holds receipts for, proved under its signed head. */
    async receipts(): Promise<Set<Hex>[]> {
      const session = await sessionOf(clinic, patient);
      const logs = await fetchReceipts({
        deployment,
        keepers: clients,
        session,
        patient: patient.address,
        now: clock.now(),
      });
      return logs.map(({ receipts, problem }) => {
        if (problem !== null) throw problem;
        return new Set(receipts.map(({ receipt }) => receipt.bodyHash));
      });
    },

    async newDeal(): Promise<void> {
      deal = await hand(deal.deal.version + 1);
    },

    stop: (place: number) => void down.add(place),
    resume: (place: number) => void down.delete(place),
    /** Ends a keeper's process and starts another on its folder. */
    restart(place: number): void {
      const { folder, identity, ports } = clinic.keepers[place]!;
      ports.store.close();
      clinic.keepers[place] = startKeeper({ deployment, chain, clock, identity, folder });
    },

    suspend: (name: string) => send(clinic, clinic.registrar, "suspend", [addressOf(name)]),
    restore: (name: string) => send(clinic, clinic.registrar, "restore", [addressOf(name)]),
    attest: (name: string, validUntil: number) =>
      send(clinic, organisation.account, "attestMembership", [person(name).address, validUntil]),
    mine: () => chain.mine(),
    /** The deal that new bodies name. */
    currentDeal: () => deal,
    /** The keys that a reader holds, as `scope/epoch`. */
    keysOf: (name: string) => new Set(keys.get(name)!.keys()),
  };

  function addressOf(name: string): Address {
    return name === "organisation" ? organisation.address : person(name).address;
  }

  function tupleFor(pointer: Hex, scope: string, epoch: number): RecordTuple {
    return { ...chainContext, patient: patient.address, tag: tagOf(scope), epoch, recordId: pointer };
  }

  /** Tries every key that the reader holds. */
  async function opens(by: string, body: ViewBody, point: Uint8Array, record: RealRecord): Promise<boolean> {
    const { tag, epoch, recordId } = body;
    const tuple: RecordTuple = { ...chainContext, patient: patient.address, tag, epoch, recordId };
    for (const scopeKey of keys.get(by)!.values()) {
      try {
        const dek = await openWrap({
          recordKey: deriveRecordKey({ scopeKey, point, tuple }),
          wrap: record.wrap,
          tuple,
        });
        if (equalBytes(dek, record.dek)) return true;
      } catch (error) {
        if (!isSdkError(error, "DECRYPTION_FAILED")) throw error;
      }
    }
    return false;
  }

  return chart;
}

/** A chart for real. */
export type Chart = Awaited<ReturnType<typeof startChart>>;
