/**
 * @module chain/main
 * The local chain as a process: `node scripts/chain/main.ts --data DIR [--port 8545] [--heartbeat 60]`.
 * Prints one line when it answers; stops on SIGINT and SIGTERM. `--data` holds journal.jsonl and a lock.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LOCAL_CHAIN_ID } from "@carekey/sdk/deployment";
import { lockDirectory } from "../common/lock.ts";
import { openChain } from "./chain.ts";
import { JournalError } from "./journal.ts";
import { createChainServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: ".data/chain" },
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "8545" },
    /** Seconds after which an idle chain mines an empty block, so that its time stays near the wall clock. */
    heartbeat: { type: "string", default: "60" },
  },
});

function fail(message: string): never {
  process.stderr.write(`chain: ${message}\n`);
  process.exit(1);
}

try {
  const lock = lockDirectory(values.data, "the local chain");
  const chain = await openChain({
    path: join(values.data, "journal.jsonl"),
    chainId: LOCAL_CHAIN_ID,
    onProgress: (done, total) => process.stdout.write(`replaying ${done} of ${total}\n`),
  });
  const heartbeat = Number(values.heartbeat);
  if (heartbeat > 0) await chain.keepFresh(heartbeat);
  const server = createChainServer(chain, (error) => fail(`a write could not be journaled: ${error.message}`));
  server.on("error", (error) => fail(error.message));
  server.listen(Number(values.port), values.host, () => {
    const { blocks, milliseconds, tornBytes } = chain.replayed;
    const torn = tornBytes > 0 ? `; dropped ${tornBytes} bytes that were never acknowledged` : "";
    process.stdout.write(
      `ready on http://${values.host}:${values.port}, ${blocks} blocks replayed in ${Math.round(milliseconds)} ms${torn}\n`,
    );
  });
  const timer = setInterval(() => {
    if (heartbeat > 0)
      chain.keepFresh(heartbeat).catch((error: unknown) => fail(`a write could not be journaled: ${String(error)}`));
  }, 5_000);
  const stop = (): void => {
    clearInterval(timer);
    void chain.close().then(() => {
      lock.release();
      process.exit(0);
    });
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
} catch (error) {
  if (!(error instanceof JournalError)) fail(error instanceof Error ? error.message : String(error));
  fail(`${error.message}\nThe chain cannot go on from here. Begin anew with: npm start -- --fresh`);
}
