/**
 * @module client/shared
 * Reading what a patient shared: grants received, the chart as far as they reach, and one record at a time through the keepers.
 */
import type { Address, Hex } from "../bytes.ts";
import type { ChartEntry } from "../chart/index.ts";
import { READ, SCOPES, consentStatus, hashTerms, termsFromArray } from "../consent/index.ts";
import { deriveRecordKey, openWrap, type RecordTuple } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import type { CodeEntry } from "../gateway/index.ts";
import { buildViewBody, fetchDeal, requestView, type SignedDeal, type ViewResult } from "../keeper/index.ts";
import {
  decodeWraps,
  findWrap,
  openBundleAsGrantee,
  openRecordBlock,
  openScopes,
  type BundleWrap,
  type GranteePart,
  type Wraps,
} from "../records/index.ts";
import { blockTypeOf, readBlock, readBlockOrNull } from "./blocks.ts";
import { loadChart, timeOfBlock, type LoadedChart } from "./charts.ts";
import { ticketFor } from "./codes.ts";
import { contentStream } from "./content.ts";
import { chainContext, parseMessages, readInbox } from "./inbox.ts";
import { keptFor } from "./kept.ts";
import { accountOfEntry, carriedEntries, earlierAccounts } from "./line.ts";
import { assertAuthored, byGeneration, readWraps } from "./own-chart.ts";
import { openAsPerson } from "./own-keys.ts";
import { personOf, recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { hexField } from "./sharing.ts";
import { countViewsLeft, createViewNumbers, readUsedNumbers, refusersOf, type ViewNumber } from "./view-numbers.ts";
import type {
  ActOptions,
  Carekey,
  OpenedRecord,
  Person,
  ReceivedGrant,
  SharedChart,
  SharedItem,
  ViewSession,
} from "./types.ts";

/** Most numbers that one view tries when other tabs of the same reader take them first. */
const MAX_NUMBERS_TRIED = 8;

const partsReadBy = keptFor<Person, Map<Hex, GranteePart>>(() => new Map());

/**
 * The consents that this person received, newest first, with their state on chain.
 * @throws SdkError NOT_SIGNED_IN, GATEWAY_UNAVAILABLE, IPFS_UNAVAILABLE, CHAIN_UNAVAILABLE
 */
export async function listGrants(carekey: Carekey, person: Person): Promise<ReceivedGrant[]> {
  const messages = parseMessages(await readInbox(carekey, person), "grant", (body) => ({
    consentId: hexField(body["consentId"]),
    bundle: hexField(body["bundle"]),
    patientName: typeof body["patientName"] === "string" ? body["patientName"].slice(0, 100) : null,
  }));
  // A name once told holds for grants that came without one.
  const names = new Map<Address, string>();
  for (const { message, body } of messages) {
    if (body.patientName !== null) names.set(message.sender, body.patientName);
  }
  const described = await Promise.all(
    messages.map(async ({ message, body }) => {
      const part = await granteePart(carekey, person, message.sender, body.consentId, body.bundle);
      if (part === null) return null;
      const name = body.patientName ?? names.get(message.sender) ?? null;
      return describeGrant(carekey, body.consentId, message.sender, part, name, message.sentAt);
    }),
  );
  const grants = new Map<Hex, ReceivedGrant>();
  for (const grant of described) if (grant !== null) grants.set(grant.id, grant);
  return [...grants.values()].reverse();
}

async function granteePart(
  carekey: Carekey,
  person: Person,
  patient: Address,
  consentId: Hex,
  bundle: Hex,
): Promise<GranteePart | null> {
  const known = partsReadBy(person);
  const cached = known.get(consentId);
  if (cached !== undefined) return cached;
  const bytes = await readBlockOrNull(carekey, bundle);
  if (bytes === null) return null;
  try {
    const chain = chainContext(carekey);
    const { opened } = await openAsPerson(person, (grantee) =>
      openBundleAsGrantee({ bytes, chain, consentId, patient, grantee }),
    );
    known.set(consentId, opened);
    return opened;
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}

async function describeGrant(
  carekey: Carekey,
  consentId: Hex,
  sender: Address,
  part: GranteePart,
  patientName: string | null,
  receivedAt: number,
): Promise<ReceivedGrant | null> {
  const terms = termsFromArray(part.terms);
  if (hashTerms(terms) !== consentId || !sameAddress(terms.patient, sender)) return null;
  const state = await carekey.chain.consentState(terms.patient, consentId);
  return {
    id: consentId,
    patient: terms.patient,
    patientName: patientName ?? (await personOf(carekey, terms.patient)).name,
    terms,
    status: consentStatus(terms, state, carekey.now()),
    grantedAt: state.grantedAt,
    revokedAt: state.revokedAt > 0 ? state.revokedAt : null,
    scopes: part.scopes.map(({ label, tag, keys }) => ({
      label,
      tag,
      keys: keys.map(({ epoch, key }) => ({ epoch, scopeKey: key })),
    })),
    record: part.wrap,
    receivedAt,
  };
}

/** Scope keys that rotations handed to this reader, by tag. */
async function rotatedKeys(
  carekey: Carekey,
  person: Person,
  patient: Address,
  notes: readonly Uint8Array[],
): Promise<Map<Hex, { epoch: number; scopeKey: Uint8Array }[]>> {
  const keysByTag = new Map<Hex, { epoch: number; scopeKey: Uint8Array }[]>();
  for (const bytes of notes) {
    if (blockTypeOf(bytes) !== "scopes") continue;
    try {
      const chain = chainContext(carekey);
      const { opened } = await openAsPerson(person, (opener) => openScopes({ bytes, chain, patient, opener }));
      for (const { tag, epoch, key } of opened.keys) {
        keysByTag.set(tag, [...(keysByTag.get(tag) ?? []), { epoch, scopeKey: key }]);
      }
    } catch (error) {
      if (!isSdkError(error)) throw error;
    }
  }
  return keysByTag;
}

/**
 * A patient's chart as far as this person's consents reach. Opens no record and asks no keeper for a key.
 * @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function readSharedChart(carekey: Carekey, person: Person, patient: Address): Promise<SharedChart> {
  const [loaded, received, carried, earlier, successor] = await Promise.all([
    loadChart(carekey, patient),
    listGrants(carekey, person),
    carriedEntries(carekey, patient),
    earlierAccounts(carekey, patient),
    carekey.chain.succession.successorOf(patient),
  ]);
  const own = received.filter((grant) => sameAddress(grant.patient, patient) && grant.terms.rights === READ);
  const notes = (await Promise.all(loaded.replayed.notes.map(({ digest }) => readBlockOrNull(carekey, digest)))).filter(
    (bytes) => bytes !== null,
  );
  const [wraps, rotated] = await Promise.all([
    readAllWraps(carekey, loaded, notes),
    rotatedKeys(carekey, person, patient, notes),
  ]);
  const grants = own.map((grant) => ({
    ...grant,
    scopes: grant.scopes.map((scope) => ({ ...scope, keys: [...scope.keys, ...(rotated.get(scope.tag) ?? [])] })),
  }));
  const items: SharedItem[] = [];
  const approved = [
    ...carried.map(({ entry }) => entry),
    ...loaded.replayed.entries.filter(({ status }) => status === "approved"),
  ];
  for (const entry of approved) {
    const item = findShared(grants, wraps, entry.pointer);
    if (item === null) continue;
    items.push({ entry, recordedAt: await timeOfBlock(carekey, entry.blockNumber), ...item });
  }
  const submitted = loaded.replayed.entries.filter(
    ({ kind, author }) => kind === "submit" && sameAddress(author, person.address),
  );
  const ownEntries = await Promise.all(
    submitted.map(async (entry) => ({ entry, recordedAt: await timeOfBlock(carekey, entry.blockNumber) })),
  );
  return {
    chart: loaded.chart,
    items: items.reverse(),
    ownEntries: ownEntries.reverse(),
    hiddenCount: approved.length - items.length,
    earlierAccounts: earlier,
    successor,
  };
}

/** Every wraps block that a chart names, those of `notes` and those of its adds and approvals, the newest generation last. */
export async function readAllWraps(
  carekey: Carekey,
  loaded: LoadedChart,
  notes: readonly Uint8Array[],
): Promise<Wraps[]> {
  const announced = notes.filter((bytes) => blockTypeOf(bytes) === "wraps").map((bytes) => decodeWraps(bytes));
  return byGeneration([...announced, ...(await readWraps(carekey, loaded))]);
}

/** The grant under which a record can be asked for: preferably an active one, and of these one that counts no views. */
function findShared(
  grants: readonly ReceivedGrant[],
  wraps: readonly Wraps[],
  recordId: Hex,
): Omit<SharedItem, "entry" | "recordedAt"> | null {
  const worth = ({ status, terms }: ReceivedGrant) => (status === "active" ? 2 : 0) + (terms.maxViews === 0 ? 1 : 0);
  for (const grant of grants.toSorted((left, right) => worth(right) - worth(left))) {
    const one = grant.record?.recordId === recordId.toLowerCase() ? grant.record : null;
    const [scope] = grant.scopes;
    if (one !== null && scope !== undefined) {
      const { label, tag } = scope;
      return { grant, scopeLabel: label, tag, epoch: one.epoch, wraps: wrapsOfOneRecord(wraps, tag, one) };
    }
    for (const { label, tag, keys } of grant.scopes) {
      const epochs = keys.map(({ epoch }) => epoch).filter((epoch) => epoch >= grant.terms.fromEpoch);
      for (const block of [...wraps].reverse()) {
        const found = findWrap(block, { tag, recordId, epochs });
        if (found === null) continue;
        const { epoch } = found;
        return { grant, scopeLabel: label, tag, epoch, wraps: wrapsOf(wraps, { tag, recordId, epoch }) };
      }
    }
  }
  return null;
}

/** The newest wrap of each generation of the patient's keys, the newest generation first. A record keeps its epoch across them. */
export function wrapsOf(
  blocks: readonly Wraps[],
  { tag, recordId, epoch }: { tag: Hex; recordId: Hex; epoch: number },
): SharedItem["wraps"] {
  const wraps = new Map<number, Uint8Array>();
  for (const block of blocks.toReversed()) {
    const found = findWrap(block, { tag, recordId, epochs: [epoch] });
    if (found !== null && !wraps.has(block.generation)) wraps.set(block.generation, found.wrap);
  }
  return [...wraps].map(([generation, wrap]) => ({ generation, epoch, wrap }));
}

/** The wrap that came with the consent, and those that the patient made after changes of keys: the epoch is the generation. */
function wrapsOfOneRecord(
  blocks: readonly Wraps[],
  tag: Hex,
  { recordId, epoch, wrap }: BundleWrap,
): SharedItem["wraps"] {
  const later = blocks.toReversed().flatMap((block) => {
    const found = findWrap(block, { tag, recordId, epochs: [block.generation] });
    return found === null ? [] : [{ generation: block.generation, ...found }];
  });
  return [...later, { generation: epoch, epoch, wrap }];
}

const dealsReadBy = keptFor<Carekey, Map<Address, SignedDeal>>(() => new Map());

/** The patient's current deal, as the keepers hold it. @param isRetry - reads it anew. @throws SdkError NO_DEAL, TOO_FEW_KEEPERS */
export async function dealOf(carekey: Carekey, patient: Address, isRetry: boolean): Promise<SignedDeal> {
  const known = dealsReadBy(carekey);
  const cached = isRetry ? undefined : known.get(patient);
  if (cached !== undefined) return cached;
  const deal = await fetchDeal({
    deployment: carekey.deployment,
    keepers: carekey.keepers,
    patient,
    verifySignature: ({ account, digest, signature }) =>
      carekey.chain.publicClient.verifyHash({ address: account, hash: digest, signature }),
  });
  known.set(patient, deal);
  return deal;
}

/** A record whose key is known, its author checked. @throws SdkError DECRYPTION_FAILED, SIGNATURE_INVALID, NOT_FOUND, IPFS_UNAVAILABLE */
export async function openWithDek(
  carekey: Carekey,
  patient: Address,
  entry: ChartEntry,
  dek: Uint8Array,
): Promise<Pick<OpenedRecord, "entry" | "manifest" | "content">> {
  const manifest = openRecordBlock({ bytes: await readBlock(carekey, entry.pointer), dek });
  await assertAuthored(carekey, await accountOfEntry(carekey, patient, entry), entry, manifest);
  return { entry, manifest, content: (options) => contentStream(carekey, manifest, dek, options) };
}

/**
 * Opens one shared record: t keepers each check the consent on chain and write a receipt before they answer.
 * view.reason: why; sealed to the patient, at most about 1,000 characters. view.code: a one-time code, when the consent asks for
 * one and none was entered in the last minutes.
 * @throws SdkError OTP_REQUIRED, OTP_WRONG, OTP_LOCKED, OTP_OFF; NO_CONSENT, CONSENT_REVOKED, CONSENT_EXPIRED, NOT_IN_SCOPE, NOT_VERIFIED, VIEW_LIMIT_REACHED, TOO_FEW_KEEPERS,
 * HEADS_DISAGREE, NO_DEAL, DECRYPTION_FAILED, SIGNATURE_INVALID
 */
export async function openSharedRecord(
  carekey: Carekey,
  person: Person,
  view: { item: SharedItem; reason: string; session: ViewSession; code?: CodeEntry | undefined },
  options: ActOptions = {},
): Promise<OpenedRecord> {
  const { item, reason, session } = view;
  let { code } = view;
  const { patient } = item.grant;
  const recipient = await recipientOf(carekey, patient, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  options.onStep?.({ kind: "work", label: "Asking the keepers" });
  const { answer, viewsLeft } = await takeView();
  options.onStep?.({ kind: "work", label: "Opening the record" });
  const tuple: RecordTuple = {
    chainId: carekey.deployment.chainId,
    contract: carekey.deployment.carekey,
    patient,
    tag: item.tag,
    epoch: answer.epoch,
    recordId: item.entry.pointer,
  };
  const dek = await openSharedWrap(item, answer.wrap, answer.point, tuple);
  return {
    ...(await openWithDek(carekey, patient, item.entry, dek)),
    scope: SCOPES.find(({ label }) => label === item.scopeLabel)?.name ?? null,
    keepers: answer.answers.map(({ keeper }) => keeper),
    viewsLeft,
  };

  /** Asks under the next free number when the consent has a limit; one that another tab took meanwhile is not tried again. */
  async function takeView(): Promise<{ answer: ViewAnswer; viewsLeft: number | null }> {
    const { terms } = item.grant;
    if (terms.maxViews === 0) return { answer: await askFromDeal(null), viewsLeft: null };
    const numbers = await createViewNumbers(carekey, { terms, recordId: item.entry.pointer, session });
    for (let attempt = 1; ; attempt++) {
      const number = numbers.next();
      try {
        const answer = await askFromDeal(number);
        return { answer, viewsLeft: numbers.leftAfter(number.viewNo) };
      } catch (error) {
        const refusers = refusersOf(error);
        if (refusers.length === 0 || attempt === MAX_NUMBERS_TRIED) throw error;
        for (const keeper of refusers) numbers.refuse(keeper, number.viewNo);
      }
    }
  }

  async function askFromDeal(number: ViewNumber | null): Promise<ViewAnswer> {
    try {
      return await askKeepers(number, false);
    } catch (error) {
      // The patient may have dealt anew since this tab read the deal.
      if (isSdkError(error, "NO_DEAL")) return askKeepers(number, true);
      // The chart grew while the keepers were asked, and they are to be asked again: a ticket is good for one answer of each.
      if (isSdkError(error, "OTP_REQUIRED") && error.details["reason"] === "ticket-used")
        return askKeepers(number, false);
      throw error;
    }
  }

  async function askKeepers(number: ViewNumber | null, isRetry: boolean): Promise<ViewAnswer> {
    const deal = await dealOf(carekey, patient, isRetry);
    // Keepers answer with the keys of the deal's generation: only the wrap made with these will open.
    const chosen = item.wraps.find(({ generation }) => generation === deal.deal.generation);
    if (chosen === undefined) throw new SdkError("NO_DEAL", "the keepers do not hold the keys of this record yet");
    const body = await buildViewBody({
      deployment: carekey.deployment,
      terms: item.grant.terms,
      dealVersion: deal.deal.version,
      tag: item.tag,
      epoch: chosen.epoch,
      recordId: item.entry.pointer,
      viewNo: number?.viewNo ?? 0,
      reason,
      patientKey: { publicKey: recipient.publicKey, keyHash: recipient.keyHash },
      now: carekey.now(),
    });
    const ticket = await ticketFor(carekey, { body, session, entry: code });
    // A code works once. Should this view need another body, the gateway remembers that one was entered.
    code = undefined;
    const result = await requestView({
      deployment: carekey.deployment,
      keepers:
        number === null ? carekey.keepers : carekey.keepers.filter(({ address }) => number.keepers.includes(address)),
      deal,
      body,
      session,
      ticket,
      verifySignature: ({ account, digest, signature }) =>
        carekey.chain.publicClient.verifyHash({ address: account, hash: digest, signature }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return { ...result, wrap: chosen.wrap, epoch: chosen.epoch };
  }
}

/**
 * How many times the reader may still open something under a consent; null when it has no limit.
 * @param session - the reader's, or the patient's own.
 * @throws SdkError TOO_FEW_KEEPERS, EXPIRED when the session is over
 */
export async function viewsLeftUnder(
  carekey: Carekey,
  grant: Pick<ReceivedGrant, "terms">,
  session: ViewSession,
): Promise<number | null> {
  const { maxViews } = grant.terms;
  if (maxViews === 0) return null;
  const used = await readUsedNumbers(carekey, grant.terms, session);
  return countViewsLeft(used, maxViews, carekey.deployment.threshold);
}

/** What the keepers answered, and the wrap that it opens, with its epoch. */
type ViewAnswer = ViewResult & { wrap: Uint8Array; epoch: number };

/** Opens a wrap with the scope keys that this reader holds for its epoch: one per generation of the patient's keys, the newest first. */
async function openSharedWrap(
  item: SharedItem,
  wrap: Uint8Array,
  point: Uint8Array,
  tuple: RecordTuple,
): Promise<Uint8Array> {
  const held = item.grant.scopes.filter(({ tag }) => tag === item.tag).flatMap(({ keys }) => keys);
  const keys = held.filter(({ epoch }) => epoch === tuple.epoch).toReversed();
  let failure: unknown = new SdkError("NOT_IN_SCOPE", "this consent does not cover the record");
  for (const { scopeKey } of keys) {
    try {
      return await openWrap({ recordKey: deriveRecordKey({ scopeKey, point, tuple }), wrap, tuple });
    } catch (error) {
      if (!isSdkError(error, "DECRYPTION_FAILED")) throw error;
      failure = error;
    }
  }
  throw failure;
}
