/**
 * @module crypto
 * Keys and ciphers: derivations from the seed, recovery code, unlock slots, envelopes to a person, wraps, signatures.
 */
export { secureRandom, type Random } from "./random.ts";
export {
  EMERGENCY_SCOPE_KEY,
  deriveFromSeed,
  derivePersonKeys,
  deriveScopeKey,
  deriveTag,
  envelopePublicKeyOf,
  newEnvelopeKeys,
  newSeed,
  type EnvelopeKeyPair,
  type PersonKeys,
} from "./keys.ts";
export { signBytes, verifyBytes } from "./sign.ts";
export { decodeRecoveryCode, encodeRecoveryCode } from "./recovery-code.ts";
export {
  ENVELOPE_OVERHEAD,
  NO_SENDER,
  SUITE,
  envelopeInfo,
  openEnvelope,
  sealEnvelope,
  type EnvelopeContext,
  type EnvelopePurpose,
} from "./envelope.ts";
export { WRAP_BYTES, deriveRecordKey, openWrap, rowTag, sealWrap } from "./wrap.ts";
export { encodeTuple, type RecordTuple } from "./tuple.ts";
export { fitsBox, openSharedBox, sealSharedBox, type BoxShare, type SharedBox } from "./shared-box.ts";
export { MIN_SCRYPT, openSlot, sealSlot, slotSchema, type Slot, type SlotOwner } from "./slot.ts";
export {
  PRF_BYTES,
  SLOT_SALT_BYTES,
  newSlotSalt,
  openSecretSlot,
  passkeySlotSchema,
  sealSecretSlot,
  walletSlotSchema,
  type PasskeySlot,
  type SecretSlot,
  type SecretSource,
  type WalletSlot,
} from "./secret-slot.ts";
export {
  MIN_PASSPHRASE_BITS,
  passphraseStrength,
  type PassphraseProblem,
  type PassphraseStrength,
} from "./passphrase.ts";
export {
  MAX_SHARES,
  combineEvaluations,
  deriveDealScalar,
  evaluateShare,
  joinShares,
  multiplyPoint,
  publicShareOf,
  recordPoint,
  splitSecret,
  verifyEvaluation,
  verifyShare,
  type ShareEvaluation,
  type SplitSecret,
} from "./group.ts";
