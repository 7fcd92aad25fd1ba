/**
 * @module services/gateway/adapters/identity-key
 * The secp256k1 key with which the gateway will sign view tickets; its address is a constant of the deployment.
 */
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { SdkError } from "@carekey/sdk/errors";

/**
 * The account in `folder`/gateway.key (readable by its owner only), made when it is not there yet.
 * @throws SdkError MALFORMED when the file holds something else.
 */
export async function loadIdentity(folder: string): Promise<PrivateKeyAccount> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "gateway.key");
  try {
    const handle = await open(file, "wx", 0o600);
    const key = generatePrivateKey();
    await handle.writeFile(key + "\n");
    await handle.sync();
    await handle.close();
    return privateKeyToAccount(key);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const key = (await readFile(file, "utf8")).trim();
  if (!/^0x[0-9a-f]{64}$/.test(key)) throw new SdkError("MALFORMED", "gateway.key does not hold a private key");
  return privateKeyToAccount(key as `0x${string}`);
}
