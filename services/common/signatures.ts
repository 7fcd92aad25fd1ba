/**
 * @module services/common/signatures
 * Wallet signatures of people and smart accounts: secp256k1 first, ERC-1271 by the account's code otherwise.
 */
import { hashTypedData, isAddressEqual, isErc6492Signature, recoverAddress } from "viem/utils";
import type { PublicClient, TypedDataDefinition } from "viem";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";

/** Tells whether `account` signed a digest. */
export type SignatureCheck = (input: {
  account: Address;
  digest: Hex;
  signature: Hex;
  blockNumber?: bigint;
}) => Promise<boolean>;

const MAGIC = "0x1626ba7e";
const ERC1271_ABI = [
  {
    type: "function",
    name: "isValidSignature",
    stateMutability: "view",
    inputs: [{ type: "bytes32" }, { type: "bytes" }],
    outputs: [{ type: "bytes4" }],
  },
] as const;

/** Whether the key of `account` itself made the signature; needs no chain. */
export async function isSignedByKey(account: Address, digest: Hex, signature: Hex): Promise<boolean> {
  if (signature.length !== 132) return false;
  try {
    return isAddressEqual(await recoverAddress({ hash: digest, signature }), account);
  } catch {
    return false; // not a point, or s out of range
  }
}

/**
 * A check that asks the account's code (ERC-1271) when its key did not sign. Accounts without code yet (ERC-6492) are refused.
 * @throws SdkError CHAIN_UNAVAILABLE when the node does not answer.
 */
export function createSignatureCheck(client: Pick<PublicClient, "getCode" | "readContract">): SignatureCheck {
  return async ({ account, digest, signature, blockNumber }) => {
    if (await isSignedByKey(account, digest, signature)) return true;
    if (isErc6492Signature(signature)) return false;
    const block = blockNumber === undefined ? {} : { blockNumber };
    let code: Hex | undefined;
    try {
      code = await client.getCode({ address: account, ...block });
    } catch (cause) {
      throw new SdkError("CHAIN_UNAVAILABLE", "the chain node does not answer", { cause });
    }
    if (code === undefined || code === "0x") return false;
    try {
      const answer = await client.readContract({
        address: account,
        abi: ERC1271_ABI,
        functionName: "isValidSignature",
        args: [digest, signature],
        ...block,
      });
      return answer === MAGIC;
    } catch {
      return false; // the account's code reverts or is no ERC-1271 account
    }
  };
}

/**
 * Asserts that `account` signed the typed data.
 * @throws SdkError SIGNATURE_INVALID
 */
export async function assertTypedSignature(
  check: SignatureCheck,
  input: { account: Address; typedData: TypedDataDefinition; signature: Hex; blockNumber?: bigint },
): Promise<void> {
  const { account, typedData, signature, blockNumber } = input;
  const digest = hashTypedData(typedData);
  if (!(await check({ account, digest, signature, ...(blockNumber !== undefined && { blockNumber }) }))) {
    throw new SdkError("SIGNATURE_INVALID", `${typedData.primaryType}: not signed by the account that it names`);
  }
}
