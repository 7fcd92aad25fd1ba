/**
 * @module ipfs/block-client
 * Puts, gets and pins blocks by Kubo's RPC (https://docs.ipfs.tech/reference/kubo/rpc/), at the gateway or a Kubo node.
 * A block's address is computed here before it is sent and compared after it is received: the server is not trusted.
 */
import type { KuboRPCClient } from "kubo-rpc-client";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { MAX_BLOCK_BYTES } from "../block.ts";
import { assertBytes, fromHex, toHex, type Hex } from "../bytes.ts";
import { SdkError, isSdkError, type SdkErrorCode } from "../errors.ts";

/** Response header by which the gateway names the SdkError code beside a Kubo-shaped error body. */
export const ERROR_CODE_HEADER = "x-carekey-error";

const RAW = 0x55;
const DAG_PB = 0x70;
const SHA_256 = 0x12;
const RETRIED: readonly SdkErrorCode[] = ["IPFS_UNAVAILABLE", "RATE_LIMITED"];

/** Options of {@link createBlockClient}. */
export type BlockClientOptions = {
  /** Base URL of the gateway or Kubo node, without `/api/v0`; "" = the origin of the page. */
  url: string;
  /** Headers of each call, asked for anew each time: in Node, a gateway client's `headers` carries the session. */
  headers?: () => Record<string, string>;
  /** Tries in all when the connection fails, and the first delay in milliseconds (doubled each time). Default 4 and 250. */
  retry?: { attempts: number; delayMs: number };
};

/**
 * How a block is put. `pinName` keeps it under that name (a record pointer); unpinned blocks go after a day. `digest`: the
 * block's sha-256 where it is known already; a wrong one is CID_MISMATCH.
 */
export type PutOptions = { pinName?: string; digest?: Hex; signal?: AbortSignal };

/**
 * Blocks at one gateway or Kubo node. A `cid` may also be given as the sha-256 digest of a raw block (0x-hex).
 * All throw IPFS_UNAVAILABLE after the last try, NOT_SIGNED_IN, RATE_LIMITED, CANCELLED.
 */
export type BlockClient = {
  /** Stores a raw block of at most 1 MiB; returns its sha-256. Throws TOO_LARGE, QUOTA_EXCEEDED, STORAGE_FULL, CID_MISMATCH. */
  putRaw(bytes: Uint8Array, options?: PutOptions): Promise<Hex>;
  /** Stores a dag-pb block (the root of a file in several leaves); returns its CID. With `pinName` the whole file is pinned, so its leaves must be there. Throws as putRaw, and NOT_FOUND for a missing leaf. */
  putDagPb(bytes: Uint8Array, options?: PutOptions): Promise<string>;
  /** The bytes of a block, whose digest is checked. Throws NOT_FOUND, CID_MISMATCH. */
  getRaw(cid: Hex | string, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  /** Whether the server has the block. */
  has(cid: Hex | string): Promise<boolean>;
  /** Pins a block and what it links to, under a name. Throws NOT_FOUND, QUOTA_EXCEEDED. */
  pin(cid: Hex | string, options: { name: string }): Promise<void>;
  /** Drops the caller's own pin; one that is not there is no error. */
  unpin(cid: Hex | string): Promise<void>;
};

/** A block client for `url`. Opens no connection before the first call; loads kubo-rpc-client with it. */
export function createBlockClient(options: BlockClientOptions): BlockClient {
  const url = new URL("/api/v0", options.url === "" ? globalThis.location.origin : options.url);
  const headers = options.headers ?? (() => ({}));
  const retry = options.retry ?? { attempts: 4, delayMs: 250 };
  let client: Promise<KuboRPCClient> | null = null;

  async function call<Result>(run: (kubo: KuboRPCClient) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    client ??= import("kubo-rpc-client").then(({ create }) => create({ url }));
    const kubo = await client;
    for (let attempt = 1; ; attempt++) {
      try {
        return await run(kubo);
      } catch (cause) {
        const error = toSdkError(cause, signal);
        if (!RETRIED.includes(error.code) || attempt >= retry.attempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, retry.delayMs * 2 ** (attempt - 1)));
      }
    }
  }

  async function pin(cid: CID, name: string, signal?: AbortSignal): Promise<void> {
    await call((kubo) => kubo.pin.add(cid, { name, headers: headers(), ...withSignal(signal) }), signal);
  }

  async function put(
    bytes: Uint8Array,
    codec: typeof RAW | typeof DAG_PB,
    { pinName, digest, signal }: PutOptions,
  ): Promise<CID> {
    assertBytes(bytes, undefined, "bytes");
    if (bytes.length > MAX_BLOCK_BYTES)
      throw new SdkError("TOO_LARGE", `a block of ${bytes.length} bytes is above 1 MiB`);
    const cid = digest === undefined ? await cidOf(bytes, codec) : cidOfDigest(digest, codec);
    const format = codec === RAW ? "raw" : "dag-pb";
    const stored = await call(
      (kubo) =>
        kubo.block.put(bytes, { format, mhtype: "sha2-256", version: 1, headers: headers(), ...withSignal(signal) }),
      signal,
    );
    if (!stored.equals(cid)) throw new SdkError("CID_MISMATCH", "the server stored the block under another address");
    if (pinName !== undefined) await pin(cid, pinName, signal);
    return cid;
  }

  return {
    async putRaw(bytes, putOptions = {}) {
      return toHex((await put(bytes, RAW, putOptions)).multihash.digest);
    },
    async putDagPb(bytes, putOptions = {}) {
      return (await put(bytes, DAG_PB, putOptions)).toString();
    },
    async getRaw(name, { signal } = {}) {
      const cid = parseCid(name);
      const bytes = await call((kubo) => kubo.block.get(cid, { headers: headers(), ...withSignal(signal) }), signal);
      if (!(await cidOf(bytes, cid.code)).equals(cid)) {
        throw new SdkError("CID_MISMATCH", "the bytes served do not hash to the address asked for");
      }
      return bytes;
    },
    async has(name) {
      const cid = parseCid(name);
      try {
        await call((kubo) => kubo.block.stat(cid, { headers: headers() }));
        return true;
      } catch (error) {
        if (isSdkError(error, "NOT_FOUND")) return false;
        throw error;
      }
    },
    async pin(name, { name: pinName }) {
      await pin(parseCid(name), pinName);
    },
    async unpin(name) {
      const cid = parseCid(name);
      try {
        await call((kubo) => kubo.pin.rm(cid, { headers: headers() }));
      } catch (error) {
        if (!isSdkError(error, "NOT_FOUND")) throw error;
      }
    },
  };
}

