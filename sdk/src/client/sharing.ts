/**
 * @module client/sharing
 * Giving and taking back: deals with the keepers, grants, revokes. Every act is signed as typed data that the wallet shows.
 */
import { zeroAddress } from "viem";
import { fromHex, toHex, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import {
  FLAG_LICENSED,
  FLAG_OTP,
  READ,
  WRITE,
  describeTerms,
  grantTypedData,
  hashTerms,
  parseTerms,
  recordOfScope,
  revokeAllTypedData,
  revokeTypedData,
  scopeLabel,
  termsToArray,
  type ConsentTerms,
} from "../consent/index.ts";
import { deriveDealScalar } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { decodeKeyDocument, keyHashOf } from "../identity/index.ts";
import {
  MAX_COUNTED_VIEWS,
  activateDeal,
  buildDeal,
  deliverDeal,
  readDealState,
  submitRevoke,
  type Acknowledgement,
  type DealBody,
  type KeeperKey,
} from "../keeper/index.ts";
import { digestOf, sealBundle } from "../records/index.ts";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8 } from "../bytes.ts";
import { requireCode } from "./codes.ts";
import { contactNames, keepContactName } from "./contacts.ts";
import { ownConsents } from "./consents.ts";
import { ACT_LIFETIME, randomHex32, sendAct, signAct } from "./context.ts";
import { chainContext, readInbox, selfRecipient, sendSealed } from "./inbox.ts";
import { assertRecordRequest, describeShared, sealOneRecord } from "./one-record.ts";
import { assertMember } from "./organisations.ts";
import { loadOwnChart, type OwnChart } from "./own-chart.ts";
import { scopeKeyOf, tagOf } from "./own-keys.ts";
import { personOf, recipientOf, type PinnedKeys } from "./people.ts";
import { pinnedKeys } from "./pins.ts";
import { simulateCall } from "./relay.ts";
import { rotateScopes } from "./rotation.ts";
import type { ActOptions, Carekey, Consent, GrantRequest, Person, PersonProfile, PreparedGrant } from "./types.ts";

/** Whether the keepers hold this person's key shares. `isEarlier`: they answer with those of earlier keys. */
export type KeeperShares = { active: boolean; isEarlier: boolean; acknowledged: number; total: number };

/** Whether the keepers hold this person's key shares. @throws SdkError TOO_FEW_KEEPERS */
export async function dealState(carekey: Carekey, person: Person): Promise<KeeperShares> {
  const state = await readDealState({
    deployment: carekey.deployment,
    keepers: carekey.keepers,
    patient: person.address,
  });
  const active = state.current !== null && state.current.deal.generation === person.generation;
  const isEarlier = state.current !== null && state.current.deal.generation < person.generation;
  return { active, isEarlier, acknowledged: active ? state.holders : 0, total: state.total };
}

/**
 * Deals the second key factor to the keepers: one wallet signature. Needed once before the first grant.
 * @throws SdkError TOO_FEW_KEEPERS with details `{answered, needed, total}` when not all of them take it: try again later.
 */
