/**
 * @module services/gateway/database/drizzle.config
 * Settings of `npm run migration`, which writes the step from the last migration to what schema.ts says now.
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
