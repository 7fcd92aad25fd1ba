/**
 * @module test/support/database
 * Fresh databases without the seconds that making one takes: each is a copy of one that was made once. Real all the same; the tests of
 * the store and of `npm start` make theirs from nothing.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openEmbedded } from "../../services/gateway/adapters/database.ts";
import { ROOT } from "../../scripts/common/run.ts";

const CACHE = join(ROOT, "node_modules/.cache/carekey");
/** What a made database depends on: the engine, by the lock file, and the migrations. */
const SOURCES = ["package-lock.json", "services/gateway/database/migrations/**/*.{sql,json}"];

let template: Promise<string> | undefined;

/** Gives a gateway's data folder a fresh database. */
export async function layDatabase(folder: string): Promise<void> {
  template ??= findTemplate();
  cpSync(join(await template, "database"), join(folder, "database"), { recursive: true });
}

async function findTemplate(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).toSorted())
    hash.update(file).update(readFileSync(join(ROOT, file)));
  const path = join(CACHE, `database-${hash.digest("hex").slice(0, 16)}`);
  if (!existsSync(path)) await makeTemplate(path);
  return path;
}

/** Made aside and moved into place whole: another test process may be making the same one. */
async function makeTemplate(path: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const aside = mkdtempSync(`${path}-`);
  await (await openEmbedded(aside)).close();
  try {
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
}
