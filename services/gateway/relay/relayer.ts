/**
 * @module services/gateway/relay/relayer
 * The one nonce manager of a paying account. Every transaction is signed and saved before it is sent, one after another, so that
 * whatever ends this process, the next one knows what may be on its way and sends the very same bytes again.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import { SdkError, isSdkError } from "@carekey/sdk/errors";
import { MAX_OPEN_ACTS, relayIdOf, type OpenAct, type Relayed, type RelayReason } from "@carekey/sdk/gateway";
import type { Log } from "../../common/log.ts";
import { bumpedFees, gasLimitOf, nextNonce } from "./rules.ts";
import type {
  Fees,
  Relay,
  RelayAttempt,
  RelayChain,
  RelayFigures,
  RelayLimits,
  RelayStore,
  RelayTransaction,
} from "./types.ts";

const DAY_SECONDS = 86_400;
/** Gas of an act of ordinary size, to tell whether the next one could be paid. */
const ORDINARY_GAS = 120_000n;
const FILLER_GAS = 21_000;

/** What {@link createRelayer} works with. */
export type RelayerParts = {
  chain: RelayChain;
  store: RelayStore;
  limits: RelayLimits;
  /** Blocks after which a transaction counts as final. */
  confirmations: number;
  now: () => number;
  log: Log;
};

