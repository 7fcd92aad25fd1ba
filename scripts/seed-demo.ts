/**
 * @module seed-demo
 * Fills a fresh local deployment with a small clinic, through the same flows that people use. Idempotent: what is there is left alone.
 * Environment: DEPLOYMENT (path of deployment.json, of the local chain), APP_ORIGIN (where app and gateway answer).
 */
import { readFile } from "node:fs/promises";
import { createWalletClient, http, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainOf } from "@carekey/sdk/chain";
import {
  accountState,
  addRecord,
  applyAsClinician,
  createCarekey,
  dealKeys,
  dealState,
  decideApplication,
  decideEntries,
  grantConsent,
  listApplications,
  listConsents,
  listGrants,
  listOwnRecords,
  listRequests,
  ownApplication,
  prepareGrant,
  registerPerson,
  requestAccess,
  submitEntry,
  unlockWithPassphrase,
  uploadContent,
  type Carekey,
  type Person,
} from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import { newSeed } from "@carekey/sdk/crypto";
import { LOCAL_CHAIN_ID, parseDeployment, type Deployment } from "@carekey/sdk/deployment";
import {
  ICD10_ENTRIES,
  LOINC_ENTRIES,
  RXNORM_ENTRIES,
  buildCondition,
  buildLabReport,
  buildMedicationRequest,
  type BuildContext,
  type CodeEntry,
} from "@carekey/sdk/fhir";
import type { JsonValue } from "@carekey/sdk/records";
import { DEMO_PASSPHRASE, DEMO_PEOPLE, demoPrivateKey } from "./common/people.ts";

const DAY = 86_400;

/** A demo person at work. */
type Actor = { carekey: Carekey; person: Person; name: string };

const PROFILES: Record<string, { speciality: string; licenceNumber: string }> = {
  "Dr Amara Okafor": { speciality: "Cardiology", licenceNumber: "DEMO-20417" },
  "Dr Tomas Brandt": { speciality: "General practice", licenceNumber: "DEMO-31882" },
  "Dr Lena Fischer": { speciality: "Radiology", licenceNumber: "DEMO-45920" },
};

function carekeyOf(deployment: Deployment, key: Hex): Carekey {
  const account = privateKeyToAccount(key);
  const wallet = createWalletClient({ account, chain: chainOf(deployment), transport: http(deployment.rpcUrl) });
  return createCarekey({ deployment, wallet });
}

async function actorOf(deployment: Deployment, name: string): Promise<Actor> {
  const demo = DEMO_PEOPLE.find((each) => each.name === name);
  if (demo === undefined) throw new Error(`no demo person is called ${name}`);
  const carekey = carekeyOf(deployment, demoPrivateKey(demo.account));
  if ((await accountState(carekey)).registered) {
    return { carekey, name, person: await unlockWithPassphrase(carekey, DEMO_PASSPHRASE) };
  }
  const speciality = PROFILES[name]?.speciality;
  const display = {
    ...(demo.role === "patient" ? {} : { name }),
    ...(speciality === undefined ? {} : { speciality }),
  };
  const role = demo.role === "patient" ? 1 : demo.role === "clinician" ? 2 : 3;
  const person = await registerPerson(carekey, { seed: newSeed(), role, display, passphrase: DEMO_PASSPHRASE });
  return { carekey, name, person };
}

async function apply({ carekey, person, name }: Actor): Promise<void> {
  const profile = PROFILES[name];
  if (profile === undefined || (await ownApplication(carekey, person)) !== null) return;
  const scan = new File([`Licence ${profile.licenceNumber}, issued for demonstration.\n`], "licence.txt", {
    type: "text/plain",
  });
  await applyAsClinician(carekey, person, { name, ...profile, scan });
}

async function verifyAll({ carekey, person }: Actor, names: readonly string[]): Promise<void> {
  for (const application of await listApplications(carekey, person)) {
    if (application.status !== "waiting" || !names.includes(application.name)) continue;
    const validUntil = carekey.now() + 730 * DAY;
    await decideApplication(carekey, person, { application, verdict: "verified", validUntil });
  }
}

/** A code by its number; the pickers' lists are checked when this runs. */
function code(entries: readonly CodeEntry[], wanted: string) {
  const entry = entries.find((each) => each.code === wanted);
  if (entry === undefined) throw new Error(`the built-in list has no code ${wanted}`);
  return { text: entry.display, entry };
}

function json(resource: object): JsonValue {
  return JSON.parse(JSON.stringify(resource)) as JsonValue;
}

async function addPatientRecords({ carekey, person, name }: Actor): Promise<void> {
  const { records } = await listOwnRecords(carekey, person);
  if (records.some(({ entry }) => entry.kind === "add")) return;
  const self = { address: person.address, name };
  const context: BuildContext = { patient: self, author: self, at: carekey.now() };
  const report = buildLabReport(context, {
    report: code(LOINC_ENTRIES, "24331-1"),
    collectedAt: carekey.now() - 9 * DAY,
    results: [
      { test: code(LOINC_ENTRIES, "2093-3"), value: 212, unit: "mg/dL", high: 200 },
      { test: code(LOINC_ENTRIES, "2085-9"), value: 58, unit: "mg/dL", low: 40 },
      { test: code(LOINC_ENTRIES, "2571-8"), value: 131, unit: "mg/dL", high: 150 },
    ],
    conclusion: "Total cholesterol slightly raised.",
  });
  await addRecord(carekey, person, {
    name: "Blood lipids",
    type: "application/fhir+json",
    fhir: json(report),
    content: null,
    scope: "labs",
  });
  const letter = new Blob([
    "Discharge letter\n\nAdmitted with chest discomfort after exercise. ECG and troponin normal on two occasions.\n" +
      "Advice: follow-up with a cardiologist within six weeks. Continue daily walks.\n",
  ]);
  const content = await uploadContent(carekey, { source: letter });
  await addRecord(carekey, person, {
    name: "Discharge letter.txt",
    type: "text/plain",
    fhir: null,
    content,
    scope: "general",
  });
}

