/**
 * @module gateway/call
 * How the parts of the gateway's client make one call.
 */
import type { z } from "zod";

/** One call of the API. */
export type Call = {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  /** Further statuses whose body is a reply. */
  accept?: readonly number[];
  /** The same call again is no second one, so that it may be repeated when its answer is lost; reads always may. */
  isRepeatable?: boolean;
};

/** Opens an answer that stays open. @throws SdkError with the gateway's code, GATEWAY_UNAVAILABLE */
export type Opener = (
  path: string,
  options: { signal: AbortSignal; headers?: Record<string, string> },
) => Promise<ReadableStream<Uint8Array>>;

/** Makes a call and parses its reply. @throws SdkError with the gateway's code, GATEWAY_UNAVAILABLE, MALFORMED */
export type Caller = <Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options?: Call,
) => Promise<z.output<Schema>>;
