/**
 * @module chain/organisations
 * Reads of what organisations said: who belongs to them, and where an id that they issued leads.
 */
import { zeroAddress, type PublicClient } from "viem";
import type { Address, Hex } from "../bytes.ts";
import { carekeyAbi } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { createEventReader, guarded } from "./events.ts";

/** What an organisation said of somebody: a member before `validUntil` (seconds), 0 = no longer. */
export type Attestation = { organisation: Address; member: Address; validUntil: number };

/** Where an id leads. `account` null: removed. */
export type IdLink = { issuer: Address; account: Address | null };

/** Reads about organisations. All reject with SdkError CHAIN_UNAVAILABLE when the node fails. */
export type OrganisationReads = {
  /** Until when somebody belongs to it, seconds; 0 = no member. */
  membershipOf(organisation: Address, member: Address): Promise<number>;
  /** Everything an organisation attested, oldest first. */
  attestationsBy(organisation: Address): Promise<Attestation[]>;
  /** Everything attested of somebody, oldest first. */
  attestationsOf(member: Address): Promise<Attestation[]>;
  /** null when nobody ever linked it. */
  resolve(commitment: Hex): Promise<IdLink | null>;
};

/** Reads over the deployment's node. */
export function createOrganisationReads(publicClient: PublicClient, deployment: Deployment): OrganisationReads {
  const contract = { address: deployment.carekey, abi: carekeyAbi } as const;
  const eventLogs = createEventReader({ publicClient, ...contract, deployBlock: BigInt(deployment.deployBlock) });
  const attestations = async (indexed: readonly (Address | null)[]): Promise<Attestation[]> =>
    (await eventLogs(["MembershipAttested"], indexed)).map(({ args }) => ({
      organisation: args.organisation,
      member: args.member,
      validUntil: args.validUntil,
    }));
  return {
    membershipOf: (organisation, member) =>
      guarded(() =>
        publicClient.readContract({ ...contract, functionName: "membershipOf", args: [organisation, member] }),
      ),
    attestationsBy: (organisation) => attestations([organisation]),
    attestationsOf: (member) => attestations([null, member]),
    resolve: (commitment) =>
      guarded(async () => {
        const read = { ...contract, functionName: "resolve", args: [commitment] } as const;
        const [account, issuer] = await publicClient.readContract(read);
        if (issuer === zeroAddress) return null;
        return { issuer, account: account === zeroAddress ? null : account };
      }),
  };
}
