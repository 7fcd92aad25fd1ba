/**
 * @module chain/chain
 * The local chain that remembers: every write goes through the journal, and opening it again replays them all.
 * Requests are answered strictly one after another, so nobody ever reads a block that is not on disk yet.
 */
import { randomBytes } from "node:crypto";
import { mnemonicToAccount } from "viem/accounts";
import type { TransactionSerializable } from "viem";
import { z } from "zod";
import { JournalError, openJournal, type JournalBlock, type JournalEntry } from "./journal.ts";
import { ACCOUNT_COUNT, MNEMONIC, createNode, hardhatVersion, type Request } from "./node.ts";

/** A request this chain refuses, with its JSON-RPC error code. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "RpcError";
    this.code = code;
  }
}

/** An open chain. */
export type JournaledChain = {
  /** Answers one JSON-RPC request. Writes are on disk when the promise resolves. */
  request: Request;
  /** Mines an empty block when the latest one is older than `seconds`. */
  keepFresh(seconds: number): Promise<void>;
  /** How many blocks were replayed, how long it took, and what a crash had torn off. */
  replayed: { blocks: number; milliseconds: number; tornBytes: number };
  close(): Promise<void>;
};

/** State changes of the development methods that can simply be repeated on replay. */
const REPLAYABLE = new Set([
  "hardhat_setBalance",
  "hardhat_setCode",
  "hardhat_setNonce",
  "hardhat_setStorageAt",
  "hardhat_dropTransaction",
]);
/** Whatever else begins like this changes the chain in ways a replay could not follow. */
const DEVELOPMENT = /^(evm|hardhat|anvil|debug_set|miner)_/;
const HARMLESS = new Set(["hardhat_metadata", "hardhat_addCompilationResult"]);
/** The most blocks that one hardhat_mine may ask for. */
const MAX_BLOCKS = 1024;

const quantity = z.union([z.int().nonnegative(), z.string()]).transform((value, context) => {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  context.addIssue({ code: "custom", message: `not a quantity: ${value}` });
  return z.NEVER;
});
const hexText = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((value): `0x${string}` => `0x${value.slice(2).toLowerCase()}`);
const bigQuantity = hexText.transform((value) => BigInt(value));
const blockAnswer = z.object({ number: quantity, timestamp: quantity, mixHash: hexText, hash: hexText });
const sentAnswer = z.object({ from: hexText, nonce: quantity });
const transactionRequest = z.object({
  from: hexText,
  to: hexText.nullish(),
  data: hexText.optional(),
  input: hexText.optional(),
  value: bigQuantity.optional(),
  gas: bigQuantity.optional(),
  nonce: quantity.optional(),
  gasPrice: bigQuantity.optional(),
  maxFeePerGas: bigQuantity.optional(),
  maxPriorityFeePerGas: bigQuantity.optional(),
});

/**
 * Opens the chain whose journal is at `path`, replaying it if there is one.
 * @throws JournalError when the journal is damaged, or gives other blocks than it recorded.
 */
