/**
 * @module identity
 * Public key documents: who a person is to others, chained from key to key.
 */
export {
  decodeKeyDocument,
  encodeKeyDocument,
  isChained,
  keyHashOf,
  makeKeyDocument,
  type DisplayFields,
  type KeyDocument,
} from "./key-document.ts";
export { fingerprint } from "./fingerprint.ts";
export * from "./succession.ts";
