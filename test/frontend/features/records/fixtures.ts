/**
 * @module test/frontend/features/records/fixtures
 * Records as their owner sees them, for tests of the screens' models.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { EMPTY_SHA256, type JsonValue } from "@carekey/sdk/records";

/** The patient and two doctors. */
export const patient: Address = "0x1000000000000000000000000000000000000001";
export const cardiologist: Address = "0x2000000000000000000000000000000000000002";
export const generalist: Address = "0x3000000000000000000000000000000000000003";

/** Seconds of a UTC day. */
export function day(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** An id of 32 bytes. */
export function id(number: number): Hex {
  return `0x${number.toString(16).padStart(64, "0")}`;
}

type Wish = {
  index: number;
  name?: string;
  type?: string;
  fhir?: JsonValue;
  author?: Address;
  status?: "pending" | "approved" | "denied";
  at?: number;
  scope?: string | null;
  epoch?: number | null;
  supersedes?: Hex | null;
  supersededBy?: Hex | null;
  unreadable?: boolean;
};

/** A record of the chart; what is not wished for is ordinary. */
export function record(wish: Wish): OwnRecord {
  const { index, name = `file-${index}.pdf`, type = "application/pdf", fhir = null, author = patient } = wish;
  const { status = "approved", at = day("2026-06-01"), scope = "general", epoch = 0 } = wish;
  const core = { name, type, size: 10, sha256: EMPTY_SHA256, fhir, author };
  return {
    entry: {
      entryId: id(index),
      index,
      kind: author === patient ? "add" : "submit",
      author,
      pointer: id(1000 + index),
      supersedes: wish.supersedes ?? null,
      supersededBy: wish.supersededBy ?? null,
      status,
      blockNumber: BigInt(index),
      blockHash: id(2000 + index),
      txHash: id(3000 + index),
    },
    recordedAt: at,
    carriedFrom: null,
    decision: null,
    manifest:
      wish.unreadable === true
        ? null
        : { core, content: null, signedAt: at, signature: null, proposedScope: scope, salt: new Uint8Array(16) },
    problem: wish.unreadable === true ? "gone" : null,
    scope,
    epoch,
  };
}
