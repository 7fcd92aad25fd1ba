/**
 * @module lib/error-sentences
 * What the person reads when something is refused or fails: what went wrong, what is safe, and what to do next.
 * The record below has an entry for every code, and the compiler says so when one is missing.
 */
import type { ContractName, contractAbis } from "@carekey/sdk/contracts";
import { isSdkError, type SdkErrorCode } from "@carekey/sdk/errors";

/** `refusal` is the person's own "no" and never looks like a fault; `danger` means somebody may be tampering. */
export type ErrorTone = "refusal" | "waiting" | "problem" | "danger";

/** The words for one failure. */
export type ErrorSentence = {
  tone: ErrorTone;
  /** What went wrong, as a short heading. */
  title: string;
  /** What is safe, in one sentence. */
  safe: string;
  /** What to do next. */
  next: string;
};

const NOTHING_SENT = "Nothing was sent and nothing has changed.";
const RECORDS_SAFE = "Your records are safe and unchanged.";

/** One entry for every code of the sdk. */
export const errorSentences: Readonly<Record<SdkErrorCode, ErrorSentence>> = {
  INVALID_ARGUMENT: {
    tone: "problem",
    title: "Something you entered cannot be used",
    safe: NOTHING_SENT,
    next: "Check what you entered and try again.",
  },
  MALFORMED: {
    tone: "problem",
    title: "This cannot be read",
    safe: RECORDS_SAFE,
    next: "Reload the page. If it happens again, the file or message was damaged before it reached you.",
  },
  UNSUPPORTED_VERSION: {
    tone: "problem",
    title: "This was made by a newer version of Carekey",
    safe: RECORDS_SAFE,
    next: "Reload the page to get the newest version.",
  },
  TOO_LARGE: {
    tone: "problem",
    title: "This is too large",
    safe: NOTHING_SENT,
    next: "Choose a smaller file or shorten the text.",
  },
  DECRYPTION_FAILED: {
    tone: "problem",
    title: "This could not be opened",
    safe: "Nobody else has opened it. It may have been damaged on the way, or your key does not fit.",
    next: "Try again. If it stays closed, ask whoever sent it to send it again.",
  },
  WRONG_SECRET: {
    tone: "problem",
    title: "That does not open your records",
    safe: "Nothing is lost. You can try as often as you need.",
    next: "Check capital letters and spaces, or use your recovery code.",
  },
  WEAK_PASSPHRASE: {
    tone: "problem",
    title: "This passphrase is easy to guess",
    safe: "It was not saved.",
    next: "Use four or more words that do not belong together.",
  },
  LOCKED: {
    tone: "waiting",
    title: "Carekey is locked",
    safe: "Your keys are no longer in this browser's memory.",
    next: "Unlock to go on.",
  },
  LAST_WAY: {
    tone: "waiting",
    title: "You need this way to unlock",
    safe: "It was not removed.",
    next: "Set up a passphrase first, then remove this one.",
  },
  PASSKEY_UNSUITABLE: {
    tone: "waiting",
    title: "Passkeys on this device cannot protect your keys",
    safe: "Nothing was saved. Your other ways to unlock still work.",
    next: "Try another browser or phone, or go on with your passphrase.",
  },
  WALLET_UNSUITABLE: {
    tone: "waiting",
    title: "This wallet cannot open your records",
    safe: "Nothing was saved. Your other ways to unlock still work.",
    next: "Its signatures are not the same each time. Use a passphrase or a passkey instead.",
  },
  KEYS_REPLACED: {
    tone: "waiting",
    title: "This belongs to your earlier keys",
    safe: "Nothing is lost. You made new keys since, and they open your earlier records too.",
    next: "Use the newer recovery code or passphrase.",
  },
  KEYS_CHANGING: {
    tone: "waiting",
    title: "Your new keys are not finished yet",
    safe: "What you shared before still works.",
    next: "Open Me, then New keys, and go on there. It takes a minute or two.",
  },
  NOT_REGISTERED: {
    tone: "problem",
    title: "This person does not use Carekey yet",
    safe: NOTHING_SENT,
    next: "Ask them to register first, then try again.",
  },
  KEY_MISMATCH: {
    tone: "danger",
    title: "The key we were given is not the registered one",
    safe: "We stopped. Nothing was encrypted to it and nothing was sent.",
    next: "Do not go on. Tell the people who run this Carekey: their server may be giving out false keys.",
  },
  KEY_CHANGED: {
    tone: "danger",
    title: "This person's key has changed",
    safe: "Nothing was sent to the new key.",
    next: "Compare the fingerprint with them by phone or in person before you go on.",
  },
  NOT_VERIFIED: {
    tone: "waiting",
    title: "This person has no current licence on record",
    safe: NOTHING_SENT,
    next: "The registrar has to confirm the licence, or the organisation that they still work there.",
  },
  WRONG_NETWORK: {
    tone: "waiting",
    title: "Your wallet is on another network",
    safe: NOTHING_SENT,
    next: "Switch the network in the bar above, then try again.",
  },
  CHAIN_UNAVAILABLE: {
    tone: "problem",
    title: "The network does not answer",
    safe: "If something was already sent, it will still arrive. It cannot happen twice.",
    next: "Check your connection and try again in a minute.",
  },
  HISTORY_MISMATCH: {
    tone: "danger",
    title: "Part of this history is missing or has been altered",
    safe: "The true history is on the network and cannot be changed by the server that answered.",
    next: "Do not rely on what is shown here. Reload, and tell the people who run this Carekey if it stays.",
  },
  HEADS_DISAGREE: {
    tone: "danger",
    title: "Two sources disagree about this history",
    safe: "Nothing was changed. One source is behind or wrong.",
    next: "Wait a minute and reload. Do not rely on what is shown here until they agree.",
  },
  CONTRACT_REVERTED: {
    tone: "problem",
    title: "The rules of Carekey do not allow this",
    safe: NOTHING_SENT,
    next: "Reload to see the present state, then try again.",
  },
  TRANSACTION_REPLACED: {
    tone: "waiting",
    title: "You replaced or cancelled this in your wallet",
    safe: "It did not happen. Nothing has changed.",
    next: "Try again if you still want it.",
  },
  INSUFFICIENT_FUNDS: {
    tone: "problem",
    title: "Your wallet cannot pay the network fee",
    safe: NOTHING_SENT,
    next: "Add a little to your wallet, then try again.",
  },
  SIGNATURE_REFUSED: {
    tone: "refusal",
    title: "You said no in your wallet",
    safe: "Nothing was shared and nothing has changed.",
    next: "Try again whenever you like.",
  },
  SIGNATURE_INVALID: {
    tone: "danger",
    title: "A signature does not belong to this person",
    safe: "We stopped. Nothing was accepted.",
    next: "Try again. If it happens again, do not go on and tell the people who run this Carekey.",
  },
  EXPIRED: {
    tone: "waiting",
    title: "This took too long and has expired",
    safe: NOTHING_SENT,
    next: "Start again; it takes a moment.",
  },
  NO_CONSENT: {
    tone: "waiting",
    title: "The patient has not shared this with you",
    safe: "Nothing was opened.",
    next: "Ask the patient for access.",
  },
  CONSENT_REVOKED: {
    tone: "waiting",
    title: "The patient has stopped sharing this",
    safe: "Nothing was opened.",
    next: "Ask the patient for access if you still need it.",
  },
  CONSENT_EXPIRED: {
    tone: "waiting",
    title: "The time for which this was shared is over",
    safe: "Nothing was opened.",
    next: "Ask the patient to share it again.",
  },
  STOPPED_AT_KEEPERS: {
    tone: "waiting",
    title: "Closed already, but not finished",
    safe: "The keepers refuse from now on to open anything under this. The network may not know it yet.",
    next: "Finish it, so that nobody can doubt it. Your wallet asks once more.",
  },
  NOT_IN_SCOPE: {
    tone: "waiting",
    title: "This is not among what the patient shared with you",
    safe: "Nothing was opened.",
    next: "Ask the patient for access to this part.",
  },
  VIEW_LIMIT_REACHED: {
    tone: "waiting",
    title: "All the views that the patient allowed are used",
    safe: "Nothing more was opened.",
    next: "Ask the patient to share it again.",
  },
  TOO_FEW_KEEPERS: {
    tone: "problem",
    title: "Too few keepers answer just now",
    safe: RECORDS_SAFE,
    next: "Try again in a few minutes. Patients can still open their own records, and clinicians can still write entries.",
  },
  KEEPER_UNAVAILABLE: {
    tone: "problem",
    title: "A keeper does not answer",
    safe: RECORDS_SAFE,
    next: "Try again in a minute. The other keepers may be enough.",
  },
  OTP_REQUIRED: {
    tone: "waiting",
    title: "A one-time code is needed",
    safe: "Nothing was opened.",
    next: "Enter your one-time code, then try again.",
  },
  OTP_WRONG: {
    tone: "problem",
    title: "That is not the right code",
    safe: "Nothing was opened or changed.",
    next: "Each code works once. Wait for the next one in your app, or type the newest one that was sent.",
  },
  OTP_LOCKED: {
    tone: "waiting",
    title: "Too many wrong codes",
    safe: "Nothing was opened or changed.",
    next: "Wait a quarter of an hour, or go on with a backup code or a code by mail.",
  },
  OTP_OFF: {
    tone: "waiting",
    title: "One-time codes are not turned on",
    safe: "Nothing was opened or changed.",
    next: "Turn them on under Me, One-time codes. It takes two minutes.",
  },
  KEEPER_REFUSED: {
    tone: "waiting",
    title: "A keeper refused to release its part of the key",
    safe: "Nothing was opened.",
    next: "See the reason in the technical details, then reload and try again.",
  },
  KEEPER_MISBEHAVED: {
    tone: "danger",
    title: "A keeper gave an answer that does not hold up",
    safe: "It was thrown away. Nothing was opened with it.",
    next: "Try again: the other keepers can answer. Tell the people who run this Carekey.",
  },
  NO_DEAL: {
    tone: "waiting",
    title: "The keepers are not set up yet",
    safe: "Nothing was shared.",
    next: "Set up the keepers under Me. It takes one signature.",
  },
  GATEWAY_UNAVAILABLE: {
    tone: "problem",
    title: "The Carekey server does not answer",
    safe: RECORDS_SAFE,
    next: "Check your connection and try again in a minute.",
  },
  NOT_SIGNED_IN: {
    tone: "waiting",
    title: "You are signed out",
    safe: NOTHING_SENT,
    next: "Sign in again with your wallet. It is free.",
  },
  FORBIDDEN: {
    tone: "problem",
    title: "This account may not do that",
    safe: NOTHING_SENT,
    next: "Check that you are using the right account.",
  },
  NOT_FOUND: {
    tone: "problem",
    title: "This cannot be found",
    safe: RECORDS_SAFE,
    next: "Go back and choose again. It may have been removed.",
  },
  CONFLICT: {
    tone: "waiting",
    title: "This was changed elsewhere in the meantime",
    safe: "Nothing was overwritten.",
    next: "Reload to see the present state, then try again.",
  },
  RATE_LIMITED: {
    tone: "waiting",
    title: "That was too fast for the server",
    safe: NOTHING_SENT,
    next: "Wait a minute, then try again.",
  },
  RELAY_UNAVAILABLE: {
    tone: "waiting",
    title: "Carekey’s server cannot pay for this now",
    safe: NOTHING_SENT,
    next: "Your own wallet can pay instead, or try again tomorrow.",
  },
  OUTCOME_UNKNOWN: {
    tone: "waiting",
    title: "It is not certain that this arrived",
    safe: "What you signed takes effect once at most, and only as you signed it.",
    next: "Wait a few minutes and look again. If nothing has changed by then, do it again.",
  },
  QUOTA_EXCEEDED: {
    tone: "problem",
    title: "Your storage space is used up",
    safe: "What you stored before is safe. The last file was not stored.",
    next: "Ask the people who run this Carekey for more space.",
  },
  IPFS_UNAVAILABLE: {
    tone: "problem",
    title: "The file store does not answer",
    safe: "What is stored stays stored.",
    next: "Try again in a minute. An upload goes on where it stopped.",
  },
  MAIL_UNAVAILABLE: {
    tone: "problem",
    title: "The mail could not be sent",
    safe: "Nothing has changed.",
    next: "Try again in a few minutes, or choose another way than mail.",
  },
  CID_MISMATCH: {
    tone: "danger",
    title: "The file store gave us something else than we asked for",
    safe: "We threw it away. Nothing false was shown to you.",
    next: "Try again. If it happens again, tell the people who run this Carekey.",
  },
  STORAGE_FULL: {
    tone: "problem",
    title: "The server has no space left",
    safe: "What you stored before is safe. The last file was not stored.",
    next: "Try again later, or ask the people who run this Carekey.",
  },
  FILE_CHANGED: {
    tone: "waiting",
    title: "This is not the file you began with",
    safe: "Nothing of it was added.",
    next: "Choose the same file again, or begin a new upload.",
  },
  CANCELLED: {
    tone: "refusal",
    title: "You stopped this",
    safe: "Nothing was added and nothing has changed.",
    next: "Start again whenever you like.",
  },
  INTERNAL: {
    tone: "problem",
    title: "Something unexpected happened",
    safe: RECORDS_SAFE,
    next: "Reload the page and try again.",
  },
};

