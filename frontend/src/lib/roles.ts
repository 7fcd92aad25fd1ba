/**
 * @module lib/roles
 * Which screens a role has. A courtesy only: the contract decides what anybody may do.
 */

/** The ways of using Carekey that have screens of their own. */
export type AppRole = "patient" | "clinician" | "organisation" | "registrar";

/** What the chain says of an account, as far as roles go. */
export type RoleFacts = { role: number; isRegistrar: boolean };

/** The roles of an account; the first is the one to start with. Everyone who registered has at least one. */
export function rolesOf({ role, isRegistrar }: RoleFacts): readonly AppRole[] {
  const roles: AppRole[] = [];
  if (role === 1) roles.push("patient");
  if (role === 2) roles.push("clinician");
  // The registrar's own account is registered as an organisation, too.
  if (role === 3 && !isRegistrar) roles.push("organisation");
  if (isRegistrar) roles.push("registrar");
  return roles.length === 0 ? ["patient"] : roles;
}

/** Names of the roles, as the role switch shows them. */
export const roleNames: Readonly<Record<AppRole, string>> = {
  patient: "My records",
  clinician: "My patients",
  organisation: "Our organisation",
  registrar: "Registrar",
};

/** The first screen of each role. */
export const roleHome: Readonly<Record<AppRole, string>> = {
  patient: "/home",
  clinician: "/today",
  organisation: "/organisation",
  registrar: "/applications",
};
