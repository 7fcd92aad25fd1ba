/**
 * @module services/gateway/adapters/kubo-blocks
 * Blocks in a Kubo node, by its RPC (https://docs.ipfs.tech/reference/kubo/rpc/). Every block is pinned there, so that
 * Kubo's own garbage collection keeps out of what the gateway decides; reads are offline, so that nobody is asked.
 */
import type { CID } from "multiformats/cid";
import { z } from "zod";
import { SdkError } from "@carekey/sdk/errors";
import type { Blocks } from "../ports.ts";

const TIMEOUT_MS = 30_000;
const failureSchema = z.object({ Message: z.string() });
const putSchema = z.object({ Key: z.string() });

/** Block storage in the Kubo node at `url` (scheme, host and port of its RPC). */
export function createKuboBlocks(url: string): Blocks {
  async function call(path: string, parameters: Record<string, string>, body?: FormData): Promise<Response> {
    const target = new URL(`/api/v0/${path}?${new URLSearchParams(parameters).toString()}`, url);
    try {
      return await fetch(target, { method: "POST", signal: AbortSignal.timeout(TIMEOUT_MS), ...(body && { body }) });
    } catch (cause) {
      throw new SdkError("IPFS_UNAVAILABLE", "the IPFS node does not answer", { cause });
    }
  }

  async function failure(response: Response): Promise<SdkError> {
    const parsed = failureSchema.safeParse(await response.json().catch(() => null));
    const text = parsed.success ? parsed.data.Message : `status ${response.status}`;
    const cause = new Error(text);
    return /no space left|quota/i.test(text)
      ? new SdkError("STORAGE_FULL", "the disk of the IPFS node is full", { cause })
      : new SdkError("IPFS_UNAVAILABLE", "the IPFS node refused the call", { cause });
  }

  return {
    async put(cid, bytes) {
      const body = new FormData();
      body.set("file", new Blob([bytes.slice()]));
      const codec = cid.code === 0x55 ? "raw" : "dag-pb";
      const response = await call("block/put", { "cid-codec": codec, mhtype: "sha2-256", pin: "true" }, body);
      if (!response.ok) throw await failure(response);
      const { Key } = putSchema.parse(await response.json());
      if (Key !== cid.toString()) throw new SdkError("IPFS_UNAVAILABLE", "the IPFS node stored the block elsewhere");
    },
    async get(cid) {
      const response = await call("block/get", { arg: cid.toString(), offline: "true" });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      const error = await failure(response);
      if (isNotFound(error)) return null;
      throw error;
    },
    async remove(cid: CID) {
      // The pin may be gone already, and so may the block.
      const unpinned = await call("pin/rm", { arg: cid.toString() });
      await unpinned.body?.cancel();
      const response = await call("block/rm", { arg: cid.toString(), force: "true", quiet: "true" });
      if (!response.ok) throw await failure(response);
    },
    isUp: () =>
      call("version", {}).then(
        (response) => response.ok,
        () => false,
      ),
  };
}

function isNotFound(error: SdkError): boolean {
  return error.cause instanceof Error && /not found|could not find/i.test(error.cause.message);
}
