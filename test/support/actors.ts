/**
 * @module test/support/actors
 * People at devices without a screen: the sdk's client with a wallet, on a running stack.
 */
import { createWalletClient, http, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainOf } from "@carekey/sdk/chain";
import {
  applyAsClinician,
  createCarekey,
  decideApplication,
  listApplications,
  registerPerson,
  signIn,
  unlockWithPassphrase,
  type Carekey,
  type CarekeyOptions,
  type Person,
} from "@carekey/sdk/client";
import { newSeed } from "@carekey/sdk/crypto";
import type { Deployment } from "@carekey/sdk/deployment";
import type { Stack } from "./stack.ts";

const YEAR = 365 * 86_400;

/** A person at a device of their own. */
export type Actor = { carekey: Carekey; person: Person; name: string; seed: Uint8Array; key: Hex };
/** What is this device's own: its node, its network, its clock. */
export type DeviceOptions = Omit<CarekeyOptions, "deployment" | "wallet">;

/** A stack as people meet it: the gateway behind the app's address. */
export function deploymentOf({ deployment, appUrl }: Pick<Stack, "deployment" | "appUrl">): Deployment {
  return { ...deployment, gatewayUrl: appUrl };
}

/** A device of whoever has the private key, not signed in. */
export function openDevice(deployment: Deployment, key: Hex, options: DeviceOptions = {}): Carekey {
  const account = privateKeyToAccount(key);
  const wallet = createWalletClient({ account, chain: chainOf(deployment), transport: http(deployment.rpcUrl) });
  return createCarekey({ deployment, wallet, ...options });
}

/** Signs in and unlocks on a device of somebody who is registered. */
export async function enterOn(carekey: Carekey, passphrase: string): Promise<Pick<Actor, "carekey" | "person">> {
  await signIn(carekey);
  return { carekey, person: await unlockWithPassphrase(carekey, passphrase) };
}

/**
 * Registers somebody with keys of their own.
 * @param who - `key` of a funded account; `role`: 1 patient, 2 clinician, 3 organisation; `name`: public but for patients.
 */
export async function joinAs(
  deployment: Deployment,
  who: { key: Hex; role: 1 | 2 | 3; name: string; display?: Record<string, string>; passphrase: string },
  options?: DeviceOptions,
): Promise<Actor> {
  const { key, role, name, passphrase } = who;
  const display: Record<string, string> = role === 1 ? {} : { name, ...who.display };
  const carekey = openDevice(deployment, key, options);
  const seed = newSeed();
  return { carekey, name, seed, key, person: await registerPerson(carekey, { seed, role, display, passphrase }) };
}

/** Somebody applies as a clinician or organisation, and the registrar verifies for a year. */
export async function licenceBy(registrar: Actor, { carekey, person, name }: Actor): Promise<void> {
  await applyAsClinician(carekey, person, { name, speciality: "As registered", licenceNumber: "L-1", scan: null });
  const applications = await listApplications(registrar.carekey, registrar.person);
  const application = applications.find(({ from }) => from === person.address)!;
  const validUntil = registrar.carekey.now() + YEAR;
  await decideApplication(registrar.carekey, registrar.person, { application, verdict: "verified", validUntil });
}
