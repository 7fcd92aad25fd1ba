/**
 * @module services/gateway/adapters/code-key
 * The key file for one-time codes. Who verifies a code must be able to compute it, so secrets cannot only be hashed; encrypted
 * under a key that is not in the database, a copy of the database alone opens nothing.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { fromHex, toHex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import type { CodeKey } from "../ports.ts";
import { loadKeyFile } from "./key-file.ts";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The key in `folder`/codes.key, made when it is not there yet. @throws SdkError MALFORMED when the file holds something else. */
export async function loadCodeKey(folder: string): Promise<CodeKey> {
  return createCodeKey(fromHex(await loadKeyFile(folder, "codes.key", () => toHex(new Uint8Array(randomBytes(32))))));
}

/** A code key from 32 bytes. Sealed = nonce12 ‖ ciphertext ‖ tag16, AES-256-GCM. */
export function createCodeKey(key: Uint8Array): CodeKey {
  const derive = (label: string) => Buffer.from(hkdfSync("sha256", key, "", `carekey/codes/${label}/v1`, 32));
  const sealKey = derive("seal");
  const macKey = derive("mac");
  return {
    seal(plaintext, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealKey, nonce).setAAD(Buffer.from(context));
      return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
    },
    open(sealed, context) {
      try {
        const bytes = Buffer.from(sealed);
        const decipher = createDecipheriv(CIPHER, sealKey, bytes.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString();
      } catch {
        throw new SdkError("DECRYPTION_FAILED", "this secret was sealed with another key");
      }
    },
    mac: (...parts) => createHmac("sha256", macKey).update(JSON.stringify(parts)).digest("hex"),
  };
}
