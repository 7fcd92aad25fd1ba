/**
 * @module test/histories/model
 * What must open, said a second time and in the simplest way: plain data about one patient's chart, and one question, does this view
 * open? Knows no chain, no cipher and no server, so that it can be wrong only where the rules themselves are.
 */

/** Keepers are known by their place, from 0. */
export const KEEPERS = 3;
/** How many of them must answer. */
export const THRESHOLD = 2;
/** A replaced deal is answered for so long, seconds. */
const PREVIOUS_DEAL_SECONDS = 7 * 86_400;
/** How long a view number opens its own record again, seconds. */
const OPENING_SECONDS = 600;
/** How far a request may be dated ahead, seconds. */
const TOLERANCE_SECONDS = 30;

/** One consent to read. Times in seconds. */
export type ModelConsent = {
  reader: string;
  scopes: readonly string[];
  fromEpoch: number;
  notBefore: number;
  expiresAt: number;
  /** 0 = no limit. */
  maxViews: number;
  needsLicence: boolean;
  needsMembership: boolean;
  needsCode: boolean;
  grantedAt: number;
  /** null while the chain knows of no revoke. */
  revokedAt: number | null;
};

/** What one keeper remembers. */
type ModelKeeper = {
  isUp: boolean;
  /** Consents whose signed revoke was handed over. */
  revoked: Set<string>;
  /** Grants up to this second were revoked by a handed-over revoke of all. */
  revokedBefore: number;
  /** By `consent/view number`: the record it opened, and when first, in seconds. */
  viewNumbers: Map<string, { record: string; openedAt: number }>;
  /** Bodies it has written a receipt for. */
  bodies: Set<string>;
};

/** One record, as it is wrapped. */
export type ModelRecord = { id: string; scope: string; epoch: number };

/** One attempt to open a record. */
export type ModelView = {
  /** Names the request's body: the same again is a repeat. */
  body: string;
  /** Who signs the request. */
  by: string;
  consent: string;
  record: ModelRecord;
  /** The scope and epoch that are asked for, right or wrong. */
  scope: string;
  epoch: number;
  viewNo: number;
  /** Whether the gateway's word for this very body in its maker's session is with it. */
  hasTicket: boolean;
  dealVersion: number;
  at: number;
  exp: number;
};

/** Everything that decides. */
export type Model = {
  /** The clock of people and keepers, seconds. */
  clock: number;
  /** Time of the newest block, seconds. */
  blockTime: number;
  consents: Map<string, ModelConsent>;
  /** What the chain holds for the patient's last revoke of all. */
  revokedBefore: number;
  keepers: ModelKeeper[];
  /** People with a current licence that is not suspended. */
  licensed: Set<string>;
  isOrganisationVerified: boolean;
  /** Until when somebody belongs to the organisation, seconds. */
  memberUntil: Map<string, number>;
  /** Highest epoch of the chart. */
  chartEpoch: number;
  /** Epochs of each scope, ascending. */
  epochs: Map<string, number[]>;
  records: ModelRecord[];
  /** `scope/epoch` of every scope key that a person was ever given. */
  keysOf: Map<string, Set<string>>;
  deal: { version: number; replacedAt: number };
};

/** The model of a chart with these scopes and readers, before anything happened. */
export function newModel(clock: number, scopes: readonly string[], readers: readonly string[]): Model {
  return {
    clock,
    blockTime: clock,
    consents: new Map<string, ModelConsent>(),
    revokedBefore: 0,
    keepers: Array.from({ length: KEEPERS }, () => ({
      isUp: true,
      revoked: new Set<string>(),
      revokedBefore: 0,
      viewNumbers: new Map<string, { record: string; openedAt: number }>(),
      bodies: new Set<string>(),
    })),
    licensed: new Set<string>(),
    isOrganisationVerified: true,
    memberUntil: new Map<string, number>(),
    chartEpoch: 0,
    epochs: new Map(scopes.map((scope) => [scope, [0]])),
    records: [],
    keysOf: new Map(readers.map((reader) => [reader, new Set<string>()])),
    deal: { version: 1, replacedAt: 0 },
  };
}