/** The relay of one account. Calls must have passed the allow-list. There is one per account, in one process. */
export function createRelayer({ chain, store, limits, confirmations, now, log }: RelayerParts): Relay {
  const figures: RelayFigures = { sent: 0, done: 0, failed: 0, bumped: 0, filled: 0 };
  let queue: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = queue.then(work);
    queue = mine.catch(() => undefined);
    return mine;
  }

  /** Throws RELAY_UNAVAILABLE unless `cost` more wei may be spent for this person. */
  async function assertPayable(person: Address, cost: bigint, open: readonly RelayTransaction[]): Promise<number> {
    const since = now() - DAY_SECONDS;
    const [taken, spent, balance] = await Promise.all([
      store.countOf(person, since),
      store.costSince(since),
      chain.balance(),
    ]);
    if (taken >= limits.actsPerDay) throw unavailable("quota");
    if (spent + cost > limits.budgetPerDay) throw unavailable("budget");
    const setAside = open.reduce((total, transaction) => total + transaction.cost, 0n);
    if (balance < setAside + cost) throw unavailable("balance");
    return limits.actsPerDay - taken;
  }

  async function attempt(
    call: { nonce: number; to: Address; data: Hex; gas: number },
    fees: Fees,
    kind: RelayAttempt["kind"],
  ): Promise<RelayAttempt> {
    const signed = await chain.sign({ ...call, ...fees });
    return { ...signed, maxFee: String(fees.maxFee), tip: String(fees.tip), kind };
  }

  /** Saves the call under the next nonce, then sends it. */
  async function take(person: Address, call: { to: Address; data: Hex }, gas: number): Promise<RelayTransaction> {
    const id = relayIdOf(call);
    const known = await store.find(id);
    if (known !== null) return known;
    const open = await store.open(chain.relayer);
    if (open.filter((transaction) => transaction.person === person).length >= MAX_OPEN_ACTS) throw unavailable("busy");
    const fees = await chain.fees();
    const cost = BigInt(gas) * fees.maxFee;
    await assertPayable(person, cost, open);
    const nonce = nextNonce(await chain.nonce("pending"), open);
    const transaction: RelayTransaction = {
      id,
      relayer: chain.relayer,
      nonce,
      person,
      target: call.to,
      data: call.data,
      gas,
      state: "sent",
      attempts: [await attempt({ nonce, ...call, gas }, fees, "act")],
      createdAt: now(),
      sentAt: now(),
      cost,
    };
    await store.add(transaction);
    figures.sent += 1;
    try {
      await chain.broadcast(transaction.attempts[0]!.raw);
    } catch (error) {
      if (isSdkError(error, "INSUFFICIENT_FUNDS")) {
        // The node did not take it, and nothing has a later nonce: the nonce is free again.
        await store.forget(id);
        throw unavailable("balance");
      }
      log.warn({ err: error }, "a relayed transaction is saved but was not handed over; it will be sent again");
    }
    return transaction;
  }

  async function tendOne(transaction: RelayTransaction, next: number, head: bigint): Promise<void> {
    if (transaction.nonce < next) return settle(transaction, head);
    const latest = transaction.attempts.at(-1)!;
    const isStuck = transaction.nonce === next && now() - transaction.sentAt >= limits.bumpAfterSeconds;
    if (isStuck && transaction.attempts.length <= limits.maxBumps) return bump(transaction, latest);
    if (!(await chain.knows(latest.hash))) await chain.broadcast(latest.raw);
  }

  /** Its nonce is used: by one of its own attempts, or by somebody else who has the key. */
  async function settle(transaction: RelayTransaction, head: bigint): Promise<void> {
    for (const { hash, kind } of transaction.attempts) {
      const receipt = await chain.receipt(hash);
      if (receipt === null) continue;
      if (head < receipt.blockNumber + BigInt(confirmations) - 1n) return;
      const state = receipt.succeeded && kind === "act" ? "done" : "failed";
      figures[state] += 1;
      return store.update(transaction.id, { state, cost: receipt.cost });
    }
    // Nodes behind one address may disagree for a moment: only after a while is it certain that it was none of them.
    if (now() - transaction.sentAt < limits.bumpAfterSeconds) return;
    log.error("a nonce of the relayer was used by somebody else");
    figures.failed += 1;
    await store.update(transaction.id, { state: "failed", cost: 0n });
  }

  /** Sends it again under the same nonce with a higher fee; without its call, when the contract would refuse that by now. */
  async function bump(transaction: RelayTransaction, latest: RelayAttempt): Promise<void> {
    const call = { to: transaction.target, data: transaction.data };
    const wouldRevert = await chain.simulate(call).then(
      () => false,
      (error: unknown) => {
        if (isSdkError(error, "CONTRACT_REVERTED")) return true;
        throw error;
      },
    );
    const isFiller = wouldRevert || latest.kind === "filler";
    const filler = { to: chain.relayer, data: "0x" as Hex, gas: FILLER_GAS };
    const fees = bumpedFees(latest, await chain.fees());
    const replacement = await attempt(
      { nonce: transaction.nonce, ...(isFiller ? filler : { ...call, gas: transaction.gas }) },
      fees,
      isFiller ? "filler" : "act",
    );
    await store.update(transaction.id, {
      attempts: [...transaction.attempts, replacement],
      sentAt: now(),
      cost: BigInt(transaction.gas) * fees.maxFee,
    });
    figures.bumped += 1;
    if (isFiller) figures.filled += 1;
    await chain.broadcast(replacement.raw);
  }

  /** Fills nonces below the first open one that no transaction holds any more: a reorganisation can leave such gaps. */
  async function closeGap(next: number, first: number): Promise<void> {
    const pending = await chain.nonce("pending");
    for (let nonce = Math.max(next, pending); nonce < first; nonce++) {
      const filler = { nonce, to: chain.relayer, data: "0x" as Hex, gas: FILLER_GAS };
      figures.filled += 1;
      await chain.broadcast((await attempt(filler, await chain.fees(), "filler")).raw);
    }
  }

  return {
    async offer(person) {
      const open = (await store.openOf(person)).slice(0, MAX_OPEN_ACTS).map(openActOf);
      try {
        const fees = await chain.fees();
        const left = await assertPayable(person, ORDINARY_GAS * fees.maxFee, await store.open(chain.relayer));
        return { available: true, reason: null, left, open };
      } catch (error) {
        if (!isSdkError(error, "RELAY_UNAVAILABLE"))
          log.warn({ err: error }, "the relay cannot look after its account");
        const reason = isSdkError(error, "RELAY_UNAVAILABLE") ? (error.details["reason"] as RelayReason) : "balance";
        return { available: false, reason, left: 0, open };
      }
    },
    async send(person, call) {
      // Before the simulation, which would refuse what has taken effect already.
      const known = await store.find(relayIdOf(call));
      if (known !== null) return relayedOf(known);
      const gas = gasLimitOf(await chain.simulate(call));
      if (gas > limits.maxGas) throw unavailable("gas");
      return relayedOf(await inTurn(() => take(person, call, gas)));
    },
    async status(person, id) {
      const transaction = await store.find(id);
      if (transaction?.person !== person) throw new SdkError("NOT_FOUND", "no such relayed act of yours");
      return relayedOf(transaction);
    },
    tend: () =>
      inTurn(async () => {
        const open = await store.open(chain.relayer);
        if (open.length === 0) return;
        const [next, head] = await Promise.all([chain.nonce("latest"), chain.blockNumber()]);
        await closeGap(next, open[0]!.nonce);
        for (const transaction of open) {
          await tendOne(transaction, next, head).catch((err: unknown) =>
            log.warn({ err }, "an open transaction of the relay could not be looked after"),
          );
        }
      }),
    async figures() {
      const [open, balance] = await Promise.all([store.open(chain.relayer), chain.balance()]);
      return { acts: { ...figures, open: open.length }, balanceEther: Number(balance) / 1e18 };
    },
  };
}

function relayedOf({ id, state, attempts }: RelayTransaction): Relayed {
  return { id, state, hashes: attempts.map(({ hash }) => hash) };
}

function openActOf(transaction: RelayTransaction): OpenAct {
  return { ...relayedOf(transaction), to: transaction.target, data: transaction.data };
}

function unavailable(reason: RelayReason): SdkError {
  return new SdkError("RELAY_UNAVAILABLE", "the relay does not pay for this now", { details: { reason } });
}
