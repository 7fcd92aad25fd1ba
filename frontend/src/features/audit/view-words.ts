/**
 * @module features/audit/view-words
 * What the access log says in plain words. Pure functions.
 */
import type { Address } from "@carekey/sdk/bytes";
import type { View, ViewAlarm } from "@carekey/sdk/client";
import { formatDate, formatList } from "../../lib/format.ts";

/** Why a view is an alarm, one sentence each. */
export const alarmWords: Readonly<Record<ViewAlarm, string>> = {
  "unknown-consent": "You never gave the consent that the keepers name.",
  "another-person": "The consent that the keepers name is for somebody else.",
  "another-part": "Your consent does not reach this part of your records.",
  "outside-time": "Your consent had ended, or had not begun.",
  "over-limit": "It is more often than your consent allows.",
  "unknown-emergency": "It says emergency, but nobody asked for emergency access.",
  "emergency-closed": "It says emergency, but emergency access was not open then.",
};

/** Under which consent a view was. */
export function permissionWords({ kind, consent }: Pick<View, "kind" | "consent">): string {
  if (kind === "emergency") return "Emergency access, without a consent";
  if (consent === null) return "No consent of yours";
  const { scopes, grantedAt, expiresAt } = consent;
  return `Your consent of ${formatDate(grantedAt)}, until ${formatDate(expiresAt)}: ${scopes}`;
}

/** Keepers by their place in the deployment, as people call them: "Keepers 1 and 3". */
export function keeperWords(view: Pick<View, "receipts">, keepers: readonly Address[]): string {
  const numbers = [...new Set(view.receipts.map(({ keeper }) => keeperNumber(keeper, keepers)))].sort();
  return `${numbers.length === 1 ? "Keeper" : "Keepers"} ${formatList(numbers)}`;
}

/** The number of one keeper, from 1; the address of one that is not in office. */
export function keeperNumber(keeper: Address, keepers: readonly Address[]): string {
  const index = keepers.findIndex((each) => each.toLowerCase() === keeper.toLowerCase());
  return index === -1 ? keeper : String(index + 1);
}
