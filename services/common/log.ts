/**
 * @module services/common/log
 * Structured logs without addresses, digests, mail addresses or secrets: whatever looks like one is masked before it is written.
 */
import { pino, type DestinationStream, type Logger } from "pino";

/** A pino logger. */
export type Log = Logger;

const SECRET_FIELDS =
  /^(authorization|cookie|set-cookie|token|code|otp|secret|seed|share|passphrase|password|private_?key|dek|body|name|address|patient|grantee|owner|reader|ip)$/i;
// Runs of hex (addresses, digests, keys), CIDs, mail addresses and long base64 values.
const IDENTIFYING =
  /(0x)?[0-9a-fA-F]{32,}|\b(baf[a-z2-7]{20,}|Qm[1-9A-HJ-NP-Za-km-z]{44})\b|[^\s@<>"']+@[^\s@<>"']+\.[a-z]{2,}|[A-Za-z0-9+_-]{60,}={0,2}/g;
const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,40}$/;

/** A text with everything masked that could tell who or what it is about. */
export function maskText(text: string): string {
  return text.replace(IDENTIFYING, "[masked]");
}

/** A deep copy of a log record with secret fields and identifying texts masked. */
export function maskRecord(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return value;
  if (depth > 6) return "[deep]";
  if (value instanceof Uint8Array) return "[bytes]";
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => maskRecord(item, depth + 1));
  if (value instanceof Error) return maskError(value, depth);
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const isErrorCode = key === "code" && typeof field === "string" && ERROR_CODE.test(field);
      return [key, SECRET_FIELDS.test(key) && !isErrorCode ? "[masked]" : maskRecord(field, depth + 1)];
    }),
  );
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  const code: unknown = "code" in error ? error.code : undefined;
  return {
    type: error.name,
    message: maskText(error.message).slice(0, 500),
    ...(typeof code === "string" && { code }),
    stack: maskText(error.stack ?? ""),
    ...(error.cause !== undefined && { cause: maskRecord(error.cause, depth + 1) }),
  };
}

/**
 * A logger that writes one JSON line per event.
 * `options.name`: the process, such as "keeper".
 * `options.level`: pino level; "silent" for tests.
 * @param destination - where lines go; standard output by default.
 */
export function createLog(options: { name: string; level?: string }, destination?: DestinationStream): Log {
  const settings = {
    name: options.name,
    level: options.level ?? "info",
    base: { name: options.name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (record: Record<string, unknown>) => maskRecord(record) as Record<string, unknown>,
    },
    hooks: {
      logMethod(this: Logger, parts: Parameters<Logger["info"]>, method: (...parts: unknown[]) => void) {
        method.apply(
          this,
          parts.map((part: unknown) => (typeof part === "string" ? maskText(part) : part)),
        );
      },
    },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}
