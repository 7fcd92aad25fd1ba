/**
 * @module test/scripts/chain
 * The local chain's promise: whatever it acknowledged is there again after a restart, hash for hash, or it says why not.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { privateKeyToAccount, mnemonicToAccount } from "viem/accounts";
import { z } from "zod";
import { openChain, RpcError, type JournaledChain } from "../../../scripts/chain/chain.ts";
import { JournalError } from "../../../scripts/chain/journal.ts";
import { MNEMONIC } from "../../../scripts/chain/node.ts";

const CHAIN_ID = 31337;
const alice = mnemonicToAccount(MNEMONIC, { addressIndex: 1 });
const bob = mnemonicToAccount(MNEMONIC, { addressIndex: 2 });
/** Stores its caller's block time, so that time and randomness reach the state root: SSTORE(0, TIMESTAMP); SSTORE(1, PREVRANDAO). */
const CLOCK_CODE = "0x425f554460015500";

const blockSchema = z.object({ number: z.string(), hash: z.string(), stateRoot: z.string(), timestamp: z.string() });

describe("local chain", () => {
  let folder: string;
  let path: string;
  const open: JournaledChain[] = [];

  async function start(now?: () => number): Promise<JournaledChain> {
    const chain = await openChain({ path, chainId: CHAIN_ID, ...(now === undefined ? {} : { now }) });
    open.push(chain);
    return chain;
  }

  async function stop(chain: JournaledChain): Promise<void> {
    open.splice(open.indexOf(chain), 1);
    await chain.close();
  }

  async function blocks(chain: JournaledChain): Promise<z.output<typeof blockSchema>[]> {
    const count = Number(await chain.request("eth_blockNumber"));
    const all = [];
    for (let number = 0; number <= count; number++) {
      all.push(blockSchema.parse(await chain.request("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])));
    }
    return all;
  }

  function signed(nonce: number, value = 1n): Promise<`0x${string}`> {
    return alice.signTransaction({
      chainId: CHAIN_ID,
      type: "eip1559",
      nonce,
      to: bob.address,
      value,
      gas: 21_000n,
      maxFeePerGas: 10n ** 10n,
    });
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "carekey-chain-"));
    path = join(folder, "journal.jsonl");
  });

  afterEach(async () => {
    for (const chain of [...open]) await stop(chain);
    rmSync(folder, { recursive: true, force: true });
  });

  describe("replay", () => {
    it("gives the same blocks and the same state, whatever was read in between", async () => {
      const chain = await start();
      const contract = `0x${"c0".repeat(20)}`;
      await chain.request("hardhat_setCode", [contract, CLOCK_CODE]);
      for (let nonce = 0; nonce < 5; nonce++) {
        await chain.request("eth_sendRawTransaction", [await signed(nonce)]);
        await chain.request("eth_call", [{ to: contract }, "pending"]);
        await chain.request("eth_estimateGas", [{ from: bob.address, to: contract }]);
        await chain.request("eth_sendTransaction", [{ from: bob.address, to: contract }]);
        await chain.request("eth_getBlockByNumber", ["pending", true]);
      }
      await chain.request("hardhat_setBalance", [alice.address, "0x8ac7230489e80000"]);
      await chain.request("evm_increaseTime", [3600]);
      await chain.request("evm_mine");
      await chain.request("hardhat_mine", ["0x3", "0xc"]);
      await chain.request("eth_sendTransaction", [{ from: bob.address, data: "0x00" }]);
      const before = await blocks(chain);
      await stop(chain);

      const again = await start();
      expect(await blocks(again)).to.deep.equal(before);
      expect(before).to.have.length(16);
      expect(again.replayed.blocks).to.equal(15);
    });

    it("keeps a transaction that waits for an earlier nonce", async () => {
      const chain = await start();
      await chain.request("eth_sendRawTransaction", [await signed(1)]);
      expect(await chain.request("eth_blockNumber")).to.equal("0x0");
      await stop(chain);

      const again = await start();
      await again.request("eth_sendRawTransaction", [await signed(0)]);
      expect(await again.request("eth_getTransactionCount", [alice.address, "latest"])).to.equal("0x2");
    });

    it("goes on with the clock where the wall clock is, plus what it was moved by", async () => {
      let wall = 1_800_000_000;
      const chain = await start(() => wall);
      await chain.request("evm_increaseTime", [500]);
      await chain.request("evm_mine");
      await stop(chain);

      wall += 86_400;
      const again = await start(() => wall);
      await again.request("evm_mine");
      const latest = (await blocks(again)).at(-1);
      expect(Number(latest?.timestamp)).to.equal(wall + 500);
    });

    it("mines an empty block when the latest one has grown old, and only then", async () => {
      let wall = 1_800_000_000;
      const chain = await start(() => wall);
      await chain.keepFresh(300);
      wall += 299;
      await chain.keepFresh(300);
      expect(await chain.request("eth_blockNumber")).to.equal("0x0");
      wall += 1;
      await chain.keepFresh(300);
      expect(Number((await blocks(chain)).at(-1)?.timestamp)).to.equal(wall);
    });
  });

  describe("a crash", () => {
    it("drops a torn last line and keeps everything before it", async () => {
      const chain = await start();
      for (let nonce = 0; nonce < 3; nonce++) await chain.request("eth_sendRawTransaction", [await signed(nonce)]);
      const before = await blocks(chain);
      await stop(chain);
      const stored = readFileSync(path);
      writeFileSync(path, stored.subarray(0, stored.length - 7));

      const again = await start();
      expect(await blocks(again)).to.deep.equal(before.slice(0, 3));
      expect(again.replayed.tornBytes).to.be.greaterThan(0);
      await again.request("eth_sendRawTransaction", [await signed(2)]);
      await stop(again);
      expect(await blocks(await start())).to.have.length(4);
    });
  });

  describe("a journal that does not fit", () => {
    async function problemAfter(change: (lines: string[]) => void): Promise<JournalError> {
      const chain = await start();
      for (let nonce = 0; nonce < 3; nonce++) await chain.request("eth_sendRawTransaction", [await signed(nonce)]);
      await stop(chain);
      const lines = readFileSync(path, "utf8").split("\n");
      change(lines);
      writeFileSync(path, lines.join("\n"));
      try {
        await start();
      } catch (error) {
        if (error instanceof JournalError) return error;
        throw error;
      }
      throw new Error("the chain started");
    }

    it("is named with the line that is not JSON", async () => {
      const error = await problemAfter((lines) => lines.splice(2, 1, lines[2]!.slice(0, 20)));
      expect(error.line).to.equal(3);
      expect(error.message).to.include(path);
    });

    it("is named with the block whose time was changed", async () => {
      const error = await problemAfter((lines) =>
        lines.splice(
          3,
          1,
          lines[3]!.replace(/"timestamp":(\d+)/, (_, time) => `"timestamp":${Number(time) + 1}`),
        ),
      );
      expect(error.line).to.equal(4);
    });

    it("is named when a transaction is missing", async () => {
      const error = await problemAfter((lines) => lines.splice(1, 1));
      expect(error.line).to.equal(2);
    });

    it("is named when it belongs to another chain", async () => {
      await stop(await start());
      const error = await openChain({ path, chainId: 5 }).catch((problem: unknown) => problem);
      expect(error).to.be.instanceOf(JournalError);
    });
  });

  describe("requests", () => {
    async function refusal(request: Promise<unknown>): Promise<RpcError> {
      const error = await request.catch((problem: unknown) => problem);
      expect(error).to.be.instanceOf(RpcError);
      return error as RpcError;
    }

    it("refuses what a replay could not repeat, and writes nothing", async () => {
      const chain = await start();
      const before = readFileSync(path, "utf8");
      for (const method of [
        "evm_snapshot",
        "evm_revert",
        "hardhat_reset",
        "evm_setAutomine",
        "hardhat_impersonateAccount",
      ]) {
        expect((await refusal(chain.request(method, [])))?.code).to.equal(-32601);
      }
      expect(readFileSync(path, "utf8")).to.equal(before);
    });

    it("signs for the test accounts only", async () => {
      const stranger = privateKeyToAccount(`0x${"07".repeat(32)}`);
      const chain = await start();
      await chain.request("hardhat_setBalance", [stranger.address, "0x8ac7230489e80000"]);
      expect(
        (await refusal(chain.request("eth_sendTransaction", [{ from: stranger.address, to: bob.address }]))).code,
      ).to.equal(-32602);
    });

    it("refuses a time before the latest block", async () => {
      const chain = await start();
      await chain.request("evm_mine");
      expect((await refusal(chain.request("evm_setNextBlockTimestamp", [1]))).code).to.equal(-32602);
    });

    it("leaves no trace of a transaction the chain does not accept", async () => {
      const chain = await start();
      await chain.request("eth_sendRawTransaction", [await signed(0)]);
      const before = readFileSync(path, "utf8");
      await chain.request("eth_sendRawTransaction", [await signed(0)]).then(
        () => expect.fail("accepted"),
        () => undefined,
      );
      expect(readFileSync(path, "utf8")).to.equal(before);
    });

    it("mines a transaction that reverts and answers with its hash", async () => {
      const chain = await start();
      const contract = `0x${"dd".repeat(20)}`;
      await chain.request("hardhat_setCode", [contract, "0x5f5ffd"]);
      const hash = await chain.request("eth_sendTransaction", [{ from: bob.address, to: contract, gas: "0xffff" }]);
      const receipt = z.object({ status: z.string() }).parse(await chain.request("eth_getTransactionReceipt", [hash]));
      expect(receipt.status).to.equal("0x0");
    });
  });
});
