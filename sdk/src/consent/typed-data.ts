/**
 * @module consent/typed-data
 * The EIP-712 messages of every act that a person can sign instead of sending: what the wallet shows is what the contract checks.
 */
import type { Address, Hex } from "../bytes.ts";
import { ACCOUNT, DEADLINE, domainFor, NONCE, PATIENT, type Bounded } from "../signing.ts";
import { TERMS_TYPES, type ConsentTerms } from "./terms.ts";

/** `nonce`: the account's next one, from the contract's `nonces`. */
type Numbered = Bounded & { nonce: bigint };

/**
 * A patient gives a consent. `bundle` is the sha-256 of the block with the sealed keys and terms; `signedAt` (seconds) is taken
 * from the latest block, and `deadline` is a day later at most.
 */
export function grantTypedData(input: Bounded & { terms: ConsentTerms; bundle: Hex; signedAt: number }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: {
      ...TERMS_TYPES,
      Grant: [
        { name: "terms", type: "ConsentTerms" },
        { name: "bundle", type: "bytes32" },
        { name: "signedAt", type: "uint48" },
        DEADLINE,
      ],
    },
    primaryType: "Grant",
    message,
  } as const;
}

/** A patient takes a consent back, or bars an id before anybody uses it. */
export function revokeTypedData(input: Bounded & { patient: Address; consentId: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: { Revoke: [PATIENT, { name: "consentId", type: "bytes32" }, DEADLINE] },
    primaryType: "Revoke",
    message,
  } as const;
}

/** A patient takes back all consents granted up to `signedAt` (seconds, from the latest block). */
export function revokeAllTypedData(input: Bounded & { patient: Address; signedAt: number }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: { RevokeAll: [PATIENT, { name: "signedAt", type: "uint48" }, DEADLINE] },
    primaryType: "RevokeAll",
    message,
  } as const;
}

/** An account takes a role and publishes its first key document (its sha-256). */
export function registerTypedData(input: Numbered & { account: Address; role: number; keyDocument: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: {
      Register: [ACCOUNT, { name: "role", type: "uint8" }, { name: "keyDocument", type: "bytes32" }, NONCE, DEADLINE],
    },
    primaryType: "Register",
    message,
  } as const;
}

/** An account replaces its key document (its sha-256). */
export function rotateKeyTypedData(input: Numbered & { account: Address; keyDocument: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: { RotateKey: [ACCOUNT, { name: "keyDocument", type: "bytes32" }, NONCE, DEADLINE] },
    primaryType: "RotateKey",
    message,
  } as const;
}

/** A patient adds an entry. `wraps` and `supersedes` are zero for none. */
export function addTypedData(input: Numbered & { account: Address; pointer: Hex; wraps: Hex; supersedes: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: {
      Add: [
        ACCOUNT,
        { name: "pointer", type: "bytes32" },
        { name: "wraps", type: "bytes32" },
        { name: "supersedes", type: "bytes32" },
        NONCE,
        DEADLINE,
      ],
    },
    primaryType: "Add",
    message,
  } as const;
}

/** A patient approves (verdict 1) or denies (verdict 2) an entry. `wraps` is zero for none. */
export function decideTypedData(input: Numbered & { patient: Address; entryId: Hex; verdict: number; wraps: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: {
      Decide: [
        PATIENT,
        { name: "entryId", type: "bytes32" },
        { name: "verdict", type: "uint8" },
        { name: "wraps", type: "bytes32" },
        NONCE,
        DEADLINE,
      ],
    },
    primaryType: "Decide",
    message,
  } as const;
}

/** A patient decides about several entries. `wraps` is zero for none. */
export function decideBatchTypedData(
  input: Numbered & { account: Address; approved: readonly Hex[]; denied: readonly Hex[]; wraps: Hex },
) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: {
      DecideBatch: [
        ACCOUNT,
        { name: "approved", type: "bytes32[]" },
        { name: "denied", type: "bytes32[]" },
        { name: "wraps", type: "bytes32" },
        NONCE,
        DEADLINE,
      ],
    },
    primaryType: "DecideBatch",
    message,
  } as const;
}

/** A patient announces a block of another kind (its sha-256): a vault, a rotation, further wraps. */
export function noteTypedData(input: Numbered & { account: Address; digest: Hex }) {
  const { deployment, ...message } = input;
  return {
    domain: domainFor(deployment),
    types: { Note: [ACCOUNT, { name: "digest", type: "bytes32" }, NONCE, DEADLINE] },
    primaryType: "Note",
    message,
  } as const;
}
