/**
 * @module services/gateway/sign-in
 * Sign-in with Ethereum (EIP-4361, https://eips.ethereum.org/EIPS/eip-4361): what a signed message must say to open a session.
 */
import { createSiweMessage, parseSiweMessage, validateSiweMessage, type SiweMessage } from "viem/siwe";
import { hashMessage } from "viem/utils";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { ROLE_PATIENT } from "@carekey/sdk/contracts";
import { SdkError } from "@carekey/sdk/errors";
import { NONCE_SECONDS } from "@carekey/sdk/gateway";
import type { Ports } from "./ports.ts";
import { hashSecret } from "./session.ts";

const PURPOSE = "sign-in";

/** A new sign-in nonce: 128 random bits, single use, five minutes. */
export async function issueNonce({ random, store, now }: Ports): Promise<{ nonce: string; expiresAt: number }> {
  const nonce = Buffer.from(random(16)).toString("hex");
  const expiresAt = now() + NONCE_SECONDS;
  await store.secrets.save({ hash: hashSecret(nonce), purpose: PURPOSE, expiresAt });
  return { nonce, expiresAt };
}

/**
 * Whose valid sign-in this is. The nonce is spent by the first try, whatever comes of it.
 * @throws SdkError MALFORMED (not an EIP-4361 message in canonical form), FORBIDDEN (another domain, uri or chain: `details.field`),
 * EXPIRED (message or nonce), SIGNATURE_INVALID, CHAIN_UNAVAILABLE (for contract accounts).
 */
export async function verifySignIn(ports: Ports, request: { message: string; signature: Hex }): Promise<Address> {
  const message = parse(request.message);
  const origin = ports.origins.find((each) => new URL(each).host === message.domain);
  if (origin === undefined) throw foreign("domain");
  if (message.uri !== origin && !message.uri.startsWith(`${origin}/`)) throw foreign("uri");
  if (message.chainId !== ports.deployment.chainId) throw foreign("chainId");
  if (message.expirationTime === undefined || !validateSiweMessage({ message, time: new Date(ports.now() * 1000) })) {
    throw new SdkError("EXPIRED", "the sign-in message is not valid now");
  }
  const isFresh = await ports.store.secrets.consume({
    hash: hashSecret(message.nonce),
    purpose: PURPOSE,
    now: ports.now(),
  });
  if (!isFresh) throw new SdkError("EXPIRED", "the sign-in nonce is unknown, used or over");
  const digest = hashMessage(request.message);
  if (!(await ports.isSignedBy({ account: message.address, digest, signature: request.signature }))) {
    throw new SdkError("SIGNATURE_INVALID", "the account did not sign this message");
  }
  return message.address;
}

/**
 * Whether a sign-in is finished by a one-time code only: when codes are on, for all but patients, who are asked when they approve
 * something. While the chain cannot say who somebody is, the code is asked for.
 */
export async function isCodeNeeded({ store, chain }: Ports, address: Address): Promise<boolean> {
  const isOn = (await store.factors.of(address)).some(({ isConfirmed }) => isConfirmed);
  if (!isOn) return false;
  return chain.identityOf(address).then(
    ({ role }) => role !== ROLE_PATIENT,
    () => true,
  );
}

/** Parses strictly: what is written back must be the very same text, so that nothing unread can hide in it. */
function parse(text: string): SiweMessage {
  try {
    const message = parseSiweMessage(text) as SiweMessage;
    if (createSiweMessage(message) === text) return message;
  } catch {
    // Fields are missing or out of range: the same answer as for any other text.
  }
  throw new SdkError("MALFORMED", "not an EIP-4361 message in canonical form");
}

function foreign(field: "domain" | "uri" | "chainId"): SdkError {
  return new SdkError("FORBIDDEN", `the sign-in is for another ${field}`, { details: { field } });
}
