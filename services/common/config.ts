/**
 * @module services/common/config
 * The environment of a server: parsed once, at start, by a schema that names every variable that is missing or wrong.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { parseDeployment, type Deployment } from "@carekey/sdk/deployment";
import { SdkError } from "@carekey/sdk/errors";

/** A TCP port in an environment variable; 0 lets the system choose. */
export const portSchema = z.coerce.number().int().min(0).max(65535);
/** A web origin (scheme, host, port) without path, as browsers send it. */
export const originSchema = z.url().transform((value) => new URL(value).origin);
/** Several origins, separated by commas. */
export const originsSchema = z
  .string()
  .transform((value) =>
    value
      .split(",")
      .map((origin) => origin.trim())
      .filter(Boolean),
  )
  .pipe(z.array(originSchema).min(1));

/**
 * Parses environment variables; empty ones count as absent.
 * @throws SdkError INVALID_ARGUMENT with one line per variable in the message.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    throw new SdkError("INVALID_ARGUMENT", "environment:\n" + z.prettifyError(parsed.error), {
      details: { variables: parsed.error.issues.map((issue) => issue.path.join(".")) },
    });
  }
  return parsed.data;
}

/**
 * Reads a deployment manifest from a file.
 * @throws SdkError NOT_FOUND when there is no such file, MALFORMED when it is not a manifest.
 */
export async function readDeployment(path: string): Promise<Deployment> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new SdkError("NOT_FOUND", "the deployment manifest cannot be read", { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SdkError("MALFORMED", "the deployment manifest is not JSON", { cause });
  }
  return parseDeployment(json);
}
