/**
 * @module services/gateway/database/drizzle.config
 * Settings of `drizzle-kit generate --config services/gateway/database/drizzle.config.ts`, run at the repository's root.
 */
import type { Config } from "drizzle-kit";

/** Settings of drizzle-kit. */
export const settings = {
  dialect: "postgresql",
  schema: "./services/gateway/database/schema.ts",
  out: "./services/gateway/database/migrations",
} satisfies Config;

// drizzle-kit reads the default export only.
export default settings;
