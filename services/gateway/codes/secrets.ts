/**
 * @module services/gateway/codes/secrets
 * Codes by mail and backup codes as {@link Secrets}: kept as keyed hashes, bound to person and purpose.
 */
import type { Address } from "@carekey/sdk/bytes";
import { BACKUP_CODES, MAIL_CODE_SECONDS, type CodePurpose } from "@carekey/sdk/gateway";
import type { CodeKey, Ports } from "../ports.ts";

const BACKUP = "backup-code";
const BACKUP_LENGTH = 10;
/** Crockford's base32: no letter that looks like a digit or another letter. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NEVER = Number.MAX_SAFE_INTEGER;

type MailPurpose = CodePurpose | "confirm";
const mailPurpose = (purpose: MailPurpose) => `mail-code:${purpose}`;

/** How a code by mail is found. */
export function mailSecret(key: CodeKey, code: { person: Address; purpose: MailPurpose; code: string }) {
  const purpose = mailPurpose(code.purpose);
  return { hash: key.mac(purpose, code.person, code.code), purpose };
}

/** How a backup code is found. Letters that are easily taken for others count as those. */
export function backupSecret(key: CodeKey, person: Address, code: string) {
  const canonical = code.replaceAll("O", "0").replace(/[IL]/g, "1");
  return { hash: key.mac(BACKUP, person, canonical), purpose: BACKUP };
}

/** Makes a code of 6 digits for a mail; the one before, for the same purpose, ends. */
export async function issueMailCode(ports: Ports, person: Address, purpose: MailPurpose): Promise<string> {
  const { store, codeKey, now } = ports;
  const code = String(uniform(ports, 1_000_000)).padStart(6, "0");
  await store.secrets.forget(person, mailPurpose(purpose));
  await store.secrets.save({
    ...mailSecret(codeKey, { person, purpose, code }),
    subject: person,
    expiresAt: now() + MAIL_CODE_SECONDS,
  });
  return code;
}

/** Makes new backup codes, `XXXXX-XXXXX`; the old ones end. */
export async function issueBackupCodes(ports: Ports, person: Address): Promise<string[]> {
  const { store, codeKey } = ports;
  const codes = Array.from({ length: BACKUP_CODES }, () =>
    Array.from({ length: BACKUP_LENGTH }, () => ALPHABET[uniform(ports, ALPHABET.length)]).join(""),
  );
  await forgetBackupCodes(ports, person);
  for (const code of codes) {
    await store.secrets.save({ ...backupSecret(codeKey, person, code), subject: person, expiresAt: NEVER });
  }
  return codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`);
}

/** How many backup codes are left. */
export function countBackupCodes({ store, now }: Ports, person: Address): Promise<number> {
  return store.secrets.count(person, BACKUP, now());
}

/** Ends all backup codes. */
export function forgetBackupCodes({ store }: Ports, person: Address): Promise<void> {
  return store.secrets.forget(person, BACKUP);
}

/** A uniform number below `limit` (at most 2^32): draws again rather than favour small ones. */
function uniform({ random }: Ports, limit: number): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const drawn = new DataView(random(4).slice().buffer).getUint32(0);
    if (drawn < fair) return drawn % limit;
  }
}
