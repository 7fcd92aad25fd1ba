/**
 * @module gateway/client
 * The calls of the gateway's `/api/v1`, typed. The gateway is helpful but not trusted: key documents and directory
 * entries that it serves count only once their digest equals the chain's.
 */
import { createSiweMessage } from "viem/siwe";
import { z } from "zod";
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import { SdkError, isSdkError, type SdkErrorCode } from "../errors.ts";
import type { Call, Opener } from "./call.ts";
import { codesClient, sessionsClient, type CodesClient, type SessionsClient } from "./codes-client.ts";
import { createCookieJar, type CookieJar } from "./cookie-jar.ts";
import { notificationsClient, type NotificationsClient } from "./notifications-client.ts";
import { relayClient, type RelayClient } from "./relay-client.ts";
import {
  discardReplySchema,
  discardedReplySchema,
  directoryReplySchema,
  errorReplySchema,
  healthReplySchema,
  keyDocumentsReplySchema,
  messagesReplySchema,
  nonceReplySchema,
  sessionReplySchema,
  sessionSchema,
  slotsReplySchema,
  usageReplySchema,
  type DirectoryPerson,
  type GatewaySession,
  type Health,
  type Usage,
} from "./schemas.ts";

/** The part of a wallet that signing in needs; a viem account or wallet client satisfies it through a closure. */
export type SignInWallet = {
  address: Address;
  /** Signs a text by EIP-191 (or gives what an ERC-1271 account accepts). */
  signMessage(message: string): Promise<Hex>;
};

/** An unlock slot as the gateway keeps it: ciphertext only. */
export type StoredSlot = { id: string; kind: string; data: Uint8Array; updatedAt: number };
/** A sealed message in the inbox. `cursor` orders the inbox; `receivedAt` in seconds. */
export type StoredMessage = { cursor: number; id: Hex; sealed: Uint8Array; receivedAt: number };

/** Options of {@link createGatewayClient}. */
export type GatewayClientOptions = {
  /** Base URL of the gateway; "" = the origin of the page. */
  baseUrl: string;
  /** The chain that a sign-in is for. */
  chainId: number;
  /** Default: the runtime's fetch. */
  fetch?: typeof fetch;
  /** Default: a new jar. */
  cookieJar?: CookieJar;
  /** Clock in seconds; default: the system's. */
  now?: () => number;
  /** Retries of a repeatable call whose connection failed, and the first delay in milliseconds (doubled each time). */
  retry?: { attempts: number; delayMs: number };
};

