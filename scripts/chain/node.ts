/**
 * @module chain/node
 * Hardhat's EDR as an in-process chain that mines only when told to, which is what makes it replayable.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { z } from "zod";

/** Sends one JSON-RPC request to the chain. */
export type Request = (method: string, params?: readonly unknown[]) => Promise<unknown>;

/** The public test mnemonic of Hardhat: twenty accounts with 10,000 ETH each. Known to everybody, local use only. */
export const MNEMONIC = "test test test test test test test test test test test junk";
/** How many accounts of {@link MNEMONIC} hold funds. */
export const ACCOUNT_COUNT = 20;

const require = createRequire(import.meta.url);

/** The version of Hardhat in use. */
export function hardhatVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(require.resolve("hardhat/package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(manifest).version;
}

/**
 * Starts a chain whose genesis block has the time `initialDate`.
 * A transaction that reverts is mined and answered with its hash, as on a real network.
 */
export async function createNode(options: { chainId: number; initialDate: string }): Promise<{
  request: Request;
  close: () => Promise<void>;
}> {
  const environment = await createHardhatRuntimeEnvironment({
    networks: {
      local: {
        type: "edr-simulated",
        chainType: "l1",
        chainId: options.chainId,
        initialDate: options.initialDate,
        accounts: { mnemonic: MNEMONIC, count: ACCOUNT_COUNT },
        allowBlocksWithSameTimestamp: true,
        throwOnTransactionFailures: false,
        mining: { auto: false, interval: 0, mempool: { order: "fifo" } },
      },
    },
  });
  const connection = await environment.network.create("local");
  return {
    request: (method, params = []) => connection.provider.request({ method, params: [...params] }),
    close: () => connection.close(),
  };
}
