/**
 * @module client/licences
 * A clinician's application, sealed to the registrar, and what the registrar does about it. The registrar can read no record.
 */
import { keccak256, encodeAbiParameters } from "viem/utils";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { readBytes, readText } from "../block.ts";
import type { CborValue } from "../cbor.ts";
import { SdkError } from "../errors.ts";
import { openRecordBlock, sealRecord } from "../records/index.ts";
import { contentStream, readWhole, uploadContent } from "./content.ts";
import { randomHex32, sendAct } from "./context.ts";
import { isFrom, keepNote, parseMessages, readInbox, sendSealed, type InboxMessage } from "./inbox.ts";
import { personOf, recipientOf } from "./people.ts";
import { pinIfNew, pinnedKeys } from "./pins.ts";
import { hexField } from "./sharing.ts";
import type { ActOptions, Application, Carekey, Person } from "./types.ts";

/** The largest licence scan, bytes. */
export const MAX_SCAN_BYTES = 20 * 1024 * 1024;

const SENT_APPLICATION = "sent-application";
const DECIDED_APPLICATION = "application-decided";

/** What a clinician tells the registrar. */
export type ApplicationForm = {
  name: string;
  speciality: string;
  licenceNumber: string;
  scan: File | null;
};

/**
 * Sends an application to the registrar, sealed. The scan is stored as ciphertext like a record, its key is in the message only.
 * @throws SdkError TOO_LARGE, KEY_MISMATCH of the registrar, GATEWAY_UNAVAILABLE
 */