/** Every call of the gateway. Failures are SdkErrors with the gateway's code; an unreachable gateway is GATEWAY_UNAVAILABLE. */
export type GatewayClient = {
  /** Scheme, host and port that the calls go to. */
  readonly origin: string;
  /** Session headers for other calls to the same gateway (blocks); empty in a browser. */
  headers(): Record<string, string>;
  /** A sign-in nonce: single use, five minutes. */
  nonce(): Promise<{ nonce: string; expiresAt: number }>;
  /** Signs in by EIP-4361. One wallet signature. */
  signIn(wallet: SignInWallet): Promise<GatewaySession>;
  /** Ends the session on the server. */
  signOut(): Promise<void>;
  /** One-time codes and the tickets that they buy. */
  readonly codes: CodesClient;
  /** Where the person is signed in. */
  readonly sessions: SessionsClient;
  /** Signed acts that the gateway pays for. */
  readonly relay: RelayClient;
  /** Wake-ups, their live stream, and what to hear about. */
  readonly notifications: NotificationsClient;
  /** The current session, or null. */
  session(): Promise<GatewaySession | null>;
  /** Saves or replaces one unlock slot of the person signed in. Throws TOO_LARGE, CONFLICT (too many slots). */
  putSlot(id: string, slot: { kind: string; data: Uint8Array }): Promise<void>;
  /** The unlock slots of the person signed in. */
  listSlots(): Promise<StoredSlot[]>;
  /** Removes one unlock slot; a slot that is not there is no error. */
  removeSlot(id: string): Promise<void>;
  /** Leaves a sealed message (at most 256 KiB) in a registered person's inbox. Sending the same again is no error. `quiet`: wakes nobody up, for what the chain tells as well. Throws NOT_REGISTERED, RATE_LIMITED, TOO_LARGE, QUOTA_EXCEEDED (their inbox is full), CONFLICT (id used for other bytes). */
  sendMessage(message: { to: Address; id: Hex; sealed: Uint8Array; quiet?: boolean }): Promise<void>;
  /** Messages after a cursor (0 = from the start) that were not acknowledged, oldest first. */
  listMessages(after?: number, limit?: number): Promise<{ messages: StoredMessage[]; more: boolean }>;
  /** Removes a message from the inbox for good. */
  acknowledgeMessage(id: Hex): Promise<void>;
  /** Publishes the caller's key document. Register or rotate on chain first: throws KEY_MISMATCH when its digest is not the chain's, NOT_REGISTERED, MALFORMED. */
  publishKeyDocument(document: Uint8Array): Promise<void>;
  /** All key documents of an address, oldest first. Unchecked: compare the last digest with the chain. Throws NOT_FOUND. */
  getKeyDocuments(address: Address): Promise<Uint8Array[]>;
  /** The newest key document of an address. Unchecked. Throws NOT_FOUND. */
  getKeyDocument(address: Address): Promise<Uint8Array>;
  /** Clinicians and organisations by part of name or speciality, or by address. */
  searchDirectory(
    query: string,
    options?: { role?: 2 | 3; verifiedOnly?: boolean; limit?: number },
  ): Promise<DirectoryPerson[]>;
  /** Drops the blocks of an entry that the caller, as its patient, denied on chain. Throws NOT_FOUND, FORBIDDEN (not denied, or not the caller's). */
  discard(entryId: Hex): Promise<{ pins: number; blocks: number }>;
  /** The entries that the caller discarded. */
  listDiscarded(): Promise<{ entryId: Hex; discardedAt: number }[]>;
  /** How much the caller stores, and may. */
  usage(): Promise<Usage>;
  /** State of the gateway; also answered when it is degraded. */
  health(): Promise<Health>;
};

