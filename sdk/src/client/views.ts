/**
 * @module client/views
 * Who looked at what: the receipts that keepers wrote before each answer, checked and put in the patient's words.
 */
import type { Hex } from "../bytes.ts";
import { isSdkError } from "../errors.ts";
import { RECEIPT_EMERGENCY, RECEIPT_VIEW, fetchReceipts, openReason, type VerifiedReceipt } from "../keeper/index.ts";
import { timeOfBlock } from "./charts.ts";
import { ownConsents, pinsFromConsents, type OwnConsent } from "./consents.ts";
import { listOwnRecords } from "./own-chart.ts";
import { openAsPerson } from "./own-keys.ts";
import { personOf } from "./people.ts";
import type { Carekey, Person, View, ViewConsent, ViewSession } from "./types.ts";
import { alarmOf, type ExplainingRequest, type Explanations } from "./view-alarm.ts";

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
  const byBody = receiptsByView(logs.flatMap(({ receipts }) => receipts));
  const explanations: Explanations = {
    consents: new Map(consents.map((consent) => [consent.id, consent])),
    emergencies: await emergenciesIn(carekey, person, [...byBody.values()].flat()),
  };
  const pins = pinsFromConsents(consents);
  const views = await Promise.all(
    [...byBody.entries()].map(async ([bodyHash, receipts]): Promise<View> => {
      const [{ receipt, sealedReason, nonce }] = receipts as [VerifiedReceipt];
      const consent = consents.find(({ id }) => id === receipt.consentId);
      const record = records.find(({ entry }) => entry.pointer === receipt.recordId);
      return {
        kind: receipt.kind === RECEIPT_EMERGENCY ? "emergency" : "view",
        bodyHash,
        reader: receipt.grantee,
        readerName: (await personOf(carekey, receipt.grantee, pins)).name,
        recordId: receipt.recordId,
        entryId: record?.entry.entryId ?? null,
        title: record?.manifest?.core.name ?? null,
        at: Math.min(...receipts.map((each) => each.receipt.issuedAt)),
        reason: await reasonOf(carekey, person, receipt, nonce, sealedReason),
        consentId: receipt.consentId,
        viewNo: receipt.viewNo,
        consent: consent === undefined ? null : viewConsentOf(consent),
        alarm: alarmOf(
          receipts.map((each) => each.receipt),
          explanations,
        ),
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

/** The receipts of each view: what the keepers wrote about one body is one view. Refusals opened nothing. */
function receiptsByView(receipts: readonly VerifiedReceipt[]): Map<Hex, VerifiedReceipt[]> {
  const byBody = new Map<Hex, VerifiedReceipt[]>();
  for (const each of receipts) {
    const { kind, bodyHash } = each.receipt;
    if (kind !== RECEIPT_VIEW && kind !== RECEIPT_EMERGENCY) continue;
    byBody.set(bodyHash, [...(byBody.get(bodyHash) ?? []), each]);
  }
  return byBody;
}

/** The emergency requests that receipts name, as the chain has them. Those that it does not have are left out. */
async function emergenciesIn(
  carekey: Carekey,
  person: Person,
  receipts: readonly VerifiedReceipt[],
): Promise<Map<Hex, ExplainingRequest>> {
  const named = receipts.filter(({ receipt }) => receipt.kind === RECEIPT_EMERGENCY);
  if (named.length === 0) return new Map();
  const { emergency } = carekey.chain;
  const ids = [...new Set(named.map(({ receipt }) => receipt.consentId))];
  const [roundEnds, ...found] = await Promise.all([
    emergency.roundEnds(person.address),
    ...ids.map(async (id) => [id, await emergency.requestOf(id)] as const),
  ]);
  const explaining = found.map(async ([id, request]) => {
    if (request === null) return [];
    const endedIn = roundEnds[request.round];
    const voidFrom = endedIn === undefined ? null : await timeOfBlock(carekey, endedIn);
    return [[id, { ...request, voidFrom }] as const];
  });
  return new Map((await Promise.all(explaining)).flat());
}

function viewConsentOf({ terms, grantedAt }: OwnConsent): ViewConsent {
  const { scopes, purpose } = terms.about;
  return { grantedAt, expiresAt: terms.expiresAt, scopes, purpose };
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