/** Names of the contracts' custom errors, from their ABIs. */
export type ContractErrorName = Extract<(typeof contractAbis)[ContractName][number], { type: "error" }>["name"];

type ContractSentence = Partial<ErrorSentence> & Pick<ErrorSentence, "title" | "next">;

const RELOAD = "Reload the page to see the present state.";
const WRONG_CALL: ContractSentence = {
  title: "Carekey asked for something the rules do not know",
  next: "Reload the page. If it happens again, this app and the contract do not fit together.",
};
const REGISTRAR_ONLY: ContractSentence = {
  title: "Only the registrar may do this",
  next: "Check that your wallet uses the registrar’s account.",
};

/** The contract's own refusals. The compiler says so when one of the ABI's errors has no sentence. */
export const contractErrorSentences: Readonly<Record<ContractErrorName, ContractSentence>> = {
  IdentityAlreadyRegistered: {
    tone: "waiting",
    title: "This account is registered already",
    next: "Unlock it instead.",
  },
  IdentityNotRegistered: { title: "This account is not registered", next: "Register first, then try again." },
  IdentityRoleUnknown: WRONG_CALL,
  IdentityKeyDocumentEmpty: WRONG_CALL,
  IdentityKeyUnchanged: { tone: "waiting", title: "This key is registered already", next: "There is nothing to do." },
  IdentityNotLicensable: {
    title: "This account cannot hold a licence",
    next: "Only doctors and organisations are verified. Check the address.",
  },
  IdentityValidityElapsed: { title: "That date is in the past", next: "Choose a later date." },
  IdentitySuspensionUnchanged: { tone: "waiting", title: "This is done already", next: RELOAD },
  IdentityNotVerifiedOrganisation: {
    title: "This organisation is not verified",
    next: "The registrar has to verify it first.",
  },
  IdentityMembershipUnchanged: { tone: "waiting", title: "This membership is recorded already", next: RELOAD },
  IdentityLinkUnchanged: { tone: "waiting", title: "This link is recorded already", next: RELOAD },
  ConsentAlreadyUsed: {
    tone: "waiting",
    title: "This has been shared already",
    next: "See the list under Sharing. To share again, begin a new one.",
  },
  ConsentAlreadyRevoked: {
    tone: "waiting",
    title: "Sharing was stopped already",
    safe: "It is and stays closed.",
    next: RELOAD,
  },
  GrantSuperseded: {
    tone: "waiting",
    title: "You stopped all sharing after this was prepared",
    safe: "Nothing was shared.",
    next: "Begin again if you still want to share.",
  },
  RevokeAllSuperseded: { tone: "waiting", title: "All sharing was stopped later already", next: RELOAD },
  SignedInFuture: {
    tone: "waiting",
    title: "This device’s clock is ahead",
    next: "Set date and time to automatic, then try again.",
  },
  GrantDeadlineTooLate: WRONG_CALL,
  RecordTermsNotForWriting: {
    tone: "waiting",
    title: "What the patient shared does not allow adding entries",
    next: "Ask the patient for permission to add entries.",
  },
  RecordNotGrantee: {
    title: "This permission was given to someone else",
    next: "Check that your wallet uses the right account.",
  },
  RecordAuthorNotVerified: {
    tone: "waiting",
    title: "Your licence is not confirmed at present",
    next: "Ask the registrar to verify or renew it.",
  },
  RecordAuthorNotMember: {
    tone: "waiting",
    title: "You are not listed as a member of this organisation",
    next: "Ask the organisation to confirm your membership.",
  },
  RecordConsentInactive: {
    tone: "waiting",
    title: "The patient’s permission is over",
    next: "Ask the patient for permission to add entries.",
  },
  RecordVerdictUnknown: WRONG_CALL,
  RecordBatchSizeInvalid: { title: "That is too many at once", next: "Choose fewer entries and try again." },
  EmergencyNotEnabled: {
    tone: "waiting",
    title: "This patient has not turned emergency access on",
    next: "Ask the patient for access, or use another way to reach them.",
  },
  EmergencySettingsUnchanged: { tone: "waiting", title: "These are the present settings", next: RELOAD },
  EmergencyDelayTooLong: { title: "The waiting time can be a day at most", next: "Choose a shorter one." },
  EmergencyTooManyContacts: { title: "There can be five contacts at most", next: "Take one out, then try again." },
  EmergencyReasonMissing: { title: "A reason is missing", next: "Say in a sentence why you need to read." },
  EmergencyOwnChart: {
    title: "This is about your own records",
    next: "Another clinician has to do this.",
  },
  EmergencyNotVerified: {
    tone: "waiting",
    title: "Your licence is not confirmed at present",
    next: "Ask the registrar to verify or renew it. Until then a colleague can ask.",
  },
  EmergencyTooEarly: {
    tone: "waiting",
    title: "Your licence has not been confirmed for long enough",
    next: "A colleague whose licence was confirmed earlier can do this.",
  },
  EmergencyAlreadyOpen: {
    tone: "waiting",
    title: "You have an emergency request that is still open",
    next: "End it, or wait until it is over, then ask again.",
  },
  EmergencyTooMany: {
    tone: "waiting",
    title: "You made three emergency requests within a day",
    next: "A colleague can ask, or you can when the first of them is a day old.",
  },
  EmergencyUnknown: { title: "There is no such emergency request", next: RELOAD },
  EmergencyOver: {
    tone: "waiting",
    title: "This emergency request is over",
    next: "Begin a new one if it is still needed.",
  },
  EmergencyNotOver: {
    tone: "waiting",
    title: "This emergency access is not over yet",
    next: "Review it when it has ended.",
  },
  EmergencySameClinician: {
    title: "You asked for this yourself",
    next: "Another clinician has to confirm it.",
  },
  EmergencyAlreadyCoSigned: { tone: "waiting", title: "A colleague has confirmed this already", next: RELOAD },
  EmergencyNotConcerned: {
    title: "This account may not stop this emergency request",
    next: "Check that your wallet uses the account that the patient named as a contact.",
  },
  EmergencyNotRegistrar: REGISTRAR_ONLY,
  SuccessionGuardiansOutOfRange: {
    title: "You need two to seven guardians, and at least two of them must agree",
    next: "Change the list and try again.",
  },
  SuccessionDelayOutOfRange: {
    title: "This waiting time is too short or too long",
    next: "Choose another one and try again.",
  },
  SuccessionNoGuardians: { tone: "waiting", title: "You have named no guardians", next: "Name some first." },
  SuccessionGuardiansMismatch: {
    tone: "waiting",
    title: "The guardians were changed in the meantime",
    next: "Ask for the newest invitation before you confirm.",
  },
  SuccessionNotGuardian: {
    title: "You are not a guardian of this person any more",
    next: "Ask them, or another guardian, before you go on.",
  },
  SuccessionVouchedAlready: { tone: "waiting", title: "You have confirmed this already", next: RELOAD },
  SuccessionRoundChanged: {
    tone: "waiting",
    title: "The old account objected, or changed its guardians",
    next: "Speak with the person before you confirm again.",
  },
  SuccessionNotReady: {
    tone: "waiting",
    title: "It is too early",
    next: "Wait until enough guardians have confirmed and the waiting time is over.",
  },
  SuccessionSuccessorInvalid: {
    title: "This account cannot follow the other one",
    next: "Use a new account that nobody follows yet.",
  },
  SuccessionAlreadySucceeded: {
    tone: "waiting",
    title: "A new account follows this one already",
    next: "Go on with that account.",
  },
  SuccessionAlreadySuccessor: {
    tone: "waiting",
    title: "This account follows another one already",
    next: "Use another new account.",
  },
  EmergencyOwnReview: {
    title: "You took part in this emergency",
    next: "Another registrar has to review it.",
  },
  EmergencyAlreadyReviewed: { tone: "waiting", title: "This was reviewed already", next: RELOAD },
  EmergencyNotSuspended: {
    tone: "waiting",
    title: "The clinician is not suspended yet",
    next: "Suspend the licence first, then write down that there was no need.",
  },
  SignatureExpired: { tone: "waiting", title: "The signature came too late", next: "Try again; it takes a moment." },
  SignatureInvalid: {
    title: "The signature does not fit this account",
    next: "Check that your wallet uses the right account, then try again.",
  },
  InvalidAccountNonce: {
    tone: "waiting",
    title: "Something else of yours arrived first",
    next: "Try again; it will be prepared anew.",
  },
  AccessControlUnauthorizedAccount: REGISTRAR_ONLY,
  AccessControlBadConfirmation: REGISTRAR_ONLY,
  AccessControlEnforcedDefaultAdminDelay: REGISTRAR_ONLY,
  AccessControlEnforcedDefaultAdminRules: REGISTRAR_ONLY,
  AccessControlInvalidDefaultAdmin: REGISTRAR_ONLY,
  InvalidShortString: WRONG_CALL,
  SafeCastOverflowedUintDowncast: WRONG_CALL,
  StringTooLong: WRONG_CALL,
};

