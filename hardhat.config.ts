/**
 * @module hardhat.config
 * How the contracts are compiled and tested. The compiler is the npm package `solc`: nothing is downloaded.
 */
import { fileURLToPath } from "node:url";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutputError } from "hardhat/types/solidity";

/** Fuzz runs of each Solidity property; the stateful invariants take a hundredth of them, each with 64 calls. */
const fuzzRuns = Number(process.env["FUZZ_RUNS"] ?? 1_000);

/**
 * A compiler warning is an error. It has to become one in the compiler's own output: a build that fails later is in the cache by
 * then, and passes the next time. Tests may be larger than a contract on chain; code instrumented for coverage is not ours.
 */
const warningsAreErrors: HardhatPlugin = {
  id: "carekey:warnings-are-errors",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        invokeSolc: async (context, compiler, input, config, next) => {
          const output = await next(context, compiler, input, config);
          if (context.globalOptions.coverage) return output;
          const isAllowed = ({ message, formattedMessage }: CompilerOutputError) =>
            /code size is/.test(message) && /--> (project|\.)\/test\//.test(formattedMessage ?? "");
          const errors = output.errors?.map((error) =>
            error.severity === "warning" && !isAllowed(error)
              ? { ...error, type: "WarningAsError", severity: "error" as const }
              : error,
          );
          return { ...output, errors };
        },
      }),
    }),
  },
};

export default defineConfig({
  plugins: [toolbox, warningsAreErrors],
  solidity: {
    version: "0.8.37",
    path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["storageLayout"] } },
    },
  },
  paths: {
    sources: "contracts",
    tests: { mocha: "test/contracts", solidity: "test/contracts" },
  },
  // The sdk's ABI (scripts/export-contracts.ts) is what TypeScript is typed by.
  typechain: { dontOverrideCompile: true },
  networks: {
    // Quick transactions must not push the chain's clock ahead of the world's.
    default: { type: "edr-simulated", chainType: "l1", allowBlocksWithSameTimestamp: true },
    node: { type: "edr-simulated", chainType: "l1", chainId: 31337, allowBlocksWithSameTimestamp: true },
  },
  test: {
    mocha: { timeout: 60_000 },
    solidity: {
      fuzz: { runs: fuzzRuns },
      invariant: { runs: Math.max(10, Math.floor(fuzzRuns / 100)), depth: 64, failOnRevert: true },
    },
  },
});
