/**
 * @module fhir/limits
 * The guard before anything reads a FHIR resource: size, depth and number of values are bounded, and the JSON must be a resource at all.
 */
import type { Resource } from "@medplum/fhirtypes";
import { SdkError } from "../errors.ts";

/** Most UTF-8 bytes of a FHIR resource that lives inside a record. Larger data belongs into the record's content. */
export const MAX_FHIR_BYTES = 512 * 1024;
/** Deepest nesting of objects and arrays. */
export const MAX_FHIR_DEPTH = 32;
/** Most objects, arrays and values together. */
export const MAX_FHIR_VALUES = 50_000;

/** Names that are no FHIR property but would reach into JavaScript's objects. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether `value` is an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Asserts that `value` is plain JSON within the limits and names its `resourceType`. Says nothing about its structure yet.
 * @throws SdkError TOO_LARGE when it is too big, too deep or has too many values.
 * @throws SdkError MALFORMED when it is not JSON or not a resource.
 */
export function assertResourceShape(value: unknown): asserts value is Resource {
  let values = 0;
  let characters = 0;
  // An explicit stack: a hostile document must not exhaust the call stack of its reader.
  const stack: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    values += 1;
    if (values > MAX_FHIR_VALUES) throw new SdkError("TOO_LARGE", `FHIR: more than ${MAX_FHIR_VALUES} values`);
    if (item.depth > MAX_FHIR_DEPTH) throw new SdkError("TOO_LARGE", `FHIR: nested deeper than ${MAX_FHIR_DEPTH}`);
    const found = item.value;
    if (typeof found === "string") characters += found.length;
    else if (typeof found === "number" ? !Number.isFinite(found) : !isJson(found)) {
      throw new SdkError("MALFORMED", `FHIR: a ${typeof found} is not JSON`);
    } else if (typeof found === "object" && found !== null) {
      for (const [key, child] of Object.entries(found)) {
        if (FORBIDDEN_KEYS.has(key)) throw new SdkError("MALFORMED", `FHIR: "${key}" is not a property`);
        characters += Array.isArray(found) ? 0 : key.length;
        stack.push({ value: child, depth: item.depth + 1 });
      }
    }
    if (characters > MAX_FHIR_BYTES) throw new SdkError("TOO_LARGE", `FHIR: more than ${MAX_FHIR_BYTES} bytes`);
  }
  if (!isJsonObject(value) || typeof value.resourceType !== "string") {
    throw new SdkError("MALFORMED", "FHIR: not a resource, resourceType is missing");
  }
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "boolean" || Array.isArray(value)) return true;
  if (!isJsonObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Reads a FHIR resource from JSON text or its UTF-8 bytes. Says nothing about its structure yet: see `validateResource`.
 * @throws SdkError TOO_LARGE, MALFORMED
 */
export function parseResource(json: string | Uint8Array): Resource {
  if (json.length > MAX_FHIR_BYTES) throw new SdkError("TOO_LARGE", `FHIR: more than ${MAX_FHIR_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(typeof json === "string" ? json : new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (cause) {
    throw new SdkError("MALFORMED", "FHIR: not JSON", { cause });
  }
  assertResourceShape(value);
  return value;
}
