/**
 * @module services/keeper/main
 * The keeper's process. `--identity` prints its address, making its key when there is none, and exits.
 */
import { z } from "zod";
import { SdkError } from "@carekey/sdk/errors";
import { parseEnvironment } from "../common/config.ts";
import { createLog } from "../common/log.ts";
import { loadIdentity } from "./adapters/identity.ts";

async function main(): Promise<void> {
  if (process.argv.includes("--identity")) {
    const { KEEPER_DATA } = parseEnvironment(z.object({ KEEPER_DATA: z.string() }), process.env);
    const { address } = await loadIdentity(KEEPER_DATA, Math.floor(Date.now() / 1000));
    process.stdout.write(`${JSON.stringify({ address })}\n`);
    return;
  }
  // Loaded here, so that printing the identity does not wait for the rest.
  const { run } = await import("./run.ts");
  await run(process.env);
}

try {
  await main();
} catch (error) {
  const message = error instanceof SdkError ? `${error.code}: ${error.message}` : "the keeper cannot start";
  process.stderr.write(message + "\n");
  if (!(error instanceof SdkError)) createLog({ name: "keeper" }).fatal({ err: error }, "start failed");
  process.exitCode = 1;
}
