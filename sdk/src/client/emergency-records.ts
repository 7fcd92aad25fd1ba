/**
 * @module client/emergency-records
 * The records that open in an emergency, and opening one of them: the keepers judge the request by their own nodes and leave receipts
 * that say it was an emergency, under which request, and why.
 */
import type { Address, Hex } from "../bytes.ts";
import type { ChartEntry } from "../chart/index.ts";
import { EMERGENCY_TAG } from "../consent/index.ts";
import { EMERGENCY_SCOPE_KEY, deriveRecordKey, openWrap } from "../crypto/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { buildEmergencyBody, requestView, tupleOf } from "../keeper/index.ts";
import { loadChart, timeOfBlock } from "./charts.ts";
import { recipientOf, sameAddress } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { dealOf, openWithDek, readAllWraps, wrapsOf } from "./shared.ts";
import type { ActOptions, Carekey, OpenedRecord, Person, SharedItem, VerifiedChart, ViewSession } from "./types.ts";
import { readBlockOrNull } from "./blocks.ts";

/** A record that a patient chose for emergencies. */
export type EmergencyItem = {
  entry: ChartEntry;
  recordedAt: number;
  /** The request under which it can be asked for. */
  emergencyId: Hex;
  patient: Address;
  round: number;
  wraps: SharedItem["wraps"];
};

/** What a requester sees of a chart. */
export type EmergencyChart = { chart: VerifiedChart; items: EmergencyItem[] };

/**
 * The records that open under one's own request. Opens none, and asks no keeper for a key.
 * @throws SdkError NOT_FOUND when it is not this person's request; CHAIN_UNAVAILABLE, IPFS_UNAVAILABLE, NOT_SIGNED_IN
 */
export async function readEmergencyChart(carekey: Carekey, person: Person, id: Hex): Promise<EmergencyChart> {
  const request = await carekey.chain.emergency.requestOf(id);
  if (request === null || !sameAddress(request.requester, person.address)) {
    throw new SdkError("NOT_FOUND", "no such request of one's own");
  }
  const { patient, round } = request;
  const loaded = await loadChart(carekey, patient);
  const notes = await Promise.all(loaded.replayed.notes.map(({ digest }) => readBlockOrNull(carekey, digest)));
  const wraps = await readAllWraps(
    carekey,
    loaded,
    notes.filter((bytes) => bytes !== null),
  );
  const items: EmergencyItem[] = [];
  for (const entry of loaded.replayed.entries.filter(({ status }) => status === "approved")) {
    const found = wrapsOf(wraps, { tag: EMERGENCY_TAG, recordId: entry.pointer, epoch: round });
    if (found.length === 0) continue;
    const recordedAt = await timeOfBlock(carekey, entry.blockNumber);
    items.push({ entry, recordedAt, emergencyId: id, patient, round, wraps: found });
  }
  return { chart: loaded.chart, items: items.reverse() };
}

/**
 * Opens one record in an emergency.
 * view.reason: told to the patient with the receipt, at most about 800 bytes.
 * @throws SdkError NO_CONSENT (not co-signed, or the delay runs), CONSENT_REVOKED (stopped), CONSENT_EXPIRED (over), NOT_VERIFIED (one of
 * the two licences), NOT_IN_SCOPE, TOO_FEW_KEEPERS, KEEPER_MISBEHAVED, HEADS_DISAGREE, NO_DEAL, DECRYPTION_FAILED, SIGNATURE_INVALID
 */
export async function openEmergencyRecord(
  carekey: Carekey,
  person: Person,
  view: { item: EmergencyItem; reason: string; session: ViewSession },
  options: ActOptions = {},
): Promise<OpenedRecord> {
  const { item, reason, session } = view;
  const recipient = await recipientOf(carekey, item.patient, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  options.onStep?.({ kind: "work", label: "Asking the keepers" });
  const { dek, keepers } = await askKeepers(false).catch((error: unknown) => {
    // The patient may have dealt anew since this tab read the deal.
    if (isSdkError(error, "NO_DEAL")) return askKeepers(true);
    throw error;
  });
  options.onStep?.({ kind: "work", label: "Opening the record" });
  const opened = await openWithDek(carekey, item.patient, item.entry, dek);
  return { ...opened, keepers, scope: null, viewsLeft: null };

  async function askKeepers(isRetry: boolean): Promise<{ dek: Uint8Array; keepers: Address[] }> {
    const { deployment } = carekey;
    const deal = await dealOf(carekey, item.patient, isRetry);
    // Keepers answer with the keys of the deal's generation: only the wrap made with these will open.
    const wrap = item.wraps.find(({ generation }) => generation === deal.deal.generation)?.wrap;
    if (wrap === undefined) throw new SdkError("NO_DEAL", "the keepers do not hold the keys of this record yet");
    const body = await buildEmergencyBody({
      deployment,
      patient: item.patient,
      reader: person.address,
      dealVersion: deal.deal.version,
      epoch: item.round,
      recordId: item.entry.pointer,
      reason,
      patientKey: { publicKey: recipient.publicKey, keyHash: recipient.keyHash },
      now: carekey.now(),
    });
    const { point, answers } = await requestView({
      deployment,
      keepers: carekey.keepers,
      deal,
      body,
      session,
      emergencyId: item.emergencyId,
      verifySignature: ({ account, digest, signature }) =>
        carekey.chain.publicClient.verifyHash({ address: account, hash: digest, signature }),
      signal: options.signal,
    });
    const tuple = tupleOf(body);
    const recordKey = deriveRecordKey({ scopeKey: EMERGENCY_SCOPE_KEY, point, tuple });
    return { dek: await openWrap({ recordKey, wrap, tuple }), keepers: answers.map(({ keeper }) => keeper) };
  }
}
