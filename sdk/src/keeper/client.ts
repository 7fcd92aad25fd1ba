/**
 * @module keeper/client
 * The calls of one keeper over HTTP: blocks in, blocks out, refusals as SdkErrors. Nothing a keeper says is believed here;
 * the functions that use this client verify it.
 */
import { z } from "zod";
import { decodeBlock, encodeBlock, readAddress, readArray, readUint, MAX_BLOCK_BYTES } from "../block.ts";
import { fromHex, type Address, type Hex } from "../bytes.ts";
import { isRefusalCode } from "./refusals.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { decodeKeeperDeals, encodeDeal, type Acknowledgement, type DealBody, type KeeperDeals } from "./deal.ts";
import {
  decodeConsistency,
  decodeHead,
  decodeReceiptsPage,
  encodeReceiptsRequest,
  encodeSessionEnd,
  encodeSignedRevoke,
  type ReceiptsPage,
  type ReceiptsRequest,
  type SignedRevoke,
} from "./log-requests.ts";
import { decodeOpenings, encodeOpeningsRequest, type Opening, type OpeningsRequest } from "./openings.ts";
import type { SignedHead } from "./receipt.ts";
import { readSignature, type Session } from "./session.ts";
import { encodeViewRequest, type ViewRequest } from "./view.ts";

/** State of a keeper. */
export const keeperHealthSchema = z.object({
  status: z.enum(["ok", "degraded"]),
  address: z.string(),
  /** Seat in the deployment's keeper set, from 1; 0 when it has none. */
  index: z.int().nonnegative(),
  /** Latest block it sees; null when its node does not answer. */
  block: z.int().nonnegative().nullable(),
});
/** State of a keeper. */
export type KeeperHealth = z.output<typeof keeperHealthSchema>;

/** A keeper's word on the head of a patient's chart, as its own node has it. */
export const chartHeadSchema = z.object({
  head: z.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value)),
  blockNumber: z.int().nonnegative(),
  blockHash: z.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value)),
});
/** A keeper's word on the head of a patient's chart, as its own node has it. */
export type ChartHead = z.output<typeof chartHeadSchema>;

/** A patient's word that a deal is in force. */
export type Activation = { patient: Address; version: number; acknowledgements: Acknowledgement[] };

/** Content type of every block on the wire. */
export const BLOCK_CONTENT_TYPE = "application/vnd.ipld.dag-cbor";

/** The calls of one keeper. An unreachable keeper is KEEPER_UNAVAILABLE; its refusals keep their code. */
export type KeeperClient = {
  readonly address: Address;
  readonly url: string;
  health(options?: CallOptions): Promise<KeeperHealth>;
  /** Head of a patient's chart at the keeper's latest block. Public; held against what another node says. */
  chartHead(patient: Address, options?: CallOptions): Promise<ChartHead>;
  /** The keeper's key document. Unchecked: compare its digest with the chain. */
  keyDocument(options?: CallOptions): Promise<Uint8Array>;
  /** Hands over a deal; the same deal again gives the same answer. */
  submitDeal(body: DealBody, options?: CallOptions): Promise<Acknowledgement>;
  activateDeal(activation: Activation, options?: CallOptions): Promise<void>;
  /** Deals of a patient. Unchecked. */
  deals(patient: Address, options?: CallOptions): Promise<KeeperDeals>;
  /** The sealed answer to a view. */
  view(request: ViewRequest, options?: CallOptions): Promise<Uint8Array>;
  receipts(request: ReceiptsRequest, options?: CallOptions): Promise<ReceiptsPage>;
  /** The used numbers of a consent with a view limit, told to its reader. Unchecked. */
  openings(request: OpeningsRequest, options?: CallOptions): Promise<Opening[]>;
  /** The log's head. Unchecked. */
  head(options?: CallOptions): Promise<SignedHead>;
  /** The proof that the log of `newSize` leaves extends the one of `oldSize`. Unchecked. */
  consistency(oldSize: number, newSize: number, options?: CallOptions): Promise<Uint8Array[]>;
  revoke(revoke: SignedRevoke, options?: CallOptions): Promise<void>;
  endSession(session: Session, options?: CallOptions): Promise<void>;
  /** Ends all sessions of this one's owner that end no later than it does, but for itself. */
  endOtherSessions(session: Session, options?: CallOptions): Promise<void>;
};

/** Options of one call. */
export type CallOptions = { signal?: AbortSignal | undefined };

