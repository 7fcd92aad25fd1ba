/**
 * @module chain/transaction
 * What one transaction did, by the events that the deployment's contracts wrote in it.
 */
import { TransactionReceiptNotFoundError, parseEventLogs, type PublicClient } from "viem";
import type { Hex } from "../bytes.ts";
import { carekeyAbi, emergencyAccessAbi, successionAbi, type ContractName } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { chainFailure } from "./failure.ts";

/** The events of one transaction, in order. */
export type TransactionEvents = Awaited<ReturnType<typeof readTransaction>>;

/**
 * The events of a transaction; those of other contracts are left out.
 * @returns null when the chain does not hold it (any more).
 * @throws SdkError CHAIN_UNAVAILABLE
 */
export async function transactionEvents(
  publicClient: PublicClient,
  deployment: Pick<Deployment, ContractName>,
  hash: Hex,
): Promise<TransactionEvents | null> {
  try {
    return await readTransaction(publicClient, deployment, hash);
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return null;
    throw chainFailure(error);
  }
}

async function readTransaction(
  publicClient: PublicClient,
  { carekey, emergencyAccess, succession }: Pick<Deployment, ContractName>,
  hash: Hex,
) {
  const { logs } = await publicClient.getTransactionReceipt({ hash });
  const by = (contract: Hex) => logs.filter(({ address }) => address.toLowerCase() === contract.toLowerCase());
  return [
    ...parseEventLogs({ abi: carekeyAbi, logs: by(carekey), strict: true }),
    ...parseEventLogs({ abi: emergencyAccessAbi, logs: by(emergencyAccess), strict: true }),
    ...parseEventLogs({ abi: successionAbi, logs: by(succession), strict: true }),
  ];
}
