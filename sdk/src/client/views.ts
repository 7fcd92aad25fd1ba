/**
 * @module client/views
 * Who looked at what: the receipts that keepers wrote before each answer, checked and put in the patient's words.
 */
import type { Hex } from "../bytes.ts";
import { EMERGENCY_TAG, emergencyClosesAt, type EmergencyRequestState } from "../consent/index.ts";
import { isSdkError } from "../errors.ts";
import {
  RECEIPT_EMERGENCY,
  RECEIPT_VIEW,
  fetchReceipts,
  openReason,
  type Receipt,
  type VerifiedReceipt,
} from "../keeper/index.ts";
import { ownConsents, pinsFromConsents, type OwnConsent } from "./consents.ts";
import { listOwnRecords } from "./own-chart.ts";
import { openAsPerson } from "./own-keys.ts";
import { personOf, sameAddress } from "./people.ts";
import type { Carekey, Person, View, ViewSession } from "./types.ts";

const KINDS: ReadonlyMap<number, View["kind"]> = new Map([
  [RECEIPT_VIEW, "view"],
  [RECEIPT_EMERGENCY, "emergency"],
]);

/** The access log, and what could not be read of it. */
export type AccessLog = {
  views: View[];
  /** Keepers whose log could not be read whole, with the code of the problem. */
  problems: { keeper: string; code: string }[];
};

/**
 * Every view of this person's records, newest first. One view leaves a receipt at each keeper that answered.
 * @param session - the patient's own session: receipts are nobody else's business.
 * @throws SdkError CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function listViews(carekey: Carekey, person: Person, session: ViewSession): Promise<AccessLog> {
  const [logs, { consents }, { records }] = await Promise.all([
    fetchReceipts({
      deployment: carekey.deployment,
      keepers: carekey.keepers,
      session,
      patient: person.address,
      now: carekey.now(),
    }),
    ownConsents(carekey, person),
    listOwnRecords(carekey, person),
  ]);
  const byBody = new Map<Hex, VerifiedReceipt[]>();
  for (const { receipts } of logs) {
    for (const each of receipts) {
      if (!KINDS.has(each.receipt.kind)) continue;
      byBody.set(each.receipt.bodyHash, [...(byBody.get(each.receipt.bodyHash) ?? []), each]);
    }
  }
  const pins = pinsFromConsents(consents);
  const views = await Promise.all(
    [...byBody.entries()].map(async ([bodyHash, receipts]): Promise<View> => {
      const [{ receipt, sealedReason, nonce }] = receipts as [VerifiedReceipt];
      const record = records.find(({ entry }) => entry.pointer === receipt.recordId);
      const at = Math.min(...receipts.map((each) => each.receipt.issuedAt));
      const kind = KINDS.get(receipt.kind)!;
      const explained =
        kind === "emergency"
          ? isOpenedBy(await carekey.chain.emergency.requestOf(receipt.consentId), receipt, at)
          : isAllowedBy(
              consents.find(({ id }) => id === receipt.consentId),
              receipt,
              at,
            );
      return {
        kind,
        bodyHash,
        reader: receipt.grantee,
        readerName: (await personOf(carekey, receipt.grantee, pins)).name,
        recordId: receipt.recordId,
        entryId: record?.entry.entryId ?? null,
        title: record?.manifest?.core.name ?? null,
        at,
        reason: await reasonOf(carekey, person, receipt, nonce, sealedReason),
        consentId: receipt.consentId,
        viewNo: receipt.viewNo,
        explained,
        receipts: receipts.map((each) => ({
          keeper: each.receipt.keeper,
          sequence: each.receipt.seq,
          leaf: each.leaf,
          verified: true,
          blockNumber: BigInt(each.receipt.blockNumber),
        })),
      };
    }),
  );
  return {
    views: views.sort((left, right) => right.at - left.at),
    problems: logs.flatMap(({ keeper, problem }) => (problem === null ? [] : [{ keeper, code: problem.code }])),
  };
}

/** Whether a consent covers a view. @param at - when it was opened, seconds. */
function isAllowedBy(consent: OwnConsent | undefined, { grantee, tag }: Receipt, at: number): boolean {
  if (consent === undefined || !sameAddress(consent.terms.grantee, grantee)) return false;
  const { scopes, notBefore, expiresAt } = consent.terms;
  const isOver = consent.endedAt !== null && at > consent.endedAt;
  return scopes.includes(tag) && at >= notBefore && at < expiresAt && !isOver;
}

/** Whether an emergency request was open for a view. @param at - when it was opened, seconds. */
function isOpenedBy(request: EmergencyRequestState | null, receipt: Receipt, at: number): boolean {
  if (request === null || !sameAddress(request.patient, receipt.patient)) return false;
  if (!sameAddress(request.requester, receipt.grantee) || request.opensAt === 0) return false;
  if (receipt.tag !== EMERGENCY_TAG || receipt.epoch !== request.round) return false;
  const isOver = request.stoppedAt !== 0 && at > request.stoppedAt;
  return at >= request.opensAt && at < emergencyClosesAt(request) && !isOver;
}

async function reasonOf(
  carekey: Carekey,
  person: Person,
  receipt: VerifiedReceipt["receipt"],
  nonce: Hex,
  sealedReason: Uint8Array,
): Promise<string | null> {
  try {
    const { opened } = await openAsPerson(person, ({ keyHash, secret }) =>
      openReason({
        deployment: carekey.deployment,
        patient: person.address,
        reader: receipt.grantee,
        patientKeyHash: keyHash,
        nonce,
        sealedReason,
        secret,
      }),
    );
    return opened;
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}