export async function applyAsClinician(
  carekey: Carekey,
  person: Person,
  form: ApplicationForm,
  options: ActOptions = {},
): Promise<void> {
  if (form.scan !== null && form.scan.size > MAX_SCAN_BYTES) {
    throw new SdkError("TOO_LARGE", "the scan is larger than 20 MB", { details: { maximumBytes: MAX_SCAN_BYTES } });
  }
  const { registrar } = carekey.deployment;
  const recipient = await recipientOf(carekey, registrar, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  const scan = form.scan === null ? null : await storeScan(carekey, person, form.scan, options);
  const fields = { name: form.name, speciality: form.speciality, licenceNumber: form.licenceNumber };
  options.onStep?.({ kind: "work", label: "Sealing it to the registrar" });
  await sendSealed(carekey, person, recipient, { kind: "application", body: { ...fields, scan } });
  await keepNote(carekey, person, { type: SENT_APPLICATION, ...fields });
}

async function storeScan(carekey: Carekey, person: Person, file: File, options: ActOptions) {
  const uploaded = await uploadContent(carekey, { source: file }, options);
  const { dek, salt, cid, leafDigests, size, sha256 } = uploaded;
  const sealed = await sealRecord({
    core: { name: file.name.slice(0, 200), type: file.type, size, sha256, fhir: null, author: person.address },
    content: { cid, leafDigests },
    keys: { dek: new Uint8Array(dek), salt: new Uint8Array(salt) },
    signature: null,
    signedAt: carekey.now(),
    proposedScope: null,
  });
  await carekey.ipfs.putRaw(sealed.bytes, { pinName: sealed.pointer });
  await carekey.ipfs.pin(cid, { name: sealed.pointer });
  return { pointer: fromHex(sealed.pointer), dek: sealed.dek };
}

/** This clinician's own application: what was sent last and what came of it. */
export type OwnApplication = {
  name: string;
  speciality: string;
  licenceNumber: string;
  sentAt: number;
  answer: { verdict: "verified" | "rejected"; reason: string | null; at: number } | null;
};

/** The application that this person sent last; null when none was sent. */
export async function ownApplication(carekey: Carekey, person: Person): Promise<OwnApplication | null> {
  const messages = await readInbox(carekey, person);
  const sent = parseMessages(messages, "note", (body) =>
    body["type"] === SENT_APPLICATION
      ? {
          name: readText(body["name"], "name", 200),
          speciality: readText(body["speciality"], "speciality", 200),
          licenceNumber: readText(body["licenceNumber"], "licence number", 100),
        }
      : null,
  ).filter(({ message, body }) => body !== null && isFrom(message, person.address));
  const last = sent.at(-1);
  if (last === undefined || last.body === null) return null;
  const answers = parseMessages(messages, "application-answer", (body) => ({
    verdict: body["verdict"] === "verified" ? ("verified" as const) : ("rejected" as const),
    reason: typeof body["reason"] === "string" ? body["reason"] : null,
  })).filter(({ message }) => isFrom(message, carekey.deployment.registrar) && message.sentAt >= last.message.sentAt);
  const answer = answers.at(-1);
  return {
    ...last.body,
    sentAt: last.message.sentAt,
    answer: answer === undefined ? null : { ...answer.body, at: answer.message.sentAt },
  };
}

type ApplicationBody = {
  name: string;
  speciality: string;
  licenceNumber: string;
  scan: { pointer: Hex; dek: Uint8Array } | null;
};

function applicationFromBody(body: { [field: string]: CborValue }): ApplicationBody {
  const scan = body["scan"];
  const isScan = typeof scan === "object" && scan !== null && !Array.isArray(scan) && !(scan instanceof Uint8Array);
  return {
    name: readText(body["name"], "name", 200),
    speciality: readText(body["speciality"], "speciality", 200),
    licenceNumber: readText(body["licenceNumber"], "licence number", 100),
    scan: isScan ? { pointer: hexField(scan["pointer"]), dek: readBytes(scan["dek"], "DEK", 32) } : null,
  };
}

/** Applications that the registrar received, newest first; of each person the last one. @throws SdkError NOT_SIGNED_IN, … */
export async function listApplications(carekey: Carekey, person: Person): Promise<Application[]> {
  const messages = await readInbox(carekey, person);
  const pins = await pinnedKeys(carekey, person, { messages });
  const decided = decisionsIn(messages, person);
  const latest = new Map<Address, { message: InboxMessage; body: ApplicationBody }>();
  for (const each of parseMessages(messages, "application", applicationFromBody)) latest.set(each.message.sender, each);
  const applications = await Promise.all(
    [...latest.values()].map(async ({ message, body }): Promise<Application> => {
      const profile = await personOf(carekey, message.sender, pins);
      const decision = decided.get(message.id) ?? null;
      const { identity } = profile;
      return {
        id: message.id,
        from: message.sender,
        name: body.name,
        speciality: body.speciality,
        licenceNumber: body.licenceNumber,
        sentAt: message.sentAt,
        hasScan: body.scan !== null,
        openScan: () => openScan(carekey, body.scan),
        fromProfile: profile,
        status: identity.suspended
          ? "suspended"
          : decision?.verdict === "rejected"
            ? "rejected"
            : profile.verified
              ? "verified"
              : "waiting",
        reason: decision?.reason ?? null,
        decidedAt: decision?.at ?? null,
      };
    }),
  );
  return applications.sort((left, right) => right.sentAt - left.sentAt);
}

function decisionsIn(messages: readonly InboxMessage[], person: Person) {
  const notes = parseMessages(messages, "note", (body) =>
    body["type"] === DECIDED_APPLICATION
      ? {
          applicationId: hexField(body["applicationId"], 16),
          verdict: body["verdict"] === "verified" ? ("verified" as const) : ("rejected" as const),
          reason: typeof body["reason"] === "string" ? body["reason"] : null,
        }
      : null,
  );
  return new Map(
    notes.flatMap(({ message, body }) =>
      body !== null && isFrom(message, person.address)
        ? [[body.applicationId, { ...body, at: message.sentAt }] as const]
        : [],
    ),
  );
}

async function openScan(
  carekey: Carekey,
  scan: ApplicationBody["scan"],
): Promise<{ name: string; type: string; bytes: Uint8Array } | null> {
  if (scan === null) return null;
  const manifest = openRecordBlock({ bytes: await carekey.ipfs.getRaw(scan.pointer), dek: scan.dek });
  if (manifest.core.size > MAX_SCAN_BYTES) throw new SdkError("TOO_LARGE", "the scan is larger than 20 MB");
  const stream = contentStream(carekey, manifest, scan.dek);
  if (stream === null) return null;
  return { name: manifest.core.name, type: manifest.core.type, bytes: await readWhole(stream) };
}

/** What the registrar decides. */
export type ApplicationDecision = {
  application: Application;
  verdict: "verified" | "rejected";
  /** Seconds; for a verification. */
  validUntil?: number;
  reason?: string;
};

/**
 * Verifies (one transaction) or rejects an application; the clinician is told, the decision is kept.
 * On chain stands only a salted commitment of name and licence number. The key of the first application is pinned: another one
 * that is not chained to it is not decided about before the registrar confirmed it.
 * @throws SdkError KEY_MISMATCH | KEY_CHANGED of the applicant, CONTRACT_REVERTED (not the registrar, date in the past),
 * SIGNATURE_REFUSED
 */
export async function decideApplication(
  carekey: Carekey,
  person: Person,
  decision: ApplicationDecision,
  options: ActOptions = {},
): Promise<void> {
  const { application, verdict, validUntil } = decision;
  const reason = decision.reason?.trim() === "" ? null : (decision.reason?.trim() ?? null);
  const recipient = await recipientOf(carekey, application.from, await pinnedKeys(carekey, person));
  await pinIfNew(carekey, person, recipient);
  let salt: Hex | null = null;
  if (verdict === "verified") {
    if (validUntil === undefined)
      throw new SdkError("INVALID_ARGUMENT", "validUntil: a verification needs an end date");
    salt = randomHex32();
    const commitment = licenceCommitment(application, salt);
    await sendAct(carekey, "verify", [application.from, validUntil, commitment], `Verify ${application.name}`, options);
  }
  const kept = {
    applicationId: fromHex(application.id, 16),
    verdict,
    reason,
    salt: salt === null ? null : fromHex(salt),
  };
  await keepNote(carekey, person, { type: DECIDED_APPLICATION, ...kept });
  await sendSealed(carekey, person, recipient, {
    kind: "application-answer",
    body: { verdict, reason, validUntil: validUntil ?? null },
    quiet: verdict === "verified",
  });
}

function licenceCommitment(application: Application, salt: Hex): Hex {
  const types = [{ type: "string" }, { type: "string" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [application.name, application.licenceNumber, salt]));
}

/** Suspends a clinician or organisation: from this block on keepers and contract refuse. @throws SdkError CONTRACT_REVERTED, … */
export async function suspendPerson(carekey: Carekey, account: Address, options: ActOptions = {}): Promise<void> {
  await sendAct(carekey, "suspend", [account], "Suspend this licence", options);
}

/** Lifts a suspension. @throws SdkError CONTRACT_REVERTED, … */
export async function restorePerson(carekey: Carekey, account: Address, options: ActOptions = {}): Promise<void> {
  await sendAct(carekey, "restore", [account], "Restore this licence", options);
}
