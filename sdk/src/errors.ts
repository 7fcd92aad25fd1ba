/**
 * @module errors
 * The one error type of Carekey. Callers switch on `code`, never on the text of `message`.
 */

/**
 * Every way in which Carekey can refuse or fail. The user interface keeps one sentence and one next step per code.
 * Codes are only ever added.
 */
export type SdkErrorCode =
  // Input at the edge
  | "INVALID_ARGUMENT" // a value has the wrong type, length or range
  | "MALFORMED" // bytes or JSON do not follow the format they claim
  | "UNSUPPORTED_VERSION" // a format version, type or suite that this build does not know
  | "TOO_LARGE" // a file, text or message is above its limit
  // Secrets
  | "DECRYPTION_FAILED" // wrong key, altered or truncated ciphertext: one code for all of them
  | "WRONG_SECRET" // a passphrase or recovery code does not open this slot
  | "WEAK_PASSPHRASE"
  | "LOCKED" // the keys are not in memory
  | "LAST_WAY" // without this way to unlock only the recovery code, or only passkeys, would remain
  | "PASSKEY_UNSUITABLE" // this device's passkeys cannot protect keys (no PRF)
  | "WALLET_UNSUITABLE" // details: { reason: "smart-account" | "random-signatures" }: its signatures cannot open a slot
  | "KEYS_REPLACED" // a secret of an earlier generation of keys; the newer recovery code or passphrase is needed
  | "KEYS_CHANGING" // new keys were begun and are not finished yet
  // People
  | "NOT_REGISTERED"
  | "KEY_MISMATCH" // the key document served differs from the digest on chain
  | "KEY_CHANGED" // the key is on chain but not chained to the one pinned before
  | "NOT_VERIFIED" // the clinician has no current licence on chain
  // Chain
  | "WRONG_NETWORK"
  | "CHAIN_UNAVAILABLE"
  | "HISTORY_MISMATCH" // entries served do not fold to the head on chain
  | "HEADS_DISAGREE" // keepers or nodes name different heads
  | "CONTRACT_REVERTED" // details: { errorName, args }
  | "TRANSACTION_REPLACED"
  | "INSUFFICIENT_FUNDS"
  | "SIGNATURE_REFUSED" // the person closed the wallet or said no
  | "SIGNATURE_INVALID"
  | "EXPIRED"
  // Consent and keepers
  | "NO_CONSENT"
  | "CONSENT_REVOKED"
  | "CONSENT_EXPIRED"
  | "STOPPED_AT_KEEPERS" // a revoke that keepers honour is not on chain yet; details: { keepersTold, total, reason }
  | "NOT_IN_SCOPE"
  | "VIEW_LIMIT_REACHED"
  | "TOO_FEW_KEEPERS" // details: { answered, needed, total }
  | "KEEPER_UNAVAILABLE" // details: { keeper }
  | "OTP_REQUIRED" // a one-time code must be entered first: for a sign-in, or for a view whose consent asks for it
  | "OTP_WRONG" // details: { triesLeft }
  | "OTP_LOCKED" // details: { until }; too many wrong codes
  | "OTP_OFF" // the person has not turned on this kind of one-time code
  | "KEEPER_REFUSED" // details: { keeper, reason }
  | "KEEPER_MISBEHAVED" // a proof, receipt or signature of a keeper does not verify
  | "NO_DEAL" // the patient has not dealt a key to the keepers yet
  // Gateway and storage
  | "GATEWAY_UNAVAILABLE"
  | "NOT_SIGNED_IN"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "RATE_LIMITED"
  | "RELAY_UNAVAILABLE" // the gateway cannot pay for an act now; details: { reason }
  | "OUTCOME_UNKNOWN" // a signed act was handed on and no answer came: it may yet take effect, once
  | "QUOTA_EXCEEDED"
  | "IPFS_UNAVAILABLE"
  | "MAIL_UNAVAILABLE" // the gateway cannot send mail, or not now
  | "CID_MISMATCH" // bytes served do not hash to the address asked for
  | "STORAGE_FULL"
  | "FILE_CHANGED" // the file chosen to go on with is not the one begun
  | "CANCELLED"
  | "INTERNAL";

/** Options of {@link SdkError}. */
export type SdkErrorOptions = { cause?: unknown; details?: Readonly<Record<string, unknown>> };

/** The only class of error that Carekey throws on purpose. Never holds keys, plaintext or one-time codes. */
export class SdkError extends Error {
  readonly code: SdkErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: SdkErrorCode, message: string, options: SdkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SdkError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Whether `error` is an {@link SdkError}, of one code if `code` is given. */
export function isSdkError(error: unknown, code?: SdkErrorCode): error is SdkError {
  return error instanceof SdkError && (code === undefined || error.code === code);
}
