/**
 * @module services/gateway/main
 * The gateway's process. `--identity` prints the addresses of the ticket signer and the relayer, making their keys when there
 * are none, and exits.
 */
import { z } from "zod";
import { parseEnvironment } from "../common/config.ts";
import { loadIdentity, loadRelayer } from "./adapters/identity-key.ts";

async function main(): Promise<void> {
  if (process.argv.includes("--identity")) {
    const { GATEWAY_DATA } = parseEnvironment(z.object({ GATEWAY_DATA: z.string() }), process.env);
    const [signer, relayer] = await Promise.all([loadIdentity(GATEWAY_DATA), loadRelayer(GATEWAY_DATA)]);
    console.log(JSON.stringify({ address: signer.address, relayer: relayer.address }));
    return;
  }
  // Loaded here, so that printing the identity does not wait for databases and IPFS.
  const { run } = await import("./run.ts");
  await run(process.env);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : "the gateway could not start");
  process.exitCode = 1;
});
