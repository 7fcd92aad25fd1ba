/**
 * @module services/keeper/registration
 * A keeper puts its own key document on chain, once, so that patients can seal shares to it.
 */
import { createPublicClient, createWalletClient, defineChain, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { carekeyAbi, ROLE_KEEPER } from "@carekey/sdk/contracts";
import type { Deployment } from "@carekey/sdk/deployment";
import { SdkError } from "@carekey/sdk/errors";
import type { StoredIdentity } from "./adapters/identity.ts";
import type { Chain } from "./ports.ts";

/**
 * Registers the keeper with role 4 unless it is registered already.
 * @returns whether a transaction was needed.
 * @throws SdkError KEY_MISMATCH when the chain knows another key for this address, CHAIN_UNAVAILABLE when the transaction fails.
 */
export async function registerKeeper(input: {
  deployment: Deployment;
  rpcUrl: string;
  chain: Chain;
  identity: StoredIdentity;
}): Promise<boolean> {
  const { deployment, rpcUrl, chain, identity } = input;
  const known = await chain.accountOf(identity.address);
  if (known.role !== 0) {
    if (known.role === ROLE_KEEPER && known.keyHash === identity.keyHash) return false;
    throw new SdkError("KEY_MISMATCH", "the chain knows this address with another role or key");
  }
  const viemChain = defineChain({
    id: deployment.chainId,
    name: "Carekey",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const account = privateKeyToAccount(identity.privateKey);
  const transport = http(rpcUrl);
  try {
    const hash = await createWalletClient({ account, chain: viemChain, transport }).writeContract({
      address: deployment.carekey,
      abi: carekeyAbi,
      functionName: "register",
      args: [ROLE_KEEPER, identity.keyDocument.digest],
    });
    const client = createPublicClient({ chain: viemChain, transport, pollingInterval: 250 });
    const receipt = await client.waitForTransactionReceipt({ hash, confirmations: deployment.confirmations });
    if (receipt.status !== "success") throw new SdkError("CONTRACT_REVERTED", "the registration was reverted");
    return true;
  } catch (cause) {
    throw new SdkError("CHAIN_UNAVAILABLE", "the keeper cannot register: is its account funded?", { cause });
  }
}
