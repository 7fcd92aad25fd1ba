/**
 * @module client/context
 * Builds the ports of a flow, and the two things every flow does with a wallet: sign typed data and send a call.
 */
import type { Transport, TypedDataDefinition } from "viem";
import { toHex, type Address, type Hex } from "../bytes.ts";
import {
  chainFailure,
  createChainClient,
  type ContractCall,
  type SentCall,
  type WriteArgs,
  type WriteName,
} from "../chain/index.ts";
import type { ContractName } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import { SdkError } from "../errors.ts";
import { createGatewayClient } from "../gateway/index.ts";
import { createBlockClient } from "../ipfs/index.ts";
import { createKeeperClient } from "../keeper/index.ts";
import { awaitActs, payFor, relayState, sendSigned, simulateCall } from "./relay.ts";
import { hasSignedForm, isSigned, roundedAccountOf, signedFormOf, type Bound } from "./signed-forms.ts";
import type { ActOptions, Carekey, PrivateStore, Wallet } from "./types.ts";

/** Inputs of {@link createCarekey}. */
export type CarekeyOptions = {
  deployment: Deployment;
  wallet: Wallet;
  /** viem transport to read the chain with; default HTTP to the deployment's node. */
  transport?: Transport;
  fetch?: typeof fetch;
  /** Where this device keeps ciphertext of the private state; default memory. */
  store?: PrivateStore;
  now?: () => number;
};

/** A store that forgets when the process ends. */
export function memoryStore(): PrivateStore {
  const values = new Map<string, Uint8Array>();
  return {
    get: (key) => Promise.resolve(values.get(key) ?? null),
    put: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

/** The ports of one wallet on one deployment. Opens no connection. */
export function createCarekey(options: CarekeyOptions): Carekey {
  const { deployment, wallet } = options;
  const gateway = createGatewayClient({
    baseUrl: deployment.gatewayUrl,
    chainId: deployment.chainId,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  return {
    deployment,
    wallet,
    chain: createChainClient({ deployment, transport: options.transport }),
    gateway,
    ipfs: createBlockClient({ url: deployment.gatewayUrl, headers: gateway.headers }),
    keepers: deployment.keepers.map((keeper) => createKeeperClient({ ...keeper, fetch: options.fetch })),
    store: options.store ?? memoryStore(),
    now: options.now ?? (() => Math.floor(Date.now() / 1000)),
  };
}

/** The address of the wallet. */
export function addressOf(carekey: Carekey): Address {
  return carekey.wallet.account.address;
}

/**
 * Throws CANCELLED when the person stopped the flow.
 * @throws SdkError CANCELLED
 */
export function assertNotCancelled(options: ActOptions): void {
  if (options.signal?.aborted) throw new SdkError("CANCELLED", "stopped by the person");
}

/** Asks the wallet for a typed-data signature. @throws SdkError SIGNATURE_REFUSED, WRONG_NETWORK */
export async function signAct(
  carekey: Carekey,
  typedData: TypedDataDefinition,
  label: string,
  options: ActOptions,
): Promise<Hex> {
  assertNotCancelled(options);
  options.onStep?.({ kind: "sign", label });
  try {
    return await carekey.wallet.signTypedData({ ...typedData, account: carekey.wallet.account });
  } catch (error) {
    throw chainFailure(error);
  }
}

/** How long a signed act may travel, seconds. */
export const ACT_LIFETIME = 3_600;

/** Does one act of the Carekey contract and waits until it is final: {@link sendActTo}. */
export function sendAct<const Name extends WriteName<"carekey">>(
  carekey: Carekey,
  functionName: Name,
  args: WriteArgs<"carekey", Name>,
  label: string,
  options: ActOptions,
): Promise<SentCall> {
  return sendActTo(carekey, "carekey", functionName, args, label, options);
}

/**
 * Does one act of any contract of the deployment and waits until it is final. What has a signed form is signed, and the gateway
 * sends it and pays; the wallet sends the rest, and whatever the gateway does not pay for.
 * @throws SdkError CONTRACT_REVERTED (before the wallet is asked), CANCELLED (the person would not pay), OUTCOME_UNKNOWN (the same,
 * after the gateway may have taken it), or as sendCall
 */
export async function sendActTo<Contract extends ContractName, const Name extends WriteName<Contract>>(
  carekey: Carekey,
  contract: Contract,
  functionName: Name,
  args: WriteArgs<Contract, Name>,
  label: string,
  options: ActOptions,
): Promise<SentCall> {
  assertNotCancelled(options);
  const call: ContractCall = { contract, functionName, args: args as readonly unknown[] };
  if (isSigned(call)) return sendSigned(carekey, call, label, options);
  if (!hasSignedForm(call)) return payFor(carekey, call, label, options, { reason: "off" });
  const relay = await relayState(carekey);
  await awaitActs(carekey, relay.open, options);
  if (!relay.available) return payFor(carekey, call, label, options, { reason: relay.reason });
  await simulateCall(carekey, call);
  const form = signedFormOf(call, await boundOf(carekey, call));
  const signature = await signAct(carekey, form.typedData, label, options);
  return sendSigned(carekey, form.callWith(signature), label, options, relay);
}

/** What an act is signed for: this account, its number in the contract, the coming hour. */
async function boundOf(carekey: Carekey, call: ContractCall): Promise<Bound> {
  const { deployment, chain } = carekey;
  const account = addressOf(carekey);
  const roundOf = roundedAccountOf(call);
  const [nonce, { timestamp }] = await Promise.all([
    roundOf === null
      ? chain.nonceOf(account, call.contract)
      : chain.succession.guardianshipOf(roundOf).then(({ round }) => BigInt(round)),
    chain.block(),
  ]);
  return { deployment, account, nonce, deadline: Math.max(timestamp, carekey.now()) + ACT_LIFETIME };
}

/** Fresh random bytes. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A fresh random bytes32. */
export function randomHex32(): Hex {
  return toHex(randomBytes(32));
}