function isContractErrorName(name: unknown): name is ContractErrorName {
  return typeof name === "string" && Object.hasOwn(contractErrorSentences, name);
}

/** The code behind any thrown value; INTERNAL for what Carekey did not throw itself. */
export function errorCodeOf(error: unknown): SdkErrorCode {
  if (isSdkError(error)) return error.code;
  if (isRecord(error)) {
    if (error.name === "AbortError") return "CANCELLED";
    if (error.code === 4001 || error.name === "UserRejectedRequestError") return "SIGNATURE_REFUSED";
    if (error.name === "ChainMismatchError" || error.name === "ConnectorChainMismatchError") return "WRONG_NETWORK";
    if (error.cause !== undefined && error.cause !== error) return errorCodeOf(error.cause);
  }
  return "INTERNAL";
}

/** What could not be read, by the reason that `decodeRecoveryCode` or the saved way to unlock names. */
function malformedSentence(details: Readonly<Record<string, unknown>>): Partial<ErrorSentence> | null {
  const safe = "Nothing is lost. You can try as often as you need.";
  const next = "Compare it with your paper, group by group.";
  switch (details.reason) {
    case "length":
      return { title: `A recovery code has 56 letters and digits, not ${String(details.found)}`, safe, next };
    case "character":
      return { title: `Character ${String(details.position)} does not occur in recovery codes`, safe, next };
    case "checksum":
      return { title: "Something in this recovery code is mistyped", safe, next };
    case "slot":
      return {
        title: "This way to unlock is damaged",
        safe: RECORDS_SAFE,
        next: "Unlock with your recovery code, then set a new passphrase under Me.",
      };
    default:
      return null;
  }
}

