/**
 * @module deploy
 * Deploys the contracts through Ignition, or finds them where they were deployed before:
 * `node scripts/deploy.ts --rpc URL --data DIR`. Prints one line of JSON with carekey, emergencyAccess, succession, deployBlock, chainId and
 * registrar.
 * The deployer, who is also the first registrar, is DEPLOYER_PRIVATE_KEY, or the first test account on the local chain.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LOCAL_CHAIN_ID } from "@carekey/sdk/deployment";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { createPublicClient, http } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { z } from "zod";
import hardhatConfig from "../hardhat.config.ts";
import carekeyModule from "../ignition/modules/Carekey.ts";
import { demoPrivateKey } from "./common/people.ts";
import { ROOT } from "./common/run.ts";
import { areContractsStale } from "./common/stale.ts";

/** Two days between naming a new default admin and its taking over. */
const ADMIN_TRANSFER_DELAY_SECONDS = 2 * 86_400;
/** How long a verification must have stood to count in an emergency: a week, and no time to wait for in the demo clinic. */
const EMERGENCY_SENIORITY_SECONDS = { public: 7 * 86_400, local: 60 };
/** How long an account can object to its guardians at least: a week, and ten seconds in the demo clinic. */
const SUCCESSION_DELAY_SECONDS = { public: 7 * 86_400, local: 10 };

const { values } = parseArgs({
  options: {
    rpc: { type: "string", default: "http://127.0.0.1:8545" },
    /** Ignition's record of what it has deployed is kept in DIR/ignition. */
    data: { type: "string", default: ".data" },
  },
});

const confirmationSchema = z.object({
  type: z.literal("TRANSACTION_CONFIRM"),
  receipt: z.object({ blockNumber: z.number(), contractAddress: z.string() }),
});

/** The block that `contract` was created in, from Ignition's journal. */
function deployBlockOf(contract: string, deployment: string): number {
  for (const line of readFileSync(join(deployment, "journal.jsonl"), "utf8").split("\n")) {
    if (line.trim() === "") continue;
    const parsed = confirmationSchema.safeParse(JSON.parse(line));
    if (!parsed.success) continue;
    const { blockNumber, contractAddress } = parsed.data.receipt;
    if (contractAddress.toLowerCase() === contract.toLowerCase()) return blockNumber;
  }
  throw new Error(`Ignition's record in ${deployment} does not know ${contract}`);
}

const client = createPublicClient({ transport: http(values.rpc) });
const chainId = await client.getChainId();
const privateKey = process.env["DEPLOYER_PRIVATE_KEY"] ?? (chainId === LOCAL_CHAIN_ID ? demoPrivateKey(0) : undefined);
if (privateKey === undefined)
  throw new Error("DEPLOYER_PRIVATE_KEY is needed to deploy to a chain that is not the local one");
const registrar = privateKeyToAddress(privateKey.startsWith("0x") ? `0x${privateKey.slice(2)}` : `0x${privateKey}`);

const ignition = join(resolve(values.data), "ignition");
const deploymentId = `chain-${chainId}`;
const environment = await createHardhatRuntimeEnvironment(
  {
    ...hardhatConfig,
    paths: { ...hardhatConfig.paths, ignition },
    networks: { target: { type: "http", chainType: "l1", url: values.rpc, chainId, accounts: [privateKey] } },
  },
  {},
  ROOT,
);
// Two builds at once may lose each other's files; when nothing has changed there is nothing to build.
if (areContractsStale()) await environment.tasks.getTask("build").run({ quiet: true, noTests: true });
const connection = await environment.network.create("target");
const emergencySeniority = EMERGENCY_SENIORITY_SECONDS[chainId === LOCAL_CHAIN_ID ? "local" : "public"];
const successionDelay = SUCCESSION_DELAY_SECONDS[chainId === LOCAL_CHAIN_ID ? "local" : "public"];
const { carekey, emergencyAccess, succession } = await connection.ignition.deploy(carekeyModule, {
  deploymentId,
  parameters: {
    Carekey: {
      initialRegistrar: registrar,
      adminTransferDelay: ADMIN_TRANSFER_DELAY_SECONDS,
      emergencySeniority,
      successionDelay,
    },
  },
});
const address = await carekey.getAddress();
const folder = join(ignition, "deployments", deploymentId);
if (!existsSync(folder)) throw new Error(`Ignition left no record in ${folder}`);
const deployed = {
  carekey: address,
  emergencyAccess: await emergencyAccess.getAddress(),
  succession: await succession.getAddress(),
  deployBlock: deployBlockOf(address, folder),
  chainId,
  registrar,
};
process.stdout.write(`${JSON.stringify(deployed)}\n`);
