/**
 * @module services/gateway/adapters/relay-chain
 * The relay's side of the chain over viem: one account that pays, one node.
 */
import { BaseError, TransactionReceiptNotFoundError, TransactionNotFoundError, type PublicClient } from "viem";
import type { LocalAccount } from "viem/accounts";
import { chainFailure, simulateInTime } from "@carekey/sdk/chain";
import { SdkError } from "@carekey/sdk/errors";
import { decodeFunctionData, isAddressEqual, keccak256 } from "viem/utils";
import type { AllowedContract } from "../relay/allow-list.ts";
import type { RelayChain } from "../relay/types.ts";

/** What a node says of a transaction that it has, or has had, already. */
const KNOWN = /already known|already imported|known transaction|nonce too low|already exists/i;
const NO_FUNDS = /insufficient funds|enough (funds|balance)/i;

/**
 * The chain for one paying account.
 * @param contracts - those that calls go to, so that their errors keep their names.
 */
export function createRelayChain(
  client: PublicClient,
  account: LocalAccount,
  contracts: readonly AllowedContract[],
): RelayChain {
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw chainFailure(error);
    }
  }
  return {
    relayer: account.address,
    simulate: ({ to, data }) => {
      const { abi } = contracts.find(({ address }) => isAddressEqual(address, to))!;
      const call = { ...decodeFunctionData({ abi, data }), address: to, abi, account: account.address };
      return simulateInTime((blockTag) => client.estimateContractGas({ ...call, blockTag }));
    },
    nonce: (blockTag) => guarded(() => client.getTransactionCount({ address: account.address, blockTag })),
    balance: () => guarded(() => client.getBalance({ address: account.address })),
    fees: () =>
      guarded(async () => {
        const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas();
        return { maxFee: maxFeePerGas, tip: maxPriorityFeePerGas };
      }),
    blockNumber: () => guarded(() => client.getBlockNumber({ cacheTime: 0 })),
    async sign({ nonce, to, data, gas, maxFee, tip }) {
      const raw = await account.signTransaction({
        type: "eip1559",
        chainId: client.chain!.id,
        nonce,
        to,
        data,
        gas: BigInt(gas),
        maxFeePerGas: maxFee,
        maxPriorityFeePerGas: tip,
      });
      return { hash: keccak256(raw), raw };
    },
    async broadcast(raw) {
      try {
        await client.sendRawTransaction({ serializedTransaction: raw });
      } catch (error) {
        const text = error instanceof BaseError ? `${error.message} ${error.details}` : String(error);
        if (KNOWN.test(text)) return;
        if (NO_FUNDS.test(text))
          throw new SdkError("INSUFFICIENT_FUNDS", "the relayer's account is empty", { cause: error });
        throw chainFailure(error);
      }
    },
    knows: (hash) =>
      guarded(() =>
        client.getTransaction({ hash }).then(
          () => true,
          (error: unknown) => {
            if (error instanceof TransactionNotFoundError) return false;
            throw error;
          },
        ),
      ),
    receipt: (hash) =>
      guarded(async () => {
        try {
          const receipt = await client.getTransactionReceipt({ hash });
          return {
            blockNumber: receipt.blockNumber,
            succeeded: receipt.status === "success",
            cost: receipt.gasUsed * receipt.effectiveGasPrice,
          };
        } catch (error) {
          if (error instanceof TransactionReceiptNotFoundError) return null;
          throw error;
        }
      }),
  };
}
