/**
 * @module test/services/keeper/support/chain
 * A real local chain in this process, over real JSON-RPC, with the contracts deployed. Its clock is the tests' clock.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPublicClient, createWalletClient, defineChain, http, type Abi, type Account, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { carekeyAbi, emergencyAccessAbi, successionAbi } from "../../../../sdk/src/contracts/index.ts";
import { openChain } from "../../../../scripts/chain/chain.ts";
import { MNEMONIC } from "../../../../scripts/chain/node.ts";
import { createChainServer } from "../../../../scripts/chain/server.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const ARTIFACTS = join(ROOT, "artifacts/contracts");
/** The emergency contract's rule of seniority in these tests, seconds. */
export const SENIORITY_SECONDS = 60;
const ADMIN_DELAY_SECONDS = 172_800;
const SUCCESSION_DELAY_SECONDS = 10;

/** A clock that tests move. */
export type TestClock = { now(): number; advance(seconds: number): void };

/** A clock that stands still until it is moved. */
export function createTestClock(start = Math.floor(Date.now() / 1000)): TestClock {
  let seconds = start;
  return {
    now: () => seconds,
    advance: (by) => {
      seconds += by;
    },
  };
}

/** One of Hardhat's twenty funded accounts. */
export function testAccount(index: number) {
  return mnemonicToAccount(MNEMONIC, { addressIndex: index });
}

/** Bytecode of an artifact, `path` below the contracts' folder. */
function bytecode(path: string): Hex {
  const artifact = join(ARTIFACTS, path);
  if (!existsSync(artifact))
    execFileSync(join(ROOT, "node_modules/.bin/hardhat"), ["build"], { cwd: ROOT, stdio: "ignore" });
  return (JSON.parse(readFileSync(artifact, "utf8")) as { bytecode: Hex }).bytecode;
}

/** Starts the chain and deploys the contracts with `registrar` as its registrar. */
export async function startChain(clock: TestClock, registrar: Account) {
  const folder = mkdtempSync(join(tmpdir(), "carekey-chain-"));
  const local = await openChain({ path: join(folder, "journal"), chainId: 31337, now: clock.now });
  const server = createChainServer(local, (error) => {
    throw error;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const rpcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const chain = defineChain({
    id: 31337,
    name: "test",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const client = createPublicClient({ chain, transport: http(rpcUrl), pollingInterval: 5, cacheTime: 0 });
  const walletOf = (account: Account) => createWalletClient({ account, chain, transport: http(rpcUrl) });
  async function deploy(abi: Abi, path: string, args: unknown[]) {
    const hash = await walletOf(registrar).deployContract({ abi, bytecode: bytecode(path), args });
    const { contractAddress, blockNumber } = await client.waitForTransactionReceipt({ hash });
    if (!contractAddress) throw new Error(`${path} was not deployed`);
    return { address: contractAddress, block: Number(blockNumber) };
  }
  const carekey = await deploy(carekeyAbi, "Carekey.sol/Carekey.json", [registrar.address, ADMIN_DELAY_SECONDS]);
  const emergency = await deploy(emergencyAccessAbi, "consent/EmergencyAccess.sol/EmergencyAccess.json", [
    carekey.address,
    SENIORITY_SECONDS,
  ]);
  const succession = await deploy(successionAbi, "identity/Succession.sol/Succession.json", [SUCCESSION_DELAY_SECONDS]);
  return {
    rpcUrl,
    chain,
    client,
    walletOf,
    carekey: carekey.address,
    emergencyAccess: emergency.address,
    succession: succession.address,
    deployBlock: carekey.block,
    request: local.request,
    /** Mines an empty block at the clock's time. */
    mine: () => local.request("evm_mine", []),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await local.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A running test chain. */
export type TestChain = Awaited<ReturnType<typeof startChain>>;
