/**
 * @module services/gateway/adapters/identity-key
 * The secp256k1 key with which the gateway signs view tickets; its address is a constant of the deployment.
 */
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { loadKeyFile } from "./key-file.ts";

/**
 * The account in `folder`/gateway.key, made when it is not there yet.
 * @throws SdkError MALFORMED when the file holds something else.
 */
export async function loadIdentity(folder: string): Promise<PrivateKeyAccount> {
  return privateKeyToAccount(await loadKeyFile(folder, "gateway.key", generatePrivateKey));
}
