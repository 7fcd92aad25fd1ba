/**
 * @module test/e2e/support/newcomers
 * People who are registered before their first page opens, for journeys in which registering is not the point.
 */
import {
  encodeAbiParameters,
  fromHex as numberFromHex,
  keccak256,
  numberToHex,
  pad,
  type Address,
  type Hex,
} from "viem";
import { demoPrivateKey } from "../../../scripts/common/people.ts";
import type { Carekey, Person } from "../../../sdk/src/client/index.ts";
import { sendAct } from "../../../sdk/src/client/context.ts";
import layouts from "../../snapshots/storage-layout.json" with { type: "json" };
import { deploymentOf, enterOn, joinAs, openDevice, type Actor } from "../../support/actors.ts";
import { world } from "./world.ts";

const REGISTRAR_ACCOUNT = 0;
const YEAR = 365 * 86_400;
const FORTNIGHT = 14 * 86_400;

/** The client layer for one of the local chain's accounts, not signed in. */
export function carekeyOf(account: number): Carekey {
  return openDevice(deploymentOf(world().stack), demoPrivateKey(account));
}

/** Another device of somebody who is registered, without a screen: signed in and unlocked. */
export function inNode(account: number, passphrase: string): Promise<Pick<Actor, "carekey" | "person">> {
  return enterOn(carekeyOf(account), passphrase);
}

/** Registers somebody under a passphrase. */
export function registerNewcomer(
  account: number,
  who: { role: 1 | 2; name: string; speciality?: string; passphrase: string },
): Promise<Actor> {
  const { role, name, speciality = "Emergency medicine", passphrase } = who;
  const key = demoPrivateKey(account);
  return joinAs(deploymentOf(world().stack), { key, role, name, display: { speciality }, passphrase });
}

/** The registrar verifies a clinician or organisation for a year. */
export async function verifyForAYear(address: Address): Promise<Carekey> {
  const registrar = carekeyOf(REGISTRAR_ACCOUNT);
  await sendAct(registrar, "verify", [address, registrar.now() + YEAR, keccak256(address)], "Verify", {});
  return registrar;
}

/** Verifies a clinician for a year, and writes into the local chain that this was a fortnight ago. */
export async function verifyLongAgo({ address }: Pick<Person, "address">): Promise<void> {
  const registrar = await verifyForAYear(address);
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
