/**
 * @module lib/carekey
 * What every unlocked screen works with: the ports of the client layer, the person whose keys are in memory, and the role.
 * Keys live in this context only; locking overwrites them and forgets every query.
 */
import { createContext, use } from "react";
import type { Carekey, Person } from "@carekey/sdk/client";
import { SdkError } from "@carekey/sdk/errors";
import type { AppRole } from "./roles.ts";

export type { AppRole } from "./roles.ts";

/** An unlocked session. */
export type UnlockedSession = {
  carekey: Carekey;
  person: Person;
  /** The role whose screens are shown. */
  role: AppRole;
  /** All roles of this person; the first is the usual one. */
  roles: readonly AppRole[];
  isRegistrar: boolean;
  setRole(role: AppRole): void;
  /** Goes on with the new keys of the same person; the old ones are overwritten. */
  adopt(person: Person): void;
  /** Overwrites the keys and shows the unlock screen. */
  lock(): void;
};

const UnlockedContext = createContext<UnlockedSession | null>(null);

/** Provides the session to the unlocked part of the app. */
export const UnlockedProvider = UnlockedContext;

/**
 * The unlocked session. Usable inside the unlocked part of the app only.
 * @throws SdkError LOCKED anywhere else.
 */
export function useCarekey(): UnlockedSession {
  const session = use(UnlockedContext);
  if (session === null) throw new SdkError("LOCKED", "useCarekey outside the unlocked part of the app");
  return session;
}
