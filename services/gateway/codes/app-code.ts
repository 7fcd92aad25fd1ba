/**
 * @module services/gateway/codes/app-code
 * Codes of authenticator apps: TOTP (RFC 6238, https://www.rfc-editor.org/rfc/rfc6238) with SHA-1, 6 digits and steps of 30 seconds,
 * which is what every such app computes.
 */
import { timingSafeEqual } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Address } from "@carekey/sdk/bytes";

const STEP_SECONDS = 30;
/** Steps before and after the present one that count, for clocks that are off. */
const WINDOW = 1;
const SECRET_BYTES = 20;

/** A new secret, in base32. */
export function newAppSecret(random: (length: number) => Uint8Array): string {
  return new Secret({ buffer: random(SECRET_BYTES).slice().buffer }).base32;
}

/** The `otpauth:` address of a secret, for a QR code. Names the account by a part of its address, as apps show it. */
export function appUri(secret: string, person: Address): string {
  return totpOf(secret, `${person.slice(0, 6)}…${person.slice(-4)}`).toString();
}

/** The step whose code this is, of those that count at `now` (seconds); null when it is none's. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const totp = totpOf(secret, "");
  const typed = Buffer.from(code);
  const present = Math.floor(now / STEP_SECONDS);
  let found: number | null = null;
  for (let step = present - WINDOW; step <= present + WINDOW; step++) {
    const expected = Buffer.from(totp.generate({ timestamp: step * STEP_SECONDS * 1000 }));
    if (typed.length === expected.length && timingSafeEqual(typed, expected)) found = step;
  }
  return found;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: "Carekey", label, algorithm: "SHA1", digits: 6, period: STEP_SECONDS, secret });
}