export async function openChain(options: {
  path: string;
  chainId: number;
  now?: () => number;
  onProgress?: (done: number, total: number) => void;
}): Promise<JournaledChain> {
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const journal = openJournal(options.path, {
    carekeyChain: 1,
    chainId: options.chainId,
    initialDate: new Date(now() * 1000).toISOString(),
    hardhat: hardhatVersion(),
  });
  if (journal.header.chainId !== options.chainId) {
    throw new JournalError(options.path, 1, `was written for chain ${journal.header.chainId}, not ${options.chainId}`);
  }
  const node = await createNode({ chainId: options.chainId, initialDate: journal.header.initialDate });
  const accounts = new Map(
    Array.from({ length: ACCOUNT_COUNT }, (_, addressIndex) => mnemonicToAccount(MNEMONIC, { addressIndex })).map(
      (account) => [account.address.toLowerCase(), account],
    ),
  );
  /** The chain's clock: seconds ahead of the wall clock, the time demanded for the next block, the latest block's time. */
  const clock: { offset: number; next: number | null; latest: number } = { offset: 0, next: null, latest: 0 };

  async function latestBlock(): Promise<JournalBlock> {
    return blockAnswer.parse(await node.request("eth_getBlockByNumber", ["latest", false]));
  }

  async function mine(timestamp: number, mixHash: string): Promise<JournalBlock> {
    await node.request("hardhat_setPrevRandao", [mixHash]);
    await node.request("evm_setNextBlockTimestamp", [timestamp]);
    await node.request("evm_mine");
    clock.latest = timestamp;
    return latestBlock();
  }

  async function replay(entry: JournalEntry, line: number): Promise<void> {
    if ("clock" in entry) Object.assign(clock, entry.clock);
    if ("method" in entry) await node.request(entry.method, entry.params);
    if ("transaction" in entry) await node.request("eth_sendRawTransaction", [entry.transaction]);
    if ("block" in entry && entry.block !== undefined) {
      const { hash, number } = await mine(entry.block.timestamp, entry.block.mixHash);
      clock.next = null;
      if (hash === entry.block.hash && number === entry.block.number) return;
      const other =
        journal.header.hardhat === hardhatVersion() ? "" : ` It was written by Hardhat ${journal.header.hardhat}.`;
      const was = `block ${entry.block.number} was ${entry.block.hash} and comes out as ${hash}`;
      throw new JournalError(options.path, line, `does not fit: ${was}.${other}`);
    }
  }

  const startedAt = performance.now();
  clock.latest = (await latestBlock()).timestamp;
  for (const [index, entry] of journal.entries.entries()) {
    try {
      await replay(entry, index + 2);
    } catch (error) {
      await node.close();
      journal.close();
      if (error instanceof JournalError) throw error;
      throw new JournalError(options.path, index + 2, `cannot be replayed: ${String(error)}`);
    }
    if (index % 500 === 499) options.onProgress?.(index + 1, journal.entries.length);
  }
  await alignClock();
  const replayed = {
    blocks: (await latestBlock()).number,
    milliseconds: performance.now() - startedAt,
    tornBytes: journal.tornBytes,
  };

  /** Brings the node's own clock, which only pending calls read, to ours: replay leaves it at the last block. */
  async function alignClock(): Promise<void> {
    const pending = z
      .object({ timestamp: quantity })
      .parse(await node.request("eth_getBlockByNumber", ["pending", false]));
    const behind = now() + clock.offset - pending.timestamp;
    if (behind > 0) await node.request("evm_increaseTime", [behind]);
  }

  /** Mines one block now, at `timestamp` if given, and returns it for the journal. */
  function mineNow(timestamp?: number): Promise<JournalBlock> {
    const wanted = timestamp ?? clock.next ?? Math.max(clock.latest, now() + clock.offset);
    if (timestamp !== undefined || clock.next !== null) clock.offset = wanted - now();
    clock.next = null;
    return mine(wanted, `0x${randomBytes(32).toString("hex")}`);
  }

  async function mineMany(count: number, interval: number): Promise<void> {
    if (count > MAX_BLOCKS) throw new RpcError(-32602, `at most ${MAX_BLOCKS} blocks at a time`);
    for (let index = 0; index < count; index++) {
      const block = await mineNow(index === 0 ? undefined : clock.latest + interval);
      journal.append({ block });
    }
  }

  async function moveClock(change: { offset?: number; next?: number }): Promise<void> {
    if (change.next !== undefined && change.next < clock.latest) {
      throw new RpcError(-32602, `the latest block is at ${clock.latest}, later than ${change.next}`);
    }
    if (change.offset !== undefined) clock.offset += change.offset;
    if (change.next !== undefined) clock.next = change.next;
    journal.append({ clock: { offset: clock.offset, next: clock.next } });
    if (change.next !== undefined) await node.request("evm_setNextBlockTimestamp", [change.next]);
    else await alignClock();
  }

  async function sendRaw(raw: string): Promise<unknown> {
    const transaction = hexText.parse(raw);
    const hash = await node.request("eth_sendRawTransaction", [transaction]);
    const sent = sentAnswer.parse(await node.request("eth_getTransactionByHash", [hash]));
    const nonce = quantity.parse(await node.request("eth_getTransactionCount", [sent.from, "latest"]));
    // A transaction whose nonce is not the next one waits in the pool until the gap is filled.
    journal.append(sent.nonce === nonce ? { transaction, block: await mineNow() } : { transaction });
    return hash;
  }

  /** Signs for one of the well-known accounts, so that the journal gets a raw transaction like any other. */
  async function sendFromKnownAccount(params: readonly unknown[]): Promise<unknown> {
    const wanted = transactionRequest.parse(params[0]);
    const account = accounts.get(wanted.from);
    if (account === undefined)
      throw new RpcError(-32602, `no key for ${wanted.from}: only the test accounts are unlocked`);
    const gas = wanted.gas ?? bigQuantity.parse(await node.request("eth_estimateGas", [params[0]]));
    const nonce =
      wanted.nonce ?? quantity.parse(await node.request("eth_getTransactionCount", [wanted.from, "pending"]));
    const price = wanted.gasPrice ?? bigQuantity.parse(await node.request("eth_gasPrice"));
    const common = {
      chainId: options.chainId,
      nonce,
      gas,
      to: wanted.to ?? null,
      value: wanted.value ?? 0n,
      data: wanted.data ?? wanted.input ?? "0x",
    } as const;
    const fees: TransactionSerializable =
      wanted.gasPrice !== undefined
        ? { ...common, type: "legacy", gasPrice: wanted.gasPrice }
        : {
            ...common,
            type: "eip1559",
            maxFeePerGas: wanted.maxFeePerGas ?? price * 2n,
            maxPriorityFeePerGas: wanted.maxPriorityFeePerGas ?? 0n,
          };
    return sendRaw(await account.signTransaction(fees));
  }

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_sendRawTransaction":
        return sendRaw(hexText.parse(params[0]));
      case "eth_sendTransaction":
        return sendFromKnownAccount(params);
      case "hardhat_getAutomine":
        return true; // by this module, not by the node; Ignition asks, and would wait for five confirmations
      case "evm_mine":
        journal.append({ block: await mineNow(params[0] === undefined ? undefined : quantity.parse(params[0])) });
        return "0x0";
      case "hardhat_mine":
        await mineMany(quantity.parse(params[0] ?? 1), quantity.parse(params[1] ?? 1));
        return true;
      case "evm_increaseTime":
        await moveClock({ offset: quantity.parse(params[0]) });
        return String(clock.offset);
      case "evm_setNextBlockTimestamp":
        await moveClock({ next: quantity.parse(params[0]) });
        return String(clock.next);
    }
    if (REPLAYABLE.has(method)) {
      const result = await node.request(method, params);
      journal.append({ method, params: [...params] });
      return result;
    }
    if (DEVELOPMENT.test(method) && !HARMLESS.has(method)) {
      throw new RpcError(-32601, `${method} is not supported: this chain keeps a journal, which could not repeat it`);
    }
    return node.request(method, params);
  }

  let queue: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  return {
    request: (method, params = []) => inTurn(() => answer(method, params)),
    keepFresh: (seconds) =>
      inTurn(async () => {
        if (now() + clock.offset - clock.latest >= seconds) journal.append({ block: await mineNow() });
      }),
    replayed,
    close: () =>
      inTurn(async () => {
        journal.close();
        await node.close();
      }),
  };
}
