/**
 * @module chain/failure
 * Turns what wallets and nodes throw into an {@link SdkError} with a code. Nothing else in the sdk looks into viem's errors.
 */
import {
  BaseError,
  ContractFunctionRevertedError,
  InsufficientFundsError,
  UserRejectedRequestError,
  HttpRequestError,
  TimeoutError,
  ChainMismatchError,
  WaitForTransactionReceiptTimeoutError,
} from "viem";
import { SdkError } from "../errors.ts";

/** The EIP-1193 code of a refusal by the person. */
const USER_REJECTED = 4001;

function isRefusal(error: BaseError): boolean {
  return (
    error.walk(
      (cause) => cause instanceof UserRejectedRequestError || (cause as { code?: unknown }).code === USER_REJECTED,
    ) !== null
  );
}

/**
 * The {@link SdkError} for a failure of a wallet or node. Passes an SdkError through.
 * @returns SIGNATURE_REFUSED, INSUFFICIENT_FUNDS, WRONG_NETWORK, CONTRACT_REVERTED (details: errorName, args), or CHAIN_UNAVAILABLE.
 */
export function chainFailure(error: unknown): SdkError {
  if (error instanceof SdkError) return error;
  if (!(error instanceof BaseError)) {
    if ((error as { code?: unknown } | null)?.code === USER_REJECTED) {
      return new SdkError("SIGNATURE_REFUSED", "the wallet was closed or the signature refused", { cause: error });
    }
    return new SdkError("CHAIN_UNAVAILABLE", "the wallet or the chain's node failed", { cause: error });
  }
  if (isRefusal(error)) {
    return new SdkError("SIGNATURE_REFUSED", "the wallet was closed or the signature refused", { cause: error });
  }
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError) {
    return new SdkError(
      "CONTRACT_REVERTED",
      `the contract refused: ${reverted.data?.errorName ?? reverted.reason ?? "no reason"}`,
      {
        cause: error,
        details: { errorName: reverted.data?.errorName ?? null, args: reverted.data?.args ?? [] },
      },
    );
  }
  if (error.walk((cause) => cause instanceof InsufficientFundsError) !== null) {
    return new SdkError("INSUFFICIENT_FUNDS", "the wallet has not enough to pay for the transaction", { cause: error });
  }
  if (error.walk((cause) => cause instanceof ChainMismatchError) !== null) {
    return new SdkError("WRONG_NETWORK", "the wallet is on another network", { cause: error });
  }
  const unreachable = error.walk(
    (cause) =>
      cause instanceof HttpRequestError ||
      cause instanceof TimeoutError ||
      cause instanceof WaitForTransactionReceiptTimeoutError,
  );
  return new SdkError(
    "CHAIN_UNAVAILABLE",
    unreachable === null ? "the chain's node refused the call" : "the chain's node does not answer",
    {
      cause: error,
    },
  );
}
