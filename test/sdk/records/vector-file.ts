/**
 * @module test/sdk/records/vector-file
 * Frozen vectors: made once from fixed randomness, compared ever after. `UPDATE_VECTORS=1` writes files that do not exist yet; a
 * format that changes needs a new version, not new vectors.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { toJson } from "./support.ts";

/** The frozen content of `test/vectors/<name>.json`, written from `made` when it does not exist and UPDATE_VECTORS=1. */
export function frozen(name: string, made: unknown): unknown {
  const file = new URL(`../../vectors/${name}.json`, import.meta.url);
  if (process.env.UPDATE_VECTORS === "1" && !existsSync(file)) {
    writeFileSync(file, `${JSON.stringify(toJson(made), null, 2)}\n`);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What a vector file must hold for `made`: the same JSON, byte arrays as hex. */
export function asVector(made: unknown): unknown {
  return JSON.parse(JSON.stringify(toJson(made)));
}
