/**
 * @module test/services/gateway/relay/support
 * A gateway with a relay over a real chain, and people who sign acts for it.
 */
import { encodeFunctionData, keccak256, numberToHex, type Abi } from "viem";
import { generatePrivateKey, privateKeyToAccount, type HDAccount, type PrivateKeyAccount } from "viem/accounts";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { grantTypedData, revokeTypedData, type ConsentTerms } from "@carekey/sdk/consent";
import { carekeyAbi } from "@carekey/sdk/contracts";
import type { Deployment } from "@carekey/sdk/deployment";
import { createLog } from "../../../../services/common/log.ts";
import { createRelayChain } from "../../../../services/gateway/adapters/relay-chain.ts";
import { createRelayStore } from "../../../../services/gateway/adapters/relay-store.ts";
import { allowedActs } from "../../../../services/gateway/relay/allow-list.ts";
import { createRelayer } from "../../../../services/gateway/relay/relayer.ts";
import { defaultRelayLimits, type RelayLimits } from "../../../../services/gateway/relay/types.ts";
import { signedFormOf } from "../../../../sdk/src/client/signed-forms.ts";
import { openGateway, startChain, temporaryFolder, type FreshGateway, type TestChain } from "../fixture.ts";

/** The contract's ABI for calls whose name is not known to the compiler. */
const abi: Abi = carekeyAbi;

/** A call as the relay takes it. */
export type Call = { to: Address; data: Hex };

/** Digest number `index`, for acts that name one. */
export const digest = (index: number): Hex => keccak256(numberToHex(index));

/** A chain, a gateway over it, and a relayer with ten ether. */
export async function openRelay(limits: Partial<RelayLimits> = {}) {
  const chain = await startChain();
  const folder = await temporaryFolder();
  const account = privateKeyToAccount(generatePrivateKey());
  await chain.request("hardhat_setBalance", [account.address, "0x8ac7230489e80000"]);
  const opened = await openGateway(chain, folder.path);
  let beginning = await chain.request("evm_snapshot");
  return {
    ...(await relayOver(chain, opened, account, limits)),
    /** The same with chain and database as they were. Quicker than another one. */
    async anew() {
      await chain.request("evm_revert", [beginning]);
      beginning = await chain.request("evm_snapshot");
      await chain.request("evm_setAutomine", [true]); // a snapshot does not hold it
      return relayOver(chain, await opened.anew(), account, limits);
    },
    async close() {
      await opened.close();
      await chain.close();
      await folder.release();
    },
  };
}

async function relayOver(
  chain: TestChain,
  gateway: FreshGateway,
  account: PrivateKeyAccount,
  limits: Partial<RelayLimits>,
) {
  const store = createRelayStore(gateway.database);
  const relayChain = createRelayChain(chain.publicClient, account, allowedActs(chain.deployment));
  /** Another relayer over the same account and database, as after a restart. */
  const relayerWith = (changes: Partial<RelayLimits> = {}, over: Partial<typeof relayChain> = {}) =>
    createRelayer({
      chain: { ...relayChain, ...over },
      store,
      limits: { ...defaultRelayLimits, ...limits, ...changes },
      confirmations: 1,
      now: () => gateway.clock.seconds,
      log: createLog({ name: "gateway", level: "silent" }),
    });
  const relay = relayerWith();
  const app = await gateway.variant({ relay });
  return { chain, gateway, account, store, relay, relayChain, relayerWith, app };
}

/** What {@link openRelay} gives. */
export type TestRelay = Awaited<ReturnType<typeof openRelay>>;
/** The same on a ground that somebody else opened and will close. */
export type FreshRelay = Awaited<ReturnType<TestRelay["anew"]>>;

/** What signing an act needs of a chain. */
export type Signing = { deployment: Deployment; publicClient: TestChain["publicClient"]; now(): Promise<number> };

/** An act that `person` signed, as a call; `nonce` defaults to the next one on chain. */
export async function signed(
  { deployment, publicClient, now }: Signing,
  person: HDAccount,
  functionName: string,
  args: readonly unknown[],
  nonce?: bigint,
): Promise<Call> {
  const account = person.address;
  const bound = {
    deployment,
    account,
    nonce:
      nonce ??
      (await publicClient.readContract({
        address: deployment.carekey,
        abi: carekeyAbi,
        functionName: "nonces",
        args: [account],
      })),
    deadline: (await now()) + 3_600,
  };
  const form = signedFormOf({ contract: "carekey", functionName, args }, bound);
  const call = form.callWith(await person.signTypedData(form.typedData));
  return {
    to: deployment.carekey,
    data: encodeFunctionData({ abi, functionName: call.functionName, args: call.args }),
  };
}

/** A grant that `person` signed. */
export async function signedGrant(
  { deployment, now }: Signing,
  person: HDAccount,
  terms: ConsentTerms,
  id: Hex,
): Promise<Call> {
  const signedAt = await now();
  const deadline = signedAt + 3_600;
  const signature = await person.signTypedData(
    grantTypedData({ deployment, terms, bundle: digest(1), signedAt, deadline }),
  );
  const args = [person.address, id, digest(1), signedAt, deadline, signature] as const;
  return { to: deployment.carekey, data: encodeFunctionData({ abi: carekeyAbi, functionName: "grantBySig", args }) };
}

/** A revoke that `person` signed. */
export async function signedRevoke({ deployment, now }: Signing, person: HDAccount, consentId: Hex): Promise<Call> {
  const deadline = (await now()) + 3_600;
  const patient = person.address;
  const signature = await person.signTypedData(revokeTypedData({ deployment, patient, consentId, deadline }));
  const args = [patient, consentId, deadline, signature] as const;
  return { to: deployment.carekey, data: encodeFunctionData({ abi: carekeyAbi, functionName: "revokeBySig", args }) };
}
