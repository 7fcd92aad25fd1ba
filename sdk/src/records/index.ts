/**
 * @module records
 * Records, contents and the blocks around them.
 */
export { digestOf, type EncodedBlock } from "../block.ts";
export * from "./types.ts";