export async function dealKeys(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<void> {
  await putDealInForce(carekey, await storeDeal(carekey, person, options));
}

/** A deal that keepers store, and their word for it. */
export type StoredDeal = { body: DealBody; acknowledgements: Acknowledgement[] };

/**
 * Hands each keeper its share without putting the deal in force: until then the keepers go on with the one before.
 * @throws SdkError TOO_FEW_KEEPERS when not all of them take it, SIGNATURE_REFUSED
 */
export async function storeDeal(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<StoredDeal> {
  const { deployment, keepers } = carekey;
  options.onStep?.({ kind: "work", label: "Asking the keepers for their keys" });
  const [state, keys] = await Promise.all([
    readDealState({ deployment, keepers, patient: person.address }),
    keeperKeys(carekey),
  ]);
  const body = await buildDeal({
    deployment,
    patient: person.address,
    secret: deriveDealScalar(person.keys.seed, person.generation),
    generation: person.generation,
    version: state.nextVersion,
    threshold: deployment.threshold,
    keepers: keys,
    issuedAt: carekey.now(),
    sign: (typedData) => signAct(carekey, typedData, "Hand each keeper its part of your key", options),
  });
  options.onStep?.({ kind: "work", label: "Handing each keeper its part" });
  const { acknowledgements } = await deliverDeal({ deployment, keepers, body });
  if (acknowledgements.length < deployment.threshold) throw notAllTook(carekey, acknowledgements.length);
  return { body, acknowledgements };
}

/** Puts a stored deal in force. @throws SdkError TOO_FEW_KEEPERS when fewer than t keepers agree: try again later */
export async function putDealInForce(carekey: Carekey, { body, acknowledgements }: StoredDeal): Promise<void> {
  const { deployment, keepers } = carekey;
  const { activatedAt } = await activateDeal({ keepers, deal: body.deal, acknowledgements });
  if (activatedAt.length < deployment.threshold) throw notAllTook(carekey, acknowledgements.length);
}

function notAllTook({ keepers }: Carekey, answered: number): SdkError {
  return new SdkError("TOO_FEW_KEEPERS", "not all keepers took their part", {
    details: { answered, needed: keepers.length, total: keepers.length },
  });
}

/** The keepers' public keys, checked against the chain. @throws SdkError TOO_FEW_KEEPERS, KEY_MISMATCH */
async function keeperKeys(carekey: Carekey): Promise<KeeperKey[]> {
  return Promise.all(
    carekey.keepers.map(async (keeper) => {
      const [bytes, identity] = await Promise.all([keeper.keyDocument(), carekey.chain.identityOf(keeper.address)]);
      const document = decodeKeyDocument(bytes);
      const keyHash = keyHashOf(digestOf(bytes));
      if (keyHash !== identity.keyHash.toLowerCase() || identity.role !== 4) {
        throw new SdkError("KEY_MISMATCH", "a keeper's key is not the one on the chain", {
          details: { address: keeper.address },
        });
      }
      return { address: keeper.address, publicKey: document.xwingPublicKey, keyHash };
    }),
  );
}

/**
 * Turns what a person wants to share into terms and into the paragraph to read before signing. Nothing is sent.
 * @throws SdkError NOT_VERIFIED when the grantee has no current licence or membership; KEY_MISMATCH, KEY_CHANGED; INVALID_ARGUMENT,
 * MALFORMED for impossible terms
 */
export async function prepareGrant(carekey: Carekey, person: Person, request: GrantRequest): Promise<PreparedGrant> {
  const pins = await pinnedKeys(carekey, person);
  await recipientOf(carekey, request.grantee, pins);
  const grantee = await granteeOf(carekey, request, pins);
  const organisation =
    request.organisation === undefined
      ? null
      : await assertMember(carekey, request.organisation, request.grantee, pins);
  if (request.record !== undefined) assertRecordRequest(request);
  if ((request.maxViews ?? 0) > MAX_COUNTED_VIEWS) {
    throw new SdkError("INVALID_ARGUMENT", `maxViews: at most ${MAX_COUNTED_VIEWS}`);
  }
  const now = carekey.now();
  // A window that starts now starts at the earlier of two clocks, so that neither the chain nor a keeper finds it too early.
  const notBefore = request.notBefore ?? Math.min(now, (await carekey.chain.block()).timestamp);
  const licensed = grantee.identity.role === 2 ? FLAG_LICENSED : 0;
  const common = {
    patient: person.address,
    grantee: request.grantee,
    organisation: request.organisation ?? zeroAddress,
    notBefore,
    expiresAt: request.expiresAt,
  };
  const about = () => ({ purpose: request.purpose, salt: randomHex32() });
  const terms: ConsentTerms[] = [];
  const shared = describeShared(request);
  if (request.rights.includes("read")) {
    const fromEpoch = request.fromNow === true ? (await loadOwnChart(carekey, person)).epochs.chartEpoch + 1 : 0;
    terms.push(
      parseTerms({
        ...common,
        scopes: shared.scopes.map((scope) => tagOf(person, scope)),
        fromEpoch,
        rights: READ,
        maxViews: request.maxViews ?? 0,
        flags: licensed | (request.asksForCode === true ? FLAG_OTP : 0),
        about: { scopes: shared.words, ...about() },
      }),
    );
  }
  if (request.rights.includes("write")) {
    terms.push(
      parseTerms({
        ...common,
        scopes: [],
        fromEpoch: 0,
        rights: WRITE,
        maxViews: 0,
        flags: FLAG_LICENSED,
        about: { scopes: "", ...about() },
      }),
    );
  }
  const names = { granteeName: grantee.name, ...(organisation !== null && { organisationName: organisation.name }) };
  const paragraph = terms.map((each) => describeTerms(each, { ...names, now })).join(" ");
  return { request, grantee, scopes: shared.scopes, terms, paragraph };
}

/** The person who gets the consent, under the name that the patient gave where nobody vouches for one. */
async function granteeOf(carekey: Carekey, request: GrantRequest, pins: PinnedKeys): Promise<PersonProfile> {
  const profile = await personOf(carekey, request.grantee, pins);
  const { role } = profile.identity;
  if (role === 1) return request.granteeName === "" ? profile : { ...profile, name: request.granteeName };
  if (profile.verified) return profile;
  throw new SdkError("NOT_VERIFIED", "nobody vouches for this clinician or organisation now", {
    details: { address: request.grantee },
  });
}

/**
 * Gives the prepared consents; who turned one-time codes on has entered one before. "From now on" rotates the scopes first; without a
 * deal the keepers get one first.
 * For each consent: one signature of typed data, which the gateway sends and pays for. A refused prompt leaves earlier consents of
 * the pair standing.
 * options.requestId: the request that this answers, so that the clinician sees it granted.
 * @throws SdkError OTP_REQUIRED, SIGNATURE_REFUSED, KEY_MISMATCH, KEY_CHANGED, TOO_FEW_KEEPERS, KEYS_CHANGING, CONTRACT_REVERTED …
 */
export async function grantConsent(
  carekey: Carekey,
  person: Person,
  prepared: PreparedGrant,
  options: ActOptions & { requestId?: Hex; patientName?: string } = {},
): Promise<Hex[]> {
  const { request } = prepared;
  await requireCode(carekey, "approval");
  const reads = prepared.terms.some(({ rights }) => rights === READ);
  if (reads) await dealBeforeGrant(carekey, person, options);
  const rotates = reads && request.fromNow === true;
  const chart = rotates
    ? await rotateScopes(carekey, person, request.scopes, options)
    : await loadOwnChart(carekey, person);
  const pins = await pinnedKeys(carekey, person);
  const recipient = await recipientOf(carekey, request.grantee, pins);
  if (prepared.grantee.identity.role === 1) await keepContactName(carekey, person, prepared.grantee);
  const ids: Hex[] = [];
  for (const terms of prepared.terms) {
    const consentId = hashTerms(terms);
    const scopes = terms.rights === READ ? prepared.scopes : [];
    const one = scopes.length === 1 ? await sealOneRecord(carekey, person, chart, scopes[0]!) : null;
    const bundle = await sealBundle({
      chain: chainContext(carekey),
      consentId,
      patient: selfRecipient(person),
      grantee: recipient,
      granteePart: {
        terms: termsToArray(terms),
        scopes: one?.scopes ?? scopes.map((scope) => bundleScope(person, chart, scope, terms.fromEpoch)),
        wrap: one?.wrap ?? null,
      },
      patientPart: {
        terms: termsToArray(terms),
        labels: scopes.map((scope) => ({ tag: tagOf(person, scope), label: scope })),
        granteeKeyDocument: recipient.keyDocumentDigest,
      },
    });
    await carekey.ipfs.putRaw(bundle.bytes, { pinName: bundle.digest });
    await sendGrant(carekey, person, terms, bundle.digest, options);
    ids.push(consentId);
    options.onStep?.({ kind: "work", label: `Telling ${prepared.grantee.name}` });
    await sendSealed(carekey, person, recipient, {
      kind: "grant",
      id: grantMessageId(consentId),
      body: grantBody(consentId, bundle.digest, options),
      // What is given together is told once.
      quiet: ids.length > 1,
    });
  }
  return ids;
}

async function dealBeforeGrant(carekey: Carekey, person: Person, options: ActOptions): Promise<void> {
  const { active, isEarlier } = await dealState(carekey, person);
  // A deal in force before the records are wrapped anew would shut out everybody who reads now.
  if (isEarlier) throw new SdkError("KEYS_CHANGING", "the keepers still answer with this person's earlier keys");
  if (!active) await dealKeys(carekey, person, options);
}

function bundleScope(person: Person, chart: OwnChart, scope: string, fromEpoch: number) {
  const tag = tagOf(person, scope);
  const epochs = chart.epochs.epochsOf(tag).filter((epoch) => epoch >= fromEpoch);
  return {
    label: scopeLabel(scope),
    tag,
    keys: epochs.map((epoch) => ({ epoch, key: scopeKeyOf(person, scope, epoch) })),
  };
}

async function sendGrant(
  carekey: Carekey,
  person: Person,
  terms: ConsentTerms,
  bundle: Hex,
  options: ActOptions,
): Promise<void> {
  await simulateCall(carekey, { contract: "carekey", functionName: "grant", args: [hashTerms(terms), bundle] });
  const signedAt = (await carekey.chain.block()).timestamp;
  const deadline = Math.max(signedAt, carekey.now()) + ACT_LIFETIME;
  const what = terms.rights === READ ? "Sign what this person may read" : "Sign that this person may add entries";
  const signature = await signAct(
    carekey,
    grantTypedData({ deployment: carekey.deployment, terms, bundle, signedAt, deadline }),
    what,
    options,
  );
  await sendAct(
    carekey,
    "grantBySig",
    [person.address, hashTerms(terms), bundle, signedAt, deadline, signature],
    "Make it hold on the network",
    options,
  );
}

/** The id of a grant's message: sending it again is no second message. */
function grantMessageId(consentId: Hex): Uint8Array {
  return sha256(concatBytes(utf8("carekey/grant-message/v1"), fromHex(consentId))).slice(0, 16);
}

function grantBody(consentId: Hex, bundle: Hex, options: { requestId?: Hex; patientName?: string }): CborValue {
  return {
    consentId: fromHex(consentId),
    bundle: fromHex(bundle),
    requestId: options.requestId === undefined ? null : fromHex(options.requestId),
    patientName: options.patientName ?? null,
  };
}

/** Everything this patient shares or shared, newest first. @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN */
export async function listConsents(carekey: Carekey, person: Person): Promise<Consent[]> {
  const [{ consents }, messages] = await Promise.all([ownConsents(carekey, person), readInbox(carekey, person)]);
  const pins = await pinnedKeys(carekey, person, { consents, messages });
  const named = contactNames(messages, person);
  const concerned = consents.flatMap(({ terms }) => [terms.grantee, terms.organisation]);
  const profiles = new Map(
    await Promise.all(
      [...new Set(concerned)]
        .filter((address) => address !== zeroAddress)
        .map(async (address) => [address, named(await personOf(carekey, address, pins))] as const),
    ),
  );
  return consents.map((consent) => {
    const scopes = consent.labels.map(({ label }) => label);
    return {
      id: consent.id,
      terms: consent.terms,
      status: consent.status,
      grantedAt: consent.grantedAt,
      revokedAt: consent.status === "revoked" ? consent.endedAt : null,
      grantee: profiles.get(consent.terms.grantee)!,
      scopes,
      scopeLabels: scopes.map(scopeLabel),
      record: scopes.length === 1 ? recordOfScope(scopes[0]!) : null,
      organisation: profiles.get(consent.terms.organisation) ?? null,
    };
  });
}

/** Ids of consents whose description is gone: they can still be taken back. */
export async function listUnreadableConsents(
  carekey: Carekey,
  person: Person,
): Promise<{ id: Hex; grantedAt: number }[]> {
  const { unreadable } = await ownConsents(carekey, person);
  return unreadable
    .filter(({ state }) => state.revokedAt === 0 && state.grantedAt > state.revokedBefore)
    .map(({ id, grantedAt }) => ({ id, grantedAt }));
}

/**
 * Takes one consent back. The signed revoke goes to the keepers first, who honour it at once, then onto the chain.
 * @throws SdkError SIGNATURE_REFUSED (nothing changed), STOPPED_AT_KEEPERS (only the chain is missing: do it again), CONTRACT_REVERTED,
 * or as sendAct when no keeper was told
 */
export async function revokeConsent(
  carekey: Carekey,
  person: Person,
  consentId: Hex,
  options: ActOptions = {},
): Promise<{ keepersTold: number }> {
  const deadline = carekey.now() + ACT_LIFETIME;
  const { deployment } = carekey;
  const signature = await signAct(
    carekey,
    revokeTypedData({ deployment, patient: person.address, consentId, deadline }),
    "Sign that you stop sharing",
    options,
  );
  options.onStep?.({ kind: "work", label: "Telling the keepers" });
  const revoke = { kind: "one", patient: person.address, consentId, deadline, signature } as const;
  const { accepted } = await submitRevoke({ keepers: carekey.keepers, revoke });
  const args = [person.address, consentId, deadline, signature] as const;
  await afterKeepers(carekey, accepted.length, () =>
    sendAct(carekey, "revokeBySig", args, "Make it hold on the network", options),
  );
  return { keepersTold: accepted.length };
}

/** Takes back everything granted so far. @throws SdkError as revokeConsent */
export async function revokeAllConsents(
  carekey: Carekey,
  person: Person,
  options: ActOptions = {},
): Promise<{ keepersTold: number }> {
  const { deployment } = carekey;
  const signedAt = (await carekey.chain.block()).timestamp;
  const deadline = Math.max(signedAt, carekey.now()) + ACT_LIFETIME;
  const signature = await signAct(
    carekey,
    revokeAllTypedData({ deployment, patient: person.address, signedAt, deadline }),
    "Sign that you stop sharing with everybody",
    options,
  );
  options.onStep?.({ kind: "work", label: "Telling the keepers" });
  const revoke = { kind: "all", patient: person.address, signedAt, deadline, signature } as const;
  const { accepted } = await submitRevoke({ keepers: carekey.keepers, revoke });
  const args = [person.address, signedAt, deadline, signature] as const;
  await afterKeepers(carekey, accepted.length, () =>
    sendAct(carekey, "revokeAllBySig", args, "Make it hold on the network", options),
  );
  return { keepersTold: accepted.length };
}

/** Puts on the chain what keepers honour already. What fails then is no longer "nothing has changed", and must not be called so. */
async function afterKeepers({ keepers }: Carekey, keepersTold: number, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    // A revert says that the chain has ended it already, or never knew it.
    if (keepersTold === 0 || !isSdkError(error) || error.code === "CONTRACT_REVERTED") throw error;
    throw new SdkError("STOPPED_AT_KEEPERS", "keepers honour the revoke, and it is not on the chain yet", {
      cause: error,
      details: { keepersTold, total: keepers.length, reason: error.code },
    });
  }
}

/** A consent id as a message body field. */
export function hexField(value: CborValue | undefined, length = 32): Hex {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new SdkError("MALFORMED", "message: a field is missing");
  return toHex(value);
}
