/**
 * @module ipfs
 * Blocks over Kubo's RPC: put, get, pin, each checked against its digest. The only place that uses kubo-rpc-client.
 */
export { MAX_BLOCK_BYTES } from "../block.ts";
export {
  ERROR_CODE_HEADER,
  createBlockClient,
  type BlockClient,
  type BlockClientOptions,
  type PutOptions,
} from "./block-client.ts";
