/**
 * @module chart/fold
 * The hash chain of a chart, word for word as contracts/records/RecordRegistry.sol computes it:
 * head' = keccak256(abi.encode(tag of the kind, head, fields…)). A tag per kind: no act can be read as another.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, fromHex, toHex, utf8, type Address, type Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import type { ActFields } from "./act.ts";

/** What a chart is bound to. */
export type ChartOwner = { chainId: number; carekey: Address; patient: Address };

const WORD_BYTES = 32;

function tagOf(kind: string): Uint8Array {
  return keccak_256(utf8(`carekey/chart/${kind}/v1`));
}

const GENESIS_TAG = tagOf("genesis");
const TAGS = {
  submit: tagOf("submit"),
  add: tagOf("add"),
  decide: tagOf("decide"),
  batch: tagOf("batch"),
  note: tagOf("note"),
} as const;

/** The head of a chart to which nothing has happened. */
export function genesisHead({ chainId, carekey, patient }: ChartOwner): Hex {
  const words = [integerWord(chainId), addressWord(carekey, "carekey"), addressWord(patient, "patient")];
  return toHex(keccak_256(concatBytes(GENESIS_TAG, ...words)));
}

/**
 * The head after one act. For submit and add it is also the id of the new entry.
 * @throws SdkError MALFORMED when a field has the wrong length.
 */
export function foldAct(head: Hex, act: ActFields): Hex {
  return toHex(keccak_256(concatBytes(TAGS[act.kind], word(head, "head"), ...wordsOf(act))));
}

function wordsOf(act: ActFields): Uint8Array[] {
  switch (act.kind) {
    case "submit":
      return [addressWord(act.author, "author"), word(act.pointer, "pointer"), word(act.supersedes, "supersedes")];
    case "add":
      return [word(act.pointer, "pointer"), word(act.wraps, "wraps"), word(act.supersedes, "supersedes")];
    case "decide":
      return [word(act.entryId, "entryId"), integerWord(act.verdict), word(act.wraps, "wraps")];
    case "batch":
      return [listWord(act.approved), listWord(act.denied), word(act.wraps, "wraps")];
    case "note":
      return [word(act.digest, "digest")];
  }
}

function word(hex: Hex, title: string): Uint8Array {
  return fromHex(hex, WORD_BYTES, title);
}

function addressWord(address: Address, title: string): Uint8Array {
  const bytes = new Uint8Array(WORD_BYTES);
  bytes.set(fromHex(address, 20, title), 12);
  return bytes;
}

function integerWord(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new SdkError("MALFORMED", `fold: ${value} is not an unsigned integer`);
  }
  const bytes = new Uint8Array(WORD_BYTES);
  new DataView(bytes.buffer).setBigUint64(WORD_BYTES - 8, BigInt(value));
  return bytes;
}

/** keccak256 of the ids one after the other, as EIP-712 hashes a list too. */
function listWord(entryIds: readonly Hex[]): Uint8Array {
  return keccak_256(concatBytes(...entryIds.map((entryId) => word(entryId, "entryId"))));
}
