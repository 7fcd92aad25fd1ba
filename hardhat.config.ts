/**
 * @module hardhat.config
 * How the contracts are compiled and tested. The compiler is the npm package `solc`: nothing is downloaded.
 */
import { fileURLToPath } from "node:url";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** Fuzz runs of each Solidity property; the stateful invariants take a hundredth of them, each with 64 calls. */
const fuzzRuns = Number(process.env["FUZZ_RUNS"] ?? 1_000);

const WARNINGS_PLUGIN_ID = "carekey:warnings-are-errors";

/** A compiler warning stops the build. Tests may be larger than a contract on chain; code instrumented for coverage is not ours. */
const warningsAreErrors: HardhatPlugin = {
  id: WARNINGS_PLUGIN_ID,
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        getCompilationJobErrors: async (context, job, output, next) => {
          const errors = await next(context, job, output);
          if (context.globalOptions.coverage) return errors;
          const warnings = errors.filter(
            ({ severity, message, formattedMessage }) =>
              severity === "warning" &&
              !(/code size is/.test(message) && /--> (\.\/)?test\//.test(formattedMessage ?? "")),
          );
          if (warnings.length > 0) {
            const list = warnings.map((warning) => warning.formattedMessage ?? warning.message).join("\n");
            throw new HardhatPluginError(WARNINGS_PLUGIN_ID, `Compiler warnings are errors here:\n\n${list}`);
          }
          return errors;
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
