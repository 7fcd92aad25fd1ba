/**
 * @module test/e2e/support/newcomers
 * People who are registered before their first page opens, for journeys in which registering is not the point.
 */
import {
  createWalletClient,
  encodeAbiParameters,
  fromHex as numberFromHex,
  http,
  keccak256,
  numberToHex,
  pad,
  type Hex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { demoPrivateKey } from "../../../scripts/common/people.ts";
import { chainOf } from "../../../sdk/src/chain/index.ts";
import { createCarekey, registerPerson, type Carekey, type Person } from "../../../sdk/src/client/index.ts";
import { sendAct } from "../../../sdk/src/client/context.ts";
import { newSeed } from "../../../sdk/src/crypto/index.ts";
import layouts from "../../snapshots/storage-layout.json" with { type: "json" };
import { world } from "./world.ts";

const REGISTRAR_ACCOUNT = 0;
const YEAR = 365 * 86_400;
const FORTNIGHT = 14 * 86_400;

/** The client layer for one of the local chain's accounts. */
export function carekeyOf(account: number): Carekey {
  const { stack } = world();
  const deployment = { ...stack.deployment, gatewayUrl: stack.appUrl };
  const signer = privateKeyToAccount(demoPrivateKey(account));
  const transport = http(deployment.rpcUrl);
  return createCarekey({
    deployment,
    wallet: createWalletClient({ account: signer, chain: chainOf(deployment), transport }),
  });
}

/** Registers somebody under a passphrase. */
export async function registerNewcomer(
  account: number,
  who: { role: 1 | 2; name: string; passphrase: string },
): Promise<{ carekey: Carekey; person: Person }> {
  const carekey = carekeyOf(account);
  const display: Record<string, string> = who.role === 1 ? {} : { name: who.name, speciality: "Emergency medicine" };
  const person = await registerPerson(carekey, {
    seed: newSeed(),
    role: who.role,
    display,
    passphrase: who.passphrase,
  });
  return { carekey, person };
}

/** Verifies a clinician for a year, and writes into the local chain that this was a fortnight ago. */
export async function verifyLongAgo({ address }: Pick<Person, "address">): Promise<void> {
  const registrar = carekeyOf(REGISTRAR_ACCOUNT);
  const validUntil = registrar.now() + YEAR;
  await sendAct(registrar, "verify", [address, validUntil, keccak256(address)], "Verify", {});
  const { carekey: contract, rpcUrl } = world().stack.deployment;
  const slot = layouts.Carekey.find(({ label }) => label === "_identities")!.slot;
  const types = [{ type: "address" }, { type: "uint256" }] as const;
  const at = keccak256(encodeAbiParameters(types, [address, BigInt(slot)]));
  const stored = pad((await registrar.chain.publicClient.getStorageAt({ address: contract, slot: at })) ?? "0x");
  // verifiedSince is the last field, so the highest four bytes of the slot.
  const since = numberFromHex(`0x${stored.slice(2, 10)}`, "number") - FORTNIGHT;
  const older: Hex = `${numberToHex(since, { size: 4 })}${stored.slice(10)}`;
  const body = { jsonrpc: "2.0", id: 1, method: "hardhat_setStorageAt", params: [contract, at, older] };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(rpcUrl, { method: "POST", headers, body: JSON.stringify(body) });
  const reply = (await answer.json()) as { error?: { message: string } };
  if (reply.error !== undefined) throw new Error(reply.error.message);
}
