/**
 * @module services/keeper/adapters/identity
 * The keeper's keys in a file that only its owner may read: made once, on the first start, and never changed.
 */
import { chmod, mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { fromHex, toHex, type Hex } from "@carekey/sdk/bytes";
import { derivePersonKeys, newSeed } from "@carekey/sdk/crypto";
import { SdkError } from "@carekey/sdk/errors";
import { encodeKeyDocument, keyHashOf, makeKeyDocument } from "@carekey/sdk/identity";
import type { KeeperIdentity } from "../ports.ts";

const hex32 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((value) => value as Hex);
const fileSchema = z.strictObject({
  version: z.literal(1),
  privateKey: hex32,
  seed: hex32,
  issuedAt: z.int().positive(),
});
type IdentityFile = z.output<typeof fileSchema>;

/** Name of the file in the keeper's data folder. */
export const IDENTITY_FILE = "identity.json";

/** A keeper's keys and, for its own registration, its private key. */
export type StoredIdentity = KeeperIdentity & { privateKey: Hex };

/**
 * Reads the keeper's keys, making them when the folder holds none.
 * @param now - seconds; the key document's date when it is new.
 * @throws SdkError MALFORMED when the file is there but not readable as keys: it is never overwritten.
 */
export async function loadIdentity(folder: string, now: number): Promise<StoredIdentity> {
  const path = join(folder, IDENTITY_FILE);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (await readIdentity(path)) ?? (await writeIdentity(path, now));
  const account = privateKeyToAccount(file.privateKey);
  const keys = derivePersonKeys(fromHex(file.seed), 0);
  const document = makeKeyDocument({
    keys,
    address: account.address,
    issuedAt: file.issuedAt,
    display: { kind: "keeper" },
  });
  const keyDocument = encodeKeyDocument(document);
  return {
    address: account.address,
    privateKey: file.privateKey,
    sign: (digest) => account.sign({ hash: digest }),
    xwingSecret: keys.xwingSecret,
    keyDocument,
    keyHash: keyHashOf(keyDocument.digest),
  };
}

async function readIdentity(path: string): Promise<IdentityFile | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  await chmod(path, 0o600);
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // The cause is left out on purpose: it could quote key material.
    throw new SdkError("MALFORMED", "the keeper's identity file cannot be read");
  }
}

async function writeIdentity(path: string, now: number): Promise<IdentityFile> {
  const file: IdentityFile = { version: 1, privateKey: generatePrivateKey(), seed: toHex(newSeed()), issuedAt: now };
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify(file) + "\n");
    await handle.sync();
  } finally {
    await handle.close();
  }
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return file;
}
