/**
 * @module services/gateway/adapters/database
 * Opens the gateway's database, embedded PGlite in a folder or PostgreSQL by URL, with the same migrations applied.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import { migrate as migratePostgres } from "drizzle-orm/node-postgres/migrator";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import pg from "pg";

/** The database as queries see it, whichever engine is behind. */
export type Database = PgDatabase<PgQueryResultHKT>;
/** An open database. */
export type OpenDatabase = { database: Database; close(): Promise<void> };

const migrationsFolder = fileURLToPath(new URL("../database/migrations", import.meta.url));

/** Opens the embedded database in `folder`/database. The caller holds the folder's lock. */
export async function openEmbedded(folder: string): Promise<OpenDatabase> {
  const client = await PGlite.create(join(folder, "database"));
  const database = drizzlePglite({ client });
  await migratePglite(database, { migrationsFolder });
  return { database, close: () => client.close() };
}

/** Connects to PostgreSQL at `url`. */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const client = new pg.Pool({ connectionString: url, max: 10 });
  // The server may end idle connections, as when it restarts: the pool makes new ones. Unheard, the event would end this process.
  client.on("error", () => undefined);
  const database = drizzlePostgres({ client });
  try {
    await migratePostgres(database, { migrationsFolder });
  } catch (error) {
    await client.end();
    throw error;
  }
  return { database, close: () => client.end() };
}
