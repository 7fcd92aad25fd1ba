/**
 * @module services/gateway/adapters/folder-lock
 * One process per data folder: two on one embedded database corrupt it silently. The lock is a lock of the operating
 * system (through SQLite), so it goes with its process, however that ends, and a stale file never blocks a start.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SdkError } from "@carekey/sdk/errors";

/** A held lock. */
export type FolderLock = { release(): void };

/**
 * Takes the lock of a data folder, which is made if it is missing.
 * @throws SdkError CONFLICT with the holder's process id in `details.pid`.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "lock");
  const database = new DatabaseSync(file);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    database.exec("CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL); DELETE FROM holder");
    database.prepare("INSERT INTO holder VALUES (?)").run(process.pid);
    // Committed so that others can read who holds it; the second transaction is the lock itself.
    database.exec("COMMIT; BEGIN IMMEDIATE");
  } catch (cause) {
    const pid = readHolder(database);
    database.close();
    throw new SdkError("CONFLICT", `the data folder is in use by process ${pid ?? "unknown"}: stop it first`, {
      cause,
      details: { pid, folder },
    });
  }
  return { release: () => database.close() };
}

function readHolder(database: DatabaseSync): number | null {
  try {
    const row = database.prepare("SELECT pid FROM holder").get();
    return typeof row?.["pid"] === "number" ? row["pid"] : null;
  } catch {
    return null; // the holder is just starting
  }
}
