/**
 * @module client/relay-chain
 * What the own node knows about a signed act that somebody else was asked to send: whether it is mined, by whomever, and what it
 * would cost to send it from the own wallet.
 */
import { TransactionReceiptNotFoundError, isAddressEqual } from "viem";
import type { Address, Hex } from "../bytes.ts";
import { guarded, simulateInTime, withAbi, type ContractCall, type SentCall } from "../chain/index.ts";
import { SdkError } from "../errors.ts";
import type { Carekey, OwnCost } from "./types.ts";

/** How far back an act is looked for, in blocks: it is signed minutes before, and never travels longer than an hour. */
const MOST_BLOCKS = 600n;

/** A call as it stands in a transaction. */
export type RawCall = { to: Address; data: Hex };

/** The transaction, if it is mined, final, and indeed this call. @throws SdkError CONTRACT_REVERTED, CHAIN_UNAVAILABLE */
export async function minedAct({ chain, deployment }: Carekey, hash: Hex, call: RawCall): Promise<SentCall | null> {
  const { publicClient } = chain;
  const receipt = await guarded(() => publicClient.getTransactionReceipt({ hash }).catch(noReceipt));
  if (receipt === null) return null;
  const { to, input } = await guarded(() => publicClient.getTransaction({ hash }));
  if (!isCall({ to, input }, call)) return null;
  if (receipt.status !== "success") {
    throw new SdkError("CONTRACT_REVERTED", "the contract refused when the transaction was mined", {
      details: { errorName: null, args: [], txHash: hash },
    });
  }
  const { number: head } = await chain.block();
  if (head < receipt.blockNumber + BigInt(deployment.confirmations) - 1n) return null;
  return { txHash: hash, blockNumber: receipt.blockNumber };
}

/** Finds a call that took effect since block `since`, whoever sent it; null when there is none. @throws SdkError CHAIN_UNAVAILABLE */
export async function findOnChain({ chain }: Carekey, call: RawCall, since: bigint): Promise<SentCall | null> {
  const { number: head } = await chain.block();
  const first = head - since > MOST_BLOCKS ? head - MOST_BLOCKS : since;
  for (let blockNumber = head; blockNumber >= first && blockNumber >= 0n; blockNumber--) {
    const block = await guarded(() => chain.publicClient.getBlock({ blockNumber, includeTransactions: true }));
    for (const transaction of block.transactions.filter((each) => isCall(each, call))) {
      const { hash } = transaction;
      const receipt = await guarded(() => chain.publicClient.getTransactionReceipt({ hash }));
      if (receipt.status === "success") return { txHash: hash, blockNumber };
    }
  }
  return null;
}

/** What a call would cost the own wallet now. @throws SdkError CONTRACT_REVERTED, CHAIN_UNAVAILABLE */
export async function costOf(
  { chain, deployment, wallet }: Carekey,
  act: ContractCall,
): Promise<Omit<OwnCost, "reason">> {
  const { publicClient } = chain;
  const account = wallet.account.address;
  return guarded(async () => {
    const [gas, price, balance] = await Promise.all([
      simulateInTime((blockTag) =>
        publicClient.estimateContractGas({ ...withAbi(deployment, act), account, blockTag }),
      ),
      publicClient.getGasPrice(),
      publicClient.getBalance({ address: account }),
    ]);
    const wei = gas * price;
    return { wei, currency: wallet.chain.nativeCurrency.symbol, isAffordable: balance >= wei };
  });
}

function isCall({ to, input }: { to?: Address | null; input: Hex }, call: RawCall): boolean {
  return to !== null && to !== undefined && isAddressEqual(to, call.to) && input === call.data;
}

function noReceipt(error: unknown): null {
  if (error instanceof TransactionReceiptNotFoundError) return null;
  throw error;
}