/** When the chain says a consent ended, seconds; null while it stands or has not begun. */
export function endOfConsent(model: Model, consent: ModelConsent): number | null {
  const ends = [
    ...(consent.revokedAt === null ? [] : [consent.revokedAt]),
    ...(consent.grantedAt <= model.revokedBefore ? [model.revokedBefore] : []),
    ...(model.clock >= consent.expiresAt ? [consent.expiresAt] : []),
  ];
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Whether the contract calls a consent active at the newest block. */
export function isActiveOnChain(model: Model, consent: ModelConsent): boolean {
  const { blockTime } = model;
  const isStanding = consent.revokedAt === null && consent.grantedAt > model.revokedBefore;
  return isStanding && blockTime >= consent.notBefore && blockTime < consent.expiresAt;
}

/** A grant gives its reader the keys of the scopes for every epoch so far that it covers. */
export function giveKeys(model: Model, { reader, scopes, fromEpoch }: ModelConsent): void {
  for (const scope of scopes) {
    for (const epoch of model.epochs.get(scope)!) {
      if (epoch >= fromEpoch) model.keysOf.get(reader)!.add(`${scope}/${epoch}`);
    }
  }
}

/** A rotation takes the chart's next epoch and gives its keys to those whose consent has not ended. */
export function rotate(model: Model, scopes: readonly string[]): void {
  model.chartEpoch++;
  for (const scope of scopes) model.epochs.get(scope)!.push(model.chartEpoch);
  for (const consent of model.consents.values()) {
    if (endOfConsent(model, consent) !== null) continue;
    for (const scope of scopes) {
      if (consent.scopes.includes(scope)) model.keysOf.get(consent.reader)!.add(`${scope}/${model.chartEpoch}`);
    }
  }
}

/** Readers who hold the key of a scope's newest epoch although no consent of theirs in it stands. */
export function formerReadersWithKey(model: Model, scope: string): string[] {
  const key = `${scope}/${model.epochs.get(scope)!.at(-1)}`;
  const standing = [...model.consents.values()].filter(
    (consent) => consent.scopes.includes(scope) && endOfConsent(model, consent) === null,
  );
  return [...model.keysOf]
    .filter(([reader, keys]) => keys.has(key) && !standing.some((consent) => consent.reader === reader))
    .map(([reader]) => reader);
}

/** What becomes of a view. */
export type Outcome = {
  /** Whether each keeper releases its part. */
  releases: boolean[];
  /** Whether each keeper writes a new receipt: a repeat of the same body has one already. */
  receipts: boolean[];
  /** Whether the record opens for the reader. */
  opens: boolean;
};

/** Plays a view: what must happen, and what the keepers remember of it. */
export function playView(model: Model, view: ModelView): Outcome {
  const releases = model.keepers.map((keeper) => mayRelease(model, keeper, view));
  const receipts = model.keepers.map((keeper, place) => releases[place]! && !keeper.bodies.has(view.body));
  for (const [place, keeper] of model.keepers.entries()) {
    if (!releases[place]) continue;
    keeper.bodies.add(view.body);
    const number = `${view.consent}/${view.viewNo}`;
    if (view.viewNo > 0 && !keeper.viewNumbers.has(number)) {
      keeper.viewNumbers.set(number, { record: view.record.id, openedAt: model.clock });
    }
  }
  const isAskedAsWrapped = view.scope === view.record.scope && view.epoch === view.record.epoch;
  const holdsKey = model.keysOf.get(view.by)!.has(`${view.record.scope}/${view.record.epoch}`);
  const answers = releases.filter(Boolean).length;
  return { releases, receipts, opens: answers >= THRESHOLD && isAskedAsWrapped && holdsKey };
}

/** Whether one keeper releases its part of one record. */
function mayRelease(model: Model, keeper: ModelKeeper, view: ModelView): boolean {
  const consent = model.consents.get(view.consent);
  if (!keeper.isUp || consent === undefined) return false;
  const { clock, blockTime } = model;
  const isInTime = view.at - TOLERANCE_SECONDS <= clock && clock < view.exp;
  const isCovered =
    view.by === consent.reader && consent.scopes.includes(view.scope) && view.epoch >= consent.fromEpoch;
  const isRevoked =
    consent.revokedAt !== null ||
    consent.grantedAt <= Math.max(model.revokedBefore, keeper.revokedBefore) ||
    keeper.revoked.has(view.consent);
  const later = Math.max(clock, blockTime);
  const isOpen = Math.min(clock, blockTime) >= consent.notBefore && later < consent.expiresAt;
  const isWho =
    (!consent.needsLicence || model.licensed.has(consent.reader)) &&
    (!consent.needsMembership ||
      (model.isOrganisationVerified && later < (model.memberUntil.get(consent.reader) ?? 0)));
  // A ticket is good for one answer of a keeper.
  const isCoded = !consent.needsCode || (view.hasTicket && !keeper.bodies.has(view.body));
  const { version, replacedAt } = model.deal;
  const isDealt =
    view.dealVersion === version || (view.dealVersion === version - 1 && clock < replacedAt + PREVIOUS_DEAL_SECONDS);
  return (
    isInTime &&
    isCovered &&
    !isRevoked &&
    isOpen &&
    isWho &&
    isCoded &&
    isDealt &&
    isCounted(keeper, consent, view, clock)
  );
}

/** View limits: a number is good for one record, for a few minutes; a repeat of a body is free. */
function isCounted(keeper: ModelKeeper, consent: ModelConsent, view: ModelView, clock: number): boolean {
  if (consent.maxViews === 0) return view.viewNo === 0;
  if (view.viewNo < 1 || view.viewNo > consent.maxViews) return false;
  const opening = keeper.viewNumbers.get(`${view.consent}/${view.viewNo}`);
  if (opening === undefined || keeper.bodies.has(view.body)) return true;
  return opening.record === view.record.id && clock < opening.openedAt + OPENING_SECONDS;
}
