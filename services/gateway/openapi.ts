/**
 * @module services/gateway/openapi
 * How JSON routes are declared: validated by the sdk's schemas at the door, documented by the same declaration.
 */
import { OpenAPIHono, type z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { SdkError } from "@carekey/sdk/errors";
import { errorReplySchema } from "@carekey/sdk/gateway";

/** An app whose validation failures are SdkErrors: TOO_LARGE for a text above its limit, MALFORMED for the rest. */
export function createRoutes<E extends Env>(): OpenAPIHono<E> {
  return new OpenAPIHono<E>({
    defaultHook: (result) => {
      if (result.success) return;
      const { issues } = result.error;
      const isTooLarge = issues.some((issue) => issue.code === "too_big" && issue.origin === "string");
      throw new SdkError(isTooLarge ? "TOO_LARGE" : "MALFORMED", "the request does not follow its schema", {
        details: { issues: issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })) },
      });
    },
  });
}

/** A required JSON body. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { content: { "application/json": { schema } }, required: true } };
}

/** A JSON reply. */
export function jsonReply<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { content: { "application/json": { schema } }, description };
}

/** Refusals, by status, for the documentation. */
export function refusals(descriptions: Record<number, string>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, jsonReply(errorReplySchema, description)]),
  );
}
