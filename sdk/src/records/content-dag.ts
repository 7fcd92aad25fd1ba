/**
 * @module records/content-dag
 * The UnixFS tree above a content's leaves (https://specs.ipfs.tech/unixfs/): CIDv1, raw leaves, balanced, 174 links a node. The same CID
 * as `ipfs add --cid-version 1 --raw-leaves --chunker size-1048576` gives, known before anything is uploaded.
 */
import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import type { Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import { digestOf } from "../block.ts";
import { cidOfDagPb, rawCid } from "./cid.ts";
import { leafCount, leafSize } from "./padding.ts";
import type { ContentDag, DagNode } from "./types.ts";

const MAX_LINKS = 174;

/** A subtree: bytes of file data below it, and with all its nodes. */
type Subtree = { cid: CID; fileSize: bigint; totalSize: number };

/**
 * The CID of a content and the nodes to store beside its leaves.
 * @param leafDigests - SHA-256 of every leaf, in order.
 * @param size - True size of the content in bytes.
 * @throws SdkError INVALID_ARGUMENT when the number of leaves is not that of the size.
 */
export function contentCid(leafDigests: readonly Hex[], size: number): ContentDag {
  if (leafDigests.length !== leafCount(size)) {
    throw new SdkError("INVALID_ARGUMENT", `leaf digests: expected ${leafCount(size)}, got ${leafDigests.length}`);
  }
  let level: Subtree[] = leafDigests.map((digest, index) => {
    const bytes = leafSize(size, index);
    return { cid: rawCid(digest), fileSize: BigInt(bytes), totalSize: bytes };
  });
  const nodes: DagNode[] = [];
  while (level.length > 1) {
    const groups = Array.from({ length: Math.ceil(level.length / MAX_LINKS) }, (_, group) =>
      level.slice(group * MAX_LINKS, (group + 1) * MAX_LINKS),
    );
    level = groups.map((children) => {
      const { node, subtree } = parentOf(children);
      nodes.push(node);
      return subtree;
    });
  }
  return { cid: level[0]!.cid.toString(), nodes };
}

function parentOf(children: readonly Subtree[]): { node: DagNode; subtree: Subtree } {
  const file = new UnixFS({ type: "file", blockSizes: children.map((child) => child.fileSize) });
  const links = children.map((child) => ({ Name: "", Tsize: child.totalSize, Hash: child.cid }));
  const bytes = new Uint8Array(dagPb.encode(dagPb.prepare({ Data: file.marshal(), Links: links })));
  const cid = cidOfDagPb(digestOf(bytes));
  const totalSize = bytes.length + children.reduce((total, child) => total + child.totalSize, 0);
  return { node: { cid, bytes }, subtree: { cid: CID.parse(cid), fileSize: file.fileSize(), totalSize } };
}
