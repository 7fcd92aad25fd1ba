/**
 * @module client
 * What a person does with Carekey, as functions over the ports in {@link Carekey}. Screens, the demo clinic and tests call these.
 */
export {
  accountState,
  isSignedIn,
  openSavedSeed,
  registerPerson,
  setPassphrase,
  signIn,
  unlockWithPasskey,
  unlockWithPassphrase,
  unlockWithRecoveryCode,
  unlockWithWallet,
  wipePerson,
  type Registration,
} from "./account.ts";
export { listAdministrativeActs, type AdministrativeAct } from "./administration.ts";
export { loadChart, readChart, type LoadedChart } from "./charts.ts";
export { codeEntry, enterCode, hasCodes, looksLikeCode, requireCode } from "./codes.ts";
export { contentStream, uploadContent } from "./content.ts";
export { addressOf, createCarekey, memoryStore, type CarekeyOptions } from "./context.ts";
export { listEmergencies, type EmergencyCase, type EmergencyRole } from "./emergency-cases.ts";
export {
  openEmergencyRecord,
  readEmergencyChart,
  type EmergencyChart,
  type EmergencyItem,
} from "./emergency-records.ts";
export {
  MAX_CARD_TEXT,
  configureEmergency,
  disableEmergency,
  ownEmergency,
  type EmergencyCardText,
  type EmergencyContact,
  type EmergencyWish,
  type OwnEmergency,
} from "./emergency-settings.ts";
export {
  MAX_EMERGENCY_REASON,
  askColleague,
  coSignEmergency,
  emergencyStanding,
  isRunning,
  listRunningEmergencies,
  requestEmergency,
  reviewEmergency,
  stopEmergency,
  type EmergencyCall,
  type EmergencyStanding,
} from "./emergency.ts";
export { addRecord, decideEntries, submitEntry, type Decision, type NewRecord } from "./entries.ts";
export { beginNewKeys, finishNewKeys, newKeysState, type NewKeys, type NewKeysState } from "./generation.ts";
export {
  IDENTIFIER_KINDS,
  blindedIdOf,
  decodeOpening,
  encodeOpening,
  identifierCommitment,
  linkIdentifier,
  listIdentifiers,
  listIssuedIdentifiers,
  listShownIdentifiers,
  normaliseIdentifier,
  resolveIdentifier,
  showIdentifier,
  unlinkIdentifier,
  type IdentifierOpening,
  type ResolvedIdentifier,
} from "./identifiers.ts";
export {
  askGuardian,
  GUARDIANS_NEEDED,
  objectToSuccession,
  openClaims,
  ownGuardians,
  removeGuardians,
  setGuardians,
  type Guardian,
  type OpenClaim,
  type OwnGuardians,
} from "./guardians.ts";
export { dismissMessage } from "./inbox.ts";
export {
  applyAsClinician,
  decideApplication,
  listApplications,
  ownApplication,
  restorePerson,
  suspendPerson,
  MAX_SCAN_BYTES,
  type ApplicationDecision,
  type ApplicationForm,
  type OwnApplication,
} from "./licences.ts";
export { assertMember, attestMember, listMembers, organisationsOf, type Membership } from "./organisations.ts";
export { listOwnRecords, type OwnChart } from "./own-chart.ts";
export { openOwnRecord } from "./own-record.ts";
export { NO_PINS, findPeople, personOf, sameAddress, shortAddress, type PinnedKeys } from "./people.ts";
export { pinKey, pinnedKeys } from "./pins.ts";
export { listNews, type NewsItem, type NewsPage, type NewsWhat } from "./notifications.ts";
export { awaitActs, relayState, type RelayState } from "./relay.ts";
export { answerRequest, listNotices, listRequests, requestAccess, type AccessWish } from "./requests.ts";
export { endSessions, endViewSessions, listSessions, openViewSession, signOut } from "./sessions.ts";
export { listGrants, openSharedRecord, readSharedChart, viewsLeftUnder } from "./shared.ts";
export { rotateDue, rotateScopes, rotationsDue } from "./rotation.ts";
export {
  dealKeys,
  dealState,
  grantConsent,
  listConsents,
  listUnreadableConsents,
  prepareGrant,
  revokeAllConsents,
  revokeConsent,
} from "./sharing.ts";
export {
  listWays,
  mayRemoveWay,
  preparePasskey,
  removeWay,
  savePasskey,
  saveWalletWay,
  unlockTypedData,
  type AskPasskey,
  type PasskeyAnswer,
} from "./slots.ts";
export {
  askToFollow,
  completeSuccession,
  listFollowRequests,
  nameSuccessor,
  rememberPredecessor,
  successionState,
  takeOver,
  type FollowRequest,
  type SuccessionState,
} from "./succession.ts";
export { listViews, type AccessLog } from "./views.ts";
export { handOverShare, listWards, vouchFor, type Ward, type WardRequest } from "./wards.ts";
export type {
  AccessRequest,
  AccountState,
  ActOptions,
  Application,
  Carekey,
  Consent,
  GrantRequest,
  HeldKeys,
  KeyStatus,
  NotPaidReason,
  Notice,
  OpenedRecord,
  OwnCost,
  OwnRecord,
  Person,
  PersonProfile,
  PreparedGrant,
  PrivateStore,
  ReceivedGrant,
  SharedChart,
  SharedItem,
  Step,
  UploadedContent,
  VerifiedChart,
  View,
  ViewAlarm,
  ViewConsent,
  ViewSession,
  Wallet,
  WayToUnlock,
} from "./types.ts";