/** Own keys that belong to another account are the person's mix-up, not somebody's attack. */
function keyMismatchSentence({ reason }: Readonly<Record<string, unknown>>): Partial<ErrorSentence> {
  if (reason !== "other-account") return {};
  return {
    tone: "problem",
    title: "This belongs to another account",
    safe: "Nothing was opened and nothing has changed.",
    next: "Choose the right account in your wallet, or look for the paper that belongs to this one.",
  };
}

/** Why an emergency request does not open anything, by the reason that keepers name. */
const emergencySentences: Readonly<Record<string, Partial<ErrorSentence>>> = {
  "no-emergency": {
    title: "You have no emergency request for this patient",
    next: "Ask for emergency access, with a colleague’s word.",
  },
  "emergency-not-co-signed": {
    title: "No second clinician has confirmed this yet",
    next: "Ask your colleague to confirm it within fifteen minutes.",
  },
  "emergency-waiting": {
    title: "The patient’s waiting time is not over yet",
    next: "Wait a moment, then try again.",
  },
  "emergency-stopped": {
    title: "This emergency request was stopped",
    next: "If it is still needed, speak to the patient’s people and make a new request.",
  },
  "emergency-lapsed": {
    title: "Nobody confirmed this emergency in time",
    next: "Make a new request if it is still needed.",
  },
  "emergency-closed": {
    title: "The three hours of this emergency access are over",
    next: "Make a new request if it is still needed.",
  },
  "co-signer": {
    title: "The second clinician’s licence does not count any more",
    next: "Make a new request with another colleague.",
  },
};

