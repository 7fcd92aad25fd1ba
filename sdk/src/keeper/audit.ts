/**
 * @module keeper/audit
 * What the patient asks of keepers afterwards: every receipt about the own chart, proved to be in the keeper's log; and the
 * hand-over of a signed revoke, which keepers honour before it is on chain.
 */
import { isAddressEqual } from "viem/utils";
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import type { Deployment } from "../deployment.ts";
import { isSdkError, type SdkError } from "../errors.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { KeeperClient } from "./client.ts";
import { buildReceiptsRequest, type LoggedReceipt, type SignedRevoke } from "./log-requests.ts";
import { verifyConsistency, verifyInclusion } from "./merkle.ts";
import { misbehaved, verifyHeadSignature, verifyReceipt, type SignedHead } from "./receipt.ts";
import { refusalFrom, type Refusal } from "./refusals.ts";
import type { Session } from "./session.ts";

/** A receipt whose signature and place in the log verified. */
export type VerifiedReceipt = LoggedReceipt & { leaf: Hex };

/** What one keeper's log says about a patient. */
export type KeeperReceipts = {
  keeper: Address;
  /** In the order of their sequence numbers. Receipts read before a problem was met stay in the list. */
  receipts: VerifiedReceipt[];
  /** The head under which they are proved; keep it, and pass it as `known` the next time. */
  head: SignedHead | null;
  /** Why the list is not complete: KEEPER_UNAVAILABLE, KEEPER_MISBEHAVED or the keeper's refusal. */
  problem: SdkError | null;
};

/**
 * Reads and verifies a patient's receipts from every keeper.
 * `input.session`: the patient's own session.
 * `input.after`: sequence number per keeper to go on from.
 * `input.known`: heads seen before: a log that does not extend them is KEEPER_MISBEHAVED.
 * `input.now`: seconds.
 */
export async function fetchReceipts(input: {
  deployment: Deployment;
  keepers: readonly KeeperClient[];
  session: Session;
  patient: Address;
  now: number;
  after?: ReadonlyMap<Address, number>;
  known?: readonly SignedHead[];
}): Promise<KeeperReceipts[]> {
  return Promise.all(
    input.keepers.map(async (keeper) => {
      const found: KeeperReceipts = { keeper: keeper.address, receipts: [], head: null, problem: null };
      try {
        const known = input.known?.find(({ head }) => isAddressEqual(head.keeper, keeper.address));
        const after = input.after?.get(keeper.address) ?? 0;
        await readLog({ ...input, keeper, after, known: known ?? null }, found);
      } catch (error) {
        if (!isSdkError(error)) throw error;
        found.problem = error;
      }
      return found;
    }),
  );
}

/**
 * Hands a signed revoke to every keeper.
 * @returns who honours it from now on, and who did not take it.
 */
export async function submitRevoke(input: {
  keepers: readonly KeeperClient[];
  revoke: SignedRevoke;
}): Promise<{ accepted: Address[]; refusals: Refusal[] }> {
  const accepted: Address[] = [];
  const refusals: Refusal[] = [];
  await Promise.all(
    input.keepers.map(async (keeper) => {
      try {
        await keeper.revoke(input.revoke);
        accepted.push(keeper.address);
      } catch (error) {
        refusals.push(refusalFrom(keeper.address, error));
      }
    }),
  );
  return { accepted, refusals };
}

/**
 * Checks that a newer head of a keeper's log extends an older one. Both must be signed by the keeper already.
 * @throws SdkError KEEPER_MISBEHAVED when its history was changed.
 */
export async function verifyLogGrowth(keeper: KeeperClient, older: SignedHead, newer: SignedHead): Promise<void> {
  const [old, current] = [older.head, newer.head];
  const isGrown =
    old.logGeneration === current.logGeneration &&
    old.size <= current.size &&
    verifyConsistency({
      oldSize: old.size,
      oldRoot: fromHex(old.root),
      newSize: current.size,
      newRoot: fromHex(current.root),
      proof: old.size === current.size ? [] : await keeper.consistency(old.size, current.size),
    });
  // A keeper restored from a backup begins a new log generation: what it forgot is for people to judge, not to pass over.
  if (!isGrown) throw misbehaved(keeper.address, "the log does not extend the head that the keeper signed before");
}

async function readLog(
  input: {
    deployment: Deployment;
    keeper: KeeperClient;
    session: Session;
    patient: Address;
    now: number;
    after: number;
    known: SignedHead | null;
  },
  found: KeeperReceipts,
): Promise<void> {
  const { deployment, keeper, patient, session, now } = input;
  let older = input.known;
  if (older !== null) await assertOwnHead(deployment, keeper.address, older);
  let after = input.after;
  for (let isMore = true; isMore;) {
    const request = await buildReceiptsRequest({ keeper: keeper.address, patient, after, session, now });
    const page = await keeper.receipts(request);
    await assertOwnHead(deployment, keeper.address, page.head);
    if (older !== null) await verifyLogGrowth(keeper, older, page.head);
    older = page.head;
    for (const receipt of page.receipts) {
      if (receipt.receipt.seq <= after) throw misbehaved(keeper.address, "receipts out of order");
      found.receipts.push({
        ...receipt,
        leaf: await verifyLogged(deployment, keeper.address, patient, receipt, page.head),
      });
      after = receipt.receipt.seq;
    }
    found.head = page.head;
    isMore = page.more && page.receipts.length > 0;
  }
}

async function assertOwnHead(deployment: Deployment, keeper: Address, head: SignedHead): Promise<void> {
  if (!isAddressEqual(head.head.keeper, keeper)) throw misbehaved(keeper, "the head is another keeper's");
  await verifyHeadSignature(deployment, head);
}

async function verifyLogged(
  deployment: Deployment,
  keeper: Address,
  patient: Address,
  logged: LoggedReceipt,
  { head }: SignedHead,
): Promise<Hex> {
  const reasonHash = toHex(keccak_256(logged.sealedReason));
  const leaf = await verifyReceipt(deployment, logged, {
    keeper,
    patient,
    reasonHash,
    logGeneration: head.logGeneration,
  });
  const isLogged = verifyInclusion({
    leaf: fromHex(leaf),
    index: logged.receipt.seq - 1,
    size: head.size,
    root: fromHex(head.root),
    proof: logged.proof,
  });
  if (!isLogged) throw misbehaved(keeper, "the receipt is not in the keeper's log");
  return leaf;
}
