/**
 * @module services/common/errors
 * How a refusal leaves a server: the one map from error code to HTTP status, and the one error handler of both servers.
 */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { SdkError, type SdkErrorCode } from "@carekey/sdk/errors";
import type { Log } from "./log.ts";

/** The body of every refusal: `code` is for programs, `message` for developers. */
export type ErrorReply = {
  error: { code: SdkErrorCode; message: string; details?: Readonly<Record<string, unknown>> };
};

const STATUS: Partial<Record<SdkErrorCode, ContentfulStatusCode>> = {
  INVALID_ARGUMENT: 400,
  MALFORMED: 400,
  UNSUPPORTED_VERSION: 400,
  SIGNATURE_INVALID: 401,
  EXPIRED: 401,
  NOT_SIGNED_IN: 401,
  FORBIDDEN: 403,
  NOT_REGISTERED: 403,
  NOT_VERIFIED: 403,
  NO_CONSENT: 403,
  CONSENT_REVOKED: 403,
  CONSENT_EXPIRED: 403,
  NOT_IN_SCOPE: 403,
  VIEW_LIMIT_REACHED: 403,
  KEY_MISMATCH: 403,
  OTP_REQUIRED: 403,
  OTP_WRONG: 403,
  OTP_OFF: 403,
  NOT_FOUND: 404,
  NO_DEAL: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  CID_MISMATCH: 422,
  CONTRACT_REVERTED: 422,
  RATE_LIMITED: 429,
  OTP_LOCKED: 429,
  CHAIN_UNAVAILABLE: 503,
  RELAY_UNAVAILABLE: 503,
  IPFS_UNAVAILABLE: 503,
  MAIL_UNAVAILABLE: 503,
  QUOTA_EXCEEDED: 507,
  STORAGE_FULL: 507,
};

/** The HTTP status that says the same as `code`: 500 for whatever is the server's own fault. */
export function statusOf(code: SdkErrorCode): ContentfulStatusCode {
  return STATUS[code] ?? 500;
}

/** The reply for an error. Errors that are not meant for the caller say `INTERNAL` and nothing else. */
export function errorReply(error: unknown): { status: ContentfulStatusCode; body: ErrorReply } {
  if (error instanceof SdkError && statusOf(error.code) !== 500) {
    const { code, message } = error;
    const details = plain(error.details);
    return {
      status: statusOf(code),
      body: { error: { code, message, ...(Object.keys(details).length > 0 && { details }) } },
    };
  }
  if (error instanceof HTTPException && error.status === 413) {
    return { status: 413, body: { error: { code: "TOO_LARGE", message: "the request is above its size limit" } } };
  }
  return { status: 500, body: { error: { code: "INTERNAL", message: "something went wrong on this server" } } };
}

/** Details as JSON can hold them: the big integers of contract errors become decimal texts. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(details, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  ) as Record<string, unknown>;
}

/** The error handler of a Hono app: answers with {@link errorReply} and logs what is the server's own fault. */
export function errorHandler(log: Log): (error: Error, context: Context) => Response {
  return (error, context) => {
    const { status, body } = errorReply(error);
    if (status >= 500) log.error({ err: error, code: body.error.code }, "request failed");
    return context.json(body, status);
  };
}

/** The answer to a path that no route serves. */
export function notFoundHandler(context: Context): Response {
  return context.json({ error: { code: "NOT_FOUND", message: "no such path" } } satisfies ErrorReply, 404);
}