/** CIDv1 of a block under sha-256. */
async function cidOf(bytes: Uint8Array, codec: number): Promise<CID> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice()));
  return CID.createV1(codec, Digest.create(SHA_256, digest));
}

function cidOfDigest(digest: string, codec: number): CID {
  return CID.createV1(codec, Digest.create(SHA_256, fromHex(digest, 32, "digest")));
}

/** A CIDv1 under sha-256, raw or dag-pb, given as text or as the digest of a raw block. */
function parseCid(name: string): CID {
  if (name.startsWith("0x")) return cidOfDigest(name, RAW);
  let cid: CID;
  try {
    cid = CID.parse(name);
  } catch (cause) {
    throw new SdkError("MALFORMED", "cid: not a CID", { cause });
  }
  if (cid.version !== 1 || cid.multihash.code !== SHA_256 || (cid.code !== RAW && cid.code !== DAG_PB)) {
    throw new SdkError("UNSUPPORTED_VERSION", "cid: expected CIDv1, sha2-256, raw or dag-pb");
  }
  return cid;
}

/** Options with a signal only when there is one. */
function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** What kubo-rpc-client threw, as an SdkError: the gateway names the code in a header, a bare Kubo only by its text. */
function toSdkError(cause: unknown, signal: AbortSignal | undefined): SdkError {
  if (cause instanceof SdkError) return cause;
  if (signal?.aborted === true) return new SdkError("CANCELLED", "the transfer was cancelled", { cause });
  const response = responseOf(cause);
  if (response === null) return new SdkError("IPFS_UNAVAILABLE", "the IPFS door does not answer", { cause });
  const message = cause instanceof Error ? cause.message : "";
  const code = response.headers.get(ERROR_CODE_HEADER);
  if (code !== null) return new SdkError(code as SdkErrorCode, message, { cause });
  if (response.status === 401) return new SdkError("NOT_SIGNED_IN", "sign in first", { cause });
  if (/not found|not pinned|could not find/i.test(message)) return new SdkError("NOT_FOUND", message, { cause });
  return new SdkError("IPFS_UNAVAILABLE", `the IPFS door answered ${response.status}`, { cause });
}

/** The response that kubo-rpc-client hangs on its errors. Known by its shape: servers may replace the global Response. */
function responseOf(cause: unknown): Response | null {
  if (!(cause instanceof Error) || !("response" in cause)) return null;
  const { response } = cause;
  return typeof response === "object" && response !== null && "status" in response ? (response as Response) : null;
}
