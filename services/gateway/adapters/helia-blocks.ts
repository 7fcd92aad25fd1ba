/**
 * @module services/gateway/adapters/helia-blocks
 * Blocks in an embedded Helia on disk. No libp2p, no router, no block broker: it talks to nobody.
 */
import { createHash } from "node:crypto";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { FsBlockstore } from "blockstore-fs";
import { LevelDatastore } from "datastore-level";
import { createHeliaLight } from "helia";
import type { Blockstore } from "interface-blockstore";
import type { CID } from "multiformats/cid";
import { SdkError } from "@carekey/sdk/errors";
import type { Blocks } from "../ports.ts";

/** Open embedded block storage. */
export type HeliaBlocks = Blocks & { close(): Promise<void> };

/**
 * Opens block storage in `folder`/ipfs. The caller holds the folder's lock.
 * @param wrap - puts another blockstore around the one on disk.
 */
export async function openHeliaBlocks(
  folder: string,
  wrap: (blockstore: FsBlockstore) => Blockstore = (blockstore) => blockstore,
): Promise<HeliaBlocks> {
  const directory = join(folder, "ipfs", "blocks");
  const blockstore = new FsBlockstore(directory);
  const datastore = new LevelDatastore(join(folder, "ipfs", "data"));
  await blockstore.open();
  await datastore.open();
  const helia = await createHeliaLight({
    blockstore: wrap(blockstore),
    datastore,
    blockBrokers: [],
    routers: [],
  }).start();
  return {
    async put(cid, bytes) {
      try {
        await helia.blockstore.put(cid, bytes);
      } catch (cause) {
        throw storageFailure(cause);
      }
    },
    async get(cid) {
      if (!(await helia.blockstore.has(cid))) return null;
      const parts: Uint8Array[] = [];
      for await (const part of helia.blockstore.get(cid, { offline: true })) parts.push(part);
      const bytes = parts.length === 1 ? parts[0]! : new Uint8Array(Buffer.concat(parts));
      if (hashesTo(cid, bytes)) return bytes;
      // Cut short by a power failure: away with it, so that the next put stores it whole.
      await helia.blockstore.delete(cid);
      return null;
    },
    async remove(cid) {
      await helia.blockstore.delete(cid);
    },
    isUp: () =>
      access(directory, constants.W_OK).then(
        () => true,
        () => false,
      ),
    async close() {
      await helia.stop();
      await datastore.close();
      await blockstore.close();
    },
  };
}

function hashesTo(cid: CID, bytes: Uint8Array): boolean {
  return createHash("sha256").update(bytes).digest().equals(cid.multihash.digest);
}

/** blockstore-fs wraps what the file system said as text. */
function storageFailure(cause: unknown): SdkError {
  return /ENOSPC|EDQUOT/.test(String(cause))
    ? new SdkError("STORAGE_FULL", "the disk of this server is full", { cause })
    : new SdkError("IPFS_UNAVAILABLE", "the block could not be stored", { cause });
}
