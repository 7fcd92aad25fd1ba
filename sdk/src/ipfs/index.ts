/**
 * @module ipfs
 * Blocks over Kubo's RPC: put, get, pin, each checked against its digest. The only place that uses kubo-rpc-client.
 */
export {
  ERROR_CODE_HEADER,
  MAX_BLOCK_BYTES,
  createBlockClient,
  type BlockClient,
  type BlockClientOptions,
  type PutOptions,
} from "./block-client.ts";
