/**
 * @module test/sdk/client/support/clinic
 * One real stack for all tests of the client layer in a run, and people who act in it through the same flows as the screens.
 */
import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { demoPrivateKey } from "../../../../scripts/common/people.ts";
import {
  addRecord,
  grantConsent,
  openSharedRecord,
  openViewSession,
  prepareGrant,
  readSharedChart,
  signIn,
  uploadContent,
  type Carekey,
  type ActOptions,
  type GrantRequest,
  type OpenedRecord,
  type Person,
  type SharedItem,
  type ViewSession,
} from "../../../../sdk/src/client/index.ts";
import type { Deployment } from "../../../../sdk/src/deployment.ts";
import {
  deploymentOf,
  joinAs,
  licenceBy,
  openDevice,
  type Actor,
  type DeviceOptions,
} from "../../../support/actors.ts";
import { startStack, type Stack } from "../../../support/stack.ts";

export type { Actor };

/** The stack and the people every file may use; consents are each test's own. */
export type ClientClinic = {
  stack: Stack;
  deployment: Deployment;
  registrar: Actor;
  patient: Actor;
  doctor: Actor;
  /** Somebody new with an account of their own. */
  join(role: 1 | 2 | 3, name: string, display?: Record<string, string>): Promise<Actor>;
  /** Another device of the same person, signed in. */
  device(actor: Pick<Actor, "key">, options?: DeviceOptions): Promise<Carekey>;
  /** Applies as a clinician or organisation, and the registrar verifies for a year. */
  licence(actor: Actor): Promise<void>;
};

/** The passphrase that everybody registers with. */
export const PASSPHRASE = "winter heron climbs the ninth lantern";
const REGISTRAR_ACCOUNT = 0;
const PURSE_ACCOUNT = 1;
let shared: Promise<ClientClinic> | undefined;

/** The clinic of this run, started at first use. */
export function sharedClientClinic(): Promise<ClientClinic> {
  shared ??= start();
  return shared;
}

after(async function stopSharedClientClinic() {
  this.timeout(60_000);
  await (await shared)?.stack.stop();
});

async function start(): Promise<ClientClinic> {
  const stack = await startStack();
  const deployment = deploymentOf(stack);

  const device: ClientClinic["device"] = async ({ key }, options) => {
    const carekey = openDevice(deployment, key, options);
    await signIn(carekey);
    return carekey;
  };
  /** A new account, with what a year of transactions costs. */
  async function join(role: 1 | 2 | 3, name: string, display: Record<string, string> = {}): Promise<Actor> {
    const key = generatePrivateKey();
    const purse = openDevice(deployment, demoPrivateKey(PURSE_ACCOUNT));
    const hash = await purse.wallet.sendTransaction({ to: privateKeyToAddress(key), value: 10n ** 18n });
    await purse.chain.publicClient.waitForTransactionReceipt({ hash });
    return joinAs(deployment, { key, role, name, display, passphrase: PASSPHRASE });
  }

  const registrarKey = demoPrivateKey(REGISTRAR_ACCOUNT);
  const council = { key: registrarKey, role: 3, name: "Medical council", passphrase: PASSPHRASE } as const;
  const registrar = await joinAs(deployment, council);
  const licence = (actor: Actor) => licenceBy(registrar, actor);
  const patient = await join(1, "Rosa Lindqvist");
  const doctor = await join(2, "Dr Ada Nwosu", { speciality: "Cardiology" });
  await licence(doctor);
  return { stack, deployment, registrar, patient, doctor, join, device, licence };
}

/** Adds a text record. @returns its pointer. */
export async function addText(
  { carekey, person }: Pick<Actor, "carekey" | "person">,
  name: string,
  scope: string,
  words: string,
  options: ActOptions = {},
): Promise<Hex> {
  const content = await uploadContent(carekey, { source: new Blob([words]) });
  return (await addRecord(carekey, person, { name, type: "text/plain", fhir: null, content, scope }, options)).pointer;
}

/** Shares for an hour. @returns the ids of the consents. */
export async function share(from: Actor, to: Actor, request: Partial<GrantRequest> = {}): Promise<Hex[]> {
  const prepared = await prepareGrant(from.carekey, from.person, {
    grantee: to.person.address,
    granteeName: to.name,
    scopes: ["general"],
    rights: ["read"],
    expiresAt: from.carekey.now() + 3600,
    purpose: "Second opinion",
    ...request,
  });
  return grantConsent(from.carekey, from.person, prepared, { patientName: from.name });
}

/** A record of a patient's chart as a reader finds it; undefined when no consent reaches it. */
export async function itemOf(reader: Actor, patient: Actor, pointer: Hex): Promise<SharedItem | undefined> {
  const { items } = await readSharedChart(reader.carekey, reader.person, patient.person.address);
  return items.find(({ entry }) => entry.pointer === pointer);
}

/** The items of a chart that a reader may ask for under one consent. */
export async function itemsUnder(reader: Actor, patient: Actor, consentId: Hex): Promise<SharedItem[]> {
  const { items } = await readSharedChart(reader.carekey, reader.person, patient.person.address);
  return items.filter(({ grant }) => grant.id === consentId);
}

/** Opens an item on a device, with a session of its own unless one is given. */
export async function openOn(
  carekey: Carekey,
  person: Person,
  item: SharedItem,
  session?: ViewSession,
): Promise<OpenedRecord> {
  const view = { item, reason: "Visit today", session: session ?? (await openViewSession(carekey)) };
  return openSharedRecord(carekey, person, view);
}

/** The text of an opened record. */
export function textOf(opened: OpenedRecord): Promise<string> {
  return new Response(opened.content()).text();
}
