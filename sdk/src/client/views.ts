/**
 * @module client/views
 * Who looked at what: the receipts that keepers wrote before each answer, checked and put in the patient's words.
 */
import type { Hex } from "../bytes.ts";
import { isSdkError } from "../errors.ts";
import { keyHashOf } from "../identity/index.ts";
import { RECEIPT_VIEW, fetchReceipts, openReason, type VerifiedReceipt } from "../keeper/index.ts";
import { ownConsents, pinsFromConsents } from "./consents.ts";
import { listOwnRecords } from "./own-chart.ts";
import { personOf } from "./people.ts";
import type { Carekey, Person, View, ViewSession } from "./types.ts";

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
      if (each.receipt.kind !== RECEIPT_VIEW) continue;
      byBody.set(each.receipt.bodyHash, [...(byBody.get(each.receipt.bodyHash) ?? []), each]);
    }
  }
  const pins = pinsFromConsents(consents);
  const views = await Promise.all(
    [...byBody.entries()].map(async ([bodyHash, receipts]): Promise<View> => {
      const [{ receipt, sealedReason, nonce }] = receipts as [VerifiedReceipt];
      const consent = consents.find(({ id }) => id === receipt.consentId);
      const record = records.find(({ entry }) => entry.pointer === receipt.recordId);
      const at = Math.min(...receipts.map((each) => each.receipt.issuedAt));
      const explained =
        consent !== undefined &&
        consent.terms.grantee.toLowerCase() === receipt.grantee.toLowerCase() &&
        consent.terms.scopes.includes(receipt.tag) &&
        at >= consent.terms.notBefore &&
        at < consent.terms.expiresAt &&
        (consent.endedAt === null || at <= consent.endedAt);
      return {
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

async function reasonOf(
  carekey: Carekey,
  person: Person,
  receipt: VerifiedReceipt["receipt"],
  nonce: Hex,
  sealedReason: Uint8Array,
): Promise<string | null> {
  try {
    return await openReason({
      deployment: carekey.deployment,
      patient: person.address,
      reader: receipt.grantee,
      patientKeyHash: keyHashOf(person.keyDocumentDigest),
      nonce,
      sealedReason,
      secret: person.keys.xwingSecret,
    });
  } catch (error) {
    if (isSdkError(error)) return null;
    throw error;
  }
}
