/**
 * @module client/content
 * Contents up and down: encrypts and stores leaves as they come, and streams verified plaintext back.
 */
import { concatBytes, type Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import {
  contentCid,
  decryptContent,
  encryptContent,
  hashContent,
  mapInOrder,
  newFileKeys,
  type ContentSource,
  type OpenedManifest,
} from "../records/index.ts";
import type { ActOptions, Carekey, UploadedContent } from "./types.ts";

/**
 * Hashes, encrypts and stores a file, several leaves at a time. Blocks stay unpinned until the record that names them is sealed.
 * file.source: a Blob, or a function that gives the stream anew for each of the two passes.
 * @throws SdkError FILE_CHANGED, QUOTA_EXCEEDED, STORAGE_FULL, IPFS_UNAVAILABLE, CANCELLED
 */
export async function uploadContent(
  carekey: Carekey,
  file: { source: Blob | (() => ContentSource) },
  options: ActOptions = {},
): Promise<UploadedContent> {
  const source = () => (file.source instanceof Blob ? file.source : file.source());
  options.onStep?.({ kind: "work", label: "Reading the file", progress: 0 });
  const { size, sha256 } = await hashContent(source(), options.signal === undefined ? {} : { signal: options.signal });
  const { dek, salt } = newFileKeys();
  const leafDigests: Hex[] = [];
  let done = 0;
  const stored = mapInOrder(encryptContent({ source: source(), size, dek, salt, sha256 }), async (leaf) => {
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    await carekey.ipfs.putRaw(leaf.bytes, { digest: leaf.digest, ...signal });
    return leaf;
  });
  for await (const leaf of stored) {
    if (options.signal?.aborted) throw new SdkError("CANCELLED", "stopped by the person");
    leafDigests.push(leaf.digest);
    done += leaf.bytes.length;
    options.onStep?.({
      kind: "work",
      label: "Encrypting and storing",
      progress: Math.min(1, size === 0 ? 1 : done / size),
    });
  }
  const dag = contentCid(leafDigests, size);
  for (const node of dag.nodes) await carekey.ipfs.putDagPb(node.bytes);
  return { dek, salt, cid: dag.cid, leafDigests, size, sha256 };
}

/** Streams the plaintext of a record's content; null when there is none. Every piece is authenticated before it is given out. */
export function contentStream(
  carekey: Carekey,
  manifest: OpenedManifest,
  dek: Uint8Array,
  options: { onProgress?: (doneBytes: number) => void; signal?: AbortSignal } = {},
): ReadableStream<Uint8Array> | null {
  const { content, core, salt } = manifest;
  if (content === null) return null;
  const pieces = decryptContent({
    leaves: (index) =>
      carekey.ipfs.getRaw(content.leafDigests[index]!, options.signal === undefined ? {} : { signal: options.signal }),
    dek,
    salt,
    size: core.size,
    sha256: core.sha256,
    leafDigests: content.leafDigests,
  });
  let done = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (options.signal?.aborted) {
        controller.error(new SdkError("CANCELLED", "stopped by the person"));
        return;
      }
      const next = await pieces.next();
      if (next.done === true) {
        controller.close();
        return;
      }
      done += next.value.length;
      options.onProgress?.(done);
      controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/** A content read to its end, for contents small enough to hold in memory. Throws what the stream fails with, code and all. */
export async function readWhole(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value);
  return concatBytes(...pieces);
}
