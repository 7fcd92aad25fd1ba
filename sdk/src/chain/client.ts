/**
 * @module chain/client
 * Reads the law: identities, consents, charts and the events behind them. One client talks to one node.
 */
import { createPublicClient, defineChain, http, type PublicClient, type Transport } from "viem";
import type { Address, Hex } from "../bytes.ts";
import { actsFromLogs, type ChartAct } from "../chart/index.ts";
import { carekeyAbi, contractAbis, type ContractName } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { readAdministrativeEvents, type AdministrativeEvent } from "./administration.ts";
import { createEmergencyReads, type EmergencyReads } from "./emergency.ts";
import { createEventReader, guarded } from "./events.ts";
import { createOrganisationReads, type OrganisationReads } from "./organisations.ts";
import { createSuccessionReads, type SuccessionReads } from "./succession.ts";

/** What the chain says of one account. */
export type Identity = {
  address: Address;
  /** First 20 bytes of the sha-256 of the key document; zero when not registered. */
  keyHash: Hex;
  /** 0 none, 1 patient, 2 clinician, 3 organisation, 4 keeper. */
  role: number;
  /** Seconds; 0 when never verified. */
  verifiedUntil: number;
  suspended: boolean;
  /** Seconds; when the current verification began, or began again after a lapse or suspension. */
  verifiedSince: number;
};

/** A block, as far as flows need it. */
export type BlockRef = { number: bigint; hash: Hex; timestamp: number };

/** State of one consent on chain, seconds. */
export type ConsentState = { grantedAt: number; revokedAt: number; revokedBefore: number };

/** A `Granted` event of a patient. */
export type GrantedEvent = { consentId: Hex; bundle: Hex; grantedAt: number; blockNumber: bigint };

/** Reads of one deployment over one node. All reject with SdkError CHAIN_UNAVAILABLE when the node fails. */
export type ChainClient = {
  publicClient: PublicClient;
  emergency: EmergencyReads;
  organisations: OrganisationReads;
  succession: SuccessionReads;
  /** The latest block, or the one with this number. */
  block(number?: bigint): Promise<BlockRef>;
  identityOf(account: Address, blockNumber?: bigint): Promise<Identity>;
  isVerified(account: Address): Promise<boolean>;
  isRegistrar(account: Address): Promise<boolean>;
  headOf(patient: Address, blockNumber?: bigint): Promise<Hex>;
  consentState(patient: Address, consentId: Hex, blockNumber?: bigint): Promise<ConsentState>;
  /** The next nonce of an account's signed acts in one of the contracts: each counts its own. */
  nonceOf(account: Address, contract: ContractName): Promise<bigint>;
  /** Every act on a patient's chart up to `toBlock`, in order. */
  chartActs(patient: Address, toBlock: bigint, fromBlock?: bigint): Promise<ChartAct[]>;
  grantsOf(patient: Address): Promise<GrantedEvent[]>;
  /** Digests of all key documents an account ever registered, oldest first. */
  keyDocumentDigestsOf(account: Address): Promise<Hex[]>;
  /** What registrars and administrators did, oldest first. */
  administrativeEvents(): Promise<AdministrativeEvent[]>;
  /** Every account that registered with one of the roles. */
  registeredAccounts(roles: readonly number[]): Promise<Address[]>;
};

/** Events that belong to a chart. */
const CHART_EVENTS = ["Submitted", "Added", "Decided", "BatchDecided", "Noted"] as const;

/** viem's chain object of a deployment. */
export function chainOf(deployment: Pick<Deployment, "chainId" | "rpcUrl">) {
  return defineChain({
    id: deployment.chainId,
    name: deployment.chainId === 31337 ? "Carekey local" : `Chain ${deployment.chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [deployment.rpcUrl] } },
  });
}

/**
 * A client of the deployment's contract.
 * @param transport - viem transport; default HTTP to the deployment's `rpcUrl`.
 */
export function createChainClient(options: { deployment: Deployment; transport?: Transport }): ChainClient {
  const { deployment } = options;
  const chain = chainOf(deployment);
  const publicClient: PublicClient = createPublicClient({
    chain,
    transport: options.transport ?? http(deployment.rpcUrl, { batch: { wait: 8 }, retryCount: 2 }),
    pollingInterval: deployment.chainId === 31337 ? 250 : 2_000,
    cacheTime: 0,
  });
  const contract = { address: deployment.carekey, abi: carekeyAbi } as const;
  const deployBlock = BigInt(deployment.deployBlock);

  const eventLogs = createEventReader({ publicClient, ...contract, deployBlock });

  return {
    publicClient,
    emergency: createEmergencyReads(publicClient, deployment),
    organisations: createOrganisationReads(publicClient, deployment),
    succession: createSuccessionReads(publicClient, deployment),
    block: (number) =>
      guarded(async () => {
        const block = await publicClient.getBlock(
          number === undefined ? { blockTag: "latest" } : { blockNumber: number },
        );
        return { number: block.number, hash: block.hash, timestamp: Number(block.timestamp) };
      }),
    identityOf: (account, blockNumber) =>
      guarded(async () => {
        const identity = await publicClient.readContract({
          ...contract,
          functionName: "identityOf",
          args: [account],
          blockNumber,
        });
        return {
          address: account,
          keyHash: identity.keyHash,
          role: identity.role,
          verifiedUntil: identity.verifiedUntil,
          suspended: identity.suspended,
          verifiedSince: identity.verifiedSince,
        };
      }),
    isVerified: (account) =>
      guarded(() => publicClient.readContract({ ...contract, functionName: "isVerified", args: [account] })),
    isRegistrar: (account) =>
      guarded(async () => {
        const role = await publicClient.readContract({ ...contract, functionName: "REGISTRAR_ROLE" });
        return publicClient.readContract({ ...contract, functionName: "hasRole", args: [role, account] });
      }),
    headOf: (patient, blockNumber) =>
      guarded(() => publicClient.readContract({ ...contract, functionName: "head", args: [patient], blockNumber })),
    consentState: (patient, consentId, blockNumber) =>
      guarded(async () => {
        const [[grantedAt, revokedAt], revokedBefore] = await Promise.all([
          publicClient.readContract({ ...contract, functionName: "stateOf", args: [patient, consentId], blockNumber }),
          publicClient.readContract({ ...contract, functionName: "revokedBefore", args: [patient], blockNumber }),
        ]);
        return { grantedAt, revokedAt, revokedBefore };
      }),
    nonceOf: (account, name) =>
      guarded(() =>
        publicClient.readContract({
          address: deployment[name],
          abi: contractAbis[name],
          functionName: "nonces",
          args: [account],
        }),
      ),
    chartActs: async (patient, toBlock, fromBlock) =>
      actsFromLogs(await eventLogs(CHART_EVENTS, [patient], toBlock, fromBlock)),
    grantsOf: async (patient) =>
      (await eventLogs(["Granted"], [patient])).map(({ args, blockNumber }) => ({
        consentId: args.consentId,
        bundle: args.bundle,
        grantedAt: args.grantedAt,
        blockNumber,
      })),
    keyDocumentDigestsOf: async (account) =>
      (await eventLogs(["Registered", "KeyRotated"], [account])).map(({ args }) => args.keyDocument),
    administrativeEvents: () => readAdministrativeEvents(publicClient, deployment),
    registeredAccounts: async (roles) => {
      const logs = await eventLogs(["Registered"], []);
      return logs.filter(({ args }) => roles.includes(args.role)).map(({ args }) => args.account);
    },
  };
}
