/**
 * @module keeper/session
 * View sessions: an Ed25519 key that never leaves WebCrypto, authorised once by a wallet signature for at most eight hours.
 */
import type { TypedDataDefinition } from "viem";
import { readAddress, readArray, readBytes, readHex, readUint } from "../block.ts";
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { SdkError } from "../errors.ts";
import {
  sessionAudience,
  sessionTypedData,
  type KeeperDomain,
  type SessionAudience,
  type SessionTerms,
} from "./typed-data.ts";

/** The longest a session may last, in seconds. */
export const MAX_SESSION_SECONDS = 8 * 3600;
/** Clocks of people and servers may differ by this much, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 30;
/** Largest wallet signature accepted, in bytes: room for smart accounts. */
export const MAX_SIGNATURE_BYTES = 4096;

/** A session as it travels with each request. */
export type SignedSession = { terms: SessionTerms; signature: Hex };

/** A session that can sign. The secret cannot be exported. */
export type Session = SignedSession & {
  /** Ed25519 signature of the session key, 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/** Asks a wallet to sign typed data. */
export type SignTypedData = (typedData: TypedDataDefinition) => Promise<Hex>;

/**
 * Makes a session key and has the wallet authorise it: one wallet signature.
 * `input.notAfter`: seconds; at most 8 hours after the servers' clock.
 * @throws whatever `sign` throws when the person says no.
 */
export async function createSession(input: {
  deployment: KeeperDomain;
  owner: Address;
  audience: SessionAudience;
  notAfter: number;
  sign: SignTypedData;
}): Promise<Session> {
  const { deployment, owner, notAfter } = input;
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new SdkError("INTERNAL", "no Ed25519 key pair");
  const key = toHex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const terms: SessionTerms = { owner, key, audience: sessionAudience(deployment, input.audience), notAfter };
  const signature = await input.sign(sessionTypedData(deployment, terms));
  return {
    terms,
    signature,
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(bytes).buffer)),
  };
}

/**
 * Checks everything of a session but the wallet's signature, which may need the chain.
 * @param now - seconds.
 * @throws SdkError SIGNATURE_INVALID for another owner or audience, EXPIRED when it is over, INVALID_ARGUMENT when it is too long.
 */
export function assertSession(
  session: SignedSession,
  expected: { deployment: KeeperDomain; owner: Address; audience: SessionAudience; now: number },
): void {
  const { owner, audience, notAfter } = session.terms;
  if (owner.toLowerCase() !== expected.owner.toLowerCase()) {
    throw new SdkError("SIGNATURE_INVALID", "the session is another person's", {
      details: { reason: "session-owner" },
    });
  }
  if (audience !== sessionAudience(expected.deployment, expected.audience)) {
    throw new SdkError("SIGNATURE_INVALID", "the session is for another service or deployment", {
      details: { reason: "session-audience" },
    });
  }
  if (expected.now >= notAfter) {
    throw new SdkError("EXPIRED", "the session is over", { details: { reason: "session-over" } });
  }
  if (notAfter > expected.now + MAX_SESSION_SECONDS + CLOCK_TOLERANCE_SECONDS) {
    throw new SdkError("INVALID_ARGUMENT", "the session would last longer than eight hours", {
      details: { reason: "session-too-long" },
    });
  }
}

/** `[owner, key, audience, notAfter, wallet signature]`. */
export function sessionToArray({ terms, signature }: SignedSession): CborValue[] {
  return [fromHex(terms.owner), fromHex(terms.key), fromHex(terms.audience), terms.notAfter, fromHex(signature)];
}

/** Reads {@link sessionToArray}. @throws SdkError MALFORMED */
export function sessionFromArray(value: CborValue | undefined): SignedSession {
  const [owner, key, audience, notAfter, signature] = readArray(value, "session", 5);
  return {
    terms: {
      owner: readAddress(owner, "session owner"),
      key: readHex(key, "session key"),
      audience: readHex(audience, "session audience"),
      notAfter: readUint(notAfter, "session notAfter", 2 ** 48 - 1),
    },
    signature: readSignature(signature),
  };
}

/** A wallet signature of at most {@link MAX_SIGNATURE_BYTES}. @throws SdkError MALFORMED */
export function readSignature(value: CborValue | undefined): Hex {
  const bytes = readBytes(value, "wallet signature");
  if (bytes.length > MAX_SIGNATURE_BYTES) throw new SdkError("MALFORMED", "wallet signature: too long");
  return toHex(bytes);
}
