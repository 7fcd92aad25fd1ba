/**
 * @module services/gateway/block-door
 * What may be done with blocks, and what it costs: puts and pins against a quota, discards, and the collection of
 * blocks that nobody keeps. Sits between the routes and the two ports that hold bytes and books.
 */
import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { MAX_BLOCK_BYTES } from "@carekey/sdk/ipfs";
import { createGate } from "./gate.ts";
import type { BlockSize, Pin, Ports } from "./ports.ts";

const RAW = 0x55;
const SHA_256 = 0x12;
/** Most blocks that one pin may reach: a file of 100 GiB. */
const MAX_PINNED_BLOCKS = 100_000;
/** Blocks that one round of the collection looks at. */
const COLLECT_BATCH = 500;

/** The codecs of blocks that the gateway stores. */
export type BlockCodec = "raw" | "dag-pb";

/** See the module. */
export type BlockDoor = {
  /** Stores a block for `person`. Throws TOO_LARGE, MALFORMED (no dag-pb), QUOTA_EXCEEDED, STORAGE_FULL, IPFS_UNAVAILABLE. */
  put(person: Address, bytes: Uint8Array, codec: BlockCodec): Promise<CID>;
  /** A stored block. Throws NOT_FOUND, IPFS_UNAVAILABLE. */
  get(cid: CID): Promise<Uint8Array>;
  /** Size in bytes. Throws NOT_FOUND. */
  sizeOf(cid: CID): Promise<number>;
  /** Pins a block, and what it links to when `recursive`. Throws NOT_FOUND for any block that is missing, QUOTA_EXCEEDED. */
  pin(person: Address, cid: CID, options: { name: string; recursive: boolean }): Promise<void>;
  /** Throws NOT_FOUND when the person has no such pin. */
  unpin(person: Address, cid: CID): Promise<void>;
  pinsOf(person: Address, filter: { cid?: string; limit: number }): Promise<Pin[]>;
  /** Drops the pins of that name of each person, and at once every block that nobody keeps then. */
  discard(people: readonly Address[], name: Hex): Promise<{ pins: number; blocks: number }>;
  /** Removes blocks that nobody pinned and nobody put in the last day. Returns how many. */
  collect(): Promise<number>;
};

/** The door over its ports. One per process and store. */
export function createBlockDoor({
  store,
  blocks,
  limits,
  now,
}: Pick<Ports, "store" | "blocks" | "limits" | "now">): BlockDoor {
  const { ledger } = store;
  const gate = createGate();

  async function sizeOf(cid: CID): Promise<number> {
    const bytes = (await ledger.sizesOf([cid.toString()])).get(cid.toString());
    if (bytes === undefined) throw new SdkError("NOT_FOUND", "block was not found locally (offline)");
    return bytes;
  }

  async function get(cid: CID): Promise<Uint8Array> {
    const bytes = await blocks.get(cid);
    if (bytes === null) throw new SdkError("NOT_FOUND", "block was not found locally (offline)");
    return bytes;
  }

  /** Everything that a root reaches, level by level. */
  async function reach(root: CID): Promise<BlockSize[]> {
    const reached = new Map<string, number>();
    let level = [root];
    while (level.length > 0) {
      const fresh = [...new Map(level.map((cid) => [cid.toString(), cid])).values()].filter(
        (cid) => !reached.has(cid.toString()),
      );
      if (reached.size + fresh.length > MAX_PINNED_BLOCKS)
        throw new SdkError("TOO_LARGE", "the pin reaches too many blocks");
      const sizes = await ledger.sizesOf(fresh.map((cid) => cid.toString()));
      if (sizes.size < fresh.length)
        throw new SdkError("NOT_FOUND", "a block of the file was not found locally (offline)");
      for (const [cid, bytes] of sizes) reached.set(cid, bytes);
      const next: CID[] = [];
      for (const cid of fresh.filter((each) => each.code === dagPb.code)) next.push(...decodeNode(await get(cid)));
      level = next;
    }
    return [...reached].map(([cid, bytes]) => ({ cid, bytes }));
  }

  /** Removes those of the blocks that nobody keeps. The gate is ours alone meanwhile. */
  async function removeUnkept(cids: readonly string[], since: number): Promise<number> {
    let removed = 0;
    for (const cid of cids) {
      if (await ledger.isKept(cid, since)) continue;
      const twin = twinOf(CID.parse(cid));
      if (!(await ledger.isKept(twin.toString(), since))) {
        await blocks.remove(twin);
        await blocks.remove(CID.parse(cid));
        await ledger.forgetBlock(twin.toString());
      }
      await ledger.forgetBlock(cid);
      removed++;
    }
    return removed;
  }

  return {
    async put(person, bytes, codec) {
      if (bytes.length > MAX_BLOCK_BYTES)
        throw new SdkError("TOO_LARGE", `a block of ${bytes.length} bytes is above 1 MiB`);
      if (codec === "dag-pb") decodeNode(bytes);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice()));
      const cid = CID.createV1(codec === "raw" ? RAW : dagPb.code, Digest.create(SHA_256, digest));
      const block = { cid: cid.toString(), bytes: bytes.length };
      // The claim comes first: bytes without a claim would never be collected.
      await gate.shared(async () => {
        await ledger.claimUpload({ person, ...block, quotaBytes: limits.quotaBytes, now: now() });
        await blocks.put(cid, bytes);
        await ledger.confirmBlock(block);
      });
      return cid;
    },
    get,
    sizeOf,
    async pin(person, cid, { name, recursive }) {
      await gate.shared(async () => {
        const reached = recursive ? await reach(cid) : [{ cid: cid.toString(), bytes: await sizeOf(cid) }];
        await ledger.pin({
          person,
          cid: cid.toString(),
          name,
          blocks: reached,
          quotaBytes: limits.quotaBytes,
          now: now(),
        });
      });
    },
    async unpin(person, cid) {
      if (!(await ledger.unpin(person, cid.toString())))
        throw new SdkError("NOT_FOUND", "not pinned or pinned indirectly");
    },
    pinsOf: (person, filter) => ledger.pinsOf(person, filter),
    discard: (people, name) =>
      gate.alone(async () => {
        let pins = 0;
        const cids = new Set<string>();
        for (const person of people) {
          const dropped = await ledger.unpinNamed(person, name);
          pins += dropped.pins;
          for (const cid of dropped.cids) cids.add(cid);
        }
        return { pins, blocks: await removeUnkept([...cids], now() - limits.unpinnedSeconds) };
      }),
    async collect() {
      const since = now() - limits.unpinnedSeconds;
      const cids = await ledger.unkept(since, COLLECT_BATCH);
      return cids.length === 0 ? 0 : gate.alone(() => removeUnkept(cids, since));
    },
  };
}

/** The same bytes under the other codec. Block storage knows bytes by their hash alone: twins share one copy. */
function twinOf(cid: CID): CID {
  return CID.createV1(cid.code === RAW ? dagPb.code : RAW, cid.multihash);
}

/** The links of a dag-pb node. */
function decodeNode(bytes: Uint8Array): CID[] {
  try {
    return dagPb.decode(bytes).Links.map((link) => link.Hash);
  } catch (cause) {
    throw new SdkError("MALFORMED", "not a dag-pb block", { cause });
  }
}