function emergencySentence({ reason }: Readonly<Record<string, unknown>>): Partial<ErrorSentence> {
  return typeof reason === "string" && Object.hasOwn(emergencySentences, reason) ? emergencySentences[reason]! : {};
}

/** Codes that a keeper may give for an emergency request, too. */
const EMERGENCY_CODES: ReadonlySet<SdkErrorCode> = new Set([
  "NO_CONSENT",
  "CONSENT_REVOKED",
  "CONSENT_EXPIRED",
  "NOT_VERIFIED",
]);

/** The sentence for any thrown value. */
export function sentenceFor(error: unknown): ErrorSentence {
  const code = errorCodeOf(error);
  const sentence = errorSentences[code];
  if (code === "MALFORMED" && isSdkError(error)) return { ...sentence, ...malformedSentence(error.details) };
  if (code === "KEY_MISMATCH" && isSdkError(error)) return { ...sentence, ...keyMismatchSentence(error.details) };
  if (code === "TOO_FEW_KEEPERS" && isSdkError(error)) return { ...sentence, ...keepersSentence(error.details) };
  if (code === "STOPPED_AT_KEEPERS" && isSdkError(error)) return { ...sentence, ...stoppedSentence(error.details) };
  if (EMERGENCY_CODES.has(code) && isSdkError(error)) return { ...sentence, ...emergencySentence(error.details) };
  if (code !== "CONTRACT_REVERTED" || !isSdkError(error)) return sentence;
  const name = error.details.errorName;
  return isContractErrorName(name) ? { ...sentence, ...contractErrorSentences[name] } : sentence;
}