async function share(
  patient: Actor,
  clinician: Actor,
  scopes: string[],
  rights: ("read" | "write")[],
  purpose: string,
): Promise<void> {
  const { carekey, person } = patient;
  if (!(await dealState(carekey, person)).active) await dealKeys(carekey, person);
  const consents = await listConsents(carekey, person);
  const grantee = clinician.person.address;
  if (consents.some(({ terms }) => terms.grantee.toLowerCase() === grantee.toLowerCase())) return;
  const prepared = await prepareGrant(carekey, person, {
    grantee,
    granteeName: clinician.name,
    scopes,
    rights,
    expiresAt: carekey.now() + 90 * DAY,
    purpose,
  });
  await grantConsent(carekey, person, prepared, { patientName: patient.name });
}

async function submitDiagnosis(clinician: Actor, patient: Actor): Promise<void> {
  const { carekey, person } = clinician;
  const grants = await listGrants(carekey, person);
  const writing = grants.find(({ terms, status }) => terms.rights === WRITE && status === "active");
  if (writing === undefined) return;
  const { records } = await listOwnRecords(patient.carekey, patient.person);
  if (records.some(({ entry }) => entry.kind === "submit")) return;
  const context: BuildContext = {
    patient: { address: patient.person.address, name: patient.name },
    author: { address: person.address, name: clinician.name },
    at: carekey.now(),
  };
  const diagnosis = buildCondition(context, {
    diagnosis: code(ICD10_ENTRIES, "I10"),
    clinicalStatus: "active",
    certainty: "confirmed",
    note: "Home readings between 140 and 150 systolic over three weeks.",
  });
  const prescription = buildMedicationRequest(context, {
    medication: { text: RXNORM_ENTRIES[0]!.display, entry: RXNORM_ENTRIES[0]! },
    instructions: "1 tablet every morning",
    timing: { times: 1, per: "d" },
    days: 30,
  });
  const fhir = { type: "application/fhir+json", content: null, terms: writing.terms } as const;
  await submitEntry(carekey, person, {
    ...fhir,
    name: "High blood pressure",
    fhir: json(diagnosis),
    proposedScope: "general",
  });
  const { records: waiting } = await listOwnRecords(patient.carekey, patient.person);
  const pending = waiting.find(({ entry }) => entry.status === "pending");
  if (pending !== undefined) {
    await decideEntries(patient.carekey, patient.person, {
      approve: [{ entryId: pending.entry.entryId, scope: "general" }],
      deny: [],
    });
  }
  await submitEntry(carekey, person, {
    ...fhir,
    name: `Prescription: ${RXNORM_ENTRIES[0]!.display}`,
    fhir: json(prescription),
    proposedScope: "medication",
  });
}

async function askForAccess(clinician: Actor, patient: Actor): Promise<void> {
  const { carekey, person } = clinician;
  if ((await listRequests(carekey, person)).sent.length > 0) return;
  await requestAccess(carekey, person, {
    patient: patient.person.address,
    scopes: ["general", "medication"],
    rights: ["read"],
    expiresAt: carekey.now() + 180 * DAY,
    purpose: "Your yearly check-up",
    message: "Before your appointment I would like to read what you take and your last letters.",
  });
}

/** Seeds the deployment. @param report - receives a line per step. */
export async function seedDemo(deployment: Deployment, report: (line: string) => void): Promise<void> {
  if (deployment.chainId !== LOCAL_CHAIN_ID) throw new Error("the demo clinic is for the local chain only");
  report("people");
  const registrar = await actorOf(deployment, "Ines Moreau");
  const rosa = await actorOf(deployment, "Rosa Lindqvist");
  const okafor = await actorOf(deployment, "Dr Amara Okafor");
  const brandt = await actorOf(deployment, "Dr Tomas Brandt");
  const fischer = await actorOf(deployment, "Dr Lena Fischer");
  await actorOf(deployment, "Henrik Dahl");
  report("licences");
  for (const clinician of [okafor, brandt, fischer]) await apply(clinician);
  await verifyAll(registrar, ["Dr Amara Okafor", "Dr Tomas Brandt"]);
  report("records");
  await addPatientRecords(rosa);
  report("consents");
  await share(rosa, okafor, ["general", "labs"], ["read", "write"], "Follow-up after chest discomfort");
  report("entries");
  await submitDiagnosis(okafor, rosa);
  await askForAccess(brandt, rosa);
}

if (import.meta.main) {
  const { DEPLOYMENT, APP_ORIGIN } = process.env;
  if (DEPLOYMENT === undefined || APP_ORIGIN === undefined) throw new Error("DEPLOYMENT and APP_ORIGIN must be set");
  const manifest = parseDeployment(JSON.parse(await readFile(DEPLOYMENT, "utf8")));
  // The app and its gateway share an origin; sign-in is bound to it.
  await seedDemo({ ...manifest, gatewayUrl: APP_ORIGIN }, (line) => console.log(line));
}
