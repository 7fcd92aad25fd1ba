/**
 * @module services/gateway/notifications/wake-ups
 * Whom an event of the law wakes up. The gateway knows addresses only: who a consent is for, or what an entry says, it cannot know.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { NotificationKind } from "@carekey/sdk/gateway";
import type { WatchedEvent } from "./types.ts";

/** The events that wake somebody up, by contract. */
export const WATCHED = {
  carekey: [
    "Submitted",
    "Decided",
    "BatchDecided",
    "Granted",
    "Revoked",
    "AllRevoked",
    "KeyRotated",
    "Verified",
    "Suspended",
    "Restored",
  ],
  emergencyAccess: ["EmergencyRequested", "EmergencyCoSigned", "EmergencyStopped", "EmergencyReviewed"],
  succession: ["GuardiansSet", "Vouched", "Vetoed", "Succeeded"],
} as const;

/** The request and the patient of an event of an emergency, of which contacts and clinicians are told, too; null for any other. */
export function emergencyIn({ name, args }: Pick<WatchedEvent, "name" | "args">): { id: Hex; patient: Address } | null {
  const isEmergency = (WATCHED.emergencyAccess as readonly string[]).includes(name);
  return isEmergency ? { id: args["id"] as Hex, patient: args["patient"] as Address } : null;
}

/** Entries that an event decides about: their authors are to be told. */
export function decidedEntries({ name, args }: Pick<WatchedEvent, "name" | "args">): Hex[] {
  if (name === "Decided") return [args["entryId"] as Hex];
  return name === "BatchDecided" ? [...(args["approved"] as Hex[]), ...(args["denied"] as Hex[])] : [];
}

/**
 * Who is told of an event.
 * @param authors - of the entries that it decides about.
 * @param registrar - who reviews emergencies.
 * @param concerned - by an emergency: contacts of the patient, and the clinicians.
 */
export function recipientsOf(
  event: Pick<WatchedEvent, "name" | "args">,
  authors: ReadonlyMap<Hex, Address>,
  registrar: Address,
  concerned: readonly Address[] = [],
): { recipient: Address; kind: NotificationKind }[] {
  const { name, args } = event;
  const to = (kind: NotificationKind, ...recipients: unknown[]) =>
    [...new Set(recipients as Address[])].map((recipient) => ({ recipient, kind }));
  switch (name) {
    case "Submitted":
      return to("entry", args["patient"]);
    case "Decided":
    case "BatchDecided":
      return to("decision", ...decidedEntries(event).flatMap((id) => authors.get(id) ?? []));
    case "Granted":
    case "Revoked":
    case "AllRevoked":
      return to("sharing", args["patient"]);
    case "KeyRotated":
      return to("key", args["account"]);
    case "Verified":
    case "Suspended":
    case "Restored":
      return to("licence", args["account"]);
    case "EmergencyRequested":
    case "EmergencyCoSigned":
    case "EmergencyStopped":
      return to("emergency", args["patient"], registrar, ...concerned);
    case "EmergencyReviewed":
      return to("emergency", args["patient"], ...concerned);
    case "GuardiansSet":
    case "Vetoed":
      return to("account", args["account"]);
    case "Vouched":
    case "Succeeded":
      return to("account", args["predecessor"], args["successor"]);
    default:
      return [];
  }
}
