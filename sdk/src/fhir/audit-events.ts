/**
 * @module fhir/audit-events
 * The access log as FHIR R4 AuditEvents, one per view, for programs that read audit trails. Who opened it is the requesting agent,
 * each keeper that let go of its part of the key is a custodian, the record and the consent are entities.
 */
import type { AuditEvent, AuditEventAgent, AuditEventEntity, Bundle } from "@medplum/fhirtypes";
import { ADDRESS_SYSTEM, fhirDateTime, type FhirPerson } from "./build.ts";

/** One view to export. `at` in seconds; hex words of 32 bytes. */
export type AuditedView = {
  /** Hash of the request that the keepers answered; makes the resource's id. */
  readonly bodyHash: string;
  readonly reader: FhirPerson;
  readonly at: number;
  /** Why, in the reader's words; null when none can be read. */
  readonly reason: string | null;
  /** sha-256 of the record's block, and the record's title when it is known. */
  readonly record: { readonly id: string; readonly title: string | null };
  /** The consent, or the emergency request, that the keepers named. */
  readonly permission: { readonly id: string; readonly isEmergency: boolean; readonly isExplained: boolean };
  readonly receipts: readonly { readonly keeper: string; readonly sequence: number; readonly leaf: string }[];
};

const DICOM = "http://dicom.nema.org/resources/ontology/DCM";
const PARTICIPANTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
const ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const OBJECT_TYPES = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
/** EIP-712 says how a consent's id comes from its terms. */
const CONSENT_SYSTEM = "https://eips.ethereum.org/EIPS/eip-712";
const URI_SYSTEM = "urn:ietf:rfc:3986";

/** A collection of AuditEvents about one patient's records. Passes `validateResource`. `input.at`: when it is made, seconds. */
export function buildAuditBundle(input: {
  readonly patient: FhirPerson;
  readonly at: number;
  readonly views: readonly AuditedView[];
}): Bundle<AuditEvent> {
  const entry = input.views.map((view) => {
    const resource = buildAuditEvent(input.patient, view);
    return { fullUrl: `urn:uuid:${resource.id}`, resource };
  });
  return {
    resourceType: "Bundle",
    type: "collection",
    timestamp: fhirDateTime(input.at),
    // FHIR knows no empty lists.
    ...(entry.length === 0 ? {} : { entry }),
  };
}

function buildAuditEvent(patient: FhirPerson, view: AuditedView): AuditEvent & { id: string } {
  const { isEmergency, isExplained } = view.permission;
  const reason = view.reason?.trim();
  const purpose = {
    ...(isEmergency ? { coding: [{ system: ACT_REASON, code: "BTG", display: "break the glass" }] } : {}),
    ...(reason ? { text: reason } : {}),
  };
  return {
    resourceType: "AuditEvent",
    id: uuidOf(view.bodyHash),
    type: { system: DICOM, code: "110110", display: "Patient Record" },
    action: "R",
    recorded: fhirDateTime(view.at),
    outcome: "0",
    ...(isExplained ? {} : { outcomeDesc: "No consent of the patient explains this view." }),
    ...(isEmergency || reason ? { purposeOfEvent: [purpose] } : {}),
    agent: [readerOf(view.reader), ...view.receipts.map(custodianOf)],
    source: { observer: addressed(view.receipts[0]?.keeper ?? view.reader.address, "Keeper") },
    entity: [
      {
        what: { type: "Patient" as const, ...addressed(patient.address, patient.name) },
        type: { system: OBJECT_TYPES, code: "1", display: "Person" },
      },
      recordOf(view),
      permissionOf(view.permission),
    ],
  };
}

function readerOf(reader: FhirPerson): AuditEventAgent {
  return { who: addressed(reader.address, reader.name), name: reader.name, requestor: true };
}

function custodianOf({ keeper }: { keeper: string }): AuditEventAgent {
  const type = { coding: [{ system: PARTICIPANTS, code: "custodian", display: "Custodian" }] };
  return { type, who: addressed(keeper, "Keeper"), requestor: false };
}

function recordOf({ record, receipts }: AuditedView): AuditEventEntity {
  return {
    what: { identifier: { system: URI_SYSTEM, value: namedInformation(record.id) } },
    type: { system: OBJECT_TYPES, code: "2", display: "System Object" },
    ...(record.title?.trim() ? { name: record.title } : {}),
    ...(receipts.length === 0
      ? {}
      : {
          detail: receipts.map(({ keeper, sequence, leaf }) => ({
            type: `receipt ${sequence} of ${keeper}`,
            valueString: leaf,
          })),
        }),
  };
}

function permissionOf({ id, isEmergency }: AuditedView["permission"]): AuditEventEntity {
  const what = isEmergency ? { display: "Emergency request" } : { type: "Consent" as const, display: "Consent" };
  return {
    what: { ...what, identifier: { system: CONSENT_SYSTEM, value: id } },
    type: { system: OBJECT_TYPES, code: "2", display: "System Object" },
  };
}

function addressed(address: string, display: string) {
  return { identifier: { system: ADDRESS_SYSTEM, value: address }, display };
}

/** The first 16 bytes of a hash as a UUID of version 8 (RFC 9562, section 5.8). */
function uuidOf(hash: string): string {
  const digits = hash.replace(/^0x/, "").slice(0, 32).split("");
  digits[12] = "8";
  digits[16] = ((Number.parseInt(digits[16] ?? "0", 16) & 0x3) | 0x8).toString(16);
  const hex = digits.join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A sha-256 digest as a URI (RFC 6920). */
function namedInformation(digest: string): string {
  const bytes = (digest.replace(/^0x/, "").match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `ni:///sha-256;${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}