/** A client of the gateway at `baseUrl`. Opens no connection before the first call. */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const origin = new URL(options.baseUrl === "" ? globalThis.location.origin : options.baseUrl).origin;
  const jar = options.cookieJar ?? createCookieJar(origin);
  const request = options.fetch ?? globalThis.fetch.bind(globalThis);
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const retry = options.retry ?? { attempts: 3, delayMs: 250 };

  async function once(
    path: string,
    { method = "GET", body }: Call,
    stream: { signal?: AbortSignal; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json", ...jar.headers(), ...stream.headers };
    if (body !== undefined) headers["content-type"] = "application/json";
    try {
      const response = await request(origin + path, {
        method,
        headers,
        credentials: "same-origin",
        redirect: "error",
        ...(stream.signal === undefined ? {} : { signal: stream.signal }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      jar.keep(response);
      return response;
    } catch (cause) {
      throw new SdkError("GATEWAY_UNAVAILABLE", "the gateway does not answer", { cause });
    }
  }

  async function call<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    options: Call = {},
  ): Promise<z.output<Schema>> {
    const { method = "GET", isRepeatable = method === "GET" } = options;
    const attempts = isRepeatable ? retry.attempts : 1;
    for (let attempt = 1; ; attempt++) {
      try {
        return await read(await once(path, options), schema, options.accept ?? []);
      } catch (error) {
        if (!isSdkError(error, "GATEWAY_UNAVAILABLE") || attempt >= attempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, retry.delayMs * 2 ** (attempt - 1)));
      }
    }
  }

  const open: Opener = async (path, { signal, headers }) => {
    const response = await once(path, {}, { signal, headers: { ...headers, accept: "text/event-stream" } });
    if (!response.ok || response.body === null) throw await refusalOf(response);
    return response.body;
  };

  const nothing = z.unknown();
  const nonce = () => call("/api/v1/session/nonce", nonceReplySchema, { method: "POST" });
  const getKeyDocuments = async (address: Address) =>
    (await call(`/api/v1/key-documents/${address}`, keyDocumentsReplySchema)).documents.map((hex) => fromHex(hex));

  return {
    origin,
    codes: codesClient(call),
    sessions: sessionsClient(call),
    relay: relayClient(call),
    notifications: notificationsClient(call, open),
    headers: () => jar.headers(),
    nonce,
    async signIn(wallet) {
      const { nonce: value, expiresAt } = await nonce();
      const message = createSiweMessage({
        domain: new URL(origin).host,
        address: wallet.address,
        statement: "Sign in to Carekey. This opens no record and costs nothing.",
        uri: origin,
        version: "1",
        chainId: options.chainId,
        nonce: value,
        issuedAt: new Date(now() * 1000),
        expirationTime: new Date(expiresAt * 1000),
      });
      const signature = await wallet.signMessage(message);
      return call("/api/v1/session", sessionSchema, { method: "POST", body: { message, signature } });
    },
    async signOut() {
      await call("/api/v1/session", nothing, { method: "DELETE" });
    },
    session: async () => (await call("/api/v1/session", sessionReplySchema)).session,
    async putSlot(id, { kind, data }) {
      await call(`/api/v1/slots/${id}`, nothing, { method: "PUT", body: { kind, data: toHex(data) } });
    },
    async listSlots() {
      const { slots } = await call("/api/v1/slots", slotsReplySchema);
      return slots.map((slot) => ({ ...slot, data: fromHex(slot.data) }));
    },
    async removeSlot(id) {
      await call(`/api/v1/slots/${id}`, nothing, { method: "DELETE" });
    },
    async sendMessage({ to, id, sealed, quiet = false }) {
      const body = { to, id, sealed: toHex(sealed), ...(quiet ? { quiet } : {}) };
      await call("/api/v1/messages", nothing, { method: "POST", body });
    },
    async listMessages(after = 0, limit = 20) {
      const page = await call(`/api/v1/messages?after=${after}&limit=${limit}`, messagesReplySchema);
      return { more: page.more, messages: page.messages.map((each) => ({ ...each, sealed: fromHex(each.sealed) })) };
    },
    async acknowledgeMessage(id) {
      await call(`/api/v1/messages/${id}`, nothing, { method: "DELETE" });
    },
    async publishKeyDocument(document) {
      await call("/api/v1/key-documents", nothing, { method: "POST", body: { document: toHex(document) } });
    },
    getKeyDocuments,
    async getKeyDocument(address) {
      const newest = (await getKeyDocuments(address)).at(-1);
      if (newest === undefined) throw new SdkError("NOT_FOUND", "no key document of this address");
      return newest;
    },
    async searchDirectory(query, { role, verifiedOnly, limit } = {}) {
      const parameters = new URLSearchParams({ query });
      if (role !== undefined) parameters.set("role", String(role));
      if (verifiedOnly !== undefined) parameters.set("verifiedOnly", String(verifiedOnly));
      if (limit !== undefined) parameters.set("limit", String(limit));
      return (await call(`/api/v1/directory?${parameters.toString()}`, directoryReplySchema)).people;
    },
    async discard(entryId) {
      const { pins, blocks } = await call(`/api/v1/entries/${entryId}/discard`, discardReplySchema, { method: "POST" });
      return { pins, blocks };
    },
    listDiscarded: async () => (await call("/api/v1/entries/discarded", discardedReplySchema)).entries,
    usage: () => call("/api/v1/usage", usageReplySchema),
    health: () => call("/health", healthReplySchema, { accept: [503] }),
  };
}

/** The parsed reply, or the refusal as an SdkError. `accept` lists further statuses whose body is a reply. */
async function read<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
  accept: readonly number[],
): Promise<z.output<Schema>> {
  const json: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (response.ok || accept.includes(response.status)) {
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw new SdkError("MALFORMED", "the gateway's reply does not follow its schema");
    return parsed.data;
  }
  throw refusalFrom(response.status, json);
}

/** A refusal whose body was not read yet. */
async function refusalOf(response: Response): Promise<SdkError> {
  return refusalFrom(response.status, await response.json().catch(() => undefined));
}

/** What the gateway refused, as an SdkError. */
function refusalFrom(status: number, json: unknown): SdkError {
  const refusal = errorReplySchema.safeParse(json);
  if (refusal.success) {
    const { code, message, details } = refusal.data.error;
    return new SdkError(code as SdkErrorCode, message, details === undefined ? {} : { details });
  }
  return new SdkError(status >= 502 ? "GATEWAY_UNAVAILABLE" : "INTERNAL", `the gateway answered ${status}`);
}
