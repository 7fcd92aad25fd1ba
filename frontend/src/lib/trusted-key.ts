/**
 * @module lib/trusted-key
 * Whether a key may be used: it is the chain's, and the one met before or one that follows from it. The sdk refuses the others anyway.
 */
import type { PersonProfile } from "@carekey/sdk/client";

/** Whether something may be sealed to this person's key. */
export function isTrusted({ keyStatus }: Pick<PersonProfile, "keyStatus">): boolean {
  return keyStatus === "same" || keyStatus === "new";
}
