/**
 * @module lib/roles
 * Which screens a role has. A courtesy only: the contract decides what anybody may do.
 */

/** The ways of using Carekey that have screens of their own. */
export type AppRole = "patient" | "clinician" | "registrar";

/** What the chain says of an account, as far as roles go. */
export type RoleFacts = { role: number; isRegistrar: boolean };

/** The roles of an account; the first is the one to start with. Everyone who registered has at least one. */
export function rolesOf({ role, isRegistrar }: RoleFacts): readonly AppRole[] {
  const roles: AppRole[] = [];
  if (role === 1) roles.push("patient");
  if (role === 2) roles.push("clinician");
  if (isRegistrar) roles.push("registrar");
  return roles.length === 0 ? ["patient"] : roles;
}

/** Names of the roles, as the role switch shows them. */
export const roleNames: Readonly<Record<AppRole, string>> = {
  patient: "My records",
  clinician: "My patients",
  registrar: "Registrar",
};

/** The first screen of each role. */
export const roleHome: Readonly<Record<AppRole, string>> = {
  patient: "/home",
  clinician: "/today",
  registrar: "/applications",
};
