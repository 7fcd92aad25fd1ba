/**
 * @module gateway/call
 * How the parts of the gateway's client make one call.
 */
import type { z } from "zod";

/** One call of the API. `accept`: further statuses whose body is a reply. */
export type Call = { method?: "GET" | "POST" | "PUT" | "DELETE"; body?: unknown; accept?: readonly number[] };

/** Makes a call and parses its reply. @throws SdkError with the gateway's code, GATEWAY_UNAVAILABLE, MALFORMED */
export type Caller = <Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options?: Call,
) => Promise<z.output<Schema>>;
