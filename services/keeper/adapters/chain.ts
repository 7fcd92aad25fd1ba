/**
 * @module services/keeper/adapters/chain
 * The keeper's reads of its own chain node by viem: the latest block first, then everything else at that block in one batch.
 */
import { createPublicClient, defineChain, http, isAddressEqual, zeroAddress, zeroHash } from "viem";
import type { Address } from "@carekey/sdk/bytes";
import { carekeyAbi, emergencyAccessAbi } from "@carekey/sdk/contracts";
import type { Deployment } from "@carekey/sdk/deployment";
import { SdkError } from "@carekey/sdk/errors";
import { createSignatureCheck } from "../../common/signatures.ts";
import type { Chain } from "../ports.ts";

/** A {@link Chain} over JSON-RPC. Opens no connection until it is asked. */
export function createChain(deployment: Deployment, rpcUrl: string): Chain {
  const client = createPublicClient({
    chain: defineChain({
      id: deployment.chainId,
      name: "Carekey",
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [rpcUrl] } },
    }),
    transport: http(rpcUrl, { batch: true, timeout: 5_000, retryCount: 1 }),
    cacheTime: 0,
  });
  const contract = { address: deployment.carekey, abi: carekeyAbi } as const;

  const emergency = { address: deployment.emergencyAccess, abi: emergencyAccessAbi } as const;

  async function guarded<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw new SdkError("CHAIN_UNAVAILABLE", "the chain node does not answer", { cause });
    }
  }

  async function latestBlock() {
    const block = await client.getBlock({ blockTag: "latest" });
    return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
  }

  async function accountOf(address: Address, blockNumber?: bigint) {
    const at = blockNumber === undefined ? {} : { blockNumber };
    const identity = await client.readContract({ ...contract, functionName: "identityOf", args: [address], ...at });
    const { keyHash, role, verifiedUntil, suspended, verifiedSince } = identity;
    return { keyHash, role, verifiedUntil, suspended, verifiedSince };
  }

  return {
    latestBlock: () => guarded(latestBlock),
    accountOf: (address) => guarded(() => accountOf(address)),
    chartHead: (patient) =>
      guarded(async () => {
        const { number, hash } = await latestBlock();
        const read = { ...contract, functionName: "head", args: [patient], blockNumber: BigInt(number) } as const;
        return { head: await client.readContract(read), blockNumber: number, blockHash: hash };
      }),
    isSignedBy: createSignatureCheck(client),
    readEmergency: ({ patient, reader }) =>
      guarded(async () => {
        const block = await latestBlock();
        const blockNumber = BigInt(block.number);
        const at = { ...emergency, blockNumber };
        const id = await client.readContract({ ...at, functionName: "latestOf", args: [reader] });
        const request =
          id === zeroHash ? null : await client.readContract({ ...at, functionName: "requestOf", args: [id] });
        const isCoSigned = request !== null && !isAddressEqual(request.coSigner, zeroAddress);
        const confirmedNumber = blockNumber - BigInt(deployment.confirmations - 1);
        const isPast = deployment.confirmations > 1 && confirmedNumber >= BigInt(deployment.deployBlock);
        const [[settings], head, seniority, requester, coSigner, confirmed] = await Promise.all([
          client.readContract({ ...at, functionName: "settingsOf", args: [patient] }),
          client.readContract({ ...contract, blockNumber, functionName: "head", args: [patient] }),
          client.readContract({ ...at, functionName: "seniority" }),
          accountOf(reader, blockNumber),
          isCoSigned ? accountOf(request.coSigner, blockNumber) : null,
          isPast
            ? client.readContract({ ...at, blockNumber: confirmedNumber, functionName: "requestOf", args: [id] })
            : null,
        ]);
        return {
          block,
          head,
          request: request && { id, ...request },
          isEnabled: settings.enabled,
          round: settings.round,
          isConfirmed: deployment.confirmations === 1 || (confirmed !== null && confirmed.opensAt > 0),
          requester,
          coSigner,
          seniority,
        };
      }),
    readConsent: ({ patient, consentId, grantee, organisation }) =>
      guarded(async () => {
        const block = await latestBlock();
        const blockNumber = BigInt(block.number);
        const at = { ...contract, blockNumber };
        const confirmedNumber = blockNumber - BigInt(deployment.confirmations - 1);
        const [state, revokedBefore, head, account, organisationAccount, membershipUntil, confirmed] =
          await Promise.all([
            client.readContract({ ...at, functionName: "stateOf", args: [patient, consentId] }),
            client.readContract({ ...at, functionName: "revokedBefore", args: [patient] }),
            client.readContract({ ...at, functionName: "head", args: [patient] }),
            accountOf(grantee, blockNumber),
            organisation === null ? null : accountOf(organisation, blockNumber),
            organisation === null
              ? 0
              : client.readContract({ ...at, functionName: "membershipOf", args: [organisation, grantee] }),
            deployment.confirmations === 1 || confirmedNumber < BigInt(deployment.deployBlock)
              ? null
              : client.readContract({
                  ...contract,
                  blockNumber: confirmedNumber,
                  functionName: "stateOf",
                  args: [patient, consentId],
                }),
          ]);
        const [grantedAt, revokedAt] = state;
        return {
          block,
          grantedAt,
          revokedAt,
          revokedBefore,
          head,
          isConfirmed: deployment.confirmations === 1 || (confirmed !== null && confirmed[0] > 0),
          grantee: account,
          organisation: organisationAccount === null ? null : { account: organisationAccount, membershipUntil },
        };
      }),
  };
}
