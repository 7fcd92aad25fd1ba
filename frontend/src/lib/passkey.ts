/**
 * @module lib/passkey
 * Passkeys of this origin as keepers of a secret: WebAuthn with the PRF extension. No server takes part and nothing is verified but
 * what the PRF output opens. https://www.w3.org/TR/webauthn-3/#prf-extension
 */
import { toHex, fromHex, utf8, type Address, type Hex } from "@carekey/sdk/bytes";
import type { AskPasskey, PasskeyAnswer } from "@carekey/sdk/client";
import { SdkError } from "@carekey/sdk/errors";
import { formatAddress } from "./format.ts";

/** How long the person may take with the prompt, milliseconds. */
const PATIENCE = 120_000;
/** ES256 and RS256: what every authenticator offers. The signature itself is not used. */
const ALGORITHMS = [-7, -257];

/** Whether this browser has passkeys at all; whether they can protect keys shows when one is made. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && typeof navigator.credentials?.create === "function";
}

/**
 * Makes a passkey for an account and evaluates its PRF: one prompt, or two where the authenticator answers only when asked again.
 * passkey.existing: credential ids of this account, of which none is made a second time.
 * @throws SdkError PASSKEY_UNSUITABLE, CANCELLED when the person said no, CONFLICT when this device has one already
 */
export async function createPasskey(passkey: {
  address: Address;
  salt: Hex;
  existing: readonly Hex[];
}): Promise<PasskeyAnswer> {
  const { address, salt, existing } = passkey;
  const credential = await prompt(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: "Carekey" },
        user: { id: utf8(address.toLowerCase()), name: `Carekey ${formatAddress(address)}`, displayName: "Carekey" },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        excludeCredentials: existing.map(descriptorOf),
        timeout: PATIENCE,
        extensions: { prf: { eval: { first: new Uint8Array(fromHex(salt)) } } },
      },
    }),
  );
  const { prf } = credential.getClientExtensionResults();
  if (prf?.enabled !== true) throw unsuitable();
  const id = toHex(new Uint8Array(credential.rawId));
  const output = outputOf(credential);
  return output === null ? askPasskey([{ credential: id, salt }]) : { credential: id, output };
}

/** Asks for one of these passkeys and evaluates its PRF: one prompt. @throws SdkError PASSKEY_UNSUITABLE, CANCELLED */
export const askPasskey: AskPasskey = async (candidates) => {
  const salts = candidates.map(
    ({ credential, salt }) => [base64Url(fromHex(credential)), { first: new Uint8Array(fromHex(salt)) }] as const,
  );
  const credential = await prompt(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: candidates.map((candidate) => descriptorOf(candidate.credential)),
        userVerification: "required",
        timeout: PATIENCE,
        extensions: { prf: { evalByCredential: Object.fromEntries(salts) } },
      },
    }),
  );
  const output = outputOf(credential);
  if (output === null) throw unsuitable();
  return { credential: toHex(new Uint8Array(credential.rawId)), output };
};

async function prompt(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (cause) {
    throw failureOf(cause);
  }
  if (!(credential instanceof PublicKeyCredential)) throw unsuitable();
  return credential;
}

function failureOf(cause: unknown): SdkError {
  const name = cause instanceof DOMException ? cause.name : "";
  // The browser does not say whether the person said no or has no such passkey here.
  if (name === "NotAllowedError" || name === "AbortError") {
    return new SdkError("CANCELLED", "no passkey was given", { cause });
  }
  if (name === "InvalidStateError") return new SdkError("CONFLICT", "this device has a passkey already", { cause });
  return new SdkError("PASSKEY_UNSUITABLE", "passkeys do not work here", { cause });
}

function outputOf(credential: PublicKeyCredential): Uint8Array | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  return first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer.slice(0));
}

function descriptorOf(credential: Hex): PublicKeyCredentialDescriptor {
  return { type: "public-key", id: new Uint8Array(fromHex(credential)) };
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function unsuitable(): SdkError {
  return new SdkError("PASSKEY_UNSUITABLE", "this passkey has no PRF");
}
