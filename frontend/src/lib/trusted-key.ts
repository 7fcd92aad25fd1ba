/**
 * @module lib/trusted-key
 * How far somebody is known: whether the key may be used (it is the chain's, and the one met before or one that follows from it; the sdk
 * refuses the others anyway), and whether anybody confirmed who it is.
 */
import type { PersonProfile } from "@carekey/sdk/client";
import { ROLE_PATIENT } from "@carekey/sdk/contracts";

/** Whether something may be sealed to this person's key. */
export function isTrusted({ keyStatus }: Pick<PersonProfile, "keyStatus">): boolean {
  return keyStatus === "same" || keyStatus === "new";
}

/** Whether nobody confirmed who this is: somebody who registered as a patient, such as a relative. */
export function isUnvouched({ identity }: Pick<PersonProfile, "identity">): boolean {
  return identity.role === ROLE_PATIENT;
}
