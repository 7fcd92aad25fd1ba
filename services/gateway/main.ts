/**
 * @module services/gateway/main
 * The gateway's process. `--identity` prints the ticket signer's address, making its key when there is none, and exits.
 */
import { z } from "zod";
import { parseEnvironment } from "../common/config.ts";
import { loadIdentity } from "./adapters/identity-key.ts";

async function main(): Promise<void> {
  if (process.argv.includes("--identity")) {
    const { GATEWAY_DATA } = parseEnvironment(z.object({ GATEWAY_DATA: z.string() }), process.env);
    console.log(JSON.stringify({ address: (await loadIdentity(GATEWAY_DATA)).address }));
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
