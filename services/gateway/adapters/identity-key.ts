/**
 * @module services/gateway/adapters/identity-key
 * The gateway's secp256k1 keys: one signs view tickets, its address is a constant of the deployment; the other pays for relayed acts.
 */
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { loadKeyFile } from "./key-file.ts";

/** The signer of view tickets, in `folder`/gateway.key. @throws SdkError MALFORMED when the file holds something else. */
export async function loadIdentity(folder: string): Promise<PrivateKeyAccount> {
  return privateKeyToAccount(await loadKeyFile(folder, "gateway.key", generatePrivateKey));
}

/** The account that pays for relayed acts, in `folder`/relayer.key. @throws SdkError MALFORMED when the file holds something else. */
export async function loadRelayer(folder: string): Promise<PrivateKeyAccount> {
  return privateKeyToAccount(await loadKeyFile(folder, "relayer.key", generatePrivateKey));
}
