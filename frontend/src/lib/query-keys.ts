/**
 * @module lib/query-keys
 * The keys of everything TanStack Query holds. Acts invalidate by these, and locking forgets them all.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";

/** Keys by what they name. A shorter key invalidates all that start with it. */
export const queryKeys = {
  deployment: ["deployment"],
  health: ["health"],
  account: (address: Address) => ["account", address],
  ways: (address: Address) => ["ways", address],
  codes: (address: Address) => ["codes", address],
  sessions: (address: Address) => ["sessions", address],
  newKeys: (address: Address) => ["new-keys", address],
  people: ["people"],
  pins: (viewer: Address) => ["people", "pins", viewer],
  person: (address: Address) => ["people", address],
  directory: (query: string, role?: number) => ["people", "directory", query, role ?? null],
  chart: (patient: Address) => ["chart", patient],
  records: ["records"],
  ownRecords: (patient: Address) => ["records", "own", patient],
  record: (entryId: Hex) => ["records", "one", entryId],
  consents: ["consents"],
  consentList: (patient: Address) => ["consents", "list", patient],
  rotation: (patient: Address) => ["consents", "rotation", patient],
  requests: ["requests"],
  requestList: (address: Address) => ["requests", "list", address],
  views: ["views"],
  viewList: (patient: Address) => ["views", "list", patient],
  viewSession: (owner: Address) => ["view-session", owner],
  viewsLeft: (consentSalt: Hex) => ["views", "left", consentSalt],
  deal: (patient: Address) => ["deal", patient],
  grants: ["grants"],
  grantList: (reader: Address) => ["grants", "list", reader],
  sharedChart: (patient: Address) => ["grants", "chart", patient],
  notices: (address: Address) => ["notices", address],
  applications: ["applications"],
  applicationList: (registrar: Address) => ["applications", "list", registrar],
  administrativeActs: (registrar: Address) => ["applications", "acts", registrar],
  relay: (address: Address) => ["relay", address],
  emergencies: ["emergencies"],
  emergencyList: (address: Address) => ["emergencies", "list", address],
  ownEmergency: (patient: Address) => ["emergencies", "own", patient],
  members: (organisation: Address) => ["people", "members", organisation],
  identifiers: (address: Address) => ["identifiers", address],
  issuedIdentifiers: (issuer: Address) => ["identifiers", "issued", issuer],
  usage: (address: Address) => ["usage", address],
} as const;
