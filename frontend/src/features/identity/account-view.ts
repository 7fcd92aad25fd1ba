/**
 * @module features/identity/account-view
 * From the state of an account to the one screen that comes next. Pure, so that every broken-off start has an answer.
 */
import type { AccountState } from "@carekey/sdk/client";

/** The next screen of somebody whose keys are not in memory. */
export type AccountView =
  | "sign-in" // the gateway does not know this browser yet
  | "enter-code" // signed in half: a one-time code comes next
  | "register" // nothing exists: start from the beginning
  | "resume" // keys were saved, but the registration did not arrive: go on with the passphrase
  | "unlock" // registered, with a saved passphrase
  | "unlock-with-code"; // registered, but only the recovery code opens it

/** Which screen an account needs. */
export function accountViewOf(
  state: Pick<AccountState, "registered" | "signedIn" | "needsCode" | "hasPassphraseSlot">,
): AccountView {
  if (!state.signedIn) return "sign-in";
  if (state.needsCode) return "enter-code";
  if (state.registered) return state.hasPassphraseSlot === true ? "unlock" : "unlock-with-code";
  return state.hasPassphraseSlot === true ? "resume" : "register";
}
