/**
 * @module records
 * Records, their contents and the blocks around them: what goes to IPFS, and how it is opened and proven.
 */
export { BLOCK_VERSION, MAX_BLOCK_BYTES, digestOf, type EncodedBlock } from "../block.ts";
export * from "./types.ts";
export { cidOfDagPb, cidOfRaw, digestOfCid } from "./cid.ts";
export { CHUNK_BYTES, MAX_CONTENT_BYTES, leafCount, leafSize, paddedSize } from "./padding.ts";
export { newFileKeys } from "./file-keys.ts";
export { encryptContent, hashContent } from "./content.ts";
export { mapInOrder } from "./pipeline.ts";
export { decryptContent } from "./content-reader.ts";
export { contentCid } from "./content-dag.ts";
export { authoredTypedData, hashCore } from "./core.ts";
export { decodeRecordBlock, openRecordBlock, openSealedDek, sealRecord, type SealedRecord } from "./record.ts";
export { MAX_WRAP_ROWS, decodeWraps, encodeWraps, findWrap } from "./wraps.ts";
export { openBundleAsGrantee, openBundleAsPatient, sealBundle } from "./bundle.ts";
export { encodeScopes, epochOfScopes, openScopes, type ScopesGrant } from "./scopes.ts";
export { generationOfVault, openVault, sealVault, type SealedVault } from "./vault.ts";
export { chartEpoch, conflictingEpochs, emptyVault, mergeVaults, scopeEpoch } from "./vault-state.ts";
export { openMessage, sealMessage, type MessageSender } from "./message.ts";
