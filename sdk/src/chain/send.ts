/**
 * @module chain/send
 * Sends one call of one of the contracts from a wallet: simulated first, then confirmed, with every failure as an SdkError.
 */
import type { Abi, Account, Chain, ContractFunctionArgs, ContractFunctionName, Transport, WalletClient } from "viem";
import type { Hex } from "../bytes.ts";
import { contractAbis, type ContractName } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { SdkError } from "../errors.ts";
import type { ChainClient } from "./client.ts";
import { chainFailure } from "./failure.ts";
import { simulateInTime } from "./simulate.ts";

type Abis = typeof contractAbis;
/** The functions of a contract that write. */
export type WriteName<Contract extends ContractName> = ContractFunctionName<Abis[Contract], "nonpayable">;
/** The arguments of such a function. */
export type WriteArgs<Contract extends ContractName, Name extends WriteName<Contract>> = ContractFunctionArgs<
  Abis[Contract],
  "nonpayable",
  Name
>;

/** One call of one of the contracts. Whoever makes one has had its arguments checked against {@link WriteArgs}. */
export type ContractCall = { contract: ContractName; functionName: string; args: readonly unknown[] };

/** A call as viem takes it: with the contract's address and ABI. */
export function withAbi(deployment: Pick<Deployment, ContractName>, { contract, functionName, args }: ContractCall) {
  return { address: deployment[contract], abi: contractAbis[contract] as Abi, functionName, args };
}

/** What {@link sendCall} needs. */
export type SendCall = {
  deployment: Deployment;
  chain: ChainClient;
  wallet: WalletClient<Transport, Chain, Account>;
  call: ContractCall;
  /** Called when the wallet has handed the transaction to the network, and again with another hash when it is sped up. */
  onSent?: (txHash: Hex) => void;
};

/** A confirmed transaction. */
export type SentCall = { txHash: Hex; blockNumber: bigint };

/**
 * Simulates, sends and waits for the deployment's number of confirmations.
 * @throws SdkError CONTRACT_REVERTED (before the wallet is asked), SIGNATURE_REFUSED, INSUFFICIENT_FUNDS, WRONG_NETWORK,
 * TRANSACTION_REPLACED (cancelled or replaced by another call in the wallet), CHAIN_UNAVAILABLE.
 */
export async function sendCall({ deployment, chain, wallet, call, onSent }: SendCall): Promise<SentCall> {
  try {
    const walletChainId = await wallet.getChainId();
    if (walletChainId !== deployment.chainId) {
      throw new SdkError("WRONG_NETWORK", `the wallet is on chain ${walletChainId}, not ${deployment.chainId}`);
    }
    const { request } = await simulateInTime((blockTag) =>
      chain.publicClient.simulateContract({ ...withAbi(deployment, call), account: wallet.account, blockTag }),
    );
    const sent = await wallet.writeContract({ ...request, chain: wallet.chain, account: wallet.account });
    onSent?.(sent);
    let replacement: "cancelled" | "replaced" | "repriced" | null = null;
    const receipt = await chain.publicClient.waitForTransactionReceipt({
      hash: sent,
      confirmations: deployment.confirmations,
      onReplaced: ({ reason, transaction }) => {
        replacement = reason;
        if (reason === "repriced") onSent?.(transaction.hash);
      },
    });
    if (replacement === "cancelled" || replacement === "replaced") {
      throw new SdkError("TRANSACTION_REPLACED", `the transaction was ${replacement} in the wallet`);
    }
    if (receipt.status !== "success") {
      throw new SdkError("CONTRACT_REVERTED", "the contract refused when the transaction was mined", {
        details: { errorName: null, args: [], txHash: receipt.transactionHash },
      });
    }
    return { txHash: receipt.transactionHash, blockNumber: receipt.blockNumber };
  } catch (error) {
    throw chainFailure(error);
  }
}
