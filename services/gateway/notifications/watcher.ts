/**
 * @module services/gateway/notifications/watcher
 * Follows the chain from where it stopped, and turns events into wake-ups. Block hashes tell a reorganisation: what came from
 * blocks that are gone is withdrawn, and the rest is read again, where the sources keep anything from being told twice.
 */
import type { Address } from "@carekey/sdk/bytes";
import { decidedEntries, emergencyIn, recipientsOf } from "./wake-ups.ts";
import type { NotificationStore, WakeUp, Wakes, WatchedChain, WatchedEvent } from "./types.ts";

/** Most blocks read at once. */
const STEP = 2_000;
/** What is older than this when a chain is read for the first time counts as read, seconds. */
const OLD_SECONDS = 86_400;

/** What {@link createWatcher} works with. `deployBlock`: the first block of the law. */
export type WatcherPorts = {
  chain: WatchedChain;
  store: Pick<NotificationStore, "advance" | "checkpoints" | "contactsOf" | "withdrawAbove">;
  wakes: Pick<Wakes, "publish">;
  chainId: number;
  deployBlock: number;
  registrar: Address;
  now: () => number;
};

/** Reads on. */
export type Watcher = {
  /** Reads up to the newest block. Safe to repeat, also after it failed. @throws SdkError CHAIN_UNAVAILABLE */
  poll(): Promise<void>;
};

/** A watcher; it reads nothing by itself. */
export function createWatcher(ports: WatcherPorts): Watcher {
  const { chain, store, wakes, deployBlock } = ports;

  /** The last block read that is still part of the chain; the block before the law when none is. */
  async function commonBlock(): Promise<number> {
    const checkpoints = await store.checkpoints();
    for (const { number, hash } of checkpoints) {
      if ((await chain.block(number))?.hash !== hash) continue;
      if (number !== checkpoints[0]!.number) wakes.publish(await store.withdrawAbove(number, ports.now()));
      return number;
    }
    if (checkpoints.length > 0) wakes.publish(await store.withdrawAbove(deployBlock - 1, ports.now()));
    return deployBlock - 1;
  }

  return {
    async poll() {
      const newest = await chain.block();
      const readBefore = (await store.checkpoints()).length === 0 ? ports.now() - OLD_SECONDS : 0;
      let last = await commonBlock();
      while (newest !== null && last < newest.number) {
        const to = Math.min(newest.number, last + STEP);
        const before = await chain.block(to);
        if (before === null) return;
        const wakeUps = await wakeUpsIn(await chain.events(last + 1, to), readBefore);
        // A chain that changed while it was read is read again at the next poll.
        if (wakeUps === null || (await chain.block(to))?.hash !== before.hash) return;
        wakes.publish(await store.advance({ number: to, hash: before.hash }, wakeUps));
        last = to;
      }
    },
  };

  async function wakeUpsIn(events: readonly WatchedEvent[], readBefore: number): Promise<WakeUp[] | null> {
    const authors = await chain.authorsOf([...new Set(events.flatMap(decidedEntries))]);
    const emergencies = events.flatMap((event) => emergencyIn(event) ?? []);
    const contacts = await store.contactsOf([...new Set(emergencies.map(({ patient }) => patient))]);
    const clinicians = await chain.cliniciansOf([...new Set(emergencies.map(({ id }) => id))]);
    const times = new Map<number, number>();
    for (const { blockNumber, blockHash } of events) {
      if (times.has(blockNumber)) continue;
      const block = await chain.block(blockNumber);
      if (block?.hash !== blockHash) return null;
      times.set(blockNumber, block.timestamp);
    }
    const seen = new Map<string, number>();
    return events.flatMap((event) => {
      const { txHash, blockNumber, digest } = event;
      // The place in the block may change in a reorganisation; the place among its equals in one transaction does not.
      const place = seen.get(txHash + digest) ?? 0;
      seen.set(txHash + digest, place + 1);
      const source = `${ports.chainId}:${txHash}:${digest}:${place}`;
      const at = times.get(blockNumber)!;
      const emergency = emergencyIn(event);
      const concerned =
        emergency === null ? [] : [...(contacts.get(emergency.patient) ?? []), ...(clinicians.get(emergency.id) ?? [])];
      return recipientsOf(event, authors, ports.registrar, concerned).map(({ recipient, kind }): WakeUp => ({
        recipient,
        kind,
        source,
        at,
        ...(at < readBefore ? { readAt: at } : {}),
        messageId: null,
        chain: { txHash, blockNumber },
      }));
    });
  }
}
