/**
 * @module test/support/actors
 * People at devices without a screen: the sdk's client with a wallet, on a running stack.
 */
import { createWalletClient, custom, http, type EIP1193RequestFn, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainOf } from "@carekey/sdk/chain";
import { createCarekey, registerPerson, type Carekey, type Person } from "@carekey/sdk/client";
import { newSeed } from "@carekey/sdk/crypto";
import type { Deployment } from "@carekey/sdk/deployment";
import { demoPrivateKey } from "../../scripts/common/people.ts";

/** A person at a device of their own. */
export type Actor = { carekey: Carekey; person: Person; seed: Uint8Array; key: Hex };

/** A device of whoever has the private key; `rpc` stands in for the chain's node when it reads. */
export function openDevice(deployment: Deployment, key: Hex, rpc?: EIP1193RequestFn): Carekey {
  const account = privateKeyToAccount(key);
  const wallet = createWalletClient({ account, chain: chainOf(deployment), transport: http(deployment.rpcUrl) });
  return createCarekey({
    deployment,
    wallet,
    ...(rpc === undefined ? {} : { transport: custom({ request: rpc }) }),
  });
}

/**
 * Registers somebody with keys of their own.
 * @param options - `account`: index of a funded account of the local chain; `role`: 1 patient, 2 clinician, 3 organisation.
 */
export async function joinAs(
  deployment: Deployment,
  options: { account: number; role: 1 | 2 | 3; display?: Record<string, string>; passphrase: string },
): Promise<Actor> {
  const { role, display = {}, passphrase } = options;
  const key = demoPrivateKey(options.account);
  const carekey = openDevice(deployment, key);
  const seed = newSeed();
  return { carekey, seed, key, person: await registerPerson(carekey, { seed, role, display, passphrase }) };
}