const TIMEOUT_MILLISECONDS = 10_000;
const refusalSchema = z.object({
  error: z.object({
    code: z.string().max(64),
    message: z.string().max(1000),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** A client of the keeper with this address at this URL. Opens no connection. */
export function createKeeperClient(options: {
  address: Address;
  url: string;
  fetch?: typeof fetch | undefined;
  timeoutMilliseconds?: number;
}): KeeperClient {
  const { address } = options;
  const url = options.url.replace(/\/+$/, "");
  const request = options.fetch ?? globalThis.fetch;

  async function call(path: string, body: Uint8Array | null, { signal }: CallOptions = {}): Promise<Uint8Array> {
    // Plain listeners: combined signals may be collected while a call still waits for them.
    const giveUp = new AbortController();
    const abort = () => giveUp.abort();
    const timer = setTimeout(abort, options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    const init: RequestInit = { signal: giveUp.signal };
    if (body !== null) {
      init.method = "POST";
      init.body = new Uint8Array(body);
      init.headers = { "Content-Type": BLOCK_CONTENT_TYPE };
    }
    let response: Response;
    let bytes: Uint8Array;
    try {
      response = await request(url + path, init);
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      if (signal?.aborted) throw new SdkError("CANCELLED", "the call was given up", { cause });
      throw new SdkError("KEEPER_UNAVAILABLE", "a keeper does not answer", { cause, details: { keeper: address } });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
    if (!response.ok) throw refusalOf(address, response.status, bytes);
    if (bytes.length > MAX_BLOCK_BYTES) throw new SdkError("MALFORMED", "the keeper's answer is too large");
    return bytes;
  }

  return {
    address,
    url,
    health: async (options) => {
      const parsed = keeperHealthSchema.safeParse(parseJson(await call("/health", null, options)));
      if (!parsed.success) throw new SdkError("MALFORMED", "the keeper's health is not readable");
      return parsed.data;
    },
    chartHead: async (patient, options) => {
      const parsed = chartHeadSchema.safeParse(parseJson(await call(`/v1/charts/${patient}/head`, null, options)));
      if (!parsed.success) throw new SdkError("MALFORMED", "the keeper's word on the chart is not readable");
      return parsed.data;
    },
    keyDocument: (options) => call("/v1/key-document", null, options),
    submitDeal: async (body, options) => decodeAcknowledgement(await call("/v1/deals", encodeDeal(body), options)),
    activateDeal: async (activation, options) => {
      await call("/v1/deals/activate", encodeActivation(activation), options);
    },
    deals: async (patient, options) => decodeKeeperDeals(await call(`/v1/deals/${patient}`, null, options)),
    view: (view, options) => call("/v1/views", encodeViewRequest(view), options),
    receipts: async (receipts, options) =>
      decodeReceiptsPage(await call("/v1/receipts", encodeReceiptsRequest(receipts), options)),
    openings: async (openings, options) =>
      decodeOpenings(await call("/v1/openings", encodeOpeningsRequest(openings), options)),
    head: async (options) => decodeHead(await call("/v1/head", null, options)),
    consistency: async (oldSize, newSize, options) =>
      decodeConsistency(await call(`/v1/log/consistency?from=${oldSize}&to=${newSize}`, null, options)),
    revoke: async (revoke, options) => {
      await call("/v1/revokes", encodeSignedRevoke(revoke), options);
    },
    endSession: async (session, options) => {
      await call("/v1/sessions/end", await encodeSessionEnd(session), options);
    },
    endOtherSessions: async (session, options) => {
      await call("/v1/sessions/end-others", await encodeSessionEnd(session, "others"), options);
    },
  };
}

/** Encodes a keeper's acknowledgement. */
export function encodeAcknowledgement({ keeper, signature }: Acknowledgement): Uint8Array {
  return encodeBlock("acknowledgement", [fromHex(keeper), fromHex(signature)]).bytes;
}

/** Decodes {@link encodeAcknowledgement}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeAcknowledgement(bytes: Uint8Array): Acknowledgement {
  const [keeper, signature] = decodeBlock(bytes, "acknowledgement", 2);
  return { keeper: readAddress(keeper, "keeper"), signature: readSignature(signature) };
}

/** Encodes an activation. */
export function encodeActivation({ patient, version, acknowledgements }: Activation): Uint8Array {
  const rows = acknowledgements.map(({ keeper, signature }) => [fromHex(keeper), fromHex(signature)]);
  return encodeBlock("activation", [fromHex(patient), version, rows]).bytes;
}

/** Decodes {@link encodeActivation}. @throws SdkError MALFORMED, UNSUPPORTED_VERSION */
export function decodeActivation(bytes: Uint8Array): Activation {
  const [patient, version, rows] = decodeBlock(bytes, "activation", 3);
  return {
    patient: readAddress(patient, "patient"),
    version: readUint(version, "version", 2 ** 32 - 1),
    acknowledgements: readArray(rows, "acknowledgements").map((row) => {
      const [keeper, signature] = readArray(row, "acknowledgement", 2);
      return { keeper: readAddress(keeper, "keeper"), signature: readSignature(signature) };
    }),
  };
}

function refusalOf(keeper: Address, status: number, bytes: Uint8Array): SdkError {
  let json: unknown;
  try {
    json = parseJson(bytes);
  } catch (error) {
    if (!isSdkError(error)) throw error;
  }
  const parsed = refusalSchema.safeParse(json);
  if (!parsed.success || !isRefusalCode(parsed.data.error.code)) {
    return new SdkError("KEEPER_REFUSED", `a keeper answered with status ${status}`, { details: { keeper, status } });
  }
  const { code, message, details } = parsed.data.error;
  return new SdkError(code, message, { details: { ...details, keeper } });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SdkError("MALFORMED", "not JSON", { cause });
  }
}
