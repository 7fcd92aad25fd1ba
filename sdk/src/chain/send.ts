/**
 * @module chain/send
 * Sends one call of one of the contracts from a wallet: simulated first, then confirmed, with every failure as an SdkError.
 */
import type { Account, Chain, ContractFunctionArgs, ContractFunctionName, Transport, WalletClient } from "viem";
import type { Hex } from "../bytes.ts";
import { contractAbis, type ContractName } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { SdkError } from "../errors.ts";
import type { ChainClient } from "./client.ts";
import { chainFailure } from "./failure.ts";

type Abis = typeof contractAbis;
/** The functions of a contract that write. */
export type WriteName<Contract extends ContractName> = ContractFunctionName<Abis[Contract], "nonpayable">;
/** The arguments of such a function. */
export type WriteArgs<Contract extends ContractName, Name extends WriteName<Contract>> = ContractFunctionArgs<
  Abis[Contract],
  "nonpayable",
  Name
>;

/** What {@link sendCall} needs. */
export type SendCall<Contract extends ContractName, Name extends WriteName<Contract>> = {
  deployment: Deployment;
  chain: ChainClient;
  wallet: WalletClient<Transport, Chain, Account>;
  contract: Contract;
  functionName: Name;
  args: WriteArgs<Contract, Name>;
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
export async function sendCall<Contract extends ContractName, const Name extends WriteName<Contract>>(
  call: SendCall<Contract, Name>,
): Promise<SentCall> {
  const { deployment, chain, wallet, contract, functionName, args } = call;
  try {
    const walletChainId = await wallet.getChainId();
    if (walletChainId !== deployment.chainId) {
      throw new SdkError("WRONG_NETWORK", `the wallet is on chain ${walletChainId}, not ${deployment.chainId}`);
    }
    const parameters = {
      address: deployment[contract],
      abi: contractAbis[contract],
      functionName,
      args,
      account: wallet.account,
    } as const;
    const { request } = await chain.publicClient.simulateContract(
      parameters as unknown as Parameters<typeof chain.publicClient.simulateContract>[0],
    );
    const sent = await wallet.writeContract({ ...request, chain: wallet.chain, account: wallet.account } as Parameters<
      typeof wallet.writeContract
    >[0]);
    call.onSent?.(sent);
    let replacement: "cancelled" | "replaced" | "repriced" | null = null;
    const receipt = await chain.publicClient.waitForTransactionReceipt({
      hash: sent,
      confirmations: deployment.confirmations,
      onReplaced: ({ reason, transaction }) => {
        replacement = reason;
        if (reason === "repriced") call.onSent?.(transaction.hash);
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