/** How many keepers answered, where that is known. */
function keepersSentence({ answered, needed, total }: Readonly<Record<string, unknown>>): Partial<ErrorSentence> {
  if (typeof answered !== "number" || typeof needed !== "number" || typeof total !== "number") return {};
  const answering =
    answered === 0
      ? "None of the keepers answers"
      : `${answered} of ${total} keepers ${answered === 1 ? "answers" : "answer"}`;
  return { safe: `${answering}, and opening a record takes ${needed}. ${RECORDS_SAFE}` };
}

/** How many keepers refuse already, where a revoke is not on the chain yet. */
function stoppedSentence({ keepersTold, total }: Readonly<Record<string, unknown>>): Partial<ErrorSentence> {
  if (typeof keepersTold !== "number" || typeof total !== "number" || keepersTold >= total) return {};
  return {
    safe: `${keepersTold} of ${total} keepers ${keepersTold === 1 ? "refuses" : "refuse"} from now on to open anything under this. The others and the network may not know it yet.`,
  };
}

/** Whether the person said no, which is never drawn as a fault. */
export function isRefusal(error: unknown): boolean {
  return sentenceFor(error).tone === "refusal";
}

function isRecord(value: unknown): value is { name?: unknown; code?: unknown; cause?: unknown } {
  return typeof value === "object" && value !== null;
}
